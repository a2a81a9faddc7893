import { MIN_FRAME_LIMIT } from '../frame.js'

/** "GWIR" */
const MAGIC = [0x47, 0x57, 0x49, 0x52] as const
const VERSION = 1
export const HELLO_SIZE = 20

/** The first message in each direction (docs/protocol.md, 1.1). */
export interface Hello {
  /** Any 64 bits: whether it is an id is for the reader to judge. */
  readonly steamId: bigint
  /** Largest frame in bytes that the sender accepts, at least 1,280. */
  readonly maxFrameSize: number
}

export function writeHello(hello: Hello): Uint8Array {
  const bytes = new Uint8Array(HELLO_SIZE)
  bytes.set(MAGIC)
  bytes[4] = VERSION
  const view = new DataView(bytes.buffer)
  view.setBigUint64(8, hello.steamId, true)
  view.setUint32(16, hello.maxFrameSize, true)
  return bytes
}

/** What the message says, or why it is no hello. */
export function readHello(message: Uint8Array): Hello | string {
  if (message.byteLength !== HELLO_SIZE || MAGIC.some((byte, i) => message[i] !== byte)) return 'not a hello'
  if (message[4] !== VERSION) return `protocol version ${message[4]}, not ${VERSION}`
  const view = new DataView(message.buffer, message.byteOffset)
  const maxFrameSize = view.getUint32(16, true)
  if (maxFrameSize < MIN_FRAME_LIMIT) return `a frame limit of ${maxFrameSize}, below ${MIN_FRAME_LIMIT}`
  return { steamId: view.getBigUint64(8, true), maxFrameSize }
}
