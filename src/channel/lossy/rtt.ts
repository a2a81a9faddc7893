/** Timers of platforms are no finer than this (RFC 9002, kGranularity). */
export const GRANULARITY_MS = 1

/** The longest that an acknowledgement is held back: part of the protocol, as the peer's probes count on it. */
export const MAX_ACK_DELAY_MS = 25

/** The round trip before the first sample (RFC 9002, kInitialRtt). */
const INITIAL_RTT_MS = 333

/** The round trip as RFC 9002, section 5, estimates it (and RFC 6298 before it). Milliseconds. */
export class RoundTrip {
  smoothed = INITIAL_RTT_MS
  variance = INITIAL_RTT_MS / 2
  latest = INITIAL_RTT_MS
  #least = Number.POSITIVE_INFINITY

  /** Whether there was a sample. */
  get known(): boolean {
    return this.#least < Number.POSITIVE_INFINITY
  }

  /** `delay` is how long the peer says that it held the acknowledgement back. */
  sample(rtt: number, delay: number): void {
    this.latest = rtt
    if (!this.known) {
      this.#least = rtt
      this.smoothed = rtt
      this.variance = rtt / 2
      return
    }
    this.#least = Math.min(this.#least, rtt)
    const held = Math.min(delay, MAX_ACK_DELAY_MS)
    // The peer's word is taken only as far as no packet could have been faster than the fastest.
    const adjusted = rtt >= this.#least + held ? rtt - held : rtt
    this.variance += (Math.abs(this.smoothed - adjusted) - this.variance) / 4
    this.smoothed += (adjusted - this.smoothed) / 8
  }

  /** How long to wait for any answer before the first probe (RFC 9002, section 6.2.1). */
  get probeTimeout(): number {
    return this.smoothed + Math.max(4 * this.variance, GRANULARITY_MS) + MAX_ACK_DELAY_MS
  }
}
