// Fuzzes the Variant codec and the sessions for as long as it is told: `npm run fuzz -- --seconds=600`. HELP in options.ts has the rest.
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Engine, getEngine, isEngine } from '../engines.js'
import type { Done, Find, Job } from './job.js'
import { type FuzzOptions, fuzzOptions, HELP, type Intent } from './options.js'
import { plan } from './plan.js'

const WORKERS = 2
const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url))
const LINE_EVERY_MS = 5_000

/** A job is some seconds of work. A process that is silent for so long hangs. */
const SILENCE_MS = 2 * 60_000
/** An engine's own time limit comes before this. */
const ENGINE_SILENCE_MS = 15 * 60_000

/** After so many finds there is enough to do. */
const ENOUGH = 20

interface Total {
  readonly intent: Intent
  tried: number
  ms: number
  counts: Map<string, number>
}

class Fuzz {
  readonly totals = new Map<string, Total>()
  readonly finds: Find[] = []
  readonly started = Date.now()
  readonly #jobs: Iterator<Job>
  readonly #until: number

  constructor(options: FuzzOptions, engines: readonly Engine[]) {
    this.#jobs = plan(options, engines)
    this.#until = options.seconds === undefined ? Number.POSITIVE_INFINITY : this.started + options.seconds * 1000
  }

  /** Works until the budget is spent: one process after another, each for as long as it lives. */
  async work(): Promise<void> {
    let worker = startWorker()
    try {
      for (let job = this.#next(); job; job = this.#next()) {
        const from = Date.now()
        const answer = await answerOf(worker, job)
        if (answer === undefined) {
          await this.#post(job)
          worker = startWorker()
        } else this.#add(job, answer, Date.now() - from)
      }
    } finally {
      worker.kill()
    }
  }

  #next(): Job | undefined {
    if (Date.now() >= this.#until || this.finds.length >= ENOUGH) return undefined
    const { value, done } = this.#jobs.next()
    return done ? undefined : value
  }

  #add(job: Job, { tried, finds, counts }: Done, ms: number): void {
    const total = this.totals.get(job.kind) ?? { intent: job.intent, tried: 0, ms: 0, counts: new Map() }
    this.totals.set(job.kind, total)
    total.tried += tried
    total.ms += ms
    for (const [what, count] of Object.entries(counts)) total.counts.set(what, (total.counts.get(what) ?? 0) + count)
    for (const find of finds) this.#found(find)
  }

  #found(find: Find): void {
    this.finds.push(find)
    console.log(`FOUND ${find.what}\n  ${find.row}`)
  }

  /** A process that is gone or hangs: the same job again, with a diary of its inputs. */
  async #post(job: Job): Promise<void> {
    if (job.intent === 'sessions') {
      const { kind, links, seed, count } = job
      return this.#found({ what: `${kind}: crashed or hung`, row: `trySchedules('${links}', ${seed}, ${count})` })
    }
    if (job.intent !== 'hostile') throw new Error(`${job.kind}: the process did not answer (seed ${job.seed})`)
    const folder = mkdtempSync(join(tmpdir(), 'godot-wire-fuzz-'))
    const diary = join(folder, 'input.txt')
    const worker = startWorker()
    try {
      const answer = await answerOf(worker, { ...job, diary })
      if (answer) this.#add(job, answer, 0)
      else this.#found({ what: `${job.kind}: crashed or hung`, row: readFileSync(diary, 'utf8') })
    } finally {
      worker.kill()
      rmSync(folder, { recursive: true, force: true })
    }
  }

  /** How far it is, by intent; `report` has it in detail. */
  line(): string {
    const tried = new Map<string, number>()
    for (const { intent, tried: count } of this.totals.values()) tried.set(intent, (tried.get(intent) ?? 0) + count)
    const parts = [...tried].map(([intent, count]) => `${intent} ${count.toLocaleString('en')}`)
    return [`${seconds(Date.now() - this.started)} s`, ...parts, `finds ${this.finds.length}`].join(', ')
  }

  report(): void {
    for (const [kind, { tried, ms, counts }] of this.totals) {
      const rate = Math.round(tried / (ms / 1000)).toLocaleString('en')
      console.log(`${kind}: ${tried.toLocaleString('en')} in ${seconds(ms)} s of one process (${rate}/s)`)
      const most = [...counts].sort(([, a], [, b]) => b - a)
      for (const [what, count] of most) console.log(`  ${count.toLocaleString('en')} ${what}`)
    }
    console.log(`${seconds(Date.now() - this.started)} s in all; finds: ${this.finds.length}`)
  }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(0)
}

/** Little memory on purpose: what grows beyond its input ends the process, and that is a find. */
function startWorker(): ChildProcess {
  return fork(WORKER, { execArgv: ['--import', 'tsx', '--max-old-space-size=512'] })
}

/** Undefined where the process ended or went silent instead. */
function answerOf(worker: ChildProcess, job: Job): Promise<Done | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => worker.kill('SIGKILL'),
      job.intent === 'differential' ? ENGINE_SILENCE_MS : SILENCE_MS,
    )
    const end = (answer?: Done) => {
      clearTimeout(timer)
      worker.removeAllListeners()
      resolve(answer)
    }
    worker.once('message', (answer: Done) => end(answer))
    worker.once('exit', () => end())
    worker.send(job)
  })
}

function enginesOf({ intents, engines }: FuzzOptions): Engine[] {
  if (!intents.includes('differential')) return []
  return engines.map((name) => {
    const engine = getEngine(name)
    if (!isEngine(engine)) throw new Error(`${name}: ${engine.missing}`)
    return engine
  })
}

async function main(): Promise<void> {
  let options: FuzzOptions
  try {
    options = fuzzOptions(process.argv.slice(2))
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`)
    process.exitCode = 2
    return
  }
  console.log(`seed ${options.seed}; ${options.intents.join(', ')}`)
  const fuzz = new Fuzz(options, enginesOf(options))
  const timer = setInterval(() => console.log(fuzz.line()), LINE_EVERY_MS)
  try {
    await Promise.all(Array.from({ length: WORKERS }, () => fuzz.work()))
  } finally {
    clearInterval(timer)
  }
  fuzz.report()
  if (fuzz.finds.length > 0) process.exitCode = 1
}

await main()
