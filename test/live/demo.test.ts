// The README's first command, as a newcomer runs it.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { describeWith } from './with-engine.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

function demo(...args: string[]) {
  return run(process.execPath, ['--import', 'tsx', 'scripts/demo/index.ts', ...args], { cwd: ROOT, timeout: 90_000 })
}

describeWith('godot4', 'npm run demo', (engine) => {
  it('ends with every packet back, as judged in Godot', async () => {
    const { stdout } = await demo()
    expect(stdout).toContain(`Godot ${engine.version}`)
    expect(stdout).toContain('all 39 Variant types are among the packets')
    expect(stdout).toMatch(/│ packets +│ 240, each there and back/)
    expect(stdout).toMatch(/│ sizes +│ 1 to 200,000 bytes/)
    expect(stdout).toMatch(/│ mismatches +│ 0 \(by value 0, by bytes 0, lost 0\)/)
    expect(stdout).toContain('everything came back as it left')
  })
})

it('npm run demo -- --without-godot says that it proves nothing about Godot, and works', async () => {
  const { stdout } = await demo('--without-godot')
  expect(stdout).toContain('NO GODOT')
  expect(stdout).toMatch(/│ mismatches +│ 0 \(by value 0, by bytes 0, lost 0\)/)
})
