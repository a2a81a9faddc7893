import type { ByteReader } from '../../bytes/index.js'
import { isGodotWireError } from '../../errors.js'
import type { LossyCounters } from './counters.js'
import { INITIAL_CREDIT } from './options.js'
import { openPacket, type PacketVisitor, packetNumberOf, readPacket } from './packet.js'
import { ReceiveStream } from './receive-stream.js'
import { ReceivedPackets } from './received.js'

/** Whom the packets of the peer concern. */
export interface IncomingWay {
  /** Whether all of these packets were sent: pairs of lowest and highest number, the newest pair first. */
  wereSent(ranges: readonly number[]): boolean
  acknowledged(ranges: readonly number[], delayMs: number): void
  granted(offset: number): void
  /** A frame, of either lane. */
  frame(frame: Uint8Array): void
  /** Nothing sensible can come from this peer any more. */
  broken(reason: string): void
}

const NOTHING = new Uint8Array(0)

/** One direction of a link, at its receiver: each packet counts once, as a whole or not at all. */
export class Incoming {
  readonly received = new ReceivedPackets()
  /** The peer is to be told of more credit. */
  creditDue: boolean
  readonly #way: IncomingWay
  readonly #counters: LossyCounters
  readonly #bufferSize: number
  readonly #stream: ReceiveStream
  /** The first byte that the peer may not send. */
  #told = INITIAL_CREDIT
  #stopped = false

  // Of the packet at hand.
  #packet: Uint8Array = NOTHING
  #wantsAnswer = false
  #refusal: 'forgedAcks' | 'beyondCredit' | undefined

  constructor(way: IncomingWay, counters: LossyCounters, maxFrameSize: number, bufferSize: number) {
    this.#way = way
    this.#counters = counters
    this.#bufferSize = bufferSize
    this.#stream = new ReceiveStream(maxFrameSize, (frame) => way.frame(frame))
    this.creditDue = bufferSize > INITIAL_CREDIT
  }

  get heldBytes(): number {
    return this.#stream.heldBytes
  }

  /** The credit that can be given now. */
  get credit(): number {
    return this.#stream.next + this.#bufferSize
  }

  /** The packet with this credit is on its way. */
  creditTold(credit: number): void {
    this.#told = Math.max(this.#told, credit)
    this.creditDue = false
  }

  read(packet: Uint8Array, now: number): void {
    const r = this.#open(packet)
    if (!r) return
    const start = r.offset
    if (!this.#judged(r)) return
    this.received.take(packetNumberOf(r), now, this.#wantsAnswer)
    r.offset = start
    this.#packet = packet
    readPacket(r, this.#take)
    this.#packet = NOTHING
    if (this.#stream.broken && !this.#stopped) this.#way.broken('the stream of the peer makes no sense')
  }

  /** Nothing is told any more, not even within the call that is going on. */
  stop(): void {
    this.#stopped = true
    this.#stream.stop()
  }

  #open(packet: Uint8Array): ByteReader | undefined {
    const r = this.#parsed(() => openPacket(packet))
    if (!r || this.received.judge(packetNumberOf(r)) === 'new') return r
    this.#counters.duplicatePackets++
    return undefined
  }

  /** Looked at as a whole before any of it counts: what is acknowledged must have been taken. */
  #judged(r: ByteReader): boolean {
    this.#refusal = undefined
    this.#wantsAnswer = false
    const isWhole = this.#parsed(() => {
      readPacket(r, this.#judge)
      return true
    })
    if (!isWhole) return false
    if (this.#refusal === undefined) return true
    this.#counters[this.#refusal]++
    if (this.#refusal === 'forgedAcks') this.#way.broken('the peer acknowledges what was never sent')
    return false
  }

  #parsed<T>(parse: () => T): T | undefined {
    try {
      return parse()
    } catch (error) {
      if (!isGodotWireError(error, 'CHANNEL_BAD_FRAME')) throw error
      this.#counters.brokenPackets++
      return undefined
    }
  }

  readonly #judge: PacketVisitor = {
    ping: () => {
      this.#wantsAnswer = true
    },
    ack: (ranges) => {
      if (!this.#way.wereSent(ranges)) this.#refusal = 'forgedAcks'
    },
    credit: () => {
      this.#wantsAnswer = true
    },
    datagram: () => {
      this.#wantsAnswer = true
    },
    chunk: (wire, _at, size) => {
      this.#wantsAnswer = true
      const start = this.#stream.offsetOf(wire)
      if (start + size > this.#told || this.#stream.tooTorn(start)) this.#refusal ??= 'beyondCredit'
    },
  }

  readonly #take: PacketVisitor = {
    ping: () => {},
    ack: (ranges, delayUs) => {
      if (!this.#stopped) this.#way.acknowledged(ranges, delayUs / 1000)
    },
    credit: (offset) => {
      if (!this.#stopped) this.#way.granted(offset)
    },
    datagram: (at, size) => {
      if (!this.#stopped) this.#way.frame(this.#packet.slice(at, at + size))
    },
    chunk: (wire, at, size) => {
      if (this.#stopped) return
      this.#stream.put(this.#stream.offsetOf(wire), this.#packet.subarray(at, at + size))
      // Not for every packet: a quarter of what may be under way is worth a word.
      if (this.credit - this.#told >= this.#bufferSize / 4) this.creditDue = true
    },
  }
}
