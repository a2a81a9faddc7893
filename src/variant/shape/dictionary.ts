/** Dictionaries with any keys, all of one field, and values of another. */
import type { Decoder } from '../decoder.js'
import type { Encoder } from '../encoder.js'
import { failAt } from '../fault.js'
import { isDictionary } from '../narrow.js'
import { Dictionary, isPlain } from '../values/index.js'
import { type ContainerType, VariantType } from '../variant-type.js'
import { hasLevelBelow } from './budget.js'
import { type Bounds, boundsText, Coder, UNBOUNDED } from './coder.js'
import { checkSaid, peekCount, readSaidTypes, writeDictionaryHead } from './containers.js'
import { Plan, take } from './inline.js'
import { keyShown } from './literal.js'
import { misfit } from './misfit.js'
import { checkSize, refuseDepthOf, refuseValue } from './refuse.js'

/** A key and a value take no less. */
const LEAST_ENTRY = 8

export class DictionaryCoder extends Coder {
  readonly what: string
  override readonly elementType = VariantType.DICTIONARY
  readonly #keys: Plan
  readonly #values: Plan

  constructor(
    readonly key: Coder,
    readonly value: Coder,
    readonly types: readonly [ContainerType, ContainerType] | undefined,
    override readonly bounds: Bounds = UNBOUNDED,
  ) {
    super()
    this.#keys = new Plan(key)
    this.#values = new Plan(value)
    this.what = `Dictionary${boundsText(bounds, 'entries')}`
  }

  override sized(bounds: Bounds): Coder {
    return new DictionaryCoder(this.key, this.value, this.types, bounds)
  }

  write(e: Encoder, value: unknown, depth: number): void {
    const dictionary = dictionaryOf(value)
    if (dictionary === undefined) refuseValue(value, this)
    const { size } = dictionary
    checkSize(size, this.bounds, this)
    writeDictionaryHead(e, size, this.types)
    e.enter(e.length, value as object, size, depth)
    if (size > 0 && !hasLevelBelow(depth)) refuseDepthOf(e, depth)
    let at = -1
    let inKey = true
    let key: unknown
    try {
      for (const [name, item] of dictionary) {
        at++
        inKey = true
        this.key.write(e, name, depth + 1)
        key = name
        inKey = false
        this.value.write(e, item, depth + 1)
      }
    } catch (thrown) {
      failAt(thrown, inKey ? { keyAt: at } : { key }, value as object)
    }
  }

  read(d: Decoder, depth: number): unknown {
    const { offset } = d
    const [saidKey, saidValue] = readSaidTypes(d, VariantType.DICTIONARY, this, depth)
    if (this.bounds !== UNBOUNDED) checkSize(peekCount(d), this.bounds, this, offset)
    const count = d.readCount(LEAST_ENTRY)
    if (count > 0 && !hasLevelBelow(depth)) d.readValue(depth + 1)
    const dictionary = new Dictionary()
    let at = 0
    let inKey = true
    let key: unknown
    try {
      for (; at < count; at++) {
        const keyOffset = d.offset
        inKey = true
        checkSaid(d, saidKey)
        key = take(d, this.#keys, depth + 1)
        inKey = false
        if (dictionary.has(key)) misfit('VARIANT_SHAPE_DUPLICATE', { field: keyShown(key), offset: keyOffset })
        checkSaid(d, saidValue)
        dictionary.set(key, take(d, this.#values, depth + 1))
      }
    } catch (thrown) {
      failAt(thrown, inKey ? { keyAt: at } : { key })
    }
    return dictionary
  }
}

function dictionaryOf(value: unknown): Dictionary | undefined {
  if (isDictionary(value)) return value
  // By way of a Dictionary: a Map may hold two keys that are one key in Godot.
  if (value instanceof Map) return new Dictionary(value)
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !isPlain(value)) return undefined
  return Dictionary.from(value as Record<string, unknown>)
}
