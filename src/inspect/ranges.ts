/** Frames as trees of byte ranges, in the form that `annotateVar` has for values. */
import { GodotWireError } from '../errors.js'
import type { ByteRange } from '../variant/index.js'
import { FRAME_HEADER, type FrameRecord, fieldOf, type ReadFrame, readFrame } from './frame.js'

/** Says what the bytes of a packet mean; the ranges are placed from the first byte of the packet on. */
export type PayloadReader = (payload: Uint8Array) => ByteRange | undefined

/**
 * Says of each byte of a frame what it means, as `annotateVar` does of a value.
 *
 * @param payload says what the bytes of the game mean; without it, or where it has no answer, they are one range
 */
export function annotateFrame(frame: Uint8Array, payload: PayloadReader = () => undefined): ByteRange {
  const read = readFrame(frame)
  const children: ByteRange[] = [
    ...headerRanges(frame, read),
    ...read.records.map((record) => recordRange(frame, record, payload)),
  ]
  const from = children.at(-1)?.end ?? 0
  if (read.broken) children.push(brokenRange(from, frame.length, read.broken))
  return { start: 0, end: frame.length, label: 'frame', text: summary(read), children }
}

/** `MESSAGE 3 on channel 0`, or what the records of a frame are. */
export function summary({ records, broken }: ReadFrame): string {
  const texts = records.slice(0, MOST_NAMED).map(recordText)
  if (records.length > MOST_NAMED) texts.push(`${records.length - MOST_NAMED} more`)
  if (broken) texts.push(`broken: ${broken.reason}`)
  return texts.join(', ')
}

const MOST_NAMED = 4

function recordText(record: FrameRecord): string {
  const channel = fieldOf(record, 'channel')
  const sequence = fieldOf(record, 'sequence')
  const number = sequence === undefined ? '' : ` ${sequence}`
  return `${record.name}${number}${channel === undefined ? '' : ` on channel ${channel}`}`
}

function headerRanges(frame: Uint8Array, { destination, source }: ReadFrame): ByteRange[] {
  if (frame.length < FRAME_HEADER || frame[0] !== 1) return []
  return [
    leaf(0, 1, 'kind', '1'),
    leaf(1, 5, 'destination', sessionText(destination)),
    leaf(5, FRAME_HEADER, 'source', sessionText(source)),
  ]
}

function sessionText(id: number): string {
  return id === 0 ? 'no session' : `session ${id.toString(16).padStart(8, '0')}`
}

function recordRange(frame: Uint8Array, record: FrameRecord, payload: PayloadReader): ByteRange {
  const { name, start, end, fields } = record
  const children = [
    leaf(start, start + 1, 'type', name),
    ...fields.map((field) => leaf(field.start, field.end, field.label, String(field.value))),
  ]
  if (record.payload !== undefined && record.payload < end) {
    children.push(payloadRange(frame.subarray(record.payload, end), record, payload))
  }
  return { start, end, label: 'record', text: recordText(record), children }
}

function payloadRange(bytes: Uint8Array, record: FrameRecord, payload: PayloadReader): ByteRange {
  const place = record.payload!
  const told = record.name === 'FRAGMENT' ? undefined : payload(bytes)
  return told === undefined
    ? leaf(place, record.end, 'packet', `${bytes.length} bytes`)
    : moved({ ...told, label: 'packet' }, place)
}

/** The same ranges further on. */
function moved(range: ByteRange, by: number): ByteRange {
  return {
    ...range,
    start: range.start + by,
    end: range.end + by,
    children: range.children.map((child) => moved(child, by)),
  }
}

function leaf(start: number, end: number, label: string, text: string): ByteRange {
  return { start, end, label, text, children: [] }
}

function brokenRange(start: number, end: number, { offset, reason }: { offset: number; reason: string }): ByteRange {
  const error = new GodotWireError('CHANNEL_BAD_FRAME', `The frame is broken at byte ${offset}: ${reason}`, { offset })
  return { start, end, label: 'error', text: error.message, children: [], error }
}
