import type { GodotVersion } from '../dialect.js'
import type { Coder, Lane, LaneFunctions } from '../shape/coder.js'
import { shapeError } from '../shape/errors.js'
import { coderOf, Field, Shape } from '../shape/field.js'
import { CompiledCoder } from './coder.js'
import { Outlines } from './outline.js'

/** What was made of a field when it was compiled. */
export interface Compiled {
  /** The name of the field, for messages. */
  readonly name: string
  /** Whose bytes the lane writes and reads. For other versions the field is what it was. */
  readonly version: GodotVersion
  /** What the field was made of. */
  readonly fingerprint: string
  /** How many levels of containers its values have. */
  readonly levels: number
  /** @param coders of the field and all that it is made of */
  readonly lane: (coders: readonly Coder[]) => LaneFunctions
}

/** The lane of a field that was compiled, for a field that it is a part of. */
export function laneOf(field: Field<unknown, never>): Lane {
  return coderOf(field).lane!
}

/**
 * The same field with what was compiled from it. For the modules that `godot-wire compile` writes, not to be called by hand.
 *
 * @throws `VARIANT_SHAPE_STALE` where the field is not what it was when it was compiled
 */
export function compiled<F extends Field<unknown, never>>(field: F, made: Compiled): F {
  const outlines = new Outlines(coderOf(field))
  if (outlines.fingerprint !== made.fingerprint) throw shapeError('VARIANT_SHAPE_STALE', { name: made.name })
  const { version, levels } = made
  const coder = new CompiledCoder(outlines.coders[0]!, { ...made.lane(outlines.coders), version, levels })
  const same: unknown = field instanceof Shape ? new Shape(coder, field.fields) : new Field(coder)
  return same as F
}
