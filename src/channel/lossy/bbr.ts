import { Aggregation } from './aggregation.js'
import { DeliveryRate } from './delivery.js'
import { CRUISING, LOUD, LossFloor, QUIET } from './loss-floor.js'
import { RoundMax } from './round-max.js'
import type { RoundTrip } from './rtt.js'
import type { SentPackets } from './sent.js'

/** In packets: what may be under way before anything is known (RFC 9002), and always. */
const INITIAL_WINDOW = 10
const LEAST_WINDOW = 4

/** 2 / ln 2: the least gain that doubles the rate each round. */
const STARTUP_GAIN = 2.885
const WINDOW_GAIN = 2
/** Paced a little below the estimate, so that queues drain (draft-ietf-ccwg-bbr, BBRPacingMarginPercent). */
const PACING_MARGIN = 0.99

/** ProbeBW: up, down, and cruise for six times the least round trip. */
const CYCLE = [1.25, 0.75, 1, 1, 1, 1, 1, 1] as const
const UP = 0
const DOWN = 1

/** Startup ends when the rate has grown by less than a quarter in three rounds. */
const FULL_GROWTH = 1.25
const FULL_ROUNDS = 3
/** So many losses in a round, more than chance takes, speak of a full path even where there is little to send. */
const FULL_LOSSES = 6

/** Loss above the floor that is taken for congestion (BBRLossThresh), and how far the rate goes down for it (BBRBeta). */
const LOSS_THRESHOLD = 0.02
const BETA = 0.7
/** Chance does as it likes; so many standard deviations of it are not believed to be chance. */
const DEVIATIONS = 2.5
/** Below this part of the bandwidth what is sent cannot be too much for the path. */
const QUIET_PART = 0.8

const MIN_RTT_WINDOW_MS = 10_000
const PROBE_RTT_MS = 200

/** The most that is given away at once, and the time that it may stand for. */
const MOST_QUANTUM = 65_536
const QUANTUM_MS = 1

export interface BbrOptions {
  readonly maxInFlight: number
  readonly random: () => number
}

export type BbrState = 'startup' | 'drain' | 'probe-bw' | 'probe-rtt'

/**
 * BBR (Cardwell, Cheng, Gunn, Yeganeh, Jacobson: "BBR: Congestion-Based Congestion Control", ACM Queue 14, 2016;
 * draft-cardwell-iccrg-bbr-congestion-control, draft-ietf-ccwg-bbr): the rate is that at which the path delivers, and
 * loss is no sign of congestion.
 *
 * One thing is added, as plain BBR falls to nothing above 20 % of loss, where even its probing at 1.25 times the rate
 * delivers less than the rate: what the path loses by chance (`LossFloor`) is sent on top. The down phase is sent without
 * that, so that loss which is of our own making shows there.
 *
 * Rates are bytes a millisecond.
 */
export class Bbr {
  state: BbrState = 'startup'
  readonly #sent: SentPackets
  readonly #rtt: RoundTrip
  readonly #packetSize: number
  readonly #maxWindow: number
  readonly #random: () => number
  readonly #floor = new LossFloor()
  readonly #aggregation = new Aggregation()
  readonly #delivery: DeliveryRate
  readonly #rates = new RoundMax()

  #bandwidth = 0
  #round = 0
  #roundEnds = 0
  #roundStarted = false
  #roundRtt = Number.POSITIVE_INFINITY
  /** Of the round at hand: the largest rate, packets that arrived, packets that were lost. */
  #roundRate = 0
  #roundArrived = 0
  #roundLost = 0
  /** Where loss says that the bandwidth is not what it was, until the next probe. */
  #bandwidthLow = Number.POSITIVE_INFINITY

  #minRtt = Number.POSITIVE_INFINITY
  #minRttAt = 0
  /** No queue of ours stands after a pause: what is measured then is the least round trip, with no need to probe for it. */
  #afterPause = false
  #probeRttEnds = 0
  #probeRttRound = 0

  #full = false
  #fullRate = 0
  #fullCount = 0
  /** More was lost in the last round than chance takes. */
  #overflowed = false

  #cycle = 0
  #cycleAt = 0
  #loss = 0

  window: number
  /** Bytes a millisecond. */
  pacingRate: number

  constructor(sent: SentPackets, rtt: RoundTrip, packetSize: number, options: BbrOptions) {
    this.#sent = sent
    this.#rtt = rtt
    this.#delivery = new DeliveryRate(sent)
    this.#packetSize = packetSize
    this.#maxWindow = options.maxInFlight
    this.#random = options.random
    this.window = INITIAL_WINDOW * packetSize
    // Before anything is known a round trip counts as a millisecond: the first window goes at once.
    this.pacingRate = STARTUP_GAIN * this.window
  }

  /** Bytes a millisecond that the path delivers; 0 before the first sample. */
  get bandwidth(): number {
    return this.#bandwidth
  }

  /** Milliseconds; Infinity before the first sample. */
  get minRtt(): number {
    return this.#minRtt
  }

  /** The part of the packets that is lost by chance. */
  get lossFloor(): number {
    return this.#loss
  }

  /** How much may be given away at once. */
  get quantum(): number {
    return Math.min(Math.max(2 * this.#packetSize, this.pacingRate * QUANTUM_MS), MOST_QUANTUM)
  }

  // --- what is told ----------------------------------------------------------------------------------------------

  /** A packet goes; `bytesBefore` were in flight already. */
  sent(slot: number, now: number, bytesBefore: number): void {
    if (bytesBefore === 0) this.#begin(now)
    this.#delivery.sent(slot)
    this.#sent.phase[slot] = this.#phase
  }

  /** The first packet after a pause. */
  #begin(now: number): void {
    this.#delivery.begin(now)
    this.#afterPause = this.#delivery.isLimited
  }

  get #phase(): number {
    if (this.state === 'probe-rtt') return QUIET
    if (this.state !== 'probe-bw' || this.#cycle === UP) return LOUD
    return this.#cycle === DOWN || this.#bandwidthLow < QUIET_PART * this.#bandwidth ? QUIET : CRUISING
  }

  /** There is less to send than the path would take. */
  appLimited(): void {
    this.#delivery.limit()
  }

  /** Each packet that an acknowledgement names for the first time, before it is settled. */
  acked(slot: number, now: number): void {
    this.#delivery.acked(slot, now)
    this.#roundArrived++
    this.#floor.arrived(this.#sent.phase[slot]!)
  }

  lost(slot: number): void {
    this.#roundLost++
    this.#floor.lost(this.#sent.phase[slot]!)
  }

  /** A packet that was given up arrived all the same. */
  late(slot: number): void {
    this.#floor.late(this.#sent.phase[slot]!)
  }

  /**
   * After all packets of an acknowledgement; `rtt` where it gave a sample of one. Answers whether a round has ended with
   * it.
   */
  acknowledged(now: number, rtt: number | undefined): boolean {
    if (!this.#delivery.hasSample) return false
    this.#updateRound(now)
    this.#updateBandwidth()
    if (this.#full) this.#aggregation.acked(this.#delivery.ackedBytes, now, this.#usable, this.window)
    const expired = this.#updateMinRtt(now, rtt)
    if (this.#roundStarted) this.#checkFull()
    this.#drain(now)
    if (this.state === 'probe-bw') this.#advanceCycle(now)
    this.#probeRtt(now, expired && !this.#afterPause)
    this.#afterPause = false
    this.#control()
    this.#delivery.next()
    return this.#roundStarted
  }

  // --- the model of the path -------------------------------------------------------------------------------------

  #updateRound(now: number): void {
    this.#roundStarted = this.#delivery.prior >= this.#roundEnds
    if (!this.#roundStarted) return
    this.#roundEnds = this.#delivery.delivered
    this.#round++
    this.#rates.nextRound()
    this.#judgeRound(now)
    this.#aggregation.nextRound()
    this.#roundRtt = Number.POSITIVE_INFINITY
    this.#roundRate = 0
    this.#roundArrived = 0
    this.#roundLost = 0
  }

  /** Once a round: whether a queue stands shows in the fastest packet of the round, an overflow in its losses. */
  #judgeRound(now: number): void {
    if (this.#standingQueue) this.#floor.doubt(this.#roundArrived + this.#roundLost)
    this.#loss = this.#floor.value
    const isExcess = this.#excessLoss
    this.#overflowed = isExcess && this.#roundLost >= FULL_LOSSES
    if (isExcess && this.state === 'probe-bw') this.#yield(now)
  }

  /** More was lost than chance takes. */
  get #excessLoss(): boolean {
    const count = this.#roundArrived + this.#roundLost
    const share = Math.max(this.#loss, LOSS_THRESHOLD)
    const chance = DEVIATIONS * Math.sqrt(count * share * (1 - share))
    return this.#roundLost > count * (this.#loss + LOSS_THRESHOLD) + chance
  }

  /** The path is too full: probing ends, and until the next probe the rate is at most what still arrives. */
  #yield(now: number): void {
    if (this.#cycle === UP) {
      this.#cycle = DOWN
      this.#cycleAt = now
      return
    }
    this.#bandwidthLow = Math.max(this.#roundRate, BETA * this.#usable)
  }

  /** Bytes a millisecond that may be counted on at the moment. */
  get #usable(): number {
    return Math.min(this.#bandwidth, this.#bandwidthLow)
  }

  /** How much more than the round trip explains its samples differ: a queue of ours grows too slowly for that. */
  get #jitter(): number {
    return Math.max(0, this.#rtt.variance - this.#minRtt / 2)
  }

  get #standingQueue(): boolean {
    if (this.#roundRtt === Number.POSITIVE_INFINITY) return false
    return this.#roundRtt > this.#minRtt * 1.1 + 1 + 2 * this.#jitter
  }

  #updateBandwidth(): void {
    const { interval, rate, isAppLimited } = this.#delivery
    // Faster than light: acknowledgements that were held up and came at once.
    if (interval > 0 && interval >= this.#minRtt) {
      this.#roundRate = Math.max(this.#roundRate, rate)
      if (!isAppLimited || rate >= this.#bandwidth) this.#rates.see(rate)
    }
    // A sender with little to say has no samples for long: what was known stays.
    this.#bandwidth = this.#rates.value || this.#bandwidth
  }

  /** Answers whether the least round trip was seen too long ago. */
  #updateMinRtt(now: number, rtt: number | undefined): boolean {
    if (rtt === undefined) return false
    this.#roundRtt = Math.min(this.#roundRtt, rtt)
    const expired = now > this.#minRttAt + MIN_RTT_WINDOW_MS
    if (rtt > this.#minRtt && !expired) return false
    const had = this.#minRtt < Number.POSITIVE_INFINITY && rtt > this.#minRtt
    this.#minRtt = rtt
    this.#minRttAt = now
    return expired && had
  }

  // --- the states ------------------------------------------------------------------------------------------------

  #checkFull(): void {
    if (this.#full || (this.#delivery.isAppLimited && !this.#overflowed)) return
    if (this.#bandwidth >= this.#fullRate * FULL_GROWTH) {
      this.#fullRate = this.#bandwidth
      this.#fullCount = 0
      return
    }
    this.#full = ++this.#fullCount >= FULL_ROUNDS
  }

  #drain(now: number): void {
    if (this.state === 'startup' && this.#full) this.state = 'drain'
    if (this.state === 'drain' && this.#sent.bytesInFlight <= this.#target(1)) this.#enterProbeBandwidth(now)
  }

  /** At any phase but down: what flows that share a path have in common shall not be their cycle. */
  #enterProbeBandwidth(now: number): void {
    this.state = 'probe-bw'
    const place = Math.floor(this.#random() * (CYCLE.length - 1))
    this.#cycle = place === 0 ? UP : place + 1
    this.#cycleAt = now
  }

  #advanceCycle(now: number): void {
    if (now - this.#cycleAt <= this.#minRtt) return
    // Up is up until the path was seen full.
    if (
      this.#cycle === UP &&
      this.#sent.bytesInFlight + this.#delivery.ackedBytes < this.#target(1) &&
      this.#loss === 0
    ) {
      if (now - this.#cycleAt <= 2 * this.#minRtt) return
    }
    this.#cycle = (this.#cycle + 1) % CYCLE.length
    this.#cycleAt = now
    if (this.#cycle === UP) this.#bandwidthLow = Number.POSITIVE_INFINITY
  }

  #probeRtt(now: number, expired: boolean): void {
    if (expired && this.state !== 'probe-rtt') {
      this.state = 'probe-rtt'
      this.#probeRttEnds = 0
    }
    if (this.state !== 'probe-rtt') return
    this.appLimited()
    if (this.#probeRttEnds === 0) {
      if (this.#sent.bytesInFlight > LEAST_WINDOW * this.#packetSize) return
      this.#probeRttEnds = now + PROBE_RTT_MS
      this.#probeRttRound = this.#round
    } else if (now >= this.#probeRttEnds && this.#round > this.#probeRttRound) {
      this.#minRttAt = now
      if (this.#full) this.#enterProbeBandwidth(now)
      else this.state = 'startup'
    }
  }

  // --- what comes of it ------------------------------------------------------------------------------------------

  /** The bytes under way that keep the path busy, times `gain`. */
  #target(gain: number): number {
    if (this.#minRtt === Number.POSITIVE_INFINITY || this.#bandwidth === 0) return INITIAL_WINDOW * this.#packetSize
    return (this.#usable * (gain * this.#minRtt + 4 * this.#jitter)) / (1 - this.#loss) + 3 * this.quantum
  }

  #control(): void {
    this.#setPacing()
    this.#setWindow()
  }

  #setPacing(): void {
    if (this.#bandwidth === 0) {
      if (this.#minRtt < Number.POSITIVE_INFINITY) {
        this.pacingRate = (STARTUP_GAIN * this.window) / Math.max(this.#minRtt, 1)
      }
      return
    }
    const down = this.state === 'probe-bw' && this.#cycle === DOWN
    const loss = down ? 0 : this.#loss
    const rate = (this.#gain * PACING_MARGIN * this.#usable) / (1 - loss)
    // Until the path was full once, no sample says less than what is known.
    if (this.#full || rate > this.pacingRate) this.pacingRate = rate
  }

  get #gain(): number {
    if (this.state === 'startup') return STARTUP_GAIN
    if (this.state === 'drain') return 1 / STARTUP_GAIN
    return this.state === 'probe-bw' ? CYCLE[this.#cycle]! : 1
  }

  #setWindow(): void {
    const gain = this.state === 'startup' || this.state === 'drain' ? STARTUP_GAIN : WINDOW_GAIN
    const target = this.#target(gain) + this.#aggregation.extra
    if (this.#full) this.window = Math.min(this.window + this.#delivery.ackedBytes, target)
    else if (this.window < target || this.#delivery.delivered < INITIAL_WINDOW * this.#packetSize)
      this.window += this.#delivery.ackedBytes
    this.window = Math.max(this.window, LEAST_WINDOW * this.#packetSize)
    if (this.state === 'probe-rtt') this.window = Math.min(this.window, LEAST_WINDOW * this.#packetSize)
    this.window = Math.min(this.window, this.#maxWindow)
  }
}
