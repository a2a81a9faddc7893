import type { MessagesBackend, NetworkingMessage, SessionConnectionInfo } from '../p2p/index.js'
import {
  CONNECTION_INFO,
  IDENTITY,
  isInt32,
  MESSAGE,
  REAL_TIME_STATUS,
  readIdentity,
  textIn,
  viewOf,
  writeIdentity,
} from './layouts.js'
import type { NativeLibrary, Pointer, SharedCalls } from './native.js'

/** No more messages than this are asked for at once. */
const MAX_MESSAGES = 256

/** Steam's EResults, as far as they are answered here. */
const FAIL = 2
const INVALID_PARAM = 8

/**
 * Steam's Networking Messages, the interface to which Valve wants programs to move, for the six calls of `P2P`. Sessions of
 * these and of the P2P calls know nothing of each other.
 */
export class SteamMessages implements MessagesBackend {
  readonly #library: NativeLibrary
  readonly #calls: SharedCalls
  readonly #pointers = new BigUint64Array(MAX_MESSAGES)
  readonly #identity = new Uint8Array(IDENTITY.size)
  readonly #identityView = viewOf(this.#identity)
  /** What stands for no bytes: a place that is one. */
  readonly #empty = new Uint8Array(1)
  #self: Pointer | undefined

  constructor(library: NativeLibrary, calls: SharedCalls, self: Pointer) {
    this.#library = library
    this.#calls = calls
    this.#self = self
  }

  /**
   * Sends a message of up to 524,288 bytes, opening a session where there is none.
   *
   * @param flags NETWORKING_SEND_*
   * @returns Steam's EResult: 1 OK, 3 the session broke (close it, or send with
   *   NETWORKING_SEND_AUTORESTART_BROKEN_SESSION), 8 bad id or size, 25 too much is queued; 2 when the backend is closed
   */
  sendMessageToUser(remote_steam_id: bigint, data: Uint8Array, flags: number, channel: number): number {
    if (this.#self === undefined) return FAIL
    if (!isInt32(flags) || !isInt32(channel)) return INVALID_PARAM
    const bytes = data.length === 0 ? this.#empty : data
    const to = this.#address(remote_steam_id)
    return this.#calls.sendMessageToUser(this.#self, to, bytes, data.length, flags, channel)
  }

  /** Takes up to `max_messages` messages that wait on a channel. */
  receiveMessagesOnChannel(channel: number, max_messages: number): NetworkingMessage[] {
    const messages: NetworkingMessage[] = []
    if (!isInt32(channel)) return messages
    while (this.#self !== undefined && messages.length < max_messages) {
      const room = Math.min(MAX_MESSAGES, max_messages - messages.length)
      const count = this.#calls.receiveMessagesOnChannel(this.#self, channel, this.#pointers, room) as number
      for (let i = 0; i < count; i++) messages.push(this.#take(this.#pointers[i]!))
      if (count < room) break
    }
    return messages
  }

  /** Accepts a session that was asked for. False when there is none; sending accepts as well. */
  acceptSessionWithUser(remote_steam_id: bigint): boolean {
    return this.#self !== undefined && this.#calls.acceptSessionWithUser(this.#self, this.#address(remote_steam_id))
  }

  /** Ends a session and drops what is unread. False when there was none. */
  closeSessionWithUser(remote_steam_id: bigint): boolean {
    return this.#self !== undefined && this.#calls.closeSessionWithUser(this.#self, this.#address(remote_steam_id))
  }

  /** Closes one channel; closing the last one ends the session. False when it was not open. */
  closeChannelWithUser(remote_steam_id: bigint, channel: number): boolean {
    if (this.#self === undefined || !isInt32(channel)) return false
    return this.#calls.closeChannelWithUser(this.#self, this.#address(remote_steam_id), channel)
  }

  /** How the session with a user stands; an empty object when the backend is closed. */
  getSessionConnectionInfo(
    remote_steam_id: bigint,
    get_connection: boolean,
    get_status: boolean,
  ): SessionConnectionInfo | Partial<Record<keyof SessionConnectionInfo, undefined>> {
    if (this.#self === undefined) return {}
    const info = new Uint8Array(CONNECTION_INFO.size)
    const status = new Uint8Array(REAL_TIME_STATUS.size)
    const address = this.#address(remote_steam_id)
    const connection_state = this.#calls.getSessionConnectionInfo(this.#self, address, info, status) as number
    return {
      connection_state,
      ...(get_connection && readInfo(info)),
      ...(get_status && readStatus(viewOf(status))),
    }
  }

  close(): void {
    this.#self = undefined
  }

  #address(steamId: bigint): Uint8Array {
    writeIdentity(this.#identityView, steamId)
    return this.#identity
  }

  #take(pointer: Pointer): NetworkingMessage {
    try {
      const view = viewOf(this.#library.bytesAt(pointer, MESSAGE.size))
      const size = view.getInt32(MESSAGE.length, true)
      return {
        payload: size > 0 ? this.#library.bytesAt(view.getBigUint64(MESSAGE.data, true), size) : new Uint8Array(0),
        size,
        connection: view.getUint32(MESSAGE.connection, true),
        identity: readIdentity(view, MESSAGE.identity),
        receiver_user_data: view.getBigInt64(MESSAGE.connectionUserData, true),
        time_received: view.getBigInt64(MESSAGE.timeReceived, true),
        message_number: view.getBigInt64(MESSAGE.number, true),
        channel: view.getInt32(MESSAGE.channel, true),
        flags: view.getInt32(MESSAGE.flags, true),
        sender_user_data: view.getBigInt64(MESSAGE.userData, true),
      }
    } finally {
      this.#calls.releaseMessage(pointer)
    }
  }
}

function readInfo(bytes: Uint8Array) {
  const at = CONNECTION_INFO
  const view = viewOf(bytes)
  return {
    identity: readIdentity(view, at.identity),
    user_data: view.getBigInt64(at.userData, true),
    listen_socket: view.getUint32(at.listenSocket, true),
    remote_address: addressIn(bytes.subarray(at.address, at.address + 16), view.getUint16(at.port, true)),
    remote_pop: view.getUint32(at.remotePop, true),
    pop_relay: view.getUint32(at.relayPop, true),
    end_reason: view.getInt32(at.endReason, true),
    end_debug: textIn(bytes.subarray(at.endDebug, at.endDebug + at.endDebugSize)),
    debug_description: textIn(bytes.subarray(at.description, at.description + at.descriptionSize)),
    info_flags: view.getInt32(at.flags, true),
  }
}

function readStatus(view: DataView) {
  const at = REAL_TIME_STATUS
  return {
    state: view.getInt32(at.state, true),
    ping: view.getInt32(at.ping, true),
    local_quality: view.getFloat32(at.localQuality, true),
    remote_quality: view.getFloat32(at.remoteQuality, true),
    packets_out_per_second: view.getFloat32(at.packetsOut, true),
    bytes_out_per_second: view.getFloat32(at.bytesOut, true),
    packets_in_per_second: view.getFloat32(at.packetsIn, true),
    bytes_in_per_second: view.getFloat32(at.bytesIn, true),
    send_rate: view.getInt32(at.sendRate, true),
    pending_unreliable: view.getInt32(at.pendingUnreliable, true),
    pending_reliable: view.getInt32(at.pendingReliable, true),
    sent_unacknowledged_reliable: view.getInt32(at.sentUnacknowledged, true),
    queue_time: view.getBigInt64(at.queueTime, true),
  }
}

/** SteamNetworkingIPAddr: 16 bytes as IPv6, IPv4 in the last four behind ::ffff. */
function addressIn(ip: Uint8Array, port: number): string {
  if (ip.every((byte) => byte === 0)) return ''
  const isIPv4 = ip.subarray(0, 10).every((byte) => byte === 0) && ip[10] === 0xff && ip[11] === 0xff
  if (isIPv4) return `${ip.subarray(12).join('.')}:${port}`
  const words = Array.from({ length: 8 }, (_, i) => ((ip[2 * i]! << 8) | ip[2 * i + 1]!).toString(16))
  return `[${words.join(':')}]:${port}`
}
