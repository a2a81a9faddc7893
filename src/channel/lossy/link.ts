import { systemClock } from '../../clock.js'
import type { Lane, Link, LinkAddress, TransportReceiver } from '../../transport/index.js'
import type { LinkFigures } from '../statistics.js'
import type { LossyCounters } from './counters.js'
import { Incoming, type IncomingWay } from './incoming.js'
import type { ResolvedLossyOptions } from './options.js'
import { Outgoing } from './outgoing.js'
import { Pacer } from './pacer.js'
import { PACKET_NUMBERS } from './packet.js'
import { Recovery } from './recovery.js'

/** Frames on the reliable lane may be as large as this, however small the packets are: part of the protocol. */
export const LARGEST_FRAME = 65_536

/** Probes that go out when the time for an answer is over (RFC 9002, 6.2.4). */
const PROBES = 2

const NEVER = Number.POSITIVE_INFINITY

/**
 * A reliable, ordered lane and a datagram lane over a link that only has datagrams: docs/protocol.md, section 7.
 *
 * It looks like any other link to what stands above it. Packets leave at the end of the turn in which something was
 * written, so that what is written together travels together.
 */
export class RepairedLink implements Link {
  readonly reliable = true
  readonly maxFrameSize: number
  readonly #raw: Link
  readonly #receiver: TransportReceiver
  readonly #options: ResolvedLossyOptions
  readonly #counters: LossyCounters
  readonly #packetSize: number
  readonly #incoming: Incoming
  readonly #outgoing: Outgoing
  readonly #recovery: Recovery
  readonly #pacer = new Pacer()

  #up = true
  #rawBlocked = false
  /** `send` answered false, and a drain is owed. */
  #refused = false
  #paceAt = NEVER
  #timer: unknown
  #timerAt = NEVER
  #turn: unknown
  #inEvent = false
  #isAckComing = false

  constructor(raw: Link, receiver: TransportReceiver, options: ResolvedLossyOptions, counters: LossyCounters) {
    this.#raw = raw
    this.#receiver = receiver
    this.#options = options
    this.#counters = counters
    this.maxFrameSize = Math.max(LARGEST_FRAME, raw.maxFrameSize)
    this.#packetSize = Math.min(options.packetSize, raw.maxFrameSize)
    this.#incoming = new Incoming(this.#way, counters, this.maxFrameSize, options.receiveBufferSize)
    this.#outgoing = new Outgoing(this.#incoming, this.#packetSize, raw.maxFrameSize, options)
    this.#recovery = new Recovery(this.#outgoing.stream, this.#incoming, this.#packetSize, options, counters)
    if (this.#incoming.creditDue) this.#wake()
  }

  // --- the link as the multiplexer sees it -----------------------------------------------------------------------

  get peer(): bigint {
    return this.#raw.peer
  }

  get relayed(): boolean {
    return this.#raw.relayed
  }

  get address(): LinkAddress | undefined {
    return this.#raw.address
  }

  get bufferedBytes(): number {
    return this.#outgoing.stream.unsentBytes + this.#outgoing.datagrams.bytes
  }

  /** Of `LinkFigures`: datagrams do not wait behind the stream. */
  get datagramBacklog(): number {
    return this.#outgoing.datagrams.bytes
  }

  get loss(): LinkFigures['loss'] {
    return this.#recovery.loss
  }

  get roundTripMs(): LinkFigures['roundTripMs'] {
    const { rtt } = this.#recovery
    return rtt.known ? rtt.smoothed : undefined
  }

  /** What is known of the path and what is under way on it. */
  get recovery(): Recovery {
    return this.#recovery
  }

  /** Bytes that are kept for either direction. */
  get heldBytes(): number {
    const { stream, datagrams } = this.#outgoing
    return stream.cost + datagrams.bytes + this.#incoming.heldBytes
  }

  send(frame: Uint8Array, lane: Lane): boolean {
    // Misuse is answered by the link below, with the transport's own errors.
    if (frame.length === 0 || frame.length > this.maxFrameSize) return this.#raw.send(frame, 'datagram')
    if (!this.#up) return false
    const isTaken = this.#take(frame, lane)
    if (isTaken) this.#wake()
    else this.#refused = true
    return isTaken
  }

  #take(frame: Uint8Array, lane: Lane): boolean {
    const { stream, datagrams, largestDatagram } = this.#outgoing
    if (lane === 'datagram' && frame.length <= largestDatagram) return datagrams.push(frame, this.#now)
    if (this.#outgoing.isFull(1)) return false
    stream.push(frame)
    return true
  }

  close(reason?: string): void {
    if (!this.#up) return
    // What was written in this turn goes before the end, as far as it may.
    this.#flush()
    this.#end(reason)
  }

  #end(reason?: string): void {
    this.stop()
    this.#raw.close(reason)
  }

  /** Frees everything. No event follows from here. */
  stop(): void {
    this.#up = false
    const { clock } = this.#options
    clock.clearTimeout(this.#timer)
    if (clock !== systemClock) clock.clearTimeout(this.#turn)
    this.#timerAt = NEVER
    this.#outgoing.clear()
    this.#incoming.stop()
  }

  get #now(): number {
    return this.#options.clock.now()
  }

  // --- turns -----------------------------------------------------------------------------------------------------

  /** Something is to be sent when this turn is over. */
  #wake(): void {
    if (this.#inEvent || this.#turn !== undefined) return
    const turn = () => {
      this.#turn = undefined
      this.#flush()
    }
    const { clock } = this.#options
    if (clock !== systemClock) {
      this.#turn = clock.setTimeout(turn, 0)
      return
    }
    // A timer of the platform would come a millisecond later.
    this.#turn = turn
    queueMicrotask(turn)
  }

  /** Runs what an event does, and then sends what came of it, all in one. */
  #event(body: () => void): void {
    this.#inEvent = true
    try {
      body()
    } finally {
      this.#inEvent = false
      this.#flush()
    }
    this.#drain()
  }

  #drain(): void {
    if (!this.#refused || !this.#up || this.#outgoing.isFull(0.5)) return
    if (this.#outgoing.datagrams.bytes > this.#options.maxDatagramBytes / 2) return
    this.#refused = false
    this.#event(() => this.#receiver.drain(this))
  }

  #arm(): void {
    if (!this.#up) return
    const { lossAt, probeAt } = this.#recovery
    // An ACK that the link below does not take waits for its drain: a timer for what is due already would never rest.
    const ackAt = this.#rawBlocked || this.#isAckComing ? NEVER : this.#incoming.received.dueAt
    const at = Math.min(ackAt, lossAt, probeAt, this.#paceAt)
    // A timer that comes too early looks again; only one that would come too late is set anew.
    if (at >= this.#timerAt) return
    const { clock } = this.#options
    clock.clearTimeout(this.#timer)
    this.#timerAt = at
    this.#timer = clock.setTimeout(() => this.#tick(), Math.max(0, at - this.#now))
  }

  #tick(): void {
    this.#timerAt = NEVER
    if (!this.#up) return
    const now = this.#now
    if (now >= this.#recovery.lossAt) this.#recovery.findLost(now)
    else if (now >= this.#recovery.probeAt) this.#probe(now)
    if (!this.#up) return
    this.#flush()
    this.#drain()
  }

  // --- sending ---------------------------------------------------------------------------------------------------

  #flush(): void {
    if (!this.#up) return
    const now = this.#now
    this.#paceAt = NEVER
    while (this.#mayGo(now)) {
      if (!this.#sendWork(now)) break
    }
    if (!this.#up) return
    if (this.#incoming.received.dueAt <= now) this.#ackSoon(now)
    if (this.#paceAt === NEVER && !this.#isCongested && !this.#hasWork(now)) this.#recovery.congestion.appLimited()
    this.#arm()
  }

  /** Whether there is a packet to send, and the path has room for it now. */
  #mayGo(now: number): boolean {
    if (this.#rawBlocked || !this.#hasWork(now) || this.#isCongested) return false
    const { pacingRate, quantum } = this.#recovery.congestion
    const wait = this.#pacer.wait(now, pacingRate, quantum)
    if (wait > 0) this.#paceAt = now + wait
    return wait === 0
  }

  get #isCongested(): boolean {
    const { sent, congestion } = this.#recovery
    return sent.full || sent.bytesInFlight + this.#packetSize > congestion.window
  }

  #hasWork(now: number): boolean {
    this.#dropStale(now)
    return this.#outgoing.hasWork
  }

  #dropStale(now: number): void {
    const { datagrams } = this.#outgoing
    for (let frame = datagrams.shiftStale(now); frame; frame = datagrams.shiftStale(now)) {
      this.#counters.staleDatagrams++
      this.#options.dropped(this, frame)
    }
  }

  #sendWork(now: number): boolean {
    const number = this.#number()
    if (number < 0) return false
    this.#outgoing.fill(number, now)
    return this.#handWork(now)
  }

  #handWork(now: number): boolean {
    if (!this.#hand()) return false
    const { length } = this.#outgoing.writer
    const slot = this.#recovery.packetSent(length, now)
    this.#pacer.spend(length)
    this.#outgoing.commit(this.#recovery.sent, slot)
    return true
  }

  /** One ACK for all packets that are there: a busy end answers less often, an idle one as quickly as ever. */
  #ackSoon(now: number): void {
    if (this.#isAckComing || this.#rawBlocked) return
    const { clock } = this.#options
    if (clock.afterInput === undefined) return this.#sendAck(now)
    this.#isAckComing = true
    clock.afterInput(() => {
      this.#isAckComing = false
      if (!this.#up) return
      if (this.#incoming.received.dueAt <= this.#now) this.#sendAck(this.#now)
      this.#arm()
    })
  }

  /** A packet with nothing but an ACK: not paced, not counted, not answered. */
  #sendAck(now: number): void {
    if (this.#rawBlocked) return
    if (this.#recovery.sent.overfull) return this.#end('the peer acknowledges nothing')
    const number = this.#number()
    if (number < 0) return
    this.#outgoing.fillAck(number, now)
    if (!this.#hand()) return
    this.#incoming.received.told()
    this.#recovery.ackSent(this.#outgoing.writer.length, now)
  }

  /** The number of the next packet; -1 where there are none left, and the link with them. */
  #number(): number {
    const number = this.#recovery.nextNumber()
    if (number < PACKET_NUMBERS) return number
    this.#end('packet numbers are used up')
    return -1
  }

  #hand(): boolean {
    if (this.#raw.send(this.#outgoing.writer.toBytes(), 'datagram')) return true
    this.#rawBlocked = true
    return false
  }

  /** The peer has been silent for too long: what may be lost goes again, whatever the path seems to have room for. */
  #probe(now: number): void {
    const recovery = this.#recovery
    if (recovery.probes >= this.#options.maxProbes) return this.#end(`no answer to ${recovery.probes} probes`)
    recovery.probing(now)
    let again = 0
    for (let i = 0; i < PROBES && this.#up && !this.#rawBlocked; i++) {
      again = recovery.nextWithChunks(again)
      this.#probeWith(again++, now)
    }
  }

  #probeWith(again: number, now: number): void {
    const number = this.#number()
    if (number < 0) return
    const { sent } = this.#recovery
    this.#outgoing.fillAgain(number, now, sent, sent.slot(again))
    this.#handWork(now)
  }

  // --- receiving -------------------------------------------------------------------------------------------------

  readonly #way: IncomingWay = {
    wereSent: (ranges) => this.#recovery.wereSent(ranges),
    acknowledged: (ranges, delayMs) => this.#recovery.acknowledged(ranges, delayMs, this.#now),
    granted: (offset) => this.#outgoing.stream.grant(offset),
    frame: (frame) => this.#receiver.frame(this, frame),
    broken: (reason) => this.#end(reason),
  }

  /** A packet from the link below. */
  receive(packet: Uint8Array): void {
    if (this.#up) this.#event(() => this.#incoming.read(packet, this.#now))
  }

  /** The link below has room again. */
  drained(): void {
    this.#rawBlocked = false
    this.#event(() => {})
  }
}
