// The payloads with their shapes, and with what is compiled from these.
import { type Field, GodotFloat, Vector3 } from '../src/variant/index.js'
import * as plain3 from './plain-shapes-compiled.js'
import * as shapes from './shapes.js'
import * as compiled from './shapes-compiled.js'

export type AnyField = Field<unknown, never>

interface Fields {
  readonly shape: AnyField
  readonly compiled: AnyField
  /** What @gd-com/utils takes, compiled for Godot 3. */
  readonly plain3: AnyField
}

/** By payload. */
export const FIELDS: Readonly<Record<string, Fields>> = {
  handshake: { shape: shapes.Handshake, compiled: compiled.Handshake, plain3: plain3.Handshake },
  state: { shape: shapes.State, compiled: compiled.State, plain3: plain3.State },
  snapshot: { shape: shapes.Snapshot, compiled: compiled.Snapshot, plain3: plain3.Snapshot },
}

/** As programs that have a shape write it: its fields say which numbers are floats. */
export function numbersFor(value: unknown): unknown {
  if (value instanceof GodotFloat) return value.value
  if (Array.isArray(value)) return value.map(numbersFor)
  if (typeof value !== 'object' || value === null || value instanceof Vector3) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, numbersFor(item)]))
}
