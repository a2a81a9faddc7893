/** Frames and their records: docs/protocol.md, section 2. The only file that knows where a byte of a frame stands. */
import { ByteCursor, ByteWriter, type Truncation } from '../bytes/index.js'
import { channelError } from './errors.js'

export const FRAME_KIND = 1
/** Kind, destination and source. */
export const FRAME_HEADER_SIZE = 9

const OPEN = 0x01
const ACCEPT = 0x02
const UNKNOWN = 0x03
const PING = 0x04
const PONG = 0x05
const ACK = 0x06
const DATAGRAM = 0x10
const MESSAGE = 0x20
const FRAGMENT = 0x21

/** The most that a MESSAGE or FRAGMENT takes beside its payload: type, sequence and four varints. */
export const LARGEST_RECORD_HEADER = 1 + 4 + 4 * 5

/** The most that a DATAGRAM takes beside its payload: type, channel, and a length that is small. */
export const LARGEST_DATAGRAM_HEADER = 1 + 5 + 2

/**
 * What one end has received in the last session that is over: the id that the other end gave to that session, 0 when there
 * was none, and the first message that is not complete.
 */
export interface Received {
  readonly session: number
  readonly sequence: number
}

/** What the records of a frame are told to. Payloads are the visitor's own: a frame may be large and hold many. */
export interface RecordVisitor {
  open(credit: number, received: Received): void
  accept(credit: number, received: Received): void
  unknown(session: number, received: Received): void
  ping(token: number): void
  pong(token: number): void
  ack(sequence: number, held: number, credit: number): void
  datagram(channel: number, payload: Uint8Array): void
  /** A MESSAGE is a fragment that is all there is. */
  fragment(sequence: number, channel: number, total: number, offset: number, payload: Uint8Array): void
}

function zigzag(channel: number): number {
  return ((channel << 1) ^ (channel >> 31)) >>> 0
}

function unzigzag(value: number): number {
  return (value >>> 1) ^ -(value & 1)
}

/** Builds one frame after another in the same memory. */
export class FrameWriter extends ByteWriter {
  /** Both are session ids, 0 where there is none: the one that the receiver gave, and the sender's own. */
  begin(destination: number, source: number): this {
    this.reset()
    this.bytes[this.reserve(FRAME_HEADER_SIZE)] = FRAME_KIND
    return this.address(destination, source)
  }

  /** Says once more to whom the frame goes: the session may be another one since it was begun. */
  address(destination: number, source: number): this {
    this.view.setUint32(1, destination, true)
    this.view.setUint32(5, source, true)
    return this
  }

  /** True when nothing but the header was written. */
  get empty(): boolean {
    return this.length === FRAME_HEADER_SIZE
  }

  open(credit: number, received: Received): void {
    this.writeUint8(OPEN)
    this.writeUint32(credit)
    this.#received(received)
  }

  accept(credit: number, received: Received): void {
    this.writeUint8(ACCEPT)
    this.writeUint32(credit)
    this.#received(received)
  }

  unknown(session: number, received: Received): void {
    this.writeUint8(UNKNOWN)
    this.writeUint32(session)
    this.#received(received)
  }

  #received({ session, sequence }: Received): void {
    this.writeUint32(session)
    this.writeUint32(sequence)
  }

  ping(token: number): void {
    this.writeUint8(PING)
    this.writeUint32(token)
  }

  pong(token: number): void {
    this.writeUint8(PONG)
    this.writeUint32(token)
  }

  ack(sequence: number, held: number, credit: number): void {
    this.writeUint8(ACK)
    this.writeUint32(sequence)
    this.writeVarint(held)
    this.writeUint32(credit)
  }

  datagram(channel: number, payload: Uint8Array): void {
    this.writeUint8(DATAGRAM)
    this.writeVarint(zigzag(channel))
    this.writeVarint(payload.length)
    this.writeBytes(payload)
  }

  message(sequence: number, channel: number, payload: Uint8Array): void {
    this.writeUint8(MESSAGE)
    this.writeUint32(sequence)
    this.writeVarint(zigzag(channel))
    this.writeVarint(payload.length)
    this.writeBytes(payload)
  }

  fragment(sequence: number, channel: number, total: number, offset: number, payload: Uint8Array): void {
    this.writeUint8(FRAGMENT)
    this.writeUint32(sequence)
    this.writeVarint(zigzag(channel))
    this.writeVarint(total)
    this.writeVarint(offset)
    this.writeVarint(payload.length)
    this.writeBytes(payload)
  }
}

class RecordReader extends ByteCursor {
  protected truncated(facts: Truncation): never {
    throw channelError('CHANNEL_BAD_FRAME', { ...facts, reason: 'it ends inside a record' })
  }
}

export interface OpenedFrame {
  readonly destination: number
  readonly source: number
  /** A cursor at the first record. */
  readonly records: ByteCursor
}

/** The header of a frame. */
export function openFrame(frame: Uint8Array): OpenedFrame {
  const records = new RecordReader(frame, 0, frame.length)
  const kind = records.readUint8()
  if (kind !== FRAME_KIND) throw channelError('CHANNEL_BAD_FRAME', { offset: 0, reason: `kind ${kind}` })
  const destination = records.readUint32()
  const source = records.readUint32()
  if (records.left === 0) throw channelError('CHANNEL_BAD_FRAME', { offset: FRAME_HEADER_SIZE, reason: 'no record' })
  return { destination, source, records }
}

/**
 * Tells the visitor each record up to the end of the frame.
 *
 * @throws `CHANNEL_BAD_FRAME` at the first record that is broken; those before it were told
 */
export function readRecords(r: ByteCursor, visitor: RecordVisitor): void {
  while (r.left > 0) {
    const offset = r.offset
    const type = r.readUint8()
    switch (type) {
      case OPEN:
        visitor.open(r.readUint32(), received(r))
        break
      case ACCEPT:
        visitor.accept(r.readUint32(), received(r))
        break
      case UNKNOWN:
        visitor.unknown(r.readUint32(), received(r))
        break
      case PING:
        visitor.ping(r.readUint32())
        break
      case PONG:
        visitor.pong(r.readUint32())
        break
      case ACK:
        visitor.ack(r.readUint32(), varint(r), r.readUint32())
        break
      case DATAGRAM:
        visitor.datagram(unzigzag(varint(r)), payload(r))
        break
      case MESSAGE: {
        const sequence = r.readUint32()
        const channel = unzigzag(varint(r))
        const bytes = payload(r)
        visitor.fragment(sequence, channel, bytes.length, 0, bytes)
        break
      }
      case FRAGMENT:
        visitor.fragment(r.readUint32(), unzigzag(varint(r)), varint(r), varint(r), payload(r))
        break
      default:
        throw channelError('CHANNEL_BAD_FRAME', { offset, reason: `unknown record type ${type}` })
    }
  }
}

function received(r: ByteCursor): Received {
  return { session: r.readUint32(), sequence: r.readUint32() }
}

function varint(r: ByteCursor): number {
  const offset = r.offset
  const value = r.readVarint()
  if (value === undefined) throw channelError('CHANNEL_BAD_FRAME', { offset, reason: 'a varint above 32 bits' })
  return value
}

function payload(r: ByteCursor): Uint8Array {
  const size = varint(r)
  const at = r.take(size)
  return r.bytes.slice(at, at + size)
}
