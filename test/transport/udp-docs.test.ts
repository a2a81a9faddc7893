// The samples of UdpTransport, as they stand in the document and in the docstring: they print what their comments say.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

const DOORS: Readonly<Record<string, string>> = {
  'godot-wire/transport/udp': 'src/transport/udp/index.ts',
  'godot-wire': 'src/index.ts',
}

function sampleIn(text: string): string {
  const samples = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!)
  return samples.find((code) => code.includes("from 'godot-wire/transport/udp'")) ?? ''
}

/** What stands behind `console.log(...) //`. */
function promised(sample: string): string[] {
  return [...sample.matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)].map(([, text]) => text!)
}

function run(sample: string): { printed: string[]; status: number | null } {
  const folder = mkdtempSync(join(ROOT, 'node_modules', '.udp-sample-'))
  try {
    const code = sample.replace(/from '(godot-wire[^']*)'/g, (_, door) => `from '${join(ROOT, DOORS[door]!)}'`)
    const file = join(folder, 'sample.mts')
    writeFileSync(file, code)
    const { stdout, status } = spawnSync(process.execPath, ['--import', 'tsx', file], {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: 50_000,
    })
    return { printed: stdout.trim().split('\n'), status }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

describe('the sample of UdpTransport', () => {
  it.each([
    ['docs/transport.md', read('docs/transport.md')],
    ['the docstring', read('src/transport/udp/transport.ts').replace(/^ \* ?/gm, '')],
  ])('in %s prints what it says', { timeout: 60_000 }, (_, text) => {
    const sample = sampleIn(text)
    expect(promised(sample)).toHaveLength(1)
    expect(run(sample)).toEqual({ printed: promised(sample), status: 0 })
  })

  it('is beside a table of all options and counters', async () => {
    const text = read('docs/transport.md')
    const section = text.slice(text.indexOf('## UdpTransport'), text.indexOf('## RelayTransport'))
    const options = [...read('src/transport/udp/options.ts').matchAll(/^ {2}readonly (\w+)\?:/gm)].map(
      ([, name]) => name!,
    )
    const counters = [...read('src/transport/udp/hub.ts').matchAll(/^ {2}(\w+): number$/gm)].map(([, name]) => name!)
    expect(options.length).toBeGreaterThan(12)
    expect(counters.length).toBeGreaterThan(10)
    for (const name of [...options, ...counters]) expect(section, name).toContain(`\`${name}\``)
  })
})
