// Compiled shapes beside those that they are made of, which are their slow twins: the same bytes, the same values, the same
// errors; and it is the lanes that answer.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  arrayOf,
  type EncodeOptions,
  type Field,
  int,
  type SafeDecoded,
  shape,
  sized,
  string,
} from '../../../src/variant/index.js'
import { budget } from '../../../src/variant/shape/budget.js'
import { seededBelow } from '../../seeded.js'
import { toHex } from '../hex.js'
import { difference } from '../shape/same.js'
import { specs } from '../shape/specs.js'
import { type Counts, compile } from './compiled.js'

type AnyField = Field<unknown, unknown>

/** What was written, or the error as it is told. */
function written(field: AnyField, value: unknown, options: EncodeOptions): string {
  try {
    return toHex(field.encode(value, options))
  } catch (thrown) {
    return told(thrown)
  }
}

function told(thrown: unknown): string {
  const { code, path, message } = thrown as { code?: string; path?: string; message: string }
  return `${code} ${path} ${message}`
}

/** Where the answers of the two differ. */
function answerDifference(a: SafeDecoded<unknown>, b: SafeDecoded<unknown>): string | undefined {
  if (!a.ok || !b.ok) {
    const [toldA, toldB] = [a, b].map((one) => (one.ok ? 'read' : told(one.error)))
    return toldA === toldB ? undefined : `${toldA} is not ${toldB}`
  }
  return a.size === b.size ? difference(a.value, b.value) : `size ${a.size} is not ${b.size}`
}

describe.each([3, 4] as const)('compiled shapes of Godot %i', (version) => {
  const options = { version }
  const withValue = specs(version).chain((spec) => fc.tuple(fc.constant(spec.field as AnyField), spec.value))

  it('write and read what the shapes do, by their lanes', () => {
    const counts: Counts = { asked: 0, answered: 0 }
    fc.assert(
      fc.property(withValue, ([field, value]) => {
        const made = compile(field, version, counts)
        const bytes = field.encode(value, options)
        expect(toHex(made.encode(value, options))).toBe(toHex(bytes))
        expect(answerDifference(made.safeDecode(bytes, options), field.safeDecode(bytes, options))).toBeUndefined()
      }),
      { numRuns: 1500, seed: 11 },
    )
    // What is left are NaNs.
    expect(counts.asked).toBe(3000)
    expect(counts.answered).toBeGreaterThan(2900)
  })

  it('give the same value or error for bytes that were changed or cut', () => {
    const counts = { read: 0, refused: 0 }
    const check = (field: AnyField, made: AnyField, bytes: Uint8Array) => {
      const expected = field.safeDecode(bytes, options)
      const found = answerDifference(made.safeDecode(bytes, options), expected)
      if (found !== undefined) expect.fail(`${found} for ${toHex(bytes)}`)
      counts[expected.ok ? 'read' : 'refused']++
    }
    fc.assert(
      fc.property(withValue, fc.integer({ min: 1, max: 255 }), ([field, value], mask) => {
        const made = compile(field, version)
        const bytes = field.encode(value, options)
        for (let at = 0; at < Math.min(bytes.length, 300); at++) {
          const changed = bytes.slice()
          changed[at]! ^= at % 3 === 0 ? mask : 1 << (at % 8)
          check(field, made, changed)
        }
        for (let end = 0; end < Math.min(bytes.length, 100); end++) check(field, made, bytes.subarray(0, end))
      }),
      { numRuns: 150, seed: 12 },
    )
    expect(counts.read).toBeGreaterThan(1000)
    expect(counts.refused).toBeGreaterThan(1000)
    expect(budget.reading.top, 'objects that are only half read').toBe(0)
  })

  it('read a text by its bytes, whichever texts came before in the same field', () => {
    const below = seededBelow(15)
    const field = shape({ before: int, list: arrayOf(sized(string, 0, 12)), text: string })
    const texts = [
      '',
      'a',
      'run',
      'ruN',
      'run ',
      'sprint',
      'player_1',
      'player_2',
      'Player_1',
      'größe',
      'abcdefghijk',
      'n'.repeat(64),
    ]
    const any = () => texts[below(texts.length)]!
    const counts: Counts = { asked: 0, answered: 0 }
    const made = compile(field, version, counts)
    let refused = 0
    for (let round = 0; round < 3000; round++) {
      const value = { before: below(9), list: Array.from({ length: below(4) }, any), text: any() }
      const bytes = shape({ before: int, list: arrayOf(string), text: string }).encode(value, options)
      const changed = bytes.slice(0, below(3) === 0 ? below(bytes.length) : bytes.length)
      if (below(3) === 0 && changed.length > 0) changed[below(changed.length)]! ^= 1 << below(8)
      for (const input of [bytes, bytes, changed, bytes]) {
        const expected = field.safeDecode(input, options)
        expect(answerDifference(made.safeDecode(input, options), expected)).toBeUndefined()
        if (!expected.ok) refused++
      }
    }
    expect(refused).toBeGreaterThan(1000)
    expect(counts.answered).toBeGreaterThan(5000)
  })

  it('take the values of other shapes as the shapes do', () => {
    let refused = 0
    fc.assert(
      fc.property(withValue, withValue, ([field, own], [, value]) => {
        const made = compile(field, version)
        for (const one of [value, { ...(own as object), ...(value as object) }, [own], undefined]) {
          const expected = written(field, one, options)
          expect(written(made, one, options)).toBe(expected)
          if (expected.includes('VARIANT')) refused++
        }
      }),
      { numRuns: 500, seed: 13 },
    )
    expect(refused).toBeGreaterThan(500)
  })

  it('keep to the limits of the options, to the byte, the level and the element', () => {
    const counts = { done: 0, refused: 0 }
    fc.assert(
      fc.property(withValue, fc.nat(100), fc.integer({ min: 1, max: 6 }), ([field, value], some, maxDepth) => {
        const made = compile(field, version)
        const bytes = field.encode(value, options)
        for (const limit of [{ maxBytes: some + 1 }, { maxDepth }, { maxElements: some }, { maxBytes: bytes.length }]) {
          const all = { ...options, ...limit }
          const expected = written(field, value, all)
          expect(written(made, value, all)).toBe(expected)
          counts[expected.includes('VARIANT') ? 'refused' : 'done']++
          expect(answerDifference(made.safeDecode(bytes, all), field.safeDecode(bytes, all))).toBeUndefined()
        }
      }),
      { numRuns: 500, seed: 14 },
    )
    expect(counts.done).toBeGreaterThan(500)
    expect(counts.refused).toBeGreaterThan(100)
  })
})
