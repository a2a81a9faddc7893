import { transportError } from './errors.js'

/** A whole number of the given range, or `TRANSPORT_BAD_OPTION`. */
export function wholeNumber(option: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw badOption(option, value, `it must be a whole number from ${least} to ${most}`)
}

/** Any finite number of the given range, or `TRANSPORT_BAD_OPTION`. */
export function numberBetween(option: string, value: number, least: number, most: number): number {
  if (typeof value === 'number' && value >= least && value <= most) return value
  throw badOption(option, value, `it must be a number from ${least} to ${most}`)
}

/** A 64-bit id that is not 0. Whether it is an id of the right kind is the p2p room's business. */
export function steamIdOption(option: string, value: bigint): bigint {
  if (isSteamId(value)) return value
  throw badOption(option, value, 'it must be a bigint above 0 and below 2^64')
}

export function isSteamId(value: unknown): value is bigint {
  return typeof value === 'bigint' && value > 0n && value < 1n << 64n
}

export function badOption(option: string, value: unknown, expected: string) {
  return transportError('TRANSPORT_BAD_OPTION', { option, value, expected })
}
