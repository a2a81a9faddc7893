/**
 * Variant's types under Godot 4's names and numbers (`Variant.Type`, `TYPE_*` in GDScript). They double as this room's
 * own names for the types of every version; what stands on the wire for another version is in dialect.ts.
 */
export enum VariantType {
  NIL = 0,
  BOOL = 1,
  INT = 2,
  FLOAT = 3,
  STRING = 4,
  VECTOR2 = 5,
  VECTOR2I = 6,
  RECT2 = 7,
  RECT2I = 8,
  VECTOR3 = 9,
  VECTOR3I = 10,
  TRANSFORM2D = 11,
  VECTOR4 = 12,
  VECTOR4I = 13,
  PLANE = 14,
  QUATERNION = 15,
  AABB = 16,
  BASIS = 17,
  TRANSFORM3D = 18,
  PROJECTION = 19,
  COLOR = 20,
  STRING_NAME = 21,
  NODE_PATH = 22,
  RID = 23,
  OBJECT = 24,
  CALLABLE = 25,
  SIGNAL = 26,
  DICTIONARY = 27,
  ARRAY = 28,
  PACKED_BYTE_ARRAY = 29,
  PACKED_INT32_ARRAY = 30,
  PACKED_INT64_ARRAY = 31,
  PACKED_FLOAT32_ARRAY = 32,
  PACKED_FLOAT64_ARRAY = 33,
  PACKED_STRING_ARRAY = 34,
  PACKED_VECTOR2_ARRAY = 35,
  PACKED_VECTOR3_ARRAY = 36,
  PACKED_COLOR_ARRAY = 37,
  PACKED_VECTOR4_ARRAY = 38,
}

/** Godot's own spelling of each type, by number (`type_string()`). */
export const VARIANT_TYPE_NAMES = [
  'Nil',
  'bool',
  'int',
  'float',
  'String',
  'Vector2',
  'Vector2i',
  'Rect2',
  'Rect2i',
  'Vector3',
  'Vector3i',
  'Transform2D',
  'Vector4',
  'Vector4i',
  'Plane',
  'Quaternion',
  'AABB',
  'Basis',
  'Transform3D',
  'Projection',
  'Color',
  'StringName',
  'NodePath',
  'RID',
  'Object',
  'Callable',
  'Signal',
  'Dictionary',
  'Array',
  'PackedByteArray',
  'PackedInt32Array',
  'PackedInt64Array',
  'PackedFloat32Array',
  'PackedFloat64Array',
  'PackedStringArray',
  'PackedVector2Array',
  'PackedVector3Array',
  'PackedColorArray',
  'PackedVector4Array',
] as const

/** The two types that only Godot 2 sends by value. Their numbers are this package's own. */
export enum Godot2Type {
  IMAGE = 64,
  INPUT_EVENT = 65,
}

/** All that can stand in a header, of whichever version. */
export type WireType = VariantType | Godot2Type

/** Greater than the number of any type. */
export const WIRE_TYPE_END = 66

export function typeName(type: WireType): string {
  if (type === Godot2Type.IMAGE) return 'Image'
  if (type === Godot2Type.INPUT_EVENT) return 'InputEvent'
  return VARIANT_TYPE_NAMES[type]
}

/** What the elements of a typed Array, or the keys or values of a typed Dictionary, must be. */
export type ContainerType = VariantType | { readonly className: string } | { readonly script: string }
