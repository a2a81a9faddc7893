// Bytes from strangers: rows of the engines with a few things changed. Whatever comes, it is a value in proportion to
// the bytes or one of our codes, and never anything else.
import { describe, expect, it } from 'vitest'
import { bytesToVar, bytesToVarWithObjects, type Dictionary, varToBytes } from '../../src/variant/index.js'
import { tryHostile, weight } from './fuzz-checks.js'
import { fromHex, toHex } from './hex.js'
import { HostileBytes } from './mutate.js'

const PER_VERSION = 60_000

describe.each([4, 3, 2] as const)('hostile bytes for Godot %i', (version) => {
  it('give a value no larger than themselves, or one of our codes', { timeout: 60_000 }, () => {
    const hostile = new HostileBytes(version, version * 1000)
    const codes = new Map<string, number>()
    for (let i = 0; i < PER_VERSION; i++) {
      const bytes = hostile.next()
      const code = tried(bytes, i % 4 === 0)
      codes.set(code, (codes.get(code) ?? 0) + 1)
    }
    // The mutations reach both ends: many values still decode, and every code that fits these bytes comes up.
    const reached = ['VALUE', 'VARIANT_TRUNCATED', 'VARIANT_BAD_TYPE', 'VARIANT_BAD_LENGTH']
    if (version !== 2) reached.push('VARIANT_BAD_TEXT', 'VARIANT_BAD_NODE_PATH', 'VARIANT_OBJECT_NOT_ALLOWED')
    expect([...codes.keys()]).toEqual(expect.arrayContaining(reached))
    expect(codes.get('VALUE')).toBeGreaterThan(PER_VERSION / 10)
  })

  /** Names the bytes of what goes wrong. */
  function tried(bytes: Uint8Array, objects: boolean): string {
    try {
      return tryHostile(bytes, version, objects)
    } catch (error) {
      throw new Error(`Godot ${version}, objects ${objects}: ${toHex(bytes)}: ${error}`, { cause: error })
    }
  }
})

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
