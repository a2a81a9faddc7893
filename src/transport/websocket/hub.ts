import { Inbox } from '../inbox.js'
import { CLOSE } from './close-codes.js'
import { type Hello, writeHello } from './hello.js'
import { WebSocketLink } from './link.js'
import type { WebSocketSettings } from './options.js'
import type { Socket } from './socket.js'

/** What a `WebSocketTransport` has counted since it was made, and what it holds now. */
export interface WebSocketStats {
  /** Links that are up now. */
  linksUp: number
  /** Sockets between connection and link now. */
  pendingHellos: number
  /** Sockets turned away before the hello, as there were too many (HTTP status 503). */
  refusedSockets: number
  /** Handshakes refused with close code 1003, 1009, 4000, 4002 or 4003, on either side. */
  refusedHellos: number
  /** Handshakes that took too long. */
  helloTimeouts: number
  /** Links ended because the other end sent text, too much, or no WebSocket. */
  brokenLinks: number
  /** Frames of no bytes, which no transport of this kind sends. */
  droppedFrames: number
}

/** What waits for a receiver that nobody has attached: beyond it links end and newcomers are turned away. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024

/** A handshake as the hub knows it: something to end when the transport closes. */
export interface Pending {
  abandon(reason: string): void
}

/** What the parts of one transport share: its links, those that want to become links, and the way to the receiver. */
export class Hub {
  readonly settings: WebSocketSettings
  readonly inbox = new Inbox()
  readonly stats: WebSocketStats = {
    linksUp: 0,
    pendingHellos: 0,
    refusedSockets: 0,
    refusedHellos: 0,
    helloTimeouts: 0,
    brokenLinks: 0,
    droppedFrames: 0,
  }
  /** Peers that `connect` dials at the moment. */
  readonly dialling = new Set<bigint>()
  readonly #links = new Map<bigint, WebSocketLink>()
  readonly #pending = new Set<Pending>()

  constructor(settings: WebSocketSettings) {
    this.settings = settings
  }

  get hasRoom(): boolean {
    const { maxLinks, maxPendingHellos } = this.settings
    if (this.inbox.closed || this.overloaded || this.#pending.size >= maxPendingHellos) return false
    return this.#links.size + this.#pending.size < maxLinks
  }

  get overloaded(): boolean {
    return this.inbox.waitingBytes > MAX_WAITING_BYTES
  }

  /** A fresh one each time: a frame that was sent belongs to its socket. */
  get hello(): Uint8Array {
    return writeHello(this.settings)
  }

  hasLink(peer: bigint): boolean {
    return this.#links.has(peer)
  }

  /** Whether a further link to `peer` is out of the question. */
  refuses(peer: bigint): boolean {
    return this.#links.has(peer) && this.settings.onDuplicate === 'refuse'
  }

  enter(pending: Pending): void {
    this.#pending.add(pending)
    this.stats.pendingHellos = this.#pending.size
  }

  leave(pending: Pending): void {
    this.#pending.delete(pending)
    this.stats.pendingHellos = this.#pending.size
  }

  /** Both hellos were seen. Not to be called from within a call of the user. */
  up(socket: Socket, hello: Hello): void {
    this.#links.get(hello.steamId)?.end(CLOSE.ID_IN_USE, 'replaced by a newer link')
    const link = new WebSocketLink(this, socket, hello)
    this.#links.set(link.peer, link)
    this.stats.linksUp = this.#links.size
    this.inbox.up(link)
  }

  frame(link: WebSocketLink, frame: Uint8Array): void {
    if (frame.byteLength > 0) this.inbox.frame(link, frame)
    else this.stats.droppedFrames++
  }

  down(link: WebSocketLink, reason: string): void {
    if (this.#links.get(link.peer) === link) this.#links.delete(link.peer)
    this.stats.linksUp = this.#links.size
    this.inbox.down(link, reason)
  }

  close(): void {
    this.inbox.close()
    const reason = 'the other end closed its transport'
    for (const pending of this.#pending) pending.abandon(reason)
    for (const link of this.#links.values()) link.abandon(reason)
    this.#pending.clear()
    this.#links.clear()
    this.stats.linksUp = 0
    this.stats.pendingHellos = 0
  }
}
