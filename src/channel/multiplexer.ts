import { isGodotWireError } from '../errors.js'
import type { Link, Transport, TransportReceiver } from '../transport/index.js'
import { Inbox } from './inbox.js'
import { type MultiplexerOptions, type ResolvedOptions, resolveOptions } from './options.js'
import { FrameWriter, openFrame, type Received, type RecordVisitor, readRecords } from './records.js'
import { MAX_RELIABLE_SIZE, MAX_UNRELIABLE_SIZE, SendType } from './send-type.js'
import { ahead } from './serial.js'
import { type Counters, Session, type SessionHost } from './session.js'

/** Why a session attempt or a session failed; the numbers are Steam's (EP2PSessionError). */
export const SESSION_ERROR_NONE = 0
export const SESSION_ERROR_TIMEOUT = 4

/** What the multiplexer tells its owner. Called from within timers and transport events, never from a call to it. */
export interface MultiplexerListener {
  /** A peer without a session wants one. Told again every few seconds while the peer keeps asking. */
  sessionRequest(peer: bigint): void
  /** No session came about, or one broke with messages unacknowledged. What was queued is dropped. */
  sessionFailed(peer: bigint, error: number): void
}

/** A session as `getP2PSessionState` sees it. */
export interface SessionInfo {
  readonly active: boolean
  readonly connecting: boolean
  readonly error: number
  readonly relayed: boolean
  /** Bytes and messages that wait to be handed to the link. */
  readonly bytesQueued: number
  readonly packetsQueued: number
  /** IPv4 address as an unsigned number, first octet highest; 0 where it is not known. */
  readonly ip: number
  readonly port: number
}

export interface ReceivedPacket {
  readonly peer: bigint
  readonly data: Uint8Array
}

interface Request {
  remoteId: number
  credit: number
  received: Received
  lastOpen: number
  lastTold: number
}

function isInt32(value: number): boolean {
  return (value | 0) === value
}

/**
 * Sessions, channels and send types over one transport: docs/protocol.md, and `ISteamNetworking` where that is silent.
 * It answers as Steam does, with booleans, and throws for misuse of its options only.
 *
 * @example
 * ```ts
 * const multiplexer = new Multiplexer(network.transport(1n), { sessionRequest: (peer) => multiplexer.accept(peer), ... })
 * multiplexer.send(2n, bytes, SendType.RELIABLE, 0)
 * ```
 */
export class Multiplexer implements SessionHost, TransportReceiver {
  readonly localId: bigint
  readonly options: ResolvedOptions
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
  readonly #inbox = new Inbox((peer) => this.#sessions.get(peer)?.wasRead())
  readonly #sessions = new Map<bigint, Session>()
  /** Peers whose last session failed, oldest first. */
  readonly #failed = new Set<bigint>()
  readonly #requests = new Map<bigint, Request>()
  readonly #links = new Map<bigint, Link>()
  /** What was received in the last session with each peer, the oldest first. */
  readonly #received = new Map<bigint, Received>()
  readonly #frame = new FrameWriter()
  /** Channels on which this end sent to itself: a session without a link. */
  #ownChannels: Set<number> | undefined
  #closed = false

  /** @throws `CHANNEL_BAD_OPTION`; `TRANSPORT_ALREADY_ATTACHED` for a transport that is in use */
  constructor(transport: Transport, listener: MultiplexerListener, options: MultiplexerOptions = {}) {
    this.options = resolveOptions(options)
    this.localId = transport.localId
    this.#transport = transport
    this.#listener = listener
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
    if (this.#closed || !isInt32(channel) || !(type >= 0 && type <= 3) || !isInt32(type)) return false
    const limit = type >= SendType.RELIABLE ? MAX_RELIABLE_SIZE : MAX_UNRELIABLE_SIZE
    if (data.length > limit) return false
    const copy = new Uint8Array(data)
    if (peer === this.localId) return this.#sendToSelf(copy, channel)
    return this.#sessionFor(peer).send(channel, copy, type)
  }

  /** The session to send with: sending is an accept where a request waits, and a request where nothing does. */
  #sessionFor(peer: bigint): Session {
    const known = this.#sessions.get(peer)
    if (known && known.state !== 'failed') return known
    if (this.accept(peer)) return this.#sessions.get(peer)!
    const session = this.#newSession(peer)
    session.start()
    return session
  }

  #newSession(peer: bigint): Session {
    const session = new Session(peer, this, this.#links.get(peer))
    this.#sessions.set(peer, session)
    this.#failed.delete(peer)
    this.#inbox.adopt(peer)
    return session
  }

  #sendToSelf(data: Uint8Array, channel: number): boolean {
    // The cost bounds empty packets too; here nothing is sent, and what waits is what was not read.
    if (this.#inbox.unreadCost(this.localId) + data.length > this.options.sendBufferSize) return false
    this.#ownChannels ??= new Set()
    this.#ownChannels.add(channel)
    this.#inbox.push(channel, { peer: this.localId, data, reliable: true })
    return true
  }

  /** Accepts the request of a peer. False when none waits: there is nothing to accept. */
  accept(peer: bigint): boolean {
    const request = this.#requests.get(peer)
    if (!request) return false
    this.#requests.delete(peer)
    if (this.#expired(request)) return false
    this.#newSession(peer).answer(request.remoteId, request.credit, request.received)
    return true
  }

  /** Ends the session with a peer, drops what waits in both directions and tells nobody. False when there was none. */
  closeSession(peer: bigint): boolean {
    this.#inbox.drop(peer)
    if (peer === this.localId) {
      const existed = this.#ownChannels !== undefined
      this.#ownChannels = undefined
      return existed
    }
    const session = this.#sessions.get(peer)
    if (!session) return false
    this.#sessions.delete(peer)
    const existed = session.state !== 'failed'
    session.close()
    return existed
  }

  /** Closes one channel of a session, and with the last one the session. False when it was not open. */
  closeChannel(peer: bigint, channel: number): boolean {
    const session = this.#sessions.get(peer)
    const live = session && session.state !== 'failed' ? session.channels : undefined
    const channels = peer === this.localId ? this.#ownChannels : live
    if (!channels?.delete(channel)) return false
    this.#inbox.drop(peer, channel)
    if (channels.size === 0) this.closeSession(peer)
    return true
  }

  /** Undefined when there is no session, not even a failed one. */
  sessionInfo(peer: bigint): SessionInfo | undefined {
    if (peer === this.localId) return this.#ownChannels && { ...NO_TRAFFIC, active: true }
    const session = this.#sessions.get(peer)
    if (!session) return undefined
    const { state, link, out } = session
    return {
      active: state === 'active',
      connecting: state === 'connecting',
      error: state === 'failed' ? SESSION_ERROR_TIMEOUT : SESSION_ERROR_NONE,
      relayed: link?.relayed ?? false,
      bytesQueued: out.unsentBytes,
      packetsQueued: out.unsentMessages,
      ip: link?.address?.ip ?? 0,
      port: link?.address?.port ?? 0,
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
    for (const session of this.#sessions.values()) session.close()
    this.#sessions.clear()
    this.#requests.clear()
    this.#links.clear()
    this.#inbox.clear()
    this.#transport.close()
  }

  // --- what the transport tells ----------------------------------------------------------------------------------

  linkUp(link: Link): void {
    // Repeating and ordering over links that lose is not built yet. Refused, where somebody can see it, rather than
    // trusted until the first loss.
    if (!link.reliable) return link.close('this multiplexer needs a reliable lane')
    this.#links.set(link.peer, link)
    this.#sessions.get(link.peer)?.linkUp(link)
  }

  linkDown(link: Link): void {
    if (this.#links.get(link.peer) !== link) return
    this.#links.delete(link.peer)
    this.#sessions.get(link.peer)?.linkDown()
  }

  drain(link: Link): void {
    this.#sessions.get(link.peer)?.drained()
  }

  frame(link: Link, frame: Uint8Array): void {
    try {
      const { destination, source, records } = openFrame(frame)
      if (destination === 0) return readRecords(records, this.#visitorFor(link, source))
      const session = this.#sessions.get(link.peer)
      const known = session !== undefined && session.localId === destination && session.state !== 'failed'
      if (!known || !session.frameBegins(source)) return this.#answerUnknown(link, destination)
      try {
        readRecords(records, session)
      } finally {
        session.frameEnds()
      }
    } catch (error) {
      if (!isGodotWireError(error, 'CHANNEL_BAD_FRAME')) throw error
      this.counters.brokenFrames++
    }
  }

  #answerUnknown(link: Link, destination: number): void {
    const frame = this.#frame.begin(0, 0)
    frame.unknown(destination, this.receivedBefore(link.peer))
    link.send(frame.toBytes(), 'reliable')
  }

  /** Frames without a destination ask for a session, or say that one is not known. */
  #visitorFor(link: Link, source: number): RecordVisitor {
    const unexpected = () => {
      this.counters.unexpectedRecords++
    }
    return {
      open: (credit, received) => this.#opened(link.peer, source, credit, received),
      unknown: (id, received) => this.#unknown(link.peer, id, received),
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
      return
    }
    const session = this.#sessions.get(peer)
    if (session && session.state !== 'failed') return session.answer(remoteId, credit, received)
    const now = this.options.clock.now()
    const request = this.#requests.get(peer)
    const news = { remoteId, credit, received, lastOpen: now }
    if (request) Object.assign(request, news)
    else if (!this.#addRequest(peer, { ...news, lastTold: Number.NEGATIVE_INFINITY })) return
    this.#tellRequest(peer, now)
  }

  #addRequest(peer: bigint, request: Request): boolean {
    if (this.#requests.size >= this.options.maxRequests) {
      for (const [other, waiting] of this.#requests) if (this.#expired(waiting)) this.#requests.delete(other)
    }
    if (this.#requests.size >= this.options.maxRequests) {
      this.counters.requestsIgnored++
      return false
    }
    this.#requests.set(peer, request)
    return true
  }

  #tellRequest(peer: bigint, now: number): void {
    const request = this.#requests.get(peer)!
    if (now - request.lastTold < this.options.requestRepeatMs) return
    request.lastTold = now
    this.#listener.sessionRequest(peer)
  }

  /** The peer gave up: it has asked no more for as long as it would have waited. */
  #expired(request: Request): boolean {
    return this.options.clock.now() - request.lastOpen > this.options.connectTimeoutMs
  }

  #unknown(peer: bigint, id: number, received: Received): void {
    const session = this.#sessions.get(peer)
    if (session?.state === 'active' && session.remoteId === id) session.lost(received)
  }

  // --- what is left of sessions that are over --------------------------------------------------------------------

  receivedBefore(peer: bigint): Received {
    return this.#received.get(peer) ?? NOTHING_RECEIVED
  }

  remember({ peer, received }: Session): void {
    const before = this.receivedBefore(peer)
    this.#received.delete(peer)
    // Two sessions of ours may have met the same one of the peer, and only one of them its stream.
    const less = before.session === received.session && ahead(before.sequence, received.sequence) > 0
    this.#received.set(peer, less ? before : received)
    for (const oldest of this.#received.keys()) {
      if (this.#received.size <= MAX_REMEMBERED) break
      this.#received.delete(oldest)
    }
  }

  // --- what sessions tell ----------------------------------------------------------------------------------------

  newId(): number {
    // Ids are told apart per peer, so that any number but 0 will do.
    return this.options.randomUint32() >>> 0 || 1
  }

  connect(peer: bigint): void {
    this.#transport.connect(peer)
  }

  deliver(session: Session, channel: number, data: Uint8Array, reliable: boolean): void {
    this.#inbox.push(channel, { peer: session.peer, data, reliable })
  }

  unreadCost(peer: bigint): number {
    return this.#inbox.unreadCost(peer)
  }

  unreadDatagrams(peer: bigint): number {
    return this.#inbox.unreadDatagrams(peer)
  }

  failed(session: Session): void {
    this.#inbox.orphan(session.peer)
    // Kept so that the game can ask for the error; bounded, for peers that come and go for months.
    this.#failed.delete(session.peer)
    this.#failed.add(session.peer)
    for (const peer of this.#failed) {
      if (this.#failed.size <= MAX_FAILED) break
      this.#failed.delete(peer)
      if (this.#sessions.get(peer)?.state === 'failed') this.#sessions.delete(peer)
    }
    this.#listener.sessionFailed(session.peer, SESSION_ERROR_TIMEOUT)
  }

  ended(session: Session): void {
    if (this.#sessions.get(session.peer) === session) this.#sessions.delete(session.peer)
    this.#inbox.orphan(session.peer)
  }
}

/** Of how many peers it is remembered what they need not send again. */
const MAX_REMEMBERED = 4096

const NOTHING_RECEIVED: Received = { session: 0, sequence: 0 }

/** How many failed sessions are remembered. */
const MAX_FAILED = 256

const NO_TRAFFIC: SessionInfo = {
  active: false,
  connecting: false,
  error: SESSION_ERROR_NONE,
  relayed: false,
  bytesQueued: 0,
  packetsQueued: 0,
  ip: 0,
  port: 0,
}
