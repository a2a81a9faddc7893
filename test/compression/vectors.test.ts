// Byte for byte what the engines compress, and back. compress.txt names each sample and what an engine made of it.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type CompressionMode, compress, decompress, decompressDynamic } from '../../src/compression/index.js'
import { fromHex, toHex } from '../variant/hex.js'
import { readVectors } from '../variant/read-vectors.js'
import { sample } from './samples.js'

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

describe.each([4, 3] as const)('what Godot %i compresses', (version) => {
  const rows = readVectors(version, 'compress')

  it('is enough of it', () => {
    expect(rows.length).toBeGreaterThanOrEqual(80)
  })

  it.each(rows)('%s', (_name, kind, seed, size, modeText, packedSize, shown = '') => {
    const mode = Number(modeText) as CompressionMode
    const plain = sample(kind!, Number(seed), Number(size), version)
    const packed = compress(plain, mode)
    // Short results stand there as they are, long ones as their SHA-256.
    expect(packed.length).toBe(Number(packedSize))
    expect(packed.length <= 120 ? toHex(packed) : sha256(packed)).toBe(shown)
    expect(sha256(decompressDynamic(packed, plain.length, mode))).toBe(sha256(plain))
    expect(sha256(decompress(packed, plain.length, mode))).toBe(sha256(plain))
    if (packed.length <= 120) expect(toHex(decompressDynamic(fromHex(shown), -1, mode))).toBe(toHex(plain))
  })
})
