// Lets the real engines print the test vectors anew: `npx tsx scripts/vectors.ts`, or of some of them with their
// names behind it.
//
// The GDScript in godot/vectors/ says what is printed. What this script changes in it, and nothing else:
// - the padding of NodePath names in Godot 3 is uninitialised memory and becomes zeros (values, forms, keys);
// - an answer in forms.txt that is the input becomes `same`.
// With that, another run writes the same files.
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { fromHex, toHex } from '../test/variant/hex.js'
import { withoutNodePathPadding } from '../test/variant/node-path-padding.js'
import { type VectorFile, vectorFolder } from '../test/variant/read-vectors.js'
import { ENGINE_NAMES, type Engine, type EngineName, getEngine, isEngine } from './engines.js'
import { engineRows } from './run-engine.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const FILES: readonly VectorFile[] = ['values', 'forms', 'keys', 'compress', 'unfit']

/** Typed containers are Godot 4's. */
const ONLY: Partial<Record<VectorFile, EngineName>> = { unfit: 'godot4' }

/** Which fields of a row hold what an engine wrote for a value. */
const WRITTEN: Record<VectorFile, readonly number[]> = {
  values: [2],
  forms: [-1],
  keys: [2, 3],
  compress: [],
  unfit: [],
}

/** The folder with the GDScript for an engine: all of Godot 3 runs the same. */
export function vectorProject(name: EngineName): string {
  return join(ROOT, 'godot/vectors', name === 'godot4' ? 'godot4' : 'godot3')
}

/** What an engine prints for one file, ready to be compared or committed. */
export async function printedVectors(engine: Engine, file: VectorFile): Promise<string[][]> {
  const rows = await engineRows(engine, { project: vectorProject(engine.name), script: `${file}.gd` })
  return rows.map((row) => tidy(engine.name, file, row))
}

function tidy(name: EngineName, file: VectorFile, row: readonly string[]): string[] {
  const tidied = [...row]
  for (const field of WRITTEN[file]) {
    const at = field < 0 ? row.length + field : field
    tidied[at] = tidyHex(name, row[at]!)
  }
  if (file === 'forms' && tidied.at(-1) === toHex(fromHex(tidied[1]!))) tidied[tidied.length - 1] = 'same'
  return tidied
}

function tidyHex(name: EngineName, hex: string): string {
  return name === 'godot4' || hex === 'error' ? hex : toHex(withoutNodePathPadding(fromHex(hex)))
}

/** `4.6.3` of `4.6.3.stable.debian...`; a first release has no third number. */
export function plainVersion(engine: Engine): string {
  return /^\d+\.\d+(\.\d+)?/.exec(engine.version)?.[0] ?? engine.version
}

async function write(name: EngineName): Promise<void> {
  const engine = getEngine(name)
  if (!isEngine(engine)) throw new Error(`${name}: ${engine.missing}`)
  const version = plainVersion(engine)
  const folder = join(ROOT, 'test/vectors', `godot-${version}`)
  mkdirSync(folder, { recursive: true })
  for (const file of FILES.filter((f) => (ONLY[f] ?? name) === name)) {
    const rows = await printedVectors(engine, file)
    const head = `# Godot ${version}: printed by godot/vectors/${basename(vectorProject(name))}/${file}.gd`
    writeFileSync(join(folder, `${file}.txt`), `${[head, ...rows.map((row) => row.join('|'))].join('\n')}\n`)
    console.log(`test/vectors/godot-${version}/${file}.txt: ${rows.length} rows`)
  }
  if (folder !== join(ROOT, 'test/vectors', vectorFolder(name))) {
    console.log(`The tests read ${vectorFolder(name)}: see test/variant/read-vectors.ts`)
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const asked = process.argv.slice(2)
  for (const name of ENGINE_NAMES.filter((n) => asked.length === 0 || asked.includes(n))) await write(name)
}
