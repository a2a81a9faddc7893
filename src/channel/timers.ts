import type { Clock } from '../clock.js'

/** The named timers of one session, so that none outlives it. */
export class Timers<Name extends string> {
  readonly #running = new Map<Name, unknown>()

  constructor(private readonly clock: Clock) {}

  /** Starts a timer, or starts it anew. */
  start(name: Name, ms: number, callback: () => void): void {
    this.stop(name)
    const timer = this.clock.setTimeout(() => {
      this.#running.delete(name)
      callback()
    }, ms)
    this.#running.set(name, timer)
  }

  has(name: Name): boolean {
    return this.#running.has(name)
  }

  stop(name: Name): void {
    const timer = this.#running.get(name)
    if (timer === undefined) return
    this.clock.clearTimeout(timer)
    this.#running.delete(name)
  }

  stopAll(): void {
    for (const timer of this.#running.values()) this.clock.clearTimeout(timer)
    this.#running.clear()
  }
}
