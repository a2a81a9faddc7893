import { isBytes } from '../bytes/index.js'
import type { Drop } from '../channel/index.js'
import type { P2PBackend } from './backend.js'
import { p2pError } from './errors.js'
import type { MessagesBackend, NetworkingMessage, SessionConnectionInfo } from './messages-backend.js'
import { RESULT_INVALID_PARAM } from './messages-constants.js'
import { addressedId } from './steam-id.js'

/**
 * GodotSteam's Networking Messages calls, the interface to which Valve wants programs to move: same names, same order of
 * arguments, same answers. `P2P` has them too, as GodotSteam's one `Steam` has.
 *
 * Over transports of this package they are a second face of the same sessions and channels: a message can be read as a
 * packet and the other way round, and a session that one face accepted or closed is so for both. Ids are used in full.
 *
 * @example
 * ```ts
 * p2p.on('network_messages_session_request', (id) => p2p.acceptSessionWithUser(id))
 * console.log(p2p.sendMessageToUser(id, new Uint8Array([7]), NETWORKING_SEND_RELIABLE, 0)) // 1
 * const [message] = p2p.receiveMessagesOnChannel(0, 32)
 * console.log(message?.identity, message?.payload[0]) // 76561197960265729n 1
 * ```
 */
export class NetworkingMessages {
  readonly #backend: P2PBackend
  readonly #onRefused: (drop: Drop) => void

  /**
   * `P2P` makes it for itself; on its own it is one face of a backend.
   *
   * @param backend whose `messages` carry them; without those each call throws `P2P_NOT_SUPPORTED`
   * @param onRefused told of messages to nobody, which no backend gets to see
   */
  constructor(backend: P2PBackend, onRefused: (drop: Drop) => void = () => {}) {
    this.#backend = backend
    this.#onRefused = onRefused
  }

  /**
   * Sends a message of up to 524,288 bytes, opening a session where there is none. The data may be changed afterwards.
   *
   * @param flags NETWORKING_SEND_*; without NETWORKING_SEND_NO_NAGLE a reliable message waits up to 5 ms for company. An
   *   unreliable message above 1,200 bytes goes the reliable way.
   * @returns RESULT_OK 1; RESULT_INVALID_PARAM 8 for an id, size or channel; RESULT_NO_CONNECTION 3 where the session has
   *   failed, unless NETWORKING_SEND_AUTORESTART_BROKEN_SESSION is among the flags; RESULT_LIMIT_EXCEEDED 25 when too much
   *   is queued; RESULT_IGNORED 41 for one with NETWORKING_SEND_NO_DELAY that could not go at once; RESULT_FAIL 2 after
   *   `close`
   * @throws `P2P_BAD_DATA`, `P2P_BAD_STEAM_ID`, `P2P_NOT_SUPPORTED`
   */
  sendMessageToUser(remote_steam_id: bigint, data: Uint8Array, flags: number, channel: number): number {
    if (!isBytes(data)) throw p2pError('P2P_BAD_DATA', { what: data === null ? 'null' : typeof data })
    const id = addressedId(remote_steam_id, 'full')
    const { messages } = this
    if (id !== undefined) return messages.sendMessageToUser(id, data, flags, channel)
    const bytes = data.length
    this.#onRefused({ what: 'refused packet', why: 'bad-id', count: 1, bytes, peer: remote_steam_id, channel })
    return RESULT_INVALID_PARAM
  }

  /** Takes up to `max_messages` messages that wait on a channel, in order of arrival over all senders. */
  receiveMessagesOnChannel(channel: number, max_messages: number): NetworkingMessage[] {
    return this.messages.receiveMessagesOnChannel(channel, max_messages)
  }

  /** Accepts a session that was asked for. False when there is none; true also for one that is up. */
  acceptSessionWithUser(remote_steam_id: bigint): boolean {
    const id = addressedId(remote_steam_id, 'full')
    return id !== undefined && this.messages.acceptSessionWithUser(id)
  }

  /** Closes one channel with a user; what is unread on it is dropped. False when it was not open. */
  closeChannelWithUser(remote_steam_id: bigint, channel: number): boolean {
    const id = addressedId(remote_steam_id, 'full')
    return id !== undefined && this.messages.closeChannelWithUser(id, channel)
  }

  /** Closes the session with a user, also one that has failed. False when there was none. */
  closeSessionWithUser(remote_steam_id: bigint): boolean {
    const id = addressedId(remote_steam_id, 'full')
    return id !== undefined && this.messages.closeSessionWithUser(id)
  }

  /**
   * How the session with a user stands: `connection_state`, with `get_connection` whom it is with and why it failed, with
   * `get_status` how it is doing.
   */
  getSessionConnectionInfo(
    remote_steam_id: bigint,
    get_connection: boolean,
    get_status: boolean,
  ): SessionConnectionInfo | Partial<Record<keyof SessionConnectionInfo, undefined>> {
    const id = addressedId(remote_steam_id, 'full') ?? 0n
    return this.messages.getSessionConnectionInfo(id, get_connection, get_status)
  }

  private get messages(): MessagesBackend {
    const { messages } = this.#backend
    if (!messages) throw p2pError('P2P_NOT_SUPPORTED', { what: 'Networking Messages' })
    return messages
  }
}
