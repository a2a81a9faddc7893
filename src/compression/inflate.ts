import { Z_BUF_ERROR, Z_NEED_DICT, Z_NO_FLUSH, Z_OK, Z_STREAM_END, ZStream, zlibInflate, zlibInflateInit2 } from 'pako'
import { concat } from '../bytes/index.js'
import { compressionError } from './errors.js'
import type { ZlibMode } from './modes.js'

/** The engine's own step (`gzip_chunk` in compression.cpp). Output beyond a limit never grows past one of these. */
const CHUNK = 16384

export interface Inflated {
  readonly bytes: Uint8Array
  /** How many bytes of the input the stream took: what follows is somebody else's. */
  readonly used: number
}

/**
 * Inflates one zlib or gzip stream, chunk by chunk, and stops as soon as more than `limit` bytes came out.
 *
 * @throws `COMPRESSION_LIMIT`, `COMPRESSION_TRUNCATED`, `COMPRESSION_CORRUPT`, `COMPRESSION_DICTIONARY`
 */
export function inflate(input: Uint8Array, mode: ZlibMode, limit: number): Inflated {
  const stream = new ZStream()
  zlibInflateInit2(stream, mode.windowBits)
  stream.input = input
  stream.avail_in = input.length
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const chunk = new Uint8Array(CHUNK)
    stream.output = chunk
    stream.next_out = 0
    stream.avail_out = CHUNK
    const before = stream.next_in
    const status = zlibInflate(stream, Z_NO_FLUSH)
    if (stream.next_out > 0) {
      size += stream.next_out
      if (size > limit) throw compressionError('COMPRESSION_LIMIT', { mode: mode.name, limit })
      chunks.push(chunk.subarray(0, stream.next_out))
    }
    if (status === Z_STREAM_END) return { bytes: concat(chunks, size), used: stream.next_in }
    const facts = { mode: mode.name, offset: stream.next_in }
    if (status === Z_NEED_DICT) throw compressionError('COMPRESSION_DICTIONARY', facts)
    if (status !== Z_OK && status !== Z_BUF_ERROR) {
      throw compressionError('COMPRESSION_CORRUPT', { ...facts, reason: stream.msg || `zlib status ${status}` })
    }
    // There was room for more output and nothing left to make it of, yet the end has not come: it is not there. The
    // second half holds whatever zlib does: no round without progress is followed by another.
    const stuck = stream.next_out === 0 && stream.next_in === before
    if (stuck || (stream.avail_in === 0 && stream.avail_out > 0)) throw compressionError('COMPRESSION_TRUNCATED', facts)
  }
}
