// Values of every type for fast-check, in the form that an exact decode gives. What fails shrinks to a small value.
// RandomValues makes values faster; these get smaller.
import fc from 'fast-check'
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
  GodotObject,
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

type Arb<V = unknown> = fc.Arbitrary<V>

const SMALLEST = -(2n ** 63n)
const LARGEST = 2n ** 63n - 1n

/** A safe integer is a number, any other one a bigint: what an exact decode gives. */
const int64: Arb = fc
  .oneof(
    fc.bigInt({ min: SMALLEST, max: LARGEST }),
    fc.bigInt({ min: -300n, max: 300n }),
    fc.constantFrom(...[31n, 32n, 53n, 63n].flatMap((bits) => [2n ** bits - 1n, -(2n ** bits), 1n - 2n ** bits])),
  )
  .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value))

const int32 = fc.integer({ min: -0x80000000, max: 0x7fffffff })
const uint32 = fc.integer({ min: 0, max: 0xffffffff })
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })

/** Plain ones, as games send them: any bits at all are all that `double` and `float` make. */
const eighths = fc.integer({ min: -2000, max: 2000 }).map((n) => n / 8)

/** As a float32 holds it. A NaN in a vector has no bits of its own here. */
const real = fc.oneof(fc.float(), eighths)

const double = fc.oneof(fc.double(), eighths, fc.float())

function exactFloat(value: number): number | GodotFloat {
  return Number.isInteger(value) ? float(value) : value
}

/** A quiet NaN with some payload. Of Godot 2's 4 bytes, 22 bits are payload. */
function oddNaN(version: GodotVersion): Arb<GodotFloat> {
  const payload =
    version === 2
      ? fc.bigInt({ min: 1n, max: 2n ** 22n - 1n }).map((bits) => bits << 29n)
      : fc.bigInt({ min: 1n, max: 2n ** 51n - 1n })
  return fc
    .tuple(payload, fc.boolean())
    .map(([bits, minus]) => new GodotFloat(Number.NaN, (minus ? 0xfff8000000000000n : 0x7ff8000000000000n) | bits))
}

/** Any text that comes back as it was: without U+0000 and a BOM in front, without surrogates that stand alone. */
const text = fc.string({ unit: 'binary' }).map((made) => made.replaceAll('\0', 'x').replace(/^\ufeff+/, ''))

const bytes = fc.uint8Array({ maxLength: 20 }).map((made) => Uint8Array.from(made))

const v2 = fc.tuple(real, real).map(([x, y]) => new Vector2(x, y))
const v3 = fc.tuple(real, real, real).map(([x, y, z]) => new Vector3(x, y, z))
const v4 = fc.tuple(real, real, real, real).map(([x, y, z, w]) => new Vector4(x, y, z, w))
const v2i = fc.tuple(int32, int32).map(([x, y]) => new Vector2i(x, y))
const basis = fc.tuple(v3, v3, v3).map(([x, y, z]) => new Basis(x, y, z))
const color = fc.tuple(real, real, real, real).map(([r, g, b, a]) => new Color(r, g, b, a))
const list = <V>(of: Arb<V>) => fc.array(of, { maxLength: 6 })

/** The types whose values hold no others and are the same in every version. */
const PLAIN: Readonly<Partial<Record<WireType, Arb>>> = {
  [T.NIL]: fc.constant(null),
  [T.BOOL]: fc.boolean(),
  [T.STRING]: text,
  [T.VECTOR2]: v2,
  [T.VECTOR2I]: v2i,
  [T.RECT2]: fc.tuple(v2, v2).map(([position, size]) => new Rect2(position, size)),
  [T.RECT2I]: fc.tuple(v2i, v2i).map(([position, size]) => new Rect2i(position, size)),
  [T.VECTOR3]: v3,
  [T.VECTOR3I]: fc.tuple(int32, int32, int32).map(([x, y, z]) => new Vector3i(x, y, z)),
  [T.TRANSFORM2D]: fc.tuple(v2, v2, v2).map(([x, y, origin]) => new Transform2D(x, y, origin)),
  [T.VECTOR4]: v4,
  [T.VECTOR4I]: fc.tuple(int32, int32, int32, int32).map(([x, y, z, w]) => new Vector4i(x, y, z, w)),
  [T.PLANE]: fc.tuple(v3, real).map(([normal, d]) => new Plane(normal, d)),
  [T.QUATERNION]: fc.tuple(real, real, real, real).map(([x, y, z, w]) => new Quaternion(x, y, z, w)),
  [T.AABB]: fc.tuple(v3, v3).map(([position, size]) => new AABB(position, size)),
  [T.BASIS]: basis,
  [T.TRANSFORM3D]: fc.tuple(basis, v3).map(([axes, origin]) => new Transform3D(axes, origin)),
  [T.PROJECTION]: fc.tuple(v4, v4, v4, v4).map(([x, y, z, w]) => new Projection(x, y, z, w)),
  [T.COLOR]: color,
  [T.STRING_NAME]: text.map((made) => new StringName(made)),
  [T.NODE_PATH]: fc
    .tuple(list(text), list(text), fc.boolean())
    .map(([names, subnames, absolute]) => new NodePath(names, subnames, absolute)),
  [T.CALLABLE]: fc.constant(new Callable()),
  [T.SIGNAL]: fc.tuple(text, uint64).map(([name, id]) => new Signal(name, id)),
  [T.PACKED_BYTE_ARRAY]: bytes,
  [T.PACKED_INT32_ARRAY]: list(int32).map((made) => Int32Array.from(made)),
  [T.PACKED_INT64_ARRAY]: list(fc.bigInt({ min: SMALLEST, max: LARGEST })).map((made) => BigInt64Array.from(made)),
  [T.PACKED_FLOAT32_ARRAY]: list(real).map((made) => Float32Array.from(made)),
  [T.PACKED_FLOAT64_ARRAY]: list(double).map((made) => Float64Array.from(made)),
  [T.PACKED_STRING_ARRAY]: list(text).map((made) => new PackedStringArray(made)),
  [T.PACKED_VECTOR2_ARRAY]: list(v2).map((made) => new PackedVector2Array(made)),
  [T.PACKED_VECTOR3_ARRAY]: list(v3).map((made) => new PackedVector3Array(made)),
  [T.PACKED_VECTOR4_ARRAY]: list(v4).map((made) => new PackedVector4Array(made)),
  [T.PACKED_COLOR_ARRAY]: list(color).map((made) => new PackedColorArray(made)),
  [Godot2Type.IMAGE]: fc
    .tuple(uint32, uint32, uint32, uint32, bytes)
    .map(([format, mipmaps, width, height, data]) => new Image(format, mipmaps, width, height, data)),
  [Godot2Type.INPUT_EVENT]: fc
    .tuple(uint32, uint32, bytes)
    .map(([type, device, data]) => new InputEvent(type, device, data)),
}

function plain(version: GodotVersion): Partial<Record<WireType, Arb>> {
  const narrow = version === 2
  const id = narrow ? fc.constant(new EncodedObjectAsID()) : uint64.map((bits) => new EncodedObjectAsID(bits | 1n))
  return {
    ...PLAIN,
    [T.INT]: narrow ? int32 : int64,
    [T.FLOAT]: fc.oneof({ weight: 9, arbitrary: (narrow ? real : double).map(exactFloat) }, oddNaN(version)),
    [T.RID]: version === 4 ? uint64.map((bits) => new RID(bits)) : fc.constant(new RID()),
    [T.OBJECT]: id,
  }
}

/** What can type a container, and values that fit it. An Object may be null everywhere. */
function elements(ofType: ReadonlyMap<WireType, Arb>, objects: boolean): Arb<[ContainerType, Arb]> {
  const builtin = [...ofType].filter(([type]) => type !== T.NIL && type !== T.OBJECT) as [T, Arb][]
  const id = fc.oneof(fc.constant(null), ofType.get(T.OBJECT)!)
  const classes: Arb<ContainerType> = objects
    ? fc.oneof(
        text.map((className) => ({ className })),
        text.map((script) => ({ script })),
        fc.constant(T.OBJECT),
      )
    : fc.constant({ className: 'EncodedObjectAsID' })
  return fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...builtin) as Arb<[ContainerType, Arb]> },
    { weight: 1, arbitrary: classes.map((type): [ContainerType, Arb] => [type, id]) },
  )
}

/** A Dictionary; a key that comes twice keeps its place and takes the last value, as in the engine. */
function dictionary(
  entries: readonly (readonly [unknown, unknown])[],
  keyType?: ContainerType,
  valueType?: ContainerType,
) {
  return new Dictionary(entries, {
    ...(keyType !== undefined && { keyType }),
    ...(valueType !== undefined && { valueType }),
  })
}

function typedDictionary(
  [keys, values]: readonly [[ContainerType, Arb] | undefined, [ContainerType, Arb] | undefined],
  any: Arb,
) {
  const entries = list(fc.tuple(keys?.[1] ?? any, values?.[1] ?? any))
  return entries.map((made) => dictionary(made, keys?.[0], values?.[0]))
}

/** Values of a version; with `objects` also those that only the WithObjects functions write. */
export function variant(version: GodotVersion, objects = false): Arb {
  const { value } = fc.letrec<{ value: unknown }>((tie) => {
    const any = tie('value')
    const simple = plain(version)
    const ofType = new Map(
      DIALECTS[version].typeOf.map((type): [WireType, Arb] => {
        if (type === T.ARRAY) return [type, list(any)]
        if (type === T.DICTIONARY) return [type, list(fc.tuple(any, any)).map((entries) => dictionary(entries))]
        return [type, simple[type]!]
      }),
    )
    const leaves = [...ofType].filter(([type]) => type !== T.ARRAY && type !== T.DICTIONARY).map(([, arb]) => arb)
    const containers = [ofType.get(T.ARRAY)!, ofType.get(T.DICTIONARY)!]
    if (version === 4) containers.push(...typed(ofType, objects, any))
    if (objects && version !== 2) {
      const properties = list(fc.tuple(text, any)).map((entries) => dictionary(entries))
      const className = text.filter((name) => name !== '')
      containers.push(fc.tuple(className, properties).map(([name, all]) => new GodotObject(name, all)))
    }
    return { value: fc.oneof({ maxDepth: 4, depthSize: 'small' }, fc.oneof(...leaves), ...containers) }
  })
  return value
}

function typed(ofType: ReadonlyMap<WireType, Arb>, objects: boolean, any: Arb): Arb[] {
  const element = elements(ofType, objects)
  const array = element.chain(([type, items]) => list(items).map((made) => new TypedArray(type, made)))
  const maybe = fc.option(element, { nil: undefined })
  return [array, fc.tuple(maybe, maybe).chain((types) => typedDictionary(types, any))]
}
