import {
  type Multiplexer,
  type ReceivedPacket,
  SESSION_ERROR_NO_RIGHTS,
  SESSION_ERROR_NONE,
  type SendOutcome,
  SendType,
  type SessionInfo,
  type SessionStatistics,
} from '../channel/index.js'
import type { MessagesBackend, NetworkingMessage, SessionConnectionInfo } from './messages-backend.js'
import * as c from './messages-constants.js'

/** Largest message that fits a datagram; longer ones that need not arrive go the reliable way all the same. */
const LARGEST_DATAGRAM = 1200

/** How long a message without NETWORKING_SEND_NO_NAGLE waits for company: Steam's NagleTime, 5,000 microseconds. */
const NAGLE_MS = 5

const RESULTS: Readonly<Record<SendOutcome, number>> = {
  taken: c.RESULT_OK,
  dropped: c.RESULT_OK,
  'too-large': c.RESULT_INVALID_PARAM,
  'bad-type': c.RESULT_INVALID_PARAM,
  'bad-channel': c.RESULT_INVALID_PARAM,
  'queue-full': c.RESULT_LIMIT_EXCEEDED,
  closed: c.RESULT_FAIL,
}

/** Why a session failed, as `network_messages_session_failed` says it. */
export function sessionFailureReason(error: number): { readonly reason: number; readonly text: string } {
  if (error === SESSION_ERROR_NO_RIGHTS) {
    return { reason: c.CONNECTION_END_LOCAL_RIGHTS, text: 'The relay refused to reach the peer' }
  }
  return { reason: c.CONNECTION_END_MISC_TIMEOUT, text: 'The peer does not answer' }
}

/** Networking Messages over the sessions that the P2P calls use too. */
export class SessionMessages implements MessagesBackend {
  readonly #multiplexer: Multiplexer

  constructor(multiplexer: Multiplexer) {
    this.#multiplexer = multiplexer
  }

  sendMessageToUser(peer: bigint, data: Uint8Array, flags: number, channel: number): number {
    const why = this.#whyNot(peer, data, flags)
    if (why !== undefined) {
      this.#multiplexer.drop({ what: 'refused packet', why, count: 1, bytes: data.length, peer, channel })
      return why === 'session-failed' ? c.RESULT_NO_CONNECTION : c.RESULT_INVALID_PARAM
    }
    const type = sendTypeOf(flags, data.length)
    const outcome = this.#multiplexer.offer(peer, data, type, channel, NAGLE_MS)
    const ignored = outcome === 'dropped' && type === SendType.UNRELIABLE_NO_DELAY
    return ignored ? c.RESULT_IGNORED : RESULTS[outcome]
  }

  #whyNot(peer: bigint, data: Uint8Array, flags: number): 'bad-type' | 'too-large' | 'session-failed' | undefined {
    if ((flags | 0) !== flags) return 'bad-type'
    if (data.length > c.MAX_STEAM_PACKET_SIZE) return 'too-large'
    if ((flags & c.NETWORKING_SEND_AUTORESTART_BROKEN_SESSION) !== 0) return undefined
    const error = this.#multiplexer.sessionInfo(peer)?.error ?? SESSION_ERROR_NONE
    return error === SESSION_ERROR_NONE ? undefined : 'session-failed'
  }

  receiveMessagesOnChannel(channel: number, max_messages: number): NetworkingMessage[] {
    const messages: NetworkingMessage[] = []
    while (messages.length < max_messages) {
      const packet = this.#multiplexer.read(channel)
      if (!packet) break
      messages.push(messageOf(packet, channel))
    }
    return messages
  }

  acceptSessionWithUser(peer: bigint): boolean {
    if (this.#multiplexer.accept(peer)) return true
    const info = this.#multiplexer.sessionInfo(peer)
    return info !== undefined && (info.active || info.connecting)
  }

  closeSessionWithUser(peer: bigint): boolean {
    // A session that failed is one here: it stays broken until it is closed.
    const isKnown = this.#multiplexer.sessionInfo(peer) !== undefined
    return this.#multiplexer.closeSession(peer) || isKnown
  }

  closeChannelWithUser(peer: bigint, channel: number): boolean {
    return this.#multiplexer.closeChannel(peer, channel)
  }

  getSessionConnectionInfo(peer: bigint, get_connection: boolean, get_status: boolean): SessionConnectionInfo {
    const info = this.#multiplexer.sessionInfo(peer)
    const connection_state = this.#stateOf(peer, info)
    const status = get_status ? this.#multiplexer.statistics(peer) : undefined
    return {
      connection_state,
      ...(get_connection && connectionOf(peer, info)),
      ...(get_status && statusOf(connection_state, status)),
    }
  }

  #stateOf(peer: bigint, info: SessionInfo | undefined): number {
    if (info?.active) return c.CONNECTION_STATE_CONNECTED
    if (info?.connecting || this.#multiplexer.hasRequest(peer)) return c.CONNECTION_STATE_CONNECTING
    return info ? c.CONNECTION_STATE_PROBLEM_DETECTED_LOCALLY : c.CONNECTION_STATE_NONE
  }
}

function sendTypeOf(flags: number, size: number): SendType {
  const noNagle = (flags & c.NETWORKING_SEND_NO_NAGLE) !== 0
  if ((flags & c.NETWORKING_SEND_RELIABLE) !== 0) {
    return noNagle ? SendType.RELIABLE : SendType.RELIABLE_WITH_BUFFERING
  }
  if (size > LARGEST_DATAGRAM) return SendType.RELIABLE
  return (flags & c.NETWORKING_SEND_NO_DELAY) !== 0 ? SendType.UNRELIABLE_NO_DELAY : SendType.UNRELIABLE
}

function messageOf({ peer, data, reliable, at, number }: ReceivedPacket, channel: number): NetworkingMessage {
  return {
    payload: data,
    size: data.length,
    connection: 0,
    identity: peer,
    receiver_user_data: 0n,
    time_received: BigInt(Math.round(at * 1000)),
    message_number: BigInt(number),
    channel,
    flags: reliable ? c.NETWORKING_SEND_RELIABLE : c.NETWORKING_SEND_UNRELIABLE,
    sender_user_data: 0n,
  }
}

function connectionOf(peer: bigint, info: SessionInfo | undefined) {
  const failure = info && info.error !== SESSION_ERROR_NONE ? sessionFailureReason(info.error) : undefined
  return {
    identity: info ? peer : 0n,
    user_data: 0n,
    listen_socket: 0,
    remote_address: info && info.ip !== 0 ? addressText(info) : '',
    remote_pop: 0,
    pop_relay: 0,
    end_reason: failure?.reason ?? c.CONNECTION_END_INVALID,
    end_debug: failure?.text ?? '',
    debug_description: info ? `session with ${peer}${info.relayed ? ', relayed' : ''}` : '',
    info_flags: 0,
  }
}

function addressText({ ip, port }: SessionInfo): string {
  return `${[24, 16, 8, 0].map((shift) => (ip >>> shift) & 0xff).join('.')}:${port}`
}

function statusOf(state: number, s: SessionStatistics | undefined) {
  const quality = s ? 1 - s.loss : 0
  return {
    state,
    ping: s ? Math.round(s.roundTripMs ?? -1) : 0,
    local_quality: quality,
    // What the peer sees of it is not told.
    remote_quality: s ? -1 : 0,
    packets_out_per_second: s?.framesSentPerSecond ?? 0,
    bytes_out_per_second: s?.frameBytesSentPerSecond ?? 0,
    packets_in_per_second: s?.framesReceivedPerSecond ?? 0,
    bytes_in_per_second: s?.frameBytesReceivedPerSecond ?? 0,
    send_rate: 0,
    // They do not wait: what cannot go at once is dropped.
    pending_unreliable: 0,
    pending_reliable: s?.bytesQueued ?? 0,
    sent_unacknowledged_reliable: s ? s.bytesUnacknowledged - s.bytesQueued : 0,
    queue_time: s ? queueTime(s) : 0n,
  }
}

/** At the pace of the last second; without one, what waits goes with the next frame. */
function queueTime({ bytesQueued, frameBytesSentPerSecond }: SessionStatistics): bigint {
  if (bytesQueued === 0 || frameBytesSentPerSecond === 0) return 0n
  return BigInt(Math.round((bytesQueued / frameBytesSentPerSecond) * 1_000_000))
}
