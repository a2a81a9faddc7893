// npm run bench:compare [-- codec shapes send] [--rounds=30]: measures again and shows each time beside the one that is kept in
// bench/results. Below 1 it is slower now. Machines differ, and so do hours: what counts is what changes alone.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runSuite, type Suite } from './bundled.js'
import { duration } from './plots.js'
import { readReport } from './record.js'

const NOISE = 0.1
const COMPARED: readonly Suite[] = ['codec', 'shapes', 'send']

const args = process.argv.slice(2)
const named = args.filter((arg) => !arg.startsWith('--')) as Suite[]
const folder = mkdtempSync(join(tmpdir(), 'godot-wire-bench-'))
try {
  for (const suite of named.length > 0 ? named : COMPARED) {
    const options = args.filter((arg) => arg.startsWith('--'))
    const code = await runSuite(suite, [`--json=${join(folder, `${suite}.json`)}`, ...options])
    if (code !== 0) process.exit(code)
    show(suite)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function show(suite: Suite): void {
  const [before, now] = [readReport(suite), readReport(suite, folder)]
  console.log(`\n${suite}, kept: Node ${before.node} on ${before.cpu}; now: Node ${now.node} on ${now.cpu}`)
  for (const [name, ns] of Object.entries(now.nanoseconds)) {
    const kept = before.nanoseconds[name]
    const ratio = kept === undefined ? Number.NaN : kept / ns
    const mark = ratio > 1 + NOISE ? 'faster' : ratio < 1 - NOISE ? 'SLOWER' : ''
    const then = kept === undefined ? '-' : duration(kept)
    console.log(
      `${name.padEnd(60)}${then.padStart(10)}${duration(ns).padStart(10)}${ratio.toFixed(2).padStart(7)} ${mark}`,
    )
  }
}
