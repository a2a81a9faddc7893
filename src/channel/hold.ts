import type { Clock } from '../clock.js'
import type { NamedTimers } from './timers.js'

/** The wait of packets for company (send type 3): it lasts as long as the most hurried of them has time. */
export class Hold {
  /** How much time the packet had that decided when it ends; 0 while nothing waits. */
  #ms = 0
  #until = 0

  constructor(
    private readonly clock: Clock,
    private readonly timers: NamedTimers<'nagle'>,
    private readonly over: () => void,
  ) {}

  /** A packet waits that has `ms` milliseconds. */
  wait(ms: number): void {
    // Who came later and has as much time ends no wait: the clock need not be asked.
    if (this.#ms > 0 && ms >= this.#ms) return
    const until = this.clock.now() + ms
    if (this.#ms > 0 && until >= this.#until) return
    this.#ms = ms
    this.#until = until
    this.timers.start('nagle', ms, this.over)
  }

  /** Somebody has stopped the timer, and packets wait still. */
  resume(): void {
    this.timers.start('nagle', Math.max(0, this.#until - this.clock.now()), this.over)
  }

  /** Nothing waits any more. */
  end(): void {
    if (this.#ms === 0) return
    this.#ms = 0
    this.timers.stop('nagle')
  }
}
