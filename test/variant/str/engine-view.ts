// Values as an engine writes them again once they have been a text: with full objects, since an id would be that of an
// Object which lives no longer than the script.
import {
  Dictionary,
  EncodedObjectAsID,
  GodotObject,
  TypedArray,
  type VariantInput,
  varToBytesWithObjects,
} from '../../../src/variant/index.js'
import { toHex } from '../hex.js'

/** The value with each EncodedObjectAsID as the Object that it is in an engine. */
export function withFullIds(value: unknown): unknown {
  if (value instanceof EncodedObjectAsID) {
    const id = BigInt.asIntN(64, value.objectId)
    return new GodotObject(
      'EncodedObjectAsID',
      new Dictionary<string, unknown>([
        ['object_id', id],
        ['script', null],
      ]),
    )
  }
  if (value instanceof GodotObject) return new GodotObject(value.className, withFullIds(value.properties) as Dictionary)
  if (value instanceof Dictionary) {
    const { keyType, valueType } = value
    const types = { ...(keyType !== undefined && { keyType }), ...(valueType !== undefined && { valueType }) }
    return new Dictionary(
      Array.from(value, ([key, item]) => [withFullIds(key), withFullIds(item)] as const),
      types,
    )
  }
  if (value instanceof TypedArray) return new TypedArray(value.elementType, value.map(withFullIds))
  return Array.isArray(value) ? value.map(withFullIds) : value
}

/** The bytes of the value in full, as hex. */
export function fullHex(value: unknown, version: 3 | 4): string {
  return toHex(varToBytesWithObjects(withFullIds(value) as VariantInput, { version }))
}
