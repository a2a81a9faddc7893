// Reads the committed texts of the engines. scripts/text-vectors.ts writes them.
import { readFileSync } from 'node:fs'
import type { EngineName } from '../../../scripts/engines.js'
import type { VarToStrOptions } from '../../../src/variant/index.js'
import { PRINTED, vectorFolder } from '../read-vectors.js'

/** How varToStr and strToVar are told to do as an engine does. */
export const OPTIONS = {
  godot4: { version: 4 },
  godot3: { version: 3, target: '3.2' },
  godot36: { version: 3, target: '3.6' },
} as const satisfies Record<EngineName, VarToStrOptions>

/** The rows of text.txt: `print|name|hex|text as JSON` and `parse|text as JSON|hex`. */
export function readTexts(name: EngineName): string[][] {
  const url = new URL(`../../vectors/${vectorFolder(name)}/text.txt`, import.meta.url)
  const [first = '', ...lines] = readFileSync(url, 'utf8').trimEnd().split('\n')
  if (!first.startsWith(`# Godot ${PRINTED[name].godot}:`)) throw new Error(`${url.pathname}: ${first}`)
  return lines.map((line) => line.split('|'))
}

/** The values that an engine printed, and the texts that it read. */
export function printedRows(name: EngineName): { name: string; hex: string; text: string }[] {
  const rows = readTexts(name).filter(([kind]) => kind === 'print')
  return rows.map(([, value = '', hex = '', text = '']) => ({ name: value, hex, text: JSON.parse(text) as string }))
}

export function parsedRows(name: EngineName): { text: string; hex: string }[] {
  const rows = readTexts(name).filter(([kind]) => kind === 'parse')
  return rows.map(([, text = '', hex = '']) => ({ text: JSON.parse(text) as string, hex }))
}
