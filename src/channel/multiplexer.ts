import { keepAwake } from '../clock.js'
import { isGodotWireError } from '../errors.js'
import type { Lane, Link, Transport, TransportReceiver } from '../transport/index.js'
import type { Drop, DropReason } from './drops.js'
import { FrameViewer } from './frame-report.js'
import { Inbox, type Packet, type Unread, UnreadPacket } from './inbox.js'
import { Repair } from './lossy/index.js'
import { type MultiplexerOptions, type ResolvedOptions, resolveOptions } from './options.js'
import { PastSessions } from './past-sessions.js'
import { FrameWriter, openFrame, type Received, type RecordVisitor, readRecords } from './records.js'
import { Requests } from './requests.js'
import { MAX_RELIABLE_SIZE, MAX_UNRELIABLE_SIZE, SendType } from './send-type.js'
import { Session } from './session.js'
import type { Counters, RefusalReason, SendOutcome, SessionEnd, SessionHost } from './session-host.js'
import { infoOf, OWN_SESSION, type SessionInfo, statisticsOf } from './session-info.js'
import { SessionTable } from './session-table.js'
import type { SessionStatistics } from './statistics.js'

/**
 * What the multiplexer tells its owner. The first two are called from within timers and transport events, never from a
 * call to it; the others may be.
 */
export interface MultiplexerListener {
  /** A peer without a session wants one. Told again every few seconds while the peer keeps asking. */
  sessionRequest(peer: bigint): void
  /** No session came about, or one broke with messages unacknowledged. What was queued is dropped. */
  sessionFailed(peer: bigint, error: number): void
  /** Packets flow from now on. */
  sessionOpened?(peer: bigint): void
  /** A session that was opened is over. */
  sessionClosed?(peer: bigint, why: SessionEnd): void
  /** A packet can be read on this channel. */
  packetArrived?(channel: number): void
  /** Something will never arrive, or never be read. */
  dropped?(drop: Drop): void
}

/** A packet that was read. */
export type ReceivedPacket = Packet

function isInt32(value: number): boolean {
  return (value | 0) === value
}

/**
 * Sessions, channels and send types over one transport: docs/protocol.md, and `ISteamNetworking` where that is silent.
 * It answers as Steam does, with booleans, and throws for misuse of its options only.
 *
 * @example
 * ```ts
 * const network = new MemoryNetwork()
 * const [one, two] = [1n, 2n].map((steamId) => {
 *   const multiplexer = new Multiplexer(network.transport(steamId), {
 *     sessionRequest: (peer) => multiplexer.accept(peer),
 *     sessionFailed: (peer, error) => console.log(peer, error),
 *   })
 *   return multiplexer
 * })
 * one.send(2n, new Uint8Array([1, 2, 3]), SendType.RELIABLE, 0)
 * await one.flush(2n)
 * console.log(two.read(0)?.data.length) // 3
 * one.close()
 * two.close()
 * ```
 */
export class Multiplexer implements SessionHost, TransportReceiver {
  /** The Steam id that this end speaks as: the transport's. */
  readonly localId: bigint
  /** @internal What the options came to. */
  readonly options: ResolvedOptions
  /** What was refused or lost since it was made; the numbers go on changing. */
  readonly counters: Counters = {
    brokenFrames: 0,
    unexpectedRecords: 0,
    duplicates: 0,
    gaps: 0,
    beyondCredit: 0,
    datagramsNotSent: 0,
    datagramsUnread: 0,
    requestsIgnored: 0,
  }
  readonly #transport: Transport
  readonly #listener: MultiplexerListener
  readonly #viewer: FrameViewer | undefined
  readonly #inbox = new Inbox((why, channel, packets) => this.#dropUnread(why, channel, packets))
  readonly #sessions = new SessionTable()
  readonly #requests: Requests
  readonly #links = new Map<bigint, Link>()
  /** Where frames of links that lose become frames of links that do not. */
  readonly #repair: Repair
  readonly #past = new PastSessions()
  readonly #frame = new FrameWriter()
  /** Channels on which this end sent to itself: a session without a link. */
  #ownChannels: Set<number> | undefined
  #ownPackets = 0
  #closed = false

  /** @throws `CHANNEL_BAD_OPTION`; `TRANSPORT_ALREADY_ATTACHED` for a transport that is in use */
  constructor(transport: Transport, listener: MultiplexerListener, options: MultiplexerOptions = {}) {
    this.options = resolveOptions(options)
    this.localId = transport.localId
    this.#transport = transport
    this.#listener = listener
    this.#requests = new Requests(this.options)
    const { onFrame, clock } = this.options
    this.#viewer = onFrame && new FrameViewer(onFrame, () => clock.now())
    this.#repair = new Repair(this, {
      clock,
      random: () => this.options.randomUint32() / 2 ** 32,
      dropped: ({ peer }, frame) => this.#dropStale(peer, frame.length),
    })
    transport.attach(this)
  }

  // --- what the game calls ---------------------------------------------------------------------------------------

  /**
   * Takes a packet for a peer, opening a session where there is none. A copy is made: the caller may reuse `data`.
   *
   * False when nothing was taken: the packet is too large for its type, type or channel are out of range, or more than
   * `sendBufferSize` bytes or 131,072 packets wait for that peer. True says queued or sent, not received.
   */
  send(peer: bigint, data: Uint8Array, type: SendType, channel: number): boolean {
    const outcome = this.offer(peer, data, type, channel)
    return outcome === 'taken' || outcome === 'dropped'
  }

  /** As `send`, with an answer that says more. Packets of type 3 wait for company for `holdMs`. */
  offer(peer: bigint, data: Uint8Array, type: SendType, channel: number, holdMs = this.options.nagleMs): SendOutcome {
    const outcome = this.#offer(peer, data, type, channel, holdMs, false)
    if (outcome !== 'taken' && outcome !== 'dropped') this.#refuse(outcome, peer, data.length, channel)
    return outcome
  }

  /**
   * As `send` to each of these peers, but one copy of the data is made for all of them. False where it was not taken for one
   * of them, or there is none.
   */
  sendToAll(peers: Iterable<bigint>, data: Uint8Array, type: SendType, channel: number): boolean {
    const kept = new Uint8Array(data)
    let taken = 0
    let count = 0
    for (const peer of peers) {
      count++
      const outcome = this.#offer(peer, kept, type, channel, this.options.nagleMs, true)
      if (outcome === 'taken' || outcome === 'dropped') taken++
      else this.#refuse(outcome, peer, data.length, channel)
    }
    return count > 0 && taken === count
  }

  #refuse(why: RefusalReason, peer: bigint, bytes: number, channel: number): void {
    this.drop({ what: 'refused packet', why, count: 1, bytes, peer, channel })
  }

  /** @param isKept the data will never change, and need not be copied by who keeps it */
  #offer(
    peer: bigint,
    data: Uint8Array,
    type: SendType,
    channel: number,
    holdMs: number,
    isKept: boolean,
  ): SendOutcome {
    if (this.#closed) return 'closed'
    if (!isInt32(channel)) return 'bad-channel'
    if (!(type >= 0 && type <= 3) || !isInt32(type)) return 'bad-type'
    const limit = type >= SendType.RELIABLE ? MAX_RELIABLE_SIZE : MAX_UNRELIABLE_SIZE
    if (data.length > limit) return 'too-large'
    if (peer === this.localId) return this.#sendToSelf(data, channel)
    return this.#sessionFor(peer).offer(channel, data, type, holdMs, isKept)
  }

  /** The session to send with: sending is an accept where a request waits, and a request where nothing does. */
  #sessionFor(peer: bigint): Session {
    const known = this.#sessions.live(peer) ?? this.#sessions.revive(peer)
    if (known) return known
    if (this.accept(peer)) return this.#sessions.live(peer)!
    const session = this.#newSession(peer)
    session.start()
    return session
  }

  #newSession(peer: bigint): Session {
    const session = new Session(peer, this, this.#links.get(peer))
    this.#sessions.add(session)
    this.#inbox.adopt(peer)
    return session
  }

  #sendToSelf(data: Uint8Array, channel: number): SendOutcome {
    // The cost bounds empty packets too; here nothing is sent, and what waits is what was not read.
    const unread = this.#inbox.unreadOf(this.localId)
    if (unread.cost + data.length > this.options.sendBufferSize) return 'queue-full'
    this.#ownChannels ??= new Set()
    this.#ownChannels.add(channel)
    const at = this.options.clock.now()
    this.deliver(channel, new UnreadPacket(unread, this.localId, new Uint8Array(data), true, at, ++this.#ownPackets))
    return 'taken'
  }

  /** Accepts the request of a peer. False when none waits: there is nothing to accept. */
  accept(peer: bigint): boolean {
    const request = this.#requests.take(peer)
    if (!request) return false
    this.#newSession(peer).answer(request.remoteId, request.credit, request.received)
    return true
  }

  /** Whether a request of a peer waits for an answer. */
  hasRequest(peer: bigint): boolean {
    return this.#requests.has(peer)
  }

  /**
   * Ends the session with a peer, drops what waits in both directions and tells nobody; with `closeLinger` what was
   * accepted goes first. False when there was none.
   */
  closeSession(peer: bigint): boolean {
    this.#inbox.drop(peer, 'closed')
    if (peer === this.localId) {
      const existed = this.#ownChannels !== undefined
      this.#ownChannels = undefined
      return existed
    }
    const session = this.#sessions.get(peer)
    if (!session) return false
    const isFailed = session.state === 'failed'
    this.#sessions.close(session, this.options.closeLinger)
    return !isFailed
  }

  /** Closes one channel of a session, and with the last one the session. False when it was not open. */
  closeChannel(peer: bigint, channel: number): boolean {
    const channels = peer === this.localId ? this.#ownChannels : this.#sessions.live(peer)?.channels
    if (!channels?.delete(channel)) return false
    this.#inbox.drop(peer, 'channel-closed', channel)
    if (channels.size === 0) this.closeSession(peer)
    return true
  }

  /** Undefined when there is no session, not even a failed one. */
  sessionInfo(peer: bigint): SessionInfo | undefined {
    if (peer === this.localId) return this.#ownChannels && OWN_SESSION
    const session = this.#sessions.get(peer)
    return session && infoOf(session)
  }

  /** Undefined when there is no session, not even a failed one, and for the session with oneself. */
  statistics(peer: bigint): SessionStatistics | undefined {
    const session = this.#sessions.get(peer)
    return session && statisticsOf(session, session.unread, this.options.clock.now())
  }

  /**
   * Settles when the peer has acknowledged everything reliable that was accepted so far; at once when there is nothing.
   * What waits for company (type 3) waits no longer.
   *
   * @throws (rejects) `CHANNEL_SESSION_FAILED` when the session fails or has failed, `CHANNEL_SESSION_CLOSED` when this
   *   end closes it
   */
  async flush(peer: bigint): Promise<void> {
    const session = this.#sessions.get(peer) ?? this.#sessions.lingering(peer)
    if (!session) return
    const sleep = keepAwake()
    try {
      await session.flush()
    } finally {
      sleep()
    }
  }

  /** Size in bytes of the packet that `read` gives next on this channel; undefined when there is none. */
  nextPacketSize(channel: number): number | undefined {
    return this.#inbox.nextSize(channel)
  }

  /** Takes the next packet of a channel, in order of arrival over all peers; undefined when there is none. */
  read(channel: number): ReceivedPacket | undefined {
    return this.#inbox.read(channel)
  }

  /** Ends all sessions, the transport and every timer. A second call does nothing. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#sessions.closeAll()
    this.#requests.clear()
    this.#links.clear()
    this.#repair.close()
    this.#inbox.clear()
    this.#transport.close()
  }

  // --- what the transport tells ----------------------------------------------------------------------------------

  linkUp(link: Link): void {
    // Comes again as a link that repeats and orders, and so do the events below.
    if (!link.reliable) return this.#repair.linkUp(link)
    this.#links.set(link.peer, link)
    for (const session of this.#sessions.both(link.peer)) session.linkUp(link)
  }

  linkDown(link: Link, reason = 'closed'): void {
    if (!link.reliable) return this.#repair.linkDown(link, reason)
    if (this.#links.get(link.peer) !== link) return
    this.#links.delete(link.peer)
    for (const session of this.#sessions.both(link.peer)) session.linkDown()
  }

  drain(link: Link): void {
    if (!link.reliable) return this.#repair.drain(link)
    for (const session of this.#sessions.both(link.peer)) session.drained()
  }

  /** The transport will never reach this peer: an authenticated relay said so. Who is connecting hears of it at once. */
  refused(peer: bigint): void {
    for (const session of this.#sessions.both(peer)) session.refused()
  }

  frame(link: Link, frame: Uint8Array): void {
    if (!link.reliable) return this.#repair.frame(link, frame)
    this.#viewer?.came(link, frame)
    try {
      this.#frameFrom(link, frame)
    } catch (error) {
      if (!isGodotWireError(error, 'CHANNEL_BAD_FRAME')) throw error
      this.counters.brokenFrames++
      const { peer } = link
      this.drop({ what: 'frame', why: 'broken', count: 1, bytes: frame.length, peer, channel: undefined })
    }
  }

  #frameFrom(link: Link, frame: Uint8Array): void {
    const { destination, source, records } = openFrame(frame)
    if (destination === 0) return readRecords(records, this.#visitorFor(link, source))
    const session = this.#sessions.called(link.peer, destination)
    if (!session?.frameBegins(source, frame.length)) return this.#tellUnknown(link, destination)
    try {
      readRecords(records, session)
    } finally {
      session.frameEnds()
    }
  }

  #tellUnknown(link: Link, destination: number): void {
    const frame = this.#frame.begin(0, 0)
    frame.unknown(destination, this.receivedBefore(link.peer))
    this.transmit(link, frame.toBytes(), 'reliable')
  }

  /** Frames without a destination ask for a session, or say that one is not known. */
  #visitorFor(link: Link, source: number): RecordVisitor {
    const { peer } = link
    const unexpected = () => {
      this.counters.unexpectedRecords++
      this.drop({ what: 'record', why: 'unexpected', count: 1, bytes: 0, peer, channel: undefined })
    }
    return {
      open: (credit, received) => this.#opened(peer, source, credit, received),
      unknown: (id, received) => this.#unknown(peer, id, received),
      accept: unexpected,
      ping: unexpected,
      pong: unexpected,
      ack: unexpected,
      datagram: unexpected,
      fragment: unexpected,
    }
  }

  #opened(peer: bigint, remoteId: number, credit: number, received: Received): void {
    if (remoteId === 0) {
      this.counters.brokenFrames++
      return this.drop({ what: 'record', why: 'broken', count: 1, bytes: 0, peer, channel: undefined })
    }
    const session = this.#sessions.live(peer) ?? this.#lingeringWith(peer, remoteId)
    if (session) return session.answer(remoteId, credit, received)
    const told = this.#requests.note(peer, { remoteId, credit, received })
    if (told === 'tell') this.#listener.sessionRequest(peer)
    if (told !== 'no-room') return
    this.counters.requestsIgnored++
    this.drop({ what: 'request', why: 'too-many', count: 1, bytes: 0, peer, channel: undefined })
  }

  /** The session that lingers, where it can be the one that is asked for. If not, the peer has closed its own: it is over. */
  #lingeringWith(peer: bigint, remoteId: number): Session | undefined {
    const session = this.#sessions.lingering(peer)
    if (!session || session.state === 'connecting' || session.remoteId === remoteId) return session
    this.#sessions.remove(session)
    session.close()
    return undefined
  }

  #unknown(peer: bigint, id: number, received: Received): void {
    for (const session of this.#sessions.both(peer)) {
      if (session.state === 'active' && session.remoteId === id) return session.lost(received)
    }
  }

  // --- what sessions tell ----------------------------------------------------------------------------------------

  /** @internal For sessions. */
  receivedBefore(peer: bigint): Received {
    return this.#past.receivedOf(peer)
  }

  /** @internal For sessions. */
  remember({ peer, past }: Session): void {
    this.#past.remember(peer, past)
  }

  /** @internal For sessions. */
  newId(): number {
    // Ids are told apart per peer, so that any number but 0 will do.
    return this.options.randomUint32() >>> 0 || 1
  }

  /** @internal For sessions. */
  connect(peer: bigint): void {
    this.#transport.connect(peer)
  }

  /** @internal For sessions. */
  transmit(link: Link, frame: Uint8Array, lane: Lane): boolean {
    if (!this.#viewer) return link.send(frame, lane)
    const copy = frame.slice()
    const isTaken = link.send(frame, lane)
    this.#viewer.sent(link, lane, copy, isTaken)
    return isTaken
  }

  /** @internal For sessions. */
  deliver(channel: number, packet: UnreadPacket): void {
    this.#inbox.push(channel, packet)
    this.#listener.packetArrived?.(channel)
  }

  /** @internal For sessions. */
  unreadOf(peer: bigint): Unread {
    return this.#inbox.unreadOf(peer)
  }

  /** @internal For sessions, and for who refuses packets before they get here. */
  drop(drop: Drop): void {
    this.#listener.dropped?.(drop)
  }

  /** A frame of unreliable packets waited too long in a link that repeats and orders by itself. */
  #dropStale(peer: bigint, bytes: number): void {
    this.counters.datagramsNotSent++
    this.drop({ what: 'frame', why: 'congested', count: 1, bytes, peer, channel: undefined })
  }

  #dropUnread(why: DropReason, channel: number, packets: readonly Packet[]): void {
    const { peer } = packets[0]!
    const bytes = packets.reduce((sum, { data }) => sum + data.length, 0)
    this.drop({ what: 'received packet', why, count: packets.length, bytes, peer, channel })
  }

  /** @internal For sessions. */
  opened({ peer }: Session): void {
    this.#listener.sessionOpened?.(peer)
  }

  /** @internal For sessions. */
  closed({ peer }: Session, why: SessionEnd): void {
    this.#listener.sessionClosed?.(peer, why)
  }

  /** @internal For sessions. */
  failed(session: Session): void {
    const { peer, error, lingering } = session
    // The game has closed it: what it dropped was told, and it is not a failure any more.
    if (lingering) {
      this.#sessions.remove(session)
      return
    }
    this.#inbox.orphan(peer)
    this.#sessions.keepFailed(peer)
    this.#listener.sessionFailed(peer, error)
  }

  /** @internal For sessions. */
  ended(session: Session): void {
    const { peer, link, hasRefused, localId } = session
    const wasLingering = this.#sessions.remove(session)
    if (!wasLingering) this.#inbox.orphan(peer)
    // What the peer sent in the meantime is for a session that it must ask for.
    else if (link && hasRefused) this.#tellUnknown(link, localId)
  }
}
