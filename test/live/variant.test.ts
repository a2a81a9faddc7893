// The codec against the engines themselves: what they make we read and write back, what we make they do; and what stands
// in test/vectors is still what they say.
import { describe, expect, it } from 'vitest'
import { engineRows } from '../../scripts/run-engine.js'
import { printedVectors } from '../../scripts/vectors.js'
import { bytesToVar, type Variant, type VariantInput, varToBytes } from '../../src/variant/index.js'
import { codeOf } from '../variant/code-of.js'
import { difference } from '../variant/equal.js'
import { godotText } from '../variant/godot-text.js'
import { fromHex, toHex } from '../variant/hex.js'
import { mutated, seedsOf } from '../variant/mutate.js'
import { withoutNodePathPadding } from '../variant/node-path-padding.js'
import { Random, RandomValues } from '../variant/random.js'
import { readVectors } from '../variant/read-vectors.js'
import { answersTo, vectorProject } from './lines.js'
import { describeWith } from './with-engine.js'

const COUNT = 2_000
const SEED = 20_240

const MUTATED = 10_000

/** Every reason for which an answer to the hostile inputs may differ; each comes up. docs/wire-format.md explains them. */
const REASONS = {
  4: ['unfit elements are kept', 'what the engine wrote means the same', 'counts of a NodePath that wrap'],
  3: [
    'text that is no UTF-8',
    'a lost key',
    'the path "/"',
    'what the engine wrote means the same',
    'counts of a NodePath that wrap',
  ],
} as const

const DELETED = Buffer.from('[Deleted Object]').toString('hex')

/** Undefined where we and the engine agree, else the known reason; throws where there is none. */
function whyDifferent(version: 3 | 4, hex: string, theirs: string): (typeof REASONS)[3 | 4][number] | undefined {
  const ours = ourAnswer(version, hex)
  if (ours === theirs || (!/^[0-9a-f]+$/.test(ours) && theirs === 'error')) return undefined
  if (version === 4 && ours === 'written: VARIANT_UNSUPPORTED') return 'unfit elements are kept'
  // Keys that are one here and two there; an int in a Dictionary of floats; a pair of surrogates.
  if (theirs !== 'error' && ourAnswer(version, theirs) === ours) return 'what the engine wrote means the same'
  if (ours === 'VARIANT_TRUNCATED' && hasWrappingCounts(fromHex(hex))) return 'counts of a NodePath that wrap'
  if (version === 3 && ours === 'VARIANT_BAD_TEXT') return 'text that is no UTF-8'
  if (version === 3 && theirs.includes(DELETED)) return 'a lost key'
  if (version === 3 && /0f[0-9a-f]{6}0000008000000000/.test(hex)) return 'the path "/"'
  throw new Error(`${hex}: the engine says ${theirs}, we say ${ours}`)
}

/** Two words that, as the counts of a NodePath and with one more name for its property, make more than 32 bits. */
function hasWrappingCounts(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer)
  for (let at = 0; at + 8 <= bytes.length; at += 4) {
    const [names, subnames] = [view.getUint32(at, true), view.getUint32(at + 4, true)]
    if (names >= 0x80000000 && names - 0x80000000 + subnames + 1 > 0xffffffff) return true
  }
  return false
}

/** The hex of what we read, written again; or the code of what was wrong. */
function ourAnswer(version: 3 | 4, hex: string): string {
  let value: Variant
  try {
    value = bytesToVar(fromHex(hex), { version, exact: true })
  } catch (error) {
    return codeOf(error)
  }
  try {
    return toHex(varToBytes(value as VariantInput, { version }))
  } catch (error) {
    return `written: ${codeOf(error)}`
  }
}

describe.each([
  ['godot4', 4],
  ['godot3', 3],
] as const)('%s', (name, version) => {
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
      const rows = await engineRows(engine, { project: vectorProject(engine), script: 'random.gd', args })
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
      const r = new Random(SEED)
      const seeds = seedsOf(version)
      const inputs = Array.from({ length: MUTATED }, () => toHex(mutated(r, seeds))).filter((hex) => hex !== '')
      const rows = await answersTo(engine, 'answer.gd', inputs)
      const reasons = new Map<string, number>()
      for (const [i, hex] of inputs.entries()) {
        const [size, again = ''] = rows[i]!
        const reason = whyDifferent(version, hex, size === 'error' ? 'error' : clean(again))
        if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      }
      expect([...reasons.keys()].sort()).toEqual([...REASONS[version]].sort())
    })

    it.each(['values', 'forms', 'keys'] as const)('the committed %s are still what the engine prints', async (file) => {
      expect((await printedVectors(engine, file)).map((row) => row.join('|'))).toEqual(
        readVectors(version, file).map((row) => row.join('|')),
      )
    })
  })
})
