/** What the parts of a value of fixed size are called, in the order of the wire. */
import { VariantType as T } from '../variant-type.js'

const XY = ['x', 'y']
const XYZ = ['x', 'y', 'z']
const XYZW = ['x', 'y', 'z', 'w']

function of(names: readonly string[], parts: readonly string[]): string[] {
  return names.flatMap((name) => parts.map((part) => `${name}.${part}`))
}

/** Axes are columns, and the wire has rows. */
const BASIS = /* @__PURE__ */ XYZ.flatMap((row) => XYZ.map((axis) => `${axis}.${row}`))
const RECT = /* @__PURE__ */ of(['position', 'size'], XY)

/** Components that are floats, of 4 bytes or, marked in the header, of 8. */
export const REAL_PARTS: Readonly<Partial<Record<number, readonly string[]>>> = /* @__PURE__ */ (() => ({
  [T.VECTOR2]: XY,
  [T.RECT2]: RECT,
  [T.VECTOR3]: XYZ,
  [T.TRANSFORM2D]: of(['x', 'y', 'origin'], XY),
  [T.VECTOR4]: XYZW,
  [T.PLANE]: [...of(['normal'], XYZ), 'd'],
  [T.QUATERNION]: XYZW,
  [T.AABB]: of(['position', 'size'], XYZ),
  [T.BASIS]: BASIS,
  [T.TRANSFORM3D]: [...of(['basis'], BASIS), ...of(['origin'], XYZ)],
  [T.PROJECTION]: of(XYZW, XYZW),
  [T.COLOR]: ['r', 'g', 'b', 'a'],
}))()

export const INT_PARTS: Readonly<Partial<Record<number, readonly string[]>>> = /* @__PURE__ */ (() => ({
  [T.VECTOR2I]: XY,
  [T.RECT2I]: RECT,
  [T.VECTOR3I]: XYZ,
  [T.VECTOR4I]: XYZW,
}))()

export type Element = 'byte' | 'i32' | 'i64' | 'f32' | 'f64'

/** The elements of packed arrays that are numbers. */
export const PACKED_ELEMENTS: Readonly<Partial<Record<number, Element>>> = /* @__PURE__ */ (() => ({
  [T.PACKED_INT32_ARRAY]: 'i32',
  [T.PACKED_INT64_ARRAY]: 'i64',
  [T.PACKED_FLOAT32_ARRAY]: 'f32',
  [T.PACKED_FLOAT64_ARRAY]: 'f64',
}))()

/** The parts of one element of packed arrays of vectors and colours. */
export const PACKED_PARTS: Readonly<Partial<Record<number, readonly string[]>>> = /* @__PURE__ */ (() => ({
  [T.PACKED_VECTOR2_ARRAY]: XY,
  [T.PACKED_VECTOR3_ARRAY]: XYZ,
  [T.PACKED_VECTOR4_ARRAY]: XYZW,
  [T.PACKED_COLOR_ARRAY]: ['r', 'g', 'b', 'a'],
}))()
