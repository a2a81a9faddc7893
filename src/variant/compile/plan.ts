/** What both halves of a lane, the writing and the reading one, go by. */
import { type FieldOutline, type Outline, VECTORS } from '../compiled/outline.js'
import { DIALECTS, type Dialect } from '../dialect.js'
import { typeName, type VariantType } from '../variant-type.js'
import { literalWords } from './words.js'

export type OutlineOf<Is extends Outline['is']> = Extract<Outline, { readonly is: Is }>

/** A vector as it is in one version of Godot. */
export interface VectorPlan {
  readonly className: string
  readonly header: number
  readonly components: readonly string[]
  readonly isWhole: boolean
}

/** The outlines of a field, in the bytes of one version. */
export class Plan {
  readonly dialect: Dialect
  /** What the lane takes out of the runtime, by name. */
  readonly used = new Set<string>()
  /** Those that are counted: a shape may be a part of many. */
  readonly #levels = new Map<number, number>()

  constructor(
    readonly list: readonly Outline[],
    version: 3 | 4,
    /** The names of other fields of the module, which have a lane already, by place. */
    readonly shared: ReadonlyMap<number, string>,
  ) {
    this.dialect = DIALECTS[version]
  }

  at(place: number): Outline {
    return this.list[place]!
  }

  /** A part of the runtime, under a name that no export of the program's has. */
  use(name: string): string {
    this.used.add(name)
    return `$${name}`
  }

  key(name: string): number[] {
    return this.literal(name)
  }

  literal(value: string | number | boolean | null): number[] {
    return literalWords(value, this.dialect.text)
  }

  header(type: VariantType): number {
    return this.dialect.idOf[type]!
  }

  /** Undefined where this version has no such type. */
  vector({ type }: OutlineOf<'vector'>): VectorPlan | undefined {
    const header = this.header(type)
    return header < 0 ? undefined : { className: typeName(type), header, ...VECTORS.get(type)! }
  }

  /** Whether values of this outline have functions of their own. */
  isFunction(place: number): boolean {
    return place === 0 || this.at(place).is === 'shape' || this.at(place).is === 'union'
  }

  /** The outlines that the lane itself is for: not those inside fields that have one. */
  own(root = 0, found = new Set<number>()): Set<number> {
    if (found.has(root) || this.shared.has(root)) return found
    found.add(root)
    for (const inner of innerOf(this.at(root))) this.own(inner, found)
    return found
  }

  /** How many levels of containers lie in its values at most. */
  levels(place = 0): number {
    const known = this.#levels.get(place)
    if (known !== undefined) return known
    const outline = this.at(place)
    const inner = Math.max(0, ...innerOf(outline).map((one) => this.levels(one)))
    const isLevel = outline.is === 'shape' || outline.is === 'array' || outline.is === 'tuple'
    const levels = isLevel ? inner + 1 : inner
    this.#levels.set(place, levels)
    return levels
  }
}

/** The places of what an outline is made of. */
export function innerOf(outline: Outline): readonly number[] {
  switch (outline.is) {
    case 'array':
      return [outline.element]
    case 'tuple':
      return outline.elements
    case 'nullable':
    case 'refined':
      return [outline.inner]
    case 'shape':
      return outline.fields.map(({ at }) => at)
    case 'union':
      return outline.branches.map(([, place]) => place)
    default:
      return []
  }
}

/** `o.id`, `o["two words"]`. */
export function property(object: string, name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `${object}.${name}` : `${object}[${JSON.stringify(name)}]`
}

export function required(fields: readonly FieldOutline[]): number {
  return fields.filter(({ isOptional }) => !isOptional).length
}

/** Ints that 32 bits hold, whichever of them: these always take 8 bytes. */
export function isNarrow({ min, max }: { min: number | null; max: number | null }): boolean {
  return min !== null && max !== null && min >= -(2 ** 31) && max < 2 ** 31
}

/** A range as it is written in a program. */
export interface RangeText {
  readonly min: number | string | null
  readonly max: number | string | null
}

/** The bigints of an int64's range. */
export function bigints({ min, max }: OutlineOf<'int64'>): RangeText {
  return { min: min && `${min}n`, max: max && `${max}n` }
}

/** `!(k >= 0 && k <= 9)`; nothing where there is no range. A NaN is in none. */
export function outside(k: string, { min, max }: RangeText): string | undefined {
  const parts = [...(min === null ? [] : [`${k} >= ${min}`]), ...(max === null ? [] : [`${k} <= ${max}`])]
  return parts.length === 0 ? undefined : `!(${parts.join(' && ')})`
}

/** How many bytes a bool, an int or a float takes at most. */
export const MOST_SCALAR = 12
