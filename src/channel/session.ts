import type { Lane, Link } from '../transport/index.js'
import { InStream } from './in-stream.js'
import type { ResolvedOptions } from './options.js'
import { OutStream } from './out-stream.js'
import { FrameWriter, type Received, type RecordVisitor } from './records.js'
import { MAX_UNRELIABLE_SIZE, SendType } from './send-type.js'
import { Timers } from './timers.js'

/** Frames are never larger than this, whatever a link would take: a large frame holds back the others. */
const LARGEST_FRAME = 65_536

/** An acknowledgement goes at once when so much waits for one. */
const ACK_RECORDS = 16
const ACK_BYTES = 65_536

/** Messages that may wait for one peer, whatever their size: empty ones fill no buffer, but take memory. */
export const MAX_QUEUED_MESSAGES = 131_072

/** What a session needs from the multiplexer that owns it. */
export interface SessionHost {
  readonly options: ResolvedOptions
  readonly counters: Counters
  /** A new session id of this end. */
  newId(): number
  /** Asks the transport for a link to the peer. */
  connect(peer: bigint): void
  /** What was received from a peer in the last session that is over. */
  receivedBefore(peer: bigint): Received
  /** A session is over at this end, or starts again; what it received must not be delivered a second time. */
  remember(session: Session): void
  /** A packet for the game. */
  deliver(session: Session, channel: number, data: Uint8Array, reliable: boolean): void
  /** What the game has not read of a peer, also from earlier sessions: the cost of messages, the number of datagrams. */
  unreadCost(peer: bigint): number
  unreadDatagrams(peer: bigint): number
  /** The attempt to connect failed, or the peer vanished with messages unacknowledged. */
  failed(session: Session): void
  /** The session is over and nobody needs to hear of it. */
  ended(session: Session): void
}

/** What was refused or lost, and how often; every drop is counted somewhere. */
export interface Counters {
  /** Frames or records that did not parse. */
  brokenFrames: number
  /** Records that had no business in the state in which they came. */
  unexpectedRecords: number
  duplicates: number
  gaps: number
  beyondCredit: number
  /** Unreliable packets that the link did not take. */
  datagramsNotSent: number
  /** Unreliable packets that arrived while too many were unread. */
  datagramsUnread: number
  /** Session requests that arrived while too many waited. */
  requestsIgnored: number
}

export type SessionState = 'connecting' | 'active' | 'failed' | 'closed'

/** Under which counter a record of the reliable stream is counted that was not taken. */
const REFUSED = {
  duplicate: 'duplicates',
  gap: 'gaps',
  'beyond-credit': 'beyondCredit',
  broken: 'brokenFrames',
} as const

type TimerName = 'connect' | 'open' | 'watch' | 'nagle' | 'ack' | 'link'

/** One peer, one session: docs/protocol.md, section 3. It outlives links and never calls the game. */
export class Session implements RecordVisitor {
  state: SessionState = 'connecting'
  localId: number
  remoteId = 0
  /** The session that the frame comes from whose records are read at the moment. */
  #source = 0
  readonly out = new OutStream()
  #in: InStream
  /** Channels on which something was sent or received. */
  readonly channels = new Set<number>()
  link: Link | undefined
  readonly #frame = new FrameWriter()
  readonly #timers: Timers<TimerName>
  readonly #options: ResolvedOptions
  #lastHeard: number
  #lastPing: number
  #lastUsed: number
  #ackRecords = 0
  #ackBytes = 0

  constructor(
    readonly peer: bigint,
    private readonly host: SessionHost,
    link: Link | undefined,
  ) {
    this.#options = host.options
    this.#timers = new Timers(host.options.clock)
    this.localId = host.newId()
    this.link = link
    this.#in = this.#newInStream()
    this.#lastHeard = this.#lastPing = this.#lastUsed = this.#options.clock.now()
  }

  #newInStream(): InStream {
    return new InStream(
      this.#options.receiveBufferSize,
      () => this.host.unreadCost(this.peer),
      (channel, data) => this.#received(channel, data, true),
    )
  }

  // --- becoming active -------------------------------------------------------------------------------------------

  /** Asks the peer for a session, again and again until it answers or the time is up. */
  start(): void {
    this.state = 'connecting'
    this.#timers.start('connect', this.#options.connectTimeoutMs, () => this.#fail())
    this.#sendOpen()
  }

  #sendOpen(): void {
    this.#timers.start('open', this.#options.openRetryMs, () => this.#sendOpen())
    if (!this.link) return this.host.connect(this.peer)
    const frame = this.#frame.begin(0, this.localId)
    frame.open(this.#in.tellCredit(), this.host.receivedBefore(this.peer))
    this.#send('reliable')
  }

  /** The peer asked with this id and credit, and the game wants it. */
  answer(remoteId: number, credit: number, received: Received): void {
    if (this.state === 'active' && this.remoteId !== remoteId) {
      this.#forgetReceived(received)
      this.#startAgain()
    }
    const isNew = this.state !== 'active'
    this.remoteId = remoteId
    this.out.grant(credit)
    const frame = this.#frame.begin(remoteId, this.localId)
    frame.accept(this.#in.tellCredit(), this.host.receivedBefore(this.peer))
    this.#send('reliable')
    if (isNew) return this.#activate()
    // It asks again: the first ACCEPT did not reach it, and whatever followed was not listened to.
    this.out.rewind()
    this.pump()
  }

  #activate(): void {
    this.state = 'active'
    this.#timers.stop('connect')
    this.#timers.stop('open')
    this.#lastHeard = this.#lastPing = this.#lastUsed = this.#options.clock.now()
    this.#watch()
    if (!this.link) this.#wantLink()
    this.pump()
  }

  /** What the peer received before it closed its end is delivered, though its acknowledgement never came. */
  #forgetReceived({ session, sequence }: Received): void {
    if (session === this.localId) this.out.acknowledge(sequence)
  }

  /** What this end has received, for the peer to hear in the next session. */
  get received(): Received {
    return { session: this.remoteId, sequence: this.#in.sequence }
  }

  /** New stream, new id; what the peer has not acknowledged as a whole goes again from its first byte. */
  #startAgain(): void {
    this.host.remember(this)
    this.state = 'connecting'
    this.localId = this.host.newId()
    this.remoteId = 0
    this.out.restart()
    this.#in = this.#newInStream()
    this.#clearAck()
    this.#timers.stopAll()
    if (this.out.holding) this.#holdBack()
  }

  // --- sending ---------------------------------------------------------------------------------------------------

  /** Takes a packet; the answer is `sendP2PPacket`'s. `data` belongs to the session from now on. */
  send(channel: number, data: Uint8Array, type: SendType): boolean {
    const reliable = type === SendType.RELIABLE || type === SendType.RELIABLE_WITH_BUFFERING
    const asMessage = reliable || (type === SendType.UNRELIABLE && this.state === 'connecting')
    if (asMessage && this.#isFull(data.length)) return false
    this.channels.add(channel)
    this.#lastUsed = this.#options.clock.now()
    if (asMessage) this.#sendMessage(channel, data, type === SendType.RELIABLE_WITH_BUFFERING)
    else this.#sendDatagram(channel, data)
    return true
  }

  #isFull(more: number): boolean {
    return this.out.bufferedBytes + more > this.#options.sendBufferSize || this.out.length >= MAX_QUEUED_MESSAGES
  }

  #sendMessage(channel: number, data: Uint8Array, hold: boolean): void {
    this.out.push(channel, data, hold)
    if (hold && this.out.heldBytes < this.#options.nagleBytes) return this.#holdBack()
    this.#release()
  }

  #holdBack(): void {
    if (!this.#timers.has('nagle')) this.#timers.start('nagle', this.#options.nagleMs, () => this.#release())
  }

  #release(): void {
    this.#timers.stop('nagle')
    this.out.release()
    this.pump()
  }

  #sendDatagram(channel: number, data: Uint8Array): void {
    if (this.state === 'active') {
      this.#frame.begin(this.remoteId, this.localId).datagram(channel, data)
      if (this.#send('datagram')) return
    }
    this.host.counters.datagramsNotSent++
  }

  /** Sends what waits, as far as link and credit allow. */
  pump(): void {
    if (this.state !== 'active' || !this.link) return
    const limit = Math.min(this.link.maxFrameSize, LARGEST_FRAME)
    for (;;) {
      const frame = this.#beginFrame()
      const acknowledges = !frame.empty
      if (!this.out.fill(frame, limit)) return
      if (!this.#send('reliable')) return
      this.out.commit()
      if (acknowledges) this.#clearAck()
    }
  }

  /** A frame to the peer, with the acknowledgement that is due at its head. */
  #beginFrame(): FrameWriter {
    const frame = this.#frame.begin(this.remoteId, this.localId)
    if (this.#ackRecords > 0) frame.ack(this.#in.sequence, this.#in.held, this.#in.tellCredit())
    return frame
  }

  #send(lane: Lane): boolean {
    return this.link?.send(this.#frame.toBytes(), lane) ?? false
  }

  #sendAck(): void {
    const frame = this.#frame.begin(this.remoteId, this.localId)
    frame.ack(this.#in.sequence, this.#in.held, this.#in.tellCredit())
    // Not taken: it stays due, and rides with the first frame after the link drains.
    if (this.#send('reliable')) this.#clearAck()
    else this.#ackRecords++
  }

  #clearAck(): void {
    this.#ackRecords = 0
    this.#ackBytes = 0
    this.#timers.stop('ack')
  }

  // --- the link --------------------------------------------------------------------------------------------------

  linkUp(link: Link): void {
    this.link = link
    this.#timers.stop('link')
    if (this.state === 'connecting') this.#sendOpen()
    if (this.state !== 'active') return
    this.out.rewind()
    this.#sendAck()
    this.pump()
  }

  linkDown(): void {
    this.link = undefined
    if (this.state === 'active') this.#wantLink()
  }

  drained(): void {
    if (this.state !== 'active') return
    if (this.#ackRecords > 0) this.#sendAck()
    this.pump()
  }

  #wantLink(): void {
    this.#timers.start('link', this.#options.openRetryMs, () => this.#wantLink())
    this.host.connect(this.peer)
  }

  // --- records from the peer -------------------------------------------------------------------------------------

  /**
   * Before the records of a frame that names this session. False when it comes from another session of the peer than the
   * one that this end knows: its numbers mean something else.
   */
  frameBegins(source: number): boolean {
    if (source === 0 || (this.state === 'active' && source !== this.remoteId)) return false
    this.#source = source
    this.#lastHeard = this.#options.clock.now()
    return true
  }

  /** After them: what arrived is acknowledged now or soon. */
  frameEnds(): void {
    if (this.state !== 'active' || this.#ackRecords === 0) return
    if (this.#ackRecords >= ACK_RECORDS || this.#ackBytes >= ACK_BYTES) this.#sendAck()
    else if (!this.#timers.has('ack')) this.#timers.start('ack', this.#options.ackDelayMs, () => this.#sendAck())
  }

  accept(credit: number): void {
    // Again: the peer answered a second OPEN.
    if (this.state === 'active') return
    this.remoteId = this.#source
    this.out.grant(credit)
    this.#activate()
  }

  ping(token: number): void {
    if (!this.#expected()) return
    this.#frame.begin(this.remoteId, this.localId).pong(token)
    this.#send('reliable')
  }

  pong(): void {
    this.#expected()
  }

  ack(sequence: number, _held: number, credit: number): void {
    if (!this.#expected()) return
    if (!this.out.acknowledge(sequence)) {
      this.host.counters.unexpectedRecords++
      return
    }
    this.out.grant(credit)
    this.pump()
  }

  datagram(channel: number, payload: Uint8Array): void {
    if (!this.#expected()) return
    if (payload.length > MAX_UNRELIABLE_SIZE) {
      this.host.counters.brokenFrames++
    } else if (this.host.unreadDatagrams(this.peer) >= this.#options.maxUnreadDatagrams) {
      this.host.counters.datagramsUnread++
    } else this.#received(channel, payload.slice(), false)
  }

  fragment(sequence: number, channel: number, total: number, offset: number, payload: Uint8Array): void {
    if (!this.#expected()) return
    const taken = this.#in.take(sequence, channel, total, offset, payload)
    if (taken !== 'taken') this.host.counters[REFUSED[taken]]++
    // What was here already is acknowledged again: the sender repeats it because it does not know.
    if (taken !== 'taken' && taken !== 'duplicate') return
    this.#ackRecords++
    this.#ackBytes += payload.length
  }

  /** OPEN and UNKNOWN have no place in a frame that names a session. */
  open(): void {
    this.host.counters.unexpectedRecords++
  }

  unknown(): void {
    this.host.counters.unexpectedRecords++
  }

  /** Only an active session talks; a peer that talks before it has accepted is not listened to. */
  #expected(): boolean {
    if (this.state === 'active') return true
    this.host.counters.unexpectedRecords++
    return false
  }

  #received(channel: number, data: Uint8Array, reliable: boolean): void {
    this.channels.add(channel)
    this.#lastUsed = this.#options.clock.now()
    this.host.deliver(this, channel, data, reliable)
  }

  // --- the end ---------------------------------------------------------------------------------------------------

  /** The peer does not have this session any more: it is asked anew where something was not delivered. */
  lost(received: Received): void {
    this.#forgetReceived(received)
    if (this.out.unacknowledged) return this.#reopen()
    this.#end('closed')
    this.host.ended(this)
  }

  #reopen(): void {
    this.#startAgain()
    this.start()
  }

  /** The game has read: the sender hears of the room when it is worth a frame. */
  wasRead(): void {
    if (this.state === 'active' && this.#in.creditDue) this.#sendAck()
  }

  /** Ends the session on behalf of the game: nobody is told, what waits is dropped. */
  close(): void {
    // What was received is acknowledged, or the peer would send it once more to the next session.
    if (this.state === 'active' && this.#ackRecords > 0) this.#sendAck()
    this.#end('closed')
  }

  #end(state: 'failed' | 'closed'): void {
    if (this.remoteId !== 0) this.host.remember(this)
    this.state = state
    this.#timers.stopAll()
    this.out.clear()
  }

  #fail(): void {
    this.#end('failed')
    this.host.failed(this)
  }

  /** Looks after silence: pings, and ends what has gone silent or idle. Wakes when the next of these can be due. */
  #watch(): void {
    const { keepAliveMs, vanishMs, idleTimeoutMs, clock } = this.#options
    const now = clock.now()
    if (now - this.#lastHeard >= vanishMs) {
      // A link that carries nothing is no link: the peer's next one must not find its place taken.
      this.link?.close('the peer is silent')
      if (this.out.unacknowledged) return this.#fail()
      this.#end('closed')
      return this.host.ended(this)
    }
    const used = this.out.unacknowledged ? now : this.#lastUsed
    if (now - used >= idleTimeoutMs) {
      this.#end('closed')
      return this.host.ended(this)
    }
    if (now - Math.max(this.#lastHeard, this.#lastPing) >= keepAliveMs) {
      this.#lastPing = now
      this.#frame.begin(this.remoteId, this.localId).ping(this.localId)
      this.#send('reliable')
    }
    const quiet = Math.max(this.#lastHeard, this.#lastPing) + keepAliveMs
    const next = Math.min(this.#lastHeard + vanishMs, used + idleTimeoutMs, quiet)
    this.#timers.start('watch', Math.max(1, next - now), () => this.#watch())
  }
}
