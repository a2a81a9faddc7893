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
  sessionRequest(steamId: bigint): void
  sessionFailed(steamId: bigint, error: number): void
  /** Packets flow from now on. */
  sessionOpened?(steamId: bigint): void
  /** A session that was open is over. */
  sessionClosed?(steamId: bigint, why: SessionEnd): void
  /** A packet can be read on this channel. See `announcesPackets`. */
  packetArrived?(channel: number): void
  dropped?(drop: Drop): void
  /** The same two for Networking Messages, where `messages` is there. */
  messagesSessionRequest?(steamId: bigint): void
  messagesSessionFailed?(reason: number, steamId: bigint, connectionState: number, debugMessage: string): void
}

/**
 * Who carries the packets: our own sessions over a transport, or Steam itself. Ids are valid and full when they get here;
 * sizes and types are checked by the backend, since they are its limits.
 */
export interface P2PBackend {
  readonly steamId: bigint
  /** Names the one listener, once, before anything else is called. */
  attach(events: BackendEvents): void
  send(steamId: bigint, data: Uint8Array, sendType: number, channel: number): boolean
  /** Size of the next packet on a channel, which may be 0; undefined when there is none. */
  nextPacketSize(channel: number): number | undefined
  /** Takes the next packet; at most `maxSize` of its bytes are wanted, the rest is lost. */
  read(channel: number, maxSize: number): { readonly steamId: bigint; readonly data: Uint8Array } | undefined
  accept(steamId: bigint): void
  closeChannel(steamId: bigint, channel: number): boolean
  closeSession(steamId: bigint): boolean
  sessionState(steamId: bigint): BackendSessionState | undefined
  allowRelay(allow: boolean): void
  /** For backends that must be asked for their events; ours need no asking. */
  poll?(): void
  close(): void

  // What not every backend can do. `P2P` says `P2P_NOT_SUPPORTED` where it is asked for and missing.

  /** True where `packetArrived` is called for every packet; without it, who waits for packets asks now and then. */
  readonly announcesPackets?: boolean
  /** Networking Messages: six calls under GodotSteam's names, with full ids. */
  readonly messages?: MessagesBackend
  /** Settles when the peer has everything that was accepted so far, or never will. */
  flush?(steamId: bigint): Promise<void>
  statistics?(steamId: bigint): SessionStatistics | undefined
}
