import { Fifo } from '../fifo.js'

interface Waiting {
  readonly frame: Uint8Array
  readonly since: number
}

/** Frames of the datagram lane that wait for their turn: few, and not for long. */
export class DatagramQueue {
  /** Bytes of all of them. */
  bytes = 0
  readonly #waiting = new Fifo<Waiting>()
  readonly #maxBytes: number
  readonly #maxAgeMs: number

  constructor(maxBytes: number, maxAgeMs: number) {
    this.#maxBytes = maxBytes
    this.#maxAgeMs = maxAgeMs
  }

  get length(): number {
    return this.#waiting.length
  }

  /** More than this may not wait, however small they are: an array for each is not free. */
  get #isFull(): boolean {
    return this.#waiting.length >= this.#maxBytes / 16
  }

  /** The frame belongs to the queue if it is taken. */
  push(frame: Uint8Array, now: number): boolean {
    if (this.bytes + frame.length > this.#maxBytes || this.#isFull) return false
    this.#waiting.push({ frame, since: now })
    this.bytes += frame.length
    return true
  }

  at(index: number): Uint8Array | undefined {
    return this.#waiting.at(index)?.frame
  }

  shift(): Uint8Array | undefined {
    const frame = this.#waiting.shift()?.frame
    if (frame) this.bytes -= frame.length
    return frame
  }

  /** The oldest one, where it has waited too long. */
  shiftStale(now: number): Uint8Array | undefined {
    const first = this.#waiting.at(0)
    return first && first.since < now - this.#maxAgeMs ? this.shift() : undefined
  }

  clear(): void {
    this.#waiting.clear()
    this.bytes = 0
  }
}
