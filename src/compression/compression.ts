import { isBytes } from '../bytes/index.js'
import { deflateFast, deflateLikeGodot } from './deflate/deflate.js'
import { compressionError } from './errors.js'
import { fastlzCompress } from './fastlz/compress.js'
import { fastlzDecompress } from './fastlz/decompress.js'
import { type Inflated, inflateGzip, inflateZlib } from './inflate/inflate.js'
import { brotliCodec, zstdCodec } from './loaded.js'
import {
  COMPRESSION_BROTLI,
  COMPRESSION_DEFLATE,
  COMPRESSION_FASTLZ,
  COMPRESSION_ZSTD,
  type CompressionMode,
  checkMode,
  MODE_NAMES,
} from './modes.js'
import { type CompressOptions, compressSettings, type DecompressOptions, versionOf } from './options.js'
import { zstdDecompress } from './zstd/decompress.js'

/** Godot's sizes are C ints. */
const LARGEST_SIZE = 0x7fffffff

/** FastLZ compresses at least so many bytes: shorter input is filled up with zeros. */
const FASTLZ_LEAST = 16

function checkInput(bytes: unknown, done: string): void {
  if (isBytes(bytes)) return
  throw compressionError('COMPRESSION_BAD_INPUT', { done, what: bytes === null ? 'null' : typeof bytes })
}

function checkSize(option: string, value: unknown, least: number, expected: string): void {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= LARGEST_SIZE) return
  throw compressionError('COMPRESSION_BAD_SIZE', { option, value, expected })
}

/**
 * Godot's `PackedByteArray.compress`: byte for byte what the engine makes with the same settings (ZSTD: what it reads).
 * Nothing in, nothing out, in every mode.
 *
 * Never append anything to the result: Godot's `decompress_dynamic` loops for ever on bytes behind the end. FASTLZ fills
 * input of less than 16 bytes up with zeros, so only who knows the size gets it back.
 *
 * @param mode `COMPRESSION_FASTLZ`, `DEFLATE`, `ZSTD` or `GZIP`; ZSTD wants `await ready(COMPRESSION_ZSTD)` first
 * @throws `COMPRESSION_MODE` for another mode, `COMPRESSION_BAD_OPTION`, `COMPRESSION_BAD_INPUT`,
 *   `COMPRESSION_NOT_READY`
 * @example
 * ```ts
 * p2p.sendP2PPacket(id, compress(varToBytes(state), COMPRESSION_GZIP), P2P_SEND_RELIABLE)
 * ```
 */
export function compress(
  bytes: Uint8Array,
  mode: CompressionMode = COMPRESSION_FASTLZ,
  options?: CompressOptions,
): Uint8Array<ArrayBuffer> {
  checkInput(bytes, 'compressed')
  checkMode(mode, 'compress', versionOf(options))
  const settings = compressSettings(options, mode)
  if (bytes.length === 0) return new Uint8Array(0)
  if (mode === COMPRESSION_FASTLZ) return fastlzCompress(bytes)
  if (mode === COMPRESSION_ZSTD) return zstdCodec().compress(bytes, settings.compressionLevel)
  return (settings.fast ? deflateFast : deflateLikeGodot)(bytes, mode, settings.compressionLevel)
}

/**
 * Godot's `PackedByteArray.decompress`, for when the size is known: `bufferSize` is room enough, in bytes, 1 to 2^31 - 1.
 * The result is as long as the data. Bytes behind the end are ignored where the engine ignores them: DEFLATE, GZIP and
 * BROTLI. In FASTLZ they are more data, and in ZSTD they must be another frame.
 *
 * FASTLZ of less than 16 bytes was filled up with zeros: `bufferSize` cuts them off. With `version: 3` it cannot, as in
 * Godot 3.
 *
 * @throws `COMPRESSION_LIMIT` when the buffer is too small, `COMPRESSION_BAD_SIZE`, `COMPRESSION_EMPTY`,
 *   `COMPRESSION_TRUNCATED`, `COMPRESSION_CORRUPT`, `COMPRESSION_DICTIONARY`, `COMPRESSION_MODE`,
 *   `COMPRESSION_BAD_OPTION`, `COMPRESSION_BAD_INPUT`, `COMPRESSION_NOT_READY`
 * @example
 * ```ts
 * const packet = compress(new Uint8Array(1_000), COMPRESSION_GZIP)
 * decompress(packet, 4096, COMPRESSION_GZIP).length // 1_000
 * ```
 */
export function decompress(
  bytes: Uint8Array,
  bufferSize: number,
  mode: CompressionMode = COMPRESSION_FASTLZ,
  options?: DecompressOptions,
): Uint8Array<ArrayBuffer> {
  checkInput(bytes, 'decompressed')
  const version = versionOf(options)
  checkMode(mode, 'decompress', version)
  checkSize('bufferSize', bufferSize, 1, `a whole number from 1 to ${LARGEST_SIZE}`)
  if (bytes.length === 0) throw compressionError('COMPRESSION_EMPTY', { mode: MODE_NAMES[mode] })
  if (mode === COMPRESSION_FASTLZ) return fastlzOfSize(bytes, bufferSize, version)
  if (mode === COMPRESSION_ZSTD) return zstdDecompress(bytes, bufferSize)
  return open(bytes, bufferSize, mode).bytes
}

/** The engine opens FASTLZ into 16 bytes at the least. Godot 4 gives as many of them as were asked for, Godot 3 all. */
function fastlzOfSize(bytes: Uint8Array, size: number, version: 3 | 4): Uint8Array<ArrayBuffer> {
  const out = fastlzDecompress(bytes, Math.max(size, FASTLZ_LEAST))
  return version === 4 && out.length > size ? out.slice(0, size) : out
}

/**
 * Godot's `PackedByteArray.decompress_dynamic`, for when the size is not known. `maxOutputSize` is the most that may come
 * out, in bytes; -1 lifts the limit. For bytes from strangers set one: a kilobyte can hold a megabyte of zeros.
 * Nothing is made beyond the limit.
 *
 * @param mode `COMPRESSION_DEFLATE`, `GZIP` or `BROTLI`, as in the engine; BROTLI wants `await ready(COMPRESSION_BROTLI)`
 * @throws `COMPRESSION_LIMIT`, `COMPRESSION_TRAILING_BYTES` (DEFLATE and GZIP, where the engine would hang),
 *   `COMPRESSION_BAD_SIZE`, `COMPRESSION_EMPTY`, `COMPRESSION_TRUNCATED`, `COMPRESSION_CORRUPT`,
 *   `COMPRESSION_DICTIONARY`, `COMPRESSION_MODE`, `COMPRESSION_BAD_OPTION`, `COMPRESSION_BAD_INPUT`,
 *   `COMPRESSION_NOT_READY`
 * @example
 * ```ts
 * const packet = compress(varToBytes('hello'), COMPRESSION_GZIP)
 * bytesToVar(decompressDynamic(packet, 1 << 20, COMPRESSION_GZIP)) // 'hello'
 * ```
 */
export function decompressDynamic(
  bytes: Uint8Array,
  maxOutputSize: number,
  mode: CompressionMode = COMPRESSION_FASTLZ,
  options?: DecompressOptions,
): Uint8Array<ArrayBuffer> {
  checkInput(bytes, 'decompressed')
  checkMode(mode, 'decompressDynamic', versionOf(options))
  const expected = `-1 for no limit, or a whole number up to ${LARGEST_SIZE}`
  checkSize('maxOutputSize', maxOutputSize, Number.NEGATIVE_INFINITY, expected)
  const name = MODE_NAMES[mode]
  if (bytes.length === 0) throw compressionError('COMPRESSION_EMPTY', { mode: name })
  const { bytes: output, used } = open(bytes, maxOutputSize < 0 ? LARGEST_SIZE : maxOutputSize, mode)
  if (used < bytes.length) {
    throw compressionError('COMPRESSION_TRAILING_BYTES', { mode: name, offset: used, count: bytes.length - used })
  }
  return output
}

function open(bytes: Uint8Array, limit: number, mode: CompressionMode): Inflated {
  if (mode === COMPRESSION_BROTLI) return { bytes: brotliCodec().decompress(bytes, limit), used: bytes.length }
  return mode === COMPRESSION_DEFLATE ? inflateZlib(bytes, limit) : inflateGzip(bytes, limit)
}
