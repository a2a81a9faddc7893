// Fields as they come out of a module that was compiled from them, without the module: its text is run here.
import { laneText } from '../../../src/variant/compile/module.js'
import * as runtime from '../../../src/variant/compiled/index.js'
import type { Field } from '../../../src/variant/index.js'

type AnyField = Field<never, never>

/** How often a lane was asked, and how often it answered. */
export interface Counts {
  asked: number
  answered: number
}

/** The field with its lane, which counts. */
export function compile<F extends Field<unknown, unknown>>(field: F, version: 3 | 4 = 4, counts?: Counts): F {
  const { text, fingerprint, levels, used } = laneText(field as unknown as AnyField, version)
  const parts = new Map(Object.entries(runtime))
  const names = [...used]
  const make = new Function(...names.map((name) => `$${name}`), `'use strict'; return { ${text} }`) as (
    ...all: unknown[]
  ) => runtime.Compiled
  const { lane } = make(...names.map((name) => parts.get(name)))
  const counted = (coders: Parameters<typeof lane>[0]) => (counts ? counting(lane(coders), counts) : lane(coders))
  const made = { name: 'it', version, fingerprint, levels, lane: counted }
  return runtime.compiled(field as unknown as AnyField, made) as unknown as F
}

function counting({ write, read }: runtime.LaneFunctions, counts: Counts): runtime.LaneFunctions {
  return {
    write: (e, at, value, depth) => {
      counts.asked++
      const end = write(e, at, value, depth)
      if (end >= 0) counts.answered++
      return end
    },
    read: (d, depth) => {
      counts.asked++
      const value = read(d, depth)
      if (value !== undefined) counts.answered++
      return value
    },
  }
}
