/** What an inspector's page and its server say to each other: frames in binary messages, figures in JSON. */
import { type CapturedFrame, flagsOf, readFlags } from './capture.js'
import { inspectError } from './errors.js'

/** Packets of one channel in one direction, since the inspector looks. Ids are decimal. */
export interface FlowFigures {
  /** The Steam id of who sent them, in decimal digits. */
  readonly from: string
  /** The Steam id of who gets them, in decimal digits. */
  readonly to: string
  /** The channel that they were sent on. */
  readonly channel: number
  /** How many packets passed. */
  readonly packets: number
  /** Bytes of the packets in `packets`, without what the protocol adds. */
  readonly bytes: number
}

/** One direction between two peers, by what was seen of its frames. */
export interface PairFigures {
  /** The Steam id of who sends, in decimal digits. */
  readonly from: string
  /** The Steam id of who receives, in decimal digits. */
  readonly to: string
  /** The last that was seen of the session: `asked`, `open`, `unknown`; `none` before. */
  readonly state: 'none' | 'asked' | 'open' | 'unknown'
  /** Frames that were seen in this direction. */
  readonly frames: number
  /** Bytes of the frames in `frames`. */
  readonly frameBytes: number
  /** Reliable packets in this direction, those that went again counted again. */
  readonly reliable: number
  /** How many packets of `reliable` went again. */
  readonly resent: number
  /** Reliable packets that were seen and are not acknowledged. */
  readonly inFlight: number
  /** Milliseconds from PING to PONG, both as they passed here; undefined until a pair of them did. */
  readonly roundTripMs: number | undefined
}

/** What a P2P itself says of a session; see `SessionStatistics`. */
export interface SessionFigures {
  /** The Steam id of the other end, in decimal digits. */
  readonly peer: string
  /** `connecting`, `open`, `open, by a relay`, `closed`, or `failed: ` and the error. */
  readonly state: string
  /** Round trip in milliseconds; undefined while it is not known. */
  readonly roundTripMs: number | undefined
  /** Share of what was sent that was lost on the way, 0 to 1. */
  readonly loss: number
  /** Bytes that the link has not been given yet. */
  readonly bytesQueued: number
  /** Packets that the link has not been given yet. */
  readonly packetsQueued: number
  /** Bytes of reliable packets that were taken and are not acknowledged. */
  readonly bytesUnacknowledged: number
  /** Reliable packets that were taken and are not acknowledged, queued ones among them. */
  readonly packetsUnacknowledged: number
  /** Packets of the peer that the game has not read. */
  readonly packetsUnread: number
  /** Reliable packets that went again. */
  readonly packetsResent: number
  /** Unreliable packets that were dropped at this end. */
  readonly datagramsDropped: number
}

/** What a relay says of itself, and of the peers for which most waits. */
export interface RelayFigures {
  /** `RelayStats` of the relay. */
  readonly stats: Readonly<Record<string, number>>
  /** The peers for which most waits, at most as many as a page can show. */
  readonly peers: readonly RelayPeerFigures[]
}

/** A peer of a relay, as `RelayPeer` has it. */
export interface RelayPeerFigures {
  /** Its Steam id, in decimal digits. */
  readonly peer: string
  /** Links to other peers. */
  readonly links: number
  /** Bytes that wait for it in the relay. */
  readonly queuedBytes: number
  /** Whether those who send to it are asked to stop. */
  readonly isFull: boolean
}

/** What was counted of one P2P or relay that is looked at. */
export interface SourceFigures {
  /** What the page knows it by, from 0. */
  readonly id: number
  /** What the page calls it. */
  readonly name: string
  /** The Steam id that it speaks as, in decimal digits, where it has one. */
  readonly self: string | undefined
  /** Frames that have passed it. */
  readonly frames: number
  /** Bytes of the frames in `frames`. */
  readonly bytes: number
  /** Frames that do not parse. */
  readonly broken: number
  /** Frames that a link did not take. */
  readonly notTaken: number
  /** Packets by sender, receiver and channel. */
  readonly flows: readonly FlowFigures[]
  /** Frames by sender and receiver. */
  readonly pairs: readonly PairFigures[]
  /** What it says itself of its sessions; none where it is not a P2P. */
  readonly sessions: readonly SessionFigures[]
  /** What it says of itself, where it is a relay. */
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
