// The bench itself: every case gives the right result and can be run, and the command does what the README says.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { allCases } from '../bench/cases.js'
import { middleOf } from '../bench/middle.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const run = promisify(execFile)
const bench = (filter: string) =>
  run(process.execPath, ['--import', 'tsx', 'bench/index.ts', filter], { cwd: ROOT, timeout: 60_000 })

describe('the cases of the bench', () => {
  it('have names of their own', () => {
    const names = allCases().map(({ name }) => name)
    expect(names).toHaveLength(29)
    expect(new Set(names).size).toBe(names.length)
  })

  it.each(allCases().map((one) => [one.name, one] as const))('%s is right, and runs', async (_, one) => {
    await one.check()
    await one.run()
    await one.end?.()
  })
})

describe('npm run bench', () => {
  it('times what the filter names and prints a table', async () => {
    const { stdout } = await bench('gunzip/handshake')
    const rows = stdout.split('\n').filter((line) => /^[\w-]+\/\w+ /.test(line))
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatch(/^gunzip\/handshake +[\d,]+ +±[\d.]+ % +[\d.]+ MB\/s$/)
  }, 60_000)

  it('names the cases when the filter names none', async () => {
    const failure = await bench('nonsense').catch((error: { code: number; stderr: string }) => error)
    expect(failure).toMatchObject({ code: 1, stderr: expect.stringContaining('encode/handshake') })
  }, 60_000)
})

describe('what is kept of several processes', () => {
  const report = (a: number, b: number, ratio?: number) => ({
    node: '20',
    cpu: 'one',
    nanoseconds: { a, b },
    ratios: [{ what: 'a : b', target: 2, ...(ratio !== undefined && { ratio }) }],
  })

  it('is what lies in the middle of them, for each time and each ratio by itself', () => {
    expect(middleOf([report(10, 30, 3), report(12, 20, 1.7), report(11, 50, 4.5)])).toEqual(report(11, 30, 3))
  })

  it('has no ratio where nothing was measured beside', () => {
    expect(middleOf([report(1, 2), report(3, 4), report(5, 6)])).toEqual(report(3, 4))
  })
})
