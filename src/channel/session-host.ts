import type { Lane, Link } from '../transport/index.js'
import type { Drop } from './drops.js'
import type { Unread, UnreadPacket } from './inbox.js'
import type { ResolvedOptions } from './options.js'
import type { Received } from './records.js'
import type { Session } from './session.js'

/** No error: the session is up, on its way, or was ended on purpose. The numbers are Steam's (EP2PSessionError). */
export const SESSION_ERROR_NONE = 0
/** The transport may not reach the peer: an authenticated relay refused. */
export const SESSION_ERROR_NO_RIGHTS = 2
/** The peer did not answer, did not accept, or fell silent with packets unacknowledged. */
export const SESSION_ERROR_TIMEOUT = 4

export type SessionState = 'connecting' | 'active' | 'failed' | 'closed'

/**
 * Why a session that was open is over: this end closed it; nothing was sent for long; the peer fell silent with nothing
 * undelivered; the peer has closed its end and nothing was undelivered; it failed, and `sessionFailed` said so.
 */
export type SessionEnd = 'closed' | 'idle' | 'vanished' | 'peer-closed' | 'failed'

/**
 * What became of a packet given to `offer`: `taken`; `dropped`, as it is unreliable and could not go; or why not.
 * `send` answers true for the first two.
 */
export type SendOutcome = 'taken' | 'dropped' | RefusalReason

/**
 * Why a packet was not taken: it is above the limit of its type; the type or the channel is none; more than
 * `sendBufferSize` bytes wait for that peer; the multiplexer is closed.
 */
export type RefusalReason = 'too-large' | 'bad-type' | 'bad-channel' | 'queue-full' | 'closed'

/** What was refused or lost, and how often; every drop is counted somewhere. */
export interface Counters {
  /** Frames or records that did not parse. */
  brokenFrames: number
  /** Records that had no business in the state in which they came. */
  unexpectedRecords: number
  /** Reliable records that were here already: the peer sent them again as it did not know. Nothing is lost. */
  duplicates: number
  /** Reliable records behind one that never came. A link that keeps its word makes none. */
  gaps: number
  /** Reliable records of a peer that sent more than this end had room for; it has to send them again. */
  beyondCredit: number
  /** Unreliable packets that the link did not take, or that would have waited behind a backlog. */
  datagramsNotSent: number
  /** Unreliable packets that arrived while too many were unread. */
  datagramsUnread: number
  /** Session requests that arrived while too many waited. */
  requestsIgnored: number
}

/** What a session needs from the multiplexer that owns it. */
export interface SessionHost {
  readonly options: ResolvedOptions
  readonly counters: Counters
  /** A new session id of this end. */
  newId(): number
  /** Asks the transport for a link to the peer. */
  connect(peer: bigint): void
  /** Gives a frame to a link; false when it was not taken. */
  transmit(link: Link, frame: Uint8Array, lane: Lane): boolean
  /** What was received from a peer in the last session that is over. */
  receivedBefore(peer: bigint): Received
  /** A session is over at this end, or starts again; what it received must not be delivered a second time. */
  remember(session: Session): void
  /** A packet for the game. */
  deliver(channel: number, packet: UnreadPacket): void
  /** What the game has not read of a peer, also from earlier sessions. The answer is kept up to date. */
  unreadOf(peer: bigint): Unread
  /** Something is lost; the game is told. */
  drop(drop: Drop): void
  /** For the game: packets flow. */
  opened(session: Session): void
  /** For the game: a session that was `opened` is over. */
  closed(session: Session, why: SessionEnd): void
  /** The attempt to connect failed, or the peer vanished with messages unacknowledged. */
  failed(session: Session): void
  /** The session is over by itself, and that is no failure. */
  ended(session: Session): void
}
