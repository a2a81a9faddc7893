import { RoundMax } from './round-max.js'

/** No more than so many milliseconds of the path's rate. */
const MOST_MS = 100

/**
 * Acknowledgements come in bursts where radio links, or busy machines, hold them up; a window for an even stream would run
 * dry between two of them. So it is kept how much more came at once than the rate explains (draft-ietf-ccwg-bbr,
 * BBRUpdateACKAggregation).
 */
export class Aggregation {
  readonly #extra = new RoundMax()
  #since = 0
  #acked = 0

  /** Bytes more than the rate explains, at most, in the last rounds. */
  get extra(): number {
    return this.#extra.value
  }

  /** So many bytes were acknowledged at once; `rate` in bytes a millisecond. */
  acked(bytes: number, now: number, rate: number, window: number): void {
    if (this.#acked <= rate * (now - this.#since)) {
      this.#acked = 0
      this.#since = now
    }
    this.#acked += bytes
    this.#extra.see(Math.min(this.#acked - rate * (now - this.#since), window, rate * MOST_MS))
  }

  nextRound(): void {
    this.#extra.nextRound()
  }
}
