// The samples of docs/performance.md: each prints what stands below it.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DOCUMENT = readFileSync(join(ROOT, 'docs/performance.md'), 'utf8')

/** Each ```ts block with the ```text block behind it. */
const SAMPLES = [...DOCUMENT.matchAll(/```ts\n([\s\S]*?)```\s*```text\n([\s\S]*?)```/g)].map(([, code, printed]) => ({
  code: code!,
  printed: printed!,
}))

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'godot-wire-docs-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('docs/performance.md', () => {
  it('says for each sample what it prints', () => {
    expect(SAMPLES.length).toBeGreaterThan(1)
    expect([...DOCUMENT.matchAll(/```ts\n/g)]).toHaveLength(SAMPLES.length)
  })

  it.each(SAMPLES.map(({ code, printed }, i) => [i, code, printed] as const))('sample %i', async (i, code, printed) => {
    const outfile = join(folder, `sample-${i}.mjs`)
    await build({
      stdin: { contents: code, resolveDir: ROOT, loader: 'ts' },
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      // The source, which is there without a build.
      alias: {
        'godot-wire/transport': join(ROOT, 'src/transport/index.ts'),
        'godot-wire/variant': join(ROOT, 'src/variant/index.ts'),
        'godot-wire': join(ROOT, 'src/index.ts'),
      },
      logLevel: 'error',
    })
    const { stdout } = await run(process.execPath, [outfile])
    expect(stdout).toBe(printed)
  })
})
