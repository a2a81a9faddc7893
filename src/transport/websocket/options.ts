import { type Clock, systemClock } from '../../clock.js'
import { DEFAULT_FRAME_LIMIT, MAX_FRAME_LIMIT, MIN_FRAME_LIMIT } from '../frame.js'
import { badOption, steamIdOption, wholeNumber } from '../options.js'
import type { WebSocketConstructor } from './socket.js'

/** Who says to be `steamId`, for `authenticate` to judge. */
export interface WebSocketClaim {
  /** Who it says it is. */
  readonly steamId: bigint
  /** The address of the other end of the socket; a proxy's, where there is one. */
  readonly ip: string
  /** Path and query that the client asked for: a browser can put a token nowhere else but here and in a cookie. */
  readonly url: string
  /** The headers of the request, with lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** Options of `WebSocketTransport`. */
export interface WebSocketTransportOptions {
  /** The Steam id that this end speaks as: above 0, below 2^64. */
  readonly steamId: bigint
  /** Largest frame in bytes that this end accepts, and that it sends; 1,280 to 16,777,216, default 65,536. */
  readonly maxFrameSize?: number
  /** How long each step of a new connection may take, in milliseconds, 1 to 600,000, default 5,000. */
  readonly helloTimeoutMs?: number
  /** Bytes that wait in one socket above which `send` answers false; at least 1, default 1 MiB. */
  readonly highWaterMark?: number
  /** How many links there may be, handshakes included; 1 to 1,000,000, default 10,000. */
  readonly maxLinks?: number
  /** How many sockets may be between connection and link at a time; 1 to 1,000,000, default 1,000. */
  readonly maxPendingHellos?: number
  /**
   * Server only: whether the client is who it says it is. Without it a Steam id is a claim, not a proof. A function that
   * throws, rejects, or takes longer than `helloTimeoutMs` has refused.
   */
  readonly authenticate?: (claim: WebSocketClaim) => boolean | Promise<boolean>
  /**
   * What happens to a second link that speaks as the same Steam id: `refuse` (default) closes the new one, `replace` the
   * old one. `replace` without `authenticate` lets anybody throw anybody out.
   */
  readonly onDuplicate?: 'refuse' | 'replace'
  /**
   * Where `connect` finds a peer: its `ws:` or `wss:` URL, or `undefined` where it cannot be dialled. Without an answer,
   * the URL counts at which `open` found the peer last.
   */
  readonly urlOf?: (peer: bigint) => string | undefined
  /** The WebSocket class to dial with; default the platform's own, else that of the package `ws`. */
  readonly WebSocket?: WebSocketConstructor
  /** Where time comes from, default `systemClock`. */
  readonly clock?: Clock
}

/** The same, complete. */
export interface WebSocketSettings {
  readonly steamId: bigint
  readonly maxFrameSize: number
  readonly helloTimeoutMs: number
  readonly highWaterMark: number
  readonly maxLinks: number
  readonly maxPendingHellos: number
  readonly authenticate: ((claim: WebSocketClaim) => boolean | Promise<boolean>) | undefined
  readonly onDuplicate: 'refuse' | 'replace'
  readonly urlOf: (peer: bigint) => string | undefined
  readonly WebSocket: WebSocketConstructor | undefined
  readonly clock: Clock
}

/** @throws `TRANSPORT_BAD_OPTION` */
export function settingsOf(options: WebSocketTransportOptions): WebSocketSettings {
  const { onDuplicate = 'refuse' } = options
  if (onDuplicate !== 'refuse' && onDuplicate !== 'replace') {
    throw badOption('onDuplicate', onDuplicate, "it must be 'refuse' or 'replace'")
  }
  return {
    steamId: steamIdOption('steamId', options.steamId),
    maxFrameSize: ranged(options, 'maxFrameSize', DEFAULT_FRAME_LIMIT, MIN_FRAME_LIMIT, MAX_FRAME_LIMIT),
    helloTimeoutMs: ranged(options, 'helloTimeoutMs', 5000, 1, 600_000),
    highWaterMark: ranged(options, 'highWaterMark', 1_048_576, 1, Number.MAX_SAFE_INTEGER),
    maxLinks: ranged(options, 'maxLinks', 10_000, 1, 1_000_000),
    maxPendingHellos: ranged(options, 'maxPendingHellos', 1000, 1, 1_000_000),
    authenticate: options.authenticate,
    onDuplicate,
    urlOf: options.urlOf ?? (() => undefined),
    WebSocket: options.WebSocket,
    clock: options.clock ?? systemClock,
  }
}

type NumberOption = 'maxFrameSize' | 'helloTimeoutMs' | 'highWaterMark' | 'maxLinks' | 'maxPendingHellos'

function ranged(options: WebSocketTransportOptions, name: NumberOption, normal: number, least: number, most: number) {
  return wholeNumber(name, options[name] ?? normal, least, most)
}
