import type { ServerOptions as TlsOptions } from 'node:https'
import { type Clock, systemClock } from '../../clock.js'
import type { ExistingServer, WebSocketClaim } from '../../transport/websocket/index.js'
import { relayError } from '../errors.js'
import { limitsOf, type RelayLimits } from '../limits.js'
import type { NatsOptions } from './nats-fabric.js'
import type { TokenOptions } from './tokens.js'

/** One line of a relay's log. */
export interface RelayLogEntry {
  /** How bad it is: only `error` wants somebody to look. */
  readonly level: 'info' | 'warn' | 'error'
  /** What happened: `listening`, `joined`, `left`, `refused`, `draining`, `closed`, `fabric`. */
  readonly event: string
  /** The Steam id that it is about, in decimal digits. */
  readonly peer?: string
  /** The address that it is about. */
  readonly ip?: string
  /** Why, in words. */
  readonly reason?: string
  /** With `listening`: what peers dial. */
  readonly url?: string
}

/** Options of `createRelay`. One of `tokens`, `authenticate` and `insecure` must say who peers are. */
export interface RelayOptions {
  /** TCP port, 0 to 65,535; default 7777, 0 takes a free one. */
  readonly port?: number
  /** Interface to listen on, default `127.0.0.1`: the world must be asked for, with `0.0.0.0` or `::`. */
  readonly host?: string
  /** An http or https server of yours that listens already, instead of `port`, `host` and `tls`; give `path` then. */
  readonly server?: ExistingServer
  /** Certificate and key (and whatever else `https.createServer` takes): peers dial `wss:` then. */
  readonly tls?: TlsOptions
  /** The only path that peers may dial, default any. */
  readonly path?: string
  /** The relay's own id, which no peer can have; default 1n. */
  readonly relayId?: bigint
  /** Peers prove who they are with a token that your server signed: `issueRelayToken`. */
  readonly tokens?: TokenOptions
  /** Or you say whether they are: by a session cookie, by a ticket that Steam verifies. */
  readonly authenticate?: (claim: WebSocketClaim) => boolean | Promise<boolean>
  /**
   * Or, for development and on a loopback address only, the relay hands out identities: `GET /identity` answers
   * `{ "steamId": "…", "token": "…" }`.
   */
  readonly insecure?: boolean
  /** Pages of which origins may join, such as `https://game.example.com`; default any. Programs say no origin and may. */
  readonly origins?: readonly string[]
  /** Peers at a time, 1 to 1,000,000, default 10,000. */
  readonly maxPeers?: number
  /** Connections at a time from one address, default 100; behind a proxy all have its address, so let the proxy count. */
  readonly maxPerAddress?: number
  /** How long a handshake may take, in milliseconds, default 5,000. */
  readonly helloTimeoutMs?: number
  /** Largest message in bytes, 2,048 to 16,777,216, default 65,541: a frame of the usual size and what goes in front of it. */
  readonly maxMessageSize?: number
  /** What one peer may do, and what is kept for it; what is left out has the default of `RelayLimits`. */
  readonly limits?: Partial<RelayLimits>
  /** Other relays, which form one network with this one; default none. */
  readonly nats?: NatsOptions
  /** Hears what happens, one entry at a time. Default: nobody. */
  readonly log?: (entry: RelayLogEntry) => void
  /**
   * Sees every message that one peer sends to another, for debugging. Called from within events of sockets: it must not
   * call back, and what it throws is thrown later, where nobody catches it.
   */
  readonly onMessage?: (message: RelayedMessage) => void
  /** Where time comes from, default `systemClock`. */
  readonly clock?: Clock
}

/** What passes a relay on its way from one peer to another. */
export interface RelayedMessage {
  /** The Steam id of who sent it. */
  readonly from: bigint
  /** The Steam id of who gets it. */
  readonly to: bigint
  /** `signal` is what two transports have to say to each other; the others carry a frame. */
  readonly lane: 'reliable' | 'datagram' | 'signal'
  /** A copy: it may be kept. */
  readonly bytes: Uint8Array
}

/** The same, complete. */
export type RelaySettings = Required<
  Omit<
    RelayOptions,
    'server' | 'tls' | 'path' | 'tokens' | 'authenticate' | 'origins' | 'limits' | 'nats' | 'onMessage'
  >
> &
  Pick<RelayOptions, 'server' | 'tls' | 'path' | 'tokens' | 'authenticate' | 'nats' | 'onMessage'> & {
    readonly origins: ReadonlySet<string> | undefined
    readonly limits: RelayLimits
  }

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost'])

/** @throws `RELAY_BAD_OPTION`, `RELAY_NO_IDENTITY` */
export function relaySettings(options: RelayOptions): RelaySettings {
  const { host = '127.0.0.1', tokens, authenticate, insecure = false } = options
  if (tokens === undefined && authenticate === undefined && !insecure) throw relayError('RELAY_NO_IDENTITY')
  if (insecure && (!LOOPBACK.has(host) || options.server !== undefined)) {
    const expected = 'it may be true only where the relay itself listens on 127.0.0.1, ::1 or localhost'
    throw relayError('RELAY_BAD_OPTION', { option: 'insecure', value: true, expected })
  }
  const { server, tls, path, origins } = options
  return {
    port: options.port ?? 7777,
    host,
    insecure,
    relayId: options.relayId ?? 1n,
    maxPeers: whole('maxPeers', options.maxPeers ?? 10_000, 1, 1_000_000),
    maxPerAddress: whole('maxPerAddress', options.maxPerAddress ?? 100, 1, 1_000_000),
    helloTimeoutMs: whole('helloTimeoutMs', options.helloTimeoutMs ?? 5_000, 1, 600_000),
    maxMessageSize: whole('maxMessageSize', options.maxMessageSize ?? 65_541, 2_048, 16_777_216),
    limits: limitsOf(options.limits),
    log: options.log ?? (() => {}),
    clock: options.clock ?? systemClock,
    origins: origins && new Set(origins),
    ...(server && { server }),
    ...(tls && { tls }),
    ...(path !== undefined && { path }),
    ...(tokens && { tokens }),
    ...(authenticate && { authenticate }),
    ...(options.nats && { nats: options.nats }),
    ...(options.onMessage && { onMessage: options.onMessage }),
  }
}

function whole(option: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  const expected = `it must be a whole number from ${least} to ${most}`
  throw relayError('RELAY_BAD_OPTION', { option, value, expected })
}
