import { variantError } from '../errors.js'
import { typeName, VariantType, type WireType } from '../variant-type.js'
import type { Dictionary } from './dictionary.js'
import type { GodotFloat } from './float.js'
import { brandOf } from './godot-value.js'
import type { GodotObject, RID, Signal } from './handles.js'
import type { NodePath, StringName } from './names.js'
import type { FlatNumbers, PackedStringArray } from './packed.js'
import { textOf } from './text.js'

/**
 * What stands for a key inside a Dictionary's Map: equal for keys that Godot holds equal, and for no others.
 *
 * - a String stands for itself, and so does the StringName with its text (StringLikeVariantComparator in the engine);
 * - an int stands for itself, a float for itself or, where it is integral, for a text: 1 and 1.0 are two keys;
 * - everything else stands for a text that begins with U+0000, which no Godot 4 String can hold.
 */
export type MapKey = string | number | bigint | boolean | null

const MARK = '\0'

/**
 * Texts longer than this are replaced by a hash, so that keys nested in keys cost memory in proportion to the input,
 * not to its square.
 */
const LONGEST_TEXT = 256

/** Godot's own depth limit: a key that contains itself must end somewhere. */
const DEEPEST = 1024

export function mapKey(key: unknown): MapKey {
  switch (typeof key) {
    case 'string':
      return key.charCodeAt(0) === 0 ? `${MARK}s${key}` : key
    case 'number':
      return Object.is(key, -0) ? floatKey(key) : key
    case 'bigint':
      return key >= Number.MIN_SAFE_INTEGER && key <= Number.MAX_SAFE_INTEGER ? Number(key) : key
    case 'boolean':
      return key
    default:
      break
  }
  if (key === null || key === undefined) return null
  if (typeof key === 'object') {
    const type = brandOf(key)
    if (type === VariantType.STRING_NAME) return mapKey((key as StringName).text)
    if (type === VariantType.FLOAT) return floatKey((key as GodotFloat).value)
  }
  return bounded(MARK + keyText(key, 0))
}

function floatKey(value: number): MapKey {
  // 0.0 and -0.0 are one key, and so are all NaNs (Variant::hash_compare).
  return Number.isSafeInteger(value) ? `${MARK}f${value + 0}` : value
}

/** A text for any value that differs where Godot's hash_compare sees a difference. */
function keyText(value: unknown, depth: number): string {
  if (depth > DEEPEST) throw variantError('VARIANT_TOO_DEEP', { maxDepth: DEEPEST })
  switch (typeof value) {
    case 'string':
      return `s${value.length}:${value}`
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? `i${value}` : `f${value + 0}`
    case 'bigint':
      return `i${value}`
    case 'boolean':
      return value ? 'T' : 'F'
    default:
      break
  }
  if (value === null || value === undefined) return 'N'
  // The tag, not the constructor's name: a Node Buffer is a Uint8Array.
  if (ArrayBuffer.isView(value)) return `${(value as Uint8Array)[Symbol.toStringTag]}[${(value as Uint8Array).join()}]`
  if (typeof value === 'object') {
    const type = brandOf(value)
    if (type === VariantType.FLOAT) return `f${(value as GodotFloat).value + 0}`
    if (type === undefined || type === VariantType.ARRAY || type === VariantType.DICTIONARY)
      return containerText(value, depth)
    return `${type}(${valueText(value, type, depth)})`
  }
  throw variantError('VARIANT_UNSUPPORTED', { what: `a ${typeof value} as a key` })
}

function containerText(value: object, depth: number): string {
  if (Array.isArray(value)) return `[${value.map((item) => keyText(item, depth + 1)).join()}]`
  const entries: string[] = []
  for (const [key, item] of mapEntriesOf(value)) {
    entries.push(`${bounded(keyText(key, depth + 1))}:${keyText(item, depth + 1)}`)
  }
  return `{${entries.join()}}`
}

/** A Dictionary knows its map keys already, so each part of a key is walked once, however keys nest in keys. */
function* mapEntriesOf(value: object): Iterable<readonly [MapKey, unknown]> {
  if (brandOf(value) === VariantType.DICTIONARY) yield* (value as Dictionary).mapEntries()
  else for (const [key, item] of value instanceof Map ? value : Object.entries(value)) yield [mapKey(key), item]
}

function valueText(value: object, type: WireType, depth: number): string {
  switch (type) {
    case VariantType.STRING_NAME:
      return (value as StringName).text
    case VariantType.RID:
      return String((value as RID).id)
    case VariantType.SIGNAL:
      return `${(value as Signal).objectId}:${(value as Signal).name}`
    case VariantType.PACKED_STRING_ARRAY:
      return (value as PackedStringArray).items.map((item) => `${item.length}:${item}`).join()
    case VariantType.OBJECT:
      return 'className' in value
        ? `${(value as GodotObject).className}${keyText((value as GodotObject).properties, depth + 1)}`
        : String(value)
    case VariantType.PACKED_VECTOR2_ARRAY:
    case VariantType.PACKED_VECTOR3_ARRAY:
    case VariantType.PACKED_VECTOR4_ARRAY:
    case VariantType.PACKED_COLOR_ARRAY:
      return (value as unknown as { data: FlatNumbers }).data.join()
    case VariantType.NODE_PATH:
      return nodePathText(value as NodePath)
    case VariantType.CALLABLE:
      return String(value)
    case VariantType.VECTOR2I:
    case VariantType.RECT2I:
    case VariantType.VECTOR3I:
    case VariantType.VECTOR4I:
      return componentText(value, Number)
    default:
      return componentText(value, Math.fround)
  }
}

/** By its parts, as the engine compares it: a name may hold the slash that parts names in a text. */
function nodePathText({ names, subnames, absolute }: NodePath): string {
  const parts = [...names, ...subnames].map((name) => `${name.length}:${name}`)
  return `${absolute ? '/' : ''}${names.length}:${parts.join()}`
}

/**
 * Components in the size in which Godot compares them: as float32, `Vector2(0.1, 0)` finds what came over the wire; the
 * integers of `Vector2i` would lose bits that way.
 */
function componentText(value: object, sized: (component: number) => number): string {
  return Object.values(value)
    .map((part) => (typeof part === 'number' ? String(sized(part) + 0) : componentText(part as object, sized)))
    .join()
}

function bounded(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${MARK}h${text.length}:${hash128(text)}`
}

/** Four lanes of 32-bit multiply and rotate over the UTF-16 units: enough that two keys of a game never meet. */
function hash128(text: string): string {
  const lanes = [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f]
  const primes = [0x01000193, 0x5bd1e995, 0x1b873593, 0x2545f491]
  for (let lane = 0; lane < 4; lane++) {
    let h = lanes[lane]!
    const prime = primes[lane]!
    for (let i = 0; i < text.length; i++) {
      h = Math.imul(h ^ text.charCodeAt(i), prime)
      h = (h << 13) | (h >>> 19)
    }
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
    lanes[lane] = (h ^ (h >>> 13)) >>> 0
  }
  return lanes.map((h) => h.toString(16).padStart(8, '0')).join('')
}

/** How a key looks in a message. */
export function describeKey(key: unknown): { type: string; key: string } {
  const type = typeof key === 'object' && key !== null ? brandOf(key) : undefined
  const name = type === undefined ? (key === null ? 'Nil' : typeof key) : typeName(type)
  // Not String(key): an Array may hold plain objects that have no text of their own.
  const text = textOf(key)
  return { type: name, key: text.length > 40 ? `${text.slice(0, 40)}…` : text }
}
