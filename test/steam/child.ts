// Programs in processes of their own: what ends a process must not end the tests.
import { type SpawnOptions, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** How long a process may take to say something, so that a test that waits in vain can say for what. */
const PATIENCE_MS = 25_000

const running: Child[] = []
afterEach(async () => {
  for (const child of running.splice(0)) {
    child.kill()
    await child.exited
  }
})

export interface Child {
  /** The first line from here on that holds a text; rejects when the process ends without it. */
  line(text: string): Promise<string>
  /** Sends a line to the program. */
  say(text: string): void
  kill(): void
  /** As Ctrl+C does. */
  interrupt(): void
  /** The exit code, or the name of the signal. */
  readonly exited: Promise<number | string>
  readonly output: () => string
}

/** Runs TypeScript text as a module in the project's folder. */
export function startChild(program: string, nodeOptions: readonly string[] = []): Child {
  return start(process.execPath, [...nodeOptions, '--import', 'tsx', '--input-type=module', '--eval', program])
}

/** Runs a file of the project. */
export function startFile(path: string, args: readonly string[]): Child {
  return start(process.execPath, ['--import', 'tsx', path, ...args])
}

/** Runs a line of a shell; what is done to it is done to all that it started. */
export function startLine(line: string, options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv }): Child {
  return start('bash', ['-ec', line], { ...options, detached: true })
}

function signalGroup(leader: number, name: NodeJS.Signals): void {
  try {
    process.kill(-leader, name)
  } catch (error) {
    // All of them have ended just now.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function start(command: string, args: readonly string[], options: SpawnOptions = {}): Child {
  const child = spawn(command, args, { cwd: ROOT, env: process.env, ...options, stdio: ['pipe', 'pipe', 'pipe'] })
  let output = ''
  let seen = 0
  let wake = () => {}
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      wake()
    })
  }
  let hasEnded = false
  const exited = new Promise<number | string>((resolve) => {
    child.on('close', (code, signal) => {
      hasEnded = true
      resolve(code ?? signal ?? 'unknown')
      wake()
    })
  })
  async function line(text: string): Promise<string> {
    const patience = performance.now() + PATIENCE_MS
    for (;;) {
      const end = output.lastIndexOf('\n') + 1
      const at = output.slice(0, end).indexOf(text, seen)
      if (at >= 0) {
        seen = output.indexOf('\n', at) + 1
        return output.slice(output.lastIndexOf('\n', at) + 1, seen - 1)
      }
      if (hasEnded) throw new Error(`the process ended without "${text}"; it said:\n${output}`)
      if (performance.now() > patience) throw new Error(`the process did not say "${text}"; it said:\n${output}`)
      await new Promise<void>((resolve) => {
        wake = resolve
        setTimeout(resolve, 1000).unref()
      })
    }
  }
  const signal = (name: NodeJS.Signals) => {
    if (!options.detached) child.kill(name)
    else if (!hasEnded) signalGroup(child.pid!, name)
  }
  const made: Child = {
    line,
    exited,
    say: (text) => child.stdin.write(`${text}\n`),
    kill: () => signal('SIGKILL'),
    interrupt: () => signal('SIGINT'),
    output: () => output,
  }
  running.push(made)
  return made
}
