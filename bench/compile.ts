// npm run bench:compile: writes shapes-compiled.ts, as `godot-wire compile` does for a program's shapes.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compileShapes } from '../src/variant/compile/index.js'
import * as shapes from './shapes.js'

export const COMPILED = fileURLToPath(new URL('shapes-compiled.ts', import.meta.url))

export function compiledText(): string {
  return compileShapes(shapes, { from: './shapes.js', runtime: '../src/variant/compiled/index.js' })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(COMPILED, compiledText())
