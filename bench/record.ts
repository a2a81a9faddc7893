// npm run bench:record [-- --rounds=60]: runs every suite and keeps what it measured in bench/results, with the machine and the
// versions. npm run bench:report makes docs/benchmarks.md of it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runSuite, SUITES } from './bundled.js'

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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const suite of SUITES) {
    console.log(`\n--- ${suite} ---`)
    const code = await runSuite(suite, [`--json=${join(RESULTS, `${suite}.json`)}`, ...process.argv.slice(2)])
    if (code !== 0) process.exit(code)
  }
}
