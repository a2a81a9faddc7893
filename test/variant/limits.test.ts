// maxBytes and maxElements at their edges, and values that contain themselves.
import { describe, expect, it } from 'vitest'
import {
  bytesToVar,
  bytesToVarWithObjects,
  Dictionary,
  decodeVar,
  GodotObject,
  NodePath,
  PackedStringArray,
  PackedVector2Array,
  TypedArray,
  type VariantInput,
  VariantType,
  varToBytes,
  varToBytesWithObjects,
} from '../../src/variant/index.js'
import { codeFrom } from './code-of.js'
import { fromHex, toHex } from './hex.js'
import { readVectors } from './read-vectors.js'

describe('maxBytes', () => {
  const rows = readVectors(4, 'values').filter(([name]) => !name!.startsWith('full_'))

  it.each(rows.map(([name, , hex]) => [name!, hex!]))('holds exactly for %s', (_name, hex) => {
    const value = bytesToVar(fromHex(hex), { exact: true })
    const bytes = varToBytes(value as VariantInput)
    const size = bytes.length
    expect(toHex(varToBytes(value as VariantInput, { maxBytes: size }))).toBe(toHex(bytes))
    expect(codeFrom(() => varToBytes(value as VariantInput, { maxBytes: size - 1 }))).toBe('VARIANT_TOO_LARGE')
    const more = new Uint8Array([...bytes, ...new Uint8Array(64)])
    expect(decodeVar(more, 0, { maxBytes: size }).size).toBe(size)
    expect(codeFrom(() => bytesToVar(more, { maxBytes: size - 1 }))).toBe('VARIANT_TOO_LARGE')
  })

  it('counts from the offset, and not what lies behind', () => {
    const bytes = new Uint8Array([...varToBytes(7), ...varToBytes('abcd'), ...varToBytes([1, 2, 3])])
    expect(decodeVar(bytes, 8, { maxBytes: 12 })).toEqual({ value: 'abcd', size: 12 })
    expect(codeFrom(() => decodeVar(bytes, 8, { maxBytes: 11 }))).toBe('VARIANT_TOO_LARGE')
  })

  it('tells a value that is too large from one that was cut', () => {
    const bytes = varToBytes('abcdefgh')
    expect(codeFrom(() => bytesToVar(bytes, { maxBytes: 12 }))).toBe('VARIANT_TOO_LARGE')
    expect(codeFrom(() => bytesToVar(bytes.subarray(0, 14), { maxBytes: 12 }))).toBe('VARIANT_TRUNCATED')
  })

  it('does not let a missing padding of bytes beyond it through', () => {
    const bytes = new Uint8Array([...varToBytes(new Uint8Array(1)), ...varToBytes(1)])
    expect(codeFrom(() => bytesToVar(bytes, { maxBytes: 9 }))).toBe('VARIANT_TOO_LARGE')
  })

  it('stops a small value that stands for a large one before its memory is taken', () => {
    let value: VariantInput = 'a text of some length, thirty-two'
    for (let level = 0; level < 30; level++) value = [value, value, value, value]
    const before = process.memoryUsage().arrayBuffers
    expect(codeFrom(() => varToBytes(value, { maxBytes: 1_000_000 }))).toBe('VARIANT_TOO_LARGE')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8_000_000)
  })
})

describe('maxElements', () => {
  const counted: [string, VariantInput, number][] = [
    ['a scalar', 5, 0],
    ['an Array', [1, 2, 3], 3],
    ['Arrays in Arrays', [[1, 2], [3]], 5],
    ['a typed Array', new TypedArray(VariantType.INT, [1, 2]), 2],
    ['entries', { a: 1, b: 2 }, 2],
    ['entries of a Map', new Map([[1, 2]]), 1],
    ['keys that are Arrays', new Dictionary([[[1, 2], 3]]), 3],
    ['Strings', new PackedStringArray(['a', 'b']), 2],
    ['names of a NodePath', new NodePath('a/b:c'), 3],
    ['no packed numbers', [new Uint8Array(9), new PackedVector2Array(new Float32Array(8))], 2],
  ]

  it.each(counted)('counts %s', (_what, value, count) => {
    const bytes = varToBytes(value, { maxElements: count })
    bytesToVar(bytes, { maxElements: count })
    if (count === 0) return
    expect(codeFrom(() => varToBytes(value, { maxElements: count - 1 }))).toBe('VARIANT_TOO_MANY')
    expect(codeFrom(() => bytesToVar(bytes, { maxElements: count - 1 }))).toBe('VARIANT_TOO_MANY')
    expect(codeFrom(() => bytesToVar(bytes, { maxElements: count - 1, dictionaryAs: 'object' }))).toMatch(
      /VARIANT_TOO_MANY|VARIANT_KEY_NOT_STRING/,
    )
  })

  it('counts properties', () => {
    const object = new GodotObject('X', new Dictionary<string, unknown>([['a', [1]]]))
    const bytes = varToBytesWithObjects(object, { maxElements: 2 })
    expect(codeFrom(() => varToBytesWithObjects(object, { maxElements: 1 }))).toBe('VARIANT_TOO_MANY')
    bytesToVarWithObjects(bytes, { maxElements: 2 })
    expect(codeFrom(() => bytesToVarWithObjects(bytes, { maxElements: 1 }))).toBe('VARIANT_TOO_MANY')
  })

  it('counts those of a packed array that becomes an Array', () => {
    const bytes = fromHex('1c000100 1c000000 01000000 1d000000 04000000 01020304')
    expect(bytesToVar(bytes, { maxElements: 5 })).toEqual([[1, 2, 3, 4]])
    expect(codeFrom(() => bytesToVar(bytes, { maxElements: 4 }))).toBe('VARIANT_TOO_MANY')
  })

  it('is held before the elements are read', () => {
    const bytes = varToBytes(new Array(100_000).fill(null))
    bytes.fill(0xff, 8)
    expect(codeFrom(() => bytesToVar(bytes, { maxElements: 99_999 }))).toBe('VARIANT_TOO_MANY')
    expect(codeFrom(() => bytesToVar(bytes, { maxElements: 100_000 }))).toBe('VARIANT_BAD_TYPE')
  })
})

describe('a value that contains itself', () => {
  const array: unknown[] = []
  array.push(array)
  const dictionary = new Dictionary<string, unknown>()
  dictionary.set('self', dictionary)
  const object: Record<string, unknown> = {}
  object['self'] = object
  const map = new Map<string, unknown>()
  map.set('self', map)
  const godotObject = new GodotObject('X', new Dictionary<string, unknown>())
  godotObject.properties.set('self', godotObject)
  const ring: unknown[] = [{ a: new Map() }]
  ;(ring[0] as { a: Map<string, unknown> }).a.set('b', ring)
  const wide: unknown[] = new Array(1000).fill(0)
  wide.push(wide)

  it.each([
    ['an Array', array],
    ['a Dictionary', dictionary],
    ['an object', object],
    ['a Map', map],
    ['a GodotObject', godotObject],
    ['three in a ring', ring],
    ['behind much else', [1, { a: [wide] }]],
  ])('%s is named as such', (_what, value) => {
    for (const maxDepth of [1024, 100, 9, 8]) {
      expect(codeFrom(() => varToBytesWithObjects(value as VariantInput, { maxDepth }))).toBe('VARIANT_CYCLE')
    }
  })

  it('is named as such at any depth that shows it', () => {
    for (let maxDepth = 1; maxDepth < 12; maxDepth++) {
      expect(codeFrom(() => varToBytes(array as VariantInput, { maxDepth }))).toBe('VARIANT_CYCLE')
    }
  })

  it('costs no more than a few rounds', () => {
    // 1000 ints a round: a writer that only stops at 1024 levels writes 8 MB.
    expect(codeFrom(() => varToBytes(wide as VariantInput, { maxBytes: 100_000 }))).toBe('VARIANT_CYCLE')
  })

  it('is not one that holds the same value twice', () => {
    const shared = [1, 2]
    let value: VariantInput = [shared, shared]
    for (let level = 0; level < 12; level++) value = [value, shared]
    expect(bytesToVar(varToBytes(value))).toEqual(value)
  })
})
