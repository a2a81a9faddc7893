/** What a field is made of, as data: what is compiled from it, and what a later look at it is compared with. */
import type { ArrayCoder, TupleCoder } from '../shape/array.js'
import type { ClassCoder } from '../shape/classes.js'
import type { Bounds, Coder } from '../shape/coder.js'
import type { LiteralCoder } from '../shape/literal.js'
import type { Int64Coder } from '../shape/scalars.js'
import type { ShapeCoder } from '../shape/shape-coder.js'
import type { UnionCoder } from '../shape/union.js'
import type { NullableCoder, RefinedCoder } from '../shape/wrap.js'
import { VariantType as T, type VariantType } from '../variant-type.js'

/** A range of numbers or sizes; null where it has no end. */
export interface Range {
  readonly min: number | null
  readonly max: number | null
}

/** One field of a shape. */
export interface FieldOutline {
  readonly name: string
  readonly isOptional: boolean
  /** The place of its outline. */
  readonly at: number
}

type Ranged<Is> = { readonly is: Is } & Range

/** One field; the fields that it is made of by their places in the list of all. JSON can hold all of it. */
export type Outline =
  | { readonly is: 'bool' }
  | Ranged<'int'>
  | Ranged<'float'>
  | Ranged<'number'>
  | Ranged<'string'>
  /** With bigints as texts. */
  | { readonly is: 'int64'; readonly min: string | null; readonly max: string | null }
  | ({ readonly is: 'vector'; readonly type: VariantType } & Range)
  | { readonly is: 'literal'; readonly values: readonly (string | number | boolean | null)[] }
  | ({ readonly is: 'array'; readonly element: number } & Range)
  | { readonly is: 'tuple'; readonly elements: readonly number[] }
  | { readonly is: 'nullable'; readonly inner: number }
  | { readonly is: 'refined'; readonly inner: number }
  | { readonly is: 'shape'; readonly fields: readonly FieldOutline[] }
  | { readonly is: 'union'; readonly tag: string; readonly branches: readonly (readonly [string | number, number])[] }
  /** What is left to its coder. */
  | { readonly is: 'other' }

/** The components of the classes that are compiled, in the order of the wire. */
export const VECTORS: ReadonlyMap<VariantType, { readonly components: readonly string[]; readonly isWhole: boolean }> =
  /* @__PURE__ */ new Map([
    [T.VECTOR2, { components: ['x', 'y'], isWhole: false }],
    [T.VECTOR2I, { components: ['x', 'y'], isWhole: true }],
    [T.VECTOR3, { components: ['x', 'y', 'z'], isWhole: false }],
    [T.VECTOR3I, { components: ['x', 'y', 'z'], isWhole: true }],
    [T.VECTOR4, { components: ['x', 'y', 'z', 'w'], isWhole: false }],
    [T.VECTOR4I, { components: ['x', 'y', 'z', 'w'], isWhole: true }],
    [T.QUATERNION, { components: ['x', 'y', 'z', 'w'], isWhole: false }],
    [T.COLOR, { components: ['r', 'g', 'b', 'a'], isWhole: false }],
  ])

/** A field and all that it is made of: the field itself is first. */
export class Outlines {
  readonly list: Outline[] = []
  /** What writes and reads each of them. */
  readonly coders: Coder[] = []
  readonly #places = new Map<Coder, number>()

  constructor(root: Coder) {
    this.#place(root)
  }

  /** What is told apart by nothing but this text is one field. */
  get fingerprint(): string {
    return hashOf(JSON.stringify(this.list))
  }

  #place(given: Coder): number {
    const coder = given.plain
    const known = this.#places.get(coder)
    if (known !== undefined) return known
    const place = this.list.length
    this.#places.set(coder, place)
    this.coders.push(coder)
    this.list.push({ is: 'other' })
    this.list[place] = this.#outline(coder)
    return place
  }

  /** By the form alone: the coder may be of another copy of the package, when it is compiled. */
  #outline(coder: Coder): Outline {
    const { form } = coder
    switch (form) {
      case 'bool':
        return { is: form }
      case 'int':
      case 'float':
      case 'number':
        return { is: form, ...rangeOf(coder) }
      case 'string':
        return { is: form, ...sizesOf(coder.bounds) }
      case 'int64':
        return int64Outline(coder as Int64Coder)
      case 'class':
        return vectorOutline(coder as ClassCoder)
      case 'literal':
        return literalOutline(coder as LiteralCoder)
      case 'array':
        return this.#arrayOutline(coder as ArrayCoder)
      case 'tuple':
        return { is: form, elements: (coder as TupleCoder).elements.map((one) => this.#place(one)) }
      case 'shape':
        return this.#shapeOutline(coder as ShapeCoder)
      case 'union':
        return this.#unionOutline(coder as UnionCoder)
      case 'nullable':
      case 'refined':
        return { is: form, inner: this.#place((coder as NullableCoder | RefinedCoder).inner) }
      case 'other':
        return { is: form }
    }
  }

  #arrayOutline({ element, typed, bounds }: ArrayCoder): Outline {
    return typed ? { is: 'other' } : { is: 'array', element: this.#place(element), ...sizesOf(bounds) }
  }

  #shapeOutline({ parts, unknown }: ShapeCoder): Outline {
    // What is kept can have any name and any value.
    if (unknown === 'keep') return { is: 'other' }
    const fields = parts.map(({ name, isOptional, coder }) => ({ name, isOptional, at: this.#place(coder) }))
    return { is: 'shape', fields }
  }

  #unionOutline({ tag, branches }: UnionCoder): Outline {
    const places = [...branches].map(([value, branch]) => [value as string | number, this.#place(branch)] as const)
    const areShapes = places.every(([, place]) => this.list[place]!.is === 'shape')
    return areShapes ? { is: 'union', tag, branches: places } : { is: 'other' }
  }
}

function endOf(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

function sizesOf({ min, max }: Bounds): Range {
  return { min: min === 0 ? null : min, max: endOf(max) }
}

function rangeOf({ min, max }: { min: number; max: number }): Range {
  return { min: endOf(min), max: endOf(max) }
}

function int64Outline({ least, most }: Int64Coder): Outline {
  const isAll = least === -(2n ** 63n) && most === 2n ** 63n - 1n
  return { is: 'int64', min: isAll ? null : String(least), max: isAll ? null : String(most) }
}

function vectorOutline({ type, min, max, bounds }: ClassCoder): Outline {
  const isVector = bounds.max === Number.POSITIVE_INFINITY && VECTORS.has(type as VariantType)
  return isVector ? { is: 'vector', type: type as VariantType, ...rangeOf({ min, max }) } : { is: 'other' }
}

function literalOutline({ values }: LiteralCoder): Outline {
  const isPlain = (value: unknown) => typeof value !== 'bigint' && (typeof value !== 'number' || (value | 0) === value)
  const isFine = values.every(isPlain) && !values.some((value) => Object.is(value, -0))
  return isFine ? { is: 'literal', values: values as (string | number | boolean | null)[] } : { is: 'other' }
}

/** 64 bits of it, by FNV-1a over its UTF-16 units, as two numbers with different bases. */
function hashOf(text: string): string {
  let [a, b] = [0x811c9dc5, 0x2c1b3c6d]
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    a = Math.imul(a ^ unit, 0x01000193)
    b = Math.imul(b ^ unit, 0x85ebca6b)
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
}
