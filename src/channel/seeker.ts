import { Backoff } from './backoff.js'
import type { ResolvedOptions } from './options.js'
import type { NamedTimers } from './timers.js'

/**
 * Asks for a link for as long as there is none: at once, and then with growing pauses. The pauses grow until the peer was
 * heard, not only until a link came up: one that breaks as soon as it is there must not be asked for without a pause.
 */
export class Seeker {
  readonly #backoff: Backoff
  #attempts = 0

  constructor(
    { reconnectMs, reconnectMaxMs, randomUint32 }: ResolvedOptions,
    private readonly timers: NamedTimers<'link'>,
    private readonly connect: () => void,
  ) {
    this.#backoff = new Backoff(reconnectMs, reconnectMaxMs, randomUint32)
  }

  /** There is no link, and one is wanted. */
  seek(): void {
    if (this.timers.has('link')) return
    if (this.#attempts === 0) this.#ask()
    else this.#wait()
  }

  /** There is one. */
  found(): void {
    this.timers.stop('link')
  }

  /** The peer speaks. */
  heard(): void {
    if (this.#attempts === 0) return
    this.#attempts = 0
    this.#backoff.reset()
  }

  #ask(): void {
    this.#attempts++
    this.#wait()
    this.connect()
  }

  #wait(): void {
    this.timers.start('link', this.#backoff.next(), () => this.#ask())
  }
}
