// An element that is not of its Array's type: every pair of types, with the engine's own answers (unfit.txt).
import { describe, expect, it } from 'vitest'
import { bytesToVar, VARIANT_TYPE_NAMES, varToBytes } from '../../src/variant/index.js'
import { fromHex, toHex } from './hex.js'
import { readVectors } from './read-vectors.js'

const rows = readVectors(4, 'unfit').map(([name, input, answer]) => ({ name: name!, input: input!, answer: answer! }))

/** docs/wire-format.md, "Known differences": the engine makes numbers of Strings, and Strings of everything. */
const STRING = '04000000'
const LEFT_OUT: readonly [pair: RegExp, input: RegExp][] = [
  [/_Array_PackedStringArray$/, /./],
  [/_Array_Packed(Byte|Int32|Int64|Float32|Float64)Array$/, new RegExp(STRING)],
]

const KNOWN_COUNT = 29

/** Decoded without `exact`, an integral float is a number like an int, here as everywhere. */
const PLAIN = [
  '61_Array_PackedColorArray',
  '71_PackedFloat32Array_Array',
  '72_PackedFloat64Array_Array',
  '81_Array_PackedInt32Array',
  '81_Array_PackedColorArray',
]

function isKnown({ name, input }: { name: string; input: string }): boolean {
  return LEFT_OUT.some(([pair, bytes]) => pair.test(name) && bytes.test(input))
}

function ours(input: string, exact: boolean): string {
  return toHex(varToBytes(bytesToVar(fromHex(input), { exact }) as never))
}

/** An Array of that type without an element. */
function empty(input: string): string {
  return `${input.slice(0, 16)}00000000`
}

describe('an element that does not fit', () => {
  it('is there for every pair of types', () => {
    const pairs = new Set(rows.map(({ name }) => name.replace(/^\d+_/, '')))
    const types = VARIANT_TYPE_NAMES.length
    // From every type but Object, which no sample is, to every other but nil, which is no type of an Array.
    expect(pairs.size).toBe((types - 1) * (types - 1) - (types - 2))
  })

  it('becomes what the engine makes of it, or is left out as there', () => {
    const differing = rows.filter(({ input, answer }) => ours(input, true) !== answer)
    expect(differing.filter((row) => !isKnown(row))).toEqual([])
    for (const { name, input } of differing) expect(ours(input, true), name).toBe(empty(input))
    expect(differing.length).toBe(KNOWN_COUNT)
  })

  it.each([
    [
      'a NodePath whose subnames are empty ends without a colon',
      '1c000100 04000000 01000000 16000000 01000080 01000000 00000000 00000000 00000000',
      '1c000100 04000000 01000000 04000000 00000000',
    ],
    [
      'a Basis with a column a little too long is no rotation',
      '1c000100 0f000000 01000000 11000000 4000803f 00000200 00000000 00000000 0000803f 00000000 00000000 00000000 0000803f',
      '1c000100 0f000000 01000000 0f000000 00000000 00000000 00000000 0000803f',
    ],
    [
      'nor is one with a corner a little off',
      '1c000100 0f000000 01000000 11000000 0000803f 00000000 00000000 00000000 0000803f 00000000 00000000 00000000 3f00803f',
      '1c000100 0f000000 01000000 0f000000 00000000 00000000 00000000 0000803f',
    ],
  ])('%s (4.6.3, found by the fuzz)', (_what, input, answer) => {
    expect(ours(toHex(fromHex(input)), true)).toBe(toHex(fromHex(answer)))
  })

  it('is found again in a plain decoding', () => {
    const differing = rows.filter((row) => !isKnown(row) && ours(row.input, false) !== row.answer)
    expect(differing.map(({ name }) => name)).toEqual(PLAIN)
  })
})
