/** GodotSteam's constants under GodotSteam's names. */

/** May be lost or overtaken; up to 1,200 bytes. Enum P2PSend (k_EP2PSendUnreliable). */
export const P2P_SEND_UNRELIABLE = 0
/** As unreliable, and thrown away while it cannot go at once. */
export const P2P_SEND_UNRELIABLE_NO_DELAY = 1
/** Complete and in order; up to 1,048,576 bytes. */
export const P2P_SEND_RELIABLE = 2
/** As reliable, but waits for company: 1,200 bytes, 200 ms, or a packet sent with P2P_SEND_RELIABLE. */
export const P2P_SEND_RELIABLE_WITH_BUFFERING = 3

/** Enum P2PSend (EP2PSend): how a packet is sent. One of `P2P_SEND_*`. */
export type P2PSend = 0 | 1 | 2 | 3

/** `P2P_SEND_UNRELIABLE`, under the name that GodotSteam for Godot 2 has for it. */
export const EP2P_SEND_UNRELIABLE = P2P_SEND_UNRELIABLE
/** `P2P_SEND_UNRELIABLE_NO_DELAY`, under the name that GodotSteam for Godot 2 has for it. */
export const EP2P_SEND_UNRELIABLE_NO_DELAY = P2P_SEND_UNRELIABLE_NO_DELAY
/** `P2P_SEND_RELIABLE`, under the name that GodotSteam for Godot 2 has for it. */
export const EP2P_SEND_RELIABLE = P2P_SEND_RELIABLE
/** `P2P_SEND_RELIABLE_WITH_BUFFERING`, under the name that GodotSteam for Godot 2 has for it. */
export const EP2P_SEND_RELIABLE_WITH_BUFFERING = P2P_SEND_RELIABLE_WITH_BUFFERING

/** No error: the session is up, on its way, or was ended on purpose. Enum P2PSessionError (EP2PSessionError). */
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

/** Enum P2PSessionError (EP2PSessionError): why a session failed. One of `P2P_SESSION_ERROR_*`. */
export type P2PSessionError = 0 | 1 | 2 | 3 | 4 | 5

/** There is no connection. Enum SocketConnectionType; no function of this package uses it, as in GodotSteam. */
export const NET_SOCKET_CONNECTION_TYPE_NOT_CONNECTED = 0
/** The ends reach each other directly (k_ESNetSocketConnectionTypeUDP). */
export const NET_SOCKET_CONNECTION_TYPE_UDP = 1
/** A relay of Steam's passes the packets on (k_ESNetSocketConnectionTypeUDPRelay). */
export const NET_SOCKET_CONNECTION_TYPE_UDP_RELAY = 2

/** Enum SocketConnectionType (ESNetSocketConnectionType). One of `NET_SOCKET_CONNECTION_TYPE_*`. */
export type SocketConnectionType = 0 | 1 | 2

/** No state of a socket. Enum SocketState; no function of this package uses it, as in GodotSteam. */
export const NET_SOCKET_STATE_INVALID = 0
/** Data can be sent (k_ESNetSocketStateConnected). */
export const NET_SOCKET_STATE_CONNECTED = 1
/** Connecting has begun (k_ESNetSocketStateInitiated). */
export const NET_SOCKET_STATE_INITIATED = 10
/** Connecting: this end knows its own addresses (k_ESNetSocketStateLocalCandidatesFound). */
export const NET_SOCKET_STATE_LOCAL_CANDIDATE_FOUND = 11
/** Connecting: Steam has told this end the addresses of the other (k_ESNetSocketStateReceivedRemoteCandidates). */
export const NET_SOCKET_STATE_RECEIVED_REMOTE_CANDIDATES = 12
/** Connecting: the other end wants proof that it is heard (k_ESNetSocketStateChallengeHandshake). */
export const NET_SOCKET_STATE_CHALLENGE_HANDSHAKE = 15
/** This end has closed it, and the other is being told (k_ESNetSocketStateDisconnecting). */
export const NET_SOCKET_STATE_DISCONNECTING = 21
/** This end has closed it, and that is done (k_ESNetSocketStateLocalDisconnect). */
export const NET_SOCKET_STATE_LOCAL_DISCONNECT = 22
/** Connecting took too long (k_ESNetSocketStateTimeoutDuringConnect). */
export const NET_SOCKET_STATE_TIMEOUT_DURING_CONNECT = 23
/** The other end has closed it (k_ESNetSocketStateRemoteEndDisconnected). */
export const NET_SOCKET_STATE_REMOTE_END_DISCONNECTED = 24
/** The other end is gone, or the network is (k_ESNetSocketStateConnectionBroken). */
export const NET_SOCKET_STATE_BROKEN = 25

/** Enum SocketState (ESNetSocketState). One of `NET_SOCKET_STATE_*`. */
export type SocketState = 0 | 1 | 10 | 11 | 12 | 15 | 21 | 22 | 23 | 24 | 25
