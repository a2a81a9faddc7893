import { Inbox } from '../inbox.js'
import { type ConnectionId, newConnectionId, sameId } from './connection-id.js'
import { Crowd } from './crowd.js'
import { type Acceptance, HEADER_SIZE, idOf, TYPE, writeRefuse } from './datagrams.js'
import type { Dial } from './dial.js'
import type { Knock } from './knock.js'
import { type LinkTerms, UdpLink } from './link.js'
import type { Sent, UdpSocket, UdpSocketOwner } from './node-half.js'
import type { UdpSettings } from './options.js'
import { type Endpoint, type Remote, samePlace, sendClose, sendGone, sendTo } from './remote.js'

/** What an `UdpTransport` has counted since it was made, and what it holds now. */
export interface UdpStats {
  /** Links that are up now. */
  linksUp: number
  /** Handshakes of either direction under way now. Hellos of unproven addresses are none. */
  pendingHandshakes: number
  /** Hellos without a good cookie, answered with one. */
  retries: number
  /** Hellos refused, with words. */
  refusedHellos: number
  /** Hellos left unanswered: too many at a time, or this end dials that peer itself. */
  droppedHellos: number
  /** Handshakes that took too long, or gave way to newer ones. */
  handshakeTimeouts: number
  /** Datagrams with an unknown id, from the wrong address, or of no use in that state. */
  strayDatagrams: number
  /** Datagrams that do not parse. */
  brokenDatagrams: number
  /** Frames that are empty, too large, or came while too much waited for a receiver. */
  droppedFrames: number
  /** Links ended because the other end was silent, or did not know them any more. */
  silentLinks: number
  /** Links ended because the same peer came anew. */
  replacedLinks: number
  /** Datagrams that the system did not send, or has said that nobody took. */
  sendErrors: number
}

/** What waits for a receiver that nobody has attached: beyond it frames are dropped and newcomers turned away. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024

/** Types that are answered with GONE where their id is not known: those of links. */
const OF_LINKS: ReadonlySet<number> = new Set([TYPE.FRAME, TYPE.PING, TYPE.PONG])

/** Where datagrams of strangers are judged. */
export interface Door {
  hello(from: Remote, datagram: Uint8Array): void
}

/** What the parts of one transport share: its links, those that want to become links, and the way to the receiver. */
export class Hub implements UdpSocketOwner {
  readonly settings: UdpSettings
  readonly inbox = new Inbox()
  readonly stats: UdpStats = {
    linksUp: 0,
    pendingHandshakes: 0,
    retries: 0,
    refusedHellos: 0,
    droppedHellos: 0,
    handshakeTimeouts: 0,
    strayDatagrams: 0,
    brokenDatagrams: 0,
    droppedFrames: 0,
    silentLinks: 0,
    replacedLinks: 0,
    sendErrors: 0,
  }
  /** Where hellos go; undefined until this end listens. */
  door: Door | undefined
  readonly dials = new Set<Dial>()
  /** Whoever has come from elsewhere. */
  readonly crowd = new Crowd()
  /** The oldest first. */
  readonly knocks = new Map<string, Knock>()
  readonly #links = new Map<bigint, UdpLink>()
  /** By the lower half of the id that datagrams to this end carry. */
  readonly #endpoints = new Map<number, Endpoint>()
  /** By the lower half of the id that datagrams to the other end carry. */
  readonly #byRemoteId = new Map<number, UdpLink>()

  constructor(settings: UdpSettings) {
    this.settings = settings
  }

  get isFull(): boolean {
    return this.#links.size >= this.settings.maxLinks || this.overloaded
  }

  get overloaded(): boolean {
    return this.inbox.waitingBytes > MAX_WAITING_BYTES
  }

  newId(): ConnectionId {
    return newConnectionId((low) => this.#endpoints.has(low))
  }

  hasLink(peer: bigint): boolean {
    return this.#links.has(peer)
  }

  linkTo(peer: bigint): UdpLink | undefined {
    return this.#links.get(peer)
  }

  linkWithRemoteId(id: ConnectionId, remote: Remote): UdpLink | undefined {
    const link = this.#byRemoteId.get(id.low)
    return link !== undefined && sameId(link.remoteId, id) && samePlace(link.remote, remote) ? link : undefined
  }

  // --- what sockets tell -----------------------------------------------------------------------------------------

  datagram(socket: UdpSocket, bytes: Uint8Array, address: string, port: number): void {
    if (this.inbox.closed) return
    const type = bytes[0]
    if (type === TYPE.HELLO) return this.#hello({ socket, address, port, owned: false }, bytes)
    if (type === undefined || bytes.byteLength < HEADER_SIZE) return void this.stats.brokenDatagrams++
    const id = idOf(bytes)
    const endpoint = this.#endpoints.get(id.low)
    // Not `samePlace`: this is where every frame comes by.
    if (endpoint !== undefined && endpoint.id.high === id.high) {
      const { remote } = endpoint
      if (remote.socket === socket && remote.port === port && remote.address === address) {
        return endpoint.datagram(type, bytes)
      }
    }
    this.#stray(type, id, { socket, address, port, owned: false })
  }

  failed(socket: UdpSocket, code: string): void {
    this.stats.sendErrors++
    for (const dial of this.dials) if (dial.remote.owned && dial.remote.socket === socket) dial.failed(code)
  }

  /** Counts what was not sent; for datagrams whose loss is nobody's business. */
  readonly sent: Sent = (error) => {
    if (error) this.stats.sendErrors++
  }

  #hello(from: Remote, bytes: Uint8Array): void {
    if (this.door !== undefined && from.socket.listens) this.door.hello(from, bytes)
    else this.stats.strayDatagrams++
  }

  #stray(type: number, id: ConnectionId, from: Remote): void {
    if (type === TYPE.GONE) {
      const link = this.linkWithRemoteId(id, from)
      if (link !== undefined) {
        this.stats.silentLinks++
        return link.ended('the other end does not know this link any more')
      }
    }
    this.stats.strayDatagrams++
    if (OF_LINKS.has(type)) sendGone(from, id, this.sent)
  }

  // --- handshakes ------------------------------------------------------------------------------------------------

  dial(dial: Dial): void {
    this.dials.add(dial)
    this.#endpoints.set(dial.id.low, dial)
    this.#count()
  }

  forget(dial: Dial): void {
    this.dials.delete(dial)
    this.#endpoints.delete(dial.id.low)
    this.#count()
  }

  knock(knock: Knock): void {
    this.knocks.set(knock.key, knock)
    this.crowd.enter(knock.remote.address)
    this.#endpoints.set(knock.id.low, knock)
    this.#count()
  }

  dismiss(knock: Knock): void {
    this.knocks.delete(knock.key)
    this.crowd.leave(knock.remote.address)
    this.#endpoints.delete(knock.id.low)
    this.#count()
  }

  refuse(remote: Remote, id: ConnectionId, refusal: number): void {
    this.stats.refusedHellos++
    sendTo(remote, writeRefuse(id, refusal), this.sent)
  }

  /** The other end has accepted: the dial's id is the link's from now on. */
  dialled({ id, remote }: Dial, acceptance: Acceptance): void {
    const { steamId, maxFrameSize } = acceptance
    this.#up({ peer: steamId, remote, id, remoteId: acceptance.id, maxFrameSize, dialled: true })
  }

  /** The other end has spoken with the id that it was given. Undefined where another link is the better one. */
  confirmed({ id, remote, hello }: Knock): UdpLink | undefined {
    const peer = hello.steamId
    const old = this.#links.get(peer)
    if (old !== undefined && !this.#givesWay(old, remote)) {
      sendClose(remote, hello.id, 'there is another link already', this.sent)
      return undefined
    }
    if (old === undefined && this.isFull) {
      sendClose(remote, hello.id, 'as many links as there may be', this.sent)
      return undefined
    }
    if (old !== undefined) {
      this.stats.replacedLinks++
      old.end('replaced by a newer link')
    }
    // Whoever heard that may have closed everything.
    if (this.inbox.closed) return undefined
    return this.#up({ peer, remote, id, remoteId: hello.id, maxFrameSize: hello.maxFrameSize, dialled: false })
  }

  /** Whether a link ends in favour of one that its peer has dialled. */
  #givesWay(old: UdpLink, remote: Remote): boolean {
    // Both have dialled, and both were accepted: both ends see the same ids.
    if (old.dialled && !old.confirmed) return old.peer > this.settings.steamId
    return samePlace(old.remote, remote) || this.settings.onDuplicate === 'replace'
  }

  // --- links -----------------------------------------------------------------------------------------------------

  #up(terms: LinkTerms): UdpLink {
    const link = new UdpLink(this, terms)
    this.#links.set(link.peer, link)
    if (!link.dialled) this.crowd.enter(link.remote.address)
    this.#endpoints.set(link.id.low, link)
    this.#byRemoteId.set(link.remoteId.low, link)
    this.#count()
    link.begin()
    for (const dial of this.dials) {
      if (dial.expected === link.peer || samePlace(dial.remote, link.remote)) dial.linked(link.peer)
    }
    this.inbox.up(link)
    return link
  }

  frame(link: UdpLink, frame: Uint8Array): void {
    const { byteLength } = frame
    if (byteLength === 0 || byteLength > this.settings.maxFrameSize || this.overloaded) this.stats.droppedFrames++
    else this.inbox.frame(link, frame)
  }

  leave(link: UdpLink): void {
    if (this.#links.get(link.peer) === link) this.#links.delete(link.peer)
    this.#endpoints.delete(link.id.low)
    if (!link.dialled) this.crowd.leave(link.remote.address)
    if (this.#byRemoteId.get(link.remoteId.low) === link) this.#byRemoteId.delete(link.remoteId.low)
    if (link.remote.owned) queueMicrotask(() => link.remote.socket.close())
    this.#count()
  }

  close(): void {
    this.inbox.close()
    const reason = 'the other end closed its transport'
    for (const dial of this.dials) dial.fail('this transport was closed')
    for (const knock of this.knocks.values()) knock.drop()
    for (const link of this.#links.values()) link.abandon(reason)
  }

  #count(): void {
    this.stats.linksUp = this.#links.size
    this.stats.pendingHandshakes = this.dials.size + this.knocks.size
  }
}
