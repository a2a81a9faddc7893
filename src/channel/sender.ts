import type { Lane, Link } from '../transport/index.js'
import { Arena } from './arena.js'
import { DatagramFrame, type DatagramWay } from './datagram-frame.js'
import type { DropReason } from './drops.js'
import { Hold } from './hold.js'
import type { ResolvedOptions } from './options.js'
import type { OutStream } from './out-stream.js'
import type { FrameWriter } from './records.js'
import { SendType } from './send-type.js'
import type { SendOutcome, SessionState } from './session-host.js'
import type { LinkFigures } from './statistics.js'
import type { NamedTimers } from './timers.js'

/** Frames are never larger than this, whatever a link would take: a large frame holds back the others. */
const LARGEST_FRAME = 65_536

/** Messages that may wait for one peer, whatever their size: empty ones fill no buffer, but take memory. */
const MAX_QUEUED_MESSAGES = 131_072

/** What the sender sees of its session. */
export interface SenderWay extends DatagramWay {
  readonly state: SessionState
  readonly link: Link | undefined
  readonly out: OutStream
  /** The peer does not listen before the ACCEPT, which has to wait for the link. */
  readonly isAcceptDue: boolean
  /** A new frame to the peer, with the acknowledgement that is due at its head where `acknowledges` asks for it. */
  beginFrame(acknowledges: boolean): FrameWriter
  /** Gives it to the link. */
  sendFrame(lane: Lane): boolean
  /** The acknowledgement at the head of the frame is on its way. */
  acknowledged(): void
}

/**
 * What a session does with the packets of its game: waits with them, cuts them into frames, or drops them.
 *
 * The first packet of a task goes at once. Those that follow in the same task share frames, and go when it is done: a
 * frame costs far more than a packet. Packets of type 1 wait for nothing.
 */
export class Sender {
  /** A packet went in this task. */
  #isBursting = false
  /** The link has refused a frame, and has not said yet that it takes frames again. */
  #isBlocked = false
  readonly #hold: Hold
  /** Packets that are not acknowledged. */
  readonly #kept = new Arena()
  readonly #datagrams: DatagramFrame
  readonly #burstEnds = () => this.endBurst()

  constructor(
    private readonly way: SenderWay,
    private readonly options: ResolvedOptions,
    private readonly timers: NamedTimers<'nagle' | 'burst'>,
  ) {
    this.#hold = new Hold(options.clock, timers, () => this.release())
    this.#datagrams = new DatagramFrame(way)
  }

  /**
   * @param holdMs how long a packet of type 3 waits for company
   * @param isKept the data will never change, and may be shared
   */
  offer(channel: number, data: Uint8Array, type: SendType, holdMs: number, isKept: boolean): SendOutcome {
    const { state } = this.way
    const reliable = type === SendType.RELIABLE || type === SendType.RELIABLE_WITH_BUFFERING
    if (!reliable && (type !== SendType.UNRELIABLE || state !== 'connecting')) {
      return this.#datagram(channel, data, type === SendType.UNRELIABLE_NO_DELAY)
    }
    if (this.#isFull(data.length)) return 'queue-full'
    // The stream keeps a copy of its own: what is not acknowledged may have to go again.
    this.#message(
      channel,
      isKept ? data : this.#kept.copy(data),
      type === SendType.RELIABLE_WITH_BUFFERING ? holdMs : 0,
    )
    return 'taken'
  }

  #isFull(more: number): boolean {
    const { out } = this.way
    return out.bufferedBytes + more > this.options.sendBufferSize || out.length >= MAX_QUEUED_MESSAGES
  }

  #message(channel: number, data: Uint8Array, holdMs: number): void {
    const { out } = this.way
    out.push(channel, data, holdMs > 0)
    if (holdMs > 0 && out.heldBytes < this.options.nagleBytes) return this.#hold.wait(holdMs)
    if (holdMs > 0) out.release()
    this.#hold.end()
    this.#goes()
  }

  /** True from the first packet of a task to its end. */
  get isBursting(): boolean {
    return this.#isBursting
  }

  /** Something may go: at once, or with what follows in the same task. */
  #goes(): void {
    const { state, out } = this.way
    if (state !== 'active') return
    if (this.#isFirst() || out.unsentBytes >= LARGEST_FRAME) this.pump()
  }

  /** Whether this is the first packet of a task. */
  #isFirst(): boolean {
    if (this.#isBursting) return false
    this.#isBursting = true
    const { clock } = this.options
    if (clock.soon) clock.soon(this.#burstEnds)
    else this.timers.start('burst', 0, this.#burstEnds)
    return true
  }

  /** The task is done, or nothing may wait for its end. */
  endBurst(): void {
    if (!this.#isBursting) return
    this.#isBursting = false
    this.timers.stop('burst')
    this.#flushDatagrams()
    this.pump()
  }

  /** The session starts again: what waited for company waits on. */
  holdAgain(): void {
    if (this.way.out.holding) this.#hold.resume()
  }

  /** Ends the waiting for company. */
  release(): void {
    this.#hold.end()
    this.way.out.release()
    this.pump()
  }

  #datagram(channel: number, data: Uint8Array, isUrgent: boolean): SendOutcome {
    const why = this.#whyNot()
    if (why !== undefined) {
      this.way.datagramsDropped(why, channel, 1, data.length)
      return 'dropped'
    }
    if (!this.#datagrams.takes(data.length)) this.#datagrams.flush()
    this.#datagrams.add(channel, data)
    if (!this.#isFirst() && !isUrgent) return 'taken'
    return this.#datagrams.flush() ? 'taken' : 'dropped'
  }

  #flushDatagrams(): void {
    if (this.#datagrams.isEmpty) return
    const why = this.#whyNot()
    if (why === undefined) this.#datagrams.flush()
    else this.dropDatagrams(why)
  }

  /** What waits for the end of the task will never go. */
  dropDatagrams(why: DropReason): void {
    this.#datagrams.drop(why)
  }

  #whyNot(): DropReason | undefined {
    const { state, link, isAcceptDue } = this.way
    if (state !== 'active') return 'not-connected'
    if (!link) return 'no-link'
    if (isAcceptDue) return 'congested'
    // Late is lost: an unreliable packet is not worth waiting for.
    const backlog = (link as LinkFigures).datagramBacklog ?? link.bufferedBytes
    return backlog > this.options.maxDatagramBacklog ? 'congested' : undefined
  }

  /** The link takes frames: it is a new one, or has drained. */
  unblock(): void {
    this.#isBlocked = false
  }

  /** Sends what waits, as far as link and credit allow. */
  pump(): void {
    const { state, link, out, isAcceptDue } = this.way
    if (state !== 'active' || !link || isAcceptDue || this.#isBlocked) return
    const limit = Math.min(link.maxFrameSize, LARGEST_FRAME)
    while (out.isWaiting) {
      const frame = this.way.beginFrame(true)
      const acknowledges = !frame.empty
      if (!out.fill(frame, limit)) return
      if (!this.way.sendFrame('reliable')) {
        this.#isBlocked = true
        return
      }
      out.commit()
      if (acknowledges) this.way.acknowledged()
    }
  }
}
