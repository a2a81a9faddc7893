// Bytes from strangers: rows of the engines with a few things changed. Whatever comes, it is a value in proportion to
// the bytes or one of our codes, and never anything else.
import { describe, expect, it } from 'vitest'
import {
  bytesToVar,
  bytesToVarWithObjects,
  Dictionary,
  GodotObject,
  GodotValue,
  NodePath,
  PackedStringArray,
  type VariantInput,
  varToBytes,
  varToBytesWithObjects,
} from '../../src/variant/index.js'
import { codeOf } from './code-of.js'
import { fromHex, toHex } from './hex.js'
import { mutated, seedsOf } from './mutate.js'
import { Random } from './random.js'

const PER_VERSION = 110_000

/** How many things a value holds: what memory and time it takes is in proportion. */
function weight(value: unknown): number {
  if (typeof value === 'string') return 1 + value.length
  if (typeof value !== 'object' || value === null) return 1
  if (ArrayBuffer.isView(value)) return 1 + (value as Uint8Array).length
  if (Array.isArray(value)) return value.reduce((sum, item) => sum + weight(item), 1)
  if (value instanceof Dictionary) return [...value].reduce((sum, [k, v]) => sum + weight(k) + weight(v), 1)
  if (value instanceof GodotObject) return weight(value.className) + weight(value.properties)
  if (value instanceof PackedStringArray) return weight(value.items)
  if (value instanceof NodePath) return weight(value.names) + weight(value.subnames)
  if (value instanceof GodotValue && 'data' in value) return weight(value.data)
  return 1
}

describe.each([4, 3] as const)('hostile bytes for Godot %i', (version) => {
  const seeds = seedsOf(version)

  it('give a value no larger than themselves, or one of our codes', { timeout: 60_000 }, () => {
    const r = new Random(version * 1000)
    const codes = new Map<string, number>()
    for (let i = 0; i < PER_VERSION; i++) {
      const bytes = mutated(r, seeds)
      const objects = i % 4 === 0
      const code = tried(bytes, objects)
      codes.set(code, (codes.get(code) ?? 0) + 1)
    }
    // The mutations reach both ends: many values still decode, and every code that fits these bytes comes up.
    const reached = ['VALUE', 'VARIANT_TRUNCATED', 'VARIANT_BAD_TYPE', 'VARIANT_BAD_LENGTH', 'VARIANT_BAD_TEXT']
    expect([...codes.keys()]).toEqual(expect.arrayContaining([...reached, 'VARIANT_OBJECT_NOT_ALLOWED']))
    expect(codes.get('VALUE')).toBeGreaterThan(PER_VERSION / 10)
    expect([...codes.keys()].filter((code) => code !== 'VALUE' && !code.startsWith('VARIANT_'))).toEqual([])
  })

  /** Decodes, and what decodes is encoded and decoded again. Throws what is no answer of ours, with the bytes. */
  function tried(bytes: Uint8Array, objects: boolean): string {
    const decode = objects ? bytesToVarWithObjects : bytesToVar
    const encode = objects ? varToBytesWithObjects : varToBytes
    try {
      const value = decode(bytes, { version, exact: true })
      // A value of n bytes holds at most n things (each takes 4 bytes or is a byte of text), and itself.
      if (weight(value) > bytes.length + 1) throw new Error(`${weight(value)} things from ${bytes.length} bytes`)
      const again = encodedOrCode(() => encode(value as VariantInput, { version }))
      if (typeof again === 'string') return 'VALUE'
      // Of two BOMs each reading drops one, in the engines as well.
      if (toHex(again).includes('efbbbf')) return 'VALUE'
      const twice = encode(decode(again, { version, exact: true }) as VariantInput, { version })
      if (toHex(twice) !== toHex(again)) throw new Error('a second round trip changed the bytes')
      return 'VALUE'
    } catch (error) {
      try {
        return codeOf(error)
      } catch {
        throw new Error(`${toHex(bytes)} (objects: ${objects})`, { cause: error })
      }
    }
  }
})

function encodedOrCode(encode: () => Uint8Array): Uint8Array | string {
  try {
    return encode()
  } catch (error) {
    return codeOf(error)
  }
}

describe('count bombs', () => {
  const LARGE = 'ffffff7f'

  // The count is refused where it stands, before anything is made or read for it.
  it.each([
    ['Array', `1c000000 ${LARGE}`, 4],
    ['typed Array', `1c000100 02000000 ${LARGE}`, 4],
    ['Dictionary', `1b000000 ${LARGE}`, 8],
    ['PackedByteArray', `1d000000 ${LARGE}`, 1],
    ['PackedInt32Array', `1e000000 ${LARGE}`, 4],
    ['PackedInt64Array', `1f000000 ${LARGE}`, 8],
    ['PackedFloat32Array', `20000000 ${LARGE}`, 4],
    ['PackedFloat64Array', `21000000 ${LARGE}`, 8],
    ['PackedStringArray', `22000000 ${LARGE}`, 4],
    ['PackedVector2Array', `23000000 ${LARGE}`, 8],
    ['wide PackedVector2Array', `23000100 ${LARGE}`, 16],
    ['PackedVector3Array', `24000000 ${LARGE}`, 12],
    ['PackedColorArray', `25000000 ${LARGE}`, 16],
    ['PackedVector4Array', `26000000 ${LARGE}`, 16],
    ['NodePath', '16000000 ffffffff 00000000 00000000', 4],
    ['NodePath subnames', '16000000 00000080 ffffff7f 00000000', 4],
    ['Object', `18000000 01000000 61000000 ${LARGE}`, 8],
  ])('%s', (_what, hex, width) => {
    const bytes = fromHex(`${hex} ${'00'.repeat(64)}`)
    expect(() => bytesToVarWithObjects(bytes)).toThrowError(
      expect.objectContaining({
        code: 'VARIANT_TRUNCATED',
        facts: expect.objectContaining({ needed: 0x7fffffff * width }),
      }),
    )
  })

  it('a String is not longer than the bytes', () => {
    expect(() => bytesToVar(fromHex(`04000000 ${LARGE}`))).toThrowError(
      expect.objectContaining({ code: 'VARIANT_TRUNCATED' }),
    )
  })
})

describe('keys within keys', () => {
  it('cost time and memory in proportion to the bytes', () => {
    // 500 Dictionaries, each the key of the next: text for each key inside the text of the next would grow without end.
    const bytes = fromHex('1b00000001000000*500 00000000*501')
    const read = bytesToVar(bytes) as Dictionary
    expect(weight(read)).toBeLessThan(bytes.length)
    expect(toHex(varToBytes(read))).toBe(toHex(bytes))
  })

  it('that are wide as well', () => {
    const key = '1b000000 02000000 02000000 01000000 02000000 02000000'
    const bytes = fromHex(`${`${key} `.repeat(200)} 00000000 00000000 ${'00000000 '.repeat(200)}`)
    expect(() => bytesToVar(bytes)).not.toThrow()
  })
})
