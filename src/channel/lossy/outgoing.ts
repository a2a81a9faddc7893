import { DatagramQueue } from './datagram-queue.js'
import type { Incoming } from './incoming.js'
import { INITIAL_CREDIT, type ResolvedLossyOptions } from './options.js'
import {
  CHUNK_HEADER_SIZE,
  CREDIT_SIZE,
  DATAGRAM_HEADER_SIZE,
  largestDatagram,
  PACKET_HEADER_SIZE,
  PacketWriter,
  SMALLEST_ACK,
} from './packet.js'
import { SendStream } from './send-stream.js'
import { CARRIES_CREDIT, MAX_CHUNKS, type SentPackets } from './sent.js'

/** A chunk that is smaller and not the rest of something is not worth its head. */
const LEAST_CHUNK = 64

/**
 * One direction of a link, at its sender: all that waits to go, and how it is put into packets.
 *
 * `fill` writes a packet and remembers what is in it; `commit` makes that true once the link below has taken it. A packet
 * that was not taken is simply not committed.
 */
export class Outgoing {
  readonly stream = new SendStream(INITIAL_CREDIT)
  readonly datagrams: DatagramQueue
  readonly writer = new PacketWriter()
  readonly #incoming: Incoming
  readonly #packetSize: number
  readonly #largestPacket: number
  readonly #options: ResolvedLossyOptions

  // What the packet at hand carries.
  #acks = false
  #credit = 0
  #datagramCount = 0
  #chunks = 0
  readonly #starts = new Float64Array(MAX_CHUNKS)
  readonly #sizes = new Float64Array(MAX_CHUNKS)

  constructor(incoming: Incoming, packetSize: number, largestPacket: number, options: ResolvedLossyOptions) {
    this.#incoming = incoming
    this.#packetSize = packetSize
    this.#largestPacket = largestPacket
    this.#options = options
    this.datagrams = new DatagramQueue(options.maxDatagramBytes, options.maxDatagramAgeMs)
  }

  get largestDatagram(): number {
    return largestDatagram(this.#largestPacket)
  }

  /** Whether there is anything that wants an answer. */
  get hasWork(): boolean {
    return this.#incoming.creditDue || this.datagrams.length > 0 || this.stream.hasWork
  }

  /** Whether more is kept than `part` of what may be. */
  isFull(part: number): boolean {
    const { maxUnsent, sendBufferSize } = this.#options
    return this.stream.unsentBytes >= maxUnsent * part || this.stream.cost >= sendBufferSize * part
  }

  /** A packet with nothing but an ACK. */
  fillAck(number: number, now: number): void {
    this.#forget()
    this.writer.begin(number)
    this.#acks = this.#incoming.received.write(this.writer, now, this.#packetSize)
  }

  /** Everything that waits, as far as it fits. */
  fill(number: number, now: number): void {
    this.#forget()
    this.writer.begin(number)
    const first = this.datagrams.at(0)
    const limit = this.#limitWith(first)
    this.#writeNews(now, limit - sizeOf(first))
    if (first) this.#writeDatagrams(limit)
    this.#pickWaiting(limit - this.writer.length)
    this.#writeChunks()
  }

  /** What a packet carried that is under way and may be lost. Where that is nothing any more, it asks for an answer. */
  fillAgain(number: number, now: number, sent: SentPackets, slot: number): void {
    this.#forget()
    this.writer.begin(number)
    this.#writeNews(now, this.#packetSize)
    this.#pickFrom(sent, slot, this.#packetSize - this.writer.length)
    this.#writeChunks()
    if (this.#credit === 0 && this.#chunks === 0) this.writer.ping()
  }

  /** The link below has taken the packet; `slot` is its place among those that were sent. */
  commit(sent: SentPackets, slot: number): void {
    if (this.#acks) this.#incoming.received.told()
    if (this.#credit > 0) {
      this.#incoming.creditTold(this.#credit)
      sent.flags[slot]! |= CARRIES_CREDIT
    }
    for (let i = 0; i < this.#datagramCount; i++) this.datagrams.shift()
    for (let i = 0; i < this.#chunks; i++) {
      sent.addChunk(slot, this.#starts[i]!, this.#sizes[i]!)
      this.stream.sent(this.#starts[i]!, this.#sizes[i]!)
    }
  }

  clear(): void {
    this.stream.clear()
    this.datagrams.clear()
  }

  #forget(): void {
    this.#acks = false
    this.#credit = 0
    this.#datagramCount = 0
    this.#chunks = 0
  }

  /** A datagram may need a larger packet than the stream would fill. */
  #limitWith(datagram: Uint8Array | undefined): number {
    const needed = PACKET_HEADER_SIZE + SMALLEST_ACK + sizeOf(datagram)
    return Math.max(this.#packetSize, Math.min(needed, this.#largestPacket))
  }

  /** What the peer needs to know: packets that arrived, credit that it has. */
  #writeNews(now: number, limit: number): void {
    const { received, creditDue, credit } = this.#incoming
    this.#acks = received.pending && received.write(this.writer, now, limit)
    if (!creditDue || limit - this.writer.length < CREDIT_SIZE) return
    this.writer.credit(credit)
    this.#credit = credit
  }

  #writeDatagrams(limit: number): void {
    for (let next = this.datagrams.at(0); next; next = this.datagrams.at(this.#datagramCount)) {
      if (this.writer.length + sizeOf(next) > limit) return
      this.writer.datagram(next)
      this.#datagramCount++
    }
  }

  #pickWaiting(room: number): void {
    let left = room
    const { stream } = this
    for (let i = 0; i < stream.lostCount && this.#chunks < MAX_CHUNKS; i++) {
      left -= this.#pick(stream.lostStart(i), stream.lostSize(i), left)
    }
    if (this.#chunks < MAX_CHUNKS && stream.newSize > 0) this.#pick(stream.newStart, stream.newSize, left)
  }

  #pickFrom(sent: SentPackets, slot: number, room: number): void {
    let left = room
    for (let i = 0; i < sent.chunks[slot]!; i++) {
      const at = slot * MAX_CHUNKS + i
      const start = Math.max(sent.chunkStart[at]!, this.stream.base)
      const size = sent.chunkStart[at]! + sent.chunkSize[at]! - start
      if (size > 0) left -= this.#pick(start, size, left)
    }
  }

  /** Answers how much of the room it takes. */
  #pick(start: number, size: number, room: number): number {
    const fits = Math.min(size, room - CHUNK_HEADER_SIZE)
    if (fits < Math.min(size, LEAST_CHUNK) || fits <= 0) return 0
    this.#starts[this.#chunks] = start
    this.#sizes[this.#chunks++] = fits
    return CHUNK_HEADER_SIZE + fits
  }

  #writeChunks(): void {
    for (let i = 0; i < this.#chunks; i++) {
      this.writer.chunk(this.#starts[i]!, this.#sizes[i]!)
      this.stream.write(this.writer, this.#starts[i]!, this.#sizes[i]!)
    }
  }
}

function sizeOf(datagram: Uint8Array | undefined): number {
  return datagram ? DATAGRAM_HEADER_SIZE + datagram.length : 0
}
