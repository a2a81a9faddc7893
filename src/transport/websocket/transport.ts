import { isGodotWireError } from '../../errors.js'
import { transportError } from '../errors.js'
import { wholeNumber } from '../options.js'
import type { Transport, TransportReceiver } from '../transport.js'
import { ClientHandshake, ServerHandshake } from './handshake.js'
import type { Hello } from './hello.js'
import { Hub, type WebSocketStats } from './hub.js'
import { type Door, type Listener, type Listening, type ListenOptions, loadNodeHalf } from './node-half.js'
import { settingsOf, type WebSocketTransportOptions } from './options.js'
import { type Socket, type SocketOwner, StandardSocket, type WebSocketConstructor } from './socket.js'

/**
 * Links over WebSocket: a server that listens, clients that dial, browsers among them; one transport can do both, and
 * each as often as it likes. Both lanes travel in the same ordered stream.
 *
 * A peer is who it says it is, unless the server has an `authenticate` function. `connect(peer)` dials the URL that
 * `urlOf` names, or that `open` found the peer at before.
 *
 * @example
 * ```ts
 * import { WebSocketTransport } from 'godot-wire/transport/websocket'
 * const server = new WebSocketTransport({ steamId: 76561197960265729n })
 * const { url } = await server.listen({ port: 0 })
 * const client = new WebSocketTransport({ steamId: 76561197960265730n })
 * console.log(await client.open(url)) // 76561197960265729n
 * client.close()
 * server.close()
 * ```
 */
export class WebSocketTransport implements Transport {
  readonly #hub: Hub
  readonly #listeners = new Set<Listener>()
  readonly #urls = new Map<bigint, string>()

  /** @throws `TRANSPORT_BAD_OPTION` for a value outside the range that the option names. */
  constructor(options: WebSocketTransportOptions) {
    this.#hub = new Hub(settingsOf(options))
  }

  get localId(): bigint {
    return this.#hub.settings.steamId
  }

  /** What was counted so far; the numbers go on changing. */
  get stats(): Readonly<WebSocketStats> {
    return this.#hub.stats
  }

  attach(receiver: TransportReceiver): void {
    this.#hub.inbox.attach(receiver)
    queueMicrotask(() => this.#hub.inbox.release())
  }

  connect(peer: bigint): void {
    const { inbox, dialling } = this.#hub
    if (inbox.closed || peer === this.localId || this.#hub.hasLink(peer) || dialling.has(peer)) return
    dialling.add(peer)
    // Nobody is told: no link is the answer, and who asked asks again.
    this.#connect(peer)
      .catch(() => {})
      .finally(() => dialling.delete(peer))
  }

  /**
   * Waits for clients. Node only.
   *
   * @returns where, once the port is open.
   * @throws (rejects) `TRANSPORT_LISTEN_FAILED` for a port that is taken or not allowed, `TRANSPORT_BAD_OPTION`,
   * `TRANSPORT_NO_WEBSOCKET` where the package `ws` is missing, `TRANSPORT_CLOSED`.
   */
  async listen(options: ListenOptions = {}): Promise<Listening> {
    const { port = 0, host = '127.0.0.1' } = options
    wholeNumber('port', port, 0, 65_535)
    this.#mustBeOpen()
    const half = await loadNodeHalf()
    const listener = await half.listen({ ...options, port, host }, this.#door())
    if (this.#hub.inbox.closed) listener.close()
    this.#mustBeOpen()
    this.#listeners.add(listener)
    return { port: listener.port, url: listener.url }
  }

  /**
   * Dials a server; the link is announced to the receiver before the promise resolves, if there is a receiver.
   *
   * @param url `ws:` or `wss:`.
   * @returns the Steam id of the other end.
   * @throws (rejects) `TRANSPORT_CONNECT_FAILED` with the reason, also when the server refused; `TRANSPORT_NO_WEBSOCKET`
   * where there is nothing to dial with; `TRANSPORT_CLOSED`.
   */
  async open(url: string): Promise<bigint> {
    this.#mustBeOpen()
    const { steamId } = await this.#dial(url, undefined)
    this.#remember(steamId, url)
    return steamId
  }

  close(): void {
    if (this.#hub.inbox.closed) return
    this.#hub.close()
    for (const listener of this.#listeners) listener.close()
    this.#listeners.clear()
  }

  async #connect(peer: bigint): Promise<void> {
    const url = this.#hub.settings.urlOf(peer) ?? this.#urls.get(peer)
    if (url !== undefined) await this.#dial(url, peer)
  }

  async #dial(url: string, expected: bigint | undefined): Promise<Hello> {
    const result = await this.#shakeHands(url, expected).catch((error: unknown) => {
      if (isGodotWireError(error)) throw error
      throw connectFailed(url, String((error as { message?: unknown } | null)?.message ?? error), error)
    })
    if (typeof result !== 'string') return result
    this.#mustBeOpen()
    throw connectFailed(url, result)
  }

  #shakeHands(url: string, expected: bigint | undefined): Promise<Hello | string> {
    if (!this.#hub.hasRoom) return Promise.resolve('this transport has as many links as it may')
    return new Promise((resolve, reject) => {
      const handshake = new ClientHandshake(this.#hub, expected, resolve)
      this.#socketTo(url, handshake).then(
        (socket) => handshake.begin(socket),
        (error: unknown) => {
          reject(error)
          handshake.abandon('there is no socket')
        },
      )
    })
  }

  async #socketTo(url: string, owner: SocketOwner): Promise<Socket> {
    const { clock } = this.#hub.settings
    const Class = this.#hub.settings.WebSocket ?? (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket
    if (Class !== undefined) return new StandardSocket(new Class(url), owner, clock)
    const half = await loadNodeHalf()
    return half.dial(url, owner, this.#hub.settings.maxFrameSize)
  }

  #door(): Door {
    const { settings } = this.#hub
    return {
      maxFrameSize: settings.maxFrameSize,
      helloTimeoutMs: settings.helloTimeoutMs,
      maxConnections: settings.maxLinks + settings.maxPendingHellos,
      admit: () => this.#admit(),
      welcome: (claim, make) => {
        const handshake = new ServerHandshake(this.#hub, claim)
        handshake.begin(make(handshake))
      },
    }
  }

  #admit(): boolean {
    const { hasRoom, stats } = this.#hub
    if (!hasRoom) stats.refusedSockets++
    return hasRoom
  }

  /** The newest ones, as many as there may be links. */
  #remember(peer: bigint, url: string): void {
    this.#urls.delete(peer)
    this.#urls.set(peer, url)
    if (this.#urls.size <= this.#hub.settings.maxLinks) return
    const [oldest] = this.#urls.keys()
    if (oldest !== undefined) this.#urls.delete(oldest)
  }

  #mustBeOpen(): void {
    if (this.#hub.inbox.closed) throw transportError('TRANSPORT_CLOSED')
  }
}

/** Without what a URL may hold of secrets: errors end up in logs. */
function connectFailed(url: string, reason: string, cause?: unknown) {
  return transportError('TRANSPORT_CONNECT_FAILED', { url: withoutSecrets(url), reason }, cause)
}

function withoutSecrets(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url)
    return `${protocol}//${host}${pathname}`
  } catch {
    return 'what is no URL'
  }
}
