// What `npm run fuzz` is asked for.
import { parseArgs } from 'node:util'
import { ENGINE_NAMES, type EngineName } from '../engines.js'

export const INTENTS = ['hostile', 'round-trip', 'differential'] as const
export type Intent = (typeof INTENTS)[number]

export const HELP = `npm run fuzz -- [options]

  --seconds=60              how long; the default where no other budget is given
  --inputs=50_000_000       how many hostile inputs, all versions together
  --values=1_000_000        how many values: of round trips, and per engine and direction of the differential
  --intent=hostile          hostile, round-trip or differential; may come more than once. Default: what has a budget
  --engine=godot4           godot4, godot3 or godot36; may come more than once. Default: all
  --seed=1                  the same seed tries the same inputs. Default: another one each time

Exit code 1 where something was found. A find is printed as a row for test/variant/finds.ts.`

export interface FuzzOptions {
  readonly seconds: number | undefined
  readonly inputs: number | undefined
  readonly values: number | undefined
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
      intent: { type: 'string', multiple: true },
      engine: { type: 'string', multiple: true },
      seed: { type: 'string' },
    },
  })
  const inputs = whole('inputs', given.inputs)
  const values = whole('values', given.values)
  const seconds = whole('seconds', given.seconds) ?? (inputs === undefined && values === undefined ? 60 : undefined)
  return {
    seconds,
    inputs,
    values,
    intents: some('intent', given.intent, INTENTS) ?? budgeted(seconds, inputs, values),
    engines: some('engine', given.engine, ENGINE_NAMES) ?? ENGINE_NAMES,
    seed: whole('seed', given.seed) ?? Math.floor(Math.random() * 0x100000000),
  }
}

/** The intents that a budget was given for; time is for all. */
function budgeted(seconds: number | undefined, inputs: number | undefined, values: number | undefined): Intent[] {
  return INTENTS.filter((intent) => (intent === 'hostile' ? inputs : values) !== undefined || seconds !== undefined)
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
