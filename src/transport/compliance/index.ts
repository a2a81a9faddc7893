import { CHECKS, type Scene, sceneOf, type TransportPair } from './checks.js'

export type { TransportPair } from './checks.js'

/** The part of a test runner that is used: vitest, jest, mocha and node:test have it. */
export interface ComplianceRunner {
  /** Begins a group of tests. */
  describe(name: string, body: () => void): unknown
  /** A test: it fails when `body` rejects. */
  it(name: string, body: () => Promise<void>): unknown
  /** Not used; named so that the whole set of a runner can be passed. */
  readonly beforeEach?: unknown
  /** Not used either: each check sets up and tears down for itself. */
  readonly afterEach?: unknown
}

/** How patient the checks are. */
export interface ComplianceOptions {
  /**
   * How long anything may take that must happen, in milliseconds, default 1,500. Time in which the machine does not let
   * this process run is not counted. A check waits several times in the worst case: the runner's own limit should be some
   * times as long.
   */
  readonly timeoutMs?: number
}

/**
 * Checks every rule of `Transport` against a transport of yours, in real time. Each check asks `setup` for a new pair,
 * whose transports have no receiver yet, and calls `teardown` at its end.
 *
 * @example
 * ```ts
 * import { describe, it } from 'node:test'
 * import { MemoryNetwork, transportCompliance } from 'godot-wire/transport'
 *
 * transportCompliance({ describe, it }, async () => {
 *   const network = new MemoryNetwork()
 *   const [a, b] = [network.transport(1n), network.transport(2n)]
 *   const teardown = async () => [a, b].forEach((transport) => transport.close())
 *   return { a, b, cutLink: () => network.partition(1n, 2n), teardown }
 * })
 * ```
 */
export function transportCompliance(
  runner: ComplianceRunner,
  setup: () => Promise<TransportPair>,
  options: ComplianceOptions = {},
): void {
  runner.describe('the rules of a transport', () => {
    for (const [name, check] of CHECKS) runner.it(name, () => run(check, setup, options.timeoutMs ?? 1500))
  })
}

async function run(
  check: (scene: Scene) => Promise<void>,
  setup: () => Promise<TransportPair>,
  timeoutMs: number,
): Promise<void> {
  const pair = await setup()
  const scene = sceneOf(pair, timeoutMs)
  let failure: unknown
  try {
    await check(scene)
  } catch (error) {
    failure = error
  }
  await pair.teardown()
  judge(scene.watch.faults, failure)
}

/** What a receiver must never see fails any check, and comes first: the rest is often its consequence. */
function judge(faults: readonly string[], failure: unknown): void {
  if (faults.length === 0 && failure === undefined) return
  const text = failure instanceof Error ? failure.message : String(failure ?? '')
  const texts = [...new Set([...faults.slice(0, 3), text])].filter((each) => each !== '')
  throw new Error(texts.join('; '), { cause: failure })
}
