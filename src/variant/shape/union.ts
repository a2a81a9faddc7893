/** One of several shapes, told apart by a field that all of them have. */
import type { Decoder } from '../decoder.js'
import type { Encoder } from '../encoder.js'
import { failAt } from '../fault.js'
import { type Properties, StringName } from '../values/index.js'
import { VariantType } from '../variant-type.js'
import { budget, hasLevelBelow } from './budget.js'
import { Coder } from './coder.js'
import { readSaidTypes } from './containers.js'
import { KeyTables } from './key.js'
import { type Literal, LiteralCoder, shown } from './literal.js'
import { misfit } from './misfit.js'
import { refuseValue } from './refuse.js'
import type { ShapeCoder } from './shape-coder.js'
import { skipValue } from './skip.js'

export class UnionCoder extends Coder {
  override readonly form = 'union'
  readonly what = 'Dictionary'
  override readonly elementType = VariantType.DICTIONARY
  readonly #tagKey: KeyTables
  readonly #tags: LiteralCoder

  /** @param branches by what is in their tag; that is their first field */
  constructor(
    readonly tag: string,
    readonly branches: ReadonlyMap<unknown, ShapeCoder>,
  ) {
    super()
    this.#tagKey = new KeyTables([tag])
    this.#tags = new LiteralCoder([...branches.keys()] as Literal[])
  }

  write(e: Encoder, value: unknown, depth: number): void {
    if (typeof value !== 'object' || value === null) refuseValue(value, this)
    const name = (value as Properties)[this.tag]
    const branch = this.branches.get(name)
    if (branch === undefined) this.#refuseTag(name)
    branch.write(e, value, depth)
  }

  #refuseTag(value: unknown): never {
    try {
      if (value === undefined) misfit('VARIANT_SHAPE_MISSING', { field: this.tag })
      refuseLiteral(value, this.#tags)
    } catch (thrown) {
      failAt(thrown, { property: this.tag })
    }
  }

  read(d: Decoder, depth: number): unknown {
    const start = d.offset
    if (!this.#isTagFirst(d)) this.#findTag(d, start, depth)
    const name = this.#readTag(d, depth)
    d.offset = start
    return this.branches.get(name)!.read(d, depth)
  }

  /** Whether the tag is the first key, as it is written here; the cursor is behind the key then. */
  #isTagFirst(d: Decoder): boolean {
    const { offset, view } = d
    if (d.left < 8 || view.getInt32(offset, true) !== d.dialect.idOf[VariantType.DICTIONARY]) return false
    if (view.getInt32(offset + 4, true) === 0) return false
    const behind = this.#tagKey.of(d.dialect.text).behind(view, offset + 8, d.end, 0)
    if (behind >= 0) d.offset = behind
    return behind >= 0
  }

  #readTag(d: Decoder, depth: number): unknown {
    try {
      return this.#tags.read(d, depth + 1)
    } catch (thrown) {
      failAt(thrown, { property: this.tag })
    }
  }

  /** Looks for the tag among the keys, and leaves the cursor behind it. */
  #findTag(d: Decoder, start: number, depth: number): void {
    readSaidTypes(d, VariantType.DICTIONARY, this, depth)
    const count = d.readCount(8)
    if (count > 0 && !hasLevelBelow(depth)) d.readValue(depth + 1)
    for (let i = 0; i < count; i++) {
      const key = d.readKey(depth + 1, undefined)
      if (key === this.tag || (key instanceof StringName && key.text === this.tag)) return this.#pay(d, start)
      skipValue(d, depth + 1)
    }
    try {
      misfit('VARIANT_SHAPE_MISSING', { field: this.tag, offset: start })
    } catch (thrown) {
      failAt(thrown, { property: this.tag })
    }
  }

  #pay(d: Decoder, start: number): void {
    budget.looks -= d.offset - start
    if (budget.looks < 0) misfit('VARIANT_SHAPE_TAG_TOO_LATE', { field: this.tag, offset: start })
  }
}

function refuseLiteral(value: unknown, { what }: LiteralCoder): never {
  misfit('VARIANT_SHAPE_VALUE', { expected: what, value: shown(value) })
}
