import type { EventQueue } from './queue.js'
import type { Random } from './random.js'

/** How a network treats what is sent over it. */
export interface Weather {
  readonly latencyMs: number
  readonly jitterMs: number
  readonly loss: number
  readonly duplicate: number
  readonly reorder: number
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

  constructor(queue: EventQueue, weather: Weather, random: Random) {
    this.#queue = queue
    this.#weather = weather
    this.#random = random
    this.rough = weather.loss > 0 || weather.duplicate > 0 || weather.reorder > 0 || weather.jitterMs > 0
  }

  /** When the latest thing that must not be overtaken arrives. */
  get last(): number {
    return this.#last
  }

  /** Nothing that must not be overtaken arrives before `at`. */
  holdUntil(at: number): void {
    if (at > this.#last) this.#last = at
  }

  /** When the next thing arrives that must not overtake what was sent before it. */
  inOrder(): number {
    this.holdUntil(this.#travel())
    return this.#last
  }

  /** When each copy of a datagram arrives: none, one or two moments. */
  datagram(): readonly number[] {
    if (this.#happens(this.#weather.loss)) return []
    return this.#happens(this.#weather.duplicate) ? [this.#loose(), this.#loose()] : [this.#loose()]
  }

  /** One that is held back for another journey: those sent behind it meanwhile overtake it. */
  #loose(): number {
    const { latencyMs, jitterMs, reorder } = this.#weather
    const extra = this.#happens(reorder) ? Math.max(1, latencyMs + jitterMs) : 0
    return this.#travel() + extra
  }

  #travel(): number {
    const { latencyMs, jitterMs } = this.#weather
    return this.#queue.now() + latencyMs + (jitterMs > 0 ? jitterMs * this.#random() : 0)
  }

  #happens(probability: number): boolean {
    return probability > 0 && this.#random() < probability
  }
}
