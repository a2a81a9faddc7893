/** The packets of the game in a row of frames; those that came in fragments are put together. */
import type { CapturedFrame } from './capture.js'
import { type FrameRecord, fieldOf, readFrame } from './frame.js'

/** A packet of the game, whole. */
export interface SeenPacket {
  /** The channel that it was sent on. */
  readonly channel: number
  /** Its number in the reliable stream of its session, from 0; undefined for datagrams, which have none. */
  readonly sequence: number | undefined
  /** Its bytes; a view of the frame where it was in one. */
  readonly data: Uint8Array
}

interface Parts {
  readonly total: number
  readonly bytes: Uint8Array
  filled: number
}

/** Messages whose fragments are waited for at a time; the oldest goes first. */
const MOST_OPEN = 64
/** What a sender may send: docs/protocol.md, section 4. */
const LARGEST = 1_048_576

/**
 * Finds the packets of the game in frames. Give it frames in the order in which they were seen: a packet in fragments
 * is whole with its last one, and one whose beginning was not seen is left out.
 *
 * @example
 * ```ts
 * const packets = new PacketReader()
 * for (const frame of readCapture(bytes)) for (const { channel, data } of packets.packetsIn(frame)) console.log(channel, data)
 * ```
 */
export class PacketReader {
  readonly #open = new Map<string, Parts>()

  /** The packets that are whole with this frame. */
  packetsIn(frame: CapturedFrame): SeenPacket[] {
    return readFrame(frame.frame).records.flatMap((record) => this.packetOf(frame, record) ?? [])
  }

  /** The packet that is whole with this record of the frame, if there is one. */
  packetOf(frame: CapturedFrame, record: FrameRecord): SeenPacket | undefined {
    if (record.payload === undefined) return undefined
    const [channel, sequence] = [fieldOf(record, 'channel')!, fieldOf(record, 'sequence')]
    const bytes = frame.frame.subarray(record.payload, record.end)
    const data = record.name === 'FRAGMENT' ? this.#joined(frame, record, bytes) : bytes
    return data && { channel, sequence, data }
  }

  #joined({ from, to, frame }: CapturedFrame, record: FrameRecord, bytes: Uint8Array): Uint8Array | undefined {
    const [total, offset] = [fieldOf(record, 'total')!, fieldOf(record, 'offset')!]
    // The session is part of the name: numbers begin anew with it.
    const session = new DataView(frame.buffer, frame.byteOffset).getUint32(1, true)
    const name = `${from} ${to} ${session} ${fieldOf(record, 'sequence')}`
    if (total > LARGEST || offset + bytes.length > total) return undefined
    const parts = offset === 0 ? this.#begin(name, total) : this.#open.get(name)
    // Fragments come in order; what was missed is missed.
    if (parts === undefined || parts.total !== total || parts.filled !== offset) return undefined
    parts.bytes.set(bytes, offset)
    parts.filled += bytes.length
    if (parts.filled < total) return undefined
    this.#open.delete(name)
    return parts.bytes
  }

  #begin(name: string, total: number): Parts {
    const parts = { total, bytes: new Uint8Array(total), filled: 0 }
    this.#open.delete(name)
    this.#open.set(name, parts)
    if (this.#open.size > MOST_OPEN) this.#open.delete(this.#open.keys().next().value!)
    return parts
  }
}
