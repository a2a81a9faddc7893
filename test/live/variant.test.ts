// The codec against the engines themselves: what they make we read and write back, what we make they do; and what stands
// in test/vectors is still what they say.
import { describe, expect, it } from 'vitest'
import { engineRows } from '../../scripts/run-engine.js'
import { printedVectors, vectorProject } from '../../scripts/vectors.js'
import { bytesToVar, type VariantInput, varToBytes } from '../../src/variant/index.js'
import { difference } from '../variant/equal.js'
import { RARE, REASONS, whyDifferent } from '../variant/fuzz-differences.js'
import { godotText } from '../variant/godot-text.js'
import { fromHex, toHex } from '../variant/hex.js'
import { HostileBytes } from '../variant/mutate.js'
import { withoutNodePathPadding } from '../variant/node-path-padding.js'
import { Random, RandomValues } from '../variant/random.js'
import { PRINTERS, readVectors } from '../variant/read-vectors.js'
import { answersTo } from './lines.js'
import { describeWith } from './with-engine.js'

const COUNT = 5_000
const SEED = 20_240

const MUTATED = 10_000

describe.each(PRINTERS)('%s', (name, _release, version) => {
  /** Bytes of Godot 3 without the memory that it leaves in them. */
  const clean = (hex: string) => (version === 3 && hex !== '' ? toHex(withoutNodePathPadding(fromHex(hex))) : hex)

  function randomValues(seed: number, tame: boolean): { value: unknown; hex: string }[] {
    const values = new RandomValues(new Random(seed), { version, tame })
    return Array.from({ length: COUNT }, () => {
      const value = values.value()
      return { value, hex: toHex(varToBytes(value as VariantInput, { version })) }
    })
  }

  describeWith(name, 'Variant bytes', (engine) => {
    it(`${COUNT} random values of the engine come back to its own bytes`, async () => {
      const args = [`--seed=${SEED}`, `--count=${COUNT}`]
      const rows = await engineRows(engine, { project: vectorProject(name), script: 'random.gd', args })
      expect(rows.length).toBe(COUNT)
      const types = new Set<string>()
      for (const [index, hex = ''] of rows) {
        types.add(hex.slice(0, 2))
        const value = bytesToVar(fromHex(hex), { version, exact: true })
        expect(toHex(varToBytes(value, { version })), `value ${index}`).toBe(clean(hex))
      }
      expect(types.size).toBe(version === 4 ? 39 : 27)
    })

    it(`${COUNT} random values of ours are read by the engine and written as the same bytes`, async () => {
      const sent = randomValues(SEED, false)
      const rows = await answersTo(
        engine,
        'answer.gd',
        sent.map(({ hex }) => hex),
      )
      for (const [i, { value, hex }] of sent.entries()) {
        const [size, again = ''] = rows[i]!
        expect(clean(again), `value ${i}`).toBe(hex)
        expect(size).toBe(version === 4 ? String(hex.length / 2) : 'ok')
        expect(difference(bytesToVar(fromHex(again), { version, exact: true }), value)).toBeUndefined()
      }
    })

    it(`${COUNT} random values of ours mean to the engine what Godot's text for them means`, async () => {
      const sent = randomValues(SEED + 1, true)
      const rows = await answersTo(
        engine,
        'answer.gd',
        sent.map(({ value, hex }) => `${hex}\t${godotText(value, version)}`),
      )
      for (const [i, { value, hex }] of sent.entries()) {
        const [, again = '', fromText = ''] = rows[i]!
        expect(clean(again), `value ${i}`).toBe(hex)
        expect(clean(fromText), `value ${i}: ${godotText(value, version)}`).toBe(hex)
      }
    })

    it(`${MUTATED} hostile inputs get the answer of the engine, or one that differs for a known reason`, async () => {
      const hostile = new HostileBytes(version, SEED)
      const inputs = Array.from({ length: MUTATED }, () => toHex(hostile.next()) || '00')
      const rows = await answersTo(engine, 'answer.gd', inputs)
      const reasons = new Map<string, number>()
      for (const [i, hex] of inputs.entries()) {
        const [size, again = ''] = rows[i]!
        const reason = whyDifferent(name, hex, size === 'error' ? 'error' : clean(again))
        if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      }
      // A reason that went away must go from the list; a new one would have thrown.
      const met = [...reasons.keys()].filter((reason) => !RARE.includes(reason))
      expect(met.sort()).toEqual(REASONS[name].filter((reason) => !RARE.includes(reason)).sort())
    })

    it.each(['values', 'forms', 'keys'] as const)('the committed %s are still what the engine prints', async (file) => {
      expect((await printedVectors(engine, file)).map((row) => row.join('|'))).toEqual(
        readVectors(name, file).map((row) => row.join('|')),
      )
    })
  })
})
