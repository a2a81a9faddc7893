// Reads the committed output of the engines. scripts/vectors.ts writes it, and says in the first line who said it.
import { readFileSync } from 'node:fs'
import type { EngineName } from '../../scripts/engines.js'

/** The engines whose output is committed: their folder, and the version of Variant's bytes that they speak. */
export const PRINTED = {
  godot4: { godot: '4.6.3', version: 4 },
  godot3: { godot: '3.2.3', version: 3 },
  godot36: { godot: '3.6', version: 3 },
} as const satisfies Record<EngineName, { godot: string; version: 3 | 4 }>

/** The same as a list, for `describe.each`: the engine, its release, its version of the bytes. */
export const PRINTERS = (Object.keys(PRINTED) as EngineName[]).map(
  (name) => [name, PRINTED[name].godot, PRINTED[name].version] as const,
)

export type VectorFile = 'values' | 'forms' | 'keys' | 'compress' | 'unfit'

/** Where an engine's output is, below test/vectors. */
export function vectorFolder(name: EngineName): string {
  return `godot-${PRINTED[name].godot}`
}

/** The rows of one file, each a list of fields. A version stands for the engine that is named after it. */
export function readVectors(from: EngineName | 3 | 4, file: VectorFile): string[][] {
  const name = typeof from === 'number' ? (`godot${from}` as const) : from
  const url = new URL(`../vectors/${vectorFolder(name)}/${file}.txt`, import.meta.url)
  const [first = '', ...lines] = readFileSync(url, 'utf8').trimEnd().split('\n')
  if (!first.startsWith(`# Godot ${PRINTED[name].godot}:`)) throw new Error(`${url.pathname}: ${first}`)
  return lines.map((line) => line.split('|'))
}
