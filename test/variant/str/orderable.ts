// Which values an engine prints the same way twice. Keys without an order of their own are where it gets hard: Objects go
// by their address, and Godot 3 reads past the end of the shorter of two Pool arrays, which crashes 3.6.
import { Dictionary, typeOf, VariantType } from '../../../src/variant/index.js'

/** Whether no Dictionary inside has two keys that cannot be told apart for good. */
export function isOrderable(value: unknown, version: 3 | 4): boolean {
  if (value instanceof Dictionary) {
    const keys = [...value.keys()]
    const hard = keys.map(typeOf).filter((type) => isHard(type, version))
    if (new Set(hard).size !== hard.length) return false
    return [...keys, ...value.values()].every((item) => isOrderable(item, version))
  }
  return !Array.isArray(value) || value.every((item) => isOrderable(item, version))
}

function isHard(type: VariantType | undefined, version: 3 | 4): boolean {
  if (type === undefined) return true
  return type === VariantType.OBJECT || (version === 3 && type >= VariantType.PACKED_BYTE_ARRAY)
}
