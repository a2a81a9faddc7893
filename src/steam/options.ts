import { steamError } from './errors.js'

/**
 * Players are not checked, and server browsers never list it. GodotSteam's name for EServerMode
 * eServerModeNoAuthentication.
 */
export const SERVER_MODE_NO_AUTHENTICATION = 1
/** Steam checks who players are; VAC, its protection against cheats, does not (eServerModeAuthentication). */
export const SERVER_MODE_AUTHENTICATION = 2
/** Steam checks who players are, and VAC keeps out whom it has banned (eServerModeAuthenticationAndSecure). */
export const SERVER_MODE_AUTHENTICATION_AND_SECURE = 3

/** Enum EServerMode: what Steam does for a game server. One of `SERVER_MODE_*`. */
export type SteamServerMode = 1 | 2 | 3

/** What `openSteam` takes: which game, which library, how often Steam is asked for news. */
export interface SteamOptions {
  /**
   * The id of the game at Steam; 480 is Valve's example, Spacewar, which every account owns. Without it Steam looks for
   * `steam_appid.txt` in the working directory, or takes the game it has started the process for.
   */
  readonly appId?: number
  /** The Steam library, or a folder to look for it in. Without it the places in docs/steam.md are tried. */
  readonly library?: string
  /** How often Steam's callbacks are taken, in milliseconds, 0 to 10,000; default 15. 0: by `poll` only. */
  readonly pollIntervalMs?: number
}

/** What `openSteamGameServer` takes: how the server logs on, and what Steam tells players of it. */
export interface SteamGameServerOptions extends SteamOptions {
  /** The port for play that Steam tells players of, 0 to 65,535; default 27015. P2P packets do not use it. */
  readonly port?: number
  /**
   * The UDP port on which Steam answers server browsers, 0 to 65,535; default 65,535, which opens none: a server that
   * players reach by its Steam id needs no entry in a browser.
   */
  readonly queryPort?: number
  /** The IPv4 address of the interface to use; default `0.0.0.0`, any. */
  readonly ip?: string
  /** SERVER_MODE_*; default SERVER_MODE_AUTHENTICATION. */
  readonly mode?: SteamServerMode
  /** The server's version, such as `1.0.0.0`, which is the default. Steam lists only the newest. */
  readonly version?: string
  /**
   * The token of a game server account (https://steamcommunity.com/dev/managegameservers): the server's Steam id stays
   * the same. Without it the server is anonymous and gets another id each time.
   */
  readonly token?: string
  /** What Steam calls the product; default the app id. */
  readonly product?: string
  /** What a server browser shows as the game; default `godot-wire`. */
  readonly description?: string
  /** What a server browser shows as the server's name. */
  readonly serverName?: string
  /** What a server browser shows as the number of places, 0 to 2^31 - 1; default 0, which says nothing. */
  readonly maxPlayers?: number
  /** Whether server browsers list it; default false. */
  readonly advertise?: boolean
  /** How long logging on may take, in milliseconds, 1 to 600,000; default 30,000. */
  readonly logOnTimeoutMs?: number
}

interface Checked {
  readonly appId: number | undefined
  readonly library: string | undefined
  readonly pollIntervalMs: number
}

export type CheckedServer = Checked &
  Required<Omit<SteamGameServerOptions, 'appId' | 'library' | 'token' | 'ip' | 'serverName'>> & {
    readonly ip: number
    readonly token: string | undefined
    readonly serverName: string | undefined
  }

const CLIENT_OPTIONS = ['appId', 'library', 'pollIntervalMs']
const SERVER_OPTIONS = [
  ...CLIENT_OPTIONS,
  'port',
  'queryPort',
  'ip',
  'mode',
  'version',
  'token',
  'product',
  'description',
  'serverName',
  'maxPlayers',
  'advertise',
  'logOnTimeoutMs',
]

/** @throws `STEAM_BAD_OPTION` */
export function checkOptions(options: SteamOptions, known: readonly string[] = CLIENT_OPTIONS): Checked {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) throw steamError('STEAM_BAD_OPTION', { option: name, known: known.join(', ') })
  }
  return {
    appId: options.appId === undefined ? undefined : whole('appId', options.appId, 1, 0xffffffff),
    library: text('library', options.library),
    pollIntervalMs: whole('pollIntervalMs', options.pollIntervalMs ?? 15, 0, 10_000),
  }
}

/** @throws `STEAM_BAD_OPTION` */
export function checkServerOptions(options: SteamGameServerOptions): CheckedServer {
  const shared = checkOptions(options, SERVER_OPTIONS)
  const version = text('version', options.version) ?? '1.0.0.0'
  if (!/^\d+(\.\d+){3}$/.test(version)) bad('version', version, 'four numbers, such as 1.0.0.0')
  return {
    ...shared,
    version,
    port: whole('port', options.port ?? 27015, 0, 0xffff),
    queryPort: whole('queryPort', options.queryPort ?? 0xffff, 0, 0xffff),
    ip: ipv4(options.ip ?? '0.0.0.0'),
    mode: whole('mode', options.mode ?? SERVER_MODE_AUTHENTICATION, 1, 3) as SteamServerMode,
    token: secret('token', options.token),
    product: text('product', options.product) ?? String(shared.appId ?? 'godot-wire'),
    description: text('description', options.description) ?? 'godot-wire',
    serverName: text('serverName', options.serverName),
    maxPlayers: whole('maxPlayers', options.maxPlayers ?? 0, 0, 0x7fffffff),
    advertise: flag('advertise', options.advertise ?? false),
    logOnTimeoutMs: whole('logOnTimeoutMs', options.logOnTimeoutMs ?? 30_000, 1, 600_000),
  }
}

function bad(option: string, value: unknown, expected: string): never {
  throw steamError('STEAM_BAD_OPTION', { option, value, expected })
}

function whole(option: string, value: unknown, from: number, to: number): number {
  if (!Number.isInteger(value) || (value as number) < from || (value as number) > to) {
    bad(option, value, `a whole number from ${from} to ${to}`)
  }
  return value as number
}

function flag(option: string, value: unknown): boolean {
  if (typeof value !== 'boolean') bad(option, value, 'true or false')
  return value
}

/** A zero would end the text early in C, and an empty text is a mistake. */
function text(option: string, value: unknown): string | undefined {
  if (value === undefined) return undefined
  if (!isText(value)) bad(option, value, 'a text')
  return value
}

/** As `text`, and no error shows it. */
function secret(option: string, value: unknown): string | undefined {
  if (value === undefined || isText(value)) return value
  bad(option, `a ${typeof value}, not shown`, 'a text')
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !value.includes('\0')
}

/** The address as Steam takes it: a number, first octet highest. */
function ipv4(value: unknown): number {
  const octets = typeof value === 'string' && /^\d{1,3}(\.\d{1,3}){3}$/.test(value) ? value.split('.').map(Number) : []
  if (octets.length !== 4 || octets.some((octet) => octet > 255)) bad('ip', value, 'an IPv4 address')
  return octets.reduce((sum, octet) => sum * 256 + octet, 0)
}
