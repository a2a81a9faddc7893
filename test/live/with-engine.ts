// How a live test asks for its engine: it runs with it, or it is skipped under a name that says why.
import { describe, inject } from 'vitest'
import { type Engine, type EngineName, isEngine } from '../../scripts/engines.js'

/** A `describe` for one engine; without that engine its tests are reported as skipped, with the reason in their name. */
export function describeWith(name: EngineName, title: string, tests: (engine: Engine) => void): void {
  const engine = inject(name)
  if (isEngine(engine)) describe(`${title} (${name} ${engine.version})`, () => tests(engine))
  else describe.skip(`${title} (SKIPPED: no ${name}: ${engine.missing})`, () => tests(undefined as never))
}
