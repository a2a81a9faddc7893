// The sample with which others check a transport of theirs: as it stands in the documents, run by node's own runner.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { CHECKS } from '../../src/transport/compliance/checks.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

function sampleIn(text: string): string {
  const samples = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!)
  return samples.find((code) => code.includes('transportCompliance({')) ?? ''
}

const sample = sampleIn(read('docs/transport.md'))

describe('the sample of transportCompliance', () => {
  it('has ten lines at most', () => {
    const lines = sample.split('\n').filter((line) => line.trim() !== '')
    expect(lines.length).toBeGreaterThan(5)
    expect(lines.length).toBeLessThanOrEqual(10)
  })

  it('is the same in the docstring', () => {
    const docstring = read('src/transport/compliance/index.ts').replace(/^ \* ?/gm, '')
    expect(sampleIn(docstring)).toBe(sample)
  })

  it('runs all the checks, as many as the document says', { timeout: 300_000 }, () => {
    const folder = mkdtempSync(join(ROOT, 'node_modules', '.compliance-'))
    try {
      const file = join(folder, 'mine.test.ts')
      const door = join(ROOT, 'src/transport/index.ts')
      writeFileSync(file, sample.replace("'godot-wire/transport'", JSON.stringify(door)))
      const args = ['--import', 'tsx', '--test', '--test-reporter', 'tap', file]
      const { status, stdout } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', timeout: 250_000 })
      for (const [name] of CHECKS) expect(stdout).toMatch(new RegExp(`^ +ok \\d+ - ${name}$`, 'm'))
      expect(stdout).toMatch(new RegExp(`^# pass ${CHECKS.length}$`, 'm'))
      expect(status).toBe(0)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    expect(read('docs/transport.md')).toContain(`checks all of this, ${CHECKS.length} rules`)
  })
})
