// What the two worker processes are given, and what they answer.
import type { GodotVersion } from '../../src/variant/dialect.js'
import type { LinkKind } from '../../test/p2p/model-commands.js'
import type { Engine } from '../engines.js'

/** `read`: values of the engine, read here. `write`: values of ours, read there. `answers`: hostile bytes, read by both. */
export const DIRECTIONS = ['read', 'write', 'answers'] as const
export type Direction = (typeof DIRECTIONS)[number]

interface Part {
  /** What is counted together: `hostile Godot 4`. */
  readonly kind: string
  readonly seed: number
  readonly count: number
}

export interface HostileJob extends Part {
  readonly intent: 'hostile'
  readonly version: GodotVersion
  /** A file that gets each input before it is tried: whoever finds the process gone or silent finds the input there. */
  readonly diary?: string
}

export interface RoundTripJob extends Part {
  readonly intent: 'round-trip'
  readonly version: GodotVersion
  readonly objects: boolean
}

export interface DifferentialJob extends Part {
  readonly intent: 'differential'
  readonly engine: Engine
  readonly direction: Direction
}

export interface SessionsJob extends Part {
  readonly intent: 'sessions'
  readonly links: LinkKind
}

export type Job = HostileJob | RoundTripJob | DifferentialJob | SessionsJob

/** A find: a row for test/variant/finds.ts or test/p2p/model-finds.ts, as it can be pasted. */
export interface Find {
  readonly what: string
  readonly row: string
}

export interface Done {
  readonly tried: number
  readonly finds: readonly Find[]
  /** Answers that differ for a known reason, codes, and other things worth counting. */
  readonly counts: Readonly<Record<string, number>>
}

/** One is enough to know that something is wrong; many from one cause hide the others no longer than this. */
export const MOST_FINDS = 10

/** What a job has found and counted. */
export class Tally {
  tried = 0
  readonly finds: Find[] = []
  readonly counts: Record<string, number> = {}

  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1
  }

  find(what: string, row: string): void {
    if (this.finds.length < MOST_FINDS) this.finds.push({ what, row })
  }
}

export function faultRow(version: GodotVersion, objects: boolean, hex: string): string {
  return `{ version: ${version}, objects: ${objects}, hex: '${hex}', answer: '?' },`
}
