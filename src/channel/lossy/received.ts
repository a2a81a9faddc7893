import type { PacketWriter } from './packet.js'
import { Ranges } from './ranges.js'
import { MAX_ACK_DELAY_MS } from './rtt.js'

/** So many ranges are remembered; what is older than all of them counts as seen, and is dropped. */
const MAX_RANGES = 256

/**
 * Of these, an ACK tells what is new and what lies so far behind the newest packet at most, in so many ranges: each is told
 * some sixty times then, and a path that loses little has short ACKs.
 */
const TOLD_BEHIND = 128
const RANGES_TOLD = 128

/** This many packets that want an answer are answered at once (RFC 9000, section 13.2.2). */
const PACKETS_PER_ACK = 2

/** Which packets have arrived, and when the sender hears of it (RFC 9000, section 13.2). */
export class ReceivedPackets {
  readonly #ranges = new Ranges()
  /** Nothing below is taken any more. */
  #floor = 0
  #largest = -1
  #largestAt = 0
  #unanswered = 0
  /** The oldest packet that came since the last acknowledgement. */
  #oldestUntold = Number.POSITIVE_INFINITY
  /** When an acknowledgement is due; Infinity when none is. */
  dueAt = Number.POSITIVE_INFINITY

  /** What a packet number is at its arrival: each is taken once. */
  judge(number: number): 'new' | 'duplicate' | 'old' {
    if (number < this.#floor) return 'old'
    return this.#ranges.has(number) ? 'duplicate' : 'new'
  }

  /** `wantsAnswer` is false for what only acknowledges: acknowledgements of acknowledgements would never end. */
  take(number: number, now: number, wantsAnswer: boolean): void {
    const inOrder = number === this.#largest + 1
    this.#ranges.add(number, number + 1)
    this.#oldestUntold = Math.min(this.#oldestUntold, number)
    if (this.#ranges.count > MAX_RANGES) {
      this.#floor = this.#ranges.endOf(0)
      this.#ranges.removeBelow(this.#floor)
    }
    if (number > this.#largest) {
      this.#largest = number
      this.#largestAt = now
    }
    if (wantsAnswer) this.#schedule(now, inOrder)
  }

  /** At once for every second packet, and where something is missing or comes late; else soon. */
  #schedule(now: number, inOrder: boolean): void {
    this.#unanswered++
    if (!inOrder || this.#unanswered >= PACKETS_PER_ACK) this.dueAt = now
    else this.dueAt = Math.min(this.dueAt, now + MAX_ACK_DELAY_MS)
  }

  /** Whether something has arrived that was not acknowledged: then an ACK rides with whatever goes out. */
  get pending(): boolean {
    return this.#unanswered > 0
  }

  /** False when there is no room for it. */
  write(writer: PacketWriter, now: number, limit: number): boolean {
    const delayUs = Math.min(Math.max(0, Math.round((now - this.#largestAt) * 1000)), 0xffff_ffff)
    return writer.ack(this.#ranges, delayUs, limit, this.#worthTelling())
  }

  #worthTelling(): number {
    const last = this.#ranges.count - 1
    const oldest = Math.min(this.#oldestUntold, this.#largest - TOLD_BEHIND)
    let told = 1
    while (told <= last && told < RANGES_TOLD && this.#ranges.endOf(last - told) > oldest) told++
    return told
  }

  /** The acknowledgement is on its way. */
  told(): void {
    this.#unanswered = 0
    this.#oldestUntold = Number.POSITIVE_INFINITY
    this.dueAt = Number.POSITIVE_INFINITY
  }
}
