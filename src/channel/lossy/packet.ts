/** Packets of links that lose, and their records: docs/protocol.md, section 7. The only file that knows their bytes. */
import { ByteReader, ByteWriter } from '../../bytes/index.js'
import { channelError } from '../errors.js'
import type { Ranges } from './ranges.js'

/** Frames of sessions have kind 1. */
export const PACKET_KIND = 2
/** Kind and packet number. */
export const PACKET_HEADER_SIZE = 5
/** Packet numbers are below this, and none is given twice. */
export const PACKET_NUMBERS = 2 ** 32

const PING = 0x01
const ACK = 0x02
const CREDIT = 0x03
const DATAGRAM = 0x10
const CHUNK = 0x20

/** The most that a DATAGRAM or CHUNK takes beside its payload, in packets below 16 KiB. */
export const DATAGRAM_HEADER_SIZE = 1 + 3
export const CHUNK_HEADER_SIZE = 1 + 4 + 3

export const CREDIT_SIZE = 1 + 4

/** An ACK with one range: type, largest, delay, count, first range. */
export const SMALLEST_ACK = 1 + 5 + 5 + 1 + 5
/** What each further range may take. */
const LARGEST_ACK_RANGE = 10

/** The largest datagram that fits behind an ACK into a packet of `size` bytes. */
export function largestDatagram(size: number): number {
  return size - PACKET_HEADER_SIZE - SMALLEST_ACK - DATAGRAM_HEADER_SIZE
}

/** What the records of a packet are told to; payloads by their place in the packet, so that looking costs nothing. */
export interface PacketVisitor {
  ping(): void
  /** Pairs of lowest and highest packet number, the newest pair first; good until the call returns. */
  ack(ranges: readonly number[], delayUs: number): void
  credit(offset: number): void
  datagram(at: number, size: number): void
  chunk(offset: number, at: number, size: number): void
}

export class PacketWriter extends ByteWriter {
  begin(number: number): void {
    this.reset()
    this.writeUint8(PACKET_KIND)
    this.writeUint32(number)
  }

  ping(): void {
    this.writeUint8(PING)
  }

  /** The newest ranges of `received`, as many as fit before `limit`. False when not even one does. */
  ack(received: Ranges, delayUs: number, limit: number, mostRanges: number): boolean {
    let room = limit - this.length - SMALLEST_ACK
    if (room < 0) return false
    const newest = received.count - 1
    room = Math.floor(room / LARGEST_ACK_RANGE)
    const further = Math.min(newest, room, mostRanges - 1, 0x7f)
    let low = received.startOf(newest)
    const largest = received.endOf(newest) - 1
    this.writeUint8(ACK)
    this.writeVarint(largest)
    this.writeVarint(delayUs)
    this.writeVarint(further)
    this.writeVarint(largest - low)
    for (let i = newest - 1; i >= newest - further; i--) {
      const high = received.endOf(i) - 1
      this.writeVarint(low - high - 2)
      low = received.startOf(i)
      this.writeVarint(high - low)
    }
    return true
  }

  /** Offsets of the stream go modulo 2^32. */
  credit(offset: number): void {
    this.writeUint8(CREDIT)
    this.writeUint32(offset % PACKET_NUMBERS)
  }

  datagram(payload: Uint8Array): void {
    this.writeUint8(DATAGRAM)
    this.writeVarint(payload.length)
    this.writeBytes(payload)
  }

  /** The head of a CHUNK; its bytes follow. */
  chunk(offset: number, size: number): void {
    this.writeUint8(CHUNK)
    this.writeUint32(offset % PACKET_NUMBERS)
    this.writeVarint(size)
  }
}

function broken(offset: number, reason: string): never {
  throw channelError('CHANNEL_BAD_FRAME', { offset, reason })
}

function truncated({ offset }: { offset: number }): never {
  broken(offset, 'it ends inside a record')
}

/**
 * A cursor behind the packet number, which stands in bytes 1 to 4.
 *
 * @throws `CHANNEL_BAD_FRAME` for another kind, or a packet without a record
 */
export function openPacket(packet: Uint8Array): ByteReader {
  const r = new ByteReader(packet, 0, packet.length, truncated)
  const kind = r.readUint8()
  if (kind !== PACKET_KIND) broken(0, `kind ${kind}`)
  r.readUint32()
  if (r.left === 0) broken(PACKET_HEADER_SIZE, 'no record')
  return r
}

export function packetNumberOf(r: ByteReader): number {
  return r.view.getUint32(1, true)
}

/**
 * Tells the visitor each record up to the end of the packet.
 *
 * @throws `CHANNEL_BAD_FRAME` at the first record that is broken; those before it were told
 */
export function readPacket(r: ByteReader, visitor: PacketVisitor): void {
  while (r.left > 0) {
    const offset = r.offset
    const type = r.readUint8()
    switch (type) {
      case PING:
        visitor.ping()
        break
      case ACK:
        readAck(r, visitor)
        break
      case CREDIT:
        visitor.credit(r.readUint32())
        break
      case DATAGRAM: {
        const size = payloadSize(r)
        visitor.datagram(r.take(size), size)
        break
      }
      case CHUNK: {
        const start = r.readUint32()
        const size = payloadSize(r)
        visitor.chunk(start, r.take(size), size)
        break
      }
      default:
        broken(offset, `unknown record type ${type}`)
    }
  }
}

/** One list for all: an ACK is told before the next one is read. */
const pairs: number[] = []

function readAck(r: ByteReader, visitor: PacketVisitor): void {
  const largest = varint(r)
  const delay = varint(r)
  const further = varint(r)
  if (further * 2 > r.left) truncated(r)
  let low = lower(r, largest, varint(r))
  let high = largest
  pairs.length = 0
  pairs.push(low, high)
  for (let i = 0; i < further; i++) {
    high = lower(r, low, varint(r) + 2)
    low = lower(r, high, varint(r))
    pairs.push(low, high)
  }
  visitor.ack(pairs, delay)
}

function lower(r: ByteReader, from: number, by: number): number {
  if (by > from) broken(r.offset, 'a range below 0')
  return from - by
}

function varint(r: ByteReader): number {
  const offset = r.offset
  const value = r.readVarint()
  return value ?? broken(offset, 'a varint above 32 bits')
}

/** Empty payloads say nothing and would cost more than they weigh. */
function payloadSize(r: ByteReader): number {
  const offset = r.offset
  return varint(r) || broken(offset, 'an empty payload')
}
