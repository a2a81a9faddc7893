import { compressionError } from './errors.js'

// Codecs that are not there from the start: `ready()` loads them.

export interface ZstdCodec {
  /** One frame with its content size, as the engine writes it. */
  compress(bytes: Uint8Array, level: number): Uint8Array<ArrayBuffer>
}

export interface BrotliCodec {
  /** At most `limit` bytes; what lies behind the end is left alone. */
  decompress(bytes: Uint8Array, limit: number): Uint8Array<ArrayBuffer>
}

/** What is loaded by now. */
export const loaded: { zstd?: ZstdCodec; brotli?: BrotliCodec } = {}

/** @throws `COMPRESSION_NOT_READY` before `ready(COMPRESSION_ZSTD)` */
export function zstdCodec(): ZstdCodec {
  if (loaded.zstd) return loaded.zstd
  throw compressionError('COMPRESSION_NOT_READY', { mode: 'ZSTD', constant: 'COMPRESSION_ZSTD' })
}

/** @throws `COMPRESSION_NOT_READY` before `ready(COMPRESSION_BROTLI)` */
export function brotliCodec(): BrotliCodec {
  if (loaded.brotli) return loaded.brotli
  throw compressionError('COMPRESSION_NOT_READY', { mode: 'BROTLI', constant: 'COMPRESSION_BROTLI' })
}
