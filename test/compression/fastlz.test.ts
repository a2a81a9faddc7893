import { describe, expect, it } from 'vitest'
import { COMPRESSION_FASTLZ, compress, decompress, decompressDynamic } from '../../src/compression/index.js'
import { codeFrom } from '../variant/code-of.js'
import { fromHex, toHex } from '../variant/hex.js'
import { Random } from '../variant/random.js'
import { sample } from './samples.js'

const HELLO = new TextEncoder().encode('hello')

/** What 4.6.3 and 3.2.3 make of "hello": 16 bytes, of which 11 are zeros. */
const HELLO_PACKED = '0f68656c6c6f0000000000000000000000'

describe('less than 16 bytes', () => {
  it('are filled up with zeros, as the engine does', () => {
    expect(toHex(compress(HELLO))).toBe(HELLO_PACKED)
    expect(toHex(compress(new Uint8Array([65])))).toBe('0f41000000000000000000000000000000')
    expect(compress(new Uint8Array()).length).toBe(0)
  })

  it('come back as many as were asked for in Godot 4, and 16 in Godot 3', () => {
    const packed = fromHex(HELLO_PACKED)
    const four = (size: number) => toHex(decompress(packed, size))
    const three = (size: number) => toHex(decompress(packed, size, COMPRESSION_FASTLZ, { version: 3 }))
    expect([1, 4, 5, 6].map(four)).toEqual(['68', '68656c6c', '68656c6c6f', '68656c6c6f00'])
    for (const size of [1, 5, 15, 16, 17, 100]) expect(three(size)).toBe(`68656c6c6f${'00'.repeat(11)}`)
    for (const size of [16, 17, 100]) expect(four(size)).toBe(three(size))
  })
})

describe('FASTLZ', () => {
  it('is level 1 below 65,536 bytes and level 2 from there', () => {
    expect(compress(sample('text', 1, 65_535, 4))[0]! >> 5).toBe(0)
    expect(compress(sample('text', 1, 65_536, 4))[0]! >> 5).toBe(1)
  })

  it('gives back everything, whatever its size', () => {
    const r = new Random(41)
    for (const kind of ['noise', 'zeros', 'repeats', 'text', 'ramp']) {
      for (const size of [
        ...r.list(150, () => 1 + r.below(3_000)),
        8_191,
        8_192,
        8_206,
        65_535,
        65_536,
        74_000,
        300_000,
      ]) {
        const plain = sample(kind, r.below(1_000_000), size, 4)
        const packed = compress(plain)
        if (Buffer.compare(decompress(packed, size), plain) !== 0) throw new Error(`${kind} ${size}`)
        expect(packed.length).toBeLessThanOrEqual(Math.max(66, Math.floor(size * 1.06)))
      }
    }
  })

  it('does not depend on what was compressed before', () => {
    const plain = sample('text', 3, 5_000, 4)
    const first = toHex(compress(plain))
    compress(sample('text', 4, 100_000, 4))
    compress(sample('noise', 4, 10, 4))
    expect(toHex(compress(plain))).toBe(first)
  })

  it('takes a buffer of just the size, and none that is too small', () => {
    for (const size of [16, 17, 100, 40_000, 70_000]) {
      const plain = sample('text', size, size, 4)
      const packed = compress(plain)
      expect(decompress(packed, size).length).toBe(size)
      expect(codeFrom(() => decompress(packed, size - 1))).toBe(size === 16 ? undefined : 'COMPRESSION_LIMIT')
      expect(decompress(packed, 0x7fffffff).length).toBe(size)
    }
    // Less than 16 bytes are opened into 16; more of them fit into no smaller buffer.
    expect(codeFrom(() => decompress(compress(sample('text', 1, 100, 4)), 5))).toBe('COMPRESSION_LIMIT')
  })

  it('makes no more than the limit, however long a match claims to be', () => {
    const bomb = new Uint8Array(400_000).fill(255)
    bomb.set([0x20, 65, 0xe0])
    bomb.set([0, 0], bomb.length - 2)
    expect(codeFrom(() => decompress(bomb, 100_000))).toBe('COMPRESSION_LIMIT')
    const before = process.memoryUsage().arrayBuffers
    expect(codeFrom(() => decompress(bomb, 1_000_000))).toBe('COMPRESSION_LIMIT')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4_000_000)
  })

  it.each([
    ['a level that does not exist', '40010203', 'COMPRESSION_CORRUPT'],
    ['a match before the first byte', '00 41 20 05 00 42', 'COMPRESSION_CORRUPT'],
    ['more literals than there are', '1f 41 42', 'COMPRESSION_TRUNCATED'],
    ['a long match without its length', '00 41 e0 00', 'COMPRESSION_TRUNCATED'],
    ['a match of level 2 without its distance', '20 41 20', 'COMPRESSION_TRUNCATED'],
    ['a length of level 2 that goes on for ever', '20 41 e0 ff ff ff', 'COMPRESSION_TRUNCATED'],
    ['a far match without its distance', '20 41 3f ff 00', 'COMPRESSION_TRUNCATED'],
  ])('%s is refused', (_what, hex, code) => {
    expect(codeFrom(() => decompress(fromHex(hex), 1000))).toBe(code)
  })

  it('names mode and place', () => {
    expect(() => decompress(fromHex('00 41 20 05 00 42'), 1000)).toThrow(/FASTLZ data is broken \(byte 2\)/)
  })

  it('passes over a last byte that is no instruction in level 1, as the engine does', () => {
    const packed = compress(sample('text', 1, 100, 4))
    expect(decompress(new Uint8Array([...packed, 0]), 1000).length).toBe(100)
    expect(decompress(new Uint8Array([...packed, 0, 65]), 1000).length).toBe(101)
  })

  it('cannot be opened without a size', () => {
    expect(codeFrom(() => decompressDynamic(compress(HELLO), -1))).toBe('COMPRESSION_MODE')
  })

  it('of anything at all is bytes or one of the codes', () => {
    const r = new Random(42)
    const seeds = [50, 400].flatMap((size) =>
      ['text', 'noise', 'repeats'].map((kind) => compress(sample(kind, 3, size, 4))),
    )
    const codes = new Set<string | undefined>()
    for (let i = 0; i < 30_000; i++) {
      const bytes = r.pick(seeds).slice(0, r.oneIn(3) ? 1 + r.below(60) : undefined)
      if (r.oneIn(2)) bytes[0]! ^= 0x20
      for (let n = r.below(4); n >= 0; n--) bytes[r.below(bytes.length)]! ^= 1 << r.below(8)
      codes.add(codeFrom(() => expect(decompress(bytes, 420).length).toBeLessThanOrEqual(420)))
    }
    expect([...codes].sort()).toEqual(['COMPRESSION_CORRUPT', 'COMPRESSION_LIMIT', 'COMPRESSION_TRUNCATED', undefined])
  })
})
