// Byte for byte what the engines compress, and back. compress.txt names each sample and what an engine made of it.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  COMPRESSION_FASTLZ,
  COMPRESSION_ZSTD,
  type CompressionMode,
  compress,
  decompress,
  decompressDynamic,
} from '../../src/compression/index.js'
import { fromHex, toHex } from '../variant/hex.js'
import { PRINTERS, readVectors } from '../variant/read-vectors.js'
import { sample } from './samples.js'

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

describe.each(PRINTERS)('what %s compresses', (name, _release, version) => {
  const rows = readVectors(name, 'compress')
  const zstd = rows.filter(([, , , , mode]) => Number(mode) === COMPRESSION_ZSTD)
  const exact = rows.filter(([, , , , mode]) => Number(mode) !== COMPRESSION_ZSTD)

  it('is enough of it', () => {
    expect(exact.length).toBeGreaterThanOrEqual(220)
    expect(zstd.length).toBeGreaterThanOrEqual(40)
  })

  it.each(exact)('%s', (_name, kind, seed, size, modeText, packedSize, shown = '') => {
    const mode = Number(modeText) as CompressionMode
    const plain = sample(kind!, Number(seed), Number(size), version)
    const packed = compress(plain, mode, { version })
    // Short results stand there as they are, long ones as their SHA-256.
    expect(packed.length).toBe(Number(packedSize))
    expect(packed.length <= 120 ? toHex(packed) : sha256(packed)).toBe(shown)
    expect(sha256(decompress(packed, plain.length, mode))).toBe(sha256(plain))
    const theirs = packed.length <= 120 ? fromHex(shown) : packed
    expect(toHex(decompress(theirs, plain.length, mode))).toBe(toHex(plain))
    if (mode !== COMPRESSION_FASTLZ) {
      expect(sha256(decompressDynamic(packed, plain.length, mode, { version }))).toBe(sha256(plain))
    }
  })

  it.each(zstd)('%s is read', (_name, kind, seed, size, _mode, _packedSize, hex = '') => {
    const plain = sample(kind!, Number(seed), Number(size), version)
    expect(toHex(decompress(fromHex(hex), plain.length, COMPRESSION_ZSTD))).toBe(toHex(plain))
  })
})
