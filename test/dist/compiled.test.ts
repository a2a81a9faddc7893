// Compiled shapes as users get them: by the command of the installed package, in JavaScript and TypeScript, in ESM and CommonJS,
// bundled, and where no code may be made of texts. The samples are those of docs/shapes.md.
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Consumer, makeConsumer, strictProgram } from './consumer.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DOCUMENT = readFileSync(join(ROOT, 'docs/shapes.md'), 'utf8')
const run = promisify(execFile)

const blocks = (language: string) =>
  [...DOCUMENT.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, code]) => code!)

const [shapes, program] = blocks('js') as [string, string]
const [commands] = blocks('sh') as [string]
/** What the document says that the program prints. */
const PRINTS = '88 3 VARIANT_TRUNCATED\n'

let consumer: Consumer
beforeAll(async () => {
  consumer = await makeConsumer()
  consumer.write('package.json', JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
})
afterAll(() => consumer?.remove())

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const CLI = join('node_modules', 'godot-wire', 'dist', 'cli.js')

/** Runs the command, and says how it ended. */
async function cli(...args: readonly string[]): Promise<Ended> {
  return run(process.execPath, [CLI, ...args], { cwd: consumer.folder }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }),
  )
}

/** Where no code may be made of texts, as under a strict content security policy. */
async function strictly(file: string): Promise<string> {
  const args = ['--disallow-code-generation-from-strings', file]
  return (await run(process.execPath, args, { cwd: consumer.folder })).stdout
}

describe('godot-wire compile', () => {
  it('is what docs/shapes.md says, and its samples print what they should', async () => {
    expect(DOCUMENT).toContain(`\`\`\`text\n${PRINTS}\`\`\``)
    expect([blocks('js').length, blocks('sh').length]).toEqual([2, 1])
    consumer.write('shapes.js', shapes)
    consumer.write('commands.sh', commands.replaceAll('npx godot-wire', `'${process.execPath}' ${CLI}`))
    const { stderr } = await run('sh', ['-e', 'commands.sh'], { cwd: consumer.folder })
    expect(stderr).toBe('# shapes.compiled.js is written\n')
    consumer.write('program.js', program)
    expect(await strictly('program.js')).toBe(PRINTS)
  })

  it('finds with --check that shapes have changed, and so does the module', async () => {
    consumer.write('old.js', shapes)
    expect((await cli('compile', 'old.js', 'old.compiled.js')).code).toBe(0)
    consumer.write('old.js', shapes.replace('id: int', 'id: int, hp: int'))
    expect(await cli('compile', 'old.js', 'old.compiled.js', '--check')).toEqual({
      code: 1,
      stdout: '',
      stderr: '# old.compiled.js is not what these shapes make: run the command without --check\n',
    })
    const loaded = run(process.execPath, ['old.compiled.js'], { cwd: consumer.folder })
    await expect(loaded).rejects.toThrow('The shape "Player" is not what it was when it was compiled')
  })

  it('writes TypeScript with the types of the shapes', async () => {
    consumer.write('typed.js', shapes)
    mkdirSync(join(consumer.folder, 'made'))
    consumer.write('typed.d.ts', '')
    consumer.write('typed.ts', shapes)
    expect((await cli('compile', 'typed.js', 'made/typed.compiled.ts')).code).toBe(0)
    const file = consumer.write(
      'uses.ts',
      `import type { Infer } from 'godot-wire/variant'
       import * as shapes from './typed.js'
       import { Player, World } from './made/typed.compiled.js'
       const player: Infer<typeof Player> = { id: 1, name: 'ada', at: World.decode(new Uint8Array())[0]!.at }
       export const same: typeof shapes.Player = Player
       // @ts-expect-error: a text is no int
       World.encode([{ ...player, id: '1' }])`,
    )
    const made = strictProgram(consumer, [file])
    const found = ts
      .getPreEmitDiagnostics(made)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
    expect(found).toEqual([])
  })

  it('compiles what a CommonJS module exports, and runs there', async () => {
    consumer.write(
      'shapes.cjs',
      shapes.replace(/import (.*) from (.*)/, 'const $1 = require($2)').replaceAll('export const ', 'exports.'),
    )
    const fixed = readFileSync(join(consumer.folder, 'shapes.cjs'), 'utf8').replace(
      'arrayOf(Player)',
      'arrayOf(exports.Player)',
    )
    consumer.write('shapes.cjs', fixed)
    expect((await cli('compile', 'shapes.cjs', 'from-cjs.compiled.js')).stderr).toBe(
      '# from-cjs.compiled.js is written\n',
    )
    await build({
      stdin: { contents: program.replace('shapes.compiled', 'from-cjs.compiled'), resolveDir: consumer.folder },
      outfile: join(consumer.folder, 'bundle.cjs'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'silent',
      external: ['godot-wire/*'],
    })
    expect(await strictly('bundle.cjs')).toBe(PRINTS)
  })

  it('runs in a bundle for the browser, without the compiler in it', async () => {
    consumer.write('shapes.js', shapes)
    await cli('compile', 'shapes.js', 'shapes.compiled.js')
    const outfile = join(consumer.folder, 'page.js')
    await build({
      stdin: { contents: program, resolveDir: consumer.folder },
      outfile,
      bundle: true,
      minify: true,
      platform: 'browser',
      format: 'esm',
      logLevel: 'silent',
    })
    expect(await strictly('page.js')).toBe(PRINTS)
    expect(readFileSync(outfile, 'utf8')).not.toContain('@generated')
  })

  it('takes TypeScript by way of tsx, and says so where Node reads none', async () => {
    consumer.write('only.ts', shapes)
    const { code, stderr } = await cli('compile', 'only.ts', 'only.compiled.ts')
    const { typescript } = process.features as { typescript?: false | string }
    const readsTypes = typescript !== undefined && typescript !== false
    if (!readsTypes) {
      expect(code).toBe(4)
      expect(stderr).toContain('npx tsx node_modules/godot-wire/dist/cli.js compile')
    }
    symlinkSync(join(ROOT, 'node_modules', 'tsx'), join(consumer.folder, 'node_modules', 'tsx'))
    const args = ['--import', 'tsx', CLI, 'compile', 'only.ts', 'only.compiled.ts']
    await run(process.execPath, args, { cwd: consumer.folder })
    consumer.write('uses-only.ts', program.replace('shapes.compiled', 'only.compiled'))
    const { stdout } = await run(process.execPath, ['--import', 'tsx', 'uses-only.ts'], { cwd: consumer.folder })
    expect(stdout).toBe(PRINTS)
  })

  it.each([
    [['compile'], 2, 'compile needs a module that exports shapes'],
    [['compile', 'shapes.js', '--check'], 2, '--check needs the file'],
    [['compile', 'none.js', 'out.js'], 4, 'none.js cannot be read'],
    [['compile', 'package.json', 'out.js'], 4, 'package.json cannot be read'],
    [['compile', 'empty.js', 'out.js'], 3, 'nothing that is exported is a field'],
    [['compile', 'shapes.js', 'no/such/folder.js'], 4, 'no/such/folder.js cannot be written'],
  ] as const)('%j ends with %i', async (args, code, says) => {
    consumer.write('shapes.js', shapes)
    consumer.write('empty.js', 'export const a = 1')
    const ended = await cli(...args)
    expect(ended.stderr).toContain(says)
    expect(ended.code).toBe(code)
  })
})
