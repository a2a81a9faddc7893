import type { Decoder } from '../decoder.js'
import type { GodotVersion } from '../dialect.js'
import type { Encoder } from '../encoder.js'
import { budget } from '../shape/budget.js'
import { Coder } from '../shape/coder.js'

/** The quick way through the values of one field: all that is usual, and nothing else. */
export interface Lane {
  /**
   * Writes the value at `at` and answers where it ends; a negative number for what it leaves to the coder. What it may throw
   * is left to the coder as well.
   */
  readonly write: (e: Encoder, at: number, value: unknown, depth: number) => number
  /** Reads the value at the cursor, and leaves the cursor behind it; undefined for what it leaves to the coder. */
  readonly read: (d: Decoder, depth: number) => unknown
}

/**
 * A coder with a lane beside it. What the lane does not take, for whichever reason, the coder does from the start: it alone
 * says what is wrong.
 */
export class CompiledCoder extends Coder {
  readonly what: string
  override readonly elementType: Coder['elementType']

  constructor(
    override readonly plain: Coder,
    readonly lane: Lane,
    readonly version: GodotVersion,
    /** How many levels of containers its values have at most, as far as the lane goes. */
    readonly levels: number,
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
    if (e.dialect.version !== this.version || e.wide || depth + this.levels > budget.maxDepth) return -1
    try {
      return this.lane.write(e, at, value, depth)
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
    if (d.dialect.version !== this.version || depth + this.levels > budget.maxDepth) return undefined
    try {
      return this.lane.read(d, depth)
    } catch {
      return undefined
    }
  }
}
