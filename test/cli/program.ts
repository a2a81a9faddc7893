// The command line as its users run it: a process of its own, with real arguments, pipes and files.
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** After so long a process is killed: none of them has so much to do. */
const LONGEST_MS = 20_000

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly bytes: Buffer
}

export interface Program {
  /** A folder of its own, in which everything runs. */
  readonly folder: string
  readonly run: (args: readonly string[], input?: string | Uint8Array, env?: Record<string, string>) => Promise<Ran>
  /** A line for the shell, in which `godot-wire` is the program. */
  readonly shell: (line: string, env?: Record<string, string>) => Promise<Ran>
  readonly remove: () => void
}

/** Bundles the program once: starting it through a compiler would take ten times as long. */
export async function makeProgram(): Promise<Program> {
  const cache = join(ROOT, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  // Below node_modules, where the optional packages are found.
  const folder = mkdtempSync(join(cache, 'godot-wire-cli-'))
  const file = join(folder, 'cli.mjs')
  await build({
    entryPoints: [join(ROOT, 'src/cli/node/main.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
  })
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'godot-wire'), `#!/bin/sh\nexec "${process.execPath}" "${file}" "$@"\n`)
  chmodSync(join(bin, 'godot-wire'), 0o755)
  const plain = { ...process.env, PATH: `${bin}:${process.env['PATH']}`, NO_COLOR: '', FORCE_COLOR: '' }
  return {
    folder,
    run: (args, input = '', env = {}) => ran(process.execPath, [file, ...args], folder, { ...plain, ...env }, input),
    shell: (line, env = {}) => ran('/bin/sh', ['-c', line], folder, { ...plain, ...env }, ''),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function ran(command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv, input: string | Uint8Array) {
  return new Promise<Ran>((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, timeout: LONGEST_MS, killSignal: 'SIGKILL' })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    // A program that wants no input closes its end.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    child.once('error', reject)
    child.once('close', (code) => {
      const bytes = Buffer.concat(out)
      resolve({ code, stdout: bytes.toString(), stderr: Buffer.concat(err).toString(), bytes })
    })
  })
}
