// A clock that knows how many timers its owner has: of one peer among several, which all share the time.
import type { Clock } from '../../src/clock.js'

/** So many timers of one peer in one moment, and the next moment never comes. */
const STANDSTILL = 20_000

export class CountingClock implements Clock {
  readonly #clock: Clock
  readonly #pending = new Set<unknown>()
  #moment = 0
  #inMoment = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get pending(): number {
    return this.#pending.size
  }

  now(): number {
    return this.#clock.now()
  }

  setTimeout(callback: () => void, ms: number): unknown {
    this.#countMoment()
    const timer = this.#clock.setTimeout(() => {
      this.#pending.delete(timer)
      callback()
    }, ms)
    this.#pending.add(timer)
    return timer
  }

  clearTimeout(timer: unknown): void {
    this.#pending.delete(timer)
    this.#clock.clearTimeout(timer)
  }

  #countMoment(): void {
    const now = this.#clock.now()
    if (now !== this.#moment) this.#inMoment = 0
    this.#moment = now
    if (++this.#inMoment > STANDSTILL)
      throw new Error(`time stands still at ${now} ms: timers start timers without end`)
  }
}
