/** Values as `JSON.stringify` takes them, for people and their logs: it cannot be read back. */
import { VariantType } from '../variant-type.js'
import { brandOf } from './brand.js'
import { isPlain } from './native.js'
import { shownOnce } from './open.js'
import { textOf } from './text.js'

/** What JSON can say. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue }

/**
 * Any value as `JSON.stringify` takes it, also what would make that throw (a bigint) or what it would garble (a typed
 * array, a Map, NaN). What JSON has is JSON: arrays and packed arrays are lists, Dictionaries and Maps objects under the
 * texts of their keys (lists of pairs where two keys have one text), texts and names texts, ints beyond 2^53 their digits.
 * Everything else is what `String()` says: `"Vector3(1, 2, 3)"`. For people and their logs: it is not read back.
 *
 * @example
 * ```ts
 * JSON.stringify(variantToJSON([2n ** 60n, new Vector2(1, 2)])) // '["1152921504606846976","Vector2(1, 2)"]'
 * ```
 */
export function jsonOf(value: unknown): JsonValue {
  switch (typeof value) {
    case 'boolean':
    case 'string':
      return value
    case 'number':
      return numberJson(value)
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
    case 'object':
      return value === null ? null : objectJson(value)
    case 'undefined':
      return null
    default:
      return String(value)
  }
}

/** JSON has no word for these: null, which JSON.stringify makes of them, would be another value. */
export function numberJson(value: number): JsonValue {
  return Number.isFinite(value) ? value : String(value)
}

function objectJson(value: object): JsonValue {
  if (Array.isArray(value)) return listJson(value, value)
  if (brandOf(value) !== undefined) return ownJson(value)
  if (ArrayBuffer.isView(value)) return Symbol.iterator in value ? listJson(value, value as Uint8Array) : String(value)
  if (value instanceof Map) return entriesJson(value, value)
  return isPlain(value) ? entriesJson(value, Object.entries(value)) : ownJson(value)
}

/** A class knows best; a class of another copy of the package may be too old to know. */
function ownJson(value: object & { toJSON?: () => JsonValue }): JsonValue {
  return typeof value.toJSON === 'function' ? value.toJSON() : String(value)
}

export function listJson(container: object, items: Iterable<unknown>): JsonValue {
  return shownOnce<JsonValue>(container, () => Array.from(items, jsonOf), '[...]')
}

/** An object; a list of pairs where two keys would have one text, so that none is lost. */
export function entriesJson(container: object, entries: Iterable<readonly [unknown, unknown]>): JsonValue {
  const show = () => {
    const pairs = Array.from(entries, ([key, value]): [unknown, JsonValue] => [key, jsonOf(value)])
    const object: { [key: string]: JsonValue } = Object.create(null)
    for (const [key, value] of pairs) object[keyText(key)] = value
    if (Object.keys(object).length === pairs.length) return object
    return pairs.map(([key, value]) => [jsonOf(key), value])
  }
  return shownOnce<JsonValue>(container, show, '{ ... }')
}

/** Texts stand for themselves, other keys for what `String()` says of them inside a Dictionary. */
function keyText(key: unknown): string {
  if (typeof key === 'string') return key
  const type = typeof key === 'object' && key !== null ? brandOf(key) : undefined
  return type === VariantType.STRING_NAME || type === VariantType.NODE_PATH ? String(key) : textOf(key)
}
