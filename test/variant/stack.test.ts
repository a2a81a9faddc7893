// The deepest values that Godot reads and writes need no more than a part of the stack that Node has by default: a caller
// has frames of its own, and a function that was never called before has larger ones. Each runs in a process of its own.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)

/** In kB; Node's own is 984. */
const STACK = 840

/** No key of a plain object. */
const INT_KEY = '1b00000001000000 0200000001000000'

/** How to put a value into a container, and what its bytes are, in hex, in front of those of the value. */
const CONTAINERS: Readonly<Record<string, readonly [make: string, head: string]>> = {
  Array: ['[x]', '1c00000001000000'],
  'typed Array': ['new v.TypedArray(28, [x])', '1c000100 1c000000 01000000'],
  'plain object': ['({ in: x })', '1b00000001000000 0400000002000000696e0000'],
  Dictionary: ["new v.Dictionary([['in', x]])", '1b00000001000000 0400000002000000696e0000'],
  'Dictionary with an int key': ['new v.Dictionary([[1, x]])', INT_KEY],
  'typed Dictionary': [
    "new v.Dictionary([['in', x]], { keyType: 4 })",
    '1b000100 04000000 01000000 0400000002000000696e0000',
  ],
  Map: ["new Map([['in', x]])", '1b00000001000000 0400000002000000696e0000'],
  Object: [
    "new v.GodotObject('A', new v.Dictionary([['in', x]]))",
    '18000000 0100000041000000 01000000 02000000696e0000',
  ],
}

const DEPTH = 1024

let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'godot-wire-stack-'))
  await build({
    entryPoints: [fileURLToPath(new URL('../../src/variant/index.ts', import.meta.url))],
    outfile: join(folder, 'variant.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The innermost value: an empty Array, which every typed container here takes. */
const INNERMOST = '1c00000000000000'

function program(make: string, head: string): string {
  return `
    import * as v from './variant.mjs'
    const bytes = new Uint8Array(Buffer.from(${JSON.stringify(head.replaceAll(' ', ''))}.repeat(${DEPTH}) + '${INNERMOST}', 'hex'))
    const value = v.bytesToVarWithObjects(bytes)
    if (${head !== INT_KEY}) for (let i = 0; i < 3; i++) v.bytesToVarWithObjects(bytes, { dictionaryAs: 'object' })
    const again = v.bytesToVarWithObjects(bytes)
    let made = []
    for (let i = 0; i < ${DEPTH}; i++) made = ((x) => ${make})(made)
    const same = [value, again, made].map((one) => Buffer.compare(v.varToBytesWithObjects(one), bytes))
    let tooDeep = 'nothing'
    try { v.varToBytesWithObjects([made]) } catch (error) { tooDeep = error.code }
    console.log(same.join(' '), tooDeep)
  `
}

describe(`with ${STACK} kB of stack`, () => {
  it.each(Object.entries(CONTAINERS))('a %s may lie in itself as deep as in Godot', async (name, [make, head]) => {
    const file = join(folder, `${name.replaceAll(' ', '-')}.mjs`)
    writeFileSync(file, program(make, head))
    const { stdout } = await run(process.execPath, [`--stack-size=${STACK}`, file])
    expect(stdout.trim()).toBe('0 0 0 VARIANT_TOO_DEEP')
  })
})
