import { compressionError } from '../errors.js'
import { grown, scratch } from '../scratch.js'
import { NEAR } from './format.js'

const mode = 'FASTLZ'

function truncated(offset: number): Error {
  return compressionError('COMPRESSION_TRUNCATED', { mode, offset })
}

/** Copies a match that may overlap itself: then it repeats what it has just written. */
function copyMatch(out: Uint8Array, from: number, to: number, length: number): void {
  if (from + length <= to && length > 32) {
    out.copyWithin(to, from, from + length)
    return
  }
  for (let i = 0; i < length; i++) out[to + i] = out[from + i]!
}

/**
 * Opens FastLZ of either level, as the engine's safe decompressor does: it stops where fewer bytes are left than an
 * instruction takes (level 1), or none (level 2), and never makes more than `limit` bytes.
 *
 * @throws `COMPRESSION_LIMIT`, `COMPRESSION_TRUNCATED`, `COMPRESSION_CORRUPT`
 */
export function fastlzDecompress(input: Uint8Array, limit: number): Uint8Array<ArrayBuffer> {
  const level = input[0]! >> 5
  if (level > 1)
    throw compressionError('COMPRESSION_CORRUPT', { mode, offset: 0, reason: `unknown level ${level + 1}` })
  const end = input.length
  const stop = level === 0 ? end - 1 : end
  let out = scratch(Math.min(limit, 8 * end))
  let room = Math.min(out.length, limit)
  let op = 0
  let ip = 1
  let control = input[0]! & 31
  for (;;) {
    const start = ip - 1
    const literals = control < 32
    let length = literals ? control + 1 : (control >> 5) + 2
    let distance = 0
    if (!literals) {
      if (length === 9) {
        let more: number
        do {
          if (ip > end - 2) throw truncated(end)
          more = input[ip++]!
          length += more
        } while (level === 1 && more === 255)
      }
      if (ip >= end) throw truncated(end)
      const low = input[ip++]!
      distance = ((control & 31) << 8) + low + 1
      if (level === 1 && distance === NEAR + 1) {
        // The engine wants a byte behind these two as well; what its compressor writes ends with literals.
        if (ip >= end - 2) throw truncated(end)
        distance = (input[ip]! << 8) + input[ip + 1]! + NEAR + 1
        ip += 2
      }
    }
    if (op + length > room) {
      if (op + length > limit) throw compressionError('COMPRESSION_LIMIT', { mode, limit, offset: start })
      out = grown(out, op, op + length, limit)
      room = Math.min(out.length, limit)
    }
    if (literals) {
      if (ip + length > end) throw truncated(end)
      for (const to = op + length; op < to; ) out[op++] = input[ip++]!
    } else {
      if (distance > op) {
        throw compressionError('COMPRESSION_CORRUPT', { mode, offset: start, reason: 'a match before the first byte' })
      }
      copyMatch(out, op - distance, op, length)
      op += length
    }
    if (ip >= stop) return out.slice(0, op)
    control = input[ip++]!
  }
}
