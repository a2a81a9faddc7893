// Reads the committed output of the engines. scripts/vectors.ts writes it, and says in the first line who said it.
import { readFileSync } from 'node:fs'

/** The engines whose output is committed, by the version of Variant's bytes that they speak. */
export const VECTOR_FOLDERS = { 4: 'godot-4.6.3', 3: 'godot-3.2.3' } as const

export type VectorFile = 'values' | 'forms' | 'keys' | 'compress'

/** The rows of one file, each a list of fields. */
export function readVectors(version: 3 | 4, file: VectorFile): string[][] {
  const url = new URL(`../vectors/${VECTOR_FOLDERS[version]}/${file}.txt`, import.meta.url)
  const [first = '', ...lines] = readFileSync(url, 'utf8').trimEnd().split('\n')
  if (!first.startsWith(`# Godot ${VECTOR_FOLDERS[version].slice(6)}:`)) throw new Error(`${url.pathname}: ${first}`)
  return lines.map((line) => line.split('|'))
}
