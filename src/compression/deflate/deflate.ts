import { adler32, crc32 } from '../checksums.js'
import { COMPRESSION_GZIP } from '../modes.js'
import { nodeZlib } from '../node-zlib.js'
import { scratch } from '../scratch.js'
import { Deflater } from './deflater.js'

/** One for all calls: they never run at the same time. Made when first used. */
let deflater: Deflater | undefined

const DEFAULT_LEVEL = 6

/** The operating system in the gzip header: 3 is Unix, which engines on Linux write. */
const UNIX = 3

/** Shorter input is compressed here sooner than Node has begun. */
const NODE_FROM = 256

/**
 * The fastest way to compress at that level: Node's zlib where there is one, which finds other matches than the engine's.
 */
export function deflateFast(bytes: Uint8Array, mode: number, compressionLevel: number): Uint8Array<ArrayBuffer> {
  const zlib = bytes.length >= NODE_FROM ? nodeZlib() : null
  if (!zlib) return deflateLikeGodot(bytes, mode, compressionLevel)
  const call = mode === COMPRESSION_GZIP ? 'gzipSync' : 'deflateSync'
  // Memory of its own, just as large as need be; a Buffer would be another class.
  return new Uint8Array(zlib[call](bytes, { level: compressionLevel }))
}

/** `bytes` as the engine's zlib compresses them at that level (-1 is 6), in the wrapper of the mode. */
export function deflateLikeGodot(bytes: Uint8Array, mode: number, compressionLevel: number): Uint8Array<ArrayBuffer> {
  const level = compressionLevel < 0 ? DEFAULT_LEVEL : compressionLevel
  const size = bytes.length
  // Blocks that do not get smaller are stored, with 5 bytes each, and hold 16,383 bytes at the least. The rest is for the
  // wrappers, and for what writes four bytes at once.
  const out = scratch(size + (size >> 10) + 64)
  deflater ??= new Deflater()
  const isGzip = mode === COMPRESSION_GZIP
  const start = isGzip ? putGzipHeader(out, level) : putZlibHeader(out, level)
  let op = deflater.run(bytes, out, start, level)
  if (isGzip) {
    op = putInt32(out, op, crc32(bytes, 0, size))
    op = putInt32(out, op, size)
  } else {
    op = putInt32(out, op, swapped(adler32(bytes, 0, size)))
  }
  return out.slice(0, op)
}

function putInt32(out: Uint8Array, op: number, value: number): number {
  out[op] = value
  out[op + 1] = value >> 8
  out[op + 2] = value >> 16
  out[op + 3] = value >> 24
  return op + 4
}

function swapped(value: number): number {
  return (value << 24) | ((value & 0xff00) << 8) | ((value >> 8) & 0xff00) | (value >>> 24)
}

/** Window of 32 KiB, and how much effort there was, in two bytes that are a multiple of 31. */
function putZlibHeader(out: Uint8Array, level: number): number {
  const effort = level < 2 ? 0 : level < 6 ? 1 : level === 6 ? 2 : 3
  const head = 0x7800 | (effort << 6)
  out[0] = 0x78
  out[1] = head + 31 - (head % 31)
  return 2
}

/** No name, no time. */
function putGzipHeader(out: Uint8Array, level: number): number {
  out.fill(0, 0, 10)
  out[0] = 0x1f
  out[1] = 0x8b
  out[2] = 8
  out[8] = level === 9 ? 2 : level < 2 ? 4 : 0
  out[9] = UNIX
  return 10
}
