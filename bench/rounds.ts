// Times things side by side: in each round every one of them has its turn, and of all rounds the quickest counts. What
// else runs on the machine makes a round slower, never faster, and it does not meet one of them alone.

/** How long one turn takes. */
const TURN_NS = 1_500_000

/** Of processor time: on a busy machine a compiler gets as little of the clock's as the rest. */
const WARM_US = 60_000

export interface Timed {
  readonly name: string
  run(): unknown
}

/** Keeps what was made reachable, so that no compiler leaves the making out. */
export const sink: { last: unknown } = { last: undefined }

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!
}

/** Nanoseconds for one call, by name. */
export class Rounds {
  readonly #counts: number[]
  readonly #times: number[][]

  /** @param before runs before each turn, and is not timed */
  constructor(
    private readonly timed: readonly Timed[],
    private readonly before?: () => void,
  ) {
    this.#counts = timed.map(({ run }) => callsPerTurn(run))
    this.#times = timed.map(() => [])
  }

  /** Of the quickest round of each. */
  get best(): Map<string, number> {
    return this.#of((times) => Math.min(...times))
  }

  /** Of the round in the middle of each: where the memory that happens to be free decides, the quickest says nothing. */
  get median(): Map<string, number> {
    return this.#of(median)
  }

  #of(choose: (times: readonly number[]) => number): Map<string, number> {
    const timed = this.timed.map(({ name }, i) => [name, this.#times[i]!] as const)
    return new Map(timed.filter(([, times]) => times.length > 0).map(([name, times]) => [name, choose(times)]))
  }

  /** One turn for each. */
  round(): void {
    for (const [i, { run }] of this.timed.entries()) {
      this.before?.()
      const count = this.#counts[i]!
      this.#times[i]!.push(nanoseconds(run, count) / count)
    }
  }
}

/** Calls until they are compiled, and then counts how many fit into one turn. */
function callsPerTurn(run: () => unknown): number {
  const start = process.cpuUsage().user
  while (process.cpuUsage().user - start < WARM_US) nanoseconds(run, 100)
  for (let count = 1; ; count *= 2) {
    // The quickest of three: a pause in the middle must not make a turn of one call.
    const ns = Math.min(nanoseconds(run, count), nanoseconds(run, count), nanoseconds(run, count))
    if (ns > TURN_NS) return Math.max(1, Math.round((count * TURN_NS) / ns))
  }
}

function nanoseconds(run: () => unknown, count: number): number {
  const start = process.hrtime.bigint()
  for (let i = 0; i < count; i++) sink.last = run()
  return Number(process.hrtime.bigint() - start)
}
