import { transportError } from '../errors.js'
import { Inbox } from '../inbox.js'
import { isSteamId } from '../options.js'
import type { Lane, Link, Transport, TransportReceiver } from '../transport.js'
import { WebSocketTransport } from '../websocket/transport.js'
import { RelayLink, type RelayWire } from './link.js'
import { Lobbies } from './lobbies.js'
import {
  CLOSE,
  DATA,
  DATAGRAM,
  DOWN,
  DRAIN,
  EVENT,
  FULL,
  HEADER,
  RELAY_VERSION,
  REPLY,
  readJson,
  readNumber,
  readReason,
  SIGNAL,
  UP,
  viewOf,
  WELCOME,
  writeConnect,
  writeEnd,
  writeFrame,
} from './messages.js'
import { type RelaySettings, type RelayTransportOptions, relaySettings } from './options.js'

/** What a `RelayTransport` counts. */
export interface RelayTransportStats {
  /** Links to peers that are up now. */
  linksUp: number
  /** How often the relay was joined. */
  joins: number
  /** Messages of the relay that made no sense; each ends the link to it. */
  brokenMessages: number
  /** Frames for links that were closed at this end meanwhile. */
  lateFrames: number
}

/** Messages that must not get lost while the link to the relay is full; far more than a sane program makes. */
const MAX_CONTROL = 100_000

/**
 * Links to other peers by way of a relay (`godot-wire/relay`): neither end must be reachable, and both may be browsers.
 *
 * `open` joins the relay, and from then on the transport comes back by itself when that link breaks, unless `reconnect` is
 * false. `connect(peer)` asks the relay for a link; there is one as soon as both ends are joined.
 *
 * @example
 * ```ts
 * import { P2P } from 'godot-wire'
 * import { RelayTransport } from 'godot-wire/transport/relay'
 * const transport = new RelayTransport({ steamId, url: `wss://relay.example.com/?token=${token}` })
 * await transport.open()
 * const p2p = new P2P({ steamId, transport })
 * ```
 */
export class RelayTransport implements Transport, TransportReceiver, RelayWire {
  /** What was counted so far; the numbers go on changing. */
  readonly stats: RelayTransportStats = { linksUp: 0, joins: 0, brokenMessages: 0, lateFrames: 0 }
  /**
   * Hears what the other end of a link says with `signal`: for a transport that looks for a better way to that peer. What
   * nobody hears is dropped.
   */
  onSignal: ((link: Link, bytes: Uint8Array) => void) | undefined
  /** Rooms of the relay, with GodotSteam's names. */
  readonly lobbies: Lobbies
  readonly #settings: RelaySettings
  readonly #inbox = new Inbox()
  readonly #inner: Transport
  readonly #links = new Map<number, RelayLink>()
  readonly #peers = new Map<bigint, RelayLink>()
  readonly #control: Uint8Array[] = []
  #relay: Link | undefined
  #joined = false
  #attempts = 0
  #retry: unknown
  #waiting: { resolve: () => void; reject: (error: Error) => void }[] = []

  /** @throws `TRANSPORT_BAD_OPTION` */
  constructor(options: RelayTransportOptions) {
    this.#settings = relaySettings(options)
    const { steamId, via, clock } = this.#settings
    this.#inner = via ?? new WebSocketTransport({ steamId, clock })
    this.lobbies = new Lobbies(steamId, (message) => this.#putControl(message))
    this.#inner.attach(this)
  }

  get localId(): bigint {
    return this.#settings.steamId
  }

  /** Whether the relay has let this end in, and the link to it is up. */
  get joined(): boolean {
    return this.#joined
  }

  get bufferedBytes(): number {
    return this.#relay?.bufferedBytes ?? 0
  }

  /**
   * Joins the relay.
   *
   * @throws (rejects) `TRANSPORT_CONNECT_FAILED` where the relay cannot be reached or refuses: no further attempt is made
   * then; `TRANSPORT_CLOSED`.
   */
  async open(): Promise<void> {
    if (this.#inbox.closed) throw transportError('TRANSPORT_CLOSED')
    if (this.#joined) return
    const joined = new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }))
    joined.catch(() => {})
    await this.#dial()
    return joined
  }

  attach(receiver: TransportReceiver): void {
    this.#inbox.attach(receiver)
    queueMicrotask(() => this.#inbox.release())
  }

  connect(peer: bigint): void {
    if (!this.#joined || peer === this.localId || !isSteamId(peer) || this.#peers.has(peer)) return
    this.#putControl(writeConnect(peer))
  }

  /** Says something to the transport at the other end, beside the frames. False where the link is down. */
  signal(link: Link, bytes: Uint8Array): boolean {
    const known = this.#peers.get(link.peer)
    return known !== undefined && known === link && this.#putControl(writeFrame(SIGNAL, known.number, bytes))
  }

  close(): void {
    if (this.#inbox.closed) return
    this.#inbox.close()
    this.#settings.clock.clearTimeout(this.#retry)
    for (const link of this.#links.values()) link.end()
    this.#forget()
    this.#inner.close()
    this.lobbies.close()
    this.#fail(transportError('TRANSPORT_CLOSED'))
  }

  // What links ask for.

  put(message: Uint8Array, lane: Lane): boolean {
    if (this.#relay === undefined || this.#control.length > 0) return false
    return this.#relay.send(message, lane)
  }

  closed(link: RelayLink, reason: string): void {
    this.#putControl(writeEnd(CLOSE, link.number, reason))
    this.#drop(link)
    queueMicrotask(() => this.#inbox.down(link, reason))
  }

  // What the link to the relay tells.

  /** @internal */
  linkUp(link: Link): void {
    const { relayId } = this.#settings
    if (this.#relay !== undefined || (relayId !== undefined && link.peer !== relayId))
      return link.close('not the relay')
    this.#relay = link
  }

  /** @internal */
  frame(link: Link, frame: Uint8Array): void {
    if (link !== this.#relay) return
    if (!this.#take(frame)) {
      this.stats.brokenMessages++
      link.close('a message that makes no sense')
    }
  }

  /** @internal */
  drain(link: Link): void {
    if (link !== this.#relay || !this.#flush()) return
    for (const each of this.#links.values()) this.#relieve(each)
  }

  /** @internal */
  linkDown(link: Link, reason: string): void {
    if (link !== this.#relay) return
    this.#forget()
    const links = [...this.#links.values()]
    for (const each of links) {
      each.end()
      this.#drop(each)
    }
    this.lobbies.lost()
    for (const each of links) this.#inbox.down(each, `the relay is gone: ${reason}`)
    this.#fail(transportError('TRANSPORT_CONNECT_FAILED', { url: 'the relay', reason }))
    this.#comeBack()
  }

  /** False where the message makes no sense. */
  #take(bytes: Uint8Array): boolean {
    const type = bytes[0]!
    if (type === WELCOME) return this.#welcome(bytes)
    if (!this.#joined || bytes.length < HEADER) return false
    switch (type) {
      case DATA:
      case DATAGRAM:
        return this.#data(bytes)
      case SIGNAL:
        return this.#signalled(bytes)
      case UP:
        return this.#up(bytes)
      case DOWN:
        this.#down(this.#links.get(readNumber(bytes)), readReason(bytes))
        return true
      case FULL:
      case DRAIN:
        this.#setFull(this.#links.get(readNumber(bytes)), type === FULL)
        return true
      case REPLY:
        return this.lobbies.reply(readNumber(bytes), readJson(bytes))
      case EVENT:
        return this.lobbies.event(readJson(bytes))
      default:
        return false
    }
  }

  #welcome(bytes: Uint8Array): boolean {
    if (this.#joined || bytes[1] !== RELAY_VERSION) return false
    this.#joined = true
    this.#attempts = 0
    this.stats.joins++
    for (const { resolve } of this.#waiting.splice(0)) resolve()
    return true
  }

  #data(bytes: Uint8Array): boolean {
    if (bytes.length === HEADER) return false
    const link = this.#links.get(readNumber(bytes))
    if (link) this.#inbox.frame(link, bytes.subarray(HEADER))
    else this.stats.lateFrames++
    return true
  }

  #signalled(bytes: Uint8Array): boolean {
    const link = this.#links.get(readNumber(bytes))
    if (link) this.onSignal?.(link, bytes.subarray(HEADER))
    return true
  }

  #up(bytes: Uint8Array): boolean {
    if (bytes.length !== 17 || this.#relay === undefined) return false
    const view = viewOf(bytes)
    const peer = view.getBigUint64(5, true)
    const maxFrameSize = Math.min(view.getUint32(13, true), this.#relay.maxFrameSize - HEADER)
    if (!isSteamId(peer) || this.#peers.has(peer) || maxFrameSize < 1280 - HEADER) return false
    const link = new RelayLink(this, readNumber(bytes), peer, maxFrameSize, this.#relay.reliable)
    if (this.#links.size >= this.#settings.maxLinks) {
      this.#putControl(writeEnd(CLOSE, link.number, 'no room for more links'))
      return true
    }
    this.#links.set(link.number, link)
    this.#peers.set(peer, link)
    this.stats.linksUp = this.#links.size
    this.#inbox.up(link)
    return true
  }

  /** It may have been closed at this end meanwhile. */
  #down(link: RelayLink | undefined, reason: string): void {
    if (link === undefined) return
    link.end()
    this.#drop(link)
    this.#inbox.down(link, reason)
  }

  #setFull(link: RelayLink | undefined, full: boolean): void {
    if (link === undefined) return
    link.full = full
    if (!full) this.#relieve(link)
  }

  #relieve(link: RelayLink): void {
    if (!link.refused || link.full) return
    link.refused = false
    this.#inbox.drain(link)
  }

  #drop(link: RelayLink): void {
    this.#links.delete(link.number)
    if (this.#peers.get(link.peer) === link) this.#peers.delete(link.peer)
    this.stats.linksUp = this.#links.size
  }

  /** False where there is no relay to tell. */
  #putControl(message: Uint8Array): boolean {
    if (this.#relay === undefined || !this.#joined) return false
    if (this.#control.length === 0 && this.#relay.send(message, 'reliable')) return true
    if (this.#control.length < MAX_CONTROL) this.#control.push(message)
    else this.#relay.close('the relay reads too slowly')
    return true
  }

  /** True when nothing waits any more. */
  #flush(): boolean {
    let sent = 0
    while (sent < this.#control.length && this.#relay?.send(this.#control[sent]!, 'reliable')) sent++
    this.#control.splice(0, sent)
    return this.#control.length === 0
  }

  #forget(): void {
    this.#relay = undefined
    this.#joined = false
    this.#control.length = 0
    this.stats.linksUp = 0
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }

  async #dial(): Promise<void> {
    const { urlOf, relayId, clock } = this.#settings
    clock.clearTimeout(this.#retry)
    if (this.#relay !== undefined) return
    if (urlOf && this.#inner instanceof WebSocketTransport) await this.#inner.open(await urlOf())
    else if (relayId !== undefined) this.#inner.connect(relayId)
  }

  #comeBack(): void {
    const { reconnect, clock, random } = this.#settings
    if (!reconnect || this.#inbox.closed) return
    const whole = Math.min(reconnect.most, reconnect.first * 2 ** this.#attempts++)
    this.#retry = clock.setTimeout(() => void this.#again(), whole - (whole / 2) * random())
  }

  /** Each attempt that fails, and each that has no answer, is followed by another. */
  async #again(): Promise<void> {
    await this.#dial().catch(() => {})
    if (this.#relay === undefined) this.#comeBack()
  }
}
