// Memory in proportion to the input, measured in a process of its own that has little. Time as well: the large inputs
// would take minutes if it grew with their square.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Cost } from './fuzz-memory.js'

/** What a byte of input may become: an empty Dictionary, 8 bytes, is a JavaScript object with two tables. */
const PER_BYTE = 100
/** What decoding may keep beside the value, on whatever input: code that was compiled, the error. */
const BESIDE = 1024 * 1024

const HEAP_MB = 192

describe('memory', () => {
  let costs: Cost[] = []

  beforeAll(() => {
    const script = fileURLToPath(new URL('fuzz-memory.ts', import.meta.url))
    const args = ['--import', 'tsx', '--expose-gc', `--max-old-space-size=${HEAP_MB}`, script]
    costs = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 }))
  }, 90_000)

  it('is held in proportion to the bytes of a value', () => {
    const large = costs.filter(({ answer }) => answer === 'VALUE')
    expect(large.length).toBeGreaterThanOrEqual(24)
    for (const { name, bytes, held } of large) expect(held / bytes, name).toBeLessThan(PER_BYTE)
    // That it is measured at all: 131,072 Arrays take some room.
    expect(large.find(({ name }) => name === 'empty Arrays')?.held).toBeGreaterThan(1024 * 1024)
  })

  it('is not held for what is only promised', () => {
    const promises = costs.filter(({ name }) => name.startsWith('promise'))
    expect(promises.length).toBe(12)
    for (const { name, answer, held } of promises) {
      expect(answer, name).toBe('VARIANT_TRUNCATED')
      expect(held, name).toBeLessThan(BESIDE)
    }
  })
})
