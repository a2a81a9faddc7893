/** The types of fixed size as lists of numbers, in the order of the text form: columns, but a Basis by rows. */
import {
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
} from '../values/index.js'
import { VariantType as T } from '../variant-type.js'

type Numbers = readonly number[]

export interface Shape {
  readonly count: number
  /** Components of 32-bit integers; of floats where this is false. */
  readonly ints: boolean
  readonly numbersOf: (value: never) => Numbers
  readonly make: (n: Numbers) => object
}

type Xy = { readonly x: number; readonly y: number }
type Xyz = Xy & { readonly z: number }
type Xyzw = Xyz & { readonly w: number }

const xy = ({ x, y }: Xy) => [x, y]
const xyz = ({ x, y, z }: Xyz) => [x, y, z]
const xyzw = ({ x, y, z, w }: Xyzw) => [x, y, z, w]
const rows = ({ x, y, z }: Basis) => [x.x, y.x, z.x, x.y, y.y, z.y, x.z, y.z, z.z]

const v2 = (n: Numbers, at = 0) => new Vector2(n[at], n[at + 1])
const v3 = (n: Numbers, at = 0) => new Vector3(n[at], n[at + 1], n[at + 2])
const v4 = (n: Numbers, at = 0) => new Vector4(n[at], n[at + 1], n[at + 2], n[at + 3])
const basisOf = (n: Numbers) =>
  new Basis(new Vector3(n[0], n[3], n[6]), new Vector3(n[1], n[4], n[7]), new Vector3(n[2], n[5], n[8]))

function shape<T>(count: number, numbersOf: (value: T) => Numbers, make: (n: Numbers) => object, ints = false): Shape {
  return { count, ints, numbersOf: numbersOf as Shape['numbersOf'], make }
}

export const SHAPES: Readonly<Partial<Record<number, Shape>>> = /* @__PURE__ */ (() => ({
  [T.VECTOR2]: shape(2, xy, v2),
  [T.VECTOR2I]: shape(2, xy, (n) => new Vector2i(n[0], n[1]), true),
  [T.RECT2]: shape<Rect2>(
    4,
    (r) => [...xy(r.position), ...xy(r.size)],
    (n) => new Rect2(v2(n), v2(n, 2)),
  ),
  [T.RECT2I]: shape<Rect2i>(
    4,
    (r) => [...xy(r.position), ...xy(r.size)],
    (n) => new Rect2i(new Vector2i(n[0], n[1]), new Vector2i(n[2], n[3])),
    true,
  ),
  [T.VECTOR3]: shape(3, xyz, v3),
  [T.VECTOR3I]: shape(3, xyz, (n) => new Vector3i(n[0], n[1], n[2]), true),
  [T.TRANSFORM2D]: shape<Transform2D>(
    6,
    (t) => [...xy(t.x), ...xy(t.y), ...xy(t.origin)],
    (n) => new Transform2D(v2(n), v2(n, 2), v2(n, 4)),
  ),
  [T.VECTOR4]: shape(4, xyzw, v4),
  [T.VECTOR4I]: shape(4, xyzw, (n) => new Vector4i(n[0], n[1], n[2], n[3]), true),
  [T.PLANE]: shape<Plane>(
    4,
    (p) => [...xyz(p.normal), p.d],
    (n) => new Plane(v3(n), n[3]),
  ),
  [T.QUATERNION]: shape(4, xyzw, (n) => new Quaternion(n[0], n[1], n[2], n[3])),
  [T.AABB]: shape<AABB>(
    6,
    (b) => [...xyz(b.position), ...xyz(b.size)],
    (n) => new AABB(v3(n), v3(n, 3)),
  ),
  [T.BASIS]: shape<Basis>(9, rows, basisOf),
  [T.TRANSFORM3D]: shape<Transform3D>(
    12,
    (t) => [...rows(t.basis), ...xyz(t.origin)],
    (n) => new Transform3D(basisOf(n), v3(n, 9)),
  ),
  [T.PROJECTION]: shape<Projection>(
    16,
    (p) => [...xyzw(p.x), ...xyzw(p.y), ...xyzw(p.z), ...xyzw(p.w)],
    (n) => new Projection(v4(n), v4(n, 4), v4(n, 8), v4(n, 12)),
  ),
  [T.COLOR]: shape<Color>(
    4,
    (c) => [c.r, c.g, c.b, c.a],
    (n) => new Color(n[0], n[1], n[2], n[3]),
  ),
}))()

/** How many components one value of a packed array has, where that is more than one. */
export const PACKED_WIDTHS: Readonly<Partial<Record<number, number>>> = /* @__PURE__ */ (() => ({
  [T.PACKED_VECTOR2_ARRAY]: 2,
  [T.PACKED_VECTOR3_ARRAY]: 3,
  [T.PACKED_VECTOR4_ARRAY]: 4,
  [T.PACKED_COLOR_ARRAY]: 4,
}))()
