// VariantEncoder and VariantDecoder: the same as the functions, with options and memory that stay.
import { describe, expect, it } from 'vitest'
import {
  bytesToVar,
  Dictionary,
  decodeVar,
  float,
  GodotObject,
  VariantDecoder,
  VariantEncoder,
  Vector3,
  varToBytes,
  varToBytesWithObjects,
} from '../../src/variant/index.js'
import { codeFrom } from './code-of.js'
import { toHex } from './hex.js'

const STATE = { id: 7, pos: new Vector3(1, 2, 3), hp: float(5), inventory: [1, 2, 3], name: 'größe' }

describe('a VariantEncoder', () => {
  it('writes what varToBytes writes, with its options', () => {
    for (const options of [{}, { version: 3 }, { version: 2 }, { realSize: 'double' }, { target: '4.2' }] as const) {
      const encoder = new VariantEncoder(options)
      for (let i = 0; i < 3; i++) {
        expect(toHex(encoder.encode(STATE))).toBe(toHex(varToBytes(STATE, options)))
        expect(toHex(encoder.encodeView(STATE))).toBe(toHex(varToBytes(STATE, options)))
      }
    }
  })

  it('writes Objects in full where it may', () => {
    const object = new GodotObject('Node', new Dictionary([['name', 'a']]))
    expect(toHex(new VariantEncoder({ objects: true }).encode(object))).toBe(toHex(varToBytesWithObjects(object)))
    expect(codeFrom(() => new VariantEncoder().encode(object))).toBe('VARIANT_OBJECT_NOT_ALLOWED')
  })

  it('says at once what is wrong with its options', () => {
    expect(codeFrom(() => new VariantEncoder({ version: 5 as 4 }))).toBe('VARIANT_BAD_OPTION')
    expect(codeFrom(() => new VariantDecoder({ maxDepth: 0 }))).toBe('VARIANT_BAD_OPTION')
  })

  it('gives bytes of their own, or those in its memory until the next call', () => {
    const encoder = new VariantEncoder()
    const own = encoder.encode('first')
    const view = encoder.encodeView('first')
    expect(own.buffer.byteLength).toBe(own.length)
    expect(view.buffer.byteLength).toBeGreaterThan(view.length)
    encoder.encodeView('other')
    expect(bytesToVar(own)).toBe('first')
    expect(bytesToVar(view)).toBe('other')
  })

  it('goes on after an error, and holds its limit', () => {
    const encoder = new VariantEncoder({ maxBytes: 64, maxElements: 4 })
    const hex = toHex(encoder.encode([1, 2]))
    expect(codeFrom(() => encoder.encode(['x'.repeat(100)]))).toBe('VARIANT_TOO_LARGE')
    expect(codeFrom(() => encoder.encodeView([1, 2, 3, 4, 5]))).toBe('VARIANT_TOO_MANY')
    expect(codeFrom(() => encoder.encode([() => 1] as never))).toBe('VARIANT_UNSUPPORTED')
    expect(toHex(encoder.encode([1, 2]))).toBe(hex)
  })

  it('may be called by a getter of the value that it writes', () => {
    const encoder = new VariantEncoder()
    const outer = {
      before: 'b',
      get inner() {
        return toHex(encoder.encodeView({ before: 'i', after: 'j' }))
      },
      after: 'a',
    }
    const inner = toHex(varToBytes({ before: 'i', after: 'j' }))
    expect(toHex(encoder.encodeView(outer))).toBe(toHex(varToBytes({ before: 'b', inner, after: 'a' })))
    expect(toHex(encoder.encode(STATE))).toBe(toHex(varToBytes(STATE)))
  })

  it('writes any key, however many there are', () => {
    const encoder = new VariantEncoder()
    for (let i = 0; i < 70_000; i += 7) {
      const value = { [`key ${i}`]: 1, id: 2, [`${i} ä`]: 3, ['k'.repeat(i % 80)]: 4 }
      if (toHex(encoder.encodeView(value)) !== toHex(plainKeys(value))) expect(i).toBe('a difference')
    }
  })
})

/** The bytes of a Dictionary of small ints, put together of single values. */
function plainKeys(value: Record<string, number>): Uint8Array {
  const entries = Object.entries(value).flatMap(([key, item]) => [varToBytes(key), varToBytes(item)])
  const head = varToBytes(new Map())
  head[4] = entries.length / 2
  return Uint8Array.from([head, ...entries].flatMap((bytes) => [...bytes]))
}

describe('a VariantDecoder', () => {
  it('reads what bytesToVar reads, and says how many bytes it took', () => {
    const bytes = varToBytes(STATE, { version: 3 })
    const two = new Uint8Array(bytes.length * 2 + 3)
    two.set(bytes, 3)
    two.set(bytes, 3 + bytes.length)
    const decoder = new VariantDecoder({ version: 3, exact: true })
    for (const offset of [3, 3 + bytes.length]) {
      expect(decoder.decode(two, offset)).toEqual(bytesToVar(bytes, { version: 3, exact: true }))
      expect(decoder.size).toBe(bytes.length)
      expect(decodeVar(two, offset, { version: 3 }).size).toBe(bytes.length)
    }
  })

  it('returns or throws what is wrong, and goes on', () => {
    const bytes = varToBytes(STATE)
    const decoder = new VariantDecoder({ dictionaryAs: 'object' })
    const first = decoder.decode(bytes)
    for (let end = 0; end < bytes.length; end += 4) {
      const result = decoder.safeDecode(bytes.subarray(0, end))
      expect(result.ok ? 'a value' : result.error.code).toBe('VARIANT_TRUNCATED')
      expect(codeFrom(() => decoder.decode(bytes.subarray(0, end)))).toBe('VARIANT_TRUNCATED')
      expect(decoder.decode(bytes)).toEqual(first)
    }
    expect(decoder.safeDecode(bytes)).toEqual({ ok: true, value: first, size: bytes.length })
  })

  it('names the place of what is wrong also where the keys are known', () => {
    const bytes = varToBytes([{ id: 1, pos: { x: 1, y: 'abcd' } }])
    const decoder = new VariantDecoder()
    for (let i = 0; i < 4; i++) {
      decoder.decode(bytes)
      expect(() => decoder.decode(bytes.subarray(0, bytes.length - 4))).toThrow(
        /in \$\[0\]\.pos\.y \[VARIANT_TRUNCATED\]/,
      )
    }
  })
})
