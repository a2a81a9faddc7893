// Throws broken bytes of every mode at the decompressors: only COMPRESSION_ codes may come back, at once, and no more bytes
// than were allowed; and of DEFLATE and GZIP what pako says of them too.
//
//   npx tsx scripts/fuzz-compression.ts                                 200,000 inputs
//   npx tsx scripts/fuzz-compression.ts --inputs=10000000 --workers=2
//   npx tsx scripts/fuzz-compression.ts --seed=5 --only=1234            one input again
//
// Each input follows from the seed and its number alone. A find is printed with its bytes, and the exit code is 1.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { brotliCompressSync, constants } from 'node:zlib'
import {
  COMPRESSION_BROTLI,
  COMPRESSION_DEFLATE,
  COMPRESSION_FASTLZ,
  COMPRESSION_GZIP,
  COMPRESSION_ZSTD,
  type CompressionMode,
  compress,
  decompress,
  decompressDynamic,
  ready,
} from '../src/compression/index.js'
import { isGodotWireError } from '../src/errors.js'
import { unlikePako } from '../test/compression/pako-inflate.js'

const MODES = [COMPRESSION_FASTLZ, COMPRESSION_DEFLATE, COMPRESSION_ZSTD, COMPRESSION_GZIP, COMPRESSION_BROTLI] as const
const NAMES = ['FASTLZ', 'DEFLATE', 'ZSTD', 'GZIP', 'BROTLI']

/** A worker that has not said anything for so long hangs. It speaks after each `REPORT_EVERY` inputs. */
const HANG_MS = 30_000
const REPORT_EVERY = 2_000

/** What a worker may hold outside the heap; the largest result is a megabyte. */
const MOST_MEMORY = 96 << 20
const MOST_OUTPUT = 1 << 20

const SLOW_MS = 20

/** Mulberry32, seeded anew for each input. */
class Dice {
  #state: number

  constructor(seed: number, index: number) {
    this.#state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0
  }

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) % limit
  }
}

const SHAPES: readonly ((dice: Dice, i: number, size: number) => number)[] = [
  () => 0,
  (dice) => dice.below(256),
  (_, i) => (i * 7) & 31,
  (dice) => 97 + dice.below(4),
  (_, i) => 'the sword of the player and the level of the enemy '.charCodeAt(i % 51),
  (dice, i) => ((i >> 4) + dice.below(3)) & 255,
]

/** Good streams of every mode, in many shapes and sizes, to break. */
function seeds(): Uint8Array[][] {
  return MODES.map((mode) =>
    SHAPES.flatMap((shape, s) =>
      [1, 20, 150, 900, 9_000, 66_000].flatMap((size) => {
        const dice = new Dice(s, size)
        const plain = Uint8Array.from({ length: size }, (_, i) => shape(dice, i, size))
        return packedInManyWays(plain, mode)
      }),
    ),
  )
}

function packedInManyWays(plain: Uint8Array, mode: CompressionMode): Uint8Array[] {
  if (mode === COMPRESSION_FASTLZ) return [compress(plain)]
  if (mode === COMPRESSION_BROTLI) {
    return [0, 4, 9].map((quality) => {
      const params = { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_LGWIN]: 16 }
      return new Uint8Array(brotliCompressSync(plain, { params }))
    })
  }
  const levels = mode === COMPRESSION_ZSTD ? [1, 3, 12, 19] : [0, 1, 6]
  return levels.map((compressionLevel) => compress(plain, mode, { compressionLevel }))
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length)
  bytes.set(a)
  bytes.set(b, a.length)
  return bytes
}

/** Where to break: most of what can go wrong stands near the beginning. */
function place(dice: Dice, size: number): number {
  return dice.below(dice.below(3) > 0 ? Math.min(size, 40) : size)
}

function mutated(dice: Dice, from: Uint8Array, other: Uint8Array): Uint8Array {
  let bytes: Uint8Array = from.slice()
  for (let n = dice.below(5); n >= 0 && bytes.length > 0; n--) {
    const at = place(dice, bytes.length)
    switch (dice.below(7)) {
      case 0:
      case 1:
        bytes[at]! ^= 1 << dice.below(8)
        break
      case 2:
        bytes[at] = [0, 1, 127, 128, 255, dice.below(256)][dice.below(6)]!
        break
      case 3:
        bytes = bytes.slice(0, at + 1)
        break
      case 4:
        bytes = joined(bytes.subarray(0, at), bytes.subarray(at + dice.below(20)))
        break
      case 5:
        bytes.copyWithin(at, place(dice, bytes.length), bytes.length)
        break
      default: {
        const tail = other.subarray(place(dice, other.length)).subarray(0, 2_000)
        bytes = joined(bytes.subarray(0, at), tail)
      }
    }
  }
  return bytes
}

interface Outcome {
  readonly mode: string
  /** A code, or `bytes`. */
  readonly said: string
  /** What is wrong with that, if anything is. */
  readonly wrong?: string
  readonly bytes: Uint8Array
}

function one(seed: number, index: number, good: readonly Uint8Array[][]): Outcome {
  const dice = new Dice(seed, index)
  const mode = MODES[dice.below(MODES.length)]!
  const own = good[mode]!
  const isNoise = dice.below(20) === 0
  const bytes = isNoise
    ? Uint8Array.from({ length: 1 + dice.below(80) }, () => dice.below(256))
    : mutated(dice, own[dice.below(own.length)]!, own[dice.below(own.length)]!)
  const limit = [0, 1, 100, 5_000, 80_000, MOST_OUTPUT][dice.below(6)]!
  const isDynamic = mode !== COMPRESSION_FASTLZ && mode !== COMPRESSION_ZSTD && dice.below(2) === 0
  const version = mode === COMPRESSION_BROTLI || dice.below(2) === 0 ? 4 : 3
  const name = `${NAMES[mode]!} version ${version} ${isDynamic ? 'dynamic' : 'sized'} limit ${limit}`
  const answer = opened(() =>
    isDynamic
      ? decompressDynamic(bytes, limit, mode, { version })
      : decompress(bytes, Math.max(limit, 1), mode, { version }),
  )
  const wrong = wrongWith(answer, bytes, { mode, isDynamic, version, limit })
  const said = typeof answer === 'string' ? answer : answer instanceof Uint8Array ? 'bytes' : 'another error'
  return { mode: NAMES[mode]!, said, bytes, ...(wrong === undefined ? {} : { wrong: `${name}: ${wrong}` }) }
}

/** The bytes, one of our codes, or an error that is none of ours. */
function opened(run: () => Uint8Array): Uint8Array | string | Error {
  try {
    return run()
  } catch (error) {
    return isGodotWireError(error) && error.code.startsWith('COMPRESSION_') ? error.code : (error as Error)
  }
}

interface Asked {
  readonly mode: CompressionMode
  readonly isDynamic: boolean
  readonly version: 3 | 4
  readonly limit: number
}

function wrongWith(answer: Uint8Array | string | Error, input: Uint8Array, asked: Asked): string | undefined {
  const { mode, isDynamic, version, limit } = asked
  if (answer instanceof Error) return answer.stack
  if (answer instanceof Uint8Array) {
    const most = isDynamic ? limit : Math.max(limit, mode === COMPRESSION_FASTLZ && version === 3 ? 16 : 1)
    if (answer.length > most) return `${answer.length} bytes came out`
  }
  const isZlib = mode === COMPRESSION_DEFLATE || mode === COMPRESSION_GZIP
  // Nothing at all has a code of its own.
  return isZlib && isDynamic && input.length > 0 ? unlikePako(answer, input, mode, limit) : undefined
}

/** The machine is busy too: what takes long is tried again, and the shorter time counts. */
function timed(seed: number, index: number, good: readonly Uint8Array[][]): Outcome & { ms: number } {
  const first = performance.now()
  const outcome = one(seed, index, good)
  let ms = performance.now() - first
  for (let again = 0; again < 3 && ms > SLOW_MS; again++) {
    const start = performance.now()
    one(seed, index, good)
    ms = Math.min(ms, performance.now() - start)
  }
  return { ...outcome, ms }
}

interface Report {
  /** The input that comes next. */
  readonly next: number
  readonly counts: Record<string, number>
  readonly slowestMs: number
  readonly slowest: number
  readonly memory: number
  readonly wrong?: string
  readonly done?: boolean
}

/** Takes every `step`-th input from `first` on. */
async function work(seed: number, first: number, step: number, inputs: number): Promise<void> {
  await ready(COMPRESSION_ZSTD, COMPRESSION_BROTLI)
  const good = seeds()
  const counts: Record<string, number> = {}
  let slowestMs = 0
  let slowest = first
  let memory = 0
  const send = (report: Partial<Report> & { next: number }) =>
    process.send!({ counts, slowestMs, slowest, memory, ...report })
  for (let index = first, n = 1; index < inputs; index += step, n++) {
    const { mode, said, wrong, bytes, ms } = timed(seed, index, good)
    if (ms > slowestMs) {
      slowestMs = ms
      slowest = index
    }
    counts[`${mode} ${said}`] = (counts[`${mode} ${said}`] ?? 0) + 1
    if (wrong !== undefined) send({ next: index, wrong: `${wrong}\n${Buffer.from(bytes).toString('hex')}` })
    if (n % REPORT_EVERY === 0) {
      memory = Math.max(memory, process.memoryUsage().arrayBuffers)
      send({ next: index + step, ...(memory > MOST_MEMORY ? { wrong: `${memory} bytes of memory are held` } : {}) })
      // Lets the messages go.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  send({ next: inputs, done: true })
}

function supervise(seed: number, inputs: number, workers: number): void {
  const start = Date.now()
  const last = new Map<number, Report>()
  let failed = false
  let left = workers
  for (let i = 0; i < workers; i++) {
    const args = ['--work', `--seed=${seed}`, `--inputs=${inputs}`, `--first=${i}`, `--workers=${workers}`]
    const child = fork(fileURLToPath(import.meta.url), args, {
      execArgv: ['--import', 'tsx', '--max-old-space-size=512'],
    })
    const hangs = () => {
      const from = last.get(i)?.next ?? i
      console.error(
        `worker ${i} hangs: seed ${seed}, within ${REPORT_EVERY} inputs from ${from} in steps of ${workers}`,
      )
      failed = true
      child.kill('SIGKILL')
    }
    let timer = setTimeout(hangs, HANG_MS)
    child.on('message', (report: Report) => {
      last.set(i, report)
      clearTimeout(timer)
      if (report.wrong !== undefined) {
        failed = true
        console.error(`seed ${seed}, input ${report.next}: ${report.wrong}`)
      }
      if (report.done) child.disconnect()
      else timer = setTimeout(hangs, HANG_MS)
    })
    child.on('exit', (code) => {
      clearTimeout(timer)
      if (code !== 0 || !last.get(i)?.done) failed = true
      if (--left > 0) return
      summarize(seed, [...last.values()], Date.now() - start)
      process.exitCode = failed ? 1 : 0
    })
  }
}

function summarize(seed: number, reports: readonly Report[], ms: number): void {
  const sums = new Map<string, number>()
  for (const { counts } of reports)
    for (const [key, n] of Object.entries(counts)) sums.set(key, (sums.get(key) ?? 0) + n)
  for (const [key, n] of [...sums].sort()) console.log(key.padEnd(40), n.toLocaleString('en-US').padStart(12))
  const all = [...sums.values()].reduce((sum, n) => sum + n, 0)
  const [slowest] = [...reports].sort((a, b) => b.slowestMs - a.slowestMs)
  const memory = Math.max(...reports.map((report) => report.memory))
  console.log(`${all.toLocaleString('en-US')} inputs of seed ${seed} in ${Math.round(ms / 1000)} s`)
  console.log(
    `slowest: input ${slowest?.slowest}, ${slowest?.slowestMs.toFixed(1)} ms; at most ${(memory / 1e6).toFixed(1)} MB of buffers`,
  )
}

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '200000' },
    workers: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    first: { type: 'string', default: '0' },
    work: { type: 'boolean', default: false },
  },
})
const seed = Number(values.seed)
if (values.work) {
  await work(seed, Number(values.first), Number(values.workers), Number(values.inputs))
} else if (values.only !== undefined) {
  await ready(COMPRESSION_ZSTD, COMPRESSION_BROTLI)
  console.log(one(seed, Number(values.only), seeds()))
} else {
  supervise(seed, Number(values.inputs), Number(values.workers))
}
