import { variantError } from '../errors.js'
import { type StrVersion, type TextDialect, textDialectOf } from './dialect.js'

/** How values become text. */
export interface VarToStrOptions extends StrVersion {}

/** How text becomes values. */
export interface StrToVarOptions extends StrVersion {
  /**
   * With true, what is read can be encoded to the bytes that the engine would write: an integral float becomes `float(x)`.
   * Default false: floats are plain numbers.
   */
  readonly exact?: boolean
  /** The most UTF-16 units that the text may have, 1 to 2^31 - 1. Default 2^26, which is 64 MiB in the engine's ASCII. */
  readonly maxLength?: number
  /** How many levels of containers may lie inside each other, 1 to 1024. Default 1024. */
  readonly maxDepth?: number
  /** How many elements all containers and packed arrays may have together, 0 to 2^53 - 1. Default: as many as fit. */
  readonly maxElements?: number
}

export interface ResolvedStrToVar {
  readonly dialect: TextDialect
  readonly exact: boolean
  readonly maxLength: number
  readonly maxDepth: number
  readonly maxElements: number
}

const MAX_LENGTH = 0x4000000
const MAX_DEPTH = 1024

function whole(
  option: string,
  value: number | undefined,
  [min, max]: readonly [number, number],
  usual: number,
): number {
  if (value === undefined) return usual
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw variantError('VARIANT_BAD_OPTION', { option, value, expected: `a whole number, ${min} to ${max}` })
}

/** @throws `VARIANT_BAD_OPTION` */
export function resolveStrToVar(options: StrToVarOptions = {}): ResolvedStrToVar {
  const all = Number.MAX_SAFE_INTEGER
  return {
    dialect: textDialectOf(options),
    exact: options.exact === true,
    maxLength: whole('maxLength', options.maxLength, [1, 2 ** 31 - 1], MAX_LENGTH),
    maxDepth: whole('maxDepth', options.maxDepth, [1, MAX_DEPTH], MAX_DEPTH),
    maxElements: whole('maxElements', options.maxElements, [0, all], all),
  }
}
