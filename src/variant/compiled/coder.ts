import type { Decoder } from '../decoder.js'
import type { Encoder } from '../encoder.js'
import { budget } from '../shape/budget.js'
import { Coder, type Lane } from '../shape/coder.js'

/**
 * A coder with a lane beside it. What the lane does not take, for whichever reason, the coder does from the start: it alone
 * says what is wrong.
 */
export class CompiledCoder extends Coder {
  readonly what: string
  override readonly elementType: Coder['elementType']

  constructor(
    override readonly plain: Coder,
    override readonly lane: Lane,
  ) {
    super()
    this.what = plain.what
    this.elementType = plain.elementType
  }

  override between(min: number | bigint, max: number | bigint): Coder | undefined {
    return this.plain.between(min, max)
  }

  override sized(bounds: Coder['bounds']): Coder | undefined {
    return this.plain.sized(bounds)
  }

  write(e: Encoder, value: unknown, depth: number): void {
    const { length, elementsLeft } = e
    const end = this.#tryWrite(e, length, value, depth)
    if (end >= 0) {
      e.length = end
      return
    }
    e.length = length
    e.elementsLeft = elementsLeft
    this.plain.write(e, value, depth)
  }

  #tryWrite(e: Encoder, at: number, value: unknown, depth: number): number {
    const { lane } = this
    if (e.dialect.version !== lane.version || e.wide || depth + lane.levels > budget.maxDepth) return -1
    try {
      return lane.write(e, at, value, depth)
    } catch {
      return -1
    }
  }

  read(d: Decoder, depth: number): unknown {
    const { offset, elementsLeft, exact } = d
    const { looks } = budget
    const value = this.#tryRead(d, depth)
    if (value !== undefined) return value
    // As if nothing had been tried.
    d.offset = offset
    d.elementsLeft = elementsLeft
    d.exact = exact
    budget.looks = looks
    return this.plain.read(d, depth)
  }

  #tryRead(d: Decoder, depth: number): unknown {
    const { lane } = this
    if (d.dialect.version !== lane.version || depth + lane.levels > budget.maxDepth) return undefined
    const { top } = budget.reading
    try {
      return lane.read(d, depth)
    } catch {
      budget.reading.forget(top)
      return undefined
    }
  }
}
