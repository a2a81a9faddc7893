// fast-check: values of every type make the round trip, and noise gives a value or one of our codes. `npm run fuzz` goes
// on where these stop.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DIALECTS } from '../../src/variant/dialect.js'
import { variant } from './fuzz-arbitraries.js'
import { roundTrip, tryHostile, weight } from './fuzz-checks.js'
import { fromHex, toHex } from './hex.js'

const RUNS = 3_000

describe.each([
  [4, false],
  [4, true],
  [3, false],
  [3, true],
  [2, false],
] as const)('values of Godot %i, with objects: %s', (version, objects) => {
  it('make the round trip to the same value and the same bytes', { timeout: 60_000 }, () => {
    const seen = new Set<number>()
    const property = fc.property(variant(version, objects), (value) => {
      const { bytes, wrong } = roundTrip(value, version, objects)
      seen.add(bytes[0]!)
      if (wrong) throw new Error(`${toHex(bytes)}: ${wrong}`)
    })
    fc.assert(property, { numRuns: RUNS, seed: version })
    expect(seen.size).toBe(DIALECTS[version].typeOf.length)
  })
})

describe.each([4, 3, 2] as const)('noise for Godot %i', (version) => {
  it('gives a value in proportion to it, or one of our codes', () => {
    // A type that exists in front: half of all noise would end at its first byte.
    const noise = fc
      .tuple(fc.nat(DIALECTS[version].typeOf.length - 1), fc.uint8Array({ maxLength: 64 }))
      .map(([id, rest]) => Uint8Array.from([id, 0, 0, 0, ...rest]))
    const property = fc.property(noise, fc.boolean(), (bytes, objects) => {
      tryHostile(bytes, version, objects)
    })
    fc.assert(property, { numRuns: RUNS, seed: version })
  })
})

describe('what the checks look for', () => {
  it('is a value that comes back as another', () => {
    // A BOM in front is dropped by every reader, so this is no round trip.
    expect(roundTrip('\ufeffa', 4).wrong).toBe('read as another value: value: "a" is not "\ufeffa"')
    expect(roundTrip('a', 4).wrong).toBeUndefined()
    const value = variant(4).filter((made) => typeof made !== 'string' || made.length < 2)
    const lossy = fc.property(
      fc.oneof(value, fc.constant('\ufeffab')),
      (made) => roundTrip(made, 4).wrong === undefined,
    )
    expect(fc.check(lossy, { seed: 1 }).counterexample).toEqual(['\ufeffab'])
  })

  it('is a thing that the bytes did not pay for', () => {
    expect(weight(['ab', new Uint8Array(3)])).toBe(8)
    expect(tryHostile(fromHex('04000000 02000000 61620000'), 4)).toBe('VALUE')
    expect(tryHostile(fromHex('04000000 02000000'), 4)).toBe('VARIANT_TRUNCATED')
  })

  it('is no TypeError of ours', () => {
    expect(() => tryHostile(undefined as never, 4)).toThrow(TypeError)
  })
})
