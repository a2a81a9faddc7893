import type { MessagesBackend, P2PBackend } from '../p2p/index.js'
import type { SteamSignalName, SteamSignals } from './signals.js'

/**
 * Steam's own sessions as the backend of a `P2P`: what `openSteam` and `openSteamGameServer` give. A size or id that Steam
 * does not like is answered by Steam.
 *
 * It keeps the process alive until `close`, as a listening socket does.
 *
 * @example
 * ```ts
 * const backend = await openSteam({ appId: 480 })
 * backend.on('steam_shutdown', () => p2p.close())
 * const p2p = new P2P({ backend })
 * ```
 */
export interface SteamBackend extends P2PBackend {
  /** The file of the Steam library that is used. */
  readonly libraryPath: string
  /** Whether it can be used; false after `close`. */
  readonly isOpen: boolean
  /** Networking Messages, the interface that follows the P2P calls; `P2P` has its calls. */
  readonly messages: MessagesBackend
  /** Calls `listener` with each signal of that name; the answer takes it off again. @throws `STEAM_BAD_SIGNAL` */
  on<Name extends SteamSignalName>(signal: Name, listener: SteamSignals[Name]): () => void
  /** Takes a listener off again; one that is not on is ignored. */
  off<Name extends SteamSignalName>(signal: Name, listener: SteamSignals[Name]): void
  /**
   * Lets Steam work and takes what it has to tell. It is called on its own, every `pollIntervalMs`, and by
   * `P2P.runCallbacks`. An error that a listener throws comes out of here, once all were told.
   */
  poll(): void
  /** Ends all sessions and shuts Steam down in this process. A second call does nothing. */
  close(): void
}
