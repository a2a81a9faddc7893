import { variantError } from '../errors.js'
import type { EncodeOptions } from '../options.js'
import { float } from '../values/index.js'
import { coderOfClass } from './classes.js'
import type { Coder } from './coder.js'
import { decodeWith, encodeWith, type SafeDecoded, type ShapeDecodeOptions, safelyDecodeWith } from './pass.js'
import { FloatCoder } from './scalars.js'
import type { Fields, FieldType, ShapeInput, ShapeValue } from './types.js'

/** The brand of fields, with their coder behind it. The same symbol in every copy of the package. */
const CODER: unique symbol = Symbol.for('godot-wire.field') as never

/**
 * What a value must be. A shape is a field, and so is everything that a shape is made of: each can be written and read on
 * its own, as `arrayOf(State)` for a whole world.
 */
export class Field<Out, In = Out> {
  /** @internal */
  readonly [CODER]: Coder

  /** @internal Fields are made by `shape`, `arrayOf` and the like. */
  constructor(coder: Coder) {
    this[CODER] = coder
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
  encode(value: In, options?: EncodeOptions): Uint8Array {
    return encodeWith(this[CODER], value, options, false)
  }

  /**
   * The same bytes where they were written, which saves the copy. They are good until any shape encodes again: whoever keeps
   * them longer (a socket that queues them, a transfer to a worker) takes `encode`.
   *
   * @throws as `encode`
   */
  encodeView(value: In, options?: EncodeOptions): Uint8Array {
    return encodeWith(this[CODER], value, options, true)
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
   * const { id, pos } = State.decode(packet)
   * ```
   */
  decode(bytes: Uint8Array, options?: ShapeDecodeOptions): Out {
    return decodeWith(this[CODER], bytes, options) as Out
  }

  /**
   * `decode` without try and catch: what is wrong with the bytes comes back as an error with its code and path.
   *
   * @throws `VARIANT_BAD_OPTION`
   * @example
   * ```ts
   * const result = State.safeDecode(packet, { maxBytes: 4096 })
   * if (result.ok) move(result.value.pos)
   * else console.warn(result.error.code, result.error.path) // VARIANT_SHAPE_TYPE $.pos
   * ```
   */
  safeDecode(bytes: Uint8Array, options?: ShapeDecodeOptions): SafeDecoded<Out> {
    return safelyDecodeWith(this[CODER], bytes, options) as SafeDecoded<Out>
  }
}

/** A shape: a Dictionary with a field for each key. */
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

/** A field of a shape that may be missing: made by `optional`. */
export class OptionalField<Out, In = Out, HasFallback extends boolean = false> {
  /** @internal */
  constructor(
    readonly field: Field<Out, In>,
    readonly hasFallback: HasFallback,
    readonly fallback: Out | undefined,
  ) {}
}

const FLOAT_FIELD = /* @__PURE__ */ new FloatCoder()

/** What writes and reads the values of a field. */
export function coderOf(source: FieldType): Coder {
  const coder = (source as { [CODER]?: Coder } | null | undefined)?.[CODER]
  if (coder !== undefined) return coder
  return source === float ? FLOAT_FIELD : (coderOfClass(source) ?? refuseField(`${describe(source)} is no field`))
}

export function refuseField(what: string): never {
  throw variantError('VARIANT_SHAPE_BAD_FIELD', { what })
}

function describe(source: unknown): string {
  if (source instanceof OptionalField) return 'an optional field outside a shape'
  if (typeof source === 'function') return `the class or function ${source.name}`
  return source === null ? 'null' : `a value of type ${typeof source}`
}
