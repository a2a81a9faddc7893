import type { BackendEvents } from '../p2p/index.js'
import {
  CALLBACK,
  CALLBACK_MSG,
  CONNECT_FAILURE,
  CONNECTION_INFO,
  DISCONNECTED,
  IDENTITY,
  readIdentity,
  SESSION_FAIL,
  SESSION_REQUEST,
  textIn,
  viewOf,
} from './layouts.js'
import type { NativeLibrary, SharedCalls } from './native.js'
import type { SteamSignalName } from './signals.js'

/** A callback of Steam's, read: what it tells whoever listens, or a signal of the backend's own. */
export type SteamEvent =
  | { readonly kind: 'session'; readonly tell: (events: BackendEvents) => void }
  | { readonly kind: 'signal'; readonly name: SteamSignalName; readonly args: readonly unknown[] }

interface Reader {
  /** The smallest parameter that is read; an SDK that has a shorter one is none we know. */
  readonly size: number
  read(param: DataView, bytes: Uint8Array): SteamEvent
}

function signal(name: SteamSignalName, ...args: readonly unknown[]): SteamEvent {
  return { kind: 'signal', name, args }
}

const READERS: ReadonlyMap<number, Reader> = new Map<number, Reader>([
  [CALLBACK.SteamServersConnected, { size: 0, read: () => signal('steam_server_connected') }],
  [CALLBACK.SteamServerConnectFailure, { size: CONNECT_FAILURE.size, read: readServerFailure }],
  [CALLBACK.SteamServersDisconnected, { size: DISCONNECTED.size, read: readDisconnected }],
  [CALLBACK.SteamShutdown, { size: 0, read: () => signal('steam_shutdown') }],
  [CALLBACK.P2PSessionRequest, { size: SESSION_REQUEST.size, read: readRequest }],
  [CALLBACK.P2PSessionConnectFail, { size: SESSION_FAIL.size, read: readConnectFail }],
  [CALLBACK.MessagesSessionRequest, { size: IDENTITY.size, read: readMessagesRequest }],
  [CALLBACK.MessagesSessionFailed, { size: CONNECTION_INFO.size, read: readMessagesFailed }],
])

function readServerFailure(param: DataView): SteamEvent {
  const isRetrying = param.getUint8(CONNECT_FAILURE.retrying) !== 0
  return signal('steam_server_connect_failed', param.getInt32(CONNECT_FAILURE.result, true), isRetrying)
}

function readDisconnected(param: DataView): SteamEvent {
  return signal('steam_server_disconnected', param.getInt32(DISCONNECTED.result, true))
}

function session(tell: (events: BackendEvents) => void): SteamEvent {
  return { kind: 'session', tell }
}

function readRequest(param: DataView): SteamEvent {
  const steamId = param.getBigUint64(SESSION_REQUEST.steamId, true)
  return session((events) => events.sessionRequest(steamId))
}

function readConnectFail(param: DataView): SteamEvent {
  const steamId = param.getBigUint64(SESSION_FAIL.steamId, true)
  const error = param.getUint8(SESSION_FAIL.error)
  return session((events) => events.sessionFailed(steamId, error))
}

function readMessagesRequest(param: DataView): SteamEvent {
  const steamId = readIdentity(param, 0)
  return session((events) => events.messagesSessionRequest?.(steamId))
}

function readMessagesFailed(info: DataView, bytes: Uint8Array): SteamEvent {
  const at = CONNECTION_INFO
  const steamId = readIdentity(info, at.identity)
  const reason = info.getInt32(at.endReason, true)
  const state = info.getInt32(at.state, true)
  const text = textIn(bytes.subarray(at.endDebug, at.endDebug + at.endDebugSize))
  return session((events) => events.messagesSessionFailed?.(reason, steamId, state, text))
}

/** No more callbacks than this are taken at once, so that a flood of them does not keep a program from its own work. */
const MAX_CALLBACKS = 4096

/** Takes Steam's callbacks from a pipe, by Steam's manual dispatch. */
export class Dispatcher {
  readonly #message = new Uint8Array(CALLBACK_MSG.size)
  readonly #view = viewOf(this.#message)

  constructor(
    private readonly library: NativeLibrary,
    private readonly calls: SharedCalls,
    private readonly pipe: number,
  ) {}

  /** What happened since the last time. */
  take(): SteamEvent[] {
    const { calls, pipe } = this
    const events: SteamEvent[] = []
    calls.runFrame(pipe)
    for (let taken = 0; taken < MAX_CALLBACKS && calls.getNextCallback(pipe, this.#message); taken++) {
      try {
        const event = this.#read()
        if (event) events.push(event)
      } finally {
        calls.freeLastCallback(pipe)
      }
    }
    return events
  }

  #read(): SteamEvent | undefined {
    const reader = READERS.get(this.#view.getInt32(CALLBACK_MSG.id, true))
    const size = this.#view.getInt32(CALLBACK_MSG.paramSize, true)
    if (!reader || size < reader.size) return undefined
    const param = this.#view.getBigUint64(CALLBACK_MSG.param, true)
    if (reader.size > 0 && param === 0n) return undefined
    const bytes = reader.size === 0 ? new Uint8Array(0) : this.library.bytesAt(param, reader.size)
    return reader.read(viewOf(bytes), bytes)
  }
}
