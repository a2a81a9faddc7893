import { type Clock, systemClock } from '../../clock.js'
import type { Link } from '../../transport/index.js'
import { channelError } from '../errors.js'

/** Limits of a link that loses. Sizes in bytes, times in milliseconds. */
export interface LossyOptions {
  /** Largest packet; what the link below takes is the limit where that is less. Default 1,200, at least 256. */
  readonly packetSize?: number
  /** Bytes that are taken and have not left yet, above which `send` answers false. Default 256 KiB, at least 1. */
  readonly maxUnsent?: number
  /** Bytes that are taken and not acknowledged, above which `send` answers false. Default 4 MiB, at least 64 KiB. */
  readonly sendBufferSize?: number
  /** What may be on its way to this end, and so wait here for something lost before it. Default 4 MiB, at least 256 KiB. */
  readonly receiveBufferSize?: number
  /** Bytes of the datagram lane that wait for their turn; more are not taken. Default 64 KiB. */
  readonly maxDatagramBytes?: number
  /** A datagram that waited longer is dropped instead of sent. Default 250. */
  readonly maxDatagramAgeMs?: number
  /** Probes in a row without an answer, with twice the time for each, after which the link is dead. Default 10. */
  readonly maxProbes?: number
  /** The longest that is waited for the answer to a probe. Default 3,000. */
  readonly maxProbeTimeoutMs?: number
  /** Bytes that may be under way, whatever the estimate of the path says. Default 16 MiB, at least 16 KiB. */
  readonly maxInFlight?: number
  /** The time. Default `systemClock`. */
  readonly clock?: Clock
  /** A number from 0 to below 1, so that links probe at different moments. Default `Math.random`. */
  readonly random?: () => number
  /** Sees each datagram that waited too long for its turn. Called from within calls and events; it must not call back. */
  readonly dropped?: (link: Link, frame: Uint8Array) => void
}

export type ResolvedLossyOptions = Required<LossyOptions>

/** What each end may send before it hears of more: part of the protocol. */
export const INITIAL_CREDIT = 262_144

const DEFAULTS: ResolvedLossyOptions = {
  packetSize: 1200,
  maxUnsent: 256 << 10,
  sendBufferSize: 4 << 20,
  receiveBufferSize: 4 << 20,
  maxDatagramBytes: 64 << 10,
  maxDatagramAgeMs: 250,
  maxProbes: 10,
  maxProbeTimeoutMs: 3000,
  maxInFlight: 16 << 20,
  clock: systemClock,
  random: Math.random,
  dropped: () => {},
}

const LOWEST: Partial<Record<keyof LossyOptions, number>> = {
  packetSize: 256,
  sendBufferSize: 64 << 10,
  receiveBufferSize: INITIAL_CREDIT,
  maxInFlight: 16 << 10,
}

const HIGHEST: Partial<Record<keyof LossyOptions, number>> = { packetSize: 65_507 }

/** Everything above is beyond any link, and offsets go round at 2^32. */
const MOST = 1 << 30

/** @throws `CHANNEL_BAD_OPTION` */
export function resolveLossyOptions(options: LossyOptions): ResolvedLossyOptions {
  const resolved = { ...DEFAULTS }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue
    if (!(name in DEFAULTS)) throw channelError('CHANNEL_BAD_OPTION', { option: name, value, expected: 'left out' })
    Object.assign(resolved, { [name]: value })
    if (typeof DEFAULTS[name as keyof LossyOptions] === 'number') check(name as keyof LossyOptions, value)
  }
  return resolved
}

function check(option: keyof LossyOptions, value: unknown): void {
  const least = LOWEST[option] ?? 1
  const most = HIGHEST[option] ?? MOST
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return
  throw channelError('CHANNEL_BAD_OPTION', { option, value, expected: `a whole number from ${least} to ${most}` })
}
