import { createHash } from 'node:crypto'
import { Zstd } from '@hpcc-js/wasm-zstd'
import { beforeAll, describe, expect, it } from 'vitest'
import { COMPRESSION_ZSTD, compress, decompress, ready } from '../../src/compression/index.js'
import { codeFrom } from '../variant/code-of.js'
import { fromHex, toHex } from '../variant/hex.js'
import { Random } from '../variant/random.js'
import { sample } from './samples.js'

const KINDS = ['noise', 'zeros', 'repeats', 'text', 'ramp']
const zstd = (plain: Uint8Array, compressionLevel?: number) =>
  compress(plain, COMPRESSION_ZSTD, compressionLevel === undefined ? {} : { compressionLevel })
const open = (packed: Uint8Array, size = 100_000) => decompress(packed, size, COMPRESSION_ZSTD)
const joined = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts))

/** What Godot 4.6.3 makes of "abcabcabcd", ten times, at level 3. */
const ENGINE = fromHex('28b52ffd20646d000020616263640200d73285831b02')
const PLAIN = new TextEncoder().encode('abcabcabcd'.repeat(10))

const skippable = (body: Uint8Array) =>
  joined(fromHex('5a2a4d18'), new Uint8Array(new Uint32Array([body.length]).buffer), body)

beforeAll(() => ready(COMPRESSION_ZSTD))

describe('ZSTD', () => {
  it('gives back everything, at every level', () => {
    const r = new Random(1)
    for (let level = 1; level <= 22; level++) {
      for (const kind of KINDS) {
        for (const size of [1 + r.below(300), 1 + r.below(5_000), 20_000 + r.below(20_000)]) {
          const plain = sample(kind, r.below(1_000), size, 4)
          expect(Buffer.compare(open(zstd(plain, level), size), plain), `${kind} ${size} level ${level}`).toBe(0)
        }
      }
    }
  })

  it('gives back more than a window and many blocks', () => {
    for (const kind of KINDS) {
      const plain = sample(kind, 3, 1 << 20, 4)
      for (const level of [1, 3, 12]) expect(Buffer.compare(open(zstd(plain, level), plain.length), plain)).toBe(0)
    }
  })

  it('is smaller at higher levels, and 3 by default', () => {
    const plain = sample('text', 1, 50_000, 4)
    expect(zstd(plain, 19).length).toBeLessThan(zstd(plain, 1).length)
    expect(toHex(zstd(plain))).toBe(toHex(zstd(plain, 3)))
  })

  it('reads what the engine wrote', () => {
    expect(toHex(open(ENGINE, 100))).toBe(toHex(PLAIN))
  })

  it('reads frame after frame and passes over skippable ones, as the engine does', () => {
    expect(open(joined(ENGINE, ENGINE)).length).toBe(200)
    expect(open(joined(skippable(fromHex('0101')), ENGINE, skippable(new Uint8Array()), ENGINE)).length).toBe(200)
    expect(open(skippable(new Uint8Array(5))).length).toBe(0)
  })

  it('takes nothing else behind a frame', () => {
    expect(codeFrom(() => open(joined(ENGINE, fromHex('00'))))).toBe('COMPRESSION_TRAILING_BYTES')
    expect(codeFrom(() => open(joined(ENGINE, ENGINE.subarray(1))))).toBe('COMPRESSION_TRAILING_BYTES')
  })

  it('fits into a buffer of its size, and into none that is smaller', () => {
    for (const size of [1, 100, 5_000, 200_000]) {
      const packed = zstd(sample('text', 1, size, 4))
      expect(open(packed, size).length).toBe(size)
      expect(open(packed, 0x7fffffff).length).toBe(size)
      if (size > 1) expect(codeFrom(() => open(packed, size - 1))).toBe('COMPRESSION_LIMIT')
    }
  })

  it('cut anywhere is cut', () => {
    for (const packed of [ENGINE, zstd(sample('text', 1, 3_000, 4)), zstd(sample('noise', 1, 300, 4))]) {
      for (let length = 1; length < packed.length; length++) {
        expect(
          codeFrom(() => open(packed.subarray(0, length))),
          `${length}`,
        ).toBe('COMPRESSION_TRUNCATED')
      }
    }
  })

  it('checks the checksum where there is one', () => {
    // What `zstd --check` makes of "hello": a raw block, and behind it the lowest bytes of XXH64.
    const five = fromHex('28b52ffd0458 290000 68656c6c6f a36d9f88')
    const wrong = five.slice()
    wrong[wrong.length - 1]! ^= 1
    expect(new TextDecoder().decode(open(five))).toBe('hello')
    expect(codeFrom(() => open(wrong))).toBe('COMPRESSION_CORRUPT')
  })

  it('makes nothing for a size that is a lie', () => {
    // A frame of 2^31 - 1 bytes, says its header; there is one block of 5.
    const lie = fromHex('28b52ffda0ffffff7f29000068656c6c6f')
    const before = process.memoryUsage().arrayBuffers
    expect(codeFrom(() => open(lie, 0x7fffffff))).toBe('COMPRESSION_CORRUPT')
    expect(codeFrom(() => open(lie, 1_000))).toBe('COMPRESSION_LIMIT')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
  })

  it('stops a bomb as soon as there is too much', () => {
    const bomb = zstd(new Uint8Array(50_000_000))
    // The same without its size, so that only what comes out can tell.
    const nameless = joined(bomb.subarray(0, 4), fromHex('00'), bomb.subarray(5, 6), bomb.subarray(10))
    expect(bomb[4]! >> 6).toBe(2)
    const before = process.memoryUsage().arrayBuffers
    expect(codeFrom(() => open(bomb))).toBe('COMPRESSION_LIMIT')
    expect(codeFrom(() => open(nameless))).toBe('COMPRESSION_LIMIT')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4_000_000)
    expect(open(nameless, 50_000_000).length).toBe(50_000_000)
  })

  it.each([
    ['another signature', '28b52ffe2005290000', 'COMPRESSION_CORRUPT'],
    ['a reserved bit', '28b52ffd2805290000', 'COMPRESSION_CORRUPT'],
    ['a window of 2^41 bytes', '28b52ffd00f8290000', 'COMPRESSION_CORRUPT'],
    ['a dictionary', '28b52ffd210105290000', 'COMPRESSION_DICTIONARY'],
    ['a block of a type that does not exist', '28b52ffd2005 2f0000', 'COMPRESSION_CORRUPT'],
    ['a compressed block of nothing', '28b52ffd2005 050000', 'COMPRESSION_CORRUPT'],
    ['a Huffman table to repeat where there was none', '28b52ffd2005 250000 53000000', 'COMPRESSION_CORRUPT'],
    ['a sequence table to repeat where there was none', '28b52ffd2005 250000 0801fc80', 'COMPRESSION_CORRUPT'],
    ['another size than promised', '28b52ffd2006 290000 68656c6c6f', 'COMPRESSION_CORRUPT'],
  ])('%s is refused', (_what, hex, code) => {
    expect(codeFrom(() => open(fromHex(hex)))).toBe(code)
  })

  it('refuses what the reference library refuses, and reads the rest as it does', async () => {
    const reference = await Zstd.load()
    const r = new Random(8)
    const seeds = [30, 300, 3_000].flatMap((size) =>
      KINDS.flatMap((kind) => [1, 3, 19].map((level) => zstd(sample(kind, 3, size, 4), level))),
    )
    const said = { bytes: 0, refused: 0 }
    for (let i = 0; i < 12_000; i++) {
      // The header stays: the library takes the memory that it promises.
      const bytes = r.pick(seeds).slice()
      const body = Math.min(bytes.length - 9, r.oneIn(2) ? 60 : 4_000)
      for (let n = r.below(3); n >= 0; n--) bytes[9 + r.below(body)]! ^= 1 << r.below(8)
      let wanted: Uint8Array | undefined
      try {
        wanted = reference.decompress(bytes)
      } catch {
        expect(
          codeFrom(() => open(bytes)),
          toHex(bytes),
        ).toMatch(/^COMPRESSION_/)
        said.refused++
        continue
      }
      expect(Buffer.compare(open(bytes), wanted), toHex(bytes)).toBe(0)
      said.bytes++
    }
    expect(Math.min(said.bytes, said.refused)).toBeGreaterThan(2_000)
  })

  it('of anything at all is bytes or one of the codes, and leaves nothing behind', () => {
    const r = new Random(5)
    const seeds = [40, 400, 4_000].flatMap((size) =>
      KINDS.map((kind) => zstd(sample(kind, 3, size, 4), r.pick([1, 3, 19]))),
    )
    const codes = new Set<string | undefined>()
    for (let i = 0; i < 15_000; i++) {
      const bytes = r.pick(seeds).slice(0, r.oneIn(4) ? 1 + r.below(60) : undefined)
      for (let n = r.below(4); n >= 0; n--) bytes[r.below(Math.min(bytes.length, 200))]! ^= 1 << r.below(8)
      codes.add(codeFrom(() => expect(open(bytes, 5_000).length).toBeLessThanOrEqual(5_000)))
    }
    for (const code of ['CORRUPT', 'DICTIONARY', 'LIMIT', 'TRAILING_BYTES', 'TRUNCATED']) {
      expect(codes).toContain(`COMPRESSION_${code}`)
    }
    expect(codes).toContain(undefined)
    expect(createHash('sha256').update(open(ENGINE)).digest('hex')).toBe(
      createHash('sha256').update(PLAIN).digest('hex'),
    )
  })
})
