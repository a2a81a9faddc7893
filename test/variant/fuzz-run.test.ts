// `npm run fuzz` itself: what it is asked for it does, in an order that only the seed decides.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Engine } from '../../scripts/engines.js'
import { fuzzOptions } from '../../scripts/fuzz/options.js'
import { plan } from '../../scripts/fuzz/plan.js'

const ENGINES: Engine[] = [
  { name: 'godot4', version: '4.6.3.stable', command: 'godot', args: [], from: 'path' },
  { name: 'godot36', version: '3.6.stable', command: 'godot3', args: [], from: 'path' },
]

function planned(...args: string[]) {
  return [...plan(fuzzOptions(args), ENGINES)]
}

describe('the plan', () => {
  it('shares the inputs out to the versions, and misses none', () => {
    const jobs = planned('--inputs=250_001', '--seed=1')
    expect(jobs.reduce((sum, { count }) => sum + count, 0)).toBe(250_001)
    expect(new Set(jobs.map(({ kind }) => kind))).toEqual(
      new Set(['hostile, Godot 4', 'hostile, Godot 3', 'hostile, Godot 2']),
    )
    expect(new Set(jobs.map(({ seed }) => seed)).size).toBe(jobs.length)
  })

  it('gives each engine and direction all the values', () => {
    const jobs = planned('--values=100_000', '--intent=differential', '--seed=1')
    const sums = new Map<string, number>()
    for (const { kind, count } of jobs) sums.set(kind, (sums.get(kind) ?? 0) + count)
    expect(sums.size).toBe(6)
    expect([...sums.values()]).toEqual([100_000, 100_000, 100_000, 100_000, 100_000, 100_000])
  })

  it('is the same for the same seed, and another for another', () => {
    const seeds = (seed: number) => planned('--inputs=300_000', `--seed=${seed}`).map((job) => job.seed)
    expect(seeds(5)).toEqual(seeds(5))
    expect(seeds(5)).not.toEqual(seeds(6))
  })
})

describe('the options', () => {
  it('mean all intents for a time, and those with a budget else', () => {
    expect(fuzzOptions([])).toMatchObject({ seconds: 60, intents: ['hostile', 'round-trip', 'differential'] })
    expect(fuzzOptions(['--inputs=5'])).toMatchObject({ seconds: undefined, inputs: 5, intents: ['hostile'] })
    expect(fuzzOptions(['--values=5']).intents).toEqual(['round-trip', 'differential'])
    expect(fuzzOptions(['--seconds=1', '--engine=godot36']).engines).toEqual(['godot36'])
  })

  it.each(['--inputs=many', '--intent=other', '--engine=godot5', '--unknown=1'])('refuse %s', (option) => {
    expect(() => fuzzOptions([option])).toThrow()
  })
})

describe('npm run fuzz', () => {
  it('tries what it is told to and says so', { timeout: 60_000 }, () => {
    const script = fileURLToPath(new URL('../../scripts/fuzz/index.ts', import.meta.url))
    const args = ['--import', 'tsx', script, '--inputs=3_000', '--seed=7']
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 50_000 })
    expect(stdout).toContain('seed 7; hostile\n')
    expect(stdout.match(/hostile, Godot [234]: 1,000 in/g)).toHaveLength(3)
    expect(stdout).toContain('finds: 0')
    expect(status).toBe(0)
  })
})
