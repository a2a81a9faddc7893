import type { Lane, Link } from '../transport/index.js'
import { Arena } from './arena.js'
import { type DropReason, dropsByChannel } from './drops.js'
import { channelError } from './errors.js'
import { FlushQueue } from './flush-queue.js'
import { type Unread, UnreadPacket } from './inbox.js'
import type { ResolvedOptions } from './options.js'
import { OutStream } from './out-stream.js'
import { Receiver, type ReceiverWay, type RecordCounter } from './receiver.js'
import { FrameWriter, type Received, type RecordVisitor } from './records.js'
import { Seeker } from './seeker.js'
import type { SendType } from './send-type.js'
import { Sender, type SenderWay } from './sender.js'
import {
  SESSION_ERROR_NO_RIGHTS,
  SESSION_ERROR_NONE,
  SESSION_ERROR_TIMEOUT,
  type SendOutcome,
  type SessionEnd,
  type SessionHost,
  type SessionState,
} from './session-host.js'
import { Silence } from './silence.js'
import { Traffic } from './statistics.js'
import { Timers } from './timers.js'

type TimerName = 'connect' | 'open' | 'watch' | 'nagle' | 'burst' | 'ack' | 'link' | 'linger'

/** One peer, one session: docs/protocol.md, section 3. It outlives links and never calls the game. */
export class Session implements RecordVisitor, SenderWay, ReceiverWay {
  state: SessionState = 'connecting'
  /** Why it failed. */
  error: number = SESSION_ERROR_NONE
  localId: number
  remoteId = 0
  /** The session that the frame comes from whose records are read at the moment. */
  #source = 0
  /** When that frame came, or the task began in which the game sends. */
  #now = 0
  readonly out = new OutStream()
  /** Channels on which something was sent or received. */
  readonly channels = new Set<number>()
  link: Link | undefined
  /** What the game has not read of the peer. */
  unread: Unread
  readonly traffic: Traffic
  /** The game has closed it; what it had accepted still goes. */
  lingering = false
  /** Whether the game was told that packets flow. */
  #isTold = false
  readonly #flushes = new FlushQueue()
  readonly #frame = new FrameWriter()
  /** Frames that are on their way out. */
  readonly #going = new Arena()
  readonly #timers: Timers<TimerName>
  readonly #options: ResolvedOptions
  readonly #sender: Sender
  readonly #receiver: Receiver
  readonly #silence: Silence
  readonly #seeker: Seeker
  /** The link did not take the ACCEPT: the peer would not listen to what goes before it. */
  isAcceptDue = false

  constructor(
    readonly peer: bigint,
    private readonly host: SessionHost,
    link: Link | undefined,
  ) {
    this.#options = host.options
    this.#timers = new Timers(host.options.clock)
    this.#sender = new Sender(this, host.options, this.#timers)
    this.#receiver = new Receiver(this, host.options, this.#timers)
    this.#silence = new Silence(host.options, this.#timers, {
      isOwed: () => this.out.unacknowledged,
      ping: (token) => this.#sendPing(token),
      vanished: () => this.#vanished(),
      idle: () => this.#over('idle'),
    })
    this.#seeker = new Seeker(host.options, this.#timers, () => host.connect(peer))
    this.traffic = new Traffic(host.options.clock.now())
    this.localId = host.newId()
    this.link = link
    this.unread = this.#account()
  }

  /** Where its packets are counted until they are read. */
  #account(): Unread {
    const unread = this.host.unreadOf(this.peer)
    unread.reader = this
    return unread
  }

  // --- becoming active -------------------------------------------------------------------------------------------

  /** Asks the peer for a session, again and again until it answers or the time is up. */
  start(): void {
    this.state = 'connecting'
    this.#timers.start('connect', this.#options.connectTimeoutMs, () => this.#fail(SESSION_ERROR_TIMEOUT, 'timeout'))
    this.#sendOpen()
  }

  #sendOpen(): void {
    if (!this.link) return this.#seeker.seek()
    this.#timers.start('open', this.#options.openRetryMs, () => this.#sendOpen())
    const frame = this.#frame.begin(0, this.localId)
    frame.open(this.#receiver.tellCredit(), this.host.receivedBefore(this.peer))
    this.sendFrame('reliable')
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
    this.#sendAccept()
    if (isNew) return this.#activate()
    // It asks again: the first ACCEPT did not reach it, and whatever followed was not listened to.
    this.out.rewind()
    this.#sender.pump()
  }

  #sendAccept(): void {
    const frame = this.beginFrame(false)
    frame.accept(this.#receiver.tellCredit(), this.host.receivedBefore(this.peer))
    this.isAcceptDue = !this.sendFrame('reliable')
  }

  #activate(): void {
    this.state = 'active'
    this.#timers.stop('connect')
    this.#timers.stop('open')
    this.#silence.begin()
    if (!this.link) this.#seeker.seek()
    this.#tellOpened()
    this.#sender.pump()
  }

  #tellOpened(): void {
    if (this.#isTold || this.lingering) return
    this.#isTold = true
    this.host.opened(this)
  }

  /** What the peer received before it closed its end is delivered, though its acknowledgement never came. */
  #forgetReceived({ session, sequence }: Received): void {
    if (session === this.localId) this.#acknowledge(sequence)
  }

  /** What this end has received, for the peer to hear in the next session. */
  get past(): Received {
    return { session: this.remoteId, sequence: this.#receiver.sequence }
  }

  /** New stream, new id; what the peer has not acknowledged as a whole goes again from its first byte. */
  #startAgain(): void {
    this.host.remember(this)
    this.state = 'connecting'
    this.localId = this.host.newId()
    this.remoteId = 0
    this.out.restart()
    this.#receiver.restart()
    this.isAcceptDue = false
    for (const timer of ['connect', 'open', 'watch', 'nagle', 'link'] as const) this.#timers.stop(timer)
    this.#sender.holdAgain()
  }

  // --- sending ---------------------------------------------------------------------------------------------------

  /** Takes a packet, or not. Type 3 waits for company for `holdMs`. Data that is kept will never change. */
  offer(channel: number, data: Uint8Array, type: SendType, holdMs: number, isKept: boolean): SendOutcome {
    // Within one task time stands still, as far as anybody here can tell.
    if (!this.#sender.isBursting) this.#now = this.#options.clock.now()
    const outcome = this.#sender.offer(channel, data, type, holdMs, isKept)
    if (outcome === 'queue-full') return outcome
    this.channels.add(channel)
    this.#silence.used(this.#now)
    // Also where it was dropped: `datagramsDropped` takes it back.
    this.traffic.sent(data.length)
    return outcome
  }

  beginFrame(acknowledges: boolean): FrameWriter {
    const frame = this.#frame.begin(this.remoteId, this.localId)
    if (acknowledges && this.#receiver.isAckDue) this.#receiver.writeAck(frame)
    return frame
  }

  sendFrame(lane: Lane): boolean {
    return this.send(this.#frame, lane)
  }

  address(frame: FrameWriter): void {
    frame.address(this.remoteId, this.localId)
  }

  send(frame: FrameWriter, lane: Lane): boolean {
    if (!this.link) return false
    const isTaken = this.host.transmit(this.link, this.#going.copy(frame.viewBytes()), lane)
    if (!isTaken) return false
    const now = this.#sender.isBursting ? this.#now : this.#options.clock.now()
    this.traffic.framesOut.add(frame.length, now)
    return true
  }

  acknowledged(): void {
    this.#receiver.acknowledged()
  }

  datagramsDropped(why: DropReason, channel: number, count: number, bytes: number): void {
    this.host.counters.datagramsNotSent += count
    this.traffic.notSent(count, bytes)
    this.host.drop({ what: 'sent packet', why, count, bytes, peer: this.peer, channel })
  }

  #sendPing(token: number): void {
    this.#frame.begin(this.remoteId, this.localId).ping(token)
    this.sendFrame('reliable')
  }

  /** Settles when the peer has acknowledged everything that was taken so far; nothing of it waits for company any more. */
  flush(): Promise<void> {
    if (this.state === 'failed') return Promise.reject(this.#lossError())
    if (!this.out.unacknowledged) return Promise.resolve()
    this.#sender.release()
    return this.#flushes.wait(this.out.accepted)
  }

  /** Measures the round trip anew, where that was not just done. */
  measure(): number | undefined {
    if (this.state === 'active') this.#silence.ask()
    return this.#silence.roundTripMs
  }

  // --- the link --------------------------------------------------------------------------------------------------

  linkUp(link: Link): void {
    this.link = link
    this.#sender.unblock()
    this.#seeker.found()
    if (this.state === 'connecting') this.#sendOpen()
    if (this.state !== 'active') return
    if (this.isAcceptDue) this.#sendAccept()
    this.#receiver.sendAck()
    this.#sender.pump()
  }

  linkDown(): void {
    this.link = undefined
    this.#timers.stop('open')
    // What it had taken may be lost, and waits to be sent again.
    this.out.rewind()
    if (this.state === 'active' || this.state === 'connecting') this.#seeker.seek()
  }

  drained(): void {
    this.#sender.unblock()
    if (this.state !== 'active') return
    if (this.isAcceptDue) this.#sendAccept()
    if (this.#receiver.isAckDue) this.#receiver.sendAck()
    this.#sender.pump()
  }

  // --- records from the peer -------------------------------------------------------------------------------------

  /**
   * Before the records of a frame that names this session. False when it comes from another session of the peer than the
   * one that this end knows: its numbers mean something else.
   */
  frameBegins(source: number, size: number): boolean {
    if (source === 0 || (this.state === 'active' && source !== this.remoteId)) return false
    this.#source = source
    const now = this.#options.clock.now()
    this.#now = now
    this.traffic.framesIn.add(size, now)
    this.#silence.heard(now)
    this.#seeker.heard()
    return true
  }

  /** After them: what arrived is acknowledged now or soon. */
  frameEnds(): void {
    if (this.state === 'active') this.#receiver.frameEnds(this.#now)
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
    this.sendFrame('reliable')
  }

  pong(token: number): void {
    if (this.#expected()) this.#silence.pong(token)
  }

  ack(sequence: number, _held: number, credit: number): void {
    if (!this.#expected()) return
    if (!this.#acknowledge(sequence)) return this.dropRecord('unexpected', 'unexpectedRecords')
    this.out.grant(credit)
    if (this.lingering && !this.out.unacknowledged) return this.#lingered()
    this.#sender.pump()
  }

  #acknowledge(sequence: number): boolean {
    const isPossible = this.out.acknowledge(sequence)
    this.#flushes.reached(this.out.acknowledged)
    return isPossible
  }

  datagram(channel: number, payload: Uint8Array): void {
    if (this.#expected()) this.#receiver.datagram(channel, payload)
  }

  fragment(sequence: number, channel: number, total: number, offset: number, payload: Uint8Array): void {
    if (this.#expected()) this.#receiver.fragment(sequence, channel, total, offset, payload)
  }

  /** OPEN and UNKNOWN have no place in a frame that names a session. */
  open(): void {
    this.dropRecord('unexpected', 'unexpectedRecords')
  }

  unknown(): void {
    this.dropRecord('unexpected', 'unexpectedRecords')
  }

  /** Only an active session talks; a peer that talks before it has accepted is not listened to. */
  #expected(): boolean {
    if (this.state === 'active') return true
    this.dropRecord('unexpected', 'unexpectedRecords')
    return false
  }

  // --- what the receiver makes of them ---------------------------------------------------------------------------

  dropRecord(why: DropReason, counter: RecordCounter, channel?: number, bytes = 0): void {
    this.host.counters[counter]++
    this.host.drop({ what: 'record', why, count: 1, bytes, peer: this.peer, channel })
  }

  unreadDropped(why: DropReason, channel: number, bytes: number): void {
    if (why === 'unread-limit') this.host.counters.datagramsUnread++
    this.traffic.datagramsDropped++
    this.host.drop({ what: 'received packet', why, count: 1, bytes, peer: this.peer, channel })
  }

  received(channel: number, data: Uint8Array, reliable: boolean): void {
    this.channels.add(channel)
    const { peer, traffic, unread } = this
    const at = this.#now
    this.#silence.used(at)
    traffic.received(data.length)
    this.host.deliver(channel, new UnreadPacket(unread, peer, data, reliable, at, traffic.packetsReceived))
  }

  // --- the end ---------------------------------------------------------------------------------------------------

  /** The peer does not have this session any more: it is asked anew where something was not delivered. */
  lost(received: Received): void {
    this.#forgetReceived(received)
    if (this.out.unacknowledged) return this.#reopen()
    this.#over('peer-closed')
  }

  #reopen(): void {
    this.#startAgain()
    this.start()
  }

  wasRead(): void {
    if (this.state === 'active') this.#receiver.wasRead()
  }

  /** While lingering the peer sent something, which another session must get. */
  get hasRefused(): boolean {
    return this.#receiver.hasRefused
  }

  /** Ends the session on behalf of the game: nobody is told, what waits is dropped. */
  close(): void {
    // What the link would have taken at once is not dropped because the task is not done.
    this.#sender.endBurst()
    // What was received is acknowledged, or the peer would send it once more to the next session.
    if (this.state === 'active' && this.#receiver.isAckDue) this.#receiver.sendAck()
    this.#end('closed', 'closed')
    this.#tellClosed('closed')
  }

  /** As `close`, but what was accepted goes first, for so long at most. */
  linger(ms: number): void {
    if (this.state === 'active' && this.#receiver.isAckDue) this.#receiver.sendAck()
    this.#tellClosed('closed')
    this.lingering = true
    this.channels.clear()
    this.#timers.start('linger', ms, () => this.#lingered())
    this.#sender.release()
  }

  #lingered(): void {
    this.#end('closed', 'closed')
    this.host.ended(this)
  }

  /** The game sends again while the session lingers: it goes on, and what it did not take comes to a new stream. */
  revive(): void {
    this.lingering = false
    // What was unread was dropped when the game closed it.
    this.unread = this.#account()
    this.#timers.stop('linger')
    if (this.state !== 'active') return
    if (this.hasRefused) this.#reopen()
    else this.#tellOpened()
    this.#receiver.hasRefused = false
  }

  /** The transport will never reach the peer. An active session does not hear of it: it has its keep-alive. */
  refused(): void {
    if (this.state === 'connecting') this.#fail(SESSION_ERROR_NO_RIGHTS, 'refused')
  }

  #vanished(): void {
    // A link that carries nothing is no link: the peer's next one must not find its place taken.
    this.link?.close('the peer is silent')
    if (this.out.unacknowledged) return this.#fail(SESSION_ERROR_TIMEOUT, 'vanished')
    this.#over('vanished')
  }

  #over(why: SessionEnd): void {
    this.#end('closed', 'closed')
    this.#tellClosed(why)
    this.host.ended(this)
  }

  #fail(error: number, why: DropReason): void {
    this.error = error
    this.#end('failed', why)
    this.host.failed(this)
    this.#tellClosed('failed')
  }

  #tellClosed(why: SessionEnd): void {
    if (!this.#isTold) return
    this.#isTold = false
    this.host.closed(this, why)
  }

  #end(state: 'failed' | 'closed', why: DropReason): void {
    if (this.remoteId !== 0) this.host.remember(this)
    this.state = state
    this.#timers.stopAll()
    this.#sender.dropDatagrams(why)
    const { peer } = this
    for (const drop of dropsByChannel(this.out, { what: 'sent packet', why, peer })) this.host.drop(drop)
    this.out.clear()
    this.#flushes.fail(() => this.#lossError())
  }

  #lossError() {
    const code = this.state === 'failed' ? 'CHANNEL_SESSION_FAILED' : 'CHANNEL_SESSION_CLOSED'
    return channelError(code, { peer: this.peer, error: this.error })
  }
}
