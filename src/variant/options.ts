import { DIALECTS, type Dialect, type GodotVersion } from './dialect.js'
import { variantError } from './errors.js'

/** A release of Godot 4 that values are written for. */
export type Godot4Release = '4.0' | '4.1' | '4.2' | '4.3' | '4.4' | '4.5' | '4.6'

/** What encoding and decoding share. */
export interface LimitOptions {
  /** How many levels of containers may lie inside each other, 1 to 1024. Default 1024, the engine's own limit. */
  readonly maxDepth?: number
  /**
   * The most bytes that one value may take, 1 to 2^31 - 1. Default 2^31 - 1, since lengths are C ints in the engine.
   * Bytes behind the value do not count.
   */
  readonly maxBytes?: number
  /**
   * How many elements all containers of a value may have together, 0 to 2^53 - 1: elements of Arrays, entries of
   * Dictionaries, properties of Objects, Strings of PackedStringArrays, names of NodePaths. Default: as many as the bytes
   * hold. An element takes 4 bytes at least, and some dozen times as much memory once it is decoded.
   */
  readonly maxElements?: number
}

/** How values become bytes. */
export interface EncodeOptions extends LimitOptions {
  /** Whose bytes to write: Godot 4, Godot 3 or Godot 2. Default 4. */
  readonly version?: GodotVersion
  /**
   * The oldest Godot 4 that must read the bytes. Before 4.2 Arrays are written without their element type, before 4.4
   * Dictionaries without theirs, as those releases do themselves; what they have no type for is refused with
   * `VARIANT_NOT_IN_VERSION` (PackedVector4Array before 4.3). Default: the newest.
   */
  readonly target?: Godot4Release
  /**
   * The size of a component of vectors, transforms and the like: `single` as official builds write them, `double` as
   * builds with `precision=double` do (Godot 4 only). Default `single`.
   */
  readonly realSize?: 'single' | 'double'
}

/** How bytes become values. */
export interface DecodeOptions extends LimitOptions {
  /** Whose bytes they are: nothing in them tells Godot 3 from Godot 4. Default 4. */
  readonly version?: GodotVersion
  /**
   * With true, what is decoded can be encoded again to the engine's own bytes: an integral float becomes `float(x)`, and
   * an unusual NaN keeps its bits. Default false: floats are plain numbers.
   */
  readonly exact?: boolean
  /**
   * `dictionary` (default) gives `Dictionary`; `object` gives plain objects that inherit nothing, so that `__proto__` and
   * `constructor` are keys like any other, and refuses keys that are neither String nor StringName with
   * `VARIANT_KEY_NOT_STRING`. Texts that are whole numbers (`7`) come first in them, as in every object of JavaScript; a
   * `Dictionary` keeps the order of the bytes.
   */
  readonly dictionaryAs?: 'dictionary' | 'object'
}

export interface Limits {
  readonly maxDepth: number
  readonly maxBytes: number
  readonly maxElements: number
}

export interface ResolvedEncodeOptions extends Limits {
  readonly dialect: Dialect
  readonly wide: boolean
  readonly objects: boolean
  /** What stands behind the dot of the release: 0 to 6. For other versions 6: nothing is left out for them. */
  readonly minor: number
}

export interface ResolvedDecodeOptions extends Limits {
  readonly dialect: Dialect
  readonly exact: boolean
  readonly asObject: boolean
  readonly objects: boolean
}

/** `Variant::MAX_RECURSION_DEPTH` of the engine. */
const MAX_DEPTH = 1024
const MAX_BYTES = 0x7fffffff
/** No release of Godot 4 that is known here comes after it. */
export const NEWEST_MINOR = 6
const RELEASES = ['4.6', '4.5', '4.4', '4.3', '4.2', '4.1', '4.0'] as const

function dialectOf(version: GodotVersion = 4): Dialect {
  // As a key of the table '4' would pass for 4, and 'constructor' for a dialect.
  const dialect = typeof version === 'number' ? DIALECTS[version] : undefined
  if (!dialect) throw variantError('VARIANT_BAD_OPTION', { option: 'version', value: version, expected: '2, 3 or 4' })
  return dialect
}

function oneOf<T extends string>(option: string, value: T | undefined, allowed: readonly [T, ...T[]]): T {
  if (value === undefined) return allowed[0]
  if (allowed.includes(value)) return value
  throw variantError('VARIANT_BAD_OPTION', { option, value, expected: allowed.join(' or ') })
}

function whole(option: keyof Limits, value: number | undefined, min: number, max: number): number {
  if (value === undefined) return max
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw variantError('VARIANT_BAD_OPTION', { option, value, expected: `a whole number, ${min} to ${max}` })
}

function minorOf(target: Godot4Release | undefined, dialect: Dialect): number {
  if (target === undefined) return NEWEST_MINOR
  const release = oneOf('target', target, RELEASES)
  if (dialect.version !== 4) {
    throw variantError('VARIANT_BAD_OPTION', { option: 'target', value: target, expected: 'left out but for Godot 4' })
  }
  return Number(release.slice(2))
}

function encodeOptions(options: EncodeOptions, objects: boolean): ResolvedEncodeOptions {
  const dialect = dialectOf(options.version)
  const wide = oneOf('realSize', options.realSize, ['single', 'double']) === 'double'
  if (wide && !dialect.hasWideComponents) {
    throw variantError('VARIANT_BAD_OPTION', {
      option: 'realSize',
      value: 'double',
      expected: 'single but for Godot 4',
    })
  }
  return {
    dialect,
    wide,
    objects,
    minor: minorOf(options.target, dialect),
    maxDepth: whole('maxDepth', options.maxDepth, 1, MAX_DEPTH),
    maxBytes: whole('maxBytes', options.maxBytes, 1, MAX_BYTES),
    maxElements: whole('maxElements', options.maxElements, 0, Number.MAX_SAFE_INTEGER),
  }
}

function decodeOptions(options: DecodeOptions, objects: boolean): ResolvedDecodeOptions {
  return {
    dialect: dialectOf(options.version),
    exact: options.exact === true,
    asObject: oneOf('dictionaryAs', options.dictionaryAs, ['dictionary', 'object']) === 'object',
    objects,
    maxDepth: whole('maxDepth', options.maxDepth, 1, MAX_DEPTH),
    maxBytes: whole('maxBytes', options.maxBytes, 1, MAX_BYTES),
    maxElements: whole('maxElements', options.maxElements, 0, Number.MAX_SAFE_INTEGER),
  }
}

/** What no options resolve to, ready: a small value takes less time than looking at each of them. */
const ENCODE_DEFAULTS = [/* @__PURE__ */ encodeOptions({}, false), /* @__PURE__ */ encodeOptions({}, true)] as const
const DECODE_DEFAULTS = [/* @__PURE__ */ decodeOptions({}, false), /* @__PURE__ */ decodeOptions({}, true)] as const

/** The options of the last call, as they were then, and what they resolved to: most calls of a program ask for the same. */
interface Last<O, R> {
  readonly options: O
  readonly objects: boolean
  readonly resolved: R
}

let lastEncode: Last<EncodeOptions, ResolvedEncodeOptions> | undefined
let lastDecode: Last<DecodeOptions, ResolvedDecodeOptions> | undefined

function haveSameLimits(a: LimitOptions, b: LimitOptions): boolean {
  return a.maxDepth === b.maxDepth && a.maxBytes === b.maxBytes && a.maxElements === b.maxElements
}

function isLastEncode({ options: a, objects: o }: Last<EncodeOptions, unknown>, b: EncodeOptions, objects: boolean) {
  return (
    o === objects &&
    a.version === b.version &&
    a.target === b.target &&
    a.realSize === b.realSize &&
    haveSameLimits(a, b)
  )
}

function isLastDecode({ options: a, objects: o }: Last<DecodeOptions, unknown>, b: DecodeOptions, objects: boolean) {
  return (
    o === objects &&
    a.version === b.version &&
    a.exact === b.exact &&
    a.dictionaryAs === b.dictionaryAs &&
    haveSameLimits(a, b)
  )
}

export function resolveEncode(options: EncodeOptions | undefined, objects: boolean): ResolvedEncodeOptions {
  if (options === undefined) return ENCODE_DEFAULTS[objects ? 1 : 0]
  if (lastEncode !== undefined && isLastEncode(lastEncode, options, objects)) return lastEncode.resolved
  const { version, target, realSize, maxDepth, maxBytes, maxElements } = options
  const copy = { version, target, realSize, maxDepth, maxBytes, maxElements } as EncodeOptions
  const resolved = encodeOptions(copy, objects)
  lastEncode = { options: copy, objects, resolved }
  return resolved
}

export function resolveDecode(options: DecodeOptions | undefined, objects: boolean): ResolvedDecodeOptions {
  if (options === undefined) return DECODE_DEFAULTS[objects ? 1 : 0]
  if (lastDecode !== undefined && isLastDecode(lastDecode, options, objects)) return lastDecode.resolved
  const { version, exact, dictionaryAs, maxDepth, maxBytes, maxElements } = options
  const copy = { version, exact, dictionaryAs, maxDepth, maxBytes, maxElements } as DecodeOptions
  const resolved = decodeOptions(copy, objects)
  lastDecode = { options: copy, objects, resolved }
  return resolved
}
