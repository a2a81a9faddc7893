// npm run bench:compile: writes shapes-compiled.ts and plain-shapes-compiled.ts, as `godot-wire compile` does for a program's
// shapes.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compileShapes } from '../src/variant/compile/index.js'
import * as plain from './plain-shapes.js'
import * as shapes from './shapes.js'

const RUNTIME = '../src/variant/compiled/index.js'

/** The files and what belongs in them. */
export function compiledFiles(): Readonly<Record<string, string>> {
  return {
    'shapes-compiled.ts': compileShapes(shapes, { from: './shapes.js', runtime: RUNTIME }),
    'plain-shapes-compiled.ts': compileShapes(plain, { from: './plain-shapes.js', runtime: RUNTIME, version: 3 }),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, text] of Object.entries(compiledFiles())) writeFileSync(new URL(file, import.meta.url), text)
}
