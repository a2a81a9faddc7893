// Finds the other runtimes of the smoke tests. Both come from npm too, for machines that have none:
//
//   npm install --prefix .cache/runtimes --no-save bun deno
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export type Runtime = 'bun' | 'deno'

const INSTALLED = fileURLToPath(new URL('../.cache/runtimes/node_modules/.bin/', import.meta.url))

/** The command of a runtime: what DENO or BUN names, else on the PATH, else in .cache; undefined when there is none. */
export function findRuntime(name: Runtime): string | undefined {
  const candidates = [process.env[name.toUpperCase()], name, INSTALLED + name]
  return candidates.find((command) => command && spawnSync(command, ['--version'], { timeout: 20_000 }).status === 0)
}
