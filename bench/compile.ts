// npm run bench:compile: writes shapes-compiled.ts and shapes-compiled-3.ts, as `godot-wire compile` does for a program's shapes.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compileShapes } from '../src/variant/compile/index.js'
import * as shapes from './shapes.js'

const OPTIONS = { from: './shapes.js', runtime: '../src/variant/compiled/index.js' }

/** The files and what belongs in them. */
export function compiledFiles(): Readonly<Record<string, string>> {
  return {
    'shapes-compiled.ts': compileShapes(shapes, OPTIONS),
    'shapes-compiled-3.ts': compileShapes(shapes, { ...OPTIONS, version: 3 }),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, text] of Object.entries(compiledFiles())) writeFileSync(new URL(file, import.meta.url), text)
}
