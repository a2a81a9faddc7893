/**
 * What a peer and a relay say to each other, one message a frame of the link between them (docs/protocol.md, 1.3). All
 * numbers are little endian. A link number is given by the relay, counts up from 1, and is good for one end only.
 */
import { isSteamId } from '../options.js'

/** The relay's first message: u8 version. */
export const WELCOME = 0x00
/** Peer: u64 id of the peer that a link is wanted to. */
export const CONNECT = 0x01
/** Peer: u32 link number, reason in UTF-8. The link is over. */
export const CLOSE = 0x02
/** Relay: u32 link number, u64 id of the peer, u32 largest frame. */
export const UP = 0x03
/** Relay: u32 link number, reason in UTF-8. */
export const DOWN = 0x04
/** Relay: u32 link number. The other end reads too slowly: nothing more, please. */
export const FULL = 0x05
/** Relay: u32 link number. It has caught up. */
export const DRAIN = 0x06
/** Both: u32 link number, a frame of the reliable lane. */
export const DATA = 0x10
/** Both: u32 link number, a frame of the datagram lane. */
export const DATAGRAM = 0x11
/** Both: u32 link number, bytes that the ends' transports have to say to each other. */
export const SIGNAL = 0x12
/** Peer: u32 number of the request, JSON. */
export const REQUEST = 0x20
/** Relay: u32 number of the request, JSON. */
export const REPLY = 0x21
/** Relay: JSON that nobody asked for. */
export const EVENT = 0x22

export const RELAY_VERSION = 1

/** Type and link number, in front of what is passed on. */
export const HEADER = 5

/** Reasons are for people, and no way to fill memory. */
export const MAX_REASON_BYTES = 200

/** The most that may be asked or told in JSON, in bytes. */
export const MAX_JSON_BYTES = 16_384

const encoder = new TextEncoder()
const decoder = new TextDecoder()

function message(type: number, size: number): DataView {
  const view = new DataView(new ArrayBuffer(size))
  view.setUint8(0, type)
  return view
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer)
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export function writeWelcome(): Uint8Array {
  return Uint8Array.of(WELCOME, RELAY_VERSION)
}

export function writeConnect(peer: bigint): Uint8Array {
  const view = message(CONNECT, 9)
  view.setBigUint64(1, peer, true)
  return bytesOf(view)
}

export function writeUp(number: number, peer: bigint, maxFrameSize: number): Uint8Array {
  const view = message(UP, 17)
  view.setUint32(1, number, true)
  view.setBigUint64(5, peer, true)
  view.setUint32(13, maxFrameSize, true)
  return bytesOf(view)
}

export function writeNumber(type: number, number: number): Uint8Array {
  const view = message(type, HEADER)
  view.setUint32(1, number, true)
  return bytesOf(view)
}

/** CLOSE or DOWN. */
export function writeEnd(type: number, number: number, reason: string): Uint8Array {
  const text = encoder.encode(reason).subarray(0, MAX_REASON_BYTES)
  const bytes = new Uint8Array(HEADER + text.length)
  bytes[0] = type
  viewOf(bytes).setUint32(1, number, true)
  bytes.set(text, HEADER)
  return bytes
}

/** The reason behind the header of CLOSE or DOWN; half a character at a cut is a replacement character. */
export function readReason(bytes: Uint8Array): string {
  return decoder.decode(bytes.subarray(HEADER, HEADER + MAX_REASON_BYTES))
}

/** DATA or DATAGRAM. The frame is copied. */
export function writeFrame(type: number, number: number, frame: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER + frame.length)
  bytes[0] = type
  setNumber(bytes, number)
  bytes.set(frame, HEADER)
  return bytes
}

/** Passes a message on under the number that the other end knows it by. */
export function setNumber(bytes: Uint8Array, number: number): void {
  bytes[1] = number
  bytes[2] = number >>> 8
  bytes[3] = number >>> 16
  bytes[4] = number >>> 24
}

export function readNumber(bytes: Uint8Array): number {
  return (bytes[1]! | (bytes[2]! << 8) | (bytes[3]! << 16) | (bytes[4]! << 24)) >>> 0
}

/** REQUEST, REPLY (with a number) or EVENT (whose number is 0). */
export function writeJson(type: number, number: number, value: unknown): Uint8Array {
  return writeFrame(type, number, encoder.encode(JSON.stringify(value)))
}

/** What the JSON of a message says; undefined where it is none, or too much. */
export function readJson(bytes: Uint8Array): unknown {
  if (bytes.length > HEADER + MAX_JSON_BYTES) return undefined
  try {
    return JSON.parse(decoder.decode(bytes.subarray(HEADER)))
  } catch {
    return undefined
  }
}

/** An id in JSON, which has no 64-bit numbers: a decimal string. */
export function idOf(value: unknown): bigint | undefined {
  if (typeof value !== 'string' || !/^\d{1,20}$/.test(value)) return undefined
  const id = BigInt(value)
  return isSteamId(id) ? id : undefined
}
