import { type ContainerType, VariantType } from '../variant-type.js'
import { VARIANT_TYPE } from './godot-value.js'
import { type JsonValue, jsonOf } from './json.js'

/**
 * Godot 4's typed Array (`Array[int]`): a JavaScript array that remembers its element type and is written with it.
 * Methods that make a new array (`map`, `filter`, `slice`) give a plain one.
 *
 * @example
 * ```ts
 * varToBytes(new TypedArray(VariantType.INT, [1, 2])) // Array[int]
 * ```
 */
export class TypedArray<T = unknown> extends Array<T> {
  readonly elementType: ContainerType

  constructor(elementType: ContainerType, items: Iterable<T> = []) {
    super()
    this.elementType = elementType
    // Beside the elements, not among them: for-in and console must not show it as one.
    Object.defineProperty(this, 'elementType', { enumerable: false, writable: false })
    for (const item of items) this.push(item)
  }

  static override get [Symbol.species]() {
    return Array
  }

  /** For `JSON.stringify`: a list. Beside Array's own way it knows ints of 64 bits. */
  toJSON(): JsonValue {
    return jsonOf(this)
  }

  get [VARIANT_TYPE]() {
    return VariantType.ARRAY as const
  }
}
