// npm run bench:record [-- --rounds=60]: runs every suite and keeps what it measured in bench/results, with the machine and the
// versions; of those with ratios what is in the middle of three processes. npm run bench:report makes docs/benchmarks.md of it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runSuite, SUITES, type Suite } from './bundled.js'
import { middleOf } from './middle.js'

export const RESULTS = fileURLToPath(new URL('results/', import.meta.url))

/** What the suites that hold themselves to targets write. */
export interface Report {
  readonly node: string
  readonly cpu: string
  readonly engine?: string
  readonly nanoseconds: Readonly<Record<string, number>>
  /** Bytes of each payload in each format. */
  readonly sizes?: Readonly<Record<string, number>>
  readonly ratios: readonly { readonly what: string; readonly target: number; readonly ratio?: number }[]
}

export interface GrowthReport {
  readonly node: string
  readonly cpu: string
  readonly bytes: readonly { readonly name: string; readonly points: readonly (readonly [number, number])[] }[]
  readonly sessions: GrowthReport['bytes']
}

export function readReport<T = Report>(suite: string, folder = RESULTS): T {
  return JSON.parse(readFileSync(join(folder, `${suite}.json`), 'utf8')) as T
}

const PROCESSES = 3

async function measure(suite: Suite, folder: string): Promise<void> {
  console.log(`\n--- ${suite} ---`)
  const code = await runSuite(suite, [`--json=${join(folder, `${suite}.json`)}`, ...process.argv.slice(2)])
  if (code !== 0) throw new Error(`the suite ${suite} ended with ${code}`)
}

async function record(folder: string): Promise<void> {
  for (const suite of SUITES.filter((one) => one !== 'growth')) {
    const reports: Report[] = []
    for (let i = 0; i < PROCESSES; i++) {
      await measure(suite, folder)
      reports.push(readReport(suite, folder))
    }
    writeFileSync(join(RESULTS, `${suite}.json`), `${JSON.stringify(middleOf(reports), null, 2)}\n`)
  }
  await measure('growth', RESULTS)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = mkdtempSync(join(tmpdir(), 'godot-wire-bench-'))
  try {
    await record(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
