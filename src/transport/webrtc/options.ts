import { type Clock, systemClock } from '../../clock.js'
import { badOption, numberBetween, wholeNumber } from '../options.js'
import type { RelayTransport } from '../relay/index.js'
import type { IceServer, RtcConstructor } from './rtc.js'

/** Options of `WebRtcTransport`. */
export interface WebRtcTransportOptions {
  /** Carries the signals, and the frames while there is no direct way. It belongs to this transport from now on. */
  readonly relay: RelayTransport
  /** STUN and TURN servers, as WebRTC has them; default none, which is enough where both ends see each other's addresses. */
  readonly iceServers?: readonly IceServer[]
  /** `relay`: only by way of TURN. Default `all`. */
  readonly iceTransportPolicy?: 'all' | 'relay'
  /** Whether TURN and the relay may carry frames, default true; `allowP2PPacketRelay` changes it. */
  readonly allowRelay?: boolean
  /** How long one try for a direct way may take, in milliseconds, 100 to 600,000, default 15,000. */
  readonly directTimeoutMs?: number
  /** How long after a try that failed the next one begins, in milliseconds; default 30,000. */
  readonly retryMs?: number
  /** Bytes that wait in a data channel above which `send` answers false; at least 1, default 1 MiB. */
  readonly highWaterMark?: number
  /** Peers that may be connected or on their way at a time, 1 to 100,000, default 1,000; more stay on the relay. */
  readonly maxConnections?: number
  /** The class to connect with; default the platform's own, else that of the package `node-datachannel`. */
  readonly RTCPeerConnection?: RtcConstructor
  /** Where time comes from, default `systemClock`. */
  readonly clock?: Clock
}

/** The same, complete. */
export interface WebRtcSettings {
  readonly iceServers: readonly IceServer[]
  readonly iceTransportPolicy: 'all' | 'relay'
  readonly directTimeoutMs: number
  readonly retryMs: number
  readonly highWaterMark: number
  readonly maxConnections: number
  readonly RTCPeerConnection: RtcConstructor | undefined
  readonly clock: Clock
}

/** @throws `TRANSPORT_BAD_OPTION` */
export function webRtcSettings(options: WebRtcTransportOptions): WebRtcSettings {
  const { iceTransportPolicy = 'all', iceServers = [] } = options
  if (iceTransportPolicy !== 'all' && iceTransportPolicy !== 'relay') {
    throw badOption('iceTransportPolicy', iceTransportPolicy, "it must be 'all' or 'relay'")
  }
  return {
    iceServers,
    iceTransportPolicy,
    directTimeoutMs: numberBetween('directTimeoutMs', options.directTimeoutMs ?? 15_000, 100, 600_000),
    retryMs: numberBetween('retryMs', options.retryMs ?? 30_000, 1, 86_400_000),
    highWaterMark: wholeNumber('highWaterMark', options.highWaterMark ?? 1_048_576, 1, Number.MAX_SAFE_INTEGER),
    maxConnections: wholeNumber('maxConnections', options.maxConnections ?? 1_000, 1, 100_000),
    RTCPeerConnection: options.RTCPeerConnection,
    clock: options.clock ?? systemClock,
  }
}
