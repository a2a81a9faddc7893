// Round trips of random values; the live tests send the same ones through the engines.
import { describe, expect, it } from 'vitest'
import { DIALECTS } from '../../src/variant/dialect.js'
import { bytesToVar, type VariantInput, varToBytes } from '../../src/variant/index.js'
import { difference } from './equal.js'
import { toHex } from './hex.js'
import { Random, RandomValues } from './random.js'

describe.each([4, 3, 2] as const)('random values of Godot %i', (version) => {
  it('survive the way to bytes and back', { timeout: 60_000 }, () => {
    const values = new RandomValues(new Random(version), { version })
    const seen = new Set<number>()
    for (let i = 0; i < 5_000; i++) {
      const value = values.value()
      const bytes = varToBytes(value as VariantInput, { version })
      seen.add(bytes[0]!)
      const read = bytesToVar(bytes, { version, exact: true })
      expect(difference(read, value), `value ${i}`).toBeUndefined()
      expect(toHex(varToBytes(read as VariantInput, { version }))).toBe(toHex(bytes))
    }
    expect(seen.size).toBe(DIALECTS[version].typeOf.length)
  })

  it('are the same ones for the same seed', () => {
    const bytes = () => varToBytes(new RandomValues(new Random(7), { version }).value() as VariantInput, { version })
    expect(toHex(bytes())).toBe(toHex(bytes()))
  })
})
