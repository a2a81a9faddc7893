// What travels in the arena. Everything is a Dictionary as the game writes it; positions are in pixels of the field.
import { Dictionary, type Encodable, type Variant, Vector2 } from '../../src/variant/index.js'

/** Reliable messages, and datagrams that the next one makes obsolete. */
export const TALK = 0
export const MOTION = 1

export const FIELD = { width: 960, height: 540 }
export const SPEED = 220
export const TICK_MS = 50
export const NAME_LENGTH = 16
export const CHAT_LENGTH = 120

export interface Player {
  readonly id: bigint
  readonly name: string
  /** 0 to 1, the colour's place on the wheel. */
  readonly hue: number
}

export interface Snapshot {
  readonly tick: number
  readonly places: ReadonlyMap<bigint, Vector2>
}

export function isText(value: unknown): value is string {
  return typeof value === 'string'
}

/** A field of a message; undefined where the message is none or has none. */
export function field(value: Variant, name: string): Variant | undefined {
  return value instanceof Dictionary ? value.get(name) : undefined
}

/** A whole Steam id, whatever its size made of it. */
export function idOf(value: unknown): bigint | undefined {
  return typeof value === 'bigint' || Number.isSafeInteger(value) ? BigInt(value as bigint | number) : undefined
}

/** The roster as the wire has it: one Array of id, name and hue for each. */
export function rosterOf(players: Iterable<Player>): Encodable<unknown> {
  return { roster: [...players].map(({ id, name, hue }) => [id, name, hue]) }
}

export function readRoster(value: Variant): Player[] | undefined {
  const rows = field(value, 'roster')
  if (!Array.isArray(rows)) return undefined
  return rows.flatMap((row) => {
    if (!Array.isArray(row)) return []
    const [id, name, hue] = [idOf(row[0]), row[1], Number(row[2])]
    return id !== undefined && isText(name) ? [{ id, name, hue }] : []
  })
}

export function readSnapshot(value: Variant): Snapshot | undefined {
  const [tick, ids, places] = ['tick', 'ids', 'places'].map((name) => field(value, name))
  if (typeof tick !== 'number' || !(ids instanceof BigInt64Array) || !Array.isArray(places)) return undefined
  const known = [...ids].flatMap((id, i) => {
    const place = places[i]
    return place instanceof Vector2 ? ([[id, place]] as const) : []
  })
  return { tick, places: new Map(known) }
}
