// Random values from a seed, of every type that a version of Godot has, in the form that an exact decode gives. Two runs
// with one seed make the same values.
import { DIALECTS, type GodotVersion } from '../../src/variant/dialect.js'
import {
  AABB,
  Basis,
  Callable,
  Color,
  type ContainerType,
  Dictionary,
  EncodedObjectAsID,
  float,
  GodotFloat,
  Image,
  InputEvent,
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
  VariantType as T,
  Transform2D,
  Transform3D,
  TypedArray,
  Vector2,
  Vector2i,
  Vector3,
  Vector3i,
  Vector4,
  Vector4i,
} from '../../src/variant/index.js'
import { Godot2Type, type WireType } from '../../src/variant/variant-type.js'

/** Mulberry32: 32 bits of state, good enough to choose test cases, the same everywhere. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  uint32(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }

  /** 0 up to `limit` - 1. */
  below(limit: number): number {
    return Math.floor((this.uint32() / 0x100000000) * limit)
  }

  /** True once in `n` times. */
  oneIn(n: number): boolean {
    return this.below(n) === 0
  }

  pick<V>(list: readonly V[]): V {
    return list[this.below(list.length)]!
  }

  uint64(): bigint {
    return (BigInt(this.uint32()) << 32n) | BigInt(this.uint32())
  }

  list<V>(length: number, make: () => V): V[] {
    return Array.from({ length }, make)
  }
}

export interface RandomOptions {
  readonly version: GodotVersion
  /** How deep containers may nest. Default 5. */
  readonly depth?: number
  /**
   * Only what Godot's text form can say without loss: short ASCII, ints of 32 bits, eighths, no handles. Default false.
   */
  readonly tame?: boolean
}

const WEIRD = [0, -0, 1, -1, 0.1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** -149, 1e38]
const EDGES = [
  0n,
  1n,
  -1n,
  127n,
  128n,
  2n ** 31n - 1n,
  2n ** 31n,
  -(2n ** 31n),
  -(2n ** 31n) - 1n,
  2n ** 53n,
  2n ** 63n - 1n,
]
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_'
/** The first and last code points of each length in UTF-8, a BOM, and a few between. */
const POINTS = [
  0x01, 0x7f, 0x80, 0xe9, 0x7ff, 0x800, 0x20ac, 0xd7ff, 0xe000, 0xfeff, 0xffff, 0x10000, 0x1f600, 0x10ffff,
]

const HANDLES: readonly WireType[] = [T.RID, T.OBJECT, T.CALLABLE, T.SIGNAL]
const CONTAINERS: readonly T[] = [T.ARRAY, T.DICTIONARY]

/**
 * What Godot 3 does not find again among its keys: Dictionaries go by identity there, and Pool arrays that hold a NaN or
 * a -0.0 equal not even themselves.
 */
const LOST_KEYS_3: readonly WireType[] = [
  ...CONTAINERS,
  T.PACKED_FLOAT32_ARRAY,
  T.PACKED_VECTOR2_ARRAY,
  T.PACKED_VECTOR3_ARRAY,
  T.PACKED_COLOR_ARRAY,
]

/** The class that Objects have without permission for more. */
const ID_CLASS: ContainerType = { className: 'EncodedObjectAsID' }

export class RandomValues {
  readonly #r: Random
  readonly #tame: boolean
  readonly #version: GodotVersion
  readonly #depth: number
  /** The types to choose from. */
  readonly types: readonly WireType[]

  constructor(random: Random, options: RandomOptions) {
    this.#r = random
    this.#tame = options.tame === true
    this.#version = options.version
    this.#depth = options.depth ?? 5
    this.types = DIALECTS[options.version].typeOf.filter((type) => !this.#tame || !HANDLES.includes(type))
  }

  /** Any value; half of the top ones are containers. */
  value(): unknown {
    return this.#any(this.#depth, 2)
  }

  #any(depth: number, oneInContainers: number): unknown {
    if (depth > 0 && this.#r.oneIn(oneInContainers)) return this.of(this.#r.pick(CONTAINERS), depth)
    return this.of(this.#r.pick(this.types), depth)
  }

  /** A value of one type. */
  of(type: WireType, depth = 0): unknown {
    const r = this.#r
    switch (type) {
      case T.NIL:
        return null
      case T.BOOL:
        return r.oneIn(2)
      case T.INT:
        return this.int()
      case T.FLOAT:
        return this.float()
      case T.STRING:
        return this.text()
      case T.STRING_NAME:
        return new StringName(this.text())
      case T.NODE_PATH:
        return this.nodePath()
      case T.RID:
        return new RID(this.#version === 4 ? r.uint64() : 0n)
      case T.OBJECT:
        return this.#object()
      case T.CALLABLE:
        return new Callable()
      case Godot2Type.IMAGE:
        return new Image(r.below(20), r.below(8), r.below(64), r.below(64), this.#bytes())
      case Godot2Type.INPUT_EVENT:
        return new InputEvent(r.below(9), r.below(4), this.#bytes())
      case T.SIGNAL:
        return new Signal(this.text(), r.uint64())
      case T.ARRAY:
        return this.#array(depth)
      case T.DICTIONARY:
        return this.#dictionary(depth)
      default:
        return this.#packed(type) ?? this.#fixed(type)
    }
  }

  int(): number | bigint {
    const r = this.#r
    if (this.#tame) return r.below(2000) - 1000
    if (this.#version === 2) return this.#int32()
    const wide = r.oneIn(3) ? r.pick(EDGES) : BigInt.asIntN(64, r.uint64()) >> BigInt(r.below(64))
    return wide >= Number.MIN_SAFE_INTEGER && wide <= Number.MAX_SAFE_INTEGER ? Number(wide) : wide
  }

  /** As an exact decode gives it: an integral one wrapped, a NaN with other bits than the usual ones too. */
  float(): number | GodotFloat {
    const r = this.#r
    const value = this.#version === 2 ? this.real() : this.#tame ? (r.below(2000) - 1000) / 8 : this.#double()
    if (Number.isNaN(value)) return r.oneIn(2) ? value : this.#oddNaN()
    return Number.isInteger(value) ? float(value) : value
  }

  #double(): number {
    const r = this.#r
    if (r.oneIn(3)) return r.pick(WEIRD)
    const view = new DataView(new ArrayBuffer(8))
    view.setBigUint64(0, r.uint64())
    return r.oneIn(2) ? Math.fround((r.below(2 ** 30) - 2 ** 29) / 1024) : view.getFloat64(0)
  }

  #oddNaN(): GodotFloat {
    const payload = this.#r.uint32() | 1
    // Of Godot 2's 4 bytes, the upper 22 bits are payload.
    const bits = this.#version === 2 ? BigInt(payload & 0x3fffff) << 29n : BigInt(payload >>> 0)
    return new GodotFloat(Number.NaN, 0xfff8000000000000n | bits)
  }

  /** A component: what a float32 can hold. */
  real(): number {
    const r = this.#r
    if (this.#tame) return (r.below(2000) - 1000) / 8
    return r.oneIn(4) ? Math.fround(r.pick(WEIRD)) : Math.fround((r.below(2 ** 30) - 2 ** 29) / 1000)
  }

  #int32(): number {
    return this.#tame ? this.#r.below(2000) - 1000 : this.#r.uint32() | 0
  }

  /** No text that would come back as another: no BOM in front, no NUL, no lone surrogates. */
  text(): string {
    const r = this.#r
    const length = r.oneIn(10) ? r.below(200) : r.below(12)
    if (this.#tame || r.oneIn(2)) return r.list(length, () => LETTERS[r.below(LETTERS.length)]).join('')
    const points = r.list(length, () => String.fromCodePoint(r.oneIn(3) ? r.pick(POINTS) : 1 + r.below(0xd7ff)))
    return points.join('').replace(/^\ufeff+/, '')
  }

  nodePath(): NodePath {
    const r = this.#r
    const name = () => (this.#tame ? `n${r.below(1000)}` : this.text())
    const names = r.list(r.below(4), name)
    return new NodePath(names, r.list(r.below(3), name), names.length > 0 && r.oneIn(2))
  }

  v2(): Vector2 {
    return new Vector2(this.real(), this.real())
  }

  v3(): Vector3 {
    return new Vector3(this.real(), this.real(), this.real())
  }

  v4(): Vector4 {
    return new Vector4(this.real(), this.real(), this.real(), this.real())
  }

  #v2i(): Vector2i {
    return new Vector2i(this.#int32(), this.#int32())
  }

  #basis(): Basis {
    return new Basis(this.v3(), this.v3(), this.v3())
  }

  #color(): Color {
    return new Color(this.real(), this.real(), this.real(), this.real())
  }

  /** Without permission for more it is an id; of Godot 2's Objects nothing is left. */
  #object(): unknown {
    const r = this.#r
    if (this.#version === 2) return new EncodedObjectAsID()
    return r.oneIn(5) ? null : new EncodedObjectAsID(r.uint64() | 1n)
  }

  #bytes(): Uint8Array<ArrayBuffer> {
    const r = this.#r
    return Uint8Array.from(r.list(r.oneIn(4) ? 0 : r.below(9), () => r.below(256)))
  }

  #fixed(type: WireType): unknown {
    switch (type) {
      case T.VECTOR2:
        return this.v2()
      case T.VECTOR2I:
        return this.#v2i()
      case T.RECT2:
        return new Rect2(this.v2(), this.v2())
      case T.RECT2I:
        return new Rect2i(this.#v2i(), this.#v2i())
      case T.VECTOR3:
        return this.v3()
      case T.VECTOR3I:
        return new Vector3i(this.#int32(), this.#int32(), this.#int32())
      case T.TRANSFORM2D:
        return new Transform2D(this.v2(), this.v2(), this.v2())
      case T.VECTOR4:
        return this.v4()
      case T.VECTOR4I:
        return new Vector4i(this.#int32(), this.#int32(), this.#int32(), this.#int32())
      case T.PLANE:
        return new Plane(this.v3(), this.real())
      case T.QUATERNION:
        return new Quaternion(this.real(), this.real(), this.real(), this.real())
      case T.AABB:
        return new AABB(this.v3(), this.v3())
      case T.BASIS:
        return this.#basis()
      case T.TRANSFORM3D:
        return new Transform3D(this.#basis(), this.v3())
      case T.PROJECTION:
        return new Projection(this.v4(), this.v4(), this.v4(), this.v4())
      case T.COLOR:
        return this.#color()
      default:
        throw new Error(`no generator for type ${type}`)
    }
  }

  #packed(type: WireType): unknown {
    const r = this.#r
    const length = r.oneIn(4) ? 0 : r.below(9)
    switch (type) {
      case T.PACKED_BYTE_ARRAY:
        return this.#bytes()
      case T.PACKED_INT32_ARRAY:
        return Int32Array.from(r.list(length, () => this.#int32()))
      case T.PACKED_INT64_ARRAY:
        return BigInt64Array.from(r.list(length, () => BigInt(this.int())))
      case T.PACKED_FLOAT32_ARRAY:
        return Float32Array.from(r.list(length, () => this.real()))
      case T.PACKED_FLOAT64_ARRAY:
        return Float64Array.from(r.list(length, () => (this.#tame ? this.real() : this.#double())))
      case T.PACKED_STRING_ARRAY:
        return new PackedStringArray(r.list(length, () => this.text()))
      case T.PACKED_VECTOR2_ARRAY:
        return new PackedVector2Array(r.list(length, () => this.v2()))
      case T.PACKED_VECTOR3_ARRAY:
        return new PackedVector3Array(r.list(length, () => this.v3()))
      case T.PACKED_VECTOR4_ARRAY:
        return new PackedVector4Array(r.list(length, () => this.v4()))
      case T.PACKED_COLOR_ARRAY:
        return new PackedColorArray(r.list(length, () => this.#color()))
      default:
        return undefined
    }
  }

  #length(depth: number): number {
    return depth <= 0 ? 0 : this.#r.below(6)
  }

  #array(depth: number): unknown[] {
    const items = this.#length(depth)
    if (this.#version !== 4 || !this.#r.oneIn(3)) return this.#r.list(items, () => this.#any(depth - 1, 4))
    const type = this.#elementType()
    return new TypedArray(
      containerType(type),
      this.#r.list(items, () => this.of(type, depth - 1)),
    )
  }

  /** What a container can be typed with: not with Variant, which is no type. */
  #elementType(): T {
    // Only Godot 4 has typed containers, and all its types are VariantTypes.
    const type = this.#r.pick(this.types) as T
    return type === T.NIL ? T.INT : type
  }

  #dictionary(depth: number): Dictionary {
    const typed = this.#version === 4 && this.#r.oneIn(3)
    const keyType = typed && this.#r.oneIn(2) ? this.#keyType() : undefined
    const valueType = typed && (keyType === undefined || this.#r.oneIn(2)) ? this.#elementType() : undefined
    const dictionary = new Dictionary<unknown, unknown>(null, {
      ...(keyType !== undefined && { keyType: containerType(keyType) }),
      ...(valueType !== undefined && { valueType: containerType(valueType) }),
    })
    for (let i = this.#length(depth); i > 0; i--) {
      const key = keyType === undefined ? this.#key(depth - 1) : this.of(keyType, depth - 1)
      dictionary.set(key, valueType === undefined ? this.#any(depth - 1, 4) : this.of(valueType, depth - 1))
    }
    return dictionary
  }

  #key(depth: number): unknown {
    const types = this.#version !== 4 ? this.types.filter((type) => !LOST_KEYS_3.includes(type)) : this.types
    return this.#r.oneIn(2) ? this.text() : this.of(this.#r.pick(types), depth)
  }

  #keyType(): T {
    return this.#r.oneIn(2) ? T.STRING : this.#elementType()
  }
}

function containerType(type: T): ContainerType {
  return type === T.OBJECT ? ID_CLASS : type
}
