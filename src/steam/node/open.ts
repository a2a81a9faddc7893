import { realpathSync } from 'node:fs'
import type { NativeBackend } from '../backend.js'
import { steamError } from '../errors.js'
import type { NativeLibrary } from '../native.js'
import { checkOptions, checkServerOptions, type SteamGameServerOptions, type SteamOptions } from '../options.js'
import { bindClient, bindGameServer, startClient, startGameServer } from '../start.js'
import type { SteamBackend } from '../steam-backend.js'
import { findLibrary } from './find-library.js'
import { loadKoffi, loadLibrary } from './koffi.js'

/**
 * What this process has open, shared by all copies of the package in it. Libraries stay here for good: koffi unloads what
 * nobody holds, and Steam's threads still run in it.
 */
interface Registry {
  readonly libraries: Map<string, NativeLibrary>
  readonly open: Set<string>
}

const KEY = Symbol.for('godot-wire.steam')

function registry(): Registry {
  const holder = globalThis as { [KEY]?: Registry }
  holder[KEY] ??= { libraries: new Map(), open: new Set() }
  return holder[KEY]
}

/**
 * Connects with the Steam client that runs on this machine, as the player who is logged on there.
 *
 * @example
 * ```ts
 * const p2p = new P2P({ backend: await openSteam({ appId: 480 }) })
 * p2p.on('p2p_session_request', (id) => p2p.acceptP2PSessionWithUser(id))
 * ```
 * @throws (rejects) `STEAM_BAD_OPTION`; `STEAM_MISSING_KOFFI`, `STEAM_OLD_KOFFI`; `STEAM_PLATFORM`,
 *   `STEAM_LIBRARY_NOT_FOUND`, `STEAM_WRONG_ARCHITECTURE`, `STEAM_LIBRARY_UNUSABLE`, `STEAM_MISSING_SYMBOL`;
 *   `STEAM_ALREADY_OPEN`, `STEAM_NO_CLIENT`, `STEAM_INIT_FAILED`, `STEAM_VERSION_MISMATCH`, `STEAM_NULL_INTERFACE`,
 *   `STEAM_NOT_LOGGED_ON`
 */
export async function openSteam(options: SteamOptions = {}): Promise<SteamBackend> {
  const checked = checkOptions(options)
  const library = await libraryFor(checked.library)
  const bound = bindClient(library)
  return claim('Steam client', library, checked, () => startClient(bound))
}

/**
 * Makes this process a game server of Steam's: it needs no account and no screen, and has a Steam id of its own.
 *
 * @example
 * ```ts
 * const p2p = new P2P({ backend: await openSteamGameServer({ appId: 480, port: 27015 }) })
 * console.log(`players reach this server as ${p2p.steamId}`)
 * ```
 * @throws (rejects) as `openSteam`, and `STEAM_LOG_ON_FAILED`
 */
export async function openSteamGameServer(options: SteamGameServerOptions = {}): Promise<SteamBackend> {
  const checked = checkServerOptions(options)
  const library = await libraryFor(checked.library)
  const bound = bindGameServer(library)
  return claim('Steam game server', library, checked, () => startGameServer(bound, checked))
}

async function libraryFor(option: string | undefined): Promise<NativeLibrary> {
  const koffi = await loadKoffi()
  const path = realpathSync(findLibrary(option))
  const { libraries } = registry()
  const library = libraries.get(path) ?? loadLibrary(koffi, path)
  libraries.set(path, library)
  return library
}

/** Starts one of its kind, and frees the place when that fails or ends. */
async function claim(
  kind: string,
  library: NativeLibrary,
  { appId, pollIntervalMs }: { readonly appId: number | undefined; readonly pollIntervalMs: number },
  start: () => NativeBackend | Promise<NativeBackend>,
): Promise<SteamBackend> {
  const { open } = registry()
  const place = `${kind} of ${library.path}`
  if (open.has(place)) throw steamError('STEAM_ALREADY_OPEN', { kind, library: library.path })
  open.add(place)
  const restore = setAppId(appId)
  try {
    const backend = await start()
    backend.onClose(() => open.delete(place))
    backend.pollEvery(pollIntervalMs)
    return backend
  } catch (error) {
    open.delete(place)
    restore()
    throw error
  }
}

/** Steam reads the app id from here; games that Steam starts itself have it here too. */
function setAppId(appId: number | undefined): () => void {
  const before = { SteamAppId: process.env['SteamAppId'], SteamGameId: process.env['SteamGameId'] }
  if (appId !== undefined) Object.assign(process.env, { SteamAppId: String(appId), SteamGameId: String(appId) })
  return () => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
}
