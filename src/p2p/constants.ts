/** GodotSteam's constants under GodotSteam's names. */

/** Enum P2PSend: how a packet is sent. May be lost or overtaken; up to 1,200 bytes. */
export const P2P_SEND_UNRELIABLE = 0
/** As unreliable, and thrown away while it cannot go at once. */
export const P2P_SEND_UNRELIABLE_NO_DELAY = 1
/** Complete and in order; up to 1,048,576 bytes. */
export const P2P_SEND_RELIABLE = 2
/** As reliable, but waits for company: 1,200 bytes, 200 ms, or a packet sent with P2P_SEND_RELIABLE. */
export const P2P_SEND_RELIABLE_WITH_BUFFERING = 3

export type P2PSend = 0 | 1 | 2 | 3

/** The same four under the names that GodotSteam for Godot 2 has for them. */
export const EP2P_SEND_UNRELIABLE = P2P_SEND_UNRELIABLE
export const EP2P_SEND_UNRELIABLE_NO_DELAY = P2P_SEND_UNRELIABLE_NO_DELAY
export const EP2P_SEND_RELIABLE = P2P_SEND_RELIABLE
export const EP2P_SEND_RELIABLE_WITH_BUFFERING = P2P_SEND_RELIABLE_WITH_BUFFERING

/** Enum P2PSessionError. */
export const P2P_SESSION_ERROR_NONE = 0
/** Never raised: Valve removed it. */
export const P2P_SESSION_ERROR_NOT_RUNNING_APP = 1
/** The local user may not use the app: an authenticated relay refused. */
export const P2P_SESSION_ERROR_NO_RIGHTS_TO_APP = 2
/** Never raised: Valve removed it. A peer that is offline is a timeout. */
export const P2P_SESSION_ERROR_DESTINATION_NOT_LOGGED_ON = 3
/** The peer did not answer, or did not accept, or vanished. */
export const P2P_SESSION_ERROR_TIMEOUT = 4
/** Not an error, the end of the enum. */
export const P2P_SESSION_ERROR_MAX = 5

export type P2PSessionError = 0 | 1 | 2 | 3 | 4 | 5

/** Enum SocketConnectionType; no function of this package uses it, as in GodotSteam. */
export const NET_SOCKET_CONNECTION_TYPE_NOT_CONNECTED = 0
export const NET_SOCKET_CONNECTION_TYPE_UDP = 1
export const NET_SOCKET_CONNECTION_TYPE_UDP_RELAY = 2

export type SocketConnectionType = 0 | 1 | 2

/** Enum SocketState; no function of this package uses it, as in GodotSteam. */
export const NET_SOCKET_STATE_INVALID = 0
export const NET_SOCKET_STATE_CONNECTED = 1
export const NET_SOCKET_STATE_INITIATED = 10
export const NET_SOCKET_STATE_LOCAL_CANDIDATE_FOUND = 11
export const NET_SOCKET_STATE_RECEIVED_REMOTE_CANDIDATES = 12
export const NET_SOCKET_STATE_CHALLENGE_HANDSHAKE = 15
export const NET_SOCKET_STATE_DISCONNECTING = 21
export const NET_SOCKET_STATE_LOCAL_DISCONNECT = 22
export const NET_SOCKET_STATE_TIMEOUT_DURING_CONNECT = 23
export const NET_SOCKET_STATE_REMOTE_END_DISCONNECTED = 24
export const NET_SOCKET_STATE_BROKEN = 25

export type SocketState = 0 | 1 | 10 | 11 | 12 | 15 | 21 | 22 | 23 | 24 | 25
