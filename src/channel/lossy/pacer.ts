/** A burst after a pause is at most what the rate gives in this time. */
const BURST_MS = 4

/** Timers come late, on a busy machine by a lot: what they were late by is made up for, up to this. */
const LATE_MS = 30

/** Timers that are due this much later are as good as due. */
const ALMOST_MS = 0.001

/** Spreads packets over time: a bucket that fills at the rate of the path. */
export class Pacer {
  /** Bytes that may go; below 0 after a packet that went on credit. */
  #room = 0
  #at = Number.NEGATIVE_INFINITY
  /** Something waits for its moment, so that time that passes is no pause. */
  #isWaiting = false

  /** Milliseconds until a packet may go; `rate` in bytes a millisecond. */
  wait(now: number, rate: number, quantum: number): number {
    if (now > this.#at) this.#pass(now, rate, quantum)
    const wait = Math.max(0, -this.#room / rate)
    this.#isWaiting = wait >= ALMOST_MS
    return this.#isWaiting ? wait : 0
  }

  #pass(now: number, rate: number, quantum: number): void {
    const most = Math.max(quantum, rate * (this.#isWaiting ? LATE_MS : BURST_MS))
    this.#room = Math.min(most, this.#room + (now - this.#at) * rate)
    this.#at = now
  }

  /** A packet went. */
  spend(bytes: number): void {
    this.#room -= bytes
  }
}
