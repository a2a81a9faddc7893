export type { SteamErrorCode } from '../errors.js'
export {
  SERVER_MODE_AUTHENTICATION,
  SERVER_MODE_AUTHENTICATION_AND_SECURE,
  SERVER_MODE_NO_AUTHENTICATION,
  type SteamGameServerOptions,
  type SteamOptions,
  type SteamServerMode,
} from '../options.js'
export type { SteamSignalName, SteamSignals } from '../signals.js'
export type { SteamBackend } from '../steam-backend.js'
export { openSteam, openSteamGameServer } from './open.js'
