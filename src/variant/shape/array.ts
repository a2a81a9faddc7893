/** Arrays: of elements of one field, and with a field for each element. */
import type { Decoder } from '../decoder.js'
import type { Encoder } from '../encoder.js'
import { failAt } from '../fault.js'
import { VariantType } from '../variant-type.js'
import { hasLevelBelow } from './budget.js'
import { type Bounds, boundsText, Coder, INT, OTHER, UNBOUNDED } from './coder.js'
import { checkSaid, markedCount, peekCount, readSaidTypes, type Said, writeArrayHead } from './containers.js'
import { Plan, put, take } from './inline.js'
import { checkSize, refuseDepthOf, refuseValue } from './refuse.js'

/** Memory for so many elements is taken at once; for more, as they come. */
export const MOST_AT_ONCE = 4096

/** An element takes no less. */
const LEAST_ELEMENT = 4

export class ArrayCoder extends Coder {
  override readonly form = 'array'
  readonly what: string
  override readonly elementType = VariantType.ARRAY
  readonly #plan: Plan

  constructor(
    readonly element: Coder,
    readonly typed: boolean,
    override readonly bounds: Bounds = UNBOUNDED,
  ) {
    super()
    this.#plan = new Plan(element)
    this.what = `Array${boundsText(bounds, 'elements')}`
  }

  override sized(bounds: Bounds): Coder {
    return new ArrayCoder(this.element, this.typed, bounds)
  }

  write(e: Encoder, value: unknown, depth: number): void {
    if (!Array.isArray(value)) refuseValue(value, this)
    const count = value.length
    if (this.bounds !== UNBOUNDED) checkSize(count, this.bounds, this)
    if (count > 0 && !hasLevelBelow(depth)) refuseDepthOf(e, depth)
    e.enter(e.length, value, count, depth)
    if (this.typed) writeArrayHead(e, count, this.element.elementType)
    else this.#writeHead(e, count)
    let i = 0
    try {
      if (this.#plan.kind === INT) i = writeInts(e, value)
      if (this.#plan.kind === OTHER) for (; i < count; i++) this.element.write(e, value[i], depth + 1)
      for (let at = e.length; i < count; i++) at = this.#writeInline(e, at, value[i], depth + 1)
    } catch (thrown) {
      failAt(thrown, { index: i }, value)
    }
  }

  #writeHead(e: Encoder, count: number): void {
    const at = e.reserve(8)
    const { view } = e
    view.setInt32(at, e.dialect.idOf[VariantType.ARRAY]!, true)
    view.setInt32(at + 4, markedCount(e, count), true)
  }

  /** Writes one element at `at` and returns where the next one goes, which is the end of what is written. */
  #writeInline(e: Encoder, at: number, value: unknown, depth: number): number {
    const plan = this.#plan
    if (at + plan.room > e.bytes.length) e.reserve(plan.room, 0)
    const end = put(e, at, plan, value)
    e.length = end < 0 ? at : end
    if (end < 0) plan.coder.write(e, value, depth)
    return e.length
  }

  read(d: Decoder, depth: number): unknown {
    const { offset } = d
    let said: Said
    if (d.end - offset >= 8 && d.view.getInt32(offset, true) === d.dialect.idOf[VariantType.ARRAY]) d.offset += 4
    else said = readSaidTypes(d, VariantType.ARRAY, this, depth)[0]
    if (this.bounds !== UNBOUNDED) checkSize(peekCount(d), this.bounds, this, offset)
    const count = d.readCount(LEAST_ELEMENT)
    if (count > 0 && !hasLevelBelow(depth)) d.readValue(depth + 1)
    const array: unknown[] = count <= MOST_AT_ONCE ? new Array(count) : []
    const ints = this.#plan.kind === INT && said === undefined ? readInts(d, array, count) : 0
    if (ints < count) this.#readElements(d, array, ints, count, said, depth + 1)
    return array
  }

  #readElements(d: Decoder, array: unknown[], from: number, count: number, said: Said, depth: number): void {
    const plan = this.#plan
    let i = from
    try {
      for (; i < count; i++) {
        if (said !== undefined) checkSaid(d, said)
        array[i] = take(d, plan, depth)
      }
    } catch (thrown) {
      failAt(thrown, { index: i })
    }
  }
}

/** Writes ints up to one that is unusual, and returns how many. */
function writeInts(e: Encoder, array: readonly unknown[]): number {
  const { length } = array
  let at = e.reserve(8 * length)
  const { view } = e
  let i = 0
  for (; i < length; i++) {
    const value = array[i]
    if (typeof value !== 'number' || (value | 0) !== value) break
    view.setInt32(at, VariantType.INT, true)
    view.setInt32(at + 4, value, true)
    at += 8
  }
  e.length = at
  return i
}

/** Reads ints up to one that is unusual, and returns how many. */
function readInts(d: Decoder, array: unknown[], count: number): number {
  const { view, end } = d
  let at = d.offset
  let i = 0
  for (; i < count && at + 8 <= end && view.getInt32(at, true) === VariantType.INT; i++, at += 8) {
    array[i] = view.getInt32(at + 4, true)
  }
  d.offset = at
  return i
}

export class TupleCoder extends Coder {
  override readonly form = 'tuple'
  readonly what: string
  override readonly elementType = VariantType.ARRAY

  constructor(readonly elements: readonly Coder[]) {
    super()
    this.what = `Array of ${elements.length} elements`
  }

  write(e: Encoder, value: unknown, depth: number): void {
    const { elements } = this
    if (!Array.isArray(value)) refuseValue(value, this)
    this.#checkCount(value.length)
    writeArrayHead(e, elements.length, undefined)
    e.enter(e.length, value, elements.length, depth)
    if (elements.length > 0 && !hasLevelBelow(depth)) refuseDepthOf(e, depth)
    let i = 0
    try {
      for (; i < elements.length; i++) elements[i]!.write(e, value[i], depth + 1)
    } catch (thrown) {
      failAt(thrown, { index: i }, value)
    }
  }

  read(d: Decoder, depth: number): unknown {
    const { elements } = this
    const { offset } = d
    const [said] = readSaidTypes(d, VariantType.ARRAY, this, depth)
    this.#checkCount(peekCount(d), offset)
    const count = d.readCount(LEAST_ELEMENT)
    if (count > 0 && !hasLevelBelow(depth)) d.readValue(depth + 1)
    const array: unknown[] = []
    let i = 0
    try {
      for (; i < elements.length; i++) {
        checkSaid(d, said)
        array.push(elements[i]!.read(d, depth + 1))
      }
    } catch (thrown) {
      failAt(thrown, { index: i })
    }
    return array
  }

  #checkCount(count: number, offset?: number): void {
    const wanted = this.elements.length
    if (count !== wanted) checkSize(count, { min: wanted, max: wanted } as Bounds, this, offset)
  }
}
