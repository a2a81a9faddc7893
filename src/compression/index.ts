export { compress, decompress, decompressDynamic } from './compression.js'
export type { CompressionErrorCode } from './errors.js'
export {
  COMPRESSION_BROTLI,
  COMPRESSION_DEFLATE,
  COMPRESSION_FASTLZ,
  COMPRESSION_GZIP,
  COMPRESSION_ZSTD,
  type CompressionMode,
} from './modes.js'
export type { CompressOptions, DecompressOptions } from './options.js'
export { ready } from './ready.js'
