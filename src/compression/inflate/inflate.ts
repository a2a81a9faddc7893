import { adler32, crc32 } from '../checksums.js'
import { compressionError } from '../errors.js'
import { nodeZlib } from '../node-zlib.js'
import { Inflater } from './inflater.js'

export interface Inflated {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** How many bytes of the input the stream took: what follows is somebody else's. */
  readonly used: number
}

/** One for all calls: they never run at the same time. Made when first used. */
let kept: Inflater | undefined

/** The one method that both wrappers know. */
const METHOD = 8

function corrupt(mode: string, offset: number, reason: string): Error {
  return compressionError('COMPRESSION_CORRUPT', { mode, offset, reason })
}

/** @throws `COMPRESSION_TRUNCATED` when `input` does not reach to `end` */
function checkEnd(input: Uint8Array, end: number, mode: string): void {
  if (end > input.length) throw compressionError('COMPRESSION_TRUNCATED', { mode, offset: input.length })
}

/**
 * Opens one zlib stream (RFC 1950) and stops before more than `limit` bytes come out.
 *
 * @throws `COMPRESSION_LIMIT`, `COMPRESSION_TRUNCATED`, `COMPRESSION_CORRUPT`, `COMPRESSION_DICTIONARY`
 */
export function inflateZlib(input: Uint8Array, limit: number): Inflated {
  const mode = 'DEFLATE'
  checkZlibHeader(input)
  const native = inflateInNode(input, 0, limit, 'inflateSync')
  if (native) return native
  kept ??= new Inflater()
  const inflater = kept
  try {
    inflater.begin(input, 2, mode, limit)
    inflater.blocks()
    const { size, used } = inflater
    checkEnd(input, used + 4, mode)
    // Alone among all these numbers this one has its highest byte first.
    const wanted = (input[used]! << 24) | (input[used + 1]! << 16) | (input[used + 2]! << 8) | input[used + 3]!
    if (adler32(inflater.out, 0, size) !== wanted) throw corrupt(mode, used, 'incorrect data check')
    return { bytes: inflater.out.slice(0, size), used: used + 4 }
  } finally {
    inflater.end()
  }
}

function checkZlibHeader(input: Uint8Array): void {
  const mode = 'DEFLATE'
  checkEnd(input, 2, mode)
  const method = input[0]!
  const flags = input[1]!
  if ((method * 256 + flags) % 31 !== 0) throw corrupt(mode, 0, 'incorrect header check')
  if ((method & 15) !== METHOD) throw corrupt(mode, 0, 'unknown compression method')
  if (method >> 4 > 7) throw corrupt(mode, 0, 'invalid window size')
  if ((flags & 0x20) === 0) return
  checkEnd(input, 6, mode)
  throw compressionError('COMPRESSION_DICTIONARY', { mode, offset: 2 })
}

/**
 * Opens one gzip member (RFC 1952) and stops before more than `limit` bytes come out.
 *
 * @throws `COMPRESSION_LIMIT`, `COMPRESSION_TRUNCATED`, `COMPRESSION_CORRUPT`
 */
export function inflateGzip(input: Uint8Array, limit: number): Inflated {
  const mode = 'GZIP'
  const start = gzipHeaderSize(input)
  const native = inflateInNode(input, start, limit, 'inflateRawSync')
  if (native && hasGzipTrailer(input, native)) return { bytes: native.bytes, used: native.used + 8 }
  kept ??= new Inflater()
  const inflater = kept
  try {
    inflater.begin(input, start, mode, limit)
    inflater.blocks()
    const { size, used } = inflater
    checkEnd(input, used + 4, mode)
    if (crc32(inflater.out, 0, size) !== int32At(input, used)) throw corrupt(mode, used, 'incorrect data check')
    checkEnd(input, used + 8, mode)
    if (int32At(input, used + 4) !== (size | 0)) throw corrupt(mode, used + 4, 'incorrect length check')
    return { bytes: inflater.out.slice(0, size), used: used + 8 }
  } finally {
    inflater.end()
  }
}

/** Whether what Node made of the blocks is what the member's end says. */
function hasGzipTrailer(input: Uint8Array, { bytes, used }: Inflated): boolean {
  if (used + 8 > input.length || int32At(input, used + 4) !== (bytes.length | 0)) return false
  return crc32(bytes, 0, bytes.length) === int32At(input, used)
}

/** Shorter input is opened here sooner than Node has begun. */
const NATIVE_FROM = 1536

/** The engine's own step (`gzip_chunk` in compression.cpp). */
const CHUNK = 16384

/**
 * What Node's zlib makes of longer input, where there is one. Nothing when it finds anything wrong: what that is, and
 * where, is then found here.
 */
function inflateInNode(
  input: Uint8Array,
  start: number,
  limit: number,
  call: 'inflateSync' | 'inflateRawSync',
): Inflated | undefined {
  const zlib = input.length >= NATIVE_FROM ? nodeZlib() : null
  if (!zlib) return undefined
  try {
    const options = { maxOutputLength: Math.max(limit, 1), chunkSize: CHUNK, info: true }
    const { buffer, engine } = zlib[call](start === 0 ? input : input.subarray(start), options)
    if (buffer.length > limit) return undefined
    // Memory of its own, just as large as need be; a Buffer would be another class.
    return { bytes: new Uint8Array(buffer), used: start + engine.bytesWritten }
  } catch {
    return undefined
  }
}

function int32At(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
}

const HAS_HEADER_CRC = 2
const HAS_EXTRA = 4
const HAS_NAME = 8
const HAS_COMMENT = 16
const UNKNOWN_FLAGS = 0xe0

/** The signature, the method, flags, the time, the kind of compression and the operating system. */
const SHORTEST_GZIP_HEADER = 10

function gzipHeaderSize(input: Uint8Array): number {
  const mode = 'GZIP'
  checkEnd(input, 2, mode)
  if (input[0] !== 0x1f || input[1] !== 0x8b) throw corrupt(mode, 0, 'incorrect header check')
  checkEnd(input, 4, mode)
  if (input[2] !== METHOD) throw corrupt(mode, 2, 'unknown compression method')
  const flags = input[3]!
  if (flags & UNKNOWN_FLAGS) throw corrupt(mode, 3, 'unknown header flags set')
  checkEnd(input, SHORTEST_GZIP_HEADER, mode)
  return flags === 0 ? SHORTEST_GZIP_HEADER : longGzipHeaderSize(input, flags)
}

function longGzipHeaderSize(input: Uint8Array, flags: number): number {
  const mode = 'GZIP'
  let at = SHORTEST_GZIP_HEADER
  if (flags & HAS_EXTRA) {
    checkEnd(input, at + 2, mode)
    at += 2 + (input[at]! | (input[at + 1]! << 8))
  }
  for (const flag of [HAS_NAME, HAS_COMMENT]) {
    if ((flags & flag) === 0) continue
    const zero = input.indexOf(0, at)
    checkEnd(input, zero < 0 ? input.length + 1 : at, mode)
    at = zero + 1
  }
  if (flags & HAS_HEADER_CRC) {
    checkEnd(input, at + 2, mode)
    const wanted = input[at]! | (input[at + 1]! << 8)
    if ((crc32(input, 0, at) & 0xffff) !== wanted) throw corrupt(mode, at, 'header crc mismatch')
    at += 2
  }
  checkEnd(input, at, mode)
  return at
}
