import type { Decoder } from '../decoder.js'
import type { GodotVersion } from '../dialect.js'
import type { Encoder } from '../encoder.js'
import type { ContainerType } from '../variant-type.js'

/**
 * The kinds of values that loops over fields and elements handle themselves, without a call for each. Those without limits
 * come first: the loops know no others. What is unusual about a value is left to its coder.
 */
export const OTHER = 0
export const INT = 1
export const FLOAT = 2
export const BOOL = 3
export const STRING = 4
export const VECTOR3 = 5
export const LIMITED_INT = 6
export const LIMITED_FLOAT = 7
export const LIMITED_STRING = 8

export type Kind = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

/** What a coder is for, where compiled code can be it too; `other` for all that is left to the coder. */
export type Form =
  | 'bool'
  | 'int'
  | 'int64'
  | 'float'
  | 'number'
  | 'string'
  | 'class'
  | 'literal'
  | 'array'
  | 'tuple'
  | 'shape'
  | 'union'
  | 'nullable'
  | 'refined'
  | 'other'

/** How long a text may be, or how many elements there may be. */
export class Bounds {
  constructor(
    readonly min: number,
    readonly max: number,
  ) {}

  /** `1 to 16`, `at most 16`. */
  get text(): string {
    return this.min > 0 ? `${this.min} to ${this.max}` : `at most ${this.max}`
  }
}

/** What is as it comes. */
export const UNBOUNDED = /* @__PURE__ */ (() => new Bounds(0, Number.POSITIVE_INFINITY))()

/** The quick way through the values of one field: all that is usual, and nothing else. */
export interface LaneFunctions {
  /**
   * Writes the value at `at` and answers where it ends; a negative number for what it leaves to the coder. What it may throw
   * is left to the coder as well.
   */
  readonly write: (e: Encoder, at: number, value: unknown, depth: number) => number
  /** Reads the value at the cursor, and leaves the cursor behind it; undefined for what it leaves to the coder. */
  readonly read: (d: Decoder, depth: number) => unknown
}

/** The same, and what it is good for. */
export interface Lane extends LaneFunctions {
  /** Whose bytes it writes and reads. */
  readonly version: GodotVersion
  /** How many levels of containers its values have at most, as far as it goes. */
  readonly levels: number
}

/** Writes and reads the values of one field, and refuses all others. */
export abstract class Coder {
  readonly kind: Kind = OTHER
  /** Told by a text and not by the class, so that it is known across copies of the package. */
  readonly form: Form = 'other'
  /** What a value must be, as messages say it: `int from 0 to 10`. */
  abstract readonly what: string
  /** The type of a typed container of such values; undefined where no type says it. */
  readonly elementType: ContainerType | undefined = undefined
  /** Whether a Dictionary can look such values up: not floats, whose integral ones are ints in JavaScript. */
  readonly isKey: boolean = false
  /** The numbers that are allowed, both ends included. */
  readonly min: number = Number.NEGATIVE_INFINITY
  readonly max: number = Number.POSITIVE_INFINITY
  /** How much may be in a value. */
  readonly bounds: Bounds = UNBOUNDED

  /** The coder that this one is, where it has only a quicker way beside it. */
  readonly plain: Coder = this
  /** That quicker way. */
  readonly lane: Lane | undefined = undefined

  /** @param value anything: what does not fit is refused before a byte of it is written */
  abstract write(e: Encoder, value: unknown, depth: number): void

  /** The value that starts at the cursor. */
  abstract read(d: Decoder, depth: number): unknown

  /** The same with a range of numbers; undefined where there are no numbers. */
  between(_min: number | bigint, _max: number | bigint): Coder | undefined {
    return undefined
  }

  /** The same with bounds for how much is in a value; undefined where nothing is. */
  sized(_bounds: Bounds): Coder | undefined {
    return undefined
  }
}

/** Whether not all numbers are allowed. */
export function hasRange({ min, max }: Coder): boolean {
  return min !== Number.NEGATIVE_INFINITY || max !== Number.POSITIVE_INFINITY
}

/** ` of 1 to 16 characters`, or nothing. */
export function boundsText(bounds: Bounds, unit: string): string {
  return bounds === UNBOUNDED ? '' : ` of ${bounds.text} ${unit}`
}

/** ` from 0 to 10`, or nothing. */
export function rangeText(min: number | bigint, max: number | bigint): string {
  if (min === Number.NEGATIVE_INFINITY && max === Number.POSITIVE_INFINITY) return ''
  return min === -Number.MAX_VALUE && max === Number.MAX_VALUE ? ', finite' : ` from ${min} to ${max}`
}
