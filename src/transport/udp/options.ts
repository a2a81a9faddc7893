import { type Clock, systemClock } from '../../clock.js'
import { MIN_FRAME_LIMIT } from '../frame.js'
import { badOption, steamIdOption, wholeNumber } from '../options.js'
import { MAX_TOKEN_SIZE, MAX_UDP_FRAME } from './datagrams.js'

/** Where a peer is. */
export interface UdpAddress {
  /** An IPv4 or IPv6 address, or a name that the system can resolve. */
  readonly host: string
  /** 1 to 65,535. */
  readonly port: number
}

/** Who says to be `steamId`, for `authenticate` to judge. The address is proven, the rest is not. */
export interface UdpClaim {
  /** Who it says it is. */
  readonly steamId: bigint
  /** Where it is: it has answered from that address. */
  readonly ip: string
  /** The UDP port that it has answered from. */
  readonly port: number
  /** What the other end passed as `token`; empty where it passed none. It travelled in the clear. */
  readonly token: Uint8Array
}

/** Options of `UdpTransport`. */
export interface UdpTransportOptions {
  /** The Steam id that this end speaks as: above 0, below 2^64. */
  readonly steamId: bigint
  /**
   * Largest frame in bytes that this end accepts, and that it sends: 1,280 to 65,498, default 1,280. A frame is one
   * datagram of 9 bytes more, and the channel room keeps its frames at 1,200 whatever a link would take.
   */
  readonly maxFrameSize?: number
  /** How long a handshake may take, and `authenticate` in it, in milliseconds: 1 to 600,000, default 5,000. */
  readonly handshakeTimeoutMs?: number
  /** After how much silence the other end is asked for a sign of life, in milliseconds: 1 to 600,000, default 10,000. */
  readonly keepAliveMs?: number
  /** After how much silence a link is over, in milliseconds: above `keepAliveMs`, up to 3,600,000; default 30,000. */
  readonly silenceMs?: number
  /** Bytes of one link that wait in this process above which `send` answers false; at least 1, default 256 KiB. */
  readonly highWaterMark?: number
  /** How many links there may be; 1 to 1,000,000, default 10,000. */
  readonly maxLinks?: number
  /**
   * How many links and handshakes one IPv4 address, or one IPv6 network of 64 bits, may have begun here; 1 to 1,000,000,
   * default 256.
   */
  readonly maxPerAddress?: number
  /** How many handshakes there may be at a time, in each direction; 1 to 1,000,000, default 1,000. */
  readonly maxPendingHandshakes?: number
  /** The system's receive buffer of a socket in bytes, as far as the system allows; default 4 MiB. */
  readonly receiveBufferSize?: number
  /** The system's send buffer of a socket in bytes, as far as the system allows; default 1 MiB. */
  readonly sendBufferSize?: number
  /**
   * Whether an end that dials is who it says it is. Without it a Steam id is a claim, not a proof. A function that
   * throws, rejects, or takes longer than `handshakeTimeoutMs` has refused.
   */
  readonly authenticate?: (claim: UdpClaim) => boolean | Promise<boolean>
  /** What this end tells the `authenticate` of those that it dials: up to 512 bytes, readable by everybody on the way. */
  readonly token?: Uint8Array
  /**
   * What happens to a second link that speaks as the same Steam id from another address: `refuse` (default) asks the old
   * one for a sign of life and refuses the new one if there is one, `replace` ends the old one. `replace` without
   * `authenticate` lets anybody throw anybody out.
   */
  readonly onDuplicate?: 'refuse' | 'replace'
  /**
   * Where `connect` finds a peer, or `undefined` where it cannot be dialled. Without an answer, the address counts at
   * which the peer was last.
   */
  readonly addressOf?: (peer: bigint) => UdpAddress | undefined
  /** Where time comes from, default `systemClock`. */
  readonly clock?: Clock
}

/** The same, complete. */
export interface UdpSettings {
  readonly steamId: bigint
  readonly maxFrameSize: number
  readonly handshakeTimeoutMs: number
  readonly keepAliveMs: number
  readonly silenceMs: number
  readonly highWaterMark: number
  readonly maxLinks: number
  readonly maxPerAddress: number
  readonly maxPendingHandshakes: number
  readonly receiveBufferSize: number
  readonly sendBufferSize: number
  readonly authenticate: ((claim: UdpClaim) => boolean | Promise<boolean>) | undefined
  readonly token: Uint8Array
  readonly onDuplicate: 'refuse' | 'replace'
  readonly addressOf: (peer: bigint) => UdpAddress | undefined
  readonly clock: Clock
}

/** @throws `TRANSPORT_BAD_OPTION` */
export function settingsOf(options: UdpTransportOptions): UdpSettings {
  const { onDuplicate = 'refuse', token = new Uint8Array(0) } = options
  if (onDuplicate !== 'refuse' && onDuplicate !== 'replace') {
    throw badOption('onDuplicate', onDuplicate, "it must be 'refuse' or 'replace'")
  }
  if (!(token instanceof Uint8Array) || token.byteLength > MAX_TOKEN_SIZE) {
    throw badOption('token', token, `it must be a Uint8Array of at most ${MAX_TOKEN_SIZE} bytes`)
  }
  const keepAliveMs = ranged(options, 'keepAliveMs', 10_000, 1, 600_000)
  return {
    steamId: steamIdOption('steamId', options.steamId),
    maxFrameSize: ranged(options, 'maxFrameSize', MIN_FRAME_LIMIT, MIN_FRAME_LIMIT, MAX_UDP_FRAME),
    handshakeTimeoutMs: ranged(options, 'handshakeTimeoutMs', 5000, 1, 600_000),
    keepAliveMs,
    silenceMs: ranged(options, 'silenceMs', Math.max(30_000, 3 * keepAliveMs), keepAliveMs + 1, 3_600_000),
    highWaterMark: ranged(options, 'highWaterMark', 262_144, 1, Number.MAX_SAFE_INTEGER),
    maxLinks: ranged(options, 'maxLinks', 10_000, 1, 1_000_000),
    maxPerAddress: ranged(options, 'maxPerAddress', 256, 1, 1_000_000),
    maxPendingHandshakes: ranged(options, 'maxPendingHandshakes', 1000, 1, 1_000_000),
    receiveBufferSize: ranged(options, 'receiveBufferSize', 4 << 20, 1, 1 << 30),
    sendBufferSize: ranged(options, 'sendBufferSize', 1 << 20, 1, 1 << 30),
    authenticate: options.authenticate,
    token: token.slice(),
    onDuplicate,
    addressOf: options.addressOf ?? (() => undefined),
    clock: options.clock ?? systemClock,
  }
}

type NumberOption = {
  [Name in keyof UdpSettings]: UdpSettings[Name] extends number ? Name : never
}[keyof UdpSettings]

function ranged(options: UdpTransportOptions, name: NumberOption, normal: number, least: number, most: number) {
  return wholeNumber(name, options[name] ?? normal, least, most)
}
