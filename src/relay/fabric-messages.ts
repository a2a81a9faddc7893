/**
 * What relays say to each other by way of NATS, which carries it and knows who is there:
 *
 *   <prefix>.peer.<id>    heard by the relay that the peer is joined to: OPEN (a request), KICK
 *   <prefix>.relay.<id>   heard by one relay: everything that belongs to a link
 *
 * All numbers are little endian. A link number is given by the relay that hears it.
 */
import { viewOf } from '../transport/relay/messages.js'

/** u64 who asks, u32 link number there, u32 largest frame, the relay that asks. Answered by ACCEPT or by nothing at all. */
export const OPEN = 1
/** u32 link number there, u32 largest frame, the relay that answers. */
export const ACCEPT = 2
/** The relay at which the peer has joined anew. */
export const KICK = 3
/** u32 link number, u32 how many PASS came before, a message of `transport/relay`. */
export const PASS = 4
/** u32 link number, a datagram message: it has no number, as it may be lost. */
export const PASS_DATAGRAM = 5
/** u32 link number, u32 how many PASS there were. */
export const MARK = 6
/** u32 link number, reason. */
export const END = 7
/** u32 link number. */
export const FULL = 8
export const DRAIN = 9

/** In front of what is passed on. */
export const PASS_HEADER = 9
export const SHORT_HEADER = 5

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export interface Open {
  readonly from: bigint
  readonly number: number
  readonly maxFrameSize: number
  readonly relay: string
}

export function writeOpen({ from, number, maxFrameSize, relay }: Open): Uint8Array {
  const name = encoder.encode(relay)
  const bytes = new Uint8Array(17 + name.length)
  const view = viewOf(bytes)
  bytes[0] = OPEN
  view.setBigUint64(1, from, true)
  view.setUint32(9, number, true)
  view.setUint32(13, maxFrameSize, true)
  bytes.set(name, 17)
  return bytes
}

export function readOpen(bytes: Uint8Array): Open | undefined {
  if (bytes.length < 18) return undefined
  const view = viewOf(bytes)
  return {
    from: view.getBigUint64(1, true),
    number: view.getUint32(9, true),
    maxFrameSize: view.getUint32(13, true),
    relay: decoder.decode(bytes.subarray(17)),
  }
}

export type Accept = Omit<Open, 'from'>

export function writeAccept({ number, maxFrameSize, relay }: Accept): Uint8Array {
  const name = encoder.encode(relay)
  const bytes = new Uint8Array(9 + name.length)
  const view = viewOf(bytes)
  bytes[0] = ACCEPT
  view.setUint32(1, number, true)
  view.setUint32(5, maxFrameSize, true)
  bytes.set(name, 9)
  return bytes
}

export function readAccept(bytes: Uint8Array): Accept | undefined {
  if (bytes.length < 10 || bytes[0] !== ACCEPT) return undefined
  const view = viewOf(bytes)
  return {
    number: view.getUint32(1, true),
    maxFrameSize: view.getUint32(5, true),
    relay: decoder.decode(bytes.subarray(9)),
  }
}

/** A type and a text. */
export function writeText(type: number, text: string): Uint8Array {
  const name = encoder.encode(text)
  const bytes = new Uint8Array(1 + name.length)
  bytes[0] = type
  bytes.set(name, 1)
  return bytes
}

export function readText(bytes: Uint8Array, from: number): string {
  return decoder.decode(bytes.subarray(from))
}

/** PASS, with its number, or PASS_DATAGRAM, without. */
export function writePass(number: number, count: number | undefined, message: Uint8Array): Uint8Array {
  const header = count === undefined ? SHORT_HEADER : PASS_HEADER
  const bytes = new Uint8Array(header + message.length)
  const view = viewOf(bytes)
  bytes[0] = count === undefined ? PASS_DATAGRAM : PASS
  view.setUint32(1, number, true)
  if (count !== undefined) view.setUint32(5, count, true)
  bytes.set(message, header)
  return bytes
}

/** FULL, DRAIN; MARK with its count; END with its reason. */
export function writeShort(type: number, number: number, rest?: number | string): Uint8Array {
  const text = typeof rest === 'string' ? encoder.encode(rest).subarray(0, 200) : undefined
  const bytes = new Uint8Array(SHORT_HEADER + (text?.length ?? (rest === undefined ? 0 : 4)))
  const view = viewOf(bytes)
  bytes[0] = type
  view.setUint32(1, number, true)
  if (typeof rest === 'number') view.setUint32(5, rest, true)
  if (text) bytes.set(text, SHORT_HEADER)
  return bytes
}
