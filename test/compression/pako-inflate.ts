// What pako, a port of zlib's inflate, says of a stream: the reference for what opens and for what is wrong with the rest.
import { Z_BUF_ERROR, Z_NEED_DICT, Z_NO_FLUSH, Z_OK, Z_STREAM_END, ZStream, zlibInflate, zlibInflateInit2 } from 'pako'

export interface Reference {
  /** The bytes, or the code that we should give. */
  readonly result: Uint8Array | string
  readonly used: number
}

export function inflateByPako(input: Uint8Array, mode: 1 | 3, limit: number): Reference {
  const stream = new ZStream()
  zlibInflateInit2(stream, mode === 3 ? 31 : 15)
  stream.input = input
  stream.avail_in = input.length
  // One byte more than may come out: what fills it is too much.
  stream.output = new Uint8Array(limit + 1)
  stream.next_out = 0
  stream.avail_out = limit + 1
  const status = zlibInflate(stream, Z_NO_FLUSH)
  const used = stream.next_in
  if (stream.next_out > limit) return { result: 'COMPRESSION_LIMIT', used }
  if (status === Z_STREAM_END) return { result: stream.output.subarray(0, stream.next_out), used }
  if (status === Z_NEED_DICT) return { result: 'COMPRESSION_DICTIONARY', used }
  const isShort = status === Z_OK || status === Z_BUF_ERROR
  return { result: isShort ? 'COMPRESSION_TRUNCATED' : 'COMPRESSION_CORRUPT', used }
}

/**
 * What is wrong with `found`, the bytes or the code that `decompressDynamic` gave for `input`; undefined where pako says the
 * same. Of a stream that is too long and broken soon after, either may be said.
 */
export function unlikePako(
  found: Uint8Array | string,
  input: Uint8Array,
  mode: 1 | 3,
  limit: number,
): string | undefined {
  const { result, used } = inflateByPako(input, mode, limit)
  const wanted = typeof result !== 'string' && used < input.length ? 'COMPRESSION_TRAILING_BYTES' : result
  if (isSame(found, wanted)) return undefined
  if (wanted === 'COMPRESSION_LIMIT' && isSame(found, inflateByPako(input, mode, limit + FARTHER).result))
    return undefined
  return `${named(found)}, pako: ${named(wanted)}`
}

/** What may be read beyond a limit before it is seen. */
const FARTHER = 100_000

function isSame(a: Uint8Array | string, b: Uint8Array | string): boolean {
  return typeof a === 'string' || typeof b === 'string' ? a === b : Buffer.compare(a, b) === 0
}

function named(result: Uint8Array | string): string {
  return typeof result === 'string' ? result : `${result.length} bytes`
}
