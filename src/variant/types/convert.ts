/**
 * What Godot 4 makes of an element whose type is not the one of its typed Array (or of a key and its Dictionary). No
 * engine writes such bytes: a typed container converts what is put into it. They come from other writers, and are read
 * as the engine reads them: by `Variant::can_convert_strict`, and what that does not allow is left out.
 */
import {
  Basis,
  Color,
  GodotFloat,
  NodePath,
  PackedColorArray,
  PackedStringArray,
  PackedVector2Array,
  PackedVector3Array,
  PackedVector4Array,
  Projection,
  type Quaternion,
  Rect2,
  Rect2i,
  RID,
  StringName,
  Transform2D,
  Transform3D,
  Vector2,
  Vector2i,
  Vector3,
  Vector3i,
  Vector4,
  Vector4i,
} from '../values/index.js'
import { VariantType, type WireType } from '../variant-type.js'
import { basisOfQuaternion, quaternionOfBasis } from './rotation.js'

/** The engine leaves the element out. */
export const NONE: unique symbol = /* @__PURE__ */ Symbol('none')

// biome-ignore lint/suspicious/noExplicitAny: each conversion knows the class that its pair of types stands for
type Conversion = (value: any, exact: boolean) => unknown

/** By the type that is wanted, and then by the one that is there. */
const CONVERSIONS: Partial<Record<VariantType, Partial<Record<WireType, Conversion>>>> = {
  [VariantType.BOOL]: { [VariantType.INT]: isTrue, [VariantType.FLOAT]: isTrue },
  [VariantType.INT]: { [VariantType.BOOL]: Number, [VariantType.FLOAT]: (value) => int64Of(Number(value)) },
  [VariantType.FLOAT]: { [VariantType.BOOL]: floatOf, [VariantType.INT]: floatOf },
  [VariantType.STRING]: { [VariantType.NODE_PATH]: String, [VariantType.STRING_NAME]: String },
  [VariantType.STRING_NAME]: { [VariantType.STRING]: (text: string) => new StringName(text) },
  [VariantType.NODE_PATH]: { [VariantType.STRING]: nodePathOf },
  [VariantType.OBJECT]: { [VariantType.NIL]: () => null },
  [VariantType.RID]: { [VariantType.OBJECT]: () => new RID() },
  [VariantType.VECTOR2]: { [VariantType.VECTOR2I]: (v: Vector2i) => reals(Vector2, v) },
  [VariantType.VECTOR2I]: { [VariantType.VECTOR2]: (v: Vector2) => ints32(Vector2i, v) },
  [VariantType.VECTOR3]: { [VariantType.VECTOR3I]: (v: Vector3i) => reals(Vector3, v) },
  [VariantType.VECTOR3I]: { [VariantType.VECTOR3]: (v: Vector3) => ints32(Vector3i, v) },
  [VariantType.VECTOR4]: { [VariantType.VECTOR4I]: (v: Vector4i) => reals(Vector4, v) },
  [VariantType.VECTOR4I]: { [VariantType.VECTOR4]: (v: Vector4) => ints32(Vector4i, v) },
  [VariantType.RECT2]: {
    [VariantType.RECT2I]: (r: Rect2i) => new Rect2(reals(Vector2, r.position), reals(Vector2, r.size)),
  },
  [VariantType.RECT2I]: {
    [VariantType.RECT2]: (r: Rect2) => new Rect2i(ints32(Vector2i, r.position), ints32(Vector2i, r.size)),
  },
  [VariantType.TRANSFORM2D]: { [VariantType.TRANSFORM3D]: transform2DOf },
  [VariantType.TRANSFORM3D]: {
    [VariantType.TRANSFORM2D]: transform3DOf,
    [VariantType.QUATERNION]: (q: Quaternion) => new Transform3D(basisOfQuaternion(q)),
    [VariantType.BASIS]: (basis: Basis) => new Transform3D(basis),
    [VariantType.PROJECTION]: fromProjection,
  },
  [VariantType.PROJECTION]: { [VariantType.TRANSFORM3D]: projectionOf },
  [VariantType.BASIS]: { [VariantType.QUATERNION]: basisOfQuaternion },
  [VariantType.QUATERNION]: { [VariantType.BASIS]: quaternionOfBasis },
  [VariantType.COLOR]: { [VariantType.INT]: colorOfInt, [VariantType.STRING]: colorOfText },
}

export function convert(value: unknown, from: WireType, to: VariantType, exact: boolean): unknown {
  const conversion = CONVERSIONS[to]?.[from]
  if (conversion) return conversion(value, exact)
  if (to === VariantType.ARRAY && from >= VariantType.PACKED_BYTE_ARRAY) return elementsOf(value, from, exact)
  if (from === VariantType.ARRAY && to >= VariantType.PACKED_BYTE_ARRAY) return packed(value as unknown[], to)
  return NONE
}

function isTrue(value: number | bigint | GodotFloat): boolean {
  return Number(value) !== 0
}

function floatOf(value: boolean | number | bigint, exact: boolean): unknown {
  return floatFor(Number(value), exact)
}

function floatFor(value: number, exact: boolean): unknown {
  return exact && Number.isInteger(value) ? new GodotFloat(value) : value
}

/** As x86 casts a double: towards zero, and the smallest int for all that does not fit. */
function int64Of(value: number): number | bigint {
  if (!(value >= -(2 ** 63) && value < 2 ** 63)) return -(2n ** 63n)
  const whole = Math.trunc(value) + 0
  return Number.isSafeInteger(whole) ? whole : BigInt(whole)
}

function int32Of(value: number): number {
  const whole = Math.trunc(value) + 0
  return whole >= -0x80000000 && whole <= 0x7fffffff ? whole : -0x80000000
}

type VectorClass<T> = new (...components: number[]) => T

function reals<T>(Vector: VectorClass<T>, ints: object): T {
  return new Vector(...Object.values(ints))
}

function ints32<T>(Vector: VectorClass<T>, reals: object): T {
  return new Vector(...Object.values(reals).map(int32Of))
}

/** A text that is no path is the empty one, as in the engine. */
function nodePathOf(text: string): NodePath {
  try {
    return new NodePath(text)
  } catch {
    return new NodePath()
  }
}

const vector2Of = ({ x, y }: Vector3) => new Vector2(x, y)

function transform2DOf({ basis, origin }: Transform3D): Transform2D {
  return new Transform2D(vector2Of(basis.x), vector2Of(basis.y), vector2Of(origin))
}

const vector3Of = ({ x, y, z = 0 }: { x: number; y: number; z?: number }) => new Vector3(x, y, z)

function transform3DOf({ x, y, origin }: Transform2D): Transform3D {
  return new Transform3D(new Basis(vector3Of(x), vector3Of(y)), vector3Of(origin))
}

function fromProjection({ x, y, z, w }: Projection): Transform3D {
  return new Transform3D(new Basis(vector3Of(x), vector3Of(y), vector3Of(z)), vector3Of(w))
}

const vector4Of = ({ x, y, z }: Vector3, w: number) => new Vector4(x, y, z, w)

function projectionOf({ basis: { x, y, z }, origin }: Transform3D): Projection {
  return new Projection(vector4Of(x, 0), vector4Of(y, 0), vector4Of(z, 0), vector4Of(origin, 1))
}

function colorOfInt(rgba: number | bigint): Color {
  return colorOfBytes(Number(BigInt.asUintN(32, BigInt(rgba))))
}

function colorOfBytes(rgba: number): Color {
  const part = (shift: number) => Math.fround(((rgba >>> shift) & 0xff) / 255)
  return new Color(part(24), part(16), part(8), part(0))
}

/** `#rgb`, `#rgba`, `#rrggbb`, `#rrggbbaa`, the `#` optional; else what the engine makes of a name it does not know. */
function colorOfText(text: string): Color {
  const digits = /^#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.exec(text)?.[1]
  if (digits === undefined) return new Color(0, 0, 0, 1)
  const long = digits.length < 6 ? digits.replace(/./g, '$&$&') : digits
  return colorOfBytes(Number.parseInt(long.padEnd(8, 'f'), 16))
}

function elementsOf(value: unknown, type: WireType, exact: boolean): unknown[] {
  if (type === VariantType.PACKED_FLOAT32_ARRAY || type === VariantType.PACKED_FLOAT64_ARRAY) {
    return Array.from(value as Float64Array, (x) => floatFor(x, exact))
  }
  if (type === VariantType.PACKED_INT64_ARRAY) {
    return Array.from(value as BigInt64Array, (x) => (Number.isSafeInteger(Number(x)) ? Number(x) : x))
  }
  return type === VariantType.PACKED_STRING_ARRAY
    ? [...(value as PackedStringArray).items]
    : [...(value as Iterable<unknown>)]
}

/** A packed array of the elements, each turned into what the array holds: 0 or its like where that cannot be. */
function packed(array: readonly unknown[], to: VariantType): unknown {
  switch (to) {
    case VariantType.PACKED_BYTE_ARRAY:
      return numbers(array, () => Uint8Array.from(ints(array), Number))
    case VariantType.PACKED_INT32_ARRAY:
      return numbers(array, () => Int32Array.from(array, int32In))
    case VariantType.PACKED_INT64_ARRAY:
      return numbers(array, () => ints(array))
    case VariantType.PACKED_FLOAT32_ARRAY:
      return numbers(array, () => Float32Array.from(array, floatIn))
    case VariantType.PACKED_FLOAT64_ARRAY:
      return numbers(array, () => Float64Array.from(array, floatIn))
    case VariantType.PACKED_STRING_ARRAY:
      return array.every(isText) ? new PackedStringArray(array.map(String)) : NONE
    case VariantType.PACKED_VECTOR2_ARRAY:
      return new PackedVector2Array(flat(array, 2))
    case VariantType.PACKED_VECTOR3_ARRAY:
      return new PackedVector3Array(flat(array, 3))
    case VariantType.PACKED_VECTOR4_ARRAY:
      return new PackedVector4Array(flat(array, 4))
    default:
      return new PackedColorArray(array.map(colorIn))
  }
}

/** Texts are numbers to the engine when they look like some; here an array with one is left out. */
function numbers(array: readonly unknown[], pack: () => unknown): unknown {
  return array.some((item) => typeof item === 'string') ? NONE : pack()
}

function ints(array: readonly unknown[]): BigInt64Array {
  return BigInt64Array.from(array, (item) => (typeof item === 'bigint' ? item : BigInt(int64Of(floatIn(item)))))
}

/** An int keeps its low 32 bits; a float that does not fit becomes the smallest int. */
function int32In(item: unknown): number {
  const isInt = typeof item === 'bigint' || Number.isInteger(item)
  return isInt ? Number(BigInt.asIntN(32, BigInt(item as number))) : int32Of(floatIn(item))
}

function floatIn(item: unknown): number {
  return isNumber(item) ? Number(item) : 0
}

function isNumber(item: unknown): item is number | bigint | boolean | GodotFloat {
  return ['number', 'bigint', 'boolean'].includes(typeof item) || item instanceof GodotFloat
}

function isText(item: unknown): item is string | StringName | NodePath {
  return typeof item === 'string' || item instanceof StringName || item instanceof NodePath
}

const VECTORS = [Vector2, Vector2i, Vector3, Vector3i, Vector4, Vector4i]

/** Components that the vector of an element has not are 0. */
function flat(array: readonly unknown[], width: number): Float32Array {
  const data = new Float32Array(array.length * width)
  for (const [i, item] of array.entries()) {
    if (!VECTORS.some((vector) => item instanceof vector)) continue
    const { x, y, z = 0, w = 0 } = item as { x: number; y: number; z?: number; w?: number }
    data.set([x, y, z, w].slice(0, width), i * width)
  }
  return data
}

function colorIn(item: unknown): Color {
  if (item instanceof Color) return item
  if (typeof item === 'string') return colorOfText(item)
  if (typeof item === 'bigint' || (typeof item === 'number' && Number.isInteger(item))) return colorOfInt(item)
  return new Color(0, 0, 0, 1)
}
