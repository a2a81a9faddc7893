/** What shapes are made with. */
import type { Dictionary } from '../values/index.js'
import type { Variant, VariantInput } from '../variant.js'
import { ArrayCoder, TupleCoder } from './array.js'
import { Bounds, type Coder } from './coder.js'
import { DictionaryCoder } from './dictionary.js'
import { coderOf, Field, OptionalField, refuseField, Shape } from './field.js'
import type { FieldPart } from './field-table.js'
import { type Literal, LiteralCoder } from './literal.js'
import { BoolCoder, Int64Coder, IntCoder, NumberCoder, StringCoder } from './scalars.js'
import { ShapeCoder, type UnknownKeys } from './shape-coder.js'
import type { Fields, FieldType, Infer, InferInput } from './types.js'
import { UnionCoder } from './union.js'
import { LazyCoder, NullableCoder, RefinedCoder, VariantCoder } from './wrap.js'

/** Godot's bool: `true` or `false`, and nothing that only counts as one. */
export const bool = /* @__PURE__ */ new Field<boolean>(/* @__PURE__ */ new BoolCoder())

/** Godot's int as a number: one beyond 2^53 - 1, which no number holds, is refused. */
export const int = /* @__PURE__ */ new Field<number>(/* @__PURE__ */ new IntCoder())

/** Godot's int as a bigint: all 64 bits of it. Whole numbers are taken for one when it is written. */
export const int64 = /* @__PURE__ */ new Field<bigint, bigint | number>(/* @__PURE__ */ new Int64Coder())

/**
 * An int or a float, whichever comes, as a number: for senders that do not tell them apart, as JavaScript does not. It is
 * written as `varToBytes` writes it: whole numbers as ints.
 */
export const number = /* @__PURE__ */ new Field<number, InferInput<typeof import('../values/index.js').float>>(
  /* @__PURE__ */ new NumberCoder(),
)

/** Godot's String, as a JavaScript string; `sized` bounds it. */
export const string = /* @__PURE__ */ new Field<string>(/* @__PURE__ */ new StringCoder())

/** Any value, as `bytesToVar` gives it. */
export const variant = /* @__PURE__ */ new Field<Variant, VariantInput>(/* @__PURE__ */ new VariantCoder())

/** How a shape reads. */
export interface ShapeOptions<U extends UnknownKeys = UnknownKeys> {
  /**
   * What is done with keys that the shape has no field for: `refuse` (default) refuses the whole value with
   * `VARIANT_SHAPE_UNKNOWN`, `skip` leaves them out, `keep` gives them as they are, and writes them again.
   */
  readonly unknown?: U
}

/**
 * Describes a Dictionary once: its type, its bytes and what is refused follow from it.
 *
 * @throws `VARIANT_SHAPE_BAD_FIELD` for what is no field, `VARIANT_BAD_OPTION`
 * @example
 * ```ts
 * const State = shape({ id: int, pos: Vector3, hp: float, inv: arrayOf(int), team: optional(string) })
 * type State = Infer<typeof State>
 * const bytes = State.encode({ id: 7, pos: new Vector3(1, 2, 3), hp: 100, inv: [1, 2] })
 * State.decode(bytes).pos.x // 1
 * ```
 */
export function shape<const F extends Fields, const U extends UnknownKeys = 'refuse'>(
  fields: F,
  options: ShapeOptions<U> = {},
): Shape<F, U extends 'keep' ? true : false> {
  const parts = Object.entries(fields).map(([name, field]) => partOf(name, field))
  return new Shape(new ShapeCoder(parts, unknownOf(options)), { ...fields })
}

function unknownOf({ unknown = 'refuse' }: ShapeOptions): UnknownKeys {
  if (['refuse', 'skip', 'keep'].includes(unknown)) return unknown
  return refuseField(`option unknown is ${String(unknown)}; it must be refuse, skip or keep`)
}

function partOf(name: string, field: Fields[string]): FieldPart {
  if (!(field instanceof OptionalField)) return { name, coder: coderOf(field), isOptional: false }
  return { name, coder: coderOf(field.field), isOptional: true, fallback: field.fallback }
}

/**
 * A field of a shape that may be missing. With `fallback` a missing one is read as that; it is the same value each time, so
 * not an array that is changed.
 *
 * @throws `VARIANT_SHAPE_BAD_FIELD` for what is no field
 * @example
 * ```ts
 * const Player = shape({ team: optional(string), lives: optional(int, 3) })
 * Player.decode(varToBytes({})).lives // 3
 * ```
 */
export function optional<const F extends FieldType>(field: F): OptionalField<Infer<F>, InferInput<F>, false>
/**
 * A field of a shape that may be missing and is read as `fallback` then: the same value each time, so not an array that
 * is changed.
 */
export function optional<const F extends FieldType>(
  field: F,
  fallback: Infer<F>,
): OptionalField<Infer<F>, InferInput<F>, true>
export function optional(field: FieldType, ...fallback: unknown[]): OptionalField<unknown, unknown, boolean> {
  return new OptionalField(fieldOf(coderOf(field)), fallback.length > 0, fallback[0])
}

function fieldOf(coder: Coder): Field<never, never> {
  return new Field(coder)
}

/**
 * A value or null. A missing field is not null: see `optional`.
 *
 * @throws `VARIANT_SHAPE_BAD_FIELD` for what is no field
 * @example
 * ```ts
 * const Target = nullable(int)
 * Target.decode(varToBytes(null)) // null
 * ```
 */
export function nullable<F extends FieldType>(field: F): Field<Infer<F> | null, InferInput<F> | null> {
  return fieldOf(new NullableCoder(coderOf(field)))
}

/** Whether a container says on the wire what is in it. */
export interface TypedOption {
  /**
   * Write Godot 4's typed form (`Array[int]`, `Dictionary[String, int]`). Both forms are read, whichever is written.
   * Default false.
   */
  readonly typed?: boolean
}

/**
 * An Array of any length, all of one field; `sized` bounds it.
 *
 * @throws `VARIANT_SHAPE_BAD_FIELD` with `typed` for fields of more than one type, `nullable` for one
 * @example
 * ```ts
 * const State = shape({ inv: sized(arrayOf(int), 32), path: arrayOf(Vector2, { typed: true }) })
 * State.decode(State.encode({ inv: [1, 2], path: [] })).inv // [1, 2]
 * ```
 */
export function arrayOf<F extends FieldType>(
  field: F,
  { typed = false }: TypedOption = {},
): Field<Infer<F>[], readonly InferInput<F>[]> {
  const coder = coderOf(field)
  if (typed && coder.elementType === undefined) refuseField(`an Array cannot be typed for ${coder.what}`)
  return fieldOf(new ArrayCoder(coder, typed))
}

/**
 * An Array with a field for each element.
 *
 * @throws `VARIANT_SHAPE_BAD_FIELD` for what is no field
 * @example
 * ```ts
 * const Score = tupleOf(string, int)
 * Score.decode(varToBytes(['ann', 3])) // ['ann', 3]
 * ```
 */
export function tupleOf<const F extends readonly FieldType[]>(
  ...fields: F
): Field<{ -readonly [I in keyof F]: Infer<F[I]> }, { readonly [I in keyof F]: InferInput<F[I]> }> {
  return fieldOf(new TupleCoder(fields.map(coderOf)))
}

/** What is taken for a Dictionary when one is written. */
type DictionaryInput<K, V> =
  | Dictionary<K, V>
  | ReadonlyMap<K, V>
  | (K extends string ? { readonly [key: string]: V } : never)

/**
 * A Dictionary with any keys, all of one field, and values of another. It is read as a `Dictionary`, which finds a Vector2i
 * by its value; Maps and, for keys that are texts, plain objects are taken as well.
 *
 * @throws `VARIANT_SHAPE_BAD_FIELD` for keys that may be floats or containers
 * @example
 * ```ts
 * const Scores = dictionaryOf(string, int)
 * Scores.decode(Scores.encode({ ada: 3 })).get('ada') // 3
 * ```
 */
export function dictionaryOf<K extends FieldType, V extends FieldType>(
  key: K,
  value: V,
  { typed = false }: TypedOption = {},
): Field<Dictionary<Infer<K>, Infer<V>>, DictionaryInput<InferInput<K>, InferInput<V>>> {
  const [keys, values] = [coderOf(key), coderOf(value)]
  if (!keys.isKey) refuseField(`the keys of a Dictionary cannot be ${keys.what}`)
  const types = [keys.elementType, values.elementType] as const
  if (!typed) return fieldOf(new DictionaryCoder(keys, values, undefined))
  if (types[0] === undefined || types[1] === undefined) {
    refuseField(`a Dictionary cannot be typed for ${types[0] === undefined ? keys.what : values.what}`)
  }
  return fieldOf(new DictionaryCoder(keys, values, [types[0], types[1]]))
}

/**
 * One of a few values: texts, numbers, bools, null. Whole numbers are ints.
 *
 * @throws `VARIANT_SHAPE_BAD_FIELD` for no values, and for a NaN
 * @example
 * ```ts
 * const Input = shape({ version: literal(3), mode: literal('walk', 'run') })
 * Input.decode(varToBytes({ version: 3, mode: 'run' })).mode // 'run'
 * ```
 */
export function literal<const V extends readonly [Literal, ...Literal[]]>(...values: V): Field<V[number]> {
  const isFine = (value: unknown) => value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value)
  if (values.length === 0 || !values.every(isFine) || values.some(Number.isNaN)) {
    refuseField('a literal is a text, a number but NaN, a bool or null')
  }
  return fieldOf(new LiteralCoder(values))
}

// biome-ignore lint/suspicious/noExplicitAny: a shape of whichever fields
type Branches = { readonly [tag: string | number]: Shape<any, boolean> }

/** What a union gives: one of its branches, each with its tag. */
type Union<Tag extends string, B, What extends 'value' | 'input'> = {
  [K in keyof B]: { [T in Tag]: K } & (What extends 'value' ? Infer<B[K]> : InferInput<B[K]>)
}[keyof B]

/**
 * One of several shapes, told apart by what is under the key `tag`. It is written first, and found wherever it stands. Tags
 * that are whole numbers are ints, as of an enum in GDScript; others are Strings.
 *
 * @throws `VARIANT_SHAPE_BAD_FIELD`
 * @example
 * ```ts
 * const Message = unionOf('type', { move: shape({ to: Vector3 }), chat: shape({ text: sized(string, 200) }) })
 * const message = Message.decode(varToBytes({ type: 'move', to: new Vector3(1, 2, 3) }))
 * message.type === 'move' && message.to.z // 3
 * ```
 */
export function unionOf<const Tag extends string, const B extends Branches>(
  tag: Tag,
  branches: B,
): Field<Union<Tag, B, 'value'>, Union<Tag, B, 'input'>> {
  const entries = Object.entries(branches).map(([name, branch]) => {
    const value = /^(0|-?[1-9]\d{0,14})$/.test(name) ? Number(name) : name
    return [value, branchOf(tag, value, branch)] as const
  })
  if (entries.length === 0) refuseField('a union has one shape at least')
  return fieldOf(new UnionCoder(tag, new Map(entries)))
}

function branchOf(tag: string, value: string | number, branch: Branches[string]): ShapeCoder {
  const coder = coderOf(branch).plain
  if (!(coder instanceof ShapeCoder)) return refuseField(`what stands for ${value} in a union is no shape`)
  if (coder.parts.some(({ name }) => name === tag)) refuseField(`the shape for ${value} has a field ${tag} of its own`)
  const part: FieldPart = { name: tag, coder: new LiteralCoder([value]), isOptional: false }
  return new ShapeCoder([part, ...coder.parts], coder.unknown)
}

/**
 * A field that is asked for when it is first used: for what contains itself. The type has to be written down.
 *
 * @example
 * ```ts
 * interface Item { id: number; parts: Item[] }
 * const Item: Field<Item> = shape({ id: int, parts: arrayOf(lazy(() => Item)) })
 * Item.decode(varToBytes({ id: 1, parts: [{ id: 2, parts: [] }] })).parts.length // 1
 * ```
 */
export function lazy<Out, In = Out>(find: () => Field<Out, In>): Field<Out, In> {
  return fieldOf(new LazyCoder(() => coderOf(find())))
}

/**
 * The same field for numbers from `min` to `max`, both included: ints, floats, and all components of vectors, colours,
 * transforms and packed arrays. A NaN is never in between.
 *
 * @throws `VARIANT_SHAPE_BAD_FIELD`
 * @example
 * ```ts
 * const Input = shape({ slot: between(int, 0, 9), aim: between(Vector3, -1, 1) })
 * Input.safeDecode(varToBytes({ slot: 10, aim: new Vector3() })).ok // false
 * ```
 */
export function between<F extends FieldType>(
  field: F,
  min: number | bigint,
  max: number | bigint,
): Field<Infer<F>, InferInput<F>> {
  const coder = coderOf(field)
  if (!(min <= max)) refuseField(`nothing is from ${min} to ${max}`)
  return fieldOf(coder.between(min, max) ?? refuseField(`there is no number in ${coder.what}`))
}

/**
 * The same field without NaN and the infinities, which spread from a position to all that is near it.
 *
 * @throws `VARIANT_SHAPE_BAD_FIELD` for a field without numbers
 * @example
 * ```ts
 * const Aim = finite(Vector2)
 * Aim.safeDecode(varToBytes(new Vector2(0, Number.NaN))).ok // false
 * ```
 */
export function finite<F extends FieldType>(field: F): Field<Infer<F>, InferInput<F>> {
  return between(field, -Number.MAX_VALUE, Number.MAX_VALUE)
}

/**
 * The same field with bounds for how much is in it: characters of texts, as `text.length` counts them, elements of Arrays
 * and packed arrays, entries of Dictionaries. What is longer is refused before its elements are read.
 *
 * @throws `VARIANT_SHAPE_BAD_FIELD`
 * @example
 * ```ts
 * const Player = shape({ name: sized(string, 1, 16), inv: sized(arrayOf(int), 32) })
 * Player.safeDecode(varToBytes({ name: '', inv: [] })).ok // false
 * ```
 */
export function sized<F extends FieldType>(field: F, max: number): Field<Infer<F>, InferInput<F>>
/**
 * The same field with a smallest and a largest size, both included.
 *
 * @throws `VARIANT_SHAPE_BAD_FIELD` for sizes that are none, and for a field that has none
 */
export function sized<F extends FieldType>(field: F, min: number, max: number): Field<Infer<F>, InferInput<F>>
export function sized(field: FieldType, first: number, second?: number): Field<never, never> {
  const [min, max] = second === undefined ? [0, first] : [first, second]
  const areSizes = [min, max].every((size) => Number.isSafeInteger(size) && size >= 0)
  if (!areSizes || min > max) refuseField(`no size is ${min} to ${max}`)
  const coder = coderOf(field)
  return fieldOf(coder.sized(new Bounds(min, max)) ?? refuseField(`${coder.what} has no size`))
}

/**
 * The same field with a test of yours, asked about values of the field's type only.
 *
 * @param expected what is asked for, for the message
 * @example
 * ```ts
 * const Name = refine(sized(string, 16), (text) => /^\w+$/.test(text), 'letters and digits')
 * Name.safeDecode(varToBytes('Ann B')).ok // false
 * ```
 */
export function refine<F extends FieldType, V extends Infer<F>>(
  field: F,
  test: (value: Infer<F>) => value is V,
  expected?: string,
): Field<V, V>
/**
 * The same field with a test of yours that says nothing of the type.
 *
 * @param expected what is asked for, for the message
 */
export function refine<F extends FieldType>(
  field: F,
  test: (value: Infer<F>) => boolean,
  expected?: string,
): Field<Infer<F>, InferInput<F>>
export function refine(field: FieldType, test: (value: never) => boolean, expected?: string): Field<never, never> {
  return fieldOf(new RefinedCoder(coderOf(field), test, expected))
}
