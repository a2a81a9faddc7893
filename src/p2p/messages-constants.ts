/** GodotSteam's constants for Networking Messages, under GodotSteam's names, slips of the pen included. */

/** May be lost or overtaken (k_nSteamNetworkingSend_Unreliable). Flags of `sendMessageToUser` may be added up. */
export const NETWORKING_SEND_UNRELIABLE = 0
/** A reliable message goes at once; without it, it waits up to 5 ms for company (k_nSteamNetworkingSend_NoNagle). */
export const NETWORKING_SEND_NO_NAGLE = 1
/** Unreliable and at once, which unreliable messages are anyway. The name is GodotSteam's. */
export const NETWORKING_SEND_URELIABLE_NO_NAGLE = 1
/** Thrown away while it cannot go at once. */
export const NETWORKING_SEND_NO_DELAY = 4
/** Unreliable, at once, and thrown away while that cannot be: NO_DELAY and NO_NAGLE. */
export const NETWORKING_SEND_UNRELIABLE_NO_DELAY = 5
/** Complete and in order, once only (k_nSteamNetworkingSend_Reliable). */
export const NETWORKING_SEND_RELIABLE = 8
/** Reliable, without waiting for company: RELIABLE and NO_NAGLE. */
export const NETWORKING_SEND_RELIABLE_NO_NAGLE = 9
/** Means nothing here: there is one thread. */
export const NETWORKING_SEND_USE_CURRENT_THREAD = 16
/** A session that failed is started again instead of answering RESULT_NO_CONNECTION. */
export const NETWORKING_SEND_AUTORESTART_BROKEN_SESSION = 32

/** Largest message in bytes, reliable or not. */
export const MAX_STEAM_PACKET_SIZE = 524_288

/** The message was taken (k_EResultOK). What `sendMessageToUser` answers are Steam's EResults. */
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

/** There is no session with the user (k_ESteamNetworkingConnectionState_None). */
export const CONNECTION_STATE_NONE = 0
/** This end or the other has asked for a session, and nobody has answered yet. */
export const CONNECTION_STATE_CONNECTING = 1
/** Steam only: both agree, and the way between them is being found. */
export const CONNECTION_STATE_FINDING_ROUTE = 2
/** Messages flow. */
export const CONNECTION_STATE_CONNECTED = 3
/** Steam only: the other end has closed the session, and this one has not yet. */
export const CONNECTION_STATE_CLOSED_BY_PEER = 4
/** The session failed: `end_reason` says why. Close it, or send with NETWORKING_SEND_AUTORESTART_BROKEN_SESSION. */
export const CONNECTION_STATE_PROBLEM_DETECTED_LOCALLY = 5
/** Steam's own, inside its library: closed here, waiting for the other end to say that it knows. */
export const CONNECTION_STATE_FIN_WAIT = -1
/** Steam's own, inside its library: closed here, while what was sent is still being acknowledged. */
export const CONNECTION_STATE_LINGER = -2
/** Steam's own, inside its library: over, and about to be forgotten. */
export const CONNECTION_STATE_DEAD = -3

/** Nothing has ended. Of Steam's many reasons, sessions over our transports have this one and the two below. */
export const CONNECTION_END_INVALID = 0
/** The transport may not reach the peer: a relay has refused. */
export const CONNECTION_END_LOCAL_RIGHTS = 3005
/** The peer did not answer, did not accept, or fell silent. */
export const CONNECTION_END_MISC_TIMEOUT = 5003
