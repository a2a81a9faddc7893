// npm run bench:suite -- <codec|shapes|send|growth> [--rounds=60] [--json=file] ...: bundles a suite and runs it. That is how
// the package is published, and a function that is imported from another file is slower to call.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

export const SUITES = ['codec', 'shapes', 'send', 'growth'] as const
export type Suite = (typeof SUITES)[number]

/** Runs a suite with these arguments and answers its exit code. */
export async function runSuite(suite: Suite, args: readonly string[]): Promise<number> {
  // Inside the project, so that its packages are found from there.
  const folder = join(ROOT, '.cache', `bench-${process.pid}`)
  const outfile = join(folder, 'bench', `${suite}-suite.mjs`)
  mkdirSync(folder, { recursive: true })
  try {
    await build({
      entryPoints: [join(ROOT, `bench/${suite}-suite.ts`)],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'es2022',
      packages: 'external',
      // Where the GDScript is: the scripts look from where they are.
      define: { 'import.meta.url': JSON.stringify(new URL('../scripts/any.ts', import.meta.url).href) },
      logLevel: 'error',
    })
    return spawnSync(process.execPath, ['--expose-gc', outfile, ...args], { stdio: 'inherit' }).status ?? 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [suite = '', ...args] = process.argv.slice(2)
  if (SUITES.includes(suite as Suite)) process.exitCode = await runSuite(suite as Suite, args)
  else {
    console.error(`there is no suite ${suite}: ${SUITES.join(', ')}`)
    process.exitCode = 1
  }
}
