import { isBytes } from '../bytes/index.js'
import { deflateLikeGodot } from './deflate.js'
import { compressionError } from './errors.js'
import { inflate } from './inflate.js'
import { COMPRESSION_FASTLZ, type CompressionMode, zlibMode } from './modes.js'

/** Godot's sizes are C ints. */
const LARGEST_SIZE = 0x7fffffff

function checkInput(bytes: unknown, done: string): void {
  if (isBytes(bytes)) return
  throw compressionError('COMPRESSION_BAD_INPUT', { done, what: bytes === null ? 'null' : typeof bytes })
}

/**
 * Godot's `PackedByteArray.compress`: byte for byte what the engine makes with its default settings. Nothing in, nothing
 * out, in every mode.
 *
 * Modes DEFLATE and GZIP are supported. Never append anything to the result: Godot's `decompress_dynamic` loops for ever
 * on bytes behind the end.
 *
 * @throws `COMPRESSION_MODE` for another mode, `COMPRESSION_BAD_INPUT`
 * @example
 * ```ts
 * p2p.sendP2PPacket(id, compress(varToBytes(state), COMPRESSION_GZIP), P2P_SEND_RELIABLE)
 * ```
 */
export function compress(bytes: Uint8Array, mode: CompressionMode = COMPRESSION_FASTLZ): Uint8Array {
  checkInput(bytes, 'compressed')
  const zlib = zlibMode(mode, 'compress')
  return bytes.length === 0 ? new Uint8Array(0) : deflateLikeGodot(bytes, zlib)
}

/**
 * Godot's `PackedByteArray.decompress`, for when the size is known: `bufferSize` is room enough, in bytes, 1 to 2^31 - 1.
 * The result is as long as the data. Bytes behind the end are ignored, as the engine ignores them.
 *
 * @throws `COMPRESSION_LIMIT` when the buffer is too small, `COMPRESSION_BAD_SIZE`, `COMPRESSION_EMPTY`,
 *   `COMPRESSION_TRUNCATED`, `COMPRESSION_CORRUPT`, `COMPRESSION_DICTIONARY`, `COMPRESSION_MODE`,
 *   `COMPRESSION_BAD_INPUT`
 * @example
 * ```ts
 * decompress(packet, 4096, COMPRESSION_GZIP)
 * ```
 */
export function decompress(
  bytes: Uint8Array,
  bufferSize: number,
  mode: CompressionMode = COMPRESSION_FASTLZ,
): Uint8Array {
  checkInput(bytes, 'decompressed')
  const zlib = zlibMode(mode, 'decompress')
  if (!Number.isInteger(bufferSize) || bufferSize < 1 || bufferSize > LARGEST_SIZE) {
    const expected = `a whole number from 1 to ${LARGEST_SIZE}`
    throw compressionError('COMPRESSION_BAD_SIZE', { option: 'bufferSize', value: bufferSize, expected })
  }
  if (bytes.length === 0) throw compressionError('COMPRESSION_EMPTY', { mode: zlib.name })
  return inflate(bytes, zlib, bufferSize).bytes
}

/**
 * Godot's `PackedByteArray.decompress_dynamic`, for when the size is not known. `maxOutputSize` is the most that may come
 * out, in bytes; -1 lifts the limit. For bytes from strangers set one: a kilobyte can hold a megabyte of zeros.
 * Inflation stops within 16 KiB behind the limit.
 *
 * @throws `COMPRESSION_LIMIT`, `COMPRESSION_TRAILING_BYTES` (where the engine would hang), `COMPRESSION_BAD_SIZE`,
 *   `COMPRESSION_EMPTY`, `COMPRESSION_TRUNCATED`, `COMPRESSION_CORRUPT`, `COMPRESSION_DICTIONARY`, `COMPRESSION_MODE`,
 *   `COMPRESSION_BAD_INPUT`
 * @example
 * ```ts
 * const state = bytesToVar(decompressDynamic(packet, 1 << 20, COMPRESSION_GZIP))
 * ```
 */
export function decompressDynamic(
  bytes: Uint8Array,
  maxOutputSize: number,
  mode: CompressionMode = COMPRESSION_FASTLZ,
): Uint8Array {
  checkInput(bytes, 'decompressed')
  const zlib = zlibMode(mode, 'decompressDynamic')
  if (!Number.isInteger(maxOutputSize) || maxOutputSize > LARGEST_SIZE) {
    const expected = `-1 for no limit, or a whole number up to ${LARGEST_SIZE}`
    throw compressionError('COMPRESSION_BAD_SIZE', { option: 'maxOutputSize', value: maxOutputSize, expected })
  }
  if (bytes.length === 0) throw compressionError('COMPRESSION_EMPTY', { mode: zlib.name })
  const { bytes: output, used } = inflate(bytes, zlib, maxOutputSize < 0 ? Number.POSITIVE_INFINITY : maxOutputSize)
  if (used < bytes.length) {
    const facts = { mode: zlib.name, offset: used, count: bytes.length - used }
    throw compressionError('COMPRESSION_TRAILING_BYTES', facts)
  }
  return output
}
