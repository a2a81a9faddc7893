import { nodeZlib } from './node-zlib.js'

/** Eight tables of CRC-32 (polynomial 0xedb88320) in a row: eight bytes at a time cost eight look-ups. */
let table: Int32Array | undefined

function crcTable(): Int32Array {
  const made = new Int32Array(8 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
    made[byte] = crc
  }
  for (let i = 256; i < made.length; i++) made[i] = (made[i - 256]! >>> 8) ^ made[made[i - 256]! & 255]!
  return made
}

/** From this size on Node's own CRC is faster, where there is one. */
const NATIVE_FROM = 256

/** CRC-32 as gzip has it, of the bytes from `start` to before `end`; a signed 32-bit number. */
export function crc32(bytes: Uint8Array, start: number, end: number): number {
  const native = end - start >= NATIVE_FROM ? nodeZlib()?.crc32 : undefined
  return native ? native(bytes.subarray(start, end)) | 0 : crc32InJavaScript(bytes, start, end)
}

export function crc32InJavaScript(bytes: Uint8Array, start: number, end: number): number {
  table ??= crcTable()
  const t = table
  let crc = -1
  let i = start
  for (const last = end - 7; i < last; i += 8) {
    crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
    crc =
      t[0x700 | (crc & 255)]! ^
      t[0x600 | ((crc >>> 8) & 255)]! ^
      t[0x500 | ((crc >>> 16) & 255)]! ^
      t[0x400 | (crc >>> 24)]! ^
      t[0x300 | bytes[i + 4]!]! ^
      t[0x200 | bytes[i + 5]!]! ^
      t[0x100 | bytes[i + 6]!]! ^
      t[bytes[i + 7]!]!
  }
  for (; i < end; i++) crc = (crc >>> 8) ^ t[(crc ^ bytes[i]!) & 255]!
  return ~crc
}

/** The largest prime below 2^16. */
const ADLER_BASE = 65521

/** So many bytes can be added up before a sum leaves 31 bits. */
const ADLER_ROUND = 3800

/** Adler-32 as zlib has it; a signed 32-bit number. */
export function adler32(bytes: Uint8Array, start: number, end: number): number {
  let low = 1
  let high = 0
  for (let i = start; i < end; ) {
    for (const stop = Math.min(end, i + ADLER_ROUND); i < stop; i++) {
      low += bytes[i]!
      high += low
    }
    low %= ADLER_BASE
    high %= ADLER_BASE
  }
  return (high << 16) | low
}
