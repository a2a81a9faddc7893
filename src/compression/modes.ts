import { compressionError } from './errors.js'

/** FastLZ, Godot's default. */
export const COMPRESSION_FASTLZ = 0
/** Deflate in a zlib wrapper. */
export const COMPRESSION_DEFLATE = 1
/** Zstandard. */
export const COMPRESSION_ZSTD = 2
/** Deflate in a gzip wrapper: what the GodotSteam tutorial uses. */
export const COMPRESSION_GZIP = 3
/** Brotli, which Godot only decompresses. */
export const COMPRESSION_BROTLI = 4

/** Godot's `FileAccess.CompressionMode` (Godot 3: `File.CompressionMode`). */
export type CompressionMode = 0 | 1 | 2 | 3 | 4

/** The modes that are zlib's inside, with their name and zlib's window bits: 15, and 16 more for a gzip wrapper. */
export interface ZlibMode {
  readonly name: string
  readonly windowBits: number
}

const ZLIB_MODES: Readonly<Record<number, ZlibMode>> = {
  [COMPRESSION_DEFLATE]: { name: 'DEFLATE', windowBits: 15 },
  [COMPRESSION_GZIP]: { name: 'GZIP', windowBits: 31 },
}

export function zlibMode(mode: number, call: string): ZlibMode {
  // As a key of the table '3' would pass for 3, and 'constructor' for a mode.
  const found = typeof mode === 'number' ? ZLIB_MODES[mode] : undefined
  if (found) return found
  throw compressionError('COMPRESSION_MODE', {
    mode,
    call,
    expected: 'COMPRESSION_DEFLATE (1) or COMPRESSION_GZIP (3)',
  })
}
