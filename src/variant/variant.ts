import type {
  AABB,
  Basis,
  Callable,
  Color,
  Dictionary,
  EncodedObjectAsID,
  GodotFloat,
  GodotObject,
  NodePath,
  PackedColorArray,
  PackedStringArray,
  PackedVector2Array,
  PackedVector3Array,
  PackedVector4Array,
  Plane,
  Projection,
  Quaternion,
  Rect2,
  Rect2i,
  RID,
  Signal,
  StringName,
  Transform2D,
  Transform3D,
  Vector2,
  Vector2i,
  Vector3,
  Vector3i,
  Vector4,
  Vector4i,
} from './values/index.js'

type Scalar = null | boolean | number | bigint | string | GodotFloat

type ValueClass =
  | Vector2
  | Vector2i
  | Rect2
  | Rect2i
  | Vector3
  | Vector3i
  | Transform2D
  | Vector4
  | Vector4i
  | Plane
  | Quaternion
  | AABB
  | Basis
  | Transform3D
  | Projection
  | Color
  | StringName
  | NodePath
  | RID
  | EncodedObjectAsID
  | GodotObject
  | Callable
  | Signal

type Packed =
  | Uint8Array
  | Int32Array
  | BigInt64Array
  | Float32Array
  | Float64Array
  | PackedStringArray
  | PackedVector2Array
  | PackedVector3Array
  | PackedColorArray
  | PackedVector4Array

/** What `bytesToVar` gives. With `dictionaryAs: 'object'` a Dictionary is a `VariantObject`. */
export type Variant = Scalar | ValueClass | Packed | Dictionary<Variant, Variant> | VariantObject | Variant[]

/** A Dictionary as a plain object. */
export interface VariantObject {
  [key: string]: Variant
}

/** What `varToBytes` takes: all that `bytesToVar` gives, and what JavaScript has for the same things. */
export type VariantInput =
  | Scalar
  | undefined
  | ValueClass
  | Packed
  // biome-ignore lint/suspicious/noExplicitAny: keys and values of whatever type; unknown would refuse Dictionary<string, number>
  | Dictionary<any, any>
  | ReadonlyMap<unknown, unknown>
  | readonly VariantInput[]
  | { readonly [key: string]: VariantInput }
