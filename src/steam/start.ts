// From a loaded library to a backend. Everything here may fail, and then nothing stays started.
import { NativeBackend } from './backend.js'
import { Dispatcher } from './dispatch.js'
import { steamError } from './errors.js'
import { ERR_MSG_SIZE, textIn, textList } from './layouts.js'
import {
  ACCESSORS,
  type BoundAccessor,
  bind,
  bindAccessor,
  type ClientCalls,
  type GameServerCalls,
  type NativeLibrary,
  type Pointer,
  type SharedCalls,
  SIGNATURES,
} from './native.js'
import type { CheckedServer } from './options.js'

/** ESteamAPIInitResult. */
const INIT_OK = 0
const INIT_NO_CLIENT = 2
const INIT_VERSION_MISMATCH = 3

/** A library whose functions are known, before Steam is started. */
export interface BoundClient {
  readonly library: NativeLibrary
  readonly calls: ClientCalls
  readonly user: BoundAccessor
  readonly networking: BoundAccessor
  readonly messages: BoundAccessor
}

export interface BoundGameServer {
  readonly library: NativeLibrary
  readonly calls: GameServerCalls
  readonly server: BoundAccessor
  readonly networking: BoundAccessor
  readonly messages: BoundAccessor
}

/** @throws `STEAM_MISSING_SYMBOL` */
export function bindClient(library: NativeLibrary): BoundClient {
  const { user, networking, messages } = ACCESSORS.client
  return {
    library,
    calls: { ...bind(library, SIGNATURES.shared), ...bind(library, SIGNATURES.client) },
    user: bindAccessor(library, user),
    networking: bindAccessor(library, networking),
    messages: bindAccessor(library, messages),
  }
}

/** @throws `STEAM_MISSING_SYMBOL` */
export function bindGameServer(library: NativeLibrary): BoundGameServer {
  const { server, networking, messages } = ACCESSORS.gameServer
  return {
    library,
    calls: { ...bind(library, SIGNATURES.shared), ...bind(library, SIGNATURES.gameServer) },
    server: bindAccessor(library, server),
    networking: bindAccessor(library, networking),
    messages: bindAccessor(library, messages),
  }
}

/**
 * Starts Steam as the player who is logged on at this machine.
 *
 * @throws `STEAM_NO_CLIENT`, `STEAM_INIT_FAILED`, `STEAM_VERSION_MISMATCH`, `STEAM_NULL_INTERFACE`, `STEAM_NOT_LOGGED_ON`
 */
export function startClient(bound: BoundClient): NativeBackend {
  const { calls, library } = bound
  const message = new Uint8Array(ERR_MSG_SIZE)
  const versions = [bound.user, bound.networking, bound.messages].map(({ version }) => version)
  const result = calls.init(textList(versions), message) as number
  if (result !== INIT_OK) throw initError('Steam client', library, result, textIn(message), !calls.isSteamRunning())
  try {
    const user = known(bound.user)
    const pipe = pipeOf(calls)
    const parts = {
      library,
      calls,
      networking: known(bound.networking),
      messages: known(bound.messages),
      dispatcher: new Dispatcher(library, calls, pipe),
      steamId: loggedOn(calls.getSteamId(user)),
      shutdown: () => calls.shutdown(),
    }
    calls.dispatchInit()
    return new NativeBackend(parts)
  } catch (error) {
    calls.shutdown()
    throw error
  }
}

/**
 * Starts Steam as a game server and logs it on.
 *
 * @throws (rejects) as `startClient`, and `STEAM_LOG_ON_FAILED`
 */
export async function startGameServer(bound: BoundGameServer, options: CheckedServer): Promise<NativeBackend> {
  const { calls, library } = bound
  initGameServer(bound, options)
  try {
    const server = known(bound.server)
    const networking = known(bound.networking)
    const messages = known(bound.messages)
    const dispatcher = new Dispatcher(library, calls, pipeOf(calls))
    calls.dispatchInit()
    describe(calls, server, options)
    await logOn(calls, server, dispatcher, options)
    return new NativeBackend({
      steamId: loggedOn(calls.getSteamId(server)),
      library,
      calls,
      networking,
      messages,
      dispatcher,
      shutdown() {
        calls.logOff(server)
        calls.shutdown()
      },
    })
  } catch (error) {
    calls.shutdown()
    throw error
  }
}

function initGameServer({ library, calls, ...accessors }: BoundGameServer, options: CheckedServer): void {
  const message = new Uint8Array(ERR_MSG_SIZE)
  const versions = textList(Object.values(accessors).map(({ version }) => version))
  const { ip, port, queryPort, mode, version } = options
  const result = calls.init(ip, port, queryPort, mode, version, versions, message) as number
  if (result === INIT_OK) return
  const text = textIn(message)
  // A server needs no Steam that runs, only its client library, which the message then names.
  throw initError('Steam game server', library, result, text, text.includes('steamclient'))
}

function initError(kind: string, library: NativeLibrary, result: number, words: string, isClientMissing: boolean) {
  const facts = { kind, library: library.path, result, message: words || 'it does not say why' }
  if (result === INIT_VERSION_MISMATCH) return steamError('STEAM_VERSION_MISMATCH', facts)
  if (result === INIT_NO_CLIENT || isClientMissing) return steamError('STEAM_NO_CLIENT', facts)
  return steamError('STEAM_INIT_FAILED', facts)
}

function known(accessor: BoundAccessor): Pointer {
  const pointer = accessor.get()
  if (pointer === undefined) throw steamError('STEAM_NULL_INTERFACE', { interface: accessor.version })
  return pointer
}

function pipeOf(calls: SharedCalls & { getPipe: () => number }): number {
  const pipe = calls.getPipe()
  if (pipe === 0) throw steamError('STEAM_NULL_INTERFACE', { interface: 'pipe' })
  return pipe
}

/** koffi gives a number where one is exact. */
function loggedOn(steamId: bigint | number): bigint {
  const id = BigInt(steamId)
  if (id === 0n) throw steamError('STEAM_NOT_LOGGED_ON')
  return id
}

/** What must be said before logging on, and what may be. */
function describe(calls: GameServerCalls, server: Pointer, options: CheckedServer): void {
  calls.setProduct(server, options.product)
  calls.setGameDescription(server, options.description)
  calls.setModDir(server, '')
  calls.setDedicatedServer(server, true)
  if (options.serverName !== undefined) calls.setServerName(server, options.serverName)
  if (options.maxPlayers > 0) calls.setMaxPlayerCount(server, options.maxPlayers)
}

/** How often Steam is asked whether the log-on is through, in milliseconds. */
const LOG_ON_STEP_MS = 15

async function logOn(
  calls: GameServerCalls,
  server: Pointer,
  dispatcher: Dispatcher,
  { token, logOnTimeoutMs, advertise }: CheckedServer,
): Promise<void> {
  if (token === undefined) calls.logOnAnonymous(server)
  else calls.logOn(server, token)
  const end = performance.now() + logOnTimeoutMs
  let reason = `Steam did not answer within ${logOnTimeoutMs} ms`
  while (performance.now() < end) {
    for (const event of dispatcher.take()) {
      if (event.kind !== 'signal') continue
      if (event.name === 'steam_server_connected') return calls.setAdvertiseServerActive(server, advertise)
      if (event.name !== 'steam_server_connect_failed') continue
      reason = `Steam answered with EResult ${event.args[0]}`
      if (event.args[1] === false) throw steamError('STEAM_LOG_ON_FAILED', { reason, result: event.args[0] })
    }
    await new Promise((resolve) => setTimeout(resolve, LOG_ON_STEP_MS))
  }
  throw steamError('STEAM_LOG_ON_FAILED', { reason })
}
