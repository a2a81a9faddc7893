// The compressed form of RPC arguments. Rows without a note were captured from Godot 4.6.3; test/live/framing.test.ts
// captures them again.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeAndDecompressVariant, encodeAndCompressVariant } from '../../../src/variant/framing/index.js'
import { Dictionary, float, GodotObject, varToBytes } from '../../../src/variant/index.js'
import { codeFrom } from '../code-of.js'
import { fromHex, toHex } from '../hex.js'
import { COMPRESSED_ROWS } from './compressed-rows.js'
import { hexOf, randomValues } from './streams.js'

const OBJECT = new GodotObject('RefCounted', new Dictionary<unknown, unknown>([['script', null]]))

describe('encodeAndCompressVariant', () => {
  it.each(COMPRESSED_ROWS)('writes and reads %s as %s', (_source, hex, value) => {
    expect(toHex(encodeAndCompressVariant(value as never))).toBe(hex)
    const read = decodeAndDecompressVariant(fromHex(`ff${hex}ff`), 1, { exact: true })
    expect(hexOf(read.value)).toBe(hexOf(value))
    expect(read.size).toBe(hex.length / 2)
  })

  it('writes a bigint as the int that it is', () => {
    expect(toHex(encodeAndCompressVariant(5n))).toBe('0205')
    expect(toHex(encodeAndCompressVariant(2n ** 53n))).toBe('c20000000000002000')
    expect(codeFrom(() => encodeAndCompressVariant(2n ** 63n))).toBe('VARIANT_OUT_OF_RANGE')
  })

  it('writes -0 and integral floats as floats', () => {
    expect(toHex(encodeAndCompressVariant(-0))).toBe(hexOf(-0))
    expect(toHex(encodeAndCompressVariant(float(1)))).toBe('030000000000803f')
  })

  it('leaves every other value as it is, ints inside containers too', () => {
    for (const value of randomValues(8, 500).filter((one) => !['boolean', 'number', 'bigint'].includes(typeof one))) {
      expect(toHex(encodeAndCompressVariant(value))).toBe(hexOf(value))
      expect(hexOf(decodeAndDecompressVariant(varToBytes(value), 0, { exact: true }).value)).toBe(hexOf(value))
    }
  })

  it('reads any int again, one behind the other', () => {
    const ints = fc.array(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).chain((n) => fc.nat(63).map((by) => n >> BigInt(by))),
    )
    fc.assert(
      fc.property(ints, (sent) => {
        const bytes = Buffer.concat(sent.map((value) => encodeAndCompressVariant(value)))
        let offset = 0
        for (const value of sent) {
          const got = decodeAndDecompressVariant(bytes, offset)
          expect(BigInt(got.value as number)).toBe(value)
          expect(typeof got.value).toBe(Number.isSafeInteger(Number(value)) ? 'number' : 'bigint')
          offset += got.size
        }
        expect(offset).toBe(bytes.length)
      }),
      { numRuns: 500 },
    )
  })

  it('takes options, and only Godot 4', () => {
    expect(codeFrom(() => encodeAndCompressVariant(OBJECT))).toBe('VARIANT_OBJECT_NOT_ALLOWED')
    const full = encodeAndCompressVariant(OBJECT, { objects: true })
    expect(codeFrom(() => decodeAndDecompressVariant(full))).toBe('VARIANT_OBJECT_NOT_ALLOWED')
    expect(decodeAndDecompressVariant(full, 0, { objects: true })).toEqual({ value: OBJECT, size: full.length })
    for (const version of [2, 3] as const) {
      expect(codeFrom(() => encodeAndCompressVariant(5, { version }))).toBe('VARIANT_BAD_OPTION')
      expect(codeFrom(() => decodeAndDecompressVariant(fromHex('0205'), 0, { version }))).toBe('VARIANT_BAD_OPTION')
    }
    expect(encodeAndCompressVariant(300, { maxBytes: 3, version: 4 })).toHaveLength(3)
    expect(codeFrom(() => encodeAndCompressVariant(300, { maxBytes: 2 }))).toBe('VARIANT_TOO_LARGE')
    expect(decodeAndDecompressVariant(fromHex('422c01'), 0, { maxBytes: 3 })).toEqual({ value: 300, size: 3 })
    expect(codeFrom(() => decodeAndDecompressVariant(fromHex('422c01'), 0, { maxBytes: 2 }))).toBe('VARIANT_TOO_LARGE')
  })
})

describe('decodeAndDecompressVariant', () => {
  it.each([
    // Ints that are wider than they need to be.
    ['420500', 5, 3],
    ['8205000000', 5, 5],
    ['c20500000000000000', 5, 9],
    // Bit 6 of a bool is ignored.
    ['41', false, 1],
    ['c1', true, 1],
    // Only the first byte of a bool or int is a header.
    ['01ffffff', false, 1],
    // Bytes 1 to 3 of another value are its header's.
    ['00ff0000', null, 4],
  ])('reads %s as %j', (hex, value, size) => {
    expect(decodeAndDecompressVariant(fromHex(hex))).toEqual({ value, size })
  })

  it.each([
    ['', 'VARIANT_TRUNCATED', { offset: 0, needed: 1, left: 0 }],
    ['02', 'VARIANT_TRUNCATED', { offset: 1, needed: 1, left: 0 }],
    ['4205', 'VARIANT_TRUNCATED', { offset: 1, needed: 2, left: 1 }],
    ['82050000', 'VARIANT_TRUNCATED', { offset: 1, needed: 4, left: 3 }],
    ['c205000000000000', 'VARIANT_TRUNCATED', { offset: 1, needed: 8, left: 7 }],
    ['00', 'VARIANT_TRUNCATED', { offset: 0, needed: 4, left: 1 }],
    ['27000000', 'VARIANT_BAD_TYPE', { type: 0x27, offset: 0 }],
    ['3f000000', 'VARIANT_BAD_TYPE', { type: 0x3f, offset: 0 }],
    // Bits 6 and 7 belong to bools and ints only.
    ['40000000', 'VARIANT_BAD_TYPE', { type: 0x40, offset: 0 }],
    ['4400000000000000', 'VARIANT_BAD_TYPE', { type: 0x44, offset: 0 }],
    ['c300000000000000', 'VARIANT_BAD_TYPE', { type: 0xc3, offset: 0 }],
  ])('refuses %s', (hex, code, facts) => {
    expect(() => decodeAndDecompressVariant(fromHex(hex))).toThrow(
      expect.objectContaining({ code, facts: expect.objectContaining(facts) }),
    )
  })

  it('refuses offsets outside and what is no Uint8Array', () => {
    expect(codeFrom(() => decodeAndDecompressVariant(fromHex('0205'), 3))).toBe('VARIANT_OUT_OF_RANGE')
    expect(codeFrom(() => decodeAndDecompressVariant([2, 5] as never))).toBe('VARIANT_UNSUPPORTED')
  })

  it('throws only our codes for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        codeFrom(() => expect(decodeAndDecompressVariant(bytes).size).toBeLessThanOrEqual(bytes.length))
      }),
      { numRuns: 20_000 },
    )
  })
})
