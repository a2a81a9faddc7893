import { steamError } from './errors.js'

/** What Steam tells besides what concerns a session, under the names that GodotSteam has for it. */
export interface SteamSignals {
  /** The connection to Steam's servers stands (again). */
  steam_server_connected: () => void
  /** An attempt to connect to Steam's servers failed; `result` is an EResult. */
  steam_server_connect_failed: (result: number, still_retrying: boolean) => void
  /** The connection to Steam's servers was lost; Steam tries again by itself. */
  steam_server_disconnected: (result: number) => void
  /** The Steam client ends. Close the backend; nothing works from here on. */
  steam_shutdown: () => void
}

/** What `on` and `off` of a `SteamBackend` take. */
export type SteamSignalName = keyof SteamSignals

type Listener = (...args: never[]) => void

const NAMES: readonly SteamSignalName[] = [
  'steam_server_connected',
  'steam_server_connect_failed',
  'steam_server_disconnected',
  'steam_shutdown',
]

/** Listeners by signal. */
export class SteamListeners {
  readonly #listeners = new Map<SteamSignalName, Set<Listener>>()

  on<Name extends SteamSignalName>(name: Name, listener: SteamSignals[Name]): void {
    if (!NAMES.includes(name)) throw steamError('STEAM_BAD_SIGNAL', { signal: name, known: NAMES.join(', ') })
    const listeners = this.#listeners.get(name)
    if (listeners) listeners.add(listener)
    else this.#listeners.set(name, new Set([listener]))
  }

  off<Name extends SteamSignalName>(name: Name, listener: SteamSignals[Name]): void {
    this.#listeners.get(name)?.delete(listener)
  }

  /** Tells every listener, though one throws; what they threw is added to `errors`. */
  emit(name: SteamSignalName, args: readonly unknown[], errors: unknown[]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        listener(...(args as never[]))
      } catch (error) {
        errors.push(error)
      }
    }
  }

  clear(): void {
    this.#listeners.clear()
  }
}
