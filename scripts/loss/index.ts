// npm run loss: what arrives of reliable traffic where the network loses, and how late. `npm run loss -- --help`.
import type { Result, Task } from './messages.js'
import { Namespaces } from './namespaces.js'
import { type Contender, HELP, type Options, optionsOf } from './options.js'
import { Programs } from './programs.js'
import { type Cell, type Measured, tableOf } from './report.js'
import { Round } from './round.js'

const WARM_UP_MS = 4000
const RATE = 60
const STREAM_SIZE = 100

/** The middle one of some results; undefined where most rounds failed. */
async function middle(options: Options, run: () => Promise<number>, what: string): Promise<number | undefined> {
  const results: number[] = []
  for (let round = 1; round <= options.rounds; round++) {
    const result = await run().catch((error: Error) => error)
    if (options.verbose)
      console.error(`  ${what}, round ${round}: ${result instanceof Error ? result.message : result.toFixed(2)}`)
    if (typeof result === 'number') results.push(result)
  }
  results.sort((x, y) => x - y)
  return results.length * 2 > options.rounds ? results[Math.floor(results.length / 2)] : undefined
}

function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!
}

async function measure(
  options: Options,
  contender: Contender,
  delay: number,
  run: (task: Task) => Promise<Result>,
): Promise<Measured> {
  const { size, seconds, packets } = options
  const pour: Task = { kind: 'goodput', size, warmUpMs: WARM_UP_MS + 20 * delay, ms: seconds * 1000 }
  const stream: Task = { kind: 'stream', size: STREAM_SIZE, packets, everyMs: 1000 / RATE }
  const goodput = await middle(options, async () => (await run(pour)).goodput! / 1e6, `${contender} MB/s`)
  const p99 = await middle(options, async () => percentile((await run(stream)).latencies!, 0.99), `${contender} p99 ms`)
  return { goodput, p99 }
}

async function main(options: Options): Promise<void> {
  const programs = await Programs.build(options.profile)
  process.once('exit', () => programs.remove())
  const namespaces = new Namespaces(options.rate)
  process.once('exit', () => namespaces.close())
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(1))
  const cells: Cell[] = []
  for (const delay of options.delay) {
    for (const loss of options.loss) {
      namespaces.lose(loss)
      const measured: Partial<Record<Contender, Measured>> = {}
      for (const contender of options.contenders) {
        measured[contender] = await measure(options, contender, delay, (task) =>
          new Round(namespaces, programs).run(contender, delay, task),
        )
      }
      cells.push({ delay, loss, measured })
      console.error(tableOf([cells.at(-1)!], false))
    }
  }
  console.log(tableOf(cells, true))
}

const options = optionsOf(process.argv.slice(2))
if (options === undefined) console.log(HELP)
else await main(options)
