// The text forms against the engines themselves, character by character: what they print of values we print, what they
// read in texts we read, and what they refuse is an error here.
import { describe, expect, it } from 'vitest'
import type { Engine } from '../../scripts/engines.js'
import { bytesIn, bytesLine, printedTexts, textAnswers, textIn, textLine } from '../../scripts/text-vectors.js'
import {
  bytesToVarWithObjects,
  Dictionary,
  type StrToVarOptions,
  strToVar,
  VARIANT_TYPE_NAMES,
  type VariantInput,
  VariantType,
  varToBytes,
  varToStr,
} from '../../src/variant/index.js'
import { fromHex, toHex } from '../variant/hex.js'
import { Random, RandomValues } from '../variant/random.js'
import { PRINTERS } from '../variant/read-vectors.js'
import { fullHex } from '../variant/str/engine-view.js'
import { mutatedText } from '../variant/str/mutate-text.js'
import { isOrderable } from '../variant/str/orderable.js'
import { OPTIONS, readTexts } from '../variant/str/read-texts.js'
import { describeWith } from './with-engine.js'

const COUNT = 3_000
const SEED = 4_711

describe.each(PRINTERS)('%s', (name, _release, version) => {
  const options: StrToVarOptions = { ...OPTIONS[name], exact: true }

  function printed(hex: string): string {
    return varToStr(bytesToVarWithObjects(fromHex(hex), { version, exact: true }) as VariantInput, options)
  }

  /** The bytes in full, or `refused`. */
  function read(text: string): string {
    try {
      return fullHex(strToVar(text, options), version)
    } catch (error) {
      expect(String(error)).toMatch(/\[VARIANT_TEXT_\w+\]$/)
      return 'refused'
    }
  }

  /** Godot 4 gives null for what it refuses, Godot 3 the text itself. */
  function answered(text: string, answer: string): string {
    const refused = version === 4 ? '00000000' : fullHex(text, version)
    return answer === refused ? 'refused' : bytesIn(name, answer)
  }

  async function expectSamePrint(engine: Engine, hexes: readonly string[]): Promise<void> {
    const answers = await textAnswers(engine, hexes.map(bytesLine))
    for (const [i, hex] of hexes.entries()) expect(printed(hex), `value ${i}`).toBe(withoutSigns(textIn(answers[i]!)))
  }

  /** Components of ours know no sign of a NaN, and Godot 3.2 prints it. */
  function withoutSigns(text: string): string {
    return name === 'godot3' ? text.replace(/(?<=[(,] )-nan(?=,| \))/g, 'nan') : text
  }

  /** @returns how many texts were refused */
  async function expectSameRead(engine: Engine, texts: readonly string[]): Promise<number> {
    const answers = await textAnswers(engine, texts.map(textLine))
    let refused = 0
    for (const [i, text] of texts.entries()) {
      const ours = read(text)
      const theirs = answered(text, answers[i]!)
      if (ours === 'refused') refused++
      // A null that was read looks like one that stands for a refusal.
      if (ours === '00000000' && theirs === 'refused') continue
      expect(ours, `text ${i}: ${JSON.stringify(text)}`).toBe(theirs)
    }
    return refused
  }

  function randomHexes(seed: number): string[] {
    const values = new RandomValues(new Random(seed), { version, depth: 4 })
    return Array.from({ length: COUNT }, () => values.value())
      .filter((value) => isOrderable(value, version))
      .map((value) => toHex(varToBytes(value as VariantInput, { version })))
  }

  /** Whether a class is named that an engine may not have: it refuses such Objects, and such containers get no type. */
  function namesClass(text: string): boolean {
    const types = [...text.matchAll(/\b(?:Array|Dictionary)\s*\[([^\]]*)\]/g)].flatMap(([, inside = '']) =>
      inside.split(','),
    )
    const classes = [...text.matchAll(/\bObject\s*\(([^,)]*)/g)].map(([, inside = '']) => inside)
    const names = [...types, ...classes].map((type) => type.trim())
    return names.some((type) => !VARIANT_TYPE_NAMES.includes(type as never) && type !== 'EncodedObjectAsID')
  }

  describeWith(name, 'text', (engine) => {
    it('the committed texts are still what the engine prints', async () => {
      const rows = (await printedTexts(engine)).map((row) => row.join('|'))
      expect(rows).toEqual(readTexts(name).map((row) => row.join('|')))
    })

    it(`${COUNT} random values are printed alike, and read alike`, async () => {
      const hexes = randomHexes(SEED)
      expect(hexes.length).toBeGreaterThan(COUNT * 0.9)
      await expectSamePrint(engine, hexes)
      expect(await expectSameRead(engine, hexes.map(printed))).toBeLessThan(version === 4 ? 1 : COUNT)
    })

    it(`${COUNT} floats of any bits are printed alike, and read alike`, async () => {
      const random = new Random(SEED)
      const bits = (count: number) =>
        Array.from({ length: count }, () => random.uint32().toString(16).padStart(8, '0')).join('')
      const vector = version === 4 ? '09000000' : '07000000'
      const hexes = Array.from({ length: COUNT }, () => [
        `03000100${bits(2)}`,
        `03000000${bits(1)}`,
        `${vector}${bits(3)}`,
      ])
      const numbers = hexes.flat().filter((hex) => !/^0[79].*NaN/.test(`${hex}${printed(hex)}`))
      await expectSamePrint(engine, numbers)
      await expectSameRead(engine, numbers.map(printed))
    })

    it(`${COUNT} random decimals are read alike`, async () => {
      const random = new Random(SEED)
      const digits = (most: number) => Array.from({ length: random.below(most) }, () => random.below(10)).join('')
      const texts = Array.from({ length: COUNT }, () => {
        const whole = `${random.oneIn(2) ? '-' : ''}${random.below(10)}${digits(22)}`
        const fraction = random.oneIn(2) ? `.${digits(24)}` : ''
        return `${whole}${fraction}${random.oneIn(2) ? `e${random.pick(['-', '+', ''])}${digits(4)}` : ''}`
      })
      await expectSameRead(engine, texts)
    })

    it('Dictionaries of many keys come in one order', async () => {
      const random = new Random(SEED)
      const values = new RandomValues(random, { version, depth: 0 })
      // Pool arrays are no keys that Godot 3 finds again.
      const types = values.types.filter((type) => version === 4 || type < VariantType.PACKED_BYTE_ARRAY)
      const hexes = Array.from({ length: 150 }, () => {
        const dictionary = new Dictionary()
        for (let left = 2 + random.below(120); left > 0; left--) {
          const key = values.of(random.pick(types))
          if (isOrderable(new Dictionary([...dictionary, [key, 0]]), version)) dictionary.set(key, left)
        }
        return toHex(varToBytes(dictionary, { version }))
      })
      await expectSamePrint(engine, hexes)
    })

    it(`${COUNT} texts that are nearly right are read alike, or refused by both`, async () => {
      const random = new Random(SEED)
      // Inside an Array, since at the top an engine gives what it had when it met the error.
      const all = randomHexes(SEED + 2).map((hex) => `[${mutatedText(printed(hex), random)}]`)
      const texts = all.filter((text) => !namesClass(text))
      expect(texts.length).toBeGreaterThan(COUNT * 0.8)
      const refused = await expectSameRead(engine, texts)
      expect(refused).toBeGreaterThan(COUNT / 10)
      expect(refused).toBeLessThan(COUNT)
    })
  })
})
