/**
 * Which of Godot's types a value is. All of these go by the brand of the class, so a value of another copy of the package
 * (ESM beside CommonJS) is known, where `instanceof` would say no. They take anything and never throw; what only looks
 * like a Vector3 is none.
 */
import {
  type AABB,
  type Basis,
  brandOf,
  type Callable,
  type Color,
  type Dictionary,
  type EncodedObjectAsID,
  type GodotFloat,
  type GodotObject,
  type Image,
  type InputEvent,
  isInt,
  isInt64,
  isPlain,
  type NodePath,
  type PackedColorArray,
  type PackedStringArray,
  type PackedVector2Array,
  type PackedVector3Array,
  type PackedVector4Array,
  type Plane,
  type Projection,
  type Quaternion,
  type Rect2,
  type Rect2i,
  type RID,
  type Signal,
  type StringName,
  type Transform2D,
  type Transform3D,
  type TypedArray,
  type Vector2,
  type Vector2i,
  type Vector3,
  type Vector3i,
  type Vector4,
  type Vector4i,
  viewTypeOf,
} from './values/index.js'
import { Godot2Type, VARIANT_TYPE_NAMES, VariantType, type WireType } from './variant-type.js'

/**
 * Narrows whatever it is asked about to one of Godot's types.
 *
 * @example
 * ```ts
 * const isPlace: VariantGuard<Vector3> = isVector3
 * const values = [new Vector3(1, 2, 3), { x: 1, y: 2, z: 3 }]
 * values.filter(isPlace).length // 1
 * ```
 */
export type VariantGuard<T> = (value: unknown) => value is T

function guard<T>(type: WireType, field?: string): VariantGuard<T> {
  return (value): value is T => {
    try {
      if (typeof value !== 'object' || value === null) return false
      return brandOf(value) === type && (field === undefined || field in value)
    } catch {
      // A proxy that was revoked, a getter that throws: no value of ours.
      return false
    }
  }
}

/** True for a `float()`, which plain numbers are not: `typeOf` says `FLOAT` for both. */
export const isGodotFloat = /* @__PURE__ */ guard<GodotFloat>(VariantType.FLOAT)
/** True for a `Vector2`: `x` and `y`. */
export const isVector2 = /* @__PURE__ */ guard<Vector2>(VariantType.VECTOR2)
/** True for a `Vector2i`: `x` and `y`, whole numbers. */
export const isVector2i = /* @__PURE__ */ guard<Vector2i>(VariantType.VECTOR2I)
/** True for a `Rect2`: `position` and `size`. */
export const isRect2 = /* @__PURE__ */ guard<Rect2>(VariantType.RECT2)
/** True for a `Rect2i`: `position` and `size`, of whole numbers. */
export const isRect2i = /* @__PURE__ */ guard<Rect2i>(VariantType.RECT2I)
/**
 * True for a `Vector3`: `x`, `y` and `z`.
 *
 * @example
 * ```ts
 * const value = bytesToVar(varToBytes(new Vector3(1, 2, 3)))
 * isVector3(value) && value.z // 3
 * ```
 */
export const isVector3 = /* @__PURE__ */ guard<Vector3>(VariantType.VECTOR3)
/** True for a `Vector3i`: `x`, `y` and `z`, whole numbers. */
export const isVector3i = /* @__PURE__ */ guard<Vector3i>(VariantType.VECTOR3I)
/** True for a `Transform2D`: `x`, `y` and `origin`. */
export const isTransform2D = /* @__PURE__ */ guard<Transform2D>(VariantType.TRANSFORM2D)
/** True for a `Vector4`: `x`, `y`, `z` and `w`. */
export const isVector4 = /* @__PURE__ */ guard<Vector4>(VariantType.VECTOR4)
/** True for a `Vector4i`: `x`, `y`, `z` and `w`, whole numbers. */
export const isVector4i = /* @__PURE__ */ guard<Vector4i>(VariantType.VECTOR4I)
/** True for a `Plane`: `normal` and `d`. */
export const isPlane = /* @__PURE__ */ guard<Plane>(VariantType.PLANE)
/** True for a `Quaternion`: `x`, `y`, `z` and `w`. */
export const isQuaternion = /* @__PURE__ */ guard<Quaternion>(VariantType.QUATERNION)
/** True for an `AABB`: `position` and `size`. */
export const isAABB = /* @__PURE__ */ guard<AABB>(VariantType.AABB)
/** True for a `Basis`: the columns `x`, `y` and `z`. */
export const isBasis = /* @__PURE__ */ guard<Basis>(VariantType.BASIS)
/** True for a `Transform3D`: `basis` and `origin`. */
export const isTransform3D = /* @__PURE__ */ guard<Transform3D>(VariantType.TRANSFORM3D)
/** True for a `Projection`: the columns `x`, `y`, `z` and `w`. */
export const isProjection = /* @__PURE__ */ guard<Projection>(VariantType.PROJECTION)
/** True for a `Color`: `r`, `g`, `b` and `a`. */
export const isColor = /* @__PURE__ */ guard<Color>(VariantType.COLOR)
/** True for a `StringName`: its `text`. A string is none. */
export const isStringName = /* @__PURE__ */ guard<StringName>(VariantType.STRING_NAME)
/** True for a `NodePath`: `names`, `subnames` and `absolute`. A string is none. */
export const isNodePath = /* @__PURE__ */ guard<NodePath>(VariantType.NODE_PATH)
/** True for an `RID`: its `id`. */
export const isRID = /* @__PURE__ */ guard<RID>(VariantType.RID)
/** An Object of which only the id came. */
export const isEncodedObjectAsID = /* @__PURE__ */ guard<EncodedObjectAsID>(VariantType.OBJECT, 'objectId')
/** An Object with class and properties. */
export const isGodotObject = /* @__PURE__ */ guard<GodotObject>(VariantType.OBJECT, 'className')
/** True for a `Callable`, of which nothing but that is known. */
export const isCallable = /* @__PURE__ */ guard<Callable>(VariantType.CALLABLE)
/** True for a `Signal`: `name` and `objectId`. */
export const isSignal = /* @__PURE__ */ guard<Signal>(VariantType.SIGNAL)
/** True for a `Dictionary`; a Map and a plain object are none, although `typeOf` says `DICTIONARY` for them too. */
export const isDictionary = /* @__PURE__ */ guard<Dictionary>(VariantType.DICTIONARY)
/** True for a `TypedArray`; other arrays have no element type. */
export const isTypedArray = /* @__PURE__ */ guard<TypedArray>(VariantType.ARRAY, 'elementType')
/** True for a `PackedStringArray`: `items`. An array of strings is none. */
export const isPackedStringArray = /* @__PURE__ */ guard<PackedStringArray>(VariantType.PACKED_STRING_ARRAY)
/** True for a `PackedVector2Array`: flat `data`, and `at`. */
export const isPackedVector2Array = /* @__PURE__ */ guard<PackedVector2Array>(VariantType.PACKED_VECTOR2_ARRAY)
/** True for a `PackedVector3Array`: flat `data`, and `at`. */
export const isPackedVector3Array = /* @__PURE__ */ guard<PackedVector3Array>(VariantType.PACKED_VECTOR3_ARRAY)
/** True for a `PackedVector4Array`: flat `data`, and `at`. */
export const isPackedVector4Array = /* @__PURE__ */ guard<PackedVector4Array>(VariantType.PACKED_VECTOR4_ARRAY)
/** True for a `PackedColorArray`: flat `data`, and `at`. */
export const isPackedColorArray = /* @__PURE__ */ guard<PackedColorArray>(VariantType.PACKED_COLOR_ARRAY)
/** Godot 2's Image by value. */
export const isImage = /* @__PURE__ */ guard<Image>(Godot2Type.IMAGE)
/** Godot 2's InputEvent by value. */
export const isInputEvent = /* @__PURE__ */ guard<InputEvent>(Godot2Type.INPUT_EVENT)

/**
 * Godot 4's `typeof()`: the type as which `varToBytes` writes a value, or undefined for what it refuses. It looks at the
 * value itself, not at what it contains or whether its numbers are in range. A `GodotObject` is an `OBJECT`, which only
 * `varToBytesWithObjects` writes.
 *
 * @example
 * ```ts
 * typeOf(1) // VariantType.INT
 * typeOf(0.5) // VariantType.FLOAT
 * typeOf(new Map()) // VariantType.DICTIONARY
 * ```
 */
export function typeOf(value: unknown): VariantType | undefined {
  switch (typeof value) {
    case 'undefined':
      return VariantType.NIL
    case 'boolean':
      return VariantType.BOOL
    case 'number':
      return isInt(value) ? VariantType.INT : VariantType.FLOAT
    case 'bigint':
      return isInt64(value) ? VariantType.INT : undefined
    case 'string':
      return VariantType.STRING
    case 'object':
      return value === null ? VariantType.NIL : typeOfObject(value)
    default:
      return undefined
  }
}

function typeOfObject(value: object): VariantType | undefined {
  try {
    const type = brandOf(value)
    // The types that only Godot 2 has are none for `varToBytes`, which writes Godot 4's.
    if (type !== undefined) return type < VARIANT_TYPE_NAMES.length ? (type as VariantType) : undefined
    if (Array.isArray(value)) return VariantType.ARRAY
    if (ArrayBuffer.isView(value)) return viewTypeOf(value)
    return value instanceof Map || isPlain(value) ? VariantType.DICTIONARY : undefined
  } catch {
    return undefined
  }
}
