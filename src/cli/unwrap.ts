/** What lies around encoded values: compression, and the lengths of put_var. */
import {
  COMPRESSION_BROTLI,
  COMPRESSION_DEFLATE,
  COMPRESSION_FASTLZ,
  COMPRESSION_GZIP,
  COMPRESSION_ZSTD,
  type CompressionMode,
  decompress,
  decompressDynamic,
  ready,
} from '../compression/index.js'
import type { Given } from './command.js'
import { limitOf, text, wholeNumber } from './given.js'

export const MODES: Readonly<Record<string, CompressionMode>> = {
  fastlz: COMPRESSION_FASTLZ,
  deflate: COMPRESSION_DEFLATE,
  zstd: COMPRESSION_ZSTD,
  gzip: COMPRESSION_GZIP,
  brotli: COMPRESSION_BROTLI,
}

export interface Opened {
  readonly bytes: Uint8Array
  /** What was taken away, from the outside in: `gzip, 61 bytes hold 96`. */
  readonly steps: readonly string[]
}

/** Opens what the options say, or what the first bytes say. */
export async function open(bytes: Uint8Array, given: Given): Promise<Opened> {
  const asked = text(given, 'compression') ?? 'auto'
  const mode = asked === 'auto' ? modeOf(bytes) : asked
  if (mode === undefined || mode === 'none') return { bytes, steps: [] }
  const limit = wholeNumber(given, 'size', 1) ?? limitOf(given)
  const opened = await openedAs(bytes, mode, limit)
  return { bytes: opened, steps: [`${mode}: ${bytes.length} bytes hold ${opened.length}`] }
}

async function openedAs(bytes: Uint8Array, mode: string, limit: number): Promise<Uint8Array> {
  if (mode === 'fastlz' || mode === 'zstd') return decompress(bytes, limit, MODES[mode])
  if (mode === 'brotli') await ready(COMPRESSION_BROTLI)
  return decompressDynamic(bytes, limit, MODES[mode])
}

/** By the first bytes, none of which begin a value: fastlz and brotli have no such mark. */
function modeOf(bytes: Uint8Array): string | undefined {
  const [a = 0, b = 0, c = 0, d = 0] = bytes
  if (a === 0x1f && b === 0x8b && c === 8) return 'gzip'
  if (a === 0x78 && ((a << 8) | b) % 31 === 0) return 'deflate'
  return a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd ? 'zstd' : undefined
}

const PREFIX = 4

/** The frames that lie side by side from the first byte to the last; undefined where there are none such. */
export function framesOf(bytes: Uint8Array, bigEndian: boolean): Uint8Array[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const frames: Uint8Array[] = []
  let at = 0
  while (at + PREFIX <= bytes.length) {
    const end = at + PREFIX + view.getUint32(at, !bigEndian)
    // No value is shorter than its header.
    if (end > bytes.length || end < at + 2 * PREFIX) return undefined
    frames.push(bytes.subarray(at + PREFIX, end))
    at = end
  }
  return at === bytes.length && frames.length > 0 ? frames : undefined
}
