/** GodotSteam's constants for Networking Messages, under GodotSteam's names, slips of the pen included. */

/** Flags of `sendMessageToUser`; they may be added up. */
export const NETWORKING_SEND_UNRELIABLE = 0
export const NETWORKING_SEND_NO_NAGLE = 1
/** The name is GodotSteam's. */
export const NETWORKING_SEND_URELIABLE_NO_NAGLE = 1
/** Thrown away while it cannot go at once. */
export const NETWORKING_SEND_NO_DELAY = 4
export const NETWORKING_SEND_UNRELIABLE_NO_DELAY = 5
export const NETWORKING_SEND_RELIABLE = 8
export const NETWORKING_SEND_RELIABLE_NO_NAGLE = 9
/** Means nothing here: there is one thread. */
export const NETWORKING_SEND_USE_CURRENT_THREAD = 16
/** A session that failed is started again instead of answering RESULT_NO_CONNECTION. */
export const NETWORKING_SEND_AUTORESTART_BROKEN_SESSION = 32

/** Largest message in bytes, reliable or not. */
export const MAX_STEAM_PACKET_SIZE = 524_288

/** Answers of `sendMessageToUser` (Steam's EResult). */
export const RESULT_OK = 1
/** The backend is closed. */
export const RESULT_FAIL = 2
/** The session has failed; close it, or send with NETWORKING_SEND_AUTORESTART_BROKEN_SESSION. */
export const RESULT_NO_CONNECTION = 3
/** The id is not valid, the message is too large, or the channel is no 32-bit integer. */
export const RESULT_INVALID_PARAM = 8
/** Too much is queued for that peer. */
export const RESULT_LIMIT_EXCEEDED = 25
/** Sent with NETWORKING_SEND_NO_DELAY, and could not go at once. */
export const RESULT_IGNORED = 41

/** States of a connection. */
export const CONNECTION_STATE_NONE = 0
export const CONNECTION_STATE_CONNECTING = 1
export const CONNECTION_STATE_FINDING_ROUTE = 2
export const CONNECTION_STATE_CONNECTED = 3
export const CONNECTION_STATE_CLOSED_BY_PEER = 4
export const CONNECTION_STATE_PROBLEM_DETECTED_LOCALLY = 5
export const CONNECTION_STATE_FIN_WAIT = -1
export const CONNECTION_STATE_LINGER = -2
export const CONNECTION_STATE_DEAD = -3

/** Why a session ended, as far as sessions over our transports can: Steam has more. */
export const CONNECTION_END_INVALID = 0
/** The transport may not reach the peer: a relay has refused. */
export const CONNECTION_END_LOCAL_RIGHTS = 3005
/** The peer did not answer, did not accept, or fell silent. */
export const CONNECTION_END_MISC_TIMEOUT = 5003
