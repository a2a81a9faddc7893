import { DIALECTS, type Dialect, type GodotVersion } from './dialect.js'
import { variantError } from './errors.js'

/** How values become bytes. */
export interface EncodeOptions {
  /** Whose bytes to write: Godot 4 or Godot 3. Default 4. */
  readonly version?: GodotVersion
  /**
   * The size of a component of vectors, transforms and the like: `single` as official builds write them, `double` as
   * builds with `precision=double` do (Godot 4 only). Default `single`.
   */
  readonly realSize?: 'single' | 'double'
  /** How many levels of containers may lie inside each other, 1 to 1024. Default 1024, the engine's own limit. */
  readonly maxDepth?: number
}

/** How bytes become values. */
export interface DecodeOptions {
  /** Whose bytes they are: nothing in them tells Godot 3 from Godot 4. Default 4. */
  readonly version?: GodotVersion
  /**
   * With true, what is decoded can be encoded again to the engine's own bytes: an integral float becomes `float(x)`, and
   * an unusual NaN keeps its bits. Default false: floats are plain numbers.
   */
  readonly exact?: boolean
  /**
   * `dictionary` (default) gives `Dictionary`; `object` gives plain objects without a prototype and refuses keys that
   * are neither String nor StringName with `VARIANT_KEY_NOT_STRING`.
   */
  readonly dictionaryAs?: 'dictionary' | 'object'
  /** How many levels of containers may lie inside each other, 1 to 1024. Default 1024, the engine's own limit. */
  readonly maxDepth?: number
}

export interface ResolvedEncodeOptions {
  readonly dialect: Dialect
  readonly wide: boolean
  readonly maxDepth: number
  readonly objects: boolean
}

export interface ResolvedDecodeOptions {
  readonly dialect: Dialect
  readonly exact: boolean
  readonly asObject: boolean
  readonly maxDepth: number
  readonly objects: boolean
}

/** `Variant::MAX_RECURSION_DEPTH` of the engine. */
const MAX_DEPTH = 1024

function dialectOf(version: GodotVersion = 4): Dialect {
  // As a key of the table '4' would pass for 4, and 'constructor' for a dialect.
  const dialect = typeof version === 'number' ? DIALECTS[version] : undefined
  if (!dialect) throw variantError('VARIANT_BAD_OPTION', { option: 'version', value: version, expected: '3 or 4' })
  return dialect
}

function oneOf<T extends string>(option: string, value: T | undefined, allowed: readonly [T, ...T[]]): T {
  if (value === undefined) return allowed[0]
  if (allowed.includes(value)) return value
  throw variantError('VARIANT_BAD_OPTION', { option, value, expected: allowed.join(' or ') })
}

function depthOf(value: number | undefined): number {
  if (value === undefined) return MAX_DEPTH
  if (Number.isInteger(value) && value >= 1 && value <= MAX_DEPTH) return value
  throw variantError('VARIANT_BAD_OPTION', { option: 'maxDepth', value, expected: `a whole number, 1 to ${MAX_DEPTH}` })
}

export function resolveEncode(options: EncodeOptions, objects: boolean): ResolvedEncodeOptions {
  const dialect = dialectOf(options.version)
  const wide = oneOf('realSize', options.realSize, ['single', 'double']) === 'double'
  if (wide && !dialect.hasWideComponents) {
    throw variantError('VARIANT_BAD_OPTION', { option: 'realSize', value: 'double', expected: 'single for Godot 3' })
  }
  return { dialect, wide, maxDepth: depthOf(options.maxDepth), objects }
}

export function resolveDecode(options: DecodeOptions, objects: boolean): ResolvedDecodeOptions {
  return {
    dialect: dialectOf(options.version),
    exact: options.exact === true,
    asObject: oneOf('dictionaryAs', options.dictionaryAs, ['dictionary', 'object']) === 'object',
    maxDepth: depthOf(options.maxDepth),
    objects,
  }
}
