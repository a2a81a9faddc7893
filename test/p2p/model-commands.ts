// Random schedules: fast-check's commands, which shrink to the steps that matter.
import fc from 'fast-check'
import type { P2PSend } from '../../src/p2p/index.js'
import { CHANNELS, ModelWorld, type Setting, type Step } from './model-world.js'

const PEERS = 4
/** The first two meet most: what is seldom needs two that have much to do with each other. */
const peer = fc.constantFrom(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3)
/** Mostly two different ones. */
const two = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom([0, 1] as const, [1, 0] as const) },
  { weight: 7, arbitrary: fc.tuple(peer, peer) },
)
const channel = fc.constantFrom(...CHANNELS)

const size = fc.oneof(
  { weight: 30, arbitrary: fc.integer({ min: 0, max: 300 }) },
  { weight: 4, arbitrary: fc.integer({ min: 1190, max: 1210 }) },
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 10_000 }) },
  { weight: 4, arbitrary: fc.integer({ min: 60_000, max: 140_000 }) },
  { weight: 2, arbitrary: fc.integer({ min: 500_000, max: 1_048_577 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1_048_575, max: 1_048_577 }) },
)

const send = fc
  .tuple(two, fc.integer({ min: 0, max: 3 }), channel, size, fc.integer({ min: 1, max: 30 }))
  .map(([[by, to], type, on, bytes, times]): Step => {
    return ['send', by, to, type as P2PSend, on, bytes, bytes > 20_000 ? Math.min(times, 12) : times]
  })

const wait = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 60 }) },
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 600 }) },
  { weight: 4, arbitrary: fc.integer({ min: 300, max: 6_000 }) },
  { weight: 2, arbitrary: fc.integer({ min: 18_000, max: 23_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 170_000, max: 200_000 }) },
)

const WEIGHTED: readonly (readonly [weight: number, step: fc.Arbitrary<Step>])[] = [
  [6, send],
  [6, wait.map((ms): Step => ['wait', ms])],
  [3, fc.tuple(peer, fc.nat(3), fc.constantFrom(0, 0, 8)).map(([by, count, cut]): Step => ['read', by, count, cut])],
  [2, two.map(([by, of]): Step => ['accept', by, of])],
  [1, two.map(([by, of]): Step => ['closeSession', by, of])],
  [1, fc.tuple(two, channel).map(([[by, of], on]): Step => ['closeChannel', by, of, on])],
  [1, two.map(([a, b]): Step => ['cut', a, b])],
  [1, two.map(([a, b]): Step => ['mute', a, b])],
  [3, two.map(([a, b]): Step => ['heal', a, b])],
  [1, peer.map((by): Step => ['restart', by])],
]

/** One step as a command; it is left out where it names a peer that is not there. */
class Do implements fc.Command<Setting, ModelWorld> {
  constructor(readonly step: Step) {}

  check({ peers }: Setting): boolean {
    const [what, a, b] = this.step
    if (what === 'wait') return true
    const second = what === 'read' || what === 'restart' ? 0 : b
    return a < peers && second < peers
  }

  run(_setting: Setting, world: ModelWorld): void {
    world.run(this.step)
  }

  toString(): string {
    return JSON.stringify(this.step)
  }
}

const network = fc.record({
  seed: fc.nat(0xffff),
  latencyMs: fc.constantFrom(0, 0, 5, 40, 150),
  jitterMs: fc.constantFrom(0, 0, 3, 60),
  loss: fc.constantFrom(0, 0.02, 0.3),
  duplicate: fc.constantFrom(0, 0.02, 0.3),
  reorder: fc.constantFrom(0, 0.02, 0.3),
})

/** Narrow places, and little room under way, now and then. Much room before a narrow place is silence for the peer. */
const narrow = fc.constantFrom(
  {},
  {},
  {},
  { highWaterMark: 5_000 },
  { highWaterMark: 65_536, bandwidth: 50_000 },
  { bandwidth: 2_000_000 },
)

function settings(links: LinkKind): fc.Arbitrary<Setting> {
  return fc.record({
    peers: fc.constantFrom(2, 2, 3, PEERS),
    friendly: fc.constantFrom(true, true, false),
    small: fc.boolean(),
    network: fc
      .tuple(network, narrow)
      .map(([weather, tight]) => ({ ...weather, ...tight, ...(links === 'lossy' && { reliable: false }) })),
  })
}

/** Links with a reliable lane, or with datagrams only. */
export const LINK_KINDS = ['reliable', 'lossy'] as const
export type LinkKind = (typeof LINK_KINDS)[number]

export interface Tried {
  readonly schedules: number
  /** Sums over all schedules that were lived. */
  readonly counts: ModelWorld['counts']
  readonly find?: { readonly what: string; readonly row: string }
}

/** Lives `count` random schedules. The first that fails is shrunk, and comes as a row for model-finds.ts. */
export function trySchedules(links: LinkKind, seed: number, count: number): Tried {
  const counts = { sent: 0, refused: 0, read: 0, requests: 0, failures: 0, ends: 0 }
  let schedules = 0
  const commands = fc.commands(
    WEIGHTED.flatMap(([weight, step]) => Array.from({ length: weight }, () => step.map((each) => new Do(each)))),
    { maxCommands: 100, size: 'max', disableReplayLog: true },
  )
  const property = fc.property(settings(links), commands, (setting, steps) => {
    const world = new ModelWorld(setting)
    try {
      fc.modelRun(() => ({ model: setting, real: world }), steps)
      world.finish()
    } finally {
      world.close()
    }
    schedules++
    for (const key of Object.keys(counts) as (keyof typeof counts)[]) counts[key] += world.counts[key]
  })
  const { failed, counterexample, errorInstance } = fc.check(property, { numRuns: count, seed: seed | 0 })
  if (!failed) return { schedules, counts }
  const [setting, steps] = counterexample!
  const what = (errorInstance as Error).message
  return { schedules, counts, find: { what, row: rowOf(what, setting, String(steps)) } }
}

/** As it is written in model-finds.ts. */
export function rowOf(what: string, setting: Setting, steps: string): string {
  const fields = JSON.stringify({ what, ...setting }).slice(1, -1)
  return `{ ${fields.replace(/"(\w+)":/g, '$1: ')}, steps: [${steps}] },`
}
