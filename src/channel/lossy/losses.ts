import { GRANULARITY_MS, type RoundTrip } from './rtt.js'

/** A packet is lost when this many later ones have arrived, or this part of a round trip has passed (RFC 9002, 6.1). */
const PACKET_THRESHOLD = 3
const TIME_THRESHOLD = 9 / 8

/** On paths that reorder both grow, up to this (RFC 8985 does likewise). */
const MOST_PACKETS = 1024
const MOST_TIME = 4
/** After so many rounds without a mistake they are halfway back. */
const FORGIVING_ROUNDS = 16

/** When a packet counts as lost, adapted to how far this path reorders. */
export class LossThresholds {
  packets = PACKET_THRESHOLD
  #time = TIME_THRESHOLD
  #quietRounds = 0

  /** How long after its sending a packet is lost for which a later one was acknowledged. */
  delay(rtt: RoundTrip): number {
    return Math.max(this.#time * Math.max(rtt.smoothed, rtt.latest), GRANULARITY_MS)
  }

  /** A packet that was given up has arrived, `distance` numbers behind the largest. */
  mistaken(distance: number): void {
    this.#quietRounds = 0
    this.packets = Math.min(Math.max(this.packets, distance + 1), MOST_PACKETS)
    this.#time = Math.min(this.#time + 1 / 4, MOST_TIME)
  }

  round(): void {
    if (++this.#quietRounds < FORGIVING_ROUNDS) return
    this.#quietRounds = 0
    this.packets = Math.max(PACKET_THRESHOLD, this.packets >> 1)
    this.#time = Math.max(TIME_THRESHOLD, (this.#time + TIME_THRESHOLD) / 2)
  }
}
