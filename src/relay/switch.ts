import type { Clock } from '../clock.js'
import type { Link, Transport, TransportReceiver } from '../transport/index.js'
import {
  CLOSE,
  CONNECT,
  DATA,
  DATAGRAM,
  HEADER,
  MAX_REASON_BYTES,
  REQUEST,
  readJson,
  readNumber,
  readReason,
  SIGNAL,
  viewOf,
  writeUp,
  writeWelcome,
} from '../transport/relay/messages.js'
import type { RelayLimits } from './limits.js'
import { LobbyHall } from './lobby-hall.js'
import { Member, type TrafficStats } from './member.js'
import { type FarEnd, Port } from './port.js'

/** What a relay has counted since it was made, and what it holds now. */
export interface RelayStats extends TrafficStats {
  /** Peers that are joined now. */
  peers: number
  /** Lobbies that somebody is in now. */
  lobbies: number
  /** How often a peer joined. */
  joins: number
  /** Messages that peers have sent to the relay, good or not. */
  messagesIn: number
  /** Bytes of the messages in `messagesIn`. */
  bytesIn: number
  /** Peers that were closed for a message that made no sense. */
  brokenPeers: number
  /** Peers that were closed for sending more than they may. */
  loudPeers: number
}

/** The way to peers of other relays, where there are several. */
export interface Fabric {
  /** A peer has joined here; it is nowhere else from now on. */
  joined(peer: bigint): void
  left(peer: bigint): void
  /** A peer that is joined here wants a link to one that is not. */
  connect(from: Member, peer: bigint): void
}

/**
 * The middle of a relay: whoever has a link on `transport` is a member, and a member's messages go where its ports lead. It
 * knows nothing of sockets, tokens or other relays.
 * `createRelay` puts it behind a WebSocket server; on its own it makes a relay of any transport.
 *
 * @example
 * ```ts
 * const limits = { maxLinksPerPeer: 10, maxQueuedBytes: 1 << 20, messagesPerSecond: 100, bytesPerSecond: 1 << 20, maxLobbies: 1 }
 * const network = new MemoryNetwork()
 * const relay = new RelaySwitch(network.transport(9n), limits, systemClock)
 * const peer = new RelayTransport({ steamId: 1n, via: network.transport(1n), relayId: 9n })
 * await peer.open()
 * relay.stats.peers // 1
 * peer.close()
 * ```
 */
export class RelaySwitch implements TransportReceiver {
  /** What was counted so far; the numbers go on changing. */
  readonly stats: RelayStats = {
    peers: 0,
    ports: 0,
    lobbies: 0,
    joins: 0,
    messagesIn: 0,
    bytesIn: 0,
    messagesOut: 0,
    bytesOut: 0,
    droppedDatagrams: 0,
    slowPeers: 0,
    brokenPeers: 0,
    loudPeers: 0,
    queuedBytes: 0,
  }
  /** Sees every message that one peer sends to another, before it goes on. */
  onMessage: ((from: bigint, to: bigint, message: Uint8Array) => void) | undefined
  /** @internal Set before the first peer joins, where there are other relays. */
  fabric: Fabric | undefined
  readonly #limits: RelayLimits
  readonly #clock: Clock
  readonly #members = new Map<bigint, Member>()
  readonly #byLink = new Map<Link, Member>()
  readonly #hall: LobbyHall

  /**
   * @param transport what members have their links on; it has to know who they are
   * @param limits all of them: `createRelay` alone fills in what is left out
   * @param clock where time comes from, for the limits per second
   * @throws `TRANSPORT_ALREADY_ATTACHED` for a transport that is in use
   */
  constructor(transport: Transport, limits: RelayLimits, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
    this.#hall = new LobbyHall(limits.maxLobbies, (id) => this.#members.get(id))
    transport.attach(this)
  }

  /** @internal The member with that id, if it is joined here. */
  member(id: bigint): Member | undefined {
    return this.#members.get(id)
  }

  /** @internal Who is joined here. */
  get members(): IterableIterator<Member> {
    return this.#members.values()
  }

  linkUp(link: Link): void {
    const member = new Member(link, this.#limits, this.stats, this.#clock.now())
    this.#members.set(link.peer, member)
    this.#byLink.set(link, member)
    this.stats.joins++
    this.stats.peers = this.#members.size
    member.put(writeWelcome())
    this.fabric?.joined(link.peer)
  }

  frame(link: Link, frame: Uint8Array): void {
    const member = this.#byLink.get(link)
    if (member === undefined) return
    this.stats.messagesIn++
    this.stats.bytesIn += frame.length
    if (!this.#allows(member, frame)) return
    if (this.#take(member, frame)) return
    this.stats.brokenPeers++
    link.close('a message that makes no sense')
  }

  drain(link: Link): void {
    this.#byLink.get(link)?.drain()
  }

  linkDown(link: Link, reason: string): void {
    const member = this.#byLink.get(link)
    if (member === undefined) return
    this.#byLink.delete(link)
    if (this.#members.get(member.id) === member) this.#members.delete(member.id)
    member.leave(reason)
    this.#hall.disconnected(member)
    this.stats.peers = this.#members.size
    this.stats.lobbies = this.#hall.size
    this.fabric?.left(member.id)
  }

  /** @internal An end of a link at a member, whose other end is elsewhere; undefined where there is no room for it. */
  openPort(member: Member, peer: bigint, maxFrameSize: number, far: FarEnd): Port | undefined {
    if (member.byPeer.has(peer) || member.ports.size >= this.#limits.maxLinksPerPeer) return undefined
    const port = new Port(member, ++member.lastNumber, peer)
    port.far = far
    member.enter(port)
    member.put(writeUp(port.number, peer, maxFrameSize))
    return port
  }

  /** More than it may: datagrams are dropped, and of anything else the peer is closed. */
  #allows(member: Member, frame: Uint8Array): boolean {
    const now = this.#clock.now()
    if (member.messages.take(1, now) && member.bytes.take(frame.length, now)) return true
    if (frame[0] === DATAGRAM) this.stats.droppedDatagrams++
    else {
      this.stats.loudPeers++
      member.link.close('it sends more than it may')
    }
    return false
  }

  /** False where the message makes no sense. */
  #take(member: Member, bytes: Uint8Array): boolean {
    switch (bytes[0]) {
      case DATA:
      case DATAGRAM:
      case SIGNAL:
        return this.#pass(member, bytes)
      case CONNECT:
        return this.#connect(member, bytes)
      case CLOSE:
        return this.#close(member, bytes)
      case REQUEST: {
        const request = bytes.length > HEADER ? readJson(bytes) : undefined
        if (request === undefined || !this.#hall.request(member, readNumber(bytes), request)) return false
        this.stats.lobbies = this.#hall.size
        return true
      }
      default:
        return false
    }
  }

  #pass(member: Member, bytes: Uint8Array): boolean {
    if (bytes.length <= HEADER) return false
    const number = readNumber(bytes)
    const port = member.ports.get(number)
    if (port?.far) {
      this.onMessage?.(member.id, port.peer, bytes)
      port.far.pass(bytes)
    }
    // A number that was given once is that of a link that is over; the peer will know soon.
    return number <= member.lastNumber
  }

  #connect(member: Member, bytes: Uint8Array): boolean {
    if (bytes.length !== 9) return false
    const peer = viewOf(bytes).getBigUint64(1, true)
    if (peer === member.id || member.byPeer.has(peer)) return true
    const other = this.#members.get(peer)
    if (other === undefined) this.fabric?.connect(member, peer)
    else this.#join(member, other)
    return true
  }

  #join(a: Member, b: Member): void {
    const { maxLinksPerPeer } = this.#limits
    if (a.ports.size >= maxLinksPerPeer || b.ports.size >= maxLinksPerPeer) return
    const maxFrameSize = Math.min(a.link.maxFrameSize, b.link.maxFrameSize) - HEADER
    const [portA, portB] = [new Port(a, ++a.lastNumber, b.id), new Port(b, ++b.lastNumber, a.id)]
    portA.far = portB
    portB.far = portA
    a.enter(portA)
    b.enter(portB)
    a.put(writeUp(portA.number, b.id, maxFrameSize))
    b.put(writeUp(portB.number, a.id, maxFrameSize))
    if (a.full) portB.setFull(true)
    if (b.full) portA.setFull(true)
  }

  #close(member: Member, bytes: Uint8Array): boolean {
    if (bytes.length < HEADER || bytes.length > HEADER + MAX_REASON_BYTES) return false
    const number = readNumber(bytes)
    const port = member.ports.get(number)
    if (port !== undefined) {
      member.drop(port)
      port.far?.end(readReason(bytes))
    }
    return number <= member.lastNumber
  }
}
