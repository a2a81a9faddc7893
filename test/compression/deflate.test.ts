// The compressor of this package against pako, which finds the matches of classic zlib with `legacyHash`: the same bytes, at
// every level, sample by sample.
import { inflateRawSync } from 'node:zlib'
import { deflate, gzip } from 'pako'
import { describe, expect, it } from 'vitest'
import { COMPRESSION_DEFLATE, COMPRESSION_GZIP, compress, decompressDynamic } from '../../src/compression/index.js'
import { Random } from '../variant/random.js'
import { sample } from './samples.js'

const LEVELS = [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

/** One chunk for all: pako stores (level 0) as much as fits into the rest of a chunk, and the engine's output is one piece. */
function byPako(plain: Uint8Array, level: number, mode: 1 | 3): Uint8Array {
  const options = { level, memLevel: 8, legacyHash: true, chunkSize: plain.length + 65_536 } as const
  return mode === COMPRESSION_GZIP ? gzip(plain, options as never) : deflate(plain, options as never)
}

function expectSame(plain: Uint8Array, level: number, mode: 1 | 3, what: string): void {
  const ours = compress(plain, mode, { compressionLevel: level })
  const same = Buffer.compare(ours, byPako(plain, level, mode)) === 0
  if (!same) throw new Error(`other bytes than pako's: ${what}, ${plain.length} bytes, level ${level}, mode ${mode}`)
}

/** Bytes with structure at a random scale: words, copies from near and far, runs, noise. */
function mixed(r: Random, size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  const letters = 1 + r.below(r.oneIn(2) ? 4 : 256)
  for (let at = 0; at < size; ) {
    const length = Math.min(size - at, 1 + r.below(r.oneIn(4) ? 600 : 12))
    const from = at > 0 ? at - 1 - r.below(Math.min(at, r.oneIn(3) ? 70_000 : 300)) : 0
    const copies = at > 0 && r.below(3) > 0
    for (let i = 0; i < length; i++) bytes[at + i] = copies ? bytes[from + i]! : r.below(letters)
    at += length
  }
  return bytes
}

describe.each(LEVELS)('level %i', (level) => {
  it('writes what pako writes, from 1 byte to 200 kB', () => {
    const r = new Random(level + 100)
    for (const kind of ['noise', 'zeros', 'repeats', 'text', 'ramp']) {
      const sizes = [1, 2, 3, 4, 5, ...r.list(12, () => 1 + r.below(2_500)), 20_000 + r.below(20_000), 66_000]
      if (level < 7) sizes.push(200_000)
      for (const size of sizes) expectSame(sample(kind, size, size, 4), level, r.pick([1, 3] as const), kind)
    }
  })

  it('writes what pako writes of anything at all', () => {
    const r = new Random(level + 200)
    for (let i = 0; i < 400; i++) expectSame(mixed(r, 1 + r.below(1_200)), level, r.pick([1, 3] as const), `mixed ${i}`)
    for (let i = 0; i < 4; i++) expectSame(mixed(r, 30_000 + r.below(90_000)), level, 3, `large mixed ${i}`)
  })
})

describe('what is compressed', () => {
  it('does not depend on what was compressed before', () => {
    const r = new Random(7)
    const samples = r.list(40, () => mixed(r, 1 + r.below(5_000)))
    for (let i = 0; i < 300; i++) expectSame(r.pick(samples), r.pick(LEVELS), r.pick([1, 3] as const), `turn ${i}`)
  })

  it('is the same around the ends of zlib’s window and blocks', () => {
    for (const size of [
      16_383, 16_384, 32_505, 32_768, 33_030, 65_273, 65_275, 65_535, 65_536, 65_537, 98_043, 131_072,
    ]) {
      for (const kind of ['noise', 'repeats', 'zeros']) expectSame(sample(kind, size, size, 4), 6, 1, kind)
      expectSame(sample('noise', size, size, 4), 0, 1, 'stored')
      expectSame(sample('noise', size, size, 4), 1, 3, 'fast')
    }
  })

  it('is the same for 1 MB', () => {
    for (const kind of ['noise', 'text', 'repeats']) expectSame(sample(kind, 9, 1 << 20, 4), -1, 3, kind)
  })

  it('is the default level when none is named, and may lie anywhere in memory', () => {
    const plain = sample('text', 2, 3_000, 4)
    const inside = new Uint8Array(5_000).fill(7)
    inside.set(plain, 1_001)
    const view = inside.subarray(1_001, 4_001)
    for (const mode of [1, 3] as const) {
      expect(Buffer.compare(compress(view, mode), byPako(plain, 6, mode))).toBe(0)
      expect(compress(view, mode).byteOffset).toBe(0)
    }
  })
})

describe('fast', () => {
  it('has the content, whatever the bytes', () => {
    const r = new Random(3)
    for (let i = 0; i < 200; i++) {
      const plain = mixed(r, 1 + r.below(5_000))
      for (const mode of [COMPRESSION_DEFLATE, COMPRESSION_GZIP] as const) {
        const packed = compress(plain, mode, { fast: true, compressionLevel: r.pick(LEVELS) })
        expect(Buffer.compare(decompressDynamic(packed, plain.length, mode), plain)).toBe(0)
      }
    }
  })

  it('gives bytes that own their memory', () => {
    const packed = compress(sample('text', 1, 5_000, 4), COMPRESSION_GZIP, { fast: true })
    expect(packed.constructor).toBe(Uint8Array)
    expect(packed.buffer.byteLength).toBe(packed.length)
    expect(inflateRawSync(packed.subarray(10)).length).toBe(5_000)
  })
})
