/** What an inspector's page and its server say to each other: frames in binary messages, figures in JSON. */
import { type CapturedFrame, flagsOf, readFlags } from './capture.js'
import { inspectError } from './errors.js'

/** Packets of one channel in one direction, since the inspector looks. Ids are decimal. */
export interface FlowFigures {
  readonly from: string
  readonly to: string
  readonly channel: number
  readonly packets: number
  readonly bytes: number
}

/** One direction between two peers, by what was seen of its frames. */
export interface PairFigures {
  readonly from: string
  readonly to: string
  /** The last that was seen of the session: `asked`, `open`, `unknown`; `none` before. */
  readonly state: 'none' | 'asked' | 'open' | 'unknown'
  readonly frames: number
  readonly frameBytes: number
  /** Reliable packets, and how many of them went again. */
  readonly reliable: number
  readonly resent: number
  /** Reliable packets that are not acknowledged. */
  readonly inFlight: number
  /** From PING to PONG, both as they passed here. */
  readonly roundTripMs: number | undefined
}

/** What a P2P itself says of a session; see `SessionStatistics`. */
export interface SessionFigures {
  readonly peer: string
  readonly state: string
  readonly roundTripMs: number | undefined
  readonly loss: number
  readonly bytesQueued: number
  readonly packetsQueued: number
  readonly bytesUnacknowledged: number
  readonly packetsUnacknowledged: number
  readonly packetsUnread: number
  readonly packetsResent: number
  readonly datagramsDropped: number
}

/** What a relay says of itself, and of the peers for which most waits. */
export interface RelayFigures {
  readonly stats: Readonly<Record<string, number>>
  readonly peers: readonly RelayPeerFigures[]
}

export interface RelayPeerFigures {
  readonly peer: string
  readonly links: number
  readonly queuedBytes: number
  readonly isFull: boolean
}

/** One P2P or relay that is looked at. */
export interface SourceFigures {
  readonly id: number
  readonly name: string
  /** The Steam id that it speaks as, where it has one. */
  readonly self: string | undefined
  readonly frames: number
  readonly bytes: number
  readonly broken: number
  readonly notTaken: number
  readonly flows: readonly FlowFigures[]
  readonly pairs: readonly PairFigures[]
  readonly sessions: readonly SessionFigures[]
  readonly relay: RelayFigures | undefined
}

export interface Figures {
  readonly kind: 'figures'
  /** Milliseconds since 1970. */
  readonly at: number
  readonly sources: readonly SourceFigures[]
}

/** A frame, and which source saw it. */
export interface SourcedFrame extends CapturedFrame {
  readonly source: number
}

/** Frames in one message, and how many were seen that are not in it: there were too many to show. */
export interface Batch {
  readonly missed: number
  readonly frames: readonly SourcedFrame[]
}

const BATCH = 1
const BATCH_HEADER = 8
/** u16 source, u8 flags, u8 zero, f64 time, u64 from, u64 to, u32 length. */
const ENTRY_HEADER = 32

export function writeBatch({ missed, frames }: Batch): Uint8Array {
  const size = frames.reduce((sum, { frame }) => sum + ENTRY_HEADER + frame.length, BATCH_HEADER)
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, BATCH)
  view.setUint32(4, Math.min(missed, 0xffffffff), true)
  let at = BATCH_HEADER
  for (const one of frames) {
    view.setUint16(at, one.source, true)
    view.setUint8(at + 2, flagsOf(one))
    view.setFloat64(at + 4, one.at, true)
    view.setBigUint64(at + 12, one.from, true)
    view.setBigUint64(at + 20, one.to, true)
    view.setUint32(at + 28, one.frame.length, true)
    bytes.set(one.frame, at + ENTRY_HEADER)
    at += ENTRY_HEADER + one.frame.length
  }
  return bytes
}

/**
 * The frames are views of the message.
 *
 * @throws `INSPECT_BAD_FEED`
 */
export function readBatch(bytes: Uint8Array): Batch {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < BATCH_HEADER || bytes[0] !== BATCH) bad(0, 'it is no batch of frames')
  const frames: SourcedFrame[] = []
  for (let at = BATCH_HEADER; at < bytes.length; ) {
    if (at + ENTRY_HEADER > bytes.length) bad(at, 'it ends inside a frame')
    const start = at + ENTRY_HEADER
    const end = start + view.getUint32(at + 28, true)
    if (end > bytes.length) bad(at, 'it ends inside a frame')
    frames.push({
      source: view.getUint16(at, true),
      ...readFlags(view.getUint8(at + 2)),
      at: view.getFloat64(at + 4, true),
      from: view.getBigUint64(at + 12, true),
      to: view.getBigUint64(at + 20, true),
      frame: bytes.subarray(start, end),
    })
    at = end
  }
  return { missed: view.getUint32(4, true), frames }
}

/**
 * Figures as they came in a text message.
 *
 * @throws `INSPECT_BAD_FEED`
 */
export function readFigures(text: string): Figures {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    bad(0, 'it is no JSON')
  }
  if (!isFigures(value)) bad(0, 'it holds no figures')
  return value
}

function isFigures(value: unknown): value is Figures {
  if (!isObject(value) || value['kind'] !== 'figures' || typeof value['at'] !== 'number') return false
  return isListOf(value['sources'], isSource)
}

function isSource(value: unknown): boolean {
  if (!isObject(value) || typeof value['name'] !== 'string') return false
  const numbers = ['id', 'frames', 'bytes', 'broken', 'notTaken']
  if (!numbers.every((name) => typeof value[name] === 'number')) return false
  const { relay } = value
  return (
    isListOf(value['flows'], isFlow) &&
    isListOf(value['pairs'], isObject) &&
    isListOf(value['sessions'], isObject) &&
    (relay === undefined || (isObject(relay) && isObject(relay['stats']) && isListOf(relay['peers'], isObject)))
  )
}

function isFlow(value: unknown): boolean {
  if (!isObject(value) || typeof value['from'] !== 'string' || typeof value['to'] !== 'string') return false
  return ['channel', 'packets', 'bytes'].every((name) => typeof value[name] === 'number')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isListOf(value: unknown, is: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(is)
}

function bad(offset: number, reason: string): never {
  throw inspectError('INSPECT_BAD_FEED', { offset, reason })
}
