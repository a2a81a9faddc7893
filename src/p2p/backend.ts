import type { Drop, SessionEnd, SessionInfo, SessionStatistics } from '../channel/index.js'
import type { MessagesBackend } from './messages-backend.js'

/** A session as Steam's P2PSessionState_t has it. */
export type BackendSessionState = SessionInfo

/**
 * What a backend tells. `sessionRequest` and `sessionFailed` are never called from within a call to the backend but `poll`;
 * the others may be. The optional ones are always there when a `P2P` listens, and need not be called by a backend that
 * does not know.
 */
export interface BackendEvents {
  /** A peer without a session wants one: `p2p_session_request`. */
  sessionRequest(steamId: bigint): void
  /** No session came about, or one broke with data unacknowledged; `error` is a P2P_SESSION_ERROR. */
  sessionFailed(steamId: bigint, error: number): void
  /** Packets flow from now on. */
  sessionOpened?(steamId: bigint): void
  /** A session that was open is over. */
  sessionClosed?(steamId: bigint, why: SessionEnd): void
  /** A packet can be read on this channel. See `announcesPackets`. */
  packetArrived?(channel: number): void
  /** Something will never arrive, or never be read. */
  dropped?(drop: Drop): void
  /** `network_messages_session_request`, where `messages` is there. */
  messagesSessionRequest?(steamId: bigint): void
  /** `network_messages_session_failed`, where `messages` is there: `reason` is a CONNECTION_END, the state a CONNECTION_STATE. */
  messagesSessionFailed?(reason: number, steamId: bigint, connectionState: number, debugMessage: string): void
}

/**
 * Who carries the packets: our own sessions over a transport, or Steam itself. Ids are valid and full when they get here;
 * sizes and types are checked by the backend, since they are its limits.
 */
export interface P2PBackend {
  /** The Steam id that this end speaks as. */
  readonly steamId: bigint
  /** Names the one listener, once, before anything else is called. */
  attach(events: BackendEvents): void
  /**
   * Takes a packet for a peer, opening a session where there is none; `sendType` is a P2P_SEND, unchecked. False when
   * it was not taken: the size, type or channel is none, or too much waits. The data may change once it returns.
   */
  send(steamId: bigint, data: Uint8Array, sendType: number, channel: number): boolean
  /** Size of the next packet on a channel, which may be 0; undefined when there is none. */
  nextPacketSize(channel: number): number | undefined
  /** Takes the next packet; at most `maxSize` of its bytes are wanted, the rest is lost. */
  read(
    channel: number,
    maxSize: number,
  ):
    | {
        /** Who sent it. */
        readonly steamId: bigint
        /** Its bytes; they belong to the reader. */
        readonly data: Uint8Array
      }
    | undefined
  /** Accepts the session that a peer asked for; nothing happens where none did. */
  accept(steamId: bigint): void
  /** Closes one channel with a peer, and with the last one the session. False when it was not open. */
  closeChannel(steamId: bigint, channel: number): boolean
  /** Ends the session with a peer and drops what waits. False when there was none. */
  closeSession(steamId: bigint): boolean
  /** How the session with a peer stands; undefined when there is none, not even a failed one. */
  sessionState(steamId: bigint): BackendSessionState | undefined
  /** Whether sessions made later may be carried by a relay. */
  allowRelay(allow: boolean): void
  /** For backends that must be asked for their events; ours need no asking. */
  poll?(): void
  /** Ends every session and frees what the backend has. No event follows. A second call does nothing. */
  close(): void

  // What not every backend can do. `P2P` says `P2P_NOT_SUPPORTED` where it is asked for and missing.

  /** True where `packetArrived` is called for every packet; without it, who waits for packets asks now and then. */
  readonly announcesPackets?: boolean
  /** Networking Messages: six calls under GodotSteam's names, with full ids. */
  readonly messages?: MessagesBackend
  /** As `send` to each of these peers; true when it was taken for all. Without it `P2P` sends to one after the other. */
  sendToAll?(steamIds: readonly bigint[], data: Uint8Array, sendType: number, channel: number): boolean
  /** Settles when the peer has everything that was accepted so far, or never will. */
  flush?(steamId: bigint): Promise<void>
  /** How the session with a peer is doing; undefined when there is none. */
  statistics?(steamId: bigint): SessionStatistics | undefined
}
