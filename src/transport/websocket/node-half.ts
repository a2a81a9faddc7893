import { transportError } from '../errors.js'
import type { WebSocketClaim } from './options.js'
import type { Socket, SocketOwner } from './socket.js'

/** An http or https server that exists already, by its shape, so that browsers need not know it. */
export interface ExistingServer {
  /** Adds a listener: the transport hears `upgrade`. */
  on(event: string, listener: (...args: unknown[]) => void): unknown
  /** Takes it off again, when the transport closes. */
  off(event: string, listener: (...args: unknown[]) => void): unknown
  /** How many listeners an event has: where nobody else hears `upgrade`, other paths are refused. */
  listenerCount(event: string): number
  /** Where it listens, as `net.Server.address` says it. */
  address(): unknown
}

/** Where a `WebSocketTransport` listens. */
export interface ListenOptions {
  /** TCP port, 0 to 65,535; default 0, which takes a free one. */
  readonly port?: number
  /** Interface to listen on; default `127.0.0.1`, so `0.0.0.0` or `::` must be asked for. */
  readonly host?: string
  /** The only path that clients may ask for, such as `/game`; default any. */
  readonly path?: string
  /** A server of your own that listens already, such as one with TLS, instead of `port` and `host`. */
  readonly server?: ExistingServer
}

/** Where it listens now. */
export interface Listening {
  /** The TCP port, which the system has chosen where 0 was asked for. */
  readonly port: number
  /** What a client on this machine can `open`. */
  readonly url: string
}

/** The side of the transport that a listener sees. */
export interface Door {
  readonly maxFrameSize: number
  readonly helloTimeoutMs: number
  /** How many TCP connections there may be. */
  readonly maxConnections: number
  /** Whether one more may come in; a `false` is counted as a refusal. */
  admit(): boolean
  /** Somebody came in. */
  welcome(claim: Omit<WebSocketClaim, 'steamId'>, make: (owner: SocketOwner) => Socket): void
}

/** What only Node can do; see `node/half.ts`. */
export interface NodeHalf {
  /** @throws (rejects) `TRANSPORT_LISTEN_FAILED` */
  listen(options: ListenOptions & { port: number; host: string }, door: Door): Promise<Listener>
  /** @throws for a URL that is none. */
  dial(url: string, owner: SocketOwner, maxFrameSize: number): Socket
}

export interface Listener extends Listening {
  close(): void
}

/**
 * Loads the Node half, where there is one. `as string` keeps the TypeScript compiler from following the import, which
 * would let Node's names into the browser's rooms; bundlers see a plain import.
 */
export async function loadNodeHalf(): Promise<NodeHalf> {
  try {
    const { nodeHalf } = (await import('./node/half.js' as string)) as { nodeHalf: () => Promise<NodeHalf> }
    return await nodeHalf()
  } catch (cause) {
    throw transportError('TRANSPORT_NO_WEBSOCKET', {}, cause)
  }
}
