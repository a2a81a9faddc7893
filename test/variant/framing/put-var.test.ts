// putVar and getVar: a length and a value. The rows are what Godot 4.6.3 wrote; test/live/framing.test.ts asks it again.
import { describe, expect, it } from 'vitest'
import { getVar, putVar } from '../../../src/variant/framing/index.js'
import { Dictionary, GodotObject } from '../../../src/variant/index.js'
import { codeFrom } from '../code-of.js'
import { fromHex, toHex } from '../hex.js'
import { frame, hexOf, joined, randomValues } from './streams.js'

const OBJECT = new GodotObject('RefCounted', new Dictionary<unknown, unknown>([['script', null]]))

describe('putVar', () => {
  it.each([
    ['null', null, '0400000000000000'],
    ['42', 42, '08000000020000002a000000'],
    ['{ a: 1 }', { a: 1 }, '1c0000001b000000010000000400000001000000610000000200000001000000'],
  ])('writes %s as the engine does', (_text, value, hex) => {
    expect(toHex(putVar(value))).toBe(hex)
  })

  it('turns only the length with bigEndian', () => {
    expect(toHex(putVar(5, { bigEndian: true }))).toBe('000000080200000005000000')
    expect(toHex(putVar(5, { bigEndian: false }))).toBe('080000000200000005000000')
  })

  it('passes its options on to the value', () => {
    expect(toHex(putVar([1], { version: 3 }))).toBe('1000000013000000010000000200000001000000')
    expect(codeFrom(() => putVar([1, 2], { maxElements: 1 }))).toBe('VARIANT_TOO_MANY')
    expect(codeFrom(() => putVar(5, { maxBytes: 7 }))).toBe('VARIANT_TOO_LARGE')
    expect(putVar(5, { maxBytes: 8 })).toHaveLength(12)
    expect(codeFrom(() => putVar(OBJECT))).toBe('VARIANT_OBJECT_NOT_ALLOWED')
    expect(getVar(putVar(OBJECT, { objects: true }), 0, { objects: true }).value).toEqual(OBJECT)
  })
})

describe('getVar', () => {
  it.each([false, true])('reads what putVar writes, one behind the other (bigEndian %s)', (bigEndian) => {
    const values = randomValues(1, 200)
    const bytes = joined([fromHex('ff'), ...values.map((value) => putVar(value, { bigEndian }))])
    let offset = 1
    for (const value of values) {
      const got = getVar(bytes, offset, { bigEndian, exact: true })
      expect(hexOf(got.value)).toBe(hexOf(value))
      offset += got.size
    }
    expect(offset).toBe(bytes.length)
  })

  it('ignores what stands behind the value in its frame, as the engine does', () => {
    expect(getVar(fromHex('0c000000 02000000 05000000 deadbeef 04000000 00000000'))).toEqual({ value: 5, size: 16 })
  })

  it('does not read beyond its frame', () => {
    const bytes = fromHex('04000000 02000000 05000000')
    expect(codeFrom(() => getVar(bytes))).toBe('VARIANT_TRUNCATED')
    expect(codeFrom(() => getVar(fromHex('00000000 00000000')))).toBe('VARIANT_TRUNCATED')
  })

  it.each([
    ['no byte', '', 'VARIANT_FRAME_TRUNCATED', { offset: 0, needed: 4, left: 0 }],
    ['a cut length', '080000', 'VARIANT_FRAME_TRUNCATED', { offset: 0, needed: 4, left: 3 }],
    ['a cut value', '08000000 02000000 050000', 'VARIANT_FRAME_TRUNCATED', { offset: 0, needed: 12, left: 11 }],
    ['the longest length', 'ffffff7f 00', 'VARIANT_FRAME_TRUNCATED', { offset: 0, needed: 2 ** 31 + 3, left: 5 }],
    ['a negative length', 'ffffffff 00', 'VARIANT_FRAME_BAD_LENGTH', { offset: 0, length: -1 }],
    ['the most negative length', '00000080 00', 'VARIANT_FRAME_BAD_LENGTH', { offset: 0, length: -(2 ** 31) }],
  ])('refuses %s', (_what, hex, code, facts) => {
    expect(() => getVar(fromHex(hex))).toThrow(expect.objectContaining({ code, facts: expect.objectContaining(facts) }))
  })

  it('says when the length would do the other way round', () => {
    const bytes = putVar(5, { bigEndian: true })
    expect(() => getVar(bytes, 0, { maxBytes: 1000 })).toThrow(/134217728.*1000 of maxBytes.*it is 8.*bigEndian/)
    expect(() => getVar(frame(new Uint8Array(0xfe), true))).toThrow(/it is 254: see the option bigEndian/)
    expect(() => getVar(fromHex('ffffffff'))).toThrow(/^(?!.*bigEndian)/)
  })

  it('holds maxBytes exactly', () => {
    expect(getVar(putVar(5), 0, { maxBytes: 8 }).value).toBe(5)
    expect(codeFrom(() => getVar(putVar(5), 0, { maxBytes: 7 }))).toBe('VARIANT_FRAME_TOO_LARGE')
  })

  it('refuses offsets outside and what is no Uint8Array', () => {
    expect(codeFrom(() => getVar(putVar(5), 13))).toBe('VARIANT_OUT_OF_RANGE')
    expect(codeFrom(() => getVar(putVar(5), -1))).toBe('VARIANT_OUT_OF_RANGE')
    expect(codeFrom(() => getVar(putVar(5), 0.5))).toBe('VARIANT_OUT_OF_RANGE')
    expect(codeFrom(() => getVar(putVar(5).buffer as never))).toBe('VARIANT_UNSUPPORTED')
  })
})
