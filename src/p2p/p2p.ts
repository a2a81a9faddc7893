import { isBytes } from '../bytes/index.js'
import type { MultiplexerOptions, Transport } from '../channel/index.js'
import { type P2PBackend, sessionBackend } from './backend.js'
import type { P2PSend } from './constants.js'
import { p2pError } from './errors.js'
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
}

/** Sessions of our own over a transport; the times and limits of `MultiplexerOptions` may be set as well. */
export interface P2PTransportOptions extends CommonOptions, MultiplexerOptions {
  /** The id to speak as; it is the transport's. */
  readonly steamId: bigint
  readonly transport: Transport
}

/** Somebody else's sessions: Steam itself. */
export interface P2PBackendOptions extends CommonOptions {
  readonly backend: P2PBackend
}

export type P2POptions = P2PTransportOptions | P2PBackendOptions

/** What `readP2PPacket` gives. Both names of the sender are the same value: GodotSteam renamed the key in 2024. */
export interface P2PPacket {
  readonly data: Uint8Array
  readonly remote_steam_id: bigint
  readonly steam_id_remote: bigint
}

/** GodotSteam's failure value: a Dictionary without keys. */
export interface NoPacket {
  readonly data?: undefined
  readonly remote_steam_id?: undefined
  readonly steam_id_remote?: undefined
}

/** What `getP2PSessionState` gives; the first four are numbers in the engine too. */
export interface P2PSessionState {
  /** 1 while packets can flow, else 0. */
  readonly connection_active: number
  /** 1 while the session is being made, else 0. */
  readonly connecting: number
  /** A P2P_SESSION_ERROR. */
  readonly session_error: number
  /** 1 when a third party passes the packets on, else 0. */
  readonly using_relay: number
  readonly bytes_queued_for_send: number
  readonly packets_queued_for_send: number
  /** IPv4 address as an unsigned number, first octet highest; 0 where it is not known. */
  readonly remote_ip: number
  readonly remote_port: number
}

/**
 * GodotSteam's P2P networking calls: the same names, the same order of arguments, the same answers.
 *
 * @example
 * ```ts
 * const network = new MemoryNetwork()
 * const alice = new P2P({ steamId: 76561197960265729n, transport: network.transport(76561197960265729n) })
 * const bob = new P2P({ steamId: 76561197960265730n, transport: network.transport(76561197960265730n) })
 *
 * bob.on('p2p_session_request', (id) => bob.acceptP2PSessionWithUser(id))
 * alice.sendP2PPacket(bob.steamId, new Uint8Array([1, 2, 3]), P2P_SEND_RELIABLE)
 * // a moment later
 * const size = bob.getAvailableP2PPacketSize()
 * const packet = bob.readP2PPacket(size) // { data, remote_steam_id, steam_id_remote }
 * ```
 */
export class P2P {
  /** The id that this end speaks as. */
  readonly steamId: bigint
  readonly #backend: P2PBackend
  readonly #signals: SignalQueue
  readonly #rule: SteamIdRule

  /**
   * @throws `P2P_BAD_OPTION`, `P2P_BAD_STEAM_ID`; `CHANNEL_BAD_OPTION` for times and limits;
   *   `TRANSPORT_ALREADY_ATTACHED` for a transport that is in use
   */
  constructor(options: P2POptions) {
    const { callbacks = 'auto', steamIdRule = 'full', ...rest } = options
    if (callbacks !== 'auto' && callbacks !== 'manual') {
      throw p2pError('P2P_BAD_OPTION', { option: 'callbacks', value: callbacks, expected: 'auto or manual' })
    }
    if (steamIdRule !== 'full' && steamIdRule !== 'godotsteam') {
      throw p2pError('P2P_BAD_OPTION', { option: 'steamIdRule', value: steamIdRule, expected: 'full or godotsteam' })
    }
    this.#rule = steamIdRule
    this.#signals = new SignalQueue(callbacks)
    this.#backend = 'backend' in rest ? rest.backend : backendFor(rest)
    this.steamId = this.#backend.steamId
    this.#backend.attach({
      sessionRequest: (id) => this.#signals.emit('p2p_session_request', id),
      sessionFailed: (id, error) => this.#signals.emit('p2p_session_connect_fail', id, error),
    })
  }

  /**
   * Accepts the session that a peer asked for with `p2p_session_request`. Sending to the peer accepts it too.
   *
   * @returns true; false only when the id is not valid
   */
  acceptP2PSessionWithUser(remote_steam_id: bigint): boolean {
    const id = this.#address(remote_steam_id)
    if (id === undefined) return false
    this.#backend.accept(id)
    return true
  }

  /** Allows sessions made later to be carried by a relay where there is no direct way. Always true. */
  allowP2PPacketRelay(allow: boolean): boolean {
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
   */
  readP2PPacket(packet: number, channel = 0): P2PPacket | NoPacket {
    const read = this.#backend.read(channel, Math.max(0, packet))
    if (!read) return {}
    return { data: read.data, remote_steam_id: read.steamId, steam_id_remote: read.steamId }
  }

  /**
   * Sends a packet, opening a session where there is none. The data may be changed afterwards: a copy was taken.
   *
   * @param send_type one of P2P_SEND_*; up to 1,200 bytes for 0 and 1, up to 1,048,576 for 2 and 3
   * @param channel any 32-bit integer; the receiver reads the same one
   * @returns true when it was queued or sent, which does not say that it arrives; false when the id is not valid, the
   *   packet too large, the type or channel out of range, or too much is queued for that peer
   */
  sendP2PPacket(remote_steam_id: bigint, data: Uint8Array, send_type: P2PSend, channel = 0): boolean {
    if (!isBytes(data)) {
      throw p2pError('P2P_BAD_DATA', { what: data === null ? 'null' : typeof data })
    }
    const id = this.#address(remote_steam_id)
    return id !== undefined && this.#backend.send(id, data, send_type, channel)
  }

  /** Calls `listener` with each signal of that name; the answer takes it off again. */
  on<Name extends SignalName>(signal: Name, listener: P2PSignals[Name]): () => void {
    this.#signals.on(signal, listener)
    return () => this.off(signal, listener)
  }

  off<Name extends SignalName>(signal: Name, listener: P2PSignals[Name]): void {
    this.#signals.off(signal, listener)
  }

  /** Delivers the signals that wait, as `Steam.run_callbacks()` does; call it once a frame with `callbacks: 'manual'`. */
  runCallbacks(): void {
    this.#backend.poll?.()
    this.#signals.deliver()
  }

  /** Ends all sessions and the transport or backend. A second call does nothing. */
  close(): void {
    this.#signals.clear()
    this.#backend.close()
  }

  #address(id: bigint): bigint | undefined {
    return addressedId(id, this.#rule)
  }
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
