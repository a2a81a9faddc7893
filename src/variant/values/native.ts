/** What JavaScript itself has for Godot's types, told apart in ways that hold in every realm. */
import { VariantType } from '../variant-type.js'

/** By tag: a Node Buffer is a Uint8Array, and so is one of another realm. */
const TYPES: ReadonlyMap<unknown, VariantType> = /* @__PURE__ */ new Map<unknown, VariantType>([
  ['Uint8Array', VariantType.PACKED_BYTE_ARRAY],
  ['Int32Array', VariantType.PACKED_INT32_ARRAY],
  ['BigInt64Array', VariantType.PACKED_INT64_ARRAY],
  ['Float32Array', VariantType.PACKED_FLOAT32_ARRAY],
  ['Float64Array', VariantType.PACKED_FLOAT64_ARRAY],
])

/** The type of a typed array, or undefined where Godot has none for it. */
export function viewTypeOf(view: ArrayBufferView): VariantType | undefined {
  return TYPES.get((view as Uint8Array)[Symbol.toStringTag])
}

/** Objects that nobody gave a class. */
export function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** Numbers that are ints in Godot; -0 is one in no engine. */
export function isInt(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0)
}

/** Whether Godot's int holds it: 64 bits, signed. */
export function isInt64(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value
}
