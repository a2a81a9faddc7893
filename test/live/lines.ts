// Hands an engine a file of lines and takes its answer to each.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Engine } from '../../scripts/engines.js'
import { engineRows } from '../../scripts/run-engine.js'
import { vectorProject } from '../../scripts/vectors.js'

/** The fields of the answer to each line, without the line's number. */
export async function answersTo(engine: Engine, script: string, lines: readonly string[]): Promise<string[][]> {
  const folder = mkdtempSync(join(tmpdir(), 'godot-wire-'))
  try {
    const file = join(folder, 'lines.txt')
    writeFileSync(file, `${lines.join('\n')}\n`)
    const rows = await engineRows(engine, { project: vectorProject(engine.name), script, args: [`--file=${file}`] })
    expect(rows.map(([index]) => Number(index))).toEqual(lines.map((_, i) => i))
    return rows.map(([, ...fields]) => fields)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
