// Runs GDScript in a real engine: never for longer than agreed, and with the engine's own words when it goes wrong.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Engine } from './engines.js'

export interface EngineRun {
  /** The folder that holds project.godot; it is the engine's working directory and its `res://`. */
  readonly project: string
  /** The script, inside the project: `values.gd`. It extends SceneTree (or MainLoop) and calls `quit()`. */
  readonly script: string
  /**
   * For the script: `OS.get_cmdline_user_args()` in Godot 4, part of `OS.get_cmdline_args()` in Godot 3. Give them as
   * `--name=value`: Godot 3 takes a bare word for a scene to open.
   */
  readonly args?: readonly string[]
  /** Environment variables beside the ones of this process. */
  readonly env?: Readonly<Record<string, string>>
  /** After this the engine is killed and whoever waits for it gets an error. Default 60 s. */
  readonly timeoutMs?: number
  /** Takes each line as it comes. `lines` and `stderr` keep only their ends then: there may be millions. */
  readonly onLine?: (line: string) => void
}

const DEFAULT_TIMEOUT_MS = 60_000

/** How much of what the engine said goes into an error. */
const TAIL = 4_000
const LAST_LINES = 20

interface Waiter {
  readonly wanted: (line: string) => boolean
  readonly resolve: (line: string) => void
  readonly reject: (error: Error) => void
}

/** An engine that runs. Kill it in the end, whatever happened: `await engine.kill()` does no harm to one that is gone. */
export class RunningEngine {
  /** All lines of standard output so far; with `onLine`, the last ones. */
  readonly lines: string[] = []
  /** All of standard error so far; with `onLine`, its end. */
  stderr = ''
  /** The exit code, or null where a signal ended it. Never rejects. */
  readonly exited: Promise<number | null>
  readonly #child: ChildProcessWithoutNullStreams
  readonly #what: string
  readonly #timer: NodeJS.Timeout
  #read = 0
  #waiter: Waiter | undefined
  #ended: string | undefined
  #closed = false

  constructor(engine: Engine, run: EngineRun) {
    this.#what = `${engine.name} ${engine.version} with ${run.script}`
    const args = [...engine.args, '--path', run.project, '-s', run.script, ...ownArgs(engine, run.args ?? [])]
    this.#child = spawn(engine.command, args, { cwd: run.project, env: { ...process.env, ...run.env } })
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.stderr = run.onLine ? (this.stderr + text).slice(-TAIL) : this.stderr + text
    })
    // An engine that is gone breaks the pipe of whoever still writes to it; that it is gone is told by `exited`.
    this.#child.stdin.on('error', () => {})
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#take(line, run.onLine))
    const timeoutMs = run.timeoutMs ?? DEFAULT_TIMEOUT_MS
    this.#timer = setTimeout(() => {
      this.#ended ??= `did not end within ${timeoutMs} ms`
      this.#child.kill('SIGKILL')
    }, timeoutMs)
    this.exited = new Promise((resolve) => {
      this.#child.once('error', (error) => this.#end(`did not start: ${error.message}`, null, resolve))
      this.#child.once('close', (code, signal) => this.#end(`ended (${code ?? signal})`, code, resolve))
    })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /**
   * The next line, or the next one that starts with `prefix`; lines between are passed over and stay in `lines`. One
   * call at a time.
   *
   * @throws when the engine ends or its time is up before such a line came
   */
  nextLine(prefix = ''): Promise<string> {
    if (this.#waiter) throw new Error('nextLine is already waiting')
    return new Promise((resolve, reject) => {
      this.#waiter = { wanted: (line) => line.startsWith(prefix), resolve, reject }
      this.#serve()
    })
  }

  /** Writes to the engine's standard input. */
  write(text: string): void {
    this.#child.stdin.write(text)
  }

  /** Ends the engine at once and waits until it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.exited
  }

  /** An error that says what ran, what happened, and what the engine said last. */
  failure(what: string): Error {
    const said = [...this.lines.slice(-LAST_LINES), this.stderr.slice(-TAIL)].join('\n').trim()
    return new Error(`${this.#what} ${what}${said ? `; it said:\n${said}` : ''}`)
  }

  /** Why it ended when that was not the engine's own doing. */
  get ended(): string | undefined {
    return this.#ended
  }

  #take(line: string, onLine?: (line: string) => void): void {
    this.lines.push(line)
    if (!onLine) return this.#serve()
    if (this.lines.length > LAST_LINES) this.lines.shift()
    onLine(line)
  }

  #serve(): void {
    while (this.#waiter && this.#read < this.lines.length) {
      const line = this.lines[this.#read++]!
      if (this.#waiter.wanted(line)) {
        const { resolve } = this.#waiter
        this.#waiter = undefined
        resolve(line)
      }
    }
    if (this.#waiter && this.#closed) {
      const { reject } = this.#waiter
      this.#waiter = undefined
      reject(this.failure(this.#ended ?? 'ended'))
    }
  }

  #end(how: string, code: number | null, resolve: (code: number | null) => void): void {
    clearTimeout(this.#timer)
    this.#ended ??= code === 0 ? undefined : how
    this.#closed = true
    this.#serve()
    resolve(code)
  }
}

function ownArgs(engine: Engine, args: readonly string[]): readonly string[] {
  return args.length > 0 && engine.name === 'godot4' ? ['--', ...args] : args
}

/** Starts an engine that goes on: a client for a test to talk with. */
export function spawnEngine(engine: Engine, run: EngineRun): RunningEngine {
  return new RunningEngine(engine, run)
}

/**
 * Runs a script to its end.
 *
 * @returns the lines of standard output
 * @throws when the engine does not end in time, or not with 0
 */
export async function runEngine(engine: Engine, run: EngineRun): Promise<readonly string[]> {
  const running = spawnEngine(engine, run)
  const code = await running.exited
  if (code !== 0 || running.ended) throw running.failure(running.ended ?? `ended with ${code}`)
  return running.lines
}

/**
 * Runs a script that prints rows between a line `begin` and a line `end`. Fields are parted by `|`, and a line without
 * one is the engine talking. A script that breaks in the middle prints no `end`, and that is an error.
 */
export async function engineRows(engine: Engine, run: EngineRun): Promise<string[][]> {
  const running = spawnEngine(engine, run)
  const code = await running.exited
  const from = running.lines.indexOf('begin')
  const to = running.lines.lastIndexOf('end')
  if (code !== 0 || running.ended) throw running.failure(running.ended ?? `ended with ${code}`)
  if (from < 0 || to < from) throw running.failure('did not print its rows to the end')
  const rows = running.lines.slice(from + 1, to).filter((line) => line.includes('|'))
  return rows.map((line) => line.split('|'))
}

/**
 * `engineRows` for rows without end: each is taken as it comes, and none is kept. An error of `take` ends the engine.
 *
 * @returns how many rows there were
 */
export async function eachRow(engine: Engine, run: EngineRun, take: (fields: string[]) => void): Promise<number> {
  let rows = 0
  const state = { inside: false, ended: false }
  let thrown: { error: unknown } | undefined
  const running = spawnEngine(engine, {
    ...run,
    onLine(line) {
      if (line === 'begin') state.inside = true
      else if (line === 'end') state.ended = true
      else if (state.inside && line.includes('|') && !thrown) {
        rows++
        try {
          take(line.split('|'))
        } catch (error) {
          thrown = { error }
          void running.kill()
        }
      }
    },
  })
  const code = await running.exited
  if (thrown) throw thrown.error
  if (code !== 0 || running.ended) throw running.failure(running.ended ?? `ended with ${code}`)
  if (!state.ended) throw running.failure('did not print its rows to the end')
  return rows
}
