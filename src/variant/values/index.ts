export { Dictionary, type DictionaryTypes } from './dictionary.js'
export { float, GodotFloat } from './float.js'
export { Brand, type Branded, brandOf, GodotValue } from './godot-value.js'
export { Image, InputEvent, InputEventType } from './godot2.js'
export { Callable, EncodedObjectAsID, GodotObject, RID, Signal } from './handles.js'
export { type JsonValue, jsonOf } from './json.js'
export { describeKey } from './key.js'
export { internalized, KeyList, KnownText, knownWordsOf, LONGEST_KNOWN, STRING_HEADER } from './known-text.js'
export {
  AABB,
  Basis,
  Color,
  Plane,
  Projection,
  Quaternion,
  Rect2,
  Rect2i,
  Transform2D,
  Transform3D,
  Vector2,
  Vector2i,
  Vector3,
  Vector3i,
  Vector4,
  Vector4i,
} from './math.js'
export { NodePath, StringName } from './names.js'
export { isInt, isInt64, isPlain, viewTypeOf } from './native.js'
export { NOTHING, Nothing, type Properties } from './nothing.js'
export {
  type FlatNumbers,
  PackedColorArray,
  PackedStringArray,
  PackedVector2Array,
  PackedVector3Array,
  PackedVector4Array,
} from './packed.js'
export { textOf } from './text.js'
export { TypedArray } from './typed-array.js'
