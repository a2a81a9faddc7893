// Shapes beside the codec that knows nothing of them, which is their slow twin: the same bytes, and the same values back.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isGodotWireError } from '../../../src/errors.js'
import { bytesToVar, type Field, type VariantInput, varToBytes } from '../../../src/variant/index.js'
import { toHex } from '../hex.js'
import { difference } from './same.js'
import { type Order, type Spec, specs } from './specs.js'

const inOrder: Order = (entries) => entries

/** Another order for each number; which one does not matter as long as all come. */
function shuffler(seed: number): Order {
  let state = seed
  return (entries) => {
    const left = [...entries]
    const shuffled: typeof entries = []
    while (left.length > 0) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      shuffled.push(...left.splice(state % left.length, 1))
    }
    return shuffled
  }
}

const fieldOf = ({ field }: Spec) => field as Field<unknown, unknown>

describe.each([3, 4] as const)('random shapes of Godot %i', (version) => {
  const options = { version }
  const withValue = specs(version).chain((spec) => fc.tuple(fc.constant(spec), spec.value))

  it('are written as varToBytes writes them, and read as bytesToVar reads them', () => {
    let bytesInAll = 0
    fc.assert(
      fc.property(withValue, ([spec, value]) => {
        const expected = varToBytes(spec.toGodot(value as never, inOrder) as VariantInput, options)
        const bytes = fieldOf(spec).encode(value, options)
        bytesInAll += bytes.length
        expect(toHex(bytes)).toBe(toHex(expected))
        expect(toHex(fieldOf(spec).encodeView(value, options))).toBe(toHex(expected))
        const read = fieldOf(spec).decode(bytes, options)
        expect(difference(read, spec.fromGodot(bytesToVar(bytes, options) as never))).toBeUndefined()
        expect(fieldOf(spec).safeDecode(bytes, options)).toMatchObject({ ok: true, size: bytes.length })
      }),
      { numRuns: 800, seed: 6 },
    )
    expect(bytesInAll).toBeGreaterThan(50_000)
  })

  it('read the same with their keys in any order', () => {
    fc.assert(
      fc.property(withValue, fc.nat(), ([spec, value], seed) => {
        const bytes = fieldOf(spec).encode(value, options)
        const shuffled = varToBytes(spec.toGodot(value as never, shuffler(seed)) as VariantInput, options)
        const read = fieldOf(spec).decode(shuffled, options)
        // A Dictionary of any keys keeps the order in which they came.
        expect(difference(read, spec.fromGodot(bytesToVar(shuffled, options) as never))).toBeUndefined()
        expect(shuffled.length).toBe(bytes.length)
      }),
      { numRuns: 400, seed: 7 },
    )
  })

  it('give a value of the shape or one of our errors for bytes that were changed', () => {
    const counts = { read: 0, refused: 0 }
    fc.assert(
      fc.property(withValue, fc.integer({ min: 1, max: 255 }), ([spec, value], mask) => {
        const bytes = fieldOf(spec).encode(value, options)
        for (let at = 0; at < Math.min(bytes.length, 400); at++) {
          const changed = bytes.slice()
          changed[at]! ^= at % 3 === 0 ? mask : 1 << (at % 8)
          counts[outcome(fieldOf(spec), changed)]++
        }
        for (let end = 0; end < Math.min(bytes.length, 100); end++) outcome(fieldOf(spec), bytes.subarray(0, end))
      }),
      { numRuns: 120, seed: 8 },
    )
    expect(counts.read).toBeGreaterThan(1000)
    expect(counts.refused).toBeGreaterThan(1000)
  })

  function outcome(field: Field<unknown, unknown>, bytes: Uint8Array): 'read' | 'refused' {
    const result = field.safeDecode(bytes, options)
    if (!result.ok) {
      if (!isGodotWireError(result.error)) expect.fail(String(result.error))
      return 'refused'
    }
    // What fits the shape can be written by it, and is read again as it was.
    const again = field.decode(field.encode(result.value, options), options)
    const found = difference(again, result.value)
    if (found !== undefined) expect.fail(found)
    return 'read'
  }
})
