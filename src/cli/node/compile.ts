/** `godot-wire compile`: a module of shapes becomes a module with code for each of them. */
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, extname, relative, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { compileShapes } from '../../variant/compile/index.js'
import { type Command, cliError, EXIT, type Given, type World } from '../index.js'

export const compile: Command = {
  name: 'compile',
  summary: 'write code for the shapes of a module, which makes them up to three times as quick',
  operands: '<module> [file]',
  mostOperands: 2,
  options: [
    {
      name: 'godot',
      short: 'g',
      value: 'version',
      choices: ['4', '3'],
      usual: '4',
      help: 'whose bytes are to be quick',
    },
    { name: 'check', help: 'write nothing; exit code 1 where the file is not what would be written' },
  ],
  examples: [
    ['godot-wire compile src/shapes.js src/shapes.compiled.js', 'import State from shapes.compiled.js from then on'],
    ['godot-wire compile src/shapes.js src/shapes.compiled.js --check', 'in CI: whether it was made of these shapes'],
  ],
  run,
}

async function run([source, target]: readonly string[], given: Given, world: World): Promise<number> {
  if (source === undefined) throw usage('compile needs a module that exports shapes')
  if (target === undefined && given['check'] === true) throw usage('--check needs the file that is to be checked')
  const file = resolve(target ?? `${basename(source, extname(source))}.compiled${extname(source)}`)
  const text = await compiledText(resolve(source), file, given['godot'] === '3' ? 3 : 4)
  if (target === undefined) world.print(text.trimEnd())
  else if (given['check'] === true) return checked(target, text, world)
  else {
    write(target, text)
    world.note(`${target} is written`)
  }
  return EXIT.OK
}

const usage = (problem: string) => cliError('CLI_USAGE', { problem, command: 'compile' })

async function compiledText(source: string, file: string, version: 4 | 3): Promise<string> {
  return compileShapes(await exportsOf(source), {
    from: importOf(source, dirname(file)),
    version,
    language: /\.[cm]?ts$/.test(file) ? 'ts' : 'js',
  })
}

async function exportsOf(source: string): Promise<Record<string, unknown>> {
  try {
    const module = (await import(pathToFileURL(source).href)) as Record<string, unknown>
    // What a CommonJS module exports may be there under this name alone.
    return { ...(module['default'] as object | undefined), ...module }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const isType = code === 'ERR_UNKNOWN_FILE_EXTENSION' || code === 'ERR_UNKNOWN_MODULE_FORMAT'
    const hint = 'this Node reads no TypeScript: npx tsx node_modules/godot-wire/dist/cli.js compile ... does'
    throw cliError('CLI_FILE', { path: source, reason: isType ? hint : message })
  }
}

/** How a module in this folder imports the file: `./shapes.js`, also where it is TypeScript still. */
function importOf(source: string, folder: string): string {
  const path = relative(folder, source).split(sep).join('/')
  return (path.startsWith('.') ? path : `./${path}`).replace(/\.([cm]?)ts$/, '.$1js')
}

function write(target: string, text: string): void {
  try {
    writeFileSync(target, text)
  } catch (error) {
    throw cliError('CLI_FILE', { path: target, what: 'written', reason: (error as Error).message })
  }
}

function checked(target: string, text: string, world: World): number {
  if (read(target) === text) return EXIT.OK
  world.note(`${target} is not what these shapes make: run the command without --check`)
  return EXIT.DIFFERENT
}

function read(target: string): string | undefined {
  try {
    return readFileSync(target, 'utf8')
  } catch {
    return undefined
  }
}
