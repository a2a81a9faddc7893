import { steamError } from './errors.js'

/** Where something lies in the library's memory. */
export type Pointer = bigint

// biome-ignore lint/suspicious/noExplicitAny: what goes in and out is declared in SIGNATURES
export type NativeFunction = (...args: any[]) => any

/** A shared library that is loaded, and the memory it works on. */
export interface NativeLibrary {
  readonly path: string
  /** The function behind an exported symbol; undefined where there is no such symbol. */
  func(symbol: string, result: string, args: readonly string[]): NativeFunction | undefined
  /** A copy of the bytes at a place of the library's memory. */
  bytesAt(pointer: Pointer, length: number): Uint8Array
}

/** How each function is called: result, then arguments, in the words of C. Enums are ints, and so are handles of pipes. */
const SELF = 'void *'
const ID = 'uint64_t'
const BYTES = 'const void *'
const OUT = 'void *'

const NET = 'SteamAPI_ISteamNetworking_'
const MESSAGES = 'SteamAPI_ISteamNetworkingMessages_'
const SERVER = 'SteamAPI_ISteamGameServer_'
const DISPATCH = 'SteamAPI_ManualDispatch_'

type Signature = readonly [symbol: string, result: string, args: readonly string[]]

/** The calls that both a player's and a server's backend make. */
const SHARED = {
  dispatchInit: [`${DISPATCH}Init`, 'void', []],
  runFrame: [`${DISPATCH}RunFrame`, 'void', ['int']],
  getNextCallback: [`${DISPATCH}GetNextCallback`, 'bool', ['int', OUT]],
  freeLastCallback: [`${DISPATCH}FreeLastCallback`, 'void', ['int']],

  sendP2PPacket: [`${NET}SendP2PPacket`, 'bool', [SELF, ID, BYTES, 'uint32_t', 'int', 'int']],
  isP2PPacketAvailable: [`${NET}IsP2PPacketAvailable`, 'bool', [SELF, OUT, 'int']],
  readP2PPacket: [`${NET}ReadP2PPacket`, 'bool', [SELF, OUT, 'uint32_t', OUT, OUT, 'int']],
  acceptP2PSessionWithUser: [`${NET}AcceptP2PSessionWithUser`, 'bool', [SELF, ID]],
  closeP2PSessionWithUser: [`${NET}CloseP2PSessionWithUser`, 'bool', [SELF, ID]],
  closeP2PChannelWithUser: [`${NET}CloseP2PChannelWithUser`, 'bool', [SELF, ID, 'int']],
  getP2PSessionState: [`${NET}GetP2PSessionState`, 'bool', [SELF, ID, OUT]],
  allowP2PPacketRelay: [`${NET}AllowP2PPacketRelay`, 'bool', [SELF, 'bool']],

  sendMessageToUser: [`${MESSAGES}SendMessageToUser`, 'int', [SELF, BYTES, BYTES, 'uint32_t', 'int', 'int']],
  receiveMessagesOnChannel: [`${MESSAGES}ReceiveMessagesOnChannel`, 'int', [SELF, 'int', OUT, 'int']],
  acceptSessionWithUser: [`${MESSAGES}AcceptSessionWithUser`, 'bool', [SELF, BYTES]],
  closeSessionWithUser: [`${MESSAGES}CloseSessionWithUser`, 'bool', [SELF, BYTES]],
  closeChannelWithUser: [`${MESSAGES}CloseChannelWithUser`, 'bool', [SELF, BYTES, 'int']],
  getSessionConnectionInfo: [`${MESSAGES}GetSessionConnectionInfo`, 'int', [SELF, BYTES, OUT, OUT]],
  releaseMessage: ['SteamAPI_SteamNetworkingMessage_t_Release', 'void', ['void *']],
} as const satisfies Record<string, Signature>

/** What a player's backend calls besides. */
const CLIENT = {
  init: ['SteamInternal_SteamAPI_Init', 'int', [BYTES, OUT]],
  isSteamRunning: ['SteamAPI_IsSteamRunning', 'bool', []],
  getPipe: ['SteamAPI_GetHSteamPipe', 'int', []],
  shutdown: ['SteamAPI_Shutdown', 'void', []],
  getSteamId: ['SteamAPI_ISteamUser_GetSteamID', ID, [SELF]],
} as const satisfies Record<string, Signature>

/** What a game server's backend calls besides. */
const GAME_SERVER = {
  init: ['SteamInternal_GameServer_Init_V2', 'int', ['uint32_t', 'uint16_t', 'uint16_t', 'int', 'str', BYTES, OUT]],
  getPipe: ['SteamGameServer_GetHSteamPipe', 'int', []],
  shutdown: ['SteamGameServer_Shutdown', 'void', []],
  getSteamId: [`${SERVER}GetSteamID`, ID, [SELF]],
  setProduct: [`${SERVER}SetProduct`, 'void', [SELF, 'str']],
  setGameDescription: [`${SERVER}SetGameDescription`, 'void', [SELF, 'str']],
  setModDir: [`${SERVER}SetModDir`, 'void', [SELF, 'str']],
  setDedicatedServer: [`${SERVER}SetDedicatedServer`, 'void', [SELF, 'bool']],
  setServerName: [`${SERVER}SetServerName`, 'void', [SELF, 'str']],
  setMaxPlayerCount: [`${SERVER}SetMaxPlayerCount`, 'void', [SELF, 'int']],
  setAdvertiseServerActive: [`${SERVER}SetAdvertiseServerActive`, 'void', [SELF, 'bool']],
  logOn: [`${SERVER}LogOn`, 'void', [SELF, 'str']],
  logOnAnonymous: [`${SERVER}LogOnAnonymous`, 'void', [SELF]],
  logOff: [`${SERVER}LogOff`, 'void', [SELF]],
} as const satisfies Record<string, Signature>

export const SIGNATURES = { shared: SHARED, client: CLIENT, gameServer: GAME_SERVER }

type Bound<Table> = { readonly [Name in keyof Table]: NativeFunction }

export type SharedCalls = Bound<typeof SHARED>
export type ClientCalls = SharedCalls & Bound<typeof CLIENT>
export type GameServerCalls = SharedCalls & Bound<typeof GAME_SERVER>

/**
 * Interfaces by the function that gives them: `#` stands for the version, which an SDK has in the symbol's name and of
 * which a library has exactly one. The calls above take whichever it is.
 */
interface Accessor {
  readonly symbol: string
  /** The name by which the client is asked whether it knows the interface. */
  readonly name: string
  readonly versions: readonly string[]
}

export const ACCESSORS = {
  client: {
    user: { symbol: 'SteamAPI_SteamUser_v#', name: 'SteamUser#', versions: ['023', '024', '025', '022', '021'] },
    networking: { symbol: 'SteamAPI_SteamNetworking_v#', name: 'SteamNetworking#', versions: ['006'] },
    messages: {
      symbol: 'SteamAPI_SteamNetworkingMessages_SteamAPI_v#',
      name: 'SteamNetworkingMessages#',
      versions: ['002'],
    },
  },
  gameServer: {
    server: { symbol: 'SteamAPI_SteamGameServer_v#', name: 'SteamGameServer#', versions: ['015', '016', '017', '014'] },
    networking: { symbol: 'SteamAPI_SteamGameServerNetworking_v#', name: 'SteamNetworking#', versions: ['006'] },
    messages: {
      symbol: 'SteamAPI_SteamGameServerNetworkingMessages_SteamAPI_v#',
      name: 'SteamNetworkingMessages#',
      versions: ['002'],
    },
  },
} as const satisfies Record<string, Record<string, Accessor>>

export interface BoundAccessor {
  readonly version: string
  /** The interface; undefined where Steam gives none. Calling anything on that would end the process. */
  get(): Pointer | undefined
}

/** @throws `STEAM_MISSING_SYMBOL` */
export function bind<Table extends Record<string, Signature>>(library: NativeLibrary, table: Table): Bound<Table> {
  const bound: Record<string, NativeFunction> = {}
  for (const [name, [symbol, result, args]] of Object.entries(table)) {
    const call = library.func(symbol, result, args)
    if (!call) throw steamError('STEAM_MISSING_SYMBOL', { library: library.path, symbol })
    bound[name] = call
  }
  return bound as Bound<Table>
}

/** @throws `STEAM_MISSING_SYMBOL` */
export function bindAccessor(library: NativeLibrary, { symbol, name, versions }: Accessor): BoundAccessor {
  for (const version of versions) {
    const call = library.func(symbol.replace('#', version), 'void *', [])
    if (call) return { version: name.replace('#', version), get: () => (call() as Pointer | null) || undefined }
  }
  throw steamError('STEAM_MISSING_SYMBOL', { library: library.path, symbol: symbol.replace('#', versions[0]!) })
}
