import { VariantType } from '../variant-type.js'
import { Brand, GodotValue } from './godot-value.js'
import { type InspectArguments, inspectedList } from './inspect.js'
import { type JsonValue, listJson } from './json.js'
import { Color, Vector2, Vector3, Vector4 } from './math.js'
import { packedText } from './text.js'

/** The flat numbers behind a packed array; Float64Array where a double-precision build wrote them. */
export type FlatNumbers = Float32Array | Float64Array

function flatten<T>(items: Iterable<T>, spread: (item: T) => readonly number[]): Float32Array {
  const numbers: number[] = []
  for (const item of items) numbers.push(...spread(item))
  return new Float32Array(numbers)
}

function isFlat(source: unknown): source is FlatNumbers {
  return source instanceof Float32Array || source instanceof Float64Array
}

/** What the packed arrays of vectors and colours share: flat numbers inside, values outside. */
abstract class FlatArray<T> extends GodotValue implements Iterable<T> {
  protected constructor(
    /** The components, one after another. Change them in place for speed. */
    readonly data: FlatNumbers,
    protected readonly width: number,
  ) {
    super()
  }

  /** How many values there are. */
  get length(): number {
    return Math.trunc(this.data.length / this.width)
  }

  /** The value at `index`, or undefined outside the array. */
  at(index: number): T | undefined {
    return index >= 0 && index < this.length ? this.make(index * this.width) : undefined
  }

  /** The values, each made anew from its numbers. */
  *[Symbol.iterator](): Generator<T> {
    for (let i = 0; i < this.length; i++) yield this.make(i * this.width)
  }

  /** `PackedVector2Array([Vector2(1, 2), Vector2(3, 4)])`; of more than 100 values the rest is only counted. */
  override toString(): string {
    return packedText(this.label(), this)
  }

  /** A list of the values' texts, whole. */
  override toJSON(): JsonValue {
    return listJson(this, this)
  }

  protected override inspected(how: InspectArguments): string {
    return inspectedList(this.label(), this, how)
  }

  protected abstract make(offset: number): T
}

/**
 * Godot's PackedVector2Array, Godot 3's PoolVector2Array: flat numbers inside, `Vector2` outside.
 *
 * @example
 * ```ts
 * const points = new PackedVector2Array([new Vector2(1, 2), new Vector2(3, 4)])
 * points.data // new Float32Array([1, 2, 3, 4])
 * points.at(1)?.x // 3
 * ```
 */
export class PackedVector2Array extends FlatArray<Vector2> {
  /**
   * An empty one unless told otherwise.
   *
   * @param source values, whose components are copied as float32; or flat numbers, x and y in turn, which are taken as
   *   they are
   */
  constructor(source: FlatNumbers | Iterable<Vector2> = []) {
    super(isFlat(source) ? source : flatten(source, (v) => [v.x, v.y]), 2)
  }
  /** The brand of the type; see `GodotValue`. */
  get [Brand.TYPE]() {
    return VariantType.PACKED_VECTOR2_ARRAY as const
  }
  protected make(at: number) {
    return new Vector2(this.data[at], this.data[at + 1])
  }
}

/**
 * Godot's PackedVector3Array, Godot 3's PoolVector3Array: flat numbers inside, `Vector3` outside.
 *
 * @example
 * ```ts
 * const path = new PackedVector3Array(new Float32Array([1, 2, 3, 4, 5, 6]))
 * path.length // 2
 * String(path.at(1)) // 'Vector3(4, 5, 6)'
 * ```
 */
export class PackedVector3Array extends FlatArray<Vector3> {
  /**
   * An empty one unless told otherwise.
   *
   * @param source values, whose components are copied as float32; or flat numbers, x, y and z in turn, which are taken
   *   as they are
   */
  constructor(source: FlatNumbers | Iterable<Vector3> = []) {
    super(isFlat(source) ? source : flatten(source, (v) => [v.x, v.y, v.z]), 3)
  }
  /** The brand of the type; see `GodotValue`. */
  get [Brand.TYPE]() {
    return VariantType.PACKED_VECTOR3_ARRAY as const
  }
  protected make(at: number) {
    return new Vector3(this.data[at], this.data[at + 1], this.data[at + 2])
  }
}

/**
 * Godot's PackedVector4Array, since 4.3: flat numbers inside, `Vector4` outside.
 *
 * @example
 * ```ts
 * const planes = new PackedVector4Array([new Vector4(0, 1, 0, 2)])
 * planes.at(0)?.w // 2
 * ```
 */
export class PackedVector4Array extends FlatArray<Vector4> {
  /**
   * An empty one unless told otherwise.
   *
   * @param source values, whose components are copied as float32; or flat numbers, x, y, z and w in turn, which are
   *   taken as they are
   */
  constructor(source: FlatNumbers | Iterable<Vector4> = []) {
    super(isFlat(source) ? source : flatten(source, (v) => [v.x, v.y, v.z, v.w]), 4)
  }
  /** The brand of the type; see `GodotValue`. */
  get [Brand.TYPE]() {
    return VariantType.PACKED_VECTOR4_ARRAY as const
  }
  protected make(at: number) {
    return new Vector4(this.data[at], this.data[at + 1], this.data[at + 2], this.data[at + 3])
  }
}

/**
 * Godot's PackedColorArray, Godot 3's PoolColorArray: flat numbers inside, `Color` outside; float32 in every build.
 *
 * @example
 * ```ts
 * const palette = new PackedColorArray([new Color(1, 0, 0), new Color(0, 0, 1)])
 * palette.data // new Float32Array([1, 0, 0, 1, 0, 0, 1, 1])
 * ```
 */
export class PackedColorArray extends FlatArray<Color> {
  /**
   * An empty one unless told otherwise.
   *
   * @param source colours, which are copied; or flat numbers, r, g, b and a in turn, which are taken as they are
   */
  constructor(source: Float32Array | Iterable<Color> = []) {
    super(isFlat(source) ? source : flatten(source, (c) => [c.r, c.g, c.b, c.a]), 4)
  }
  /** The brand of the type; see `GodotValue`. */
  get [Brand.TYPE]() {
    return VariantType.PACKED_COLOR_ARRAY as const
  }
  protected make(at: number) {
    return new Color(this.data[at], this.data[at + 1], this.data[at + 2], this.data[at + 3])
  }
}

/**
 * Godot's PackedStringArray, Godot 3's PoolStringArray. An array of plain strings is an Array, hence the class.
 *
 * @example
 * ```ts
 * const names = new PackedStringArray(['ann', 'bob'])
 * names.at(1) // 'bob'
 * varToBytes(names)[0] // VariantType.PACKED_STRING_ARRAY
 * ```
 */
export class PackedStringArray extends GodotValue implements Iterable<string> {
  /** The texts, in order. */
  readonly items: readonly string[]
  /**
   * An empty one unless told otherwise.
   *
   * @param items the texts; an array is not copied
   */
  constructor(items: Iterable<string> = []) {
    super()
    this.items = Array.isArray(items) ? items : [...items]
  }
  get [Brand.TYPE]() {
    return VariantType.PACKED_STRING_ARRAY as const
  }
  /** How many texts there are. */
  get length(): number {
    return this.items.length
  }
  /** The text at `index`, from 0, or undefined outside the array: other than an array's `at`, -1 is outside. */
  at(index: number): string | undefined {
    return index < 0 ? undefined : this.items[index]
  }
  /** The texts, in order. */
  [Symbol.iterator](): Iterator<string> {
    return this.items[Symbol.iterator]()
  }
  /** As of the other packed arrays: the first 100 texts. */
  override toString(): string {
    return packedText(this.label(), this)
  }
  /** A list, whole. */
  override toJSON(): JsonValue {
    return listJson(this, this)
  }
  protected override inspected(how: InspectArguments): string {
    return inspectedList(this.label(), this, how)
  }
}
