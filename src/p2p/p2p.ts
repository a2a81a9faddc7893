import { isBytes } from '../bytes/index.js'
import {
  type Clock,
  type MultiplexerOptions,
  type SessionStatistics,
  systemClock,
  type Transport,
} from '../channel/index.js'
import type { BackendEvents, P2PBackend } from './backend.js'
import type { P2PSend } from './constants.js'
import { p2pError } from './errors.js'
import { NetworkingMessages } from './networking-messages.js'
import { type NoPacket, type P2PPacket, packetShape } from './packet.js'
import { Arrivals, PacketStream, type PacketStreamOptions } from './packet-stream.js'
import { sessionBackend } from './session-backend.js'
import { type CallbackMode, type P2PSignals, type SignalName, SignalQueue } from './signals.js'
import { addressedId, isValidSteamId, type SteamIdRule } from './steam-id.js'

interface CommonOptions {
  /**
   * `auto` (default): signals are delivered on their own, in the microtask after the event, and by `runCallbacks`.
   * `manual`: by `runCallbacks` only, once a frame, as in a Godot game.
   */
  readonly callbacks?: CallbackMode
  /**
   * `full` (default): ids are used as they are. `godotsteam`: only their low 32 bits are, as in GodotSteam for Godot 2, 3
   * and 4.
   */
  readonly steamIdRule?: SteamIdRule
  /**
   * The version of GodotSteam that the program was written for, such as '2' or '3.9': packets then have the name of their
   * sender's id that it reads too. Since 3.10 they have it anyway.
   */
  readonly godotSteam?: string
}

/** Sessions of our own over a transport; the times and limits of `MultiplexerOptions` may be set as well. */
export interface P2PTransportOptions extends CommonOptions, MultiplexerOptions {
  /** The id to speak as; it is the transport's. */
  readonly steamId: bigint
  /** What carries the frames. It belongs to the `P2P` from now on, and closes with it. */
  readonly transport: Transport
}

/** Somebody else's sessions: Steam itself. */
export interface P2PBackendOptions extends CommonOptions {
  /** Who carries the packets. It belongs to the `P2P` from now on, and closes with it. */
  readonly backend: P2PBackend
  /**
   * How often `packets` looks for packets while it waits, in milliseconds, for a backend that does not say when they
   * arrive. Default 10.
   */
  readonly pollMs?: number
  /** The time for that. Default `systemClock`. */
  readonly clock?: Clock
}

/** How often a backend is asked that does not announce its packets. */
const POLL_MS = 10

/** What `new P2P` takes: a transport for sessions of our own, or a backend with sessions of its own. */
export type P2POptions = P2PTransportOptions | P2PBackendOptions

/** What `getP2PSessionState` gives; the first four are numbers in the engine too. */
export interface P2PSessionState {
  /** 1 while packets can flow, else 0. */
  readonly connection_active: number
  /** 1 while the session is being made, else 0. */
  readonly connecting: number
  /** Why the session failed, a P2P_SESSION_ERROR; 0 while it has not. */
  readonly session_error: number
  /** 1 when a third party passes the packets on, else 0. */
  readonly using_relay: number
  /** Bytes of packets that wait to be handed to the link. */
  readonly bytes_queued_for_send: number
  /** Packets that wait to be handed to the link. */
  readonly packets_queued_for_send: number
  /** IPv4 address as an unsigned number, first octet highest; 0 where it is not known. */
  readonly remote_ip: number
  /** Port of the other end; 0 where it is not known. */
  readonly remote_port: number
}

/**
 * GodotSteam's P2P networking calls: the same names, the same order of arguments, the same answers. Every call that takes an
 * id throws `P2P_BAD_STEAM_ID` for one that is no bigint: a number cannot hold it.
 *
 * @example
 * ```ts
 * const network = new MemoryNetwork()
 * const alice = new P2P({ steamId: 76561197960265729n, transport: network.transport(76561197960265729n) })
 * const bob = new P2P({ steamId: 76561197960265730n, transport: network.transport(76561197960265730n) })
 *
 * bob.on('p2p_session_request', (id) => bob.acceptP2PSessionWithUser(id))
 * alice.sendP2PPacket(bob.steamId, new Uint8Array([1, 2, 3]), P2P_SEND_RELIABLE)
 * await alice.flush(bob.steamId)
 * const size = bob.getAvailableP2PPacketSize()
 * console.log(size, bob.readP2PPacket(size).remote_steam_id) // 3 76561197960265729n
 * alice.close()
 * bob.close()
 * ```
 */
export class P2P extends NetworkingMessages {
  /** The id that this end speaks as. */
  readonly steamId: bigint
  readonly #backend: P2PBackend
  readonly #signals: SignalQueue
  readonly #arrivals = new Arrivals()
  readonly #rule: SteamIdRule
  readonly #shape: ReturnType<typeof packetShape>
  readonly #pollMs: number
  readonly #clock: Clock
  #isPolling = false

  /**
   * @throws `P2P_BAD_OPTION`, `P2P_BAD_STEAM_ID`; `CHANNEL_BAD_OPTION` for times and limits;
   *   `TRANSPORT_ALREADY_ATTACHED` for a transport that is in use
   */
  constructor(options: P2POptions) {
    const { callbacks = 'auto', steamIdRule = 'full', godotSteam, ...rest } = options
    oneOf('callbacks', callbacks, ['auto', 'manual'])
    oneOf('steamIdRule', steamIdRule, ['full', 'godotsteam'])
    const shape = packetShape(godotSteam)
    const backend = 'backend' in rest ? rest.backend : backendFor(rest)
    super(backend, (drop) => this.#signals.drop(drop))
    this.#shape = shape
    this.#rule = steamIdRule
    this.#pollMs = pollMsOf(rest)
    this.#clock = rest.clock ?? systemClock
    this.#signals = new SignalQueue(callbacks)
    this.#backend = backend
    this.steamId = backend.steamId
    backend.attach(this.#listener())
  }

  #listener(): Required<BackendEvents> {
    const signals = this.#signals
    return {
      sessionRequest: (id) => signals.emit('p2p_session_request', id),
      sessionFailed: (id, error) => signals.emit('p2p_session_connect_fail', id, error),
      messagesSessionRequest: (id) => signals.emit('network_messages_session_request', id),
      messagesSessionFailed: (...args) => signals.emit('network_messages_session_failed', ...args),
      sessionOpened: (id) => signals.emit('session_opened', id),
      sessionClosed: (id, why) => signals.emit('session_closed', id, why),
      packetArrived: (channel) => this.#arrivals.arrived(channel),
      dropped: (drop) => signals.drop(drop),
    }
  }

  /**
   * Accepts the session that a peer asked for with `p2p_session_request`. Sending to the peer accepts it too.
   *
   * @returns true; false only when the id is not valid, and after `close`
   */
  acceptP2PSessionWithUser(remote_steam_id: bigint): boolean {
    const id = this.#address(remote_steam_id)
    if (id === undefined || this.#arrivals.isClosed) return false
    this.#backend.accept(id)
    return true
  }

  /** Allows sessions made later to be carried by a relay where there is no direct way. True, but after `close`. */
  allowP2PPacketRelay(allow: boolean): boolean {
    if (this.#arrivals.isClosed) return false
    this.#backend.allowRelay(allow)
    return true
  }

  /**
   * Closes one channel with a peer; what is unread on it is dropped. Closing the last one closes the session.
   *
   * @returns false when nothing was open there
   */
  closeP2PChannelWithUser(remote_steam_id: bigint, channel: number): boolean {
    const id = this.#address(remote_steam_id)
    return id !== undefined && this.#backend.closeChannel(id, channel)
  }

  /**
   * Closes the session with a peer and drops what waits in both directions; the peer is not told. New data from it
   * raises `p2p_session_request` again.
   *
   * @returns false when no session was open
   */
  closeP2PSessionWithUser(remote_steam_id: bigint): boolean {
    const id = this.#address(remote_steam_id)
    return id !== undefined && this.#backend.closeSession(id)
  }

  /** How the session with a peer stands; an empty object when there is none. Meant for debugging. */
  getP2PSessionState(remote_steam_id: bigint): P2PSessionState | Partial<Record<keyof P2PSessionState, undefined>> {
    const id = this.#address(remote_steam_id)
    const state = id === undefined ? undefined : this.#backend.sessionState(id)
    if (!state) return {}
    return {
      connection_active: state.active ? 1 : 0,
      connecting: state.connecting ? 1 : 0,
      session_error: state.error,
      using_relay: state.relayed ? 1 : 0,
      bytes_queued_for_send: state.bytesQueued,
      packets_queued_for_send: state.packetsQueued,
      remote_ip: state.ip,
      remote_port: state.port,
    }
  }

  /**
   * Size in bytes of the packet that `readP2PPacket` gives next; 0 when there is none, and for a packet without bytes:
   * `isP2PPacketAvailable` tells these apart.
   */
  getAvailableP2PPacketSize(channel = 0): number {
    return this.#backend.nextPacketSize(channel) ?? 0
  }

  /** Whether a packet waits on a channel, also one without bytes. Steam's own call, which GodotSteam does not bind. */
  isP2PPacketAvailable(channel = 0): boolean {
    return this.#backend.nextPacketSize(channel) !== undefined
  }

  /**
   * Takes the next packet of a channel.
   *
   * @param packet the most bytes wanted, usually `getAvailableP2PPacketSize`'s answer; the rest of a longer packet is lost
   * @returns an empty object when there is no packet
   * @throws `P2P_BAD_SIZE` for a size that is none: it would cost a packet
   */
  readP2PPacket(packet: number, channel = 0): P2PPacket | NoPacket {
    if (!(packet >= 0)) throw p2pError('P2P_BAD_SIZE', { value: String(packet) })
    return this.#read(channel, packet) ?? {}
  }

  #read(channel: number, maxSize: number): P2PPacket | undefined {
    const read = this.#backend.read(channel, maxSize)
    return read && this.#shape(read)
  }

  /**
   * The packets of a channel as they come, whole: `for await` beside polling. It ends with `close`, with `break`, and when
   * `signal` aborts. It holds no packet of its own: what is not taken waits within the limits of the session. Two of one
   * channel share its packets.
   *
   * @example
   * ```ts
   * for await (const { data, remote_steam_id } of p2p.packets(0)) {
   *   console.log(remote_steam_id, data[0]) // 76561197960265729n 1
   *   break
   * }
   * ```
   */
  packets(channel = 0, { signal }: PacketStreamOptions = {}): AsyncIterableIterator<P2PPacket, undefined> {
    const read = () => this.#read(channel, Number.POSITIVE_INFINITY)
    return new PacketStream(channel, read, this.#arrivals, () => this.#pollSoon(), signal)
  }

  /** A backend that does not announce packets is asked for them, for as long as somebody waits. */
  #pollSoon(): void {
    if (this.#backend.announcesPackets || this.#isPolling || this.#arrivals.isEmpty) return
    this.#isPolling = true
    this.#clock.setTimeout(() => {
      this.#isPolling = false
      this.#arrivals.all()
      this.#pollSoon()
    }, this.#pollMs)
  }

  /**
   * Settles when the peer has acknowledged everything reliable that was accepted for it so far; at once when nothing is
   * owed. Packets of type 3 wait for company no longer. Unreliable ones are nobody's promise.
   *
   * @throws (rejects) `CHANNEL_SESSION_FAILED`, `CHANNEL_SESSION_CLOSED` when that will never be; `P2P_BAD_STEAM_ID`;
   *   `P2P_NOT_SUPPORTED` over Steam, which does not say what has arrived
   *
   * @example
   * ```ts
   * p2p.sendP2PPacket(id, varToBytes('goodbye'), P2P_SEND_RELIABLE)
   * await p2p.flush(id)
   * console.log(p2p.closeP2PSessionWithUser(id)) // true
   * ```
   */
  async flush(remote_steam_id: bigint): Promise<void> {
    const id = this.#address(remote_steam_id)
    if (id === undefined) {
      throw p2pError('P2P_BAD_STEAM_ID', { what: 'remote_steam_id', value: String(remote_steam_id) })
    }
    if (!this.#backend.flush) throw p2pError('P2P_NOT_SUPPORTED', { what: 'flush' })
    await this.#backend.flush(id)
  }

  /**
   * How the session with a peer is doing; undefined when there is none. Asking measures the round trip anew, once a second
   * at most: the next answer has it.
   *
   * @throws `P2P_NOT_SUPPORTED` over Steam: `getSessionConnectionInfo` is its way
   *
   * @example
   * ```ts
   * const { packetsReceived, bytesQueued, loss } = p2p.getSessionStatistics(id)!
   * console.log(packetsReceived, bytesQueued, loss) // 3 0 0
   * ```
   */
  getSessionStatistics(remote_steam_id: bigint): SessionStatistics | undefined {
    if (!this.#backend.statistics) throw p2pError('P2P_NOT_SUPPORTED', { what: 'getSessionStatistics' })
    const id = this.#address(remote_steam_id)
    return id === undefined ? undefined : this.#backend.statistics(id)
  }

  /**
   * Sends a packet, opening a session where there is none. The data may be changed afterwards: a copy was taken.
   *
   * @param send_type one of P2P_SEND_*; up to 1,200 bytes for 0 and 1, up to 1,048,576 for 2 and 3
   * @param channel any 32-bit integer; the receiver reads the same one
   * @returns true when it was queued or sent, which does not say that it arrives; false when the id is not valid, the
   *   packet too large, the type or channel out of range, or too much is queued for that peer
   * @throws `P2P_BAD_DATA` for data that are no Uint8Array, `P2P_BAD_STEAM_ID` for an id that is no bigint
   */
  sendP2PPacket(remote_steam_id: bigint, data: Uint8Array, send_type: P2PSend, channel = 0): boolean {
    if (!isBytes(data)) {
      throw p2pError('P2P_BAD_DATA', { what: data === null ? 'null' : typeof data })
    }
    const id = this.#address(remote_steam_id)
    if (id !== undefined) return this.#backend.send(id, data, send_type, channel)
    this.#refuseId(remote_steam_id, data.length, channel)
    return false
  }

  /**
   * Sends one packet to several peers, such as the members of a lobby: as `sendP2PPacket` to each of them, but the data is
   * copied once for all. Not GodotSteam's, whose programs call `sendP2PPacket` in a loop.
   *
   * @returns true when it was queued or sent for each of them; false also when there is none
   * @throws `P2P_BAD_DATA`, `P2P_BAD_STEAM_ID`
   *
   * @example
   * ```ts
   * console.log(p2p.sendToAll([id], new Uint8Array([1, 2, 3]), P2P_SEND_RELIABLE)) // true
   * ```
   */
  sendToAll(remote_steam_ids: Iterable<bigint>, data: Uint8Array, send_type: P2PSend, channel = 0): boolean {
    if (!isBytes(data)) throw p2pError('P2P_BAD_DATA', { what: data === null ? 'null' : typeof data })
    const ids: bigint[] = []
    let isValid = true
    for (const remote_steam_id of remote_steam_ids) {
      const id = this.#address(remote_steam_id)
      if (id !== undefined) ids.push(id)
      else {
        isValid = false
        this.#refuseId(remote_steam_id, data.length, channel)
      }
    }
    return this.#sendToAll(ids, data, send_type, channel) && isValid
  }

  #sendToAll(ids: readonly bigint[], data: Uint8Array, sendType: number, channel: number): boolean {
    if (this.#backend.sendToAll) return this.#backend.sendToAll(ids, data, sendType, channel)
    let taken = 0
    for (const id of ids) if (this.#backend.send(id, data, sendType, channel)) taken++
    return taken === ids.length && taken > 0
  }

  #refuseId(peer: bigint, bytes: number, channel: number): void {
    this.#signals.drop({ what: 'refused packet', why: 'bad-id', count: 1, bytes, peer, channel })
  }

  /**
   * Calls `listener` with each signal of that name; the answer takes it off again. `P2PSignals` lists the signals and what
   * they carry.
   *
   * @throws `P2P_BAD_SIGNAL` for a name that is none
   *
   * @example
   * ```ts
   * const off = p2p.on('dropped', ({ what, why, bytes }) => console.log(what, why, bytes)) // refused packet too-large 1201
   * p2p.sendP2PPacket(id, new Uint8Array(1201), P2P_SEND_UNRELIABLE)
   * p2p.runCallbacks()
   * off()
   * ```
   */
  on<Name extends SignalName>(signal: Name, listener: P2PSignals[Name]): () => void {
    this.#signals.on(signal, listener)
    return () => this.off(signal, listener)
  }

  /** Takes a listener off again; one that is not on is ignored. */
  off<Name extends SignalName>(signal: Name, listener: P2PSignals[Name]): void {
    this.#signals.off(signal, listener)
  }

  /** Delivers the signals that wait, as `Steam.run_callbacks()` does; call it once a frame with `callbacks: 'manual'`. */
  runCallbacks(): void {
    this.#backend.poll?.()
    this.#signals.deliver()
  }

  /**
   * Ends all sessions and the transport or backend, and every `packets` loop. No signal follows. A second call does
   * nothing.
   */
  close(): void {
    this.#backend.close()
    this.#arrivals.close()
    this.#signals.clear()
  }

  #address(id: bigint): bigint | undefined {
    return addressedId(id, this.#rule)
  }
}

function oneOf(option: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) throw p2pError('P2P_BAD_OPTION', { option, value, expected: known.join(' or ') })
}

function pollMsOf(options: object): number {
  const value: unknown = 'pollMs' in options ? options.pollMs : undefined
  if (value === undefined) return POLL_MS
  if (typeof value === 'number' && value >= 1 && value <= 60_000) return value
  throw p2pError('P2P_BAD_OPTION', { option: 'pollMs', value, expected: 'a number from 1 to 60,000' })
}

function backendFor({ steamId, transport, ...options }: Omit<P2PTransportOptions, keyof CommonOptions>): P2PBackend {
  if (typeof steamId !== 'bigint' || !isValidSteamId(steamId)) {
    throw p2pError('P2P_BAD_STEAM_ID', { what: 'steamId', value: String(steamId) })
  }
  if (transport?.localId !== steamId) {
    const expected = `the transport's own id, ${transport?.localId}`
    throw p2pError('P2P_BAD_OPTION', { option: 'steamId', value: steamId, expected })
  }
  return sessionBackend(transport, options)
}
