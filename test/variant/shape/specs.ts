// Random shapes, each with values that fit it, and with the slow way to the same bytes and back: by varToBytes and bytesToVar.
import fc from 'fast-check'
import {
  arrayOf,
  bool,
  Color,
  Dictionary,
  dictionaryOf,
  EncodedObjectAsID,
  type FieldType,
  float,
  type GodotVersion,
  int,
  int64,
  literal,
  NodePath,
  nullable,
  number,
  type OptionalField,
  optional,
  PackedStringArray,
  PackedVector2Array,
  Quaternion,
  RID,
  StringName,
  shape,
  string,
  Transform3D,
  TypedArray,
  tupleOf,
  unionOf,
  VariantType,
  Vector2,
  Vector2i,
  Vector3,
  variant,
} from '../../../src/variant/index.js'

/** The order in which the entries of a Dictionary are written. */
export type Order = <T>(entries: T[]) => T[]

export interface Spec {
  readonly field: FieldType
  readonly value: fc.Arbitrary<unknown>
  /** The value as varToBytes takes it: floats marked, fields in this order. */
  readonly toGodot: (value: never, order: Order) => unknown
  /** What the shape must give for what bytesToVar gave. */
  readonly fromGodot: (value: never) => unknown
  /** The element type of a typed container; undefined where there is none. */
  readonly type?: VariantType
  readonly isKey?: boolean
}

const as = (value: unknown) => value
const real = fc.float().map(Math.fround)
const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 50 }).map((made) => made.replaceAll('\0', '').replaceAll('\ufeff', '')),
  fc.constantFrom('', 'run', 'abcd', 'abcdefgh', 'x'.repeat(40), 'y'.repeat(41), 'é'.repeat(30)),
)
const wide = fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)
const safe = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.constantFrom(0, 2 ** 31, -(2 ** 31) - 1)).map((n) => n + 0)

const simple = (field: FieldType, value: fc.Arbitrary<unknown>, type?: VariantType, isKey = false): Spec => ({
  field,
  value,
  toGodot: as,
  fromGodot: as,
  isKey,
  ...(type !== undefined && { type }),
})

const T = VariantType

const LEAVES: readonly Spec[] = [
  simple(int, safe, T.INT, true),
  { ...simple(int64, wide, T.INT, true), fromGodot: (value: number | bigint) => BigInt(value) },
  { ...simple(float, fc.oneof(fc.double(), real), T.FLOAT), toGodot: (value: number) => float(value) },
  simple(number, fc.oneof(safe, fc.double())),
  simple(bool, fc.boolean(), T.BOOL, true),
  simple(string, text, T.STRING, true),
  simple(
    literal('walk', 'run', 'schräg', 'x'.repeat(30)),
    fc.constantFrom('walk', 'run', 'schräg', 'x'.repeat(30)),
    T.STRING,
  ),
  simple(literal(1, 2.5, null, true, 'a'), fc.constantFrom(1, 2.5, null, true, 'a')),
  simple(
    Vector2,
    fc.tuple(real, real).map(([x, y]) => new Vector2(x, y)),
    T.VECTOR2,
  ),
  simple(
    Vector3,
    fc.tuple(real, real, real).map(([x, y, z]) => new Vector3(x, y, z)),
    T.VECTOR3,
  ),
  simple(
    Quaternion,
    fc.tuple(real, real).map(([x, w]) => new Quaternion(x, 0, 1, w)),
    T.QUATERNION,
  ),
  simple(
    Transform3D,
    real.map((x) => new Transform3D(undefined, new Vector3(x, 1, 2))),
    T.TRANSFORM3D,
  ),
  simple(
    Color,
    fc.tuple(real, real).map(([r, a]) => new Color(r, 0.5, 1, a)),
    T.COLOR,
  ),
  simple(
    NodePath,
    fc.constantFrom('', 'a/b:c', '/root/Ä').map((path) => new NodePath(path)),
    T.NODE_PATH,
    true,
  ),
  simple(
    EncodedObjectAsID,
    wide.map((id) => new EncodedObjectAsID(BigInt.asUintN(64, id) | 1n)),
  ),
  simple(Uint8Array, fc.uint8Array({ maxLength: 9 }), T.PACKED_BYTE_ARRAY),
  simple(Int32Array, fc.int32Array({ maxLength: 5 }), T.PACKED_INT32_ARRAY),
  simple(Float32Array, fc.float32Array({ maxLength: 5 }), T.PACKED_FLOAT32_ARRAY),
  simple(
    PackedStringArray,
    fc.array(text, { maxLength: 4 }).map((all) => new PackedStringArray(all)),
    T.PACKED_STRING_ARRAY,
  ),
  simple(
    PackedVector2Array,
    fc.float32Array({ maxLength: 3 }).map((data) => new PackedVector2Array(new Float32Array([...data, ...data]))),
    T.PACKED_VECTOR2_ARRAY,
  ),
  simple(
    variant,
    fc.constantFrom(null, 5, 0.5, 'x', true, new Vector3(1, 2, 3), new Dictionary([[new NodePath('a'), [1]]])),
  ),
]

const ONLY_4: readonly Spec[] = [
  simple(
    Vector2i,
    fc.tuple(fc.integer(), fc.integer()).map(([x, y]) => new Vector2i(x, y)),
    T.VECTOR2I,
    true,
  ),
  simple(
    StringName,
    text.map((name) => new StringName(name)),
    T.STRING_NAME,
    true,
  ),
  simple(
    RID,
    wide.map((id) => new RID(BigInt.asUintN(64, id))),
    T.RID,
  ),
]

function arraySpec(inner: Spec, typed: boolean): Spec {
  const isTyped = typed && inner.type !== undefined
  return {
    field: arrayOf(inner.field, { typed: isTyped }),
    value: fc.array(inner.value, { maxLength: 4 }),
    toGodot: (value: never[], order) => {
      const items = value.map((item) => inner.toGodot(item, order))
      return isTyped ? new TypedArray(inner.type!, items) : items
    },
    fromGodot: (value: never[]) => [...value].map(inner.fromGodot),
    type: T.ARRAY,
  }
}

function tupleSpec(inner: readonly Spec[]): Spec {
  return {
    field: tupleOf(...inner.map(({ field }) => field)),
    value: fc.tuple(...inner.map(({ value }) => value)),
    toGodot: (value: never[], order) => value.map((item, i) => inner[i]!.toGodot(item, order)),
    fromGodot: (value: never[]) => value.map((item, i) => inner[i]!.fromGodot(item)),
    type: T.ARRAY,
  }
}

function dictionarySpec(key: Spec, inner: Spec, typed: boolean): Spec {
  const isTyped = typed && key.type !== undefined && inner.type !== undefined
  const types = isTyped ? { keyType: key.type!, valueType: inner.type! } : undefined
  return {
    field: dictionaryOf(key.field, inner.field, { typed: isTyped }),
    value: fc.array(fc.tuple(key.value, inner.value), { maxLength: 4 }).map((entries) => new Dictionary(entries)),
    toGodot: (value: Dictionary, order) => {
      const entries = [...value].map(([name, item]) => [
        key.toGodot(name as never, order),
        inner.toGodot(item as never, order),
      ])
      return new Dictionary(order(entries) as [unknown, unknown][], types)
    },
    fromGodot: (value: Dictionary) =>
      new Dictionary([...value].map(([name, item]) => [key.fromGodot(name as never), inner.fromGodot(item as never)])),
    type: T.DICTIONARY,
  }
}

const NAMES = [
  'id',
  'pos',
  'name',
  'alive',
  'weapons',
  'a',
  '__proto__',
  'constructor',
  'größe',
  '',
  'k'.repeat(16),
  'l'.repeat(17),
]

interface Part {
  readonly name: string
  readonly spec: Spec
  readonly isOptional: boolean
}

function objectSpec(parts: readonly Part[]): Spec {
  const fields = Object.create(null) as { [name: string]: FieldType | OptionalField<unknown, unknown, boolean> }
  for (const { name, spec, isOptional } of parts) fields[name] = isOptional ? optional(spec.field) : spec.field
  return { ...entriesSpec(parts), field: shape(fields) }
}

/** What shapes and the branches of unions have in common. */
function entriesSpec(parts: readonly Part[]): Omit<Spec, 'field'> {
  const values = parts.map(({ spec, isOptional }) =>
    isOptional ? fc.option(spec.value, { nil: undefined }) : spec.value,
  )
  return {
    value: fc.tuple(...values).map((all) => objectOf(parts.map(({ name }, i) => [name, all[i]] as const))),
    toGodot: (value: Record<string, never>, order) => {
      const present = parts.filter(({ name }) => value[name] !== undefined)
      const entries = present.map(({ name, spec }) => [name, spec.toGodot(value[name]!, order)] as [unknown, unknown])
      return new Dictionary(order(entries))
    },
    fromGodot: (value: Dictionary) => {
      const present = parts.filter(({ name }) => value.has(name))
      return objectOf(present.map(({ name, spec }) => [name, spec.fromGodot(value.get(name) as never)] as const))
    },
    type: T.DICTIONARY,
  }
}

function objectOf(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const object: Record<string, unknown> = Object.create(null)
  for (const [name, value] of entries) object[name] = value
  return object
}

function unionSpec(branches: readonly (readonly Part[])[]): Spec {
  const tags = branches.map((_, i) => `kind${i}`)
  const tagged = branches.map((parts, i) => {
    const tag = simple(literal(tags[i]!), fc.constant(tags[i]))
    return entriesSpec([{ name: 'tag', spec: tag, isOptional: false }, ...parts])
  })
  const branchOf = (value: { tag: string } | Dictionary) =>
    tagged[tags.indexOf(value instanceof Dictionary ? String(value.get('tag')) : value.tag)]!
  return {
    field: unionOf('tag', objectOf(branches.map((parts, i) => [tags[i]!, objectSpec(parts).field])) as never),
    value: fc.oneof(...tagged.map(({ value }) => value)),
    toGodot: (value: never, order) => branchOf(value).toGodot(value, order),
    fromGodot: (value: never) => branchOf(value).fromGodot(value),
    type: T.DICTIONARY,
  }
}

function nullableSpec(inner: Spec): Spec {
  return {
    field: nullable(inner.field),
    value: fc.option(inner.value),
    toGodot: (value: never, order) => (value === null ? null : inner.toGodot(value, order)),
    fromGodot: (value: never) => (value === null ? null : inner.fromGodot(value)),
  }
}

/** Random shapes for a version. */
export function specs(version: GodotVersion): fc.Arbitrary<Spec> {
  const leaves = version === 4 ? [...LEAVES, ...ONLY_4] : LEAVES
  const keys = leaves.filter(({ isKey }) => isKey)
  const typed = version === 4 ? fc.boolean() : fc.constant(false)
  const { spec } = fc.letrec<{ spec: Spec }>((tie) => {
    const inner = tie('spec')
    const part = fc.record({ name: fc.constantFrom(...NAMES), spec: inner, isOptional: fc.boolean() })
    const parts = fc.uniqueArray(part, { maxLength: 7, selector: ({ name }) => name })
    const leaf = fc.constantFrom(...leaves)
    return {
      spec: fc.oneof(
        { maxDepth: 3, depthSize: 'small' },
        leaf,
        parts.map(objectSpec),
        parts.map(objectSpec),
        fc.tuple(inner, typed).map(([one, isTyped]) => arraySpec(one, isTyped)),
        fc
          .tuple(fc.constantFrom(...keys), inner, typed)
          .map(([key, one, isTyped]) => dictionarySpec(key, one, isTyped)),
        fc.array(inner, { maxLength: 3 }).map(tupleSpec),
        fc.array(parts, { minLength: 1, maxLength: 3 }).map(unionSpec),
        leaf.map(nullableSpec),
      ),
    }
  })
  // A class alone has no encode: a shape is around it then.
  return spec.map((one) =>
    typeof one.field === 'function' ? objectSpec([{ name: 'all', spec: one, isOptional: false }]) : one,
  )
}
