/**
 * Reads frames to show them: every field with its place. Written apart from the session's own reader, by section 2 of
 * docs/protocol.md; a test holds the two against each other.
 */

/** The records of docs/protocol.md, section 2; a MESSAGE is a packet in one piece. */
export type RecordName = 'OPEN' | 'ACCEPT' | 'UNKNOWN' | 'PING' | 'PONG' | 'ACK' | 'DATAGRAM' | 'MESSAGE' | 'FRAGMENT'

/** A number in a frame, and where it stands. */
export interface FrameField {
  /** What docs/protocol.md calls it, such as `sequence` or `channel`. */
  readonly label: string
  /** Offset of its first byte in the frame. */
  readonly start: number
  /** Offset behind its last byte. */
  readonly end: number
  /** The number itself, whatever its form on the wire. */
  readonly value: number
}

/** A record of a frame, and where it stands. */
export interface FrameRecord {
  /** Which one it is. */
  readonly name: RecordName
  /** Offset of its type in the frame. */
  readonly start: number
  /** Offset behind its last byte. */
  readonly end: number
  /** In the order of the wire, without the type in front and the payload behind. */
  readonly fields: readonly FrameField[]
  /** Where the bytes of the game begin; they reach to `end`. Undefined where there are none by its type. */
  readonly payload: number | undefined
}

export interface ReadFrame {
  /** Session ids, 0 for none. */
  readonly destination: number
  readonly source: number
  /** Those before the first broken one. */
  readonly records: readonly FrameRecord[]
  readonly broken: { readonly offset: number; readonly reason: string } | undefined
}

export const FRAME_HEADER = 9

type Form = 'u32' | 'varint' | 'channel'

interface Layout {
  readonly name: RecordName
  readonly fields: readonly (readonly [label: string, form: Form])[]
  readonly hasPayload: boolean
}

const RECEIVED = [
  ['received session', 'u32'],
  ['received sequence', 'u32'],
] as const

/** Section 2.1. A payload has its length as the last field. */
const LAYOUTS: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [0x01, { name: 'OPEN', fields: [['credit', 'u32'], ...RECEIVED], hasPayload: false }],
  [0x02, { name: 'ACCEPT', fields: [['credit', 'u32'], ...RECEIVED], hasPayload: false }],
  [0x03, { name: 'UNKNOWN', fields: [['unknown session', 'u32'], ...RECEIVED], hasPayload: false }],
  [0x04, { name: 'PING', fields: [['token', 'u32']], hasPayload: false }],
  [0x05, { name: 'PONG', fields: [['token', 'u32']], hasPayload: false }],
  [
    0x06,
    {
      name: 'ACK',
      fields: [
        ['sequence', 'u32'],
        ['held', 'varint'],
        ['credit', 'u32'],
      ],
      hasPayload: false,
    },
  ],
  [
    0x10,
    {
      name: 'DATAGRAM',
      fields: [
        ['channel', 'channel'],
        ['length', 'varint'],
      ],
      hasPayload: true,
    },
  ],
  [
    0x20,
    {
      name: 'MESSAGE',
      fields: [
        ['sequence', 'u32'],
        ['channel', 'channel'],
        ['length', 'varint'],
      ],
      hasPayload: true,
    },
  ],
  [
    0x21,
    {
      name: 'FRAGMENT',
      fields: [
        ['sequence', 'u32'],
        ['channel', 'channel'],
        ['total', 'varint'],
        ['offset', 'varint'],
        ['length', 'varint'],
      ],
      hasPayload: true,
    },
  ],
])

/** Thrown where the frame ends too early or makes no sense; never leaves this file. */
class Broken {
  constructor(
    readonly offset: number,
    readonly reason: string,
  ) {}
}

const CUT = 'it ends inside a record'

/** What stands in a frame, as far as it can be read. Never throws. */
export function readFrame(frame: Uint8Array): ReadFrame {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  const records: FrameRecord[] = []
  let [destination, source] = [0, 0]
  try {
    if (frame.length < 1) throw new Broken(0, CUT)
    if (frame[0] !== 1) throw new Broken(0, `kind ${frame[0]}`)
    if (frame.length < 5) throw new Broken(1, CUT)
    destination = view.getUint32(1, true)
    if (frame.length < FRAME_HEADER) throw new Broken(5, CUT)
    source = view.getUint32(5, true)
    if (frame.length === FRAME_HEADER) throw new Broken(FRAME_HEADER, 'no record')
    for (let at = FRAME_HEADER; at < frame.length; at = records.at(-1)!.end) records.push(recordAt(view, at))
  } catch (broken) {
    if (!(broken instanceof Broken)) throw broken
    return { destination, source, records, broken: { offset: broken.offset, reason: broken.reason } }
  }
  return { destination, source, records, broken: undefined }
}

function recordAt(view: DataView, start: number): FrameRecord {
  const layout = LAYOUTS.get(view.getUint8(start))
  if (layout === undefined) throw new Broken(start, `unknown record type ${view.getUint8(start)}`)
  const fields: FrameField[] = []
  let at = start + 1
  for (const [label, form] of layout.fields) {
    const field = form === 'u32' ? u32At(view, at, label) : varintAt(view, at, label, form === 'channel')
    fields.push(field)
    at = field.end
  }
  if (!layout.hasPayload) return { name: layout.name, start, end: at, fields, payload: undefined }
  const end = at + fields.at(-1)!.value
  if (end > view.byteLength) throw new Broken(at, CUT)
  return { name: layout.name, start, end, fields, payload: at }
}

function u32At(view: DataView, start: number, label: string): FrameField {
  if (start + 4 > view.byteLength) throw new Broken(start, CUT)
  return { label, start, end: start + 4, value: view.getUint32(start, true) }
}

/** LEB128 of at most 5 bytes and 32 bits. */
function varintAt(view: DataView, start: number, label: string, isZigzag: boolean): FrameField {
  let value = 0
  for (let i = 0; i < 5; i++) {
    if (start + i >= view.byteLength) throw new Broken(start, CUT)
    const byte = view.getUint8(start + i)
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte >= 0x80) continue
    if (value > 0xffffffff) break
    return { label, start, end: start + i + 1, value: isZigzag ? (value >>> 1) ^ -(value & 1) : value }
  }
  throw new Broken(start, 'a varint above 32 bits')
}

/** A field by its name; undefined where the record has none of it. */
export function fieldOf(record: FrameRecord, label: string): number | undefined {
  return record.fields.find((field) => field.label === label)?.value
}
