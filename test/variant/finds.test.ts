// Whatever fuzzing found once stays found. The engines' answers are those that they gave then.
import { expect, it } from 'vitest'
import { DISAGREEMENTS, FAULTS } from './finds.js'
import { tryHostile } from './fuzz-checks.js'
import { whyDifferent } from './fuzz-differences.js'
import { fromHex } from './hex.js'

it.each(DISAGREEMENTS)('$engine and we on $hex', ({ engine, hex, theirs, reason }) => {
  expect(whyDifferent(engine, hex, theirs)).toBe(reason)
})

it('holds for the bytes of every fault', () => {
  const answers = FAULTS.map(({ version, objects, hex }) => tryHostile(fromHex(hex), version, objects))
  expect(answers).toEqual(FAULTS.map(({ answer }) => answer))
})

it('names nothing twice', () => {
  const rows = [
    ...DISAGREEMENTS.map((find) => [find.engine, find.hex]),
    ...FAULTS.map((find) => [find.version, find.hex]),
  ]
  expect(new Set(rows.map(String)).size).toBe(rows.length)
})
