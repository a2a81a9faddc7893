/** Fields that may hold a few values and no others. */
import type { Decoder } from '../decoder.js'
import type { Encoder } from '../encoder.js'
import { isInt, textOf } from '../values/index.js'
import { type ContainerType, VariantType } from '../variant-type.js'
import { Coder } from './coder.js'
import { KeyTables } from './key.js'
import { misfit } from './misfit.js'
import { refuseNext } from './refuse.js'
import { isNext } from './scalars.js'

/** What `literal` takes: whole numbers are ints, and a bigint stands for an int that no number holds. */
export type Literal = string | number | bigint | boolean | null

/** The int 1 and the bigint 1n are one value. */
function plain(value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

function typeOfLiteral(value: Literal): VariantType {
  switch (typeof value) {
    case 'string':
      return VariantType.STRING
    case 'boolean':
      return VariantType.BOOL
    case 'object':
      return VariantType.NIL
    default:
      return typeof value === 'bigint' || isInt(value) ? VariantType.INT : VariantType.FLOAT
  }
}

export class LiteralCoder extends Coder {
  override readonly form = 'literal'
  readonly what: string
  override readonly elementType: ContainerType | undefined
  override readonly isKey: boolean
  /** What is given out, by what may come. */
  readonly #values: ReadonlyMap<unknown, Literal>
  readonly #types: readonly VariantType[]
  readonly #texts: readonly string[]
  /** The same as bytes. */
  readonly #keys: KeyTables

  constructor(readonly values: readonly Literal[]) {
    super()
    this.#values = new Map(values.map((value) => [plain(value), value]))
    this.#types = [...new Set(values.map(typeOfLiteral))]
    this.#texts = values.filter((value) => typeof value === 'string')
    this.#keys = new KeyTables(this.#texts)
    this.elementType = this.#types.length === 1 && this.#types[0] !== VariantType.NIL ? this.#types[0] : undefined
    this.isKey = !this.#types.includes(VariantType.FLOAT)
    this.what = values.map(textOf).join(' or ')
  }

  write(e: Encoder, value: unknown, depth: number): void {
    const known = this.#values.get(plain(value))
    if (known === undefined || Object.is(value, -0)) {
      misfit('VARIANT_SHAPE_VALUE', { expected: this.what, value: shown(value) })
    }
    e.writeValue(known, depth)
  }

  read(d: Decoder, depth: number): unknown {
    const keys = this.#keys.of(d.dialect.text)
    const texts = this.#texts
    for (let i = 0; i < texts.length; i++) {
      const behind = keys.behind(d.view, d.offset, d.end, i)
      if (behind < 0) continue
      d.offset = behind
      return texts[i]
    }
    return this.#readRest(d, depth)
  }

  #readRest(d: Decoder, depth: number): unknown {
    const { offset } = d
    const type = this.#types.find((wanted) => isNext(d, wanted))
    if (type === undefined) refuseNext(d, this, depth)
    const value = plain(d.readValue(depth))
    const known = this.#values.get(value)
    // The float 1.0 and the int 1 are one number here, and two values there.
    if (known === undefined || typeOfLiteral(known) !== type) {
      misfit('VARIANT_SHAPE_VALUE', { expected: this.what, value: shown(value), offset })
    }
    return known
  }
}

const LONGEST = 60

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

/** A key in a message: a text as it is. */
export function keyShown(key: unknown): string {
  return typeof key === 'string' ? cut(key) : shown(key)
}

/** A value in a message, which must not be as long as an attacker likes. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return textOf(cut(value))
  if (typeof value === 'object' && value !== null) return Object.prototype.toString.call(value).slice(8, -1)
  return textOf(value)
}
