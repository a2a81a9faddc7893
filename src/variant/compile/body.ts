import type { Lines } from './lines.js'
import type { Plan } from './plan.js'
import { place } from './words.js'

/** A function as it is written: what the two halves of a lane have in common. In it `p` is a place in the bytes. */
export abstract class Body {
  /** How far what was done reaches beyond `p`. */
  protected ahead = 0
  #names = 0

  constructor(
    protected readonly plan: Plan,
    protected readonly lines: Lines,
    /** The line with which it gives up. */
    private readonly fail: string,
  ) {}

  protected giveUp(): void {
    this.lines.add(this.fail)
  }

  /** Gives up where one of the conditions holds; those that are undefined are none. */
  protected failIf(...conditions: readonly (string | undefined)[]): void {
    const given = conditions.filter((condition) => condition !== undefined)
    if (given.length > 0) this.lines.add(`if (${given.join(' || ')}) ${this.fail}`)
  }

  /** Where it is, or so many bytes further. */
  protected here(more = 0): string {
    return place(this.ahead + more)
  }

  /** A variable's name that no other has. */
  protected name(letter: string): string {
    return `${letter}${this.#names++}`
  }
}
