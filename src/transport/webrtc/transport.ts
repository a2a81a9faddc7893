import { transportError } from '../errors.js'
import { Inbox } from '../inbox.js'
import type { RelayTransport } from '../relay/index.js'
import type { Link, Transport, TransportReceiver } from '../transport.js'
import { Attempt, type AttemptOwner } from './attempt.js'
import { Detour } from './detour.js'
import type { DirectLink } from './direct-link.js'
import { type WebRtcSettings, type WebRtcTransportOptions, webRtcSettings } from './options.js'
import type { RtcConstructor } from './rtc.js'
import { readSignal, type Signal, writeSignal } from './signals.js'

/** What a `WebRtcTransport` counts. */
export interface WebRtcStats {
  /** Direct links that are up now. */
  directLinks: number
  /** Links by the relay that are up now. */
  relayedLinks: number
  /** Tries for a direct way. */
  attempts: number
  /** How many of them led there. */
  successes: number
  /** How often frames went back to the relay, as a direct way broke. */
  fallbacks: number
  /** Signals of peers that made no sense; they were ignored. */
  brokenSignals: number
  /** Frames that arrived by the relay while a direct way was in use; what was reliable is sent again. */
  lateFrames: number
}

/** An offer and its candidates, before WebRTC is loaded. */
const MAX_PENDING = 100

interface Peer {
  readonly id: bigint
  /** The way by the relay, where there is one. */
  relay: Link | undefined
  /** What stands above knows of this link. */
  current: Detour | DirectLink | undefined
  attempt: Attempt | undefined
  /** Signals for an attempt that is about to begin. */
  pending: Signal[] | undefined
  /** The number of the newest attempt. */
  number: number
  retry: unknown
}

/**
 * Links by WebRTC data channels, browser to browser, browser to Node, Node to Node. A relay introduces the peers and carries
 * their frames at first; as soon as there is a direct way, they take that, and come back to the relay when it breaks. For who
 * stands above, each change is the end of one link and the beginning of another: sessions send again what is not
 * acknowledged, so reliable packets stay complete and in order.
 *
 * In Node it needs the optional package `node-datachannel`.
 *
 * @example
 * ```ts
 * import { P2P } from 'godot-wire'
 * import { RelayTransport } from 'godot-wire/transport/relay'
 * import { WebRtcTransport } from 'godot-wire/transport/webrtc'
 * const relay = new RelayTransport({ steamId, url: `wss://relay.example.com/?token=${token}` })
 * const transport = new WebRtcTransport({ relay, iceServers: [{ urls: 'stun:stun.example.com' }] })
 * await relay.open()
 * const p2p = new P2P({ steamId, transport })
 * ```
 */
export class WebRtcTransport implements Transport {
  /** What was counted so far; the numbers go on changing. */
  readonly stats: WebRtcStats = {
    directLinks: 0,
    relayedLinks: 0,
    attempts: 0,
    successes: 0,
    fallbacks: 0,
    brokenSignals: 0,
    lateFrames: 0,
  }
  readonly #relay: RelayTransport
  readonly #settings: WebRtcSettings
  readonly #inbox = new Inbox()
  readonly #peers = new Map<bigint, Peer>()
  readonly #owner: AttemptOwner
  #allowRelay: boolean
  #rtc: Promise<RtcConstructor | undefined> | undefined
  #done: (() => void) | undefined

  /** @throws `TRANSPORT_BAD_OPTION`; `TRANSPORT_ALREADY_ATTACHED` where the relay transport has a receiver */
  constructor(options: WebRtcTransportOptions) {
    this.#settings = webRtcSettings(options)
    this.#relay = options.relay
    this.#allowRelay = options.allowRelay ?? true
    this.#owner = {
      say: (peer, signal) => this.#say(peer, signal),
      ready: (attempt, link) => this.#ready(attempt, link),
      over: (attempt, reason) => this.#over(attempt, reason),
      frame: (link, frame) => this.#inbox.frame(link, frame),
      drain: (link) => this.#inbox.drain(link),
      closed: (link, reason) => this.#closed(link, reason),
    }
    this.#relay.attach({
      linkUp: (link) => this.#relayUp(link),
      frame: (link, frame) => this.#relayFrame(link, frame),
      drain: (link) => this.#relayDrain(link),
      linkDown: (link, reason) => this.#relayDown(link, reason),
    })
    this.#relay.onSignal = (link, bytes) => this.#signal(link, bytes)
  }

  get localId(): bigint {
    return this.#relay.localId
  }

  /** The lobbies of the relay. */
  get lobbies(): RelayTransport['lobbies'] {
    return this.#relay.lobbies
  }

  attach(receiver: TransportReceiver): void {
    this.#inbox.attach(receiver)
    queueMicrotask(() => this.#inbox.release())
  }

  connect(peer: bigint): void {
    if (this.#inbox.closed || peer === this.localId) return
    const known = this.#peers.get(peer)
    if (known?.relay === undefined) this.#relay.connect(peer)
    else if (known.current === undefined) this.#begin(known)
  }

  /** Whether TURN servers and the relay may carry frames; it counts for links that come up from now on. */
  allowRelay(allow: boolean): void {
    this.#allowRelay = allow
  }

  close(): void {
    if (this.#inbox.closed) return
    this.#inbox.close()
    for (const peer of this.#peers.values()) {
      this.#settings.clock.clearTimeout(peer.retry)
      peer.attempt?.close()
      peer.current?.end()
    }
    this.#peers.clear()
    this.#relay.close()
    this.#done?.()
    this.#count()
  }

  #relayUp(link: Link): void {
    const peer = this.#peers.get(link.peer) ?? this.#newPeer(link.peer)
    peer.relay = link
    // The other end may have lost its direct way, and be nobody that this one still leads to: both begin anew.
    if (peer.attempt !== undefined) this.#end(peer.attempt, 'the relay connected the peers anew')
    this.#detour(peer)
    this.#begin(peer)
  }

  #newPeer(id: bigint): Peer {
    const nothing = { relay: undefined, current: undefined, attempt: undefined, pending: undefined, retry: undefined }
    const peer: Peer = { id, number: 0, ...nothing }
    this.#peers.set(id, peer)
    return peer
  }

  #relayFrame(link: Link, frame: Uint8Array): void {
    const current = this.#peers.get(link.peer)?.current
    if (current instanceof Detour) this.#inbox.frame(current, frame)
    else this.stats.lateFrames++
  }

  #relayDrain(link: Link): void {
    const current = this.#peers.get(link.peer)?.current
    if (current instanceof Detour) this.#inbox.drain(current)
  }

  #relayDown(link: Link, reason: string): void {
    const peer = this.#peers.get(link.peer)
    if (peer?.relay !== link) return
    peer.relay = undefined
    // A direct way needs no relay; one that is not there yet does.
    if (peer.current === undefined || peer.current instanceof Detour) {
      peer.attempt?.close()
      peer.attempt = undefined
      this.#down(peer, reason)
    }
    this.#forget(peer)
  }

  /** Frames go by the relay, where they may. */
  #detour(peer: Peer): void {
    if (peer.current !== undefined || peer.relay === undefined || !this.#allowRelay) return
    this.#up(peer, new Detour(peer.relay))
  }

  /** Looks for a direct way. Of two ends the one with the higher id begins, so that they do not meet half-way. */
  #begin(peer: Peer): void {
    if (this.localId < peer.id || peer.attempt !== undefined) return
    this.#attempt(peer, ++peer.number, (attempt) => attempt.offer())
  }

  #attempt(peer: Peer, number: number, start: (attempt: Attempt) => void): void {
    this.#settings.clock.clearTimeout(peer.retry)
    if (this.#connections() >= this.#settings.maxConnections) return
    this.#rtc ??= this.#findRtc()
    void this.#rtc.then((Rtc) => {
      if (Rtc === undefined || this.#inbox.closed || peer.relay === undefined || peer.number !== number) return
      if (peer.attempt !== undefined) return
      this.stats.attempts++
      try {
        peer.attempt = new Attempt(this.#owner, this.#settings, Rtc, this.#allowRelay, peer.id, number)
      } catch {
        // WebRTC refuses, for its options or for want of memory: the relay stays.
        return
      }
      start(peer.attempt)
    })
  }

  #connections(): number {
    let count = 0
    for (const { attempt } of this.#peers.values()) if (attempt !== undefined) count++
    return count
  }

  /** Without WebRTC everything goes by the relay. */
  async #findRtc(): Promise<RtcConstructor | undefined> {
    const own =
      this.#settings.RTCPeerConnection ?? (globalThis as { RTCPeerConnection?: RtcConstructor }).RTCPeerConnection
    if (own !== undefined) return own
    try {
      const { polyfill } = (await import('./node/polyfill.js' as string)) as typeof import('./node/polyfill.js')
      const { Rtc, done } = await polyfill()
      if (this.#inbox.closed) done()
      else this.#done = done
      return Rtc
    } catch {
      return undefined
    }
  }

  /**
   * Resolves when it is known that this platform has WebRTC.
   *
   * @throws (rejects) `TRANSPORT_NO_WEBRTC` where it has none: everything goes by the relay then
   */
  async available(): Promise<void> {
    this.#rtc ??= this.#findRtc()
    if ((await this.#rtc) === undefined) throw transportError('TRANSPORT_NO_WEBRTC')
  }

  #say(id: bigint, signal: Signal): void {
    const relay = this.#peers.get(id)?.relay
    if (relay !== undefined) this.#relay.signal(relay, writeSignal(signal))
  }

  #signal(link: Link, bytes: Uint8Array): void {
    const peer = this.#peers.get(link.peer)
    const signal = readSignal(bytes)
    if (signal === undefined) this.stats.brokenSignals++
    if (peer === undefined || signal === undefined) return
    if (signal.kind === 'offer') return this.#offered(peer, signal)
    if (peer.number !== signal.attempt) return
    if (peer.attempt === undefined) {
      if (peer.pending !== undefined && peer.pending.length < MAX_PENDING) peer.pending.push(signal)
      return
    }
    if (signal.kind !== 'relay') return peer.attempt.hear(signal)
    this.#end(peer.attempt, 'the other end went back to the relay')
  }

  #offered(peer: Peer, signal: Signal): void {
    // Who has the higher id makes the offers.
    if (this.localId > peer.id) return void this.stats.brokenSignals++
    if (peer.attempt !== undefined) this.#end(peer.attempt, 'the other end began anew')
    peer.number = signal.attempt
    peer.pending = [signal]
    this.#attempt(peer, signal.attempt, (attempt) => {
      const { pending = [] } = peer
      peer.pending = undefined
      for (const each of pending) attempt.hear(each)
    })
  }

  #ready(attempt: Attempt, link: DirectLink): void {
    const peer = this.#peers.get(attempt.peer)
    if (peer?.attempt !== attempt) return attempt.close()
    this.stats.successes++
    this.#down(peer, 'a direct way was found')
    this.#up(peer, link)
  }

  /** The attempt failed, or what it made broke: both ends go back to the relay, with a link of its own. */
  #over(attempt: Attempt, reason: string): void {
    const peer = this.#peers.get(attempt.peer)
    if (peer?.attempt !== attempt) return
    this.#say(peer.id, { kind: 'relay', attempt: attempt.number })
    this.#end(attempt, reason)
  }

  /** The same where the other end knows. It may have begun another attempt by now, and under the same number. */
  #end(attempt: Attempt, reason: string): void {
    const peer = this.#peers.get(attempt.peer)
    if (peer?.attempt !== attempt) return
    attempt.close()
    peer.attempt = undefined
    if (attempt.saidReady) {
      // The other end may have changed over: then it must send again, and so must this one.
      this.stats.fallbacks++
      this.#down(peer, reason)
    }
    this.#detour(peer)
    const { clock, retryMs } = this.#settings
    if (!this.#inbox.closed) peer.retry = clock.setTimeout(() => this.#again(peer), retryMs)
    this.#forget(peer)
  }

  #again(peer: Peer): void {
    if (peer.relay !== undefined && !this.#inbox.closed) this.#begin(peer)
  }

  /** Who stands above has closed the direct link: the way by the relay ends with it. */
  #closed(link: DirectLink, reason: string): void {
    const peer = this.#peers.get(link.peer)
    if (peer?.current !== link) return
    peer.attempt?.close()
    peer.attempt = undefined
    this.#down(peer, reason)
    peer.relay?.close(reason)
    this.#forget(peer)
  }

  #up(peer: Peer, link: Detour | DirectLink): void {
    peer.current = link
    this.#count()
    this.#inbox.up(link)
  }

  #down(peer: Peer, reason: string): void {
    const { current } = peer
    if (current === undefined) return
    current.end()
    peer.current = undefined
    this.#count()
    this.#inbox.down(current, reason)
  }

  #forget(peer: Peer): void {
    if (peer.relay !== undefined || peer.attempt !== undefined || peer.current !== undefined) return
    this.#settings.clock.clearTimeout(peer.retry)
    this.#peers.delete(peer.id)
  }

  #count(): void {
    let [direct, relayed] = [0, 0]
    for (const { current } of this.#peers.values()) {
      if (current instanceof Detour) relayed++
      else if (current !== undefined) direct++
    }
    this.stats.directLinks = direct
    this.stats.relayedLinks = relayed
  }
}
