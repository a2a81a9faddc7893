/** The datagrams of docs/protocol.md, section 1.2. The only file that knows their bytes. */
import type { ConnectionId } from './connection-id.js'

export const VERSION = 1

export const TYPE = {
  HELLO: 0x01,
  RETRY: 0x02,
  ACCEPT: 0x03,
  REFUSE: 0x04,
  FRAME: 0x10,
  PING: 0x20,
  PONG: 0x21,
  CLOSE: 0x22,
  GONE: 0x23,
} as const

/** Why a hello is refused. */
export const REFUSAL = {
  VERSION: 1,
  ID_REFUSED: 2,
  ID_IN_USE: 3,
  FULL: 4,
  CROWDED: 5,
} as const

/** "GWIR" */
const MAGIC = 0x52495747

/** Type and connection id, at the head of all but HELLO. */
export const HEADER_SIZE = 9
/** The largest frame that an UDP datagram over IPv4 has room for. */
export const MAX_UDP_FRAME = 65_507 - HEADER_SIZE
export const COOKIE_SIZE = 16
/** Without a token, which may follow. */
export const HELLO_SIZE = 40
export const MAX_TOKEN_SIZE = 512
export const MAX_REASON_SIZE = 200

const COOKIE_AT = HELLO_SIZE - COOKIE_SIZE
const RETRY_SIZE = HEADER_SIZE + COOKIE_SIZE
const ACCEPT_SIZE = HEADER_SIZE + 19
const REFUSE_SIZE = HEADER_SIZE + 1

/** What a dialling end says of itself. */
export interface Hello {
  readonly version: number
  readonly steamId: bigint
  /** Largest frame in bytes that the sender accepts. */
  readonly maxFrameSize: number
  /** What datagrams to the sender carry. */
  readonly id: ConnectionId
  /** All zero before there was a RETRY. */
  readonly cookie: Uint8Array
  readonly token: Uint8Array
  /** What the cookie vouches for: everything before it. */
  readonly vouched: Uint8Array
}

/** What the other end answers. */
export interface Acceptance {
  readonly version: number
  readonly steamId: bigint
  readonly maxFrameSize: number
  readonly id: ConnectionId
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Type and id alone: PING, PONG, GONE, and what stands before a frame. */
export function header(type: number, id: ConnectionId, size = HEADER_SIZE): Uint8Array {
  const bytes = new Uint8Array(size)
  const view = viewOf(bytes)
  bytes[0] = type
  writeId(view, 1, id)
  return bytes
}

function writeId(view: DataView, at: number, id: ConnectionId): void {
  view.setUint32(at, id.low, true)
  view.setUint32(at + 4, id.high, true)
}

function readId(view: DataView, at: number): ConnectionId {
  return { low: view.getUint32(at, true), high: view.getUint32(at + 4, true) }
}

/** The id at the head of any datagram but HELLO. */
export function idOf(datagram: Uint8Array): ConnectionId {
  return readId(viewOf(datagram), 1)
}

export function writeHello(hello: Omit<Hello, 'version' | 'vouched'>): Uint8Array {
  const bytes = new Uint8Array(HELLO_SIZE + hello.token.byteLength)
  const view = viewOf(bytes)
  bytes[0] = TYPE.HELLO
  view.setUint32(1, MAGIC, true)
  bytes[5] = VERSION
  view.setUint16(6, hello.maxFrameSize, true)
  view.setBigUint64(8, hello.steamId, true)
  writeId(view, 16, hello.id)
  bytes.set(hello.cookie, COOKIE_AT)
  bytes.set(hello.token, HELLO_SIZE)
  return bytes
}

/** Of another version only `version` and `id` are to be trusted. Undefined for what is no hello. */
export function readHello(datagram: Uint8Array): Hello | undefined {
  const size = datagram.byteLength
  if (size < HELLO_SIZE || size > HELLO_SIZE + MAX_TOKEN_SIZE) return undefined
  const view = viewOf(datagram)
  if (view.getUint32(1, true) !== MAGIC) return undefined
  return {
    version: view.getUint8(5),
    maxFrameSize: view.getUint16(6, true),
    steamId: view.getBigUint64(8, true),
    id: readId(view, 16),
    cookie: datagram.subarray(COOKIE_AT, HELLO_SIZE),
    token: datagram.subarray(HELLO_SIZE),
    vouched: datagram.subarray(0, COOKIE_AT),
  }
}

export function writeRetry(id: ConnectionId, cookie: Uint8Array): Uint8Array {
  const bytes = header(TYPE.RETRY, id, RETRY_SIZE)
  bytes.set(cookie, HEADER_SIZE)
  return bytes
}

/** The cookie, or undefined. */
export function readRetry(datagram: Uint8Array): Uint8Array | undefined {
  return datagram.byteLength === RETRY_SIZE ? datagram.slice(HEADER_SIZE) : undefined
}

export function writeAccept(to: ConnectionId, acceptance: Omit<Acceptance, 'version'>): Uint8Array {
  const bytes = header(TYPE.ACCEPT, to, ACCEPT_SIZE)
  const view = viewOf(bytes)
  bytes[9] = VERSION
  view.setUint16(10, acceptance.maxFrameSize, true)
  view.setBigUint64(12, acceptance.steamId, true)
  writeId(view, 20, acceptance.id)
  return bytes
}

export function readAccept(datagram: Uint8Array): Acceptance | undefined {
  if (datagram.byteLength !== ACCEPT_SIZE) return undefined
  const view = viewOf(datagram)
  return {
    version: view.getUint8(9),
    maxFrameSize: view.getUint16(10, true),
    steamId: view.getBigUint64(12, true),
    id: readId(view, 20),
  }
}

export function writeRefuse(id: ConnectionId, refusal: number): Uint8Array {
  const bytes = header(TYPE.REFUSE, id, REFUSE_SIZE)
  bytes[HEADER_SIZE] = refusal
  return bytes
}

/** The number of the refusal, or undefined. */
export function readRefuse(datagram: Uint8Array): number | undefined {
  return datagram.byteLength === REFUSE_SIZE ? datagram[HEADER_SIZE] : undefined
}

/** With as much of the reason as there is room for, and never half a character. */
export function writeClose(id: ConnectionId, reason: string): Uint8Array {
  const text = new Uint8Array(MAX_REASON_SIZE)
  const { written } = new TextEncoder().encodeInto(reason, text)
  const bytes = header(TYPE.CLOSE, id, HEADER_SIZE + written)
  bytes.set(text.subarray(0, written), HEADER_SIZE)
  return bytes
}

export function readClose(datagram: Uint8Array): string {
  return new TextDecoder().decode(datagram.subarray(HEADER_SIZE, HEADER_SIZE + MAX_REASON_SIZE))
}
