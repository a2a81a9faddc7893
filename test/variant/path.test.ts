// Where in a value an error happened, and the form of decoding that does not throw.
import { describe, expect, it } from 'vitest'
import { type GodotWireError, isGodotWireError } from '../../src/errors.js'
import {
  bytesToVar,
  bytesToVarWithObjects,
  Dictionary,
  GodotObject,
  PackedStringArray,
  StringName,
  safeBytesToVar,
  TypedArray,
  type VariantInput,
  VariantType,
  Vector2,
  Vector2i,
  varToBytes,
  varToBytesWithObjects,
} from '../../src/variant/index.js'
import { fromHex, toHex } from './hex.js'

const BAD = Symbol('no Variant') as never

function errorFrom(call: () => unknown): GodotWireError {
  try {
    call()
  } catch (error) {
    if (isGodotWireError(error)) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

const BIG = '9'.repeat(60)

const VALUES: [value: unknown, path: string | undefined][] = [
  [BAD, undefined],
  [[0, BAD], '$[1]'],
  [{ ents: [0, 0, 0, { pos: BAD }] }, '$.ents[3].pos'],
  [new Map([[new StringName('hp'), BAD]]), '$.hp'],
  [{ 'two words': BAD }, '$["two words"]'],
  [{ __proto__x: { constructor: BAD } }, '$.__proto__x.constructor'],
  [{ [BIG]: BAD }, `$["${BIG.slice(0, 40)}…"]`],
  [new Dictionary<unknown, unknown>([[new Vector2i(1, 2), [BAD]]]), '$[Vector2i(1, 2)][0]'],
  [new Dictionary<unknown, unknown>([[7, BAD]]), '$[7]'],
  [new Dictionary<unknown, unknown>([[[1, 2], BAD]]), '$[Array]'],
  [new Dictionary<unknown, unknown>([[null, BAD]]), '$[null]'],
  [
    new Dictionary<unknown, unknown>([
      ['a', 1],
      [[new Date(0)], 2],
    ]),
    '$<key 1>[0]',
  ],
  [new TypedArray(VariantType.INT, [1, 2, 'x']), '$[2]'],
  [new GodotObject('X', new Dictionary([['p', { q: BAD }]])), '$.p.q'],
  [[new Vector2('1' as never, BAD)], '$[0]'],
]

describe('the path of an error', () => {
  it.each(VALUES)('encoding case %#: %#', (value, path) => {
    const error = errorFrom(() => varToBytesWithObjects(value as VariantInput))
    expect(error.path).toBe(path)
    if (path !== undefined) expect(error.message).toContain(`, in ${path} [`)
  })

  /** A value with a marker String, whose bytes are then broken. */
  const broken = (value: VariantInput) =>
    fromHex(toHex(varToBytesWithObjects(value)).replace(toHex(new TextEncoder().encode('MARK')), 'ffffffff'))

  it.each([
    ['MARK', undefined],
    [['a', 'MARK'], '$[1]'],
    [{ ents: [0, 0, 0, { pos: 'MARK' }] }, '$.ents[3].pos'],
    [new Dictionary([[new StringName('hp'), 'MARK']]), '$.hp'],
    [
      new Dictionary<unknown, unknown>([
        [1, 0],
        [['MARK'], 0],
      ]),
      '$<key 1>[0]',
    ],
    [new Dictionary<unknown, unknown>([[new Vector2i(1, 2), 'MARK']]), '$[Vector2i(1, 2)]'],
    [{ names: new PackedStringArray(['a', 'MARK']) }, '$.names[1]'],
    [new GodotObject('X', new Dictionary([['p', { q: 'MARK' }]])), '$.p.q'],
    [new TypedArray(VariantType.STRING, ['MARK']), '$[0]'],
  ] as [VariantInput, string | undefined][])('decoding case %#', (value, path) => {
    const bytes = broken(value)
    const error = errorFrom(() => bytesToVarWithObjects(bytes))
    expect([error.code, error.path]).toEqual(['VARIANT_BAD_TEXT', path])
    expect(error.offset).toBeGreaterThan(0)
  })

  it('is there with dictionaryAs: object as well', () => {
    const error = errorFrom(() => bytesToVar(broken({ a: { b: ['MARK'] } }), { dictionaryAs: 'object' }))
    expect(error.path).toBe('$.a.b[0]')
    const key = errorFrom(() => bytesToVar(varToBytes([new Dictionary([[1, 2]])]), { dictionaryAs: 'object' }))
    expect([key.code, key.path]).toEqual(['VARIANT_KEY_NOT_STRING', '$[0]<key 0>'])
  })

  it('of a deep value shows both ends', () => {
    let value: VariantInput = 'MARK'
    for (let level = 0; level < 100; level++) value = level % 2 ? [value] : { a: value }
    const { path } = errorFrom(() => bytesToVar(broken(value)))
    expect(path).toBe(`$${'[0].a'.repeat(8)}…${'[0].a'.repeat(8)}`)
  })

  it('does not print a large key', () => {
    const key = [new Uint8Array(1_000_000)]
    const { path } = errorFrom(() => varToBytes(new Dictionary<unknown, unknown>([[key, BAD]]) as never))
    expect(path).toBe('$[Array]')
  })

  it('passes on what a getter throws as it is', () => {
    const mine = new Error('mine')
    const value = {
      get a(): never {
        throw mine
      },
    }
    expect(() => varToBytes([value] as never)).toThrow(mine)
  })
})

describe('safeBytesToVar', () => {
  it('gives the value and its size', () => {
    const bytes = new Uint8Array([...varToBytes({ a: [1, 'b'] }), 9, 9])
    const result = safeBytesToVar(bytes, { dictionaryAs: 'object' })
    expect(result).toEqual({
      ok: true,
      value: Object.assign(Object.create(null), { a: [1, 'b'] }),
      size: bytes.length - 2,
    })
  })

  it('gives the error that bytesToVar throws', () => {
    for (const hex of ['', '02000000', '1c000000 01000000 27000000', '18000000 00000000', '04000000 ffffffff']) {
      const result = safeBytesToVar(fromHex(hex))
      const thrown = errorFrom(() => bytesToVar(fromHex(hex)))
      if (result.ok) throw new Error(`${hex} was read`)
      expect(isGodotWireError(result.error)).toBe(true)
      expect([result.error.code, result.error.facts, result.error.message]).toEqual([
        thrown.code,
        thrown.facts,
        thrown.message,
      ])
    }
  })

  it('holds the limits', () => {
    const bytes = varToBytes([[1, 2, 3]])
    const codes = [{ maxBytes: 8 }, { maxDepth: 1 }, { maxElements: 2 }].map((limit) => {
      const result = safeBytesToVar(bytes, limit)
      return result.ok ? 'read' : result.error.code
    })
    expect(codes).toEqual(['VARIANT_TOO_LARGE', 'VARIANT_TOO_DEEP', 'VARIANT_TOO_MANY'])
  })

  it('takes whatever a socket gives, and throws for a bad option alone', () => {
    for (const input of ['text', null, undefined, new ArrayBuffer(4), [0, 0, 0, 0]]) {
      const result = safeBytesToVar(input as never)
      expect(result.ok ? 'read' : result.error.code).toBe('VARIANT_UNSUPPORTED')
    }
    expect(errorFrom(() => safeBytesToVar(new Uint8Array(4), { version: 9 as never })).code).toBe('VARIANT_BAD_OPTION')
  })
})
