/** Time as the rooms see it: passed in, so that a test of twenty seconds takes none. */
export interface Clock {
  /** Milliseconds since any fixed moment; never goes back. */
  now(): number
  /** Runs `callback` once, `ms` milliseconds from now, never before the caller returns. */
  setTimeout(callback: () => void, ms: number): unknown
  /** Forgets a timer; one that ran or was forgotten is ignored. */
  clearTimeout(timer: unknown): void
}

/** The platform's clock. Its timers do not keep a Node process alive: sockets do that. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout(callback, ms) {
    const timer: unknown = setTimeout(callback, ms)
    if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer.unref as () => void)()
    return timer
  },
  clearTimeout: (timer) => clearTimeout(timer as number),
}

interface VirtualTimer {
  readonly at: number
  readonly order: number
  readonly callback: () => void
}

/**
 * A clock that stands still until it is told to move: `advance` runs every timer that falls due, in order of time.
 *
 * @example
 * ```ts
 * const clock = new VirtualClock()
 * clock.setTimeout(() => console.log('twenty seconds'), 20_000)
 * clock.advance(20_000) // prints now
 * ```
 */
export class VirtualClock implements Clock {
  #now = 0
  #order = 0
  readonly #timers = new Set<VirtualTimer>()

  now(): number {
    return this.#now
  }

  setTimeout(callback: () => void, ms: number): unknown {
    const timer = { at: this.#now + Math.max(0, ms), order: this.#order++, callback }
    this.#timers.add(timer)
    return timer
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as VirtualTimer)
  }

  /** How many timers wait: a closed session leaves none behind. */
  get pending(): number {
    return this.#timers.size
  }

  /** Moves time forward by `ms` and runs what falls due on the way, also what those timers start. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.#timers.delete(timer)
      this.#now = timer.at
      timer.callback()
    }
    this.#now = end
  }

  #next(end: number): VirtualTimer | undefined {
    let first: VirtualTimer | undefined
    for (const timer of this.#timers) {
      if (timer.at > end) continue
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer
    }
    return first
  }
}
