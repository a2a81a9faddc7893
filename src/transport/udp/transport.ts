import { isGodotWireError } from '../../errors.js'
import { transportError } from '../errors.js'
import { badOption, wholeNumber } from '../options.js'
import type { Transport, TransportReceiver } from '../transport.js'
import { CookieJar } from './cookies.js'
import { Dial } from './dial.js'
import { FrontDoor } from './door.js'
import { Hub, type UdpStats } from './hub.js'
import { loadNodeHalf, type NodeHalf, type UdpSocket } from './node-half.js'
import { settingsOf, type UdpAddress, type UdpTransportOptions } from './options.js'
import type { Remote } from './remote.js'

/** Where an `UdpTransport` listens. */
export interface UdpListenOptions {
  /** UDP port, 0 to 65,535; default 0, which takes a free one. */
  readonly port?: number
  /** Address to listen on; default `127.0.0.1`, so `0.0.0.0` or `::` (both families) must be asked for. */
  readonly host?: string
}

/**
 * Links over UDP, in Node: for networks that are trusted, such as servers side by side. Nothing is encrypted. Whoever can
 * read the packets on their way can also forge them; whoever cannot is kept out by a handshake that proves addresses and
 * by ids of 64 random bits. For players behind routers there are WebRTC and the relay.
 *
 * Its links lose, double and reorder frames as UDP does (`reliable` is false); what makes packets complete and ordered is
 * the channel room. A transport may listen at many ports and dial many others. It dials from a port that it listens on
 * where there is one of that kind, so that the other end can dial back.
 *
 * @example
 * ```ts
 * import { UdpTransport } from 'godot-wire/transport/udp'
 * const server = new UdpTransport({ steamId: 76561197960265729n })
 * const { host, port } = await server.listen({ port: 0 })
 * const client = new UdpTransport({ steamId: 76561197960265730n })
 * console.log(await client.open({ host, port })) // 76561197960265729n
 * client.close()
 * server.close()
 * ```
 */
export class UdpTransport implements Transport {
  readonly #hub: Hub
  readonly #listeners = new Set<UdpSocket>()
  /** Peers that `connect` dials at the moment. */
  readonly #dialling = new Set<bigint>()
  /** Where peers were found last, the oldest first. */
  readonly #places = new Map<bigint, UdpAddress>()

  /** @throws `TRANSPORT_BAD_OPTION` for a value outside the range that the option names. */
  constructor(options: UdpTransportOptions) {
    this.#hub = new Hub(settingsOf(options))
  }

  get localId(): bigint {
    return this.#hub.settings.steamId
  }

  /** What was counted so far; the numbers go on changing. */
  get stats(): Readonly<UdpStats> {
    return this.#hub.stats
  }

  attach(receiver: TransportReceiver): void {
    this.#hub.inbox.attach(receiver)
    queueMicrotask(() => this.#hub.inbox.release())
  }

  connect(peer: bigint): void {
    const { inbox, settings } = this.#hub
    if (inbox.closed || peer === this.localId || this.#hub.hasLink(peer) || this.#dialling.has(peer)) return
    const place = settings.addressOf(peer) ?? this.#places.get(peer)
    if (place === undefined) return
    this.#dialling.add(peer)
    // Nobody is told: no link is the answer, and who asked asks again.
    this.#dial(place, peer)
      .catch(() => {})
      .finally(() => this.#dialling.delete(peer))
  }

  /**
   * Waits for others to dial.
   *
   * @returns where, once the port is open.
   * @throws (rejects) `TRANSPORT_LISTEN_FAILED` for a port that is taken or not allowed, `TRANSPORT_BAD_OPTION`,
   * `TRANSPORT_NO_UDP` outside Node, `TRANSPORT_CLOSED`.
   */
  async listen(options: UdpListenOptions = {}): Promise<Required<UdpAddress>> {
    const { port = 0, host = '127.0.0.1' } = options
    wholeNumber('port', port, 0, 65_535)
    const half = await this.#half()
    const socket = await this.#listen(half, host, port).catch((cause: unknown) => {
      throw transportError('TRANSPORT_LISTEN_FAILED', { address: `${host}:${port}`, reason: messageOf(cause) }, cause)
    })
    if (this.#hub.inbox.closed) socket.close()
    this.#mustBeOpen()
    this.#hub.door ??= new FrontDoor(this.#hub, new CookieJar(half.hmac, this.#hub.settings.clock))
    this.#listeners.add(socket)
    return { host: reachable(socket.local.address), port: socket.local.port }
  }

  /**
   * Dials a peer; the link is announced to the receiver before the promise resolves, if there is a receiver.
   *
   * @returns the Steam id of the other end.
   * @throws (rejects) `TRANSPORT_CONNECT_FAILED` with the reason, also when the other end refused; `TRANSPORT_BAD_OPTION`;
   * `TRANSPORT_NO_UDP` outside Node; `TRANSPORT_CLOSED`.
   */
  async open(address: UdpAddress): Promise<bigint> {
    const peer = await this.#dial(address, undefined)
    this.#remember(peer, address)
    return peer
  }

  close(): void {
    if (this.#hub.inbox.closed) return
    this.#hub.close()
    const listeners = [...this.#listeners]
    this.#listeners.clear()
    // After what was said last has been handed to the system.
    queueMicrotask(() => listeners.forEach((socket) => void socket.close()))
  }

  async #listen(half: NodeHalf, host: string, port: number): Promise<UdpSocket> {
    return half.listen({ address: await half.resolve(host), port }, this.#hub.settings, this.#hub)
  }

  async #dial({ host, port }: UdpAddress, expected: bigint | undefined): Promise<bigint> {
    wholeNumber('port', port, 1, 65_535)
    if (typeof host !== 'string' || host === '') throw badOption('host', host, 'it must be an address or a name')
    const half = await this.#half()
    const result = await this.#shakeHands(half, host, port, expected).catch((error: unknown) => {
      if (isGodotWireError(error)) throw error
      throw connectFailed(host, port, messageOf(error), error)
    })
    if (typeof result === 'bigint') return result
    this.#mustBeOpen()
    throw connectFailed(host, port, result)
  }

  async #shakeHands(
    half: NodeHalf,
    host: string,
    port: number,
    expected: bigint | undefined,
  ): Promise<bigint | string> {
    const remote = await this.#remoteAt(half, await half.resolve(host), port)
    const { dials, inbox, isFull, settings } = this.#hub
    const hasRoom = !inbox.closed && !isFull && dials.size < settings.maxPendingHandshakes
    if (!hasRoom) {
      if (remote.owned) remote.socket.close()
      return 'this transport has as many links and handshakes as it may'
    }
    return new Promise((resolve) => {
      const dial = new Dial(this.#hub, remote, expected, resolve)
      this.#hub.dial(dial)
      dial.say()
    })
  }

  async #remoteAt(half: NodeHalf, address: string, port: number): Promise<Remote> {
    for (const socket of this.#listeners) {
      const mapped = socket.reaches(address)
      if (mapped !== undefined) return { socket, address: mapped, port, owned: false }
    }
    const socket = await half.dial({ address, port }, this.#hub.settings, this.#hub)
    return { socket, address, port, owned: true }
  }

  async #half(): Promise<NodeHalf> {
    this.#mustBeOpen()
    const half = await loadNodeHalf()
    this.#mustBeOpen()
    return half
  }

  /** The newest ones, as many as there may be links. */
  #remember(peer: bigint, place: UdpAddress): void {
    this.#places.delete(peer)
    this.#places.set(peer, place)
    if (this.#places.size <= this.#hub.settings.maxLinks) return
    const [oldest] = this.#places.keys()
    if (oldest !== undefined) this.#places.delete(oldest)
  }

  #mustBeOpen(): void {
    if (this.#hub.inbox.closed) throw transportError('TRANSPORT_CLOSED')
  }
}

/** "Every interface" is a place to listen at, not to dial. */
function reachable(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1'
  return address === '::' ? '::1' : address
}

function messageOf(error: unknown): string {
  return String((error as { message?: unknown } | null)?.message ?? error)
}

function connectFailed(host: string, port: number, reason: string, cause?: unknown) {
  const url = host.includes(':') ? `udp://[${host}]:${port}` : `udp://${host}:${port}`
  return transportError('TRANSPORT_CONNECT_FAILED', { url, reason }, cause)
}
