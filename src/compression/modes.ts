import { compressionError } from './errors.js'

/** FastLZ, Godot's default. */
export const COMPRESSION_FASTLZ = 0
/** Deflate in a zlib wrapper. */
export const COMPRESSION_DEFLATE = 1
/** Zstandard. Needs `await ready(COMPRESSION_ZSTD)` once. */
export const COMPRESSION_ZSTD = 2
/** Deflate in a gzip wrapper: what the GodotSteam tutorial uses. */
export const COMPRESSION_GZIP = 3
/** Brotli, which Godot 4 only decompresses and Godot 3 lacks. Needs `await ready(COMPRESSION_BROTLI)` once. */
export const COMPRESSION_BROTLI = 4

/** Godot's `FileAccess.CompressionMode` (Godot 3: `File.CompressionMode`). */
export type CompressionMode = 0 | 1 | 2 | 3 | 4

/** What a mode is called in messages. */
export const MODE_NAMES = ['FASTLZ', 'DEFLATE', 'ZSTD', 'GZIP', 'BROTLI'] as const

type Call = 'compress' | 'decompress' | 'decompressDynamic'

const ALLOWED: Readonly<Record<Call, readonly number[]>> = {
  compress: [COMPRESSION_FASTLZ, COMPRESSION_DEFLATE, COMPRESSION_ZSTD, COMPRESSION_GZIP],
  decompress: [COMPRESSION_FASTLZ, COMPRESSION_DEFLATE, COMPRESSION_ZSTD, COMPRESSION_GZIP, COMPRESSION_BROTLI],
  decompressDynamic: [COMPRESSION_DEFLATE, COMPRESSION_GZIP, COMPRESSION_BROTLI],
}

/** @throws `COMPRESSION_MODE` where the engine of that version cannot do this in this mode */
export function checkMode(mode: unknown, call: Call, version: 3 | 4): void {
  if (ALLOWED[call].includes(mode as number) && !(mode === COMPRESSION_BROTLI && version === 3)) return
  const modes = ALLOWED[call].filter((one) => version === 4 || one !== COMPRESSION_BROTLI)
  const expected = modes.map((one) => `COMPRESSION_${MODE_NAMES[one]} (${one})`).join(' or ')
  throw compressionError('COMPRESSION_MODE', { mode, call, version, expected })
}
