import { VariantType } from '../variant-type.js'
import { Brand, GodotValue } from './godot-value.js'

/**
 * Godot's Vector2. Components are written as float32 unless `realSize: 'double'` is asked for.
 *
 * @example
 * ```ts
 * varToBytes(new Vector2(3, 0.5)).length // 12
 * varToBytes(new Vector2(3, 0.5), { realSize: 'double' }).length // 20
 * ```
 */
export class Vector2 extends GodotValue {
  /** Both components default to 0. */
  constructor(
    /** The horizontal component. */
    readonly x = 0,
    /** The vertical component; down in Godot's 2D. */
    readonly y = 0,
  ) {
    super()
  }
  get [Brand.TYPE]() {
    return VariantType.VECTOR2 as const
  }
}

/**
 * Godot 4's Vector2i: 32-bit integers. What is not whole or does not fit is refused when it is written, with
 * `VARIANT_OUT_OF_RANGE`.
 *
 * @example
 * ```ts
 * const cells = new Dictionary([[new Vector2i(1, 2), 'wall']])
 * cells.get(new Vector2i(1, 2)) // 'wall'
 * ```
 */
export class Vector2i extends GodotValue {
  /** Both components default to 0. */
  constructor(
    /** A whole number from -2^31 to 2^31 - 1. */
    readonly x = 0,
    /** A whole number from -2^31 to 2^31 - 1. */
    readonly y = 0,
  ) {
    super()
  }
  get [Brand.TYPE]() {
    return VariantType.VECTOR2I as const
  }
}

/**
 * Godot's Rect2: a rectangle along the axes.
 *
 * @example
 * ```ts
 * const { position, size } = new Rect2(new Vector2(10, 20), new Vector2(100, 50))
 * position.x + size.x // 110
 * ```
 */
export class Rect2 extends GodotValue {
  /** No place and no size unless told otherwise. */
  constructor(
    /** The corner with the smallest x and y, where the size is not negative. */
    readonly position = new Vector2(),
    /** Width and height, from `position` on. */
    readonly size = new Vector2(),
  ) {
    super()
  }
  get [Brand.TYPE]() {
    return VariantType.RECT2 as const
  }
}

/**
 * Godot 4's Rect2i: a rectangle along the axes, of 32-bit integers.
 *
 * @example
 * ```ts
 * varToBytes(new Rect2i(new Vector2i(0, 0), new Vector2i(64, 64))).length // 20
 * ```
 */
export class Rect2i extends GodotValue {
  /** No place and no size unless told otherwise. */
  constructor(
    /** The corner with the smallest x and y, where the size is not negative. */
    readonly position = new Vector2i(),
    /** Width and height, from `position` on. */
    readonly size = new Vector2i(),
  ) {
    super()
  }
  get [Brand.TYPE]() {
    return VariantType.RECT2I as const
  }
}

/**
 * Godot's Vector3. Components are written as float32 unless `realSize: 'double'` is asked for.
 *
 * @example
 * ```ts
 * const { x, y, z } = bytesToVar(varToBytes(new Vector3(3, 0, 4))) as Vector3
 * Math.hypot(x, y, z) // 5
 * ```
 */
export class Vector3 extends GodotValue {
  /** All components default to 0. */
  constructor(
    /** To the right, in Godot's axes. */
    readonly x = 0,
    /** Up. */
    readonly y = 0,
    /** Towards the viewer: forward is negative. */
    readonly z = 0,
  ) {
    super()
  }
  get [Brand.TYPE]() {
    return VariantType.VECTOR3 as const
  }
}

/**
 * Godot 4's Vector3i: 32-bit integers. What is not whole or does not fit is refused when it is written, with
 * `VARIANT_OUT_OF_RANGE`.
 *
 * @example
 * ```ts
 * String(new Vector3i(1, -2, 3)) // 'Vector3i(1, -2, 3)'
 * ```
 */
export class Vector3i extends GodotValue {
  /** All components default to 0. */
  constructor(
    /** A whole number from -2^31 to 2^31 - 1. */
    readonly x = 0,
    /** A whole number from -2^31 to 2^31 - 1. */
    readonly y = 0,
    /** A whole number from -2^31 to 2^31 - 1. */
    readonly z = 0,
  ) {
    super()
  }
  get [Brand.TYPE]() {
    return VariantType.VECTOR3I as const
  }
}

/**
 * Godot's Transform2D: two axes (columns) and an origin.
 *
 * @example
 * ```ts
 * const quarterTurn = new Transform2D(new Vector2(0, 1), new Vector2(-1, 0), new Vector2(8, 0))
 * quarterTurn.origin.x // 8
 * ```
 */
export class Transform2D extends GodotValue {
  /** The identity unless told otherwise. */
  constructor(
    /** Where the x axis points: the first column. */
    readonly x = new Vector2(1, 0),
    /** Where the y axis points: the second column. */
    readonly y = new Vector2(0, 1),
    /** What is added after turning and scaling. */
    readonly origin = new Vector2(),
  ) {
    super()
  }
  get [Brand.TYPE]() {
    return VariantType.TRANSFORM2D as const
  }
}

/**
 * Godot 4's Vector4. Components are written as float32 unless `realSize: 'double'` is asked for.
 *
 * @example
 * ```ts
 * varToBytes(new Vector4(1, 2, 3, 4)).length // 20
 * ```
 */
export class Vector4 extends GodotValue {
  /** All components default to 0. */
  constructor(
    /** A component; float32 in the bytes of official builds. */
    readonly x = 0,
    /** A component; float32 in the bytes of official builds. */
    readonly y = 0,
    /** A component; float32 in the bytes of official builds. */
    readonly z = 0,
    /** A component; float32 in the bytes of official builds. */
    readonly w = 0,
  ) {
    super()
  }
  get [Brand.TYPE]() {
    return VariantType.VECTOR4 as const
  }
}

/**
 * Godot 4's Vector4i: 32-bit integers. What is not whole or does not fit is refused when it is written, with
 * `VARIANT_OUT_OF_RANGE`.
 *
 * @example
 * ```ts
 * String(new Vector4i(1, 2, 3, 4)) // 'Vector4i(1, 2, 3, 4)'
 * ```
 */
export class Vector4i extends GodotValue {
  /** All components default to 0. */
  constructor(
    /** A whole number from -2^31 to 2^31 - 1. */
    readonly x = 0,
    /** A whole number from -2^31 to 2^31 - 1. */
    readonly y = 0,
    /** A whole number from -2^31 to 2^31 - 1. */
    readonly z = 0,
    /** A whole number from -2^31 to 2^31 - 1. */
    readonly w = 0,
  ) {
    super()
  }
  get [Brand.TYPE]() {
    return VariantType.VECTOR4I as const
  }
}

/**
 * Godot's Plane: the points p with normal · p = d.
 *
 * @example
 * ```ts
 * const floor = new Plane(new Vector3(0, 1, 0), 2)
 * floor.normal.y * floor.d // 2
 * ```
 */
export class Plane extends GodotValue {
  /** No direction and no distance unless told otherwise. */
  constructor(
    /** The direction in which the plane faces, of length 1 in sane data. */
    readonly normal = new Vector3(),
    /** The distance from the origin to the plane, along `normal`. */
    readonly d = 0,
  ) {
    super()
  }
  get [Brand.TYPE]() {
    return VariantType.PLANE as const
  }
}

/**
 * Godot 4's Quaternion, Godot 3's Quat: a rotation in space.
 *
 * @example
 * ```ts
 * String(new Quaternion()) // 'Quaternion(0, 0, 0, 1)'
 * ```
 */
export class Quaternion extends GodotValue {
  /** No rotation unless told otherwise: (0, 0, 0, 1). */
  constructor(
    /** The first imaginary part. */
    readonly x = 0,
    /** The second imaginary part. */
    readonly y = 0,
    /** The third imaginary part. */
    readonly z = 0,
    /** The real part. */
    readonly w = 1,
  ) {
    super()
  }
  get [Brand.TYPE]() {
    return VariantType.QUATERNION as const
  }
}

/**
 * Godot's AABB: a box along the axes.
 *
 * @example
 * ```ts
 * const room = new AABB(new Vector3(-1, 0, -1), new Vector3(2, 3, 2))
 * room.position.y + room.size.y // 3
 * ```
 */
export class AABB extends GodotValue {
  /** No place and no size unless told otherwise. */
  constructor(
    /** The corner with the smallest x, y and z, where the size is not negative. */
    readonly position = new Vector3(),
    /** Width, height and depth, from `position` on. */
    readonly size = new Vector3(),
  ) {
    super()
  }
  get [Brand.TYPE]() {
    return VariantType.AABB as const
  }
}

/**
 * Godot's Basis. `x`, `y` and `z` are its axes (columns), as in Godot; the wire carries rows.
 *
 * @example
 * ```ts
 * const basis = new Basis(new Vector3(1, 2, 3), new Vector3(4, 5, 6), new Vector3(7, 8, 9))
 * const { buffer, byteOffset } = varToBytes(basis)
 * new DataView(buffer, byteOffset).getFloat32(8, true) // 4
 * ```
 */
export class Basis extends GodotValue {
  /** The identity unless told otherwise. */
  constructor(
    /** Where the x axis points: the first column. */
    readonly x = new Vector3(1, 0, 0),
    /** Where the y axis points: the second column. */
    readonly y = new Vector3(0, 1, 0),
    /** Where the z axis points: the third column. */
    readonly z = new Vector3(0, 0, 1),
  ) {
    super()
  }
  get [Brand.TYPE]() {
    return VariantType.BASIS as const
  }
}

/**
 * Godot 4's Transform3D, Godot 3's Transform.
 *
 * @example
 * ```ts
 * const spawn = new Transform3D(new Basis(), new Vector3(0, 10, 0))
 * varToBytes(spawn).length // 52
 * ```
 */
export class Transform3D extends GodotValue {
  /** The identity unless told otherwise. */
  constructor(
    /** Rotation, scale and shear. */
    readonly basis = new Basis(),
    /** What is added after them: the position. */
    readonly origin = new Vector3(),
  ) {
    super()
  }
  get [Brand.TYPE]() {
    return VariantType.TRANSFORM3D as const
  }
}

/**
 * Godot 4's Projection: a matrix of four by four, as four columns.
 *
 * @example
 * ```ts
 * varToBytes(new Projection()).length // 68
 * ```
 */
export class Projection extends GodotValue {
  /** The identity unless told otherwise. */
  constructor(
    /** The first column. */
    readonly x = new Vector4(1, 0, 0, 0),
    /** The second column. */
    readonly y = new Vector4(0, 1, 0, 0),
    /** The third column. */
    readonly z = new Vector4(0, 0, 1, 0),
    /** The fourth column: what is added. */
    readonly w = new Vector4(0, 0, 0, 1),
  ) {
    super()
  }
  get [Brand.TYPE]() {
    return VariantType.PROJECTION as const
  }
}

/**
 * Godot's Color; components are float32 in every build.
 *
 * @example
 * ```ts
 * const red = new Color(1, 0, 0)
 * red.a // 1
 * ```
 */
export class Color extends GodotValue {
  /** Opaque black unless told otherwise. */
  constructor(
    /** Red, 0 to 1; more is brighter than white. */
    readonly r = 0,
    /** Green, 0 to 1; more is brighter than white. */
    readonly g = 0,
    /** Blue, 0 to 1; more is brighter than white. */
    readonly b = 0,
    /** 0 is transparent, 1 opaque. */
    readonly a = 1,
  ) {
    super()
  }
  get [Brand.TYPE]() {
    return VariantType.COLOR as const
  }
}
