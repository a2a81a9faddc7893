/**
 * Variant's types under Godot 4's names and numbers (`Variant.Type`, `TYPE_*` in GDScript). They double as this room's
 * own names for the types of every version; what stands on the wire for another version is in dialect.ts.
 */
export enum VariantType {
  /** `null`. An `undefined` is written as one. */
  NIL = 0,
  /** `true` and `false`. */
  BOOL = 1,
  /**
   * 64 bits with a sign (Godot 2: 32): integral numbers and bigints; a bigint when read where a number is not exact.
   */
  INT = 2,
  /** 64 bits: numbers with a fraction, and `float(x)`. Godot 3 calls it real. */
  FLOAT = 3,
  /** A JavaScript string, in UTF-8. */
  STRING = 4,
  /** `Vector2`: two floats. */
  VECTOR2 = 5,
  /** `Vector2i`: two ints of 32 bits; not before Godot 4. */
  VECTOR2I = 6,
  /** `Rect2`: a position and a size. */
  RECT2 = 7,
  /** `Rect2i`: a position and a size, of ints; not before Godot 4. */
  RECT2I = 8,
  /** `Vector3`: three floats. */
  VECTOR3 = 9,
  /** `Vector3i`: three ints of 32 bits; not before Godot 4. */
  VECTOR3I = 10,
  /** `Transform2D`: two axes and an origin. Godot 2 calls it Matrix32. */
  TRANSFORM2D = 11,
  /** `Vector4`: four floats; not before Godot 4. */
  VECTOR4 = 12,
  /** `Vector4i`: four ints of 32 bits; not before Godot 4. */
  VECTOR4I = 13,
  /** `Plane`: a normal and a distance. */
  PLANE = 14,
  /** `Quaternion`: a rotation. Godot 3 calls it Quat. */
  QUATERNION = 15,
  /** `AABB`: a position and a size in space. */
  AABB = 16,
  /** `Basis`: three axes. Godot 2 calls it Matrix3. */
  BASIS = 17,
  /** `Transform3D`: a basis and an origin. Godot 3 calls it Transform. */
  TRANSFORM3D = 18,
  /** `Projection`: four columns of four; not before Godot 4. */
  PROJECTION = 19,
  /** `Color`: red, green, blue and alpha, float32 in every build. */
  COLOR = 20,
  /** `StringName`: a name that the engine compares by its address; not before Godot 4. */
  STRING_NAME = 21,
  /** `NodePath`: names of nodes, and subnames. */
  NODE_PATH = 22,
  /** `RID`: a handle of the engine's servers. */
  RID = 23,
  /** `EncodedObjectAsID`, or a `GodotObject` where full Objects are allowed. */
  OBJECT = 24,
  /** `Callable`, of which nothing is in the bytes; not before Godot 4. */
  CALLABLE = 25,
  /** `Signal`: a name and an object's id; not before Godot 4. */
  SIGNAL = 26,
  /** `Dictionary`. Maps and plain objects are written as one. */
  DICTIONARY = 27,
  /** A JavaScript array, or a `TypedArray`. */
  ARRAY = 28,
  /** `Uint8Array`; Godot 3 calls it PoolByteArray. */
  PACKED_BYTE_ARRAY = 29,
  /** `Int32Array`; Godot 3 calls it PoolIntArray. */
  PACKED_INT32_ARRAY = 30,
  /** `BigInt64Array`; not before Godot 4. */
  PACKED_INT64_ARRAY = 31,
  /** `Float32Array`; Godot 3 calls it PoolRealArray. */
  PACKED_FLOAT32_ARRAY = 32,
  /** `Float64Array`; not before Godot 4. */
  PACKED_FLOAT64_ARRAY = 33,
  /** `PackedStringArray`; Godot 3 calls it PoolStringArray. */
  PACKED_STRING_ARRAY = 34,
  /** `PackedVector2Array`; Godot 3 calls it PoolVector2Array. */
  PACKED_VECTOR2_ARRAY = 35,
  /** `PackedVector3Array`; Godot 3 calls it PoolVector3Array. */
  PACKED_VECTOR3_ARRAY = 36,
  /** `PackedColorArray`; Godot 3 calls it PoolColorArray. */
  PACKED_COLOR_ARRAY = 37,
  /** `PackedVector4Array`; not before Godot 4.3. */
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
export type ContainerType =
  | VariantType
  | {
      /** A class of the engine, such as `Node2D`: Objects of it and of those that inherit from it. */
      readonly className: string
    }
  | {
      /** Where the class's script is, such as `res://enemy.gd`: Objects with that script. */
      readonly script: string
    }
