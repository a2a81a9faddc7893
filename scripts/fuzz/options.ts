// What `npm run fuzz` is asked for.
import { parseArgs } from 'node:util'
import { ENGINE_NAMES, type EngineName } from '../engines.js'

export const INTENTS = ['hostile', 'round-trip', 'differential', 'sessions'] as const
export type Intent = (typeof INTENTS)[number]

export const HELP = `npm run fuzz -- [options]

  --seconds=60              how long; the default where no other budget is given and not only sessions are asked for
  --inputs=50_000_000       how many hostile inputs, all versions together
  --values=1_000_000        how many values: of round trips, and per engine and direction of the differential
  --schedules=10_000        how many schedules of peers, sessions and a bad network, over each kind of link; the default
                            where only sessions are asked for
  --intent=hostile          hostile, round-trip, differential or sessions; may come more than once.
                            Default: what has a budget; time alone is for the first three
  --engine=godot4           godot4, godot3 or godot36; may come more than once. Default: all
  --seed=1                  the same seed tries the same inputs. Default: another one each time

Exit code 1 where something was found. A find is printed as a row for test/variant/finds.ts, one of sessions for
test/p2p/model-finds.ts.`

export interface FuzzOptions {
  readonly seconds: number | undefined
  readonly inputs: number | undefined
  readonly values: number | undefined
  readonly schedules: number | undefined
  readonly intents: readonly Intent[]
  readonly engines: readonly EngineName[]
  readonly seed: number
}

/** @throws an Error that says which option is wrong */
export function fuzzOptions(args: readonly string[]): FuzzOptions {
  const { values: given } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string' },
      inputs: { type: 'string' },
      values: { type: 'string' },
      schedules: { type: 'string' },
      intent: { type: 'string', multiple: true },
      engine: { type: 'string', multiple: true },
      seed: { type: 'string' },
    },
  })
  const inputs = whole('inputs', given.inputs)
  const values = whole('values', given.values)
  const intents = some('intent', given.intent, INTENTS)
  const budgets = withDefault(intents, {
    seconds: whole('seconds', given.seconds),
    inputs,
    values,
    schedules: whole('schedules', given.schedules),
  })
  return {
    ...budgets,
    intents: intents ?? budgeted(budgets),
    engines: some('engine', given.engine, ENGINE_NAMES) ?? ENGINE_NAMES,
    seed: whole('seed', given.seed) ?? Math.floor(Math.random() * 0x100000000),
  }
}

type Budgets = Pick<FuzzOptions, 'seconds' | 'inputs' | 'values' | 'schedules'>

const USUAL = { seconds: 60, schedules: 10_000 } as const

function withDefault(intents: readonly Intent[] | undefined, budgets: Budgets): Budgets {
  if (Object.values(budgets).some((budget) => budget !== undefined)) return budgets
  const onlySessions = intents?.every((intent) => intent === 'sessions') ?? false
  return onlySessions ? { ...budgets, schedules: USUAL.schedules } : { ...budgets, seconds: USUAL.seconds }
}

/** The intents that a budget was given for; time alone is for the codec's. */
function budgeted({ seconds, inputs, values, schedules }: Budgets): Intent[] {
  const budgets = { hostile: inputs, 'round-trip': values, differential: values, sessions: schedules }
  return INTENTS.filter((intent) => {
    return budgets[intent] !== undefined || (seconds !== undefined && intent !== 'sessions')
  })
}

function whole(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d[\d_]*$/.test(text)) throw new Error(`--${name}=${text} is no whole number`)
  return Number(text.replaceAll('_', ''))
}

function some<V extends string>(name: string, given: string[] | undefined, known: readonly V[]): V[] | undefined {
  for (const value of given ?? []) {
    if (!known.includes(value as V)) throw new Error(`--${name}=${value}: it must be ${known.join(' or ')}`)
  }
  return given as V[] | undefined
}
