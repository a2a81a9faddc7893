/** What became of a packet that was sent. A packet that wants no answer is over at once. */
export const OVER = 0
export const IN_FLIGHT = 1
export const LOST = 2

/** As many stretches of the stream may be in one packet. */
export const MAX_CHUNKS = 4

const FIRST_CAPACITY = 64

/** Packets that are remembered at most, those that wait for their answer and lost ones that may still be answered. */
export const MAX_REMEMBERED_PACKETS = 65_536

/** What a packet carried that must come again when it is lost. */
export const CARRIES_CREDIT = 1
/** It was sent while there was too little to send to tell how fast the path is. */
export const WAS_APP_LIMITED = 2

/**
 * The packets that were sent, by number: a ring of numbers in typed arrays, so that a packet makes no garbage. The place
 * of a packet in the arrays is `slot(number)`.
 */
export class SentPackets {
  #capacity = FIRST_CAPACITY
  /** Every packet before is over, or was lost too long ago to be answered. */
  #base = 0
  /** The first packet that is in flight is not before this. */
  #first = 0
  #next = 0
  state = new Uint8Array(FIRST_CAPACITY)
  flags = new Uint8Array(FIRST_CAPACITY)
  /** Which part of the path's probing a packet belongs to: for the congestion control. */
  phase = new Uint8Array(FIRST_CAPACITY)
  chunks = new Uint8Array(FIRST_CAPACITY)
  size = new Float64Array(FIRST_CAPACITY)
  sentAt = new Float64Array(FIRST_CAPACITY)
  /** Of the delivery rate: what was delivered when it was sent, and when that and the first of the flight were. */
  delivered = new Float64Array(FIRST_CAPACITY)
  deliveredAt = new Float64Array(FIRST_CAPACITY)
  firstSentAt = new Float64Array(FIRST_CAPACITY)
  chunkStart = new Float64Array(FIRST_CAPACITY * MAX_CHUNKS)
  chunkSize = new Float64Array(FIRST_CAPACITY * MAX_CHUNKS)
  /** Bytes and packets in flight. */
  bytesInFlight = 0
  inFlight = 0

  /** The number of the next packet. */
  get next(): number {
    return this.#next
  }

  get base(): number {
    return this.#base
  }

  /** Where no packet may go that wants an answer: the rest is for acknowledgements. */
  get full(): boolean {
    return this.#next - this.#base >= MAX_REMEMBERED_PACKETS / 2
  }

  /** Where no packet may go at all. */
  get overfull(): boolean {
    return this.#next - this.#base >= MAX_REMEMBERED_PACKETS
  }

  slot(number: number): number {
    return number % this.#capacity
  }

  /** A packet with the next number, in flight if it wants an answer. Gives its slot. */
  add(size: number, now: number, wantsAnswer: boolean): number {
    if (this.#next - this.#base === this.#capacity) this.#grow()
    const slot = this.slot(this.#next++)
    this.state[slot] = wantsAnswer ? IN_FLIGHT : OVER
    this.flags[slot] = 0
    this.chunks[slot] = 0
    this.size[slot] = size
    this.sentAt[slot] = now
    if (wantsAnswer) {
      this.bytesInFlight += size
      this.inFlight++
    }
    return slot
  }

  addChunk(slot: number, start: number, size: number): void {
    const at = slot * MAX_CHUNKS + this.chunks[slot]!++
    this.chunkStart[at] = start
    this.chunkSize[at] = size
  }

  /** The packet is answered or lost. */
  settle(slot: number, state: typeof OVER | typeof LOST): void {
    if (this.state[slot] === IN_FLIGHT) {
      this.bytesInFlight -= this.size[slot]!
      this.inFlight--
    }
    this.state[slot] = state
  }

  /** The oldest packet in flight; `next` where there is none. */
  oldest(): number {
    while (this.#first < this.#next && this.state[this.slot(this.#first)] !== IN_FLIGHT) this.#first++
    return this.#first
  }

  /** Forgets what is over, and what was lost before `moment`. Answers whether something was forgotten. */
  forget(moment: number): boolean {
    const before = this.#base
    const first = this.oldest()
    const spare = MAX_REMEMBERED_PACKETS / 4
    while (this.#base < first) {
      const slot = this.slot(this.#base)
      const kept = this.state[slot] === LOST && this.sentAt[slot]! >= moment
      if (kept && this.#next - this.#base < spare) break
      this.#base++
    }
    return this.#base > before
  }

  #grow(): void {
    const before = this.#capacity
    const capacity = before * 2
    const move = <T extends Uint8Array | Float64Array>(from: T, to: T, width: number): T => {
      for (let number = this.#base; number < this.#next; number++) {
        const source = (number % before) * width
        const target = (number % capacity) * width
        for (let i = 0; i < width; i++) to[target + i] = from[source + i]!
      }
      return to
    }
    this.state = move(this.state, new Uint8Array(capacity), 1)
    this.flags = move(this.flags, new Uint8Array(capacity), 1)
    this.phase = move(this.phase, new Uint8Array(capacity), 1)
    this.chunks = move(this.chunks, new Uint8Array(capacity), 1)
    this.size = move(this.size, new Float64Array(capacity), 1)
    this.sentAt = move(this.sentAt, new Float64Array(capacity), 1)
    this.delivered = move(this.delivered, new Float64Array(capacity), 1)
    this.deliveredAt = move(this.deliveredAt, new Float64Array(capacity), 1)
    this.firstSentAt = move(this.firstSentAt, new Float64Array(capacity), 1)
    this.chunkStart = move(this.chunkStart, new Float64Array(capacity * MAX_CHUNKS), MAX_CHUNKS)
    this.chunkSize = move(this.chunkSize, new Float64Array(capacity * MAX_CHUNKS), MAX_CHUNKS)
    this.#capacity = capacity
  }
}
