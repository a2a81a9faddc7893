import { transportError } from '../errors.js'
import type { Hmac } from './cookies.js'

/** An address as the system writes it: never a name. */
export interface Place {
  readonly address: string
  readonly port: number
}

/** What a socket tells its owner, never from within a call. */
export interface UdpSocketOwner {
  /** The bytes are the owner's. */
  datagram(socket: UdpSocket, bytes: Uint8Array, address: string, port: number): void
  /** The system has word of a datagram that did not arrive: `ECONNREFUSED` and the like. */
  failed(socket: UdpSocket, code: string): void
}

/** Called when a datagram has left, or was not taken, never from within `send`. `bytes` is missing where it failed. */
export type Sent = (error: SendError | null, bytes?: number) => void

/** An error of the system, such as `ENETUNREACH`. */
export interface SendError {
  readonly code?: string
  readonly message: string
}

/** One UDP socket; connected, where it was made to dial. */
export interface UdpSocket {
  readonly local: Place
  /** Whether it waits for strangers. */
  readonly listens: boolean
  /** Sends the parts as one datagram; they may be used again once `sent` was called. */
  send(parts: readonly Uint8Array[], to: Place, sent: Sent): void
  /** Where this socket has to send to reach `address`, or undefined where it cannot. */
  reaches(address: string): string | undefined
  close(): void
}

export interface SocketOptions {
  readonly receiveBufferSize: number
  readonly sendBufferSize: number
}

/** What only Node can do; see `node/half.ts`. */
export interface NodeHalf {
  readonly hmac: Hmac
  /** @throws (rejects) what the system says. */
  listen(place: Place, options: SocketOptions, owner: UdpSocketOwner): Promise<UdpSocket>
  /** A socket that hears `place` only. @throws (rejects) what the system says. */
  dial(place: Place, options: SocketOptions, owner: UdpSocketOwner): Promise<UdpSocket>
  /** @throws (rejects) what the system says. */
  resolve(host: string): Promise<string>
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
    throw transportError('TRANSPORT_NO_UDP', {}, cause)
  }
}
