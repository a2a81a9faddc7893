export { bytesToVar, bytesToVarWithObjects, decodeVar, varToBytes, varToBytesWithObjects } from './codec.js'
export type { GodotVersion } from './dialect.js'
export type { VariantErrorCode } from './errors.js'
export type { DecodeOptions, EncodeOptions } from './options.js'
export {
  AABB,
  Basis,
  Callable,
  Color,
  Dictionary,
  type DictionaryTypes,
  EncodedObjectAsID,
  type FlatNumbers,
  float,
  GodotFloat,
  GodotObject,
  GodotValue,
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
  TypedArray,
  Vector2,
  Vector2i,
  Vector3,
  Vector3i,
  Vector4,
  Vector4i,
} from './values/index.js'
export type { Variant, VariantInput, VariantObject } from './variant.js'
export { type ContainerType, VARIANT_TYPE_NAMES, VariantType } from './variant-type.js'
