import { compressionError } from './errors.js'
import { COMPRESSION_DEFLATE, COMPRESSION_GZIP, COMPRESSION_ZSTD } from './modes.js'

/** How to decompress. */
export interface DecompressOptions {
  /**
   * Whose rules hold where the engines differ: 3 or 4, default 4. Godot 3 gives 16 bytes of FASTLZ when asked for fewer,
   * and it has no BROTLI.
   */
  readonly version?: 3 | 4
}

/** How to compress. The levels are those of the project settings `compression/formats/*`, with Godot's defaults. */
export interface CompressOptions {
  /** 3 or 4, default 4. What is compressed is the same in both. */
  readonly version?: 3 | 4
  /**
   * The setting `compression_level` of `compression/formats/zlib`, `gzip` or `zstd`, whichever is the mode's. DEFLATE and
   * GZIP: 0 (stored) to 9 (smallest), default -1, which is 6. ZSTD: 1 to 22, default 3. FASTLZ has no levels.
   */
  readonly compressionLevel?: number
  /**
   * DEFLATE and GZIP: true takes the fastest way there is at that level. The bytes may then differ from the engine's;
   * their content does not. Default false.
   */
  readonly fast?: boolean
}

/** Options with nothing left open. */
export interface CompressSettings {
  readonly compressionLevel: number
  readonly fast: boolean
}

const ZLIB_DEFAULTS: CompressSettings = { compressionLevel: -1, fast: false }
const ZSTD_DEFAULTS: CompressSettings = { compressionLevel: 3, fast: false }

function bad(option: string, value: unknown, expected: string): Error {
  return compressionError('COMPRESSION_BAD_OPTION', { option, value, expected })
}

function checkInt(option: string, value: unknown, from: number, to: number): void {
  if (typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to) return
  throw bad(option, value, `a whole number from ${from} to ${to}`)
}

/** @throws `COMPRESSION_BAD_OPTION` */
export function versionOf(options: DecompressOptions | undefined): 3 | 4 {
  if (options === undefined) return 4
  if (typeof options !== 'object' || options === null) throw bad('options', options, 'an object')
  const { version = 4 } = options
  if (version !== 3 && version !== 4) throw bad('version', version, '3 or 4')
  return version
}

/** @throws `COMPRESSION_BAD_OPTION` for an option out of range, or a level where the mode has none */
export function compressSettings(options: CompressOptions | undefined, mode: number): CompressSettings {
  const defaults = mode === COMPRESSION_ZSTD ? ZSTD_DEFAULTS : ZLIB_DEFAULTS
  if (options === undefined) return defaults
  const settings = {
    compressionLevel: options.compressionLevel ?? defaults.compressionLevel,
    fast: options.fast ?? false,
  }
  if (mode === COMPRESSION_ZSTD) checkInt('compressionLevel', settings.compressionLevel, 1, 22)
  else if (mode === COMPRESSION_DEFLATE || mode === COMPRESSION_GZIP) {
    checkInt('compressionLevel', settings.compressionLevel, -1, 9)
  } else if (options.compressionLevel !== undefined) {
    throw bad('compressionLevel', options.compressionLevel, 'left out: this mode has no levels')
  }
  if (typeof settings.fast !== 'boolean') throw bad('fast', settings.fast, 'true or false')
  return settings
}
