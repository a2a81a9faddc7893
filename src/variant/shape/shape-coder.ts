/** Dictionaries with a field for each key. */
import type { Decoder } from '../decoder.js'
import type { Encoder } from '../encoder.js'
import { failAt } from '../fault.js'
import { type Properties, StringName } from '../values/index.js'
import { VariantType } from '../variant-type.js'
import { budget, hasLevelBelow } from './budget.js'
import { Coder } from './coder.js'
import { checkSaid, markedCount, readSaidTypes, type Said } from './containers.js'
import { type FieldPart, FieldTable } from './field-table.js'
import { take } from './inline.js'
import { keyShown } from './literal.js'
import { misfit } from './misfit.js'
import { readInOrder } from './read-fields.js'
import { refuseDepthOf, refuseValue } from './refuse.js'
import { writeFields } from './write-fields.js'

/** What is done with keys that a shape has no field for. */
export type UnknownKeys = 'refuse' | 'skip' | 'keep'

/** Header and count. */
const HEAD = 8

/** A key and a value take no less. */
const LEAST_ENTRY = 8

const NOTHING_SAID = [undefined, undefined] as const

export class ShapeCoder extends Coder {
  override readonly form = 'shape'
  readonly what = 'Dictionary'
  override readonly elementType = VariantType.DICTIONARY
  readonly #table: FieldTable

  constructor(
    readonly parts: readonly FieldPart[],
    readonly unknown: UnknownKeys,
  ) {
    super()
    this.#table = new FieldTable(parts)
  }

  write(e: Encoder, value: unknown, depth: number): void {
    if (typeof value !== 'object' || value === null) refuseValue(value, this)
    if (!hasLevelBelow(depth)) refuseDepthOf(e, depth)
    e.enter(e.length, value, 0, depth)
    const start = e.reserve(HEAD)
    e.view.setInt32(start, e.dialect.idOf[VariantType.DICTIONARY]!, true)
    let count = writeFields(this.#table, e, value as Properties, depth + 1)
    if (this.unknown === 'keep') count += this.#writeKept(e, value as Properties, depth + 1)
    e.charge(count)
    e.view.setUint32(start + 4, markedCount(e, count), true)
  }

  /** The properties that no field is for; they come last. */
  #writeKept(e: Encoder, object: Properties, depth: number): number {
    let count = 0
    let property = ''
    try {
      for (property of Object.keys(object)) {
        if (this.#table.placeOf.has(property)) continue
        e.writeValue(property, depth)
        e.writeValue(object[property], depth)
        count++
      }
    } catch (thrown) {
      failAt(thrown, { property }, object)
    }
    return count
  }

  read(d: Decoder, depth: number): unknown {
    const { offset } = d
    const isBare = d.left >= HEAD && d.view.getInt32(offset, true) === d.dialect.idOf[VariantType.DICTIONARY]
    const said = isBare ? NOTHING_SAID : readSaidTypes(d, VariantType.DICTIONARY, this, depth)
    if (isBare) d.offset = offset + 4
    const count = d.readCount(LEAST_ENTRY)
    if (count > 0 && !hasLevelBelow(depth)) d.readValue(depth + 1)
    const { maker } = this.#table
    const from = maker.begin()
    const inOrder = isBare ? readInOrder(this.#table, d, from, count, depth + 1) : 0
    const kept = inOrder === count ? undefined : this.#readAnyOrder(d, from, count - inOrder, said, depth + 1)
    if (inOrder < this.#table.count) this.#fillMissing(from, offset)
    const object = maker.make(from)
    if (kept !== undefined) for (const [key, value] of kept) object[key] = value
    return object
  }

  /** Reads the entries that are left, by their keys; what is kept of those that are unknown. */
  #readAnyOrder(
    d: Decoder,
    from: number,
    count: number,
    [saidKey, saidValue]: readonly [Said, Said],
    depth: number,
  ): Map<string, unknown> | undefined {
    const { placeOf, plans } = this.#table
    const { values } = budget.reading
    const kept = this.unknown === 'keep' ? new Map<string, unknown>() : undefined
    for (let left = count; left > 0; left--) {
      const { offset } = d
      checkSaid(d, saidKey)
      const key = d.readKey(depth, undefined)
      const name = key instanceof StringName ? key.text : key
      const place = typeof name === 'string' ? placeOf.get(name) : undefined
      try {
        checkSaid(d, saidValue)
        if (place === undefined) {
          this.#readUnknown(d, name, kept, offset, depth)
          continue
        }
        if (values[from + place] !== undefined) misfit('VARIANT_SHAPE_DUPLICATE', { field: keyShown(name), offset })
        values[from + place] = take(d, plans[place]!, depth)
      } catch (thrown) {
        failAt(thrown, { key })
      }
    }
    return kept
  }

  #readUnknown(d: Decoder, name: unknown, kept: Map<string, unknown> | undefined, offset: number, depth: number): void {
    const isText = typeof name === 'string'
    if (this.unknown === 'refuse' || (kept !== undefined && !isText)) {
      misfit('VARIANT_SHAPE_UNKNOWN', { field: keyShown(name), offset })
    }
    if (isText && kept?.has(name) === true) misfit('VARIANT_SHAPE_DUPLICATE', { field: keyShown(name), offset })
    const value = d.readValue(depth)
    if (isText) kept?.set(name, value)
  }

  #fillMissing(from: number, offset: number): void {
    const { parts } = this
    const { values } = budget.reading
    for (let i = 0; i < parts.length; i++) {
      if (values[from + i] !== undefined) continue
      const part = parts[i]!
      if (!part.isOptional) missingField(part.name, offset)
      values[from + i] = part.fallback
    }
  }
}

function missingField(name: string, offset: number): never {
  try {
    misfit('VARIANT_SHAPE_MISSING', { field: name, offset })
  } catch (thrown) {
    failAt(thrown, { property: name })
  }
}
