// A Godot project as a user makes it: an empty one into which the packed addon was unpacked and enabled. The scripts of
// the tests are laid beside it.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unzipSync } from 'fflate'
import type { Engine } from '../../scripts/engines.js'
import { type AddonName, packAddon } from '../../scripts/pack-addon.js'
import { type RunningEngine, spawnEngine } from '../../scripts/run-engine.js'

const GODOT = fileURLToPath(new URL('../../godot', import.meta.url))
const PREFIX = 'GODOT_WIRE '

export interface AddonProject {
  readonly folder: string
  /** The test scripts in it: `tests` or `tests_3`. */
  readonly tests: string
  readonly addon: AddonName
  remove(): void
}

export function addonOf(engine: Engine): AddonName {
  return engine.name === 'godot4' ? 'godot_wire' : 'godot_wire_3'
}

/** The text of project.godot with these plugins and autoloads, by their names and folders. */
export function projectText(
  engine: Engine,
  plugins: readonly string[],
  autoloads: Readonly<Record<string, string>>,
): string {
  const isFour = engine.name === 'godot4'
  // Godot 3.2 knows plugins by their folders, later ones by their paths.
  const names = plugins.map((name) => (engine.name === 'godot3' ? `"${name}"` : `"res://addons/${name}/plugin.cfg"`))
  const enabled = `${isFour ? 'PackedStringArray' : 'PoolStringArray'}(${names.join(', ')})`
  const features = isFour ? 'config/features=PackedStringArray("4.0")\n' : ''
  return `config_version=${isFour ? 5 : 4}

[application]

config/name="godot-wire test"
${features}run/flush_stdout_on_print=true

[autoload]

${Object.entries(autoloads)
  .map(([name, path]) => `${name}="*${path}"`)
  .join('\n')}

[editor_plugins]

enabled=${enabled}
`
}

/** A project with the plugin enabled, and the autoload that enabling it adds; more autoloads come after it. */
export function makeProject(engine: Engine, autoloads: Readonly<Record<string, string>> = {}): AddonProject {
  const addon = addonOf(engine)
  const folder = mkdtempSync(join(tmpdir(), 'godot-wire-'))
  for (const [path, bytes] of Object.entries(unzipSync(packAddon(addon)))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
  writeFileSync(
    join(folder, 'project.godot'),
    projectText(engine, [addon], { GodotWire: `res://addons/${addon}/godot_wire.gd`, ...autoloads }),
  )
  const tests = addon === 'godot_wire' ? 'tests' : 'tests_3'
  for (const scripts of addon === 'godot_wire' ? [tests, 'demo'] : [tests]) {
    cpSync(join(GODOT, scripts), join(folder, scripts), { recursive: true })
  }
  return { folder, tests, addon, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Starts a test script in a project; arguments become `--name=value`. */
export function startScript(
  engine: Engine,
  project: AddonProject,
  script: string,
  args: Readonly<Record<string, string | number | bigint>> = {},
  timeoutMs = 60_000,
): RunningEngine {
  const words = Object.entries(args).map(([name, value]) => `--${name}=${value}`)
  return spawnEngine(engine, {
    project: project.folder,
    script: `res://${project.tests}/${script}`,
    args: words,
    timeoutMs,
  })
}

/** What a test script said: it prints `GODOT_WIRE {json}`. */
export type Said = Record<string, unknown>

/** The next thing said that has this key; what is said before it is passed over. */
export async function nextSaid(godot: RunningEngine, key: string): Promise<Said> {
  for (;;) {
    const said = JSON.parse((await godot.nextLine(PREFIX)).slice(PREFIX.length)) as Said
    if (key in said) return said
    if ('error' in said || 'timeout' in said) throw godot.failure(JSON.stringify(said))
  }
}

/** Everything said so far that has this key. */
export function allSaid(godot: RunningEngine, key: string): Said[] {
  return godot.lines
    .filter((line) => line.startsWith(PREFIX))
    .map((line) => JSON.parse(line.slice(PREFIX.length)) as Said)
    .filter((said) => key in said)
}

/** What an engine reported as an error, without what headless engines say of the machine they run on. */
export function engineErrors(godot: RunningEngine): string[] {
  return godot.stderr.split('\n').filter((line) => /^(SCRIPT |USER )?ERROR/.test(line) && !MACHINE.test(line))
}

const MACHINE = /locale|language_code|make_dir_recursive|Condition "!?err(or)?" is true|leaked|still in use/
