// Finds or installs the engines once for all live tests. What cannot be had is named: loudly here, and in each test that
// is left out for it. On CI a missing engine is a failure, unless Debian's archive did not deliver it.
import type { TestProject } from 'vitest/node'
import {
  ENGINE_NAMES,
  type Engine,
  type EngineName,
  getEngine,
  isEngine,
  type MissingEngine,
} from '../../scripts/engines.js'

declare module 'vitest' {
  interface ProvidedContext {
    godot4: Engine | MissingEngine
    godot3: Engine | MissingEngine
    godot36: Engine | MissingEngine
  }
}

export default function setup(project: TestProject): void {
  for (const name of ENGINE_NAMES) project.provide(name, wanted(name))
}

function wanted(name: EngineName): Engine | MissingEngine {
  const engine = getEngine(name)
  if (isEngine(engine)) {
    console.log(`live tests: ${name} is ${engine.version} (${engine.from})`)
    return engine
  }
  const reason = `live tests: NO ${name.toUpperCase()}: ${engine.missing}`
  if (process.env['CI'] === 'true' && !engine.archive) throw new Error(reason)
  console.error(`\n${'!'.repeat(72)}\n${reason}\nIts live tests are SKIPPED.\n${'!'.repeat(72)}\n`)
  return engine
}
