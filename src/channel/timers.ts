import type { Clock } from '../clock.js'

/** Some of the timers of a session, for a part of it that has no business with the others. */
export interface NamedTimers<Name extends string> {
  /** Starts a timer, or starts it anew. */
  start(name: Name, ms: number, callback: () => void): void
  has(name: Name): boolean
  stop(name: Name): void
}

/** The named timers of one session, so that none outlives it. */
export class Timers<Name extends string> implements NamedTimers<Name> {
  readonly #running = new Map<Name, unknown>()

  constructor(private readonly clock: Clock) {}

  start(name: Name, ms: number, callback: () => void): void {
    this.stop(name)
    const timer = this.clock.setTimeout(() => this.#run(name, callback), ms)
    this.#running.set(name, timer)
  }

  #run(name: Name, callback: () => void): void {
    this.#running.delete(name)
    callback()
  }

  has(name: Name): boolean {
    return this.#running.has(name)
  }

  stop(name: Name): void {
    if (!this.#running.has(name)) return
    this.clock.clearTimeout(this.#running.get(name))
    this.#running.delete(name)
  }

  stopAll(): void {
    for (const timer of this.#running.values()) this.clock.clearTimeout(timer)
    this.#running.clear()
  }
}
