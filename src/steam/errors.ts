import { errorsOf } from '../errors.js'

/** Every error of this room: what keeps a program from the Steam library, and what the library refuses to start. */
export const STEAM_ERRORS = {
  STEAM_MISSING_KOFFI: (f) =>
    `The package koffi, which calls the Steam library, does not load (${f['reason']}); npm install koffi`,
  STEAM_OLD_KOFFI: (f) => `koffi is version ${f['version']}; 3 or later is needed: npm install koffi@3`,
  STEAM_PLATFORM: (f) => `There is no Steam library for ${f['platform']} ${f['arch']}`,
  STEAM_LIBRARY_NOT_FOUND: (f) =>
    f['named'] === undefined
      ? `No ${f['name']}, which is Valve's and no part of this package, in ${f['folders']} or where it usually is below them; npm install steamworks.js brings one, or name yours with the option "library" or the environment variable ${f['variable']}`
      : `No ${f['name']} at ${f['named']}, which ${f['by']} names`,
  STEAM_WRONG_ARCHITECTURE: (f) => `${f['library']} is for ${f['found']}; this Node runs on ${f['needed']}`,
  STEAM_LIBRARY_UNUSABLE: (f) => `${f['library']} does not load: ${f['reason']}`,
  STEAM_MISSING_SYMBOL: (f) =>
    `${f['library']} has no ${f['symbol']}; the library of Steamworks SDK 1.60 or later is needed`,
  STEAM_BAD_OPTION: (f) =>
    f['known'] === undefined
      ? `Option ${f['option']} is ${shown(f['value'])}; it must be ${f['expected']}`
      : `There is no option ${f['option']}; the options are ${f['known']}`,
  STEAM_ALREADY_OPEN: (f) =>
    `A ${f['kind']} is open in this process already; Steam allows one at a time. Close it first`,
  STEAM_NO_CLIENT: (f) =>
    f['kind'] === 'Steam client'
      ? `Steam does not run here: start it and log on, as the user who runs Node. Steam's own words: ${f['message']}`
      : `Steam's client library is not installed here: SteamCMD brings it (docs/steam.md). Steam's own words: ${f['message']}`,
  STEAM_INIT_FAILED: (f) =>
    `Steam refused this program (result ${f['result']}); does it know the app id, and does the account own the app? Steam's own words: ${f['message']}`,
  STEAM_VERSION_MISMATCH: (f) =>
    `The Steam client is too old for ${f['library']}: update Steam. Steam's own words: ${f['message']}`,
  STEAM_NULL_INTERFACE: (f) => `Steam started, but gave no ${f['interface']}: restart and update Steam`,
  STEAM_NOT_LOGGED_ON: () =>
    'Steam runs, but nobody is logged on, so there is no Steam id to speak as: log on in Steam first',
  STEAM_LOG_ON_FAILED: (f) => `The game server was not logged on: ${f['reason']}`,
  STEAM_BAD_SIGNAL: (f) => `There is no signal "${f['signal']}"; the signals are ${f['known']}`,
} as const satisfies Parameters<typeof errorsOf>[0]

/** A text in quotes, so that "480" is told from 480. */
function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

/** Every `code` that an error of this room can have; docs/error-codes.md says what to do about each. */
export type SteamErrorCode = keyof typeof STEAM_ERRORS

export const steamError = errorsOf(STEAM_ERRORS)
