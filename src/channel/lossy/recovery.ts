import { Bbr } from './bbr.js'
import type { LossyCounters } from './counters.js'
import { LossThresholds } from './losses.js'
import type { ResolvedLossyOptions } from './options.js'
import { Ranges } from './ranges.js'
import { RoundTrip } from './rtt.js'
import type { SendStream } from './send-stream.js'
import { CARRIES_CREDIT, IN_FLIGHT, LOST, MAX_CHUNKS, OVER, SentPackets } from './sent.js'
import { Share } from './share.js'

/** A lost packet may still be answered for so many times as long as an answer may take. */
const REMEMBERED_ROUNDS = 3

/** Every so many packets, by chance, a number is left out. */
const LEAST_RUN = 64
const RUN_SPAN = 448

const NEVER = Number.POSITIVE_INFINITY

/** What the peer must be told besides the stream, and again where the packet was lost. */
interface Owed {
  creditDue: boolean
}

/**
 * What became of the packets that were sent (RFC 9002): which have arrived, which are lost, when the peer must be asked.
 *
 * Now and then a packet number is left out. Who acknowledges it has not waited for the packets that it acknowledges, and
 * wants to be sent more than its path carries (RFC 9000, section 21.4).
 */
export class Recovery {
  readonly sent = new SentPackets()
  readonly rtt = new RoundTrip()
  readonly congestion: Bbr
  /** When the next packet will count as lost. */
  lossAt = NEVER
  /** Probes since the peer was heard last. */
  probes = 0
  readonly #options: ResolvedLossyOptions
  readonly #counters: LossyCounters
  readonly #stream: SendStream
  readonly #owed: Owed
  readonly #acked = new Ranges()
  readonly #thresholds = new LossThresholds()
  readonly #share = new Share()
  #largestAcked = -1
  #lastSentAt = 0
  #leftOut = -1
  #leaveOutAt: number

  // Of the acknowledgement at hand: the newest packet that it names for the first time, and when that was sent.
  #newest = -1
  #sampleAt = 0
  #ackedAny = false
  #now = 0

  constructor(
    stream: SendStream,
    owed: Owed,
    packetSize: number,
    options: ResolvedLossyOptions,
    counters: LossyCounters,
  ) {
    this.#stream = stream
    this.#owed = owed
    this.#options = options
    this.#counters = counters
    this.congestion = new Bbr(this.sent, this.rtt, packetSize, options)
    this.#leaveOutAt = this.#nextRun()
  }

  /** Share of packets that were lost lately; undefined before the first was answered. */
  get loss(): number | undefined {
    return this.#share.count > 0 ? this.#share.value : undefined
  }

  // --- sending ---------------------------------------------------------------------------------------------------

  /** The number of the next packet. */
  nextNumber(): number {
    if (this.sent.next !== this.#leaveOutAt) return this.sent.next
    this.#leftOut = this.sent.next
    this.sent.add(0, 0, false)
    this.#leaveOutAt = this.sent.next + this.#nextRun()
    return this.sent.next
  }

  #nextRun(): number {
    return LEAST_RUN + Math.floor(this.#options.random() * RUN_SPAN)
  }

  /** A packet that wants an answer has left. Gives its slot. */
  packetSent(size: number, now: number): number {
    const before = this.sent.bytesInFlight
    const slot = this.sent.add(size, now, true)
    this.congestion.sent(slot, now, before)
    this.#lastSentAt = now
    return slot
  }

  /** A packet that wants none. */
  ackSent(size: number, now: number): void {
    this.sent.add(size, now, false)
    this.#forget(now)
  }

  // --- losses ----------------------------------------------------------------------------------------------------

  /** Gives up what is lost by now, and says when the next packet will be (RFC 9002, 6.1). */
  findLost(now: number): void {
    const { sent } = this
    const delay = this.#thresholds.delay(this.rtt)
    this.lossAt = NEVER
    for (let number = sent.oldest(); number < this.#largestAcked; number = sent.oldest()) {
      const slot = sent.slot(number)
      const lateAt = sent.sentAt[slot]! + delay
      if (this.#largestAcked - number < this.#thresholds.packets && lateAt > now) {
        this.lossAt = lateAt
        break
      }
      this.#lose(slot)
    }
    this.#forget(now)
  }

  #lose(slot: number): void {
    const { sent } = this
    this.#counters.lostPackets++
    this.#share.add(1)
    this.congestion.lost(slot)
    sent.settle(slot, LOST)
    this.#oweCredit(slot)
    for (let i = 0; i < sent.chunks[slot]!; i++) {
      const start = sent.chunkStart[slot * MAX_CHUNKS + i]!
      this.#stream.lose(start, start + sent.chunkSize[slot * MAX_CHUNKS + i]!)
    }
  }

  #oweCredit(slot: number): void {
    if ((this.sent.flags[slot]! & CARRIES_CREDIT) !== 0) this.#owed.creditDue = true
  }

  #forget(now: number): void {
    if (this.sent.forget(now - REMEMBERED_ROUNDS * this.rtt.probeTimeout)) this.#acked.removeBelow(this.sent.base)
  }

  // --- probes ----------------------------------------------------------------------------------------------------

  /** When the peer has been silent for so long that it is asked (RFC 9002, 6.2). */
  get probeAt(): number {
    if (this.sent.inFlight === 0 || this.lossAt !== NEVER) return NEVER
    const { probeTimeout } = this.rtt
    const longest = Math.max(this.#options.maxProbeTimeoutMs, probeTimeout)
    return this.#lastSentAt + Math.min(probeTimeout * 2 ** this.probes, longest)
  }

  /** The peer is asked now, or would be if the link below took anything. */
  probing(now: number): void {
    this.probes++
    this.#counters.probes++
    this.#lastSentAt = now
    this.#oweCredit(this.sent.slot(this.sent.oldest()))
  }

  /** From `number` on the first packet in flight that carries some of the stream; any packet where there is none. */
  nextWithChunks(number: number): number {
    const { next, state, chunks } = this.sent
    for (let at = Math.max(number, this.sent.oldest()); at < next; at++) {
      const slot = this.sent.slot(at)
      if (state[slot] === IN_FLIGHT && chunks[slot]! > 0) return at
    }
    return this.sent.oldest()
  }

  // --- acknowledgements ------------------------------------------------------------------------------------------

  /** Pairs of lowest and highest number, the newest pair first. */
  wereSent(ranges: readonly number[]): boolean {
    if (ranges[1]! >= this.sent.next) return false
    for (let i = 0; i < ranges.length; i += 2) {
      if (ranges[i]! <= this.#leftOut && this.#leftOut <= ranges[i + 1]!) return false
    }
    return true
  }

  acknowledged(ranges: readonly number[], delay: number, now: number): void {
    const largest = ranges[1]!
    const isNews = largest > this.#largestAcked
    this.#note(ranges, now)
    if (isNews) this.#largestAcked = largest
    if (!isNews && !this.#ackedAny) return
    if (this.#ackedAny) this.probes = 0
    // Its arrival is what this answers, at once where it is not the largest, which alone the delay is about.
    const rtt = this.#newest >= 0 ? now - this.#sampleAt : undefined
    if (rtt !== undefined) this.rtt.sample(rtt, this.#newest === largest ? delay : 0)
    this.findLost(now)
    if (this.congestion.acknowledged(now, rtt)) this.#thresholds.round()
  }

  /** Oldest first, so that the newest is named last. */
  #note(ranges: readonly number[], now: number): void {
    this.#now = now
    this.#newest = -1
    this.#ackedAny = false
    for (let i = ranges.length - 2; i >= 0; i -= 2) {
      this.#acked.add(Math.max(ranges[i]!, this.sent.base), ranges[i + 1]! + 1, this.#arrived)
    }
  }

  readonly #arrived = (from: number, to: number): void => {
    for (let number = from; number < to; number++) this.#settle(number)
  }

  #settle(number: number): void {
    const { sent } = this
    const slot = sent.slot(number)
    const state = sent.state[slot]
    if (state === OVER) return
    this.#newest = number
    this.#sampleAt = sent.sentAt[slot]!
    if (state === LOST) this.#arrivedLate(number, slot)
    else this.#arrivedInTime(slot)
    this.#ackedAny = true
    sent.settle(slot, OVER)
    for (let i = 0; i < sent.chunks[slot]!; i++) {
      const start = sent.chunkStart[slot * MAX_CHUNKS + i]!
      this.#stream.acknowledge(start, start + sent.chunkSize[slot * MAX_CHUNKS + i]!)
    }
  }

  #arrivedLate(number: number, slot: number): void {
    this.#counters.latePackets++
    this.#share.takeBack()
    this.#thresholds.mistaken(this.#largestAcked - number)
    this.congestion.late(slot)
  }

  #arrivedInTime(slot: number): void {
    this.#share.add(0)
    this.congestion.acked(slot, this.#now)
  }
}
