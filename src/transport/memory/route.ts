import type { EventQueue } from './queue.js'
import type { Random } from './random.js'

/** How a network treats what is sent over it. */
export interface Weather {
  readonly latencyMs: number
  readonly jitterMs: number
  readonly loss: number
  readonly duplicate: number
  readonly reorder: number
  /** Bytes a second; Infinity where nothing is narrow. */
  readonly bandwidth: number
  /** How long a frame may wait for its turn at the narrow place. */
  readonly queueMs: number
}

/**
 * The way from one peer to another: when things arrive, and whether. It outlives the links that use it, as otherwise the
 * first news of a new link could overtake the last of the old one.
 */
export class Route {
  /** True where a datagram may fare worse than a reliable frame. */
  readonly rough: boolean
  readonly #queue: EventQueue
  readonly #weather: Weather
  readonly #random: Random
  #last = 0
  /** When the narrow place has sent on what waits there. */
  #freeAt = 0

  constructor(queue: EventQueue, weather: Weather, random: Random) {
    this.#queue = queue
    this.#weather = weather
    this.#random = random
    const { loss, duplicate, reorder, jitterMs, bandwidth } = weather
    this.rough = loss > 0 || duplicate > 0 || reorder > 0 || jitterMs > 0 || bandwidth < Number.POSITIVE_INFINITY
  }

  /** Whether a frame sent now would wait too long. What is lost on one lane for it is refused on the other. */
  get full(): boolean {
    return this.#freeAt - this.#queue.now() > this.#weather.queueMs
  }

  /** When half of what may wait is gone, as far as is known now. */
  get roomAt(): number {
    return this.#freeAt - this.#weather.queueMs / 2
  }

  /** When the latest thing that must not be overtaken arrives. */
  get last(): number {
    return this.#last
  }

  /** Nothing that must not be overtaken arrives before `at`. */
  holdUntil(at: number): void {
    if (at > this.#last) this.#last = at
  }

  /** Whatever was on this way is lost: the next thing finds it empty. */
  clear(): void {
    this.#last = this.#freeAt = this.#queue.now()
  }

  /** When the next thing arrives that must not overtake what was sent before it. */
  inOrder(bytes: number): number {
    this.holdUntil(this.#travel(this.#leave(bytes)))
    return this.#last
  }

  /** When each copy of a datagram arrives: none, one or two moments. Chance takes and doubles behind the narrow place. */
  datagram(bytes: number): readonly number[] {
    if (this.full) return []
    const left = this.#leave(bytes)
    if (this.#happens(this.#weather.loss)) return []
    return this.#happens(this.#weather.duplicate) ? [this.#loose(left), this.#loose(left)] : [this.#loose(left)]
  }

  /** When the last byte has passed the narrow place. */
  #leave(bytes: number): number {
    this.#freeAt = Math.max(this.#queue.now(), this.#freeAt) + (bytes * 1000) / this.#weather.bandwidth
    return this.#freeAt
  }

  /** One that is held back for another journey: those sent behind it meanwhile overtake it. */
  #loose(left: number): number {
    const { latencyMs, jitterMs, reorder } = this.#weather
    const extra = this.#happens(reorder) ? Math.max(1, latencyMs + jitterMs) : 0
    return this.#travel(left) + extra
  }

  #travel(left: number): number {
    const { latencyMs, jitterMs } = this.#weather
    return left + latencyMs + (jitterMs > 0 ? jitterMs * this.#random() : 0)
  }

  #happens(probability: number): boolean {
    return probability > 0 && this.#random() < probability
  }
}
