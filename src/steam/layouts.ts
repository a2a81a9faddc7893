// Where the fields of Steam's structs lie, in bytes. Measured by compiling the headers of SDK 1.64; a test compiles the same
// declarations anew. Windows packs to 8 and the others to 4, but every field below lies at the same place under both; only
// the end of CallbackMsg_t differs (24 and 20 bytes), so the larger one is taken. All platforms that Steam knows are
// little-endian, and only those of 64 bits are used.

/** CallbackMsg_t: int user @0, int id @4, pointer to the parameter @8, int size of the parameter @16. */
export const CALLBACK_MSG = { size: 24, id: 4, param: 8, paramSize: 16 } as const

/** P2PSessionState_t. */
export const SESSION_STATE = {
  size: 20,
  active: 0,
  connecting: 1,
  error: 2,
  relay: 3,
  bytesQueued: 4,
  packetsQueued: 8,
  ip: 12,
  port: 16,
} as const

/** P2PSessionRequest_t. */
export const SESSION_REQUEST = { size: 8, steamId: 0 } as const

/** P2PSessionConnectFail_t. */
export const SESSION_FAIL = { size: 9, steamId: 0, error: 8 } as const

/** SteamServerConnectFailure_t: int result, bool whether Steam tries again. */
export const CONNECT_FAILURE = { size: 8, result: 0, retrying: 4 } as const

/** SteamServersDisconnected_t. */
export const DISCONNECTED = { size: 4, result: 0 } as const

/** SteamNetworkingIdentity: int type, int size of what follows, then the Steam id where the type is 16. */
export const IDENTITY = { size: 136, type: 0, length: 4, steamId: 8 } as const
export const IDENTITY_TYPE_STEAM_ID = 16

/** SteamNetworkingMessage_t. */
export const MESSAGE = {
  size: 216,
  data: 0,
  length: 8,
  connection: 12,
  identity: 16,
  connectionUserData: 152,
  timeReceived: 160,
  number: 168,
  release: 184,
  channel: 192,
  flags: 196,
  userData: 200,
} as const

/** SteamNetConnectionInfo_t. */
export const CONNECTION_INFO = {
  size: 696,
  identity: 0,
  userData: 136,
  listenSocket: 144,
  address: 148,
  port: 164,
  remotePop: 168,
  relayPop: 172,
  state: 176,
  endReason: 180,
  endDebug: 184,
  endDebugSize: 128,
  description: 312,
  descriptionSize: 128,
  flags: 440,
} as const

/** SteamNetConnectionRealTimeStatus_t. */
export const REAL_TIME_STATUS = {
  size: 120,
  state: 0,
  ping: 4,
  localQuality: 8,
  remoteQuality: 12,
  packetsOut: 16,
  bytesOut: 20,
  packetsIn: 24,
  bytesIn: 28,
  sendRate: 32,
  pendingUnreliable: 36,
  pendingReliable: 40,
  sentUnacknowledged: 44,
  queueTime: 48,
} as const

/** SteamErrMsg: text that ends with a zero. */
export const ERR_MSG_SIZE = 1024

/** Ids of the callbacks that are looked at. */
export const CALLBACK = {
  SteamServersConnected: 101,
  SteamServerConnectFailure: 102,
  SteamServersDisconnected: 103,
  SteamShutdown: 704,
  P2PSessionRequest: 1202,
  P2PSessionConnectFail: 1203,
  MessagesSessionRequest: 1251,
  MessagesSessionFailed: 1252,
} as const

/** The text up to the first zero. */
export function textIn(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end))
}

/** The bytes of a text with a zero behind each part and one behind all, as Steam takes lists of names. */
export function textList(parts: readonly string[]): Uint8Array {
  return new TextEncoder().encode(`${parts.map((part) => `${part}\0`).join('')}\0`)
}

export function isInt32(value: number): boolean {
  return value === (value | 0)
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Writes a Steam id as a SteamNetworkingIdentity. */
export function writeIdentity(view: DataView, steamId: bigint): void {
  view.setInt32(IDENTITY.type, IDENTITY_TYPE_STEAM_ID, true)
  view.setInt32(IDENTITY.length, 8, true)
  view.setBigUint64(IDENTITY.steamId, steamId, true)
}

/** The Steam id in an identity; 0n where it is something else, such as an address. */
export function readIdentity(view: DataView, offset: number): bigint {
  if (view.getInt32(offset + IDENTITY.type, true) !== IDENTITY_TYPE_STEAM_ID) return 0n
  return view.getBigUint64(offset + IDENTITY.steamId, true)
}
