import { VariantType } from '../variant-type.js'
import { GodotValue, VARIANT_TYPE } from './godot-value.js'

/** Godot's Vector2. Components are written as float32 unless `realSize: 'double'` is asked for. */
export class Vector2 extends GodotValue {
  constructor(
    readonly x = 0,
    readonly y = 0,
  ) {
    super()
  }
  get [VARIANT_TYPE]() {
    return VariantType.VECTOR2 as const
  }
}

/** Godot's Vector2i: 32-bit integers. */
export class Vector2i extends GodotValue {
  constructor(
    readonly x = 0,
    readonly y = 0,
  ) {
    super()
  }
  get [VARIANT_TYPE]() {
    return VariantType.VECTOR2I as const
  }
}

/** Godot's Rect2. */
export class Rect2 extends GodotValue {
  constructor(
    readonly position = new Vector2(),
    readonly size = new Vector2(),
  ) {
    super()
  }
  get [VARIANT_TYPE]() {
    return VariantType.RECT2 as const
  }
}

/** Godot's Rect2i: 32-bit integers. */
export class Rect2i extends GodotValue {
  constructor(
    readonly position = new Vector2i(),
    readonly size = new Vector2i(),
  ) {
    super()
  }
  get [VARIANT_TYPE]() {
    return VariantType.RECT2I as const
  }
}

/** Godot's Vector3. */
export class Vector3 extends GodotValue {
  constructor(
    readonly x = 0,
    readonly y = 0,
    readonly z = 0,
  ) {
    super()
  }
  get [VARIANT_TYPE]() {
    return VariantType.VECTOR3 as const
  }
}

/** Godot's Vector3i: 32-bit integers. */
export class Vector3i extends GodotValue {
  constructor(
    readonly x = 0,
    readonly y = 0,
    readonly z = 0,
  ) {
    super()
  }
  get [VARIANT_TYPE]() {
    return VariantType.VECTOR3I as const
  }
}

/** Godot's Transform2D: two axes (columns) and an origin. */
export class Transform2D extends GodotValue {
  constructor(
    readonly x = new Vector2(1, 0),
    readonly y = new Vector2(0, 1),
    readonly origin = new Vector2(),
  ) {
    super()
  }
  get [VARIANT_TYPE]() {
    return VariantType.TRANSFORM2D as const
  }
}

/** Godot 4's Vector4. */
export class Vector4 extends GodotValue {
  constructor(
    readonly x = 0,
    readonly y = 0,
    readonly z = 0,
    readonly w = 0,
  ) {
    super()
  }
  get [VARIANT_TYPE]() {
    return VariantType.VECTOR4 as const
  }
}

/** Godot 4's Vector4i: 32-bit integers. */
export class Vector4i extends GodotValue {
  constructor(
    readonly x = 0,
    readonly y = 0,
    readonly z = 0,
    readonly w = 0,
  ) {
    super()
  }
  get [VARIANT_TYPE]() {
    return VariantType.VECTOR4I as const
  }
}

/** Godot's Plane. */
export class Plane extends GodotValue {
  constructor(
    readonly normal = new Vector3(),
    readonly d = 0,
  ) {
    super()
  }
  get [VARIANT_TYPE]() {
    return VariantType.PLANE as const
  }
}

/** Godot 4's Quaternion, Godot 3's Quat. */
export class Quaternion extends GodotValue {
  constructor(
    readonly x = 0,
    readonly y = 0,
    readonly z = 0,
    readonly w = 1,
  ) {
    super()
  }
  get [VARIANT_TYPE]() {
    return VariantType.QUATERNION as const
  }
}

/** Godot's AABB. */
export class AABB extends GodotValue {
  constructor(
    readonly position = new Vector3(),
    readonly size = new Vector3(),
  ) {
    super()
  }
  get [VARIANT_TYPE]() {
    return VariantType.AABB as const
  }
}

/** Godot's Basis. `x`, `y` and `z` are its axes (columns), as in Godot; the wire carries rows. */
export class Basis extends GodotValue {
  constructor(
    readonly x = new Vector3(1, 0, 0),
    readonly y = new Vector3(0, 1, 0),
    readonly z = new Vector3(0, 0, 1),
  ) {
    super()
  }
  get [VARIANT_TYPE]() {
    return VariantType.BASIS as const
  }
}

/** Godot 4's Transform3D, Godot 3's Transform. */
export class Transform3D extends GodotValue {
  constructor(
    readonly basis = new Basis(),
    readonly origin = new Vector3(),
  ) {
    super()
  }
  get [VARIANT_TYPE]() {
    return VariantType.TRANSFORM3D as const
  }
}

/** Godot 4's Projection: four columns. */
export class Projection extends GodotValue {
  constructor(
    readonly x = new Vector4(1, 0, 0, 0),
    readonly y = new Vector4(0, 1, 0, 0),
    readonly z = new Vector4(0, 0, 1, 0),
    readonly w = new Vector4(0, 0, 0, 1),
  ) {
    super()
  }
  get [VARIANT_TYPE]() {
    return VariantType.PROJECTION as const
  }
}

/** Godot's Color; components are float32 in every build. */
export class Color extends GodotValue {
  constructor(
    readonly r = 0,
    readonly g = 0,
    readonly b = 0,
    readonly a = 1,
  ) {
    super()
  }
  get [VARIANT_TYPE]() {
    return VariantType.COLOR as const
  }
}
