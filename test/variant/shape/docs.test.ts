// The samples of docs/shapes.md: each compiles as it stands, and prints what the document says, where no code may be made of
// texts.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const text = readFileSync(join(ROOT, 'docs/shapes.md'), 'utf8')
const door = JSON.stringify(join(ROOT, 'src/variant/index.ts'))

/** Each ```ts block with the ```text block that follows it. */
const SAMPLES = [...text.matchAll(/```ts\n([\s\S]*?)```\s*```text\n([\s\S]*?)```/g)].map(
  ([, code, output]) => [code!.replace("'godot-wire/variant'", door), output!] as const,
)

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(ROOT, 'node_modules', '.shapes-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const fileOf = (i: number) => join(folder, `sample-${i}.ts`)

describe('the samples of docs/shapes.md', () => {
  it('all have their output', () => {
    expect(SAMPLES.length).toBeGreaterThan(3)
    expect([...text.matchAll(/^```ts$/gm)]).toHaveLength(SAMPLES.length)
  })

  it.each(SAMPLES.map(([code, output], i) => [i, code, output] as const))('number %i prints it', (i, code, output) => {
    writeFileSync(fileOf(i), code)
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--disallow-code-generation-from-strings', '--import', 'tsx', fileOf(i)],
      {
        cwd: ROOT,
        encoding: 'utf8',
        timeout: 60_000,
      },
    )
    expect(stdout, stderr).toBe(output)
  })

  it('compile', () => {
    const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), ts.sys.readFile)
    const { options } = ts.convertCompilerOptionsFromJson(
      { ...config.compilerOptions, lib: ['ES2022', 'DOM'], types: [], allowImportingTsExtensions: true },
      ROOT,
    )
    SAMPLES.forEach(([code], i) => {
      writeFileSync(fileOf(i), code)
    })
    const program = ts.createProgram(
      SAMPLES.map((_, i) => fileOf(i)),
      options,
    )
    const problems = SAMPLES.flatMap((_, i) => ts.getPreEmitDiagnostics(program, program.getSourceFile(fileOf(i))))
    expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([])
  })
})
