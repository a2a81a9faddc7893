import { type ContainerType, VariantType } from '../variant-type.js'
import { Brand } from './godot-value.js'
import { type JsonValue, jsonOf } from './json.js'

/**
 * Godot 4's typed Array (`Array[int]`): a JavaScript array that remembers its element type and is written with it.
 * Methods that make a new array (`map`, `filter`, `slice`) give a plain one.
 *
 * @example
 * ```ts
 * varToStr(new TypedArray(VariantType.INT, [1, 2])) // 'Array[int]([1, 2])'
 * ```
 */
export class TypedArray<T = unknown> extends Array<T> {
  /** What every element must be: a built-in type, a class of the engine, or a script. */
  readonly elementType: ContainerType

  /**
   * An array of that type.
   *
   * @param elementType what is written in front of the elements; they are held against it when they are written
   * @param items the elements, none unless told otherwise
   */
  constructor(elementType: ContainerType, items: Iterable<T> = []) {
    super()
    this.elementType = elementType
    // Beside the elements, not among them: for-in and console must not show it as one.
    Object.defineProperty(this, 'elementType', { enumerable: false, writable: false })
    for (const item of items) this.push(item)
  }

  /** Plain arrays: `map` may give anything, and elements of another type would not be what the type says. */
  static override get [Symbol.species]() {
    return Array
  }

  /** For `JSON.stringify`: a list. Beside Array's own way it knows ints of 64 bits. */
  toJSON(): JsonValue {
    return jsonOf(this)
  }

  /** The brand of an Array; see `GodotValue`. */
  get [Brand.TYPE]() {
    return VariantType.ARRAY as const
  }
}
