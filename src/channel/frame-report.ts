import { isGodotWireError } from '../errors.js'
import type { Lane, Link } from '../transport/index.js'
import { openFrame, type RecordVisitor, readRecords } from './records.js'

/** One record of a frame: its name in docs/protocol.md and its fields; of a payload, only its size. */
export interface RecordReport {
  /** The record's name in docs/protocol.md; a FRAGMENT that is a whole message is a MESSAGE. */
  readonly name: 'OPEN' | 'ACCEPT' | 'UNKNOWN' | 'PING' | 'PONG' | 'ACK' | 'DATAGRAM' | 'MESSAGE' | 'FRAGMENT'
  /** Numbers by their names there: `sequence`, `channel`, `credit` ...; of a payload its `length`. */
  readonly fields: Readonly<Record<string, number>>
}

/** A frame that went or came, for `onFrame`. */
export interface FrameReport {
  /** `out`: this end sent it. `in`: it came. */
  readonly direction: 'in' | 'out'
  /** The Steam id of the other end. */
  readonly peer: bigint
  /** On which lane it was sent; undefined for what came in: links do not tell. */
  readonly lane: Lane | undefined
  /** False when the link did not take it. */
  readonly taken: boolean
  /** When, in milliseconds on the clock of the option `clock`. */
  readonly at: number
  /** A copy: it may be kept. */
  readonly frame: Uint8Array
  /** Which session of the receiver it is for, as in the frame; 0 for none. */
  readonly destination: number
  /** Which session of the sender it is from, as in the frame; 0 for none. */
  readonly source: number
  /** Those before the first broken one, where one is broken. */
  readonly records: readonly RecordReport[]
  /** What is broken, with the place. */
  readonly broken: string | undefined
}

/** What is read of a frame without acting on it. */
export function describeFrame(frame: Uint8Array): Pick<FrameReport, 'destination' | 'source' | 'records' | 'broken'> {
  const records: RecordReport[] = []
  let destination = 0
  let source = 0
  try {
    const opened = openFrame(frame)
    destination = opened.destination
    source = opened.source
    readRecords(opened.records, describer(records))
  } catch (error) {
    if (!isGodotWireError(error, 'CHANNEL_BAD_FRAME')) throw error
    return { destination, source, records, broken: error.message }
  }
  return { destination, source, records, broken: undefined }
}

function describer(records: RecordReport[]): RecordVisitor {
  const add = (name: RecordReport['name'], fields: RecordReport['fields']) => {
    records.push({ name, fields })
  }
  return {
    open: (credit, received) => add('OPEN', { credit, ...received }),
    accept: (credit, received) => add('ACCEPT', { credit, ...received }),
    unknown: (unknown, received) => add('UNKNOWN', { unknown, ...received }),
    ping: (token) => add('PING', { token }),
    pong: (token) => add('PONG', { token }),
    ack: (sequence, held, credit) => add('ACK', { sequence, held, credit }),
    datagram: (channel, payload) => add('DATAGRAM', { channel, length: payload.length }),
    fragment: (sequence, channel, total, offset, payload) => {
      if (payload.length === total) add('MESSAGE', { sequence, channel, length: total })
      else add('FRAGMENT', { sequence, channel, total, offset, length: payload.length })
    },
  }
}

/** Shows frames to somebody who looks. What he throws is his: it must not get into a transport's event. */
export class FrameViewer {
  constructor(
    private readonly look: (report: FrameReport) => void,
    private readonly now: () => number,
  ) {}

  sent(link: Link, lane: Lane, frame: Uint8Array, taken: boolean): void {
    this.#show({ direction: 'out', peer: link.peer, lane, taken, frame })
  }

  came(link: Link, frame: Uint8Array): void {
    this.#show({ direction: 'in', peer: link.peer, lane: undefined, taken: true, frame: frame.slice() })
  }

  #show(seen: Pick<FrameReport, 'direction' | 'peer' | 'lane' | 'taken' | 'frame'>): void {
    const report: FrameReport = { ...seen, at: this.now(), ...describeFrame(seen.frame) }
    try {
      this.look(report)
    } catch (error) {
      queueMicrotask(() => {
        throw error
      })
    }
  }
}
