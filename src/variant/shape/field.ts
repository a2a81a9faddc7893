import type { EncodeOptions } from '../options.js'
import { float } from '../values/index.js'
import { coderOfClass } from './classes.js'
import type { Coder } from './coder.js'
import { shapeError } from './errors.js'
import { decodeWith, encodeWith, type SafeDecoded, type ShapeDecodeOptions, safelyDecodeWith } from './pass.js'
import { FloatCoder } from './scalars.js'
import type { Fields, FieldType, ShapeInput, ShapeValue } from './types.js'

/** The name under which fields hold their coder, which is their brand: a text, as that of the value classes. */
enum Brand {
  CODER = 'godot-wire.field',
}

/**
 * What a value must be. A shape is a field, and so is everything that a shape is made of: each can be written and read on
 * its own, as `arrayOf(State)` for a whole world.
 *
 * @example
 * ```ts
 * const Path: Field<Vector2[], readonly Vector2[]> = arrayOf(Vector2)
 * Path.decode(Path.encode([new Vector2(1, 2)])).length // 1
 * ```
 */
export class Field<Out, In = Out> {
  /** @internal */
  readonly [Brand.CODER]: Coder

  /** @internal Fields are made by `shape`, `arrayOf` and the like. */
  constructor(coder: Coder) {
    this[Brand.CODER] = coder
  }

  /**
   * The bytes that `varToBytes` gives for such a value: a Dictionary's keys in the order of the shape, floats as floats.
   * They are checked while they are written; properties that a shape has no field for are not written.
   *
   * @throws `VARIANT_SHAPE_TYPE`, `VARIANT_SHAPE_RANGE`, `VARIANT_SHAPE_SIZE`, `VARIANT_SHAPE_VALUE`,
   *   `VARIANT_SHAPE_MISSING` for what does not fit, with its path; and as `varToBytes`
   * @example
   * ```ts
   * const State = shape({ id: int, pos: Vector3 })
   * socket.send(State.encode({ id: 7, pos: new Vector3(1, 2, 3) }))
   * ```
   */
  encode(value: In, options?: EncodeOptions): Uint8Array<ArrayBuffer> {
    return encodeWith(this[Brand.CODER], value, options, false)
  }

  /**
   * The same bytes where they were written, which saves the copy. They are good until any shape encodes again: whoever keeps
   * them longer (a socket that queues them, a transfer to a worker) takes `encode`.
   *
   * @throws as `encode`
   */
  encodeView(value: In, options?: EncodeOptions): Uint8Array<ArrayBuffer> {
    return encodeWith(this[Brand.CODER], value, options, true)
  }

  /**
   * The value in the bytes, which may come from anybody: it is what the type says, or it is refused with the path of what
   * does not fit. Keys may come in any order. Bytes behind the value are ignored, as by `bytesToVar`.
   *
   * @throws `VARIANT_SHAPE_TYPE`, `VARIANT_SHAPE_RANGE`, `VARIANT_SHAPE_SIZE`, `VARIANT_SHAPE_VALUE`,
   *   `VARIANT_SHAPE_MISSING`, `VARIANT_SHAPE_UNKNOWN`, `VARIANT_SHAPE_DUPLICATE`, `VARIANT_SHAPE_TAG_TOO_LATE`; and as
   *   `bytesToVar` for bytes that are no value
   * @example
   * ```ts
   * const State = shape({ id: int, pos: Vector3 })
   * const { id, pos } = State.decode(varToBytes({ id: 7, pos: new Vector3(1, 2, 3) }))
   * id + pos.z // 10
   * ```
   */
  decode(bytes: Uint8Array, options?: ShapeDecodeOptions): Out {
    return decodeWith(this[Brand.CODER], bytes, options) as Out
  }

  /**
   * `decode` without try and catch: what is wrong with the bytes comes back as an error with its code and path.
   *
   * @throws `VARIANT_BAD_OPTION`
   * @example
   * ```ts
   * const State = shape({ pos: Vector3 })
   * const result = State.safeDecode(varToBytes({ pos: 'here' }), { maxBytes: 4096 })
   * if (result.ok) handle(result.value.pos)
   * else console.warn(result.error.code, result.error.path) // VARIANT_SHAPE_TYPE $.pos
   * ```
   */
  safeDecode(bytes: Uint8Array, options?: ShapeDecodeOptions): SafeDecoded<Out> {
    return safelyDecodeWith(this[Brand.CODER], bytes, options) as SafeDecoded<Out>
  }
}

/**
 * A shape: a Dictionary with a field for each key.
 *
 * @example
 * ```ts
 * const Base = shape({ id: int })
 * const Player = shape({ ...Base.fields, hp: int })
 * Player.decode(Player.encode({ id: 7, hp: 100 })).hp // 100
 * ```
 */
export class Shape<F extends Fields, Keep extends boolean = false> extends Field<ShapeValue<F, Keep>, ShapeInput<F>> {
  /** @internal */
  constructor(
    coder: Coder,
    /** What it was made of, for a shape with more: `shape({ ...Base.fields, hp: int })`. */
    readonly fields: F,
  ) {
    super(coder)
  }
}

/**
 * A field of a shape that may be missing: made by `optional`.
 *
 * @example
 * ```ts
 * const team = optional(string, 'red')
 * team.fallback // 'red'
 * shape({ team }).decode(varToBytes({})).team // 'red'
 * ```
 */
export class OptionalField<Out, In = Out, HasFallback extends boolean = false> {
  /** @internal */
  constructor(
    /** The field of the value, where there is one. */
    readonly field: Field<Out, In>,
    /** Whether a missing one is read as `fallback`, and not as nothing. */
    readonly hasFallback: HasFallback,
    /** What stands in for a missing one: the same value each time. */
    readonly fallback: Out | undefined,
  ) {}
}

const FLOAT_FIELD = /* @__PURE__ */ new FloatCoder()

/** Whether it is a field, of whichever copy of the package. */
export function isField(value: unknown): value is Field<never, never> {
  return typeof value === 'object' && value !== null && Brand.CODER in value
}

/** What writes and reads the values of a field. */
export function coderOf(source: FieldType): Coder {
  const coder = (source as { [Brand.CODER]?: Coder } | null | undefined)?.[Brand.CODER]
  if (coder !== undefined) return coder
  return source === float ? FLOAT_FIELD : (coderOfClass(source) ?? refuseField(`${describe(source)} is no field`))
}

export function refuseField(what: string): never {
  throw shapeError('VARIANT_SHAPE_BAD_FIELD', { what })
}

function describe(source: unknown): string {
  if (source instanceof OptionalField) return 'an optional field outside a shape'
  if (typeof source === 'function') return `the class or function ${source.name}`
  return source === null ? 'null' : `a value of type ${typeof source}`
}
