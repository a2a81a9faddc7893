// An empty project that has installed the package from its tarball, as a user's does: no source, no symbolic link to it.
import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import ts from 'typescript'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

export interface Consumer {
  readonly folder: string
  /** The tarball that was installed. */
  readonly tarball: string
  /** Writes a file and runs it with Node; what it prints is the answer, and an exit code but 0 an error. */
  node(file: string, text: string): Promise<string>
  write(file: string, text: string): string
  remove(): void
}

/** What the package needs at run time, and what a TypeScript user brings: taken from here, nothing is downloaded. */
const INSTALLED = ['ws', 'jose', 'prom-client', 'nats', '@types/node', 'undici-types', '@types/ws']

export async function makeConsumer(): Promise<Consumer> {
  if (!existsSync(join(ROOT, 'dist', 'index.js'))) throw new Error('dist/ is missing: npm run build comes first')
  const folder = mkdtempSync(join(tmpdir(), 'godot-wire-consumer-'))
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: ROOT,
  })
  const tarball = join(folder, tarballName(stdout))
  const modules = join(folder, 'node_modules')
  mkdirSync(modules)
  await run('tar', ['-xzf', tarball, '-C', modules])
  renameSync(join(modules, 'package'), join(modules, 'godot-wire'))
  for (const name of INSTALLED) {
    const from = join(ROOT, 'node_modules', name)
    if (!existsSync(from)) continue
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    if (name.startsWith('@types')) cpSync(from, join(modules, name), { recursive: true })
    else symlinkSync(from, join(modules, name))
  }
  const write = (file: string, text: string) => {
    writeFileSync(join(folder, file), text)
    return join(folder, file)
  }
  write('package.json', JSON.stringify({ name: 'consumer', private: true }))
  return {
    folder,
    tarball,
    write,
    async node(file, text) {
      const { stdout } = await run(process.execPath, [write(file, text)], { cwd: folder, timeout: 30_000 })
      return stdout
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The first package's file name; npm prints a list up to version 11 and an object by name since. */
function tarballName(json: string): string {
  const packed = JSON.parse(json) as { filename: string }[] | Record<string, { filename: string }>
  return Object.values(packed)[0]!.filename
}

/** A TypeScript program of modules in the consumer, as strict as its users may be. */
export function strictProgram({ folder }: Consumer, files: readonly string[]): ts.Program {
  return ts.createProgram(files, {
    noEmit: true,
    strict: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    types: ['node'],
    typeRoots: [join(folder, 'node_modules', '@types')],
    skipLibCheck: true,
  })
}
