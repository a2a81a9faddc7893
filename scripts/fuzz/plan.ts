// Cuts a budget into jobs, in an order that depends on nothing but the options: the same seed tries the same inputs.
import { LINK_KINDS } from '../../test/p2p/model-commands.js'
import type { Engine } from '../engines.js'
import { DIRECTIONS, type Job } from './job.js'
import type { FuzzOptions } from './options.js'

/** Some seconds of work each: an engine's start must not count, and what is lost with a process must be little. */
const CHUNK = { hostile: 50_000, 'round-trip': 10_000, differential: 40_000, sessions: 100 } as const

type Seeded = (seed: number, count: number) => Job

interface Lane {
  readonly make: Seeded
  readonly chunk: number
  left: number
}

/** Jobs without end where time is the budget. */
export function* plan(options: FuzzOptions, engines: readonly Engine[]): Generator<Job> {
  let lanes = lanesOf(options, engines)
  let seed = options.seed
  while (lanes.length > 0) {
    for (const lane of lanes) {
      const count = Math.min(lane.chunk, lane.left)
      lane.left -= count
      // Any odd step visits all seeds.
      seed = (seed + 0x9e3779b1) >>> 0
      yield lane.make(seed, count)
    }
    lanes = lanes.filter(({ left }) => left > 0)
  }
}

function lanesOf(options: FuzzOptions, engines: readonly Engine[]): Lane[] {
  const endless = Number.POSITIVE_INFINITY
  const { inputs = endless, values = endless, schedules = endless, intents } = options
  const all = {
    hostile: () => lanes(hostile(), inputs, CHUNK.hostile, true),
    'round-trip': () => lanes(roundTrips(), values, CHUNK['round-trip'], true),
    differential: () => lanes(differential(engines), values, CHUNK.differential, false),
    sessions: () => lanes(sessions(), schedules, CHUNK.sessions, false),
  }
  return intents.flatMap((intent) => all[intent]())
}

/** A total is shared out, one more to the first where it does not go even. */
function lanes(makers: readonly Seeded[], budget: number, chunk: number, share: boolean): Lane[] {
  const made = makers.map((make, i) => {
    const left =
      share && budget !== Number.POSITIVE_INFINITY
        ? Math.floor((budget + makers.length - 1 - i) / makers.length)
        : budget
    return { make, chunk, left }
  })
  return made.filter(({ left }) => left > 0)
}

function hostile(): Seeded[] {
  return ([4, 3, 2] as const).map((version) => (seed, count) => ({
    intent: 'hostile',
    kind: `hostile, Godot ${version}`,
    version,
    seed,
    count,
  }))
}

function roundTrips(): Seeded[] {
  const kinds = [
    [4, false],
    [4, true],
    [3, false],
    [3, true],
    [2, false],
  ] as const
  return kinds.map(([version, objects]) => (seed, count) => {
    const kind = `round trip, Godot ${version}${objects ? ' with objects' : ''}`
    return { intent: 'round-trip', kind, version, objects, seed, count }
  })
}

function differential(engines: readonly Engine[]): Seeded[] {
  const said = { read: 'its values read here', write: 'our values read there', answers: 'hostile inputs, both answers' }
  return engines.flatMap((engine) =>
    DIRECTIONS.map(
      (direction): Seeded =>
        (seed, count) => {
          const kind = `${engine.name} ${engine.version.split('.stable')[0]}, ${said[direction]}`
          return { intent: 'differential', kind, engine, direction, seed, count }
        },
    ),
  )
}

function sessions(): Seeded[] {
  return LINK_KINDS.map((links) => (seed, count) => {
    return { intent: 'sessions', kind: `sessions over ${links} links`, links, seed, count }
  })
}
