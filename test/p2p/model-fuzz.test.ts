// `npm run fuzz -- --intent=sessions`: what it is asked for it does, and what it prints can be pasted.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { fuzzOptions } from '../../scripts/fuzz/options.js'
import { plan } from '../../scripts/fuzz/plan.js'
import { rowOf } from './model-commands.js'

describe('the fuzz of sessions', () => {
  it('lives 10,000 schedules over each kind of link, unless it is told otherwise', () => {
    const sums = (...args: string[]) => {
      const sum = new Map<string, number>()
      for (const job of plan(fuzzOptions(['--intent=sessions', ...args]), [])) {
        sum.set(job.kind, (sum.get(job.kind) ?? 0) + job.count)
      }
      return Object.fromEntries(sum)
    }
    expect(sums()).toEqual({ 'sessions over reliable links': 10_000, 'sessions over lossy links': 10_000 })
    expect(sums('--schedules=7')).toEqual({ 'sessions over reliable links': 7, 'sessions over lossy links': 7 })
    expect(fuzzOptions(['--intent=sessions', '--seconds=5'])).toMatchObject({ seconds: 5, schedules: undefined })
    expect(fuzzOptions(['--intent=sessions', '--intent=hostile'])).toMatchObject({ seconds: 60, schedules: undefined })
  })

  it('prints a find as a row of model-finds.ts', () => {
    const setting = { peers: 2, friendly: true, small: false, network: { seed: 3, reliable: false } }
    const steps = '["send",0,1,2,-7,10,1],["wait",5]'
    const row = rowOf(`0 said: "no"`, setting, steps)
    expect(row).toMatch(/^\{ what: .*\},$/)
    const read: unknown = new Function(`return [${row}]`)()
    expect(read).toEqual([{ what: '0 said: "no"', ...setting, steps: JSON.parse(`[${steps}]`) }])
  })

  it('runs, and says what it has tried', { timeout: 300_000 }, () => {
    const script = fileURLToPath(new URL('../../scripts/fuzz/index.ts', import.meta.url))
    const args = ['--import', 'tsx', script, '--intent=sessions', '--schedules=10', '--seed=7']
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 250_000 })
    expect(stdout).toContain('seed 7; sessions\n')
    expect(stdout.match(/sessions over (reliable|lossy) links: 10 in/g)).toHaveLength(2)
    expect(stdout).toContain('finds: 0')
    expect(status).toBe(0)
  })
})
