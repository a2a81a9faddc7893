import { VariantType } from '../variant-type.js'
import { GodotValue, VARIANT_TYPE } from './godot-value.js'
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
 * Godot's PackedVector2Array.
 *
 * @example
 * ```ts
 * const points = new PackedVector2Array([new Vector2(1, 2), new Vector2(3, 4)])
 * points.data // Float32Array [1, 2, 3, 4]
 * points.at(1)?.x // 3
 * ```
 */
export class PackedVector2Array extends FlatArray<Vector2> {
  constructor(source: FlatNumbers | Iterable<Vector2> = []) {
    super(isFlat(source) ? source : flatten(source, (v) => [v.x, v.y]), 2)
  }
  get [VARIANT_TYPE]() {
    return VariantType.PACKED_VECTOR2_ARRAY as const
  }
  protected make(at: number) {
    return new Vector2(this.data[at], this.data[at + 1])
  }
}

/** Godot's PackedVector3Array. */
export class PackedVector3Array extends FlatArray<Vector3> {
  constructor(source: FlatNumbers | Iterable<Vector3> = []) {
    super(isFlat(source) ? source : flatten(source, (v) => [v.x, v.y, v.z]), 3)
  }
  get [VARIANT_TYPE]() {
    return VariantType.PACKED_VECTOR3_ARRAY as const
  }
  protected make(at: number) {
    return new Vector3(this.data[at], this.data[at + 1], this.data[at + 2])
  }
}

/** Godot's PackedVector4Array, since 4.3. */
export class PackedVector4Array extends FlatArray<Vector4> {
  constructor(source: FlatNumbers | Iterable<Vector4> = []) {
    super(isFlat(source) ? source : flatten(source, (v) => [v.x, v.y, v.z, v.w]), 4)
  }
  get [VARIANT_TYPE]() {
    return VariantType.PACKED_VECTOR4_ARRAY as const
  }
  protected make(at: number) {
    return new Vector4(this.data[at], this.data[at + 1], this.data[at + 2], this.data[at + 3])
  }
}

/** Godot's PackedColorArray; float32 in every build. */
export class PackedColorArray extends FlatArray<Color> {
  constructor(source: Float32Array | Iterable<Color> = []) {
    super(isFlat(source) ? source : flatten(source, (c) => [c.r, c.g, c.b, c.a]), 4)
  }
  get [VARIANT_TYPE]() {
    return VariantType.PACKED_COLOR_ARRAY as const
  }
  protected make(at: number) {
    return new Color(this.data[at], this.data[at + 1], this.data[at + 2], this.data[at + 3])
  }
}

/** Godot's PackedStringArray, Godot 3's PoolStringArray. An array of plain strings is an Array, hence the class. */
export class PackedStringArray extends GodotValue implements Iterable<string> {
  readonly items: readonly string[]
  constructor(items: Iterable<string> = []) {
    super()
    this.items = Array.isArray(items) ? items : [...items]
  }
  get [VARIANT_TYPE]() {
    return VariantType.PACKED_STRING_ARRAY as const
  }
  get length(): number {
    return this.items.length
  }
  at(index: number): string | undefined {
    return index < 0 ? undefined : this.items[index]
  }
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
