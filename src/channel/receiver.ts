import type { Lane } from '../transport/index.js'
import type { DropReason } from './drops.js'
import { InStream } from './in-stream.js'
import type { Unread } from './inbox.js'
import type { ResolvedOptions } from './options.js'
import type { FrameWriter } from './records.js'
import { MAX_UNRELIABLE_SIZE } from './send-type.js'
import type { NamedTimers } from './timers.js'

/** An acknowledgement goes at once when so much waits for one. */
const ACK_RECORDS = 16
const ACK_BYTES = 65_536

/** Under which counter a record of the reliable stream is counted that was not taken. */
const REFUSED = { gap: 'gaps', 'beyond-credit': 'beyondCredit', broken: 'brokenFrames' } as const

/** Which counter counts a record that was dropped. */
export type RecordCounter = 'unexpectedRecords' | 'duplicates' | (typeof REFUSED)[keyof typeof REFUSED]

/** What the receiver sees of its session. */
export interface ReceiverWay {
  readonly lingering: boolean
  readonly unread: Readonly<Unread>
  beginFrame(acknowledges: boolean): FrameWriter
  /** Gives the frame to the link. */
  sendFrame(lane: Lane): boolean
  /** A packet for the game. */
  received(channel: number, data: Uint8Array, reliable: boolean): void
  dropRecord(why: DropReason, counter: RecordCounter, channel?: number, bytes?: number): void
  unreadDropped(why: DropReason, channel: number, bytes: number): void
}

/** What a session does with the packets of its peer: takes them in order, acknowledges them, or drops them. */
export class Receiver {
  #stream: InStream
  /** While lingering the peer sent something, which another session must get. */
  hasRefused = false
  #ackRecords = 0
  #ackBytes = 0
  /** When the acknowledgement that is due must go at the latest; undefined where none is, or its time is not known yet. */
  #ackAt: number | undefined
  readonly #ackTimeIsUp = () => this.#ackOrWait()

  constructor(
    private readonly way: ReceiverWay,
    private readonly options: ResolvedOptions,
    private readonly timers: NamedTimers<'ack'>,
  ) {
    this.#stream = this.#newStream()
  }

  #newStream(): InStream {
    return new InStream(
      this.options.receiveBufferSize,
      () => this.way.unread.cost,
      (channel, data) => this.way.received(channel, data, true),
    )
  }

  /** A new stream; of the old one nothing is acknowledged any more. */
  restart(): void {
    this.#stream = this.#newStream()
    this.#clearAck()
  }

  /** The first message that is not complete. */
  get sequence(): number {
    return this.#stream.sequence
  }

  tellCredit(): number {
    return this.#stream.tellCredit()
  }

  datagram(channel: number, payload: Uint8Array): void {
    const { length } = payload
    if (length > MAX_UNRELIABLE_SIZE) this.way.dropRecord('broken', 'brokenFrames', channel, length)
    else if (this.way.lingering) this.way.unreadDropped('closed', channel, length)
    else if (this.way.unread.datagrams >= this.options.maxUnreadDatagrams) {
      this.way.unreadDropped('unread-limit', channel, length)
    } else this.way.received(channel, payload, false)
  }

  fragment(sequence: number, channel: number, total: number, offset: number, payload: Uint8Array): void {
    // Not taken and not acknowledged: it belongs to the session that the peer will ask for.
    if (this.way.lingering) {
      this.hasRefused = true
      return
    }
    const taken = this.#stream.take(sequence, channel, total, offset, payload)
    if (taken === 'duplicate') this.way.dropRecord('duplicate', 'duplicates', channel, payload.length)
    else if (taken !== 'taken') return this.way.dropRecord(taken, REFUSED[taken], channel, payload.length)
    // What was here already is acknowledged again: the sender repeats it because it does not know.
    this.#ackRecords++
    this.#ackBytes += payload.length
  }

  // --- acknowledgement -------------------------------------------------------------------------------------------

  get isAckDue(): boolean {
    return this.#ackRecords > 0
  }

  /** At the head of a frame that goes anyway. `acknowledged` once it does. */
  writeAck(frame: FrameWriter): void {
    frame.ack(this.#stream.sequence, this.#stream.held, this.#stream.tellCredit())
  }

  acknowledged(): void {
    this.#clearAck()
  }

  /** After the records of a frame that came `now`: what arrived is acknowledged now or soon. */
  frameEnds(now: number): void {
    if (this.#ackRecords === 0) return
    if (this.#ackRecords >= ACK_RECORDS || this.#ackBytes >= ACK_BYTES) this.sendAck()
    else this.#ackLater(now)
  }

  /**
   * The timer outlives the acknowledgement that it was started for, as most ride with a frame long before: peers that talk
   * all the time would start and stop one for each packet.
   */
  #ackLater(now: number): void {
    const { ackDelayMs } = this.options
    this.#ackAt ??= now + ackDelayMs
    if (!this.timers.has('ack')) this.timers.start('ack', ackDelayMs, this.#ackTimeIsUp)
  }

  #ackOrWait(): void {
    if (this.#ackAt === undefined) return
    const left = this.#ackAt - this.options.clock.now()
    if (left <= 0) this.sendAck()
    else this.timers.start('ack', left, this.#ackTimeIsUp)
  }

  /** The game has read: the sender hears of the room when it is worth a frame. */
  wasRead(): void {
    if (this.#stream.creditDue) this.sendAck()
  }

  sendAck(): void {
    this.writeAck(this.way.beginFrame(false))
    // Not taken: it stays due, and rides with the first frame after the link drains.
    if (this.way.sendFrame('reliable')) this.#clearAck()
    else this.#ackRecords++
  }

  #clearAck(): void {
    this.#ackRecords = 0
    this.#ackBytes = 0
    this.#ackAt = undefined
  }
}
