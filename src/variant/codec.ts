import { isBytes } from '../bytes/index.js'
import type { GodotWireError } from '../errors.js'
import { Decoder } from './decoder.js'
import { type Encoder, giveEncoder, newEncoder, takeEncoder } from './encoder.js'
import { type VariantErrorCode, variantError } from './errors.js'
import { errorOf } from './fault.js'
import {
  type DecodeOptions,
  type EncodeOptions,
  type ResolvedDecodeOptions,
  type ResolvedEncodeOptions,
  resolveDecode,
  resolveEncode,
} from './options.js'
import type { Encodable, Variant } from './variant.js'

/**
 * Godot's `var_to_bytes` (Godot 3: `var2bytes`): the same bytes for the same value.
 *
 * Integral numbers are ints, other numbers floats; `float(1)` is the float 1.0. Plain objects, Maps and Dictionaries are
 * Dictionaries.
 *
 * @throws `VARIANT_UNSUPPORTED` for what Godot has no type for, `VARIANT_NOT_IN_VERSION` for a type that `version` lacks,
 *   `VARIANT_OUT_OF_RANGE`, `VARIANT_TOO_DEEP` (also for a value that contains itself), `VARIANT_OBJECT_NOT_ALLOWED`
 *   for a `GodotObject`, `VARIANT_BAD_OPTION`
 * @example
 * ```ts
 * varToBytes({ message: 'handshake', from: 76561197960287930n }).length // 68
 * ```
 */
export function varToBytes<T>(value: Encodable<T>, options?: EncodeOptions): Uint8Array<ArrayBuffer> {
  return encode(value, options, false)
}

/**
 * Godot 4's `var_to_bytes_with_objects` (Godot 3: `var2bytes(value, true)`): a `GodotObject` is written in full.
 *
 * @throws as `varToBytes`, but for `VARIANT_OBJECT_NOT_ALLOWED`
 * @example
 * ```ts
 * varToBytesWithObjects(new GodotObject('RefCounted', new Dictionary([['script', null]]))).length // 40
 * ```
 */
export function varToBytesWithObjects<T>(value: Encodable<T>, options?: EncodeOptions): Uint8Array<ArrayBuffer> {
  return encode(value, options, true)
}

function encode(value: unknown, options: EncodeOptions | undefined, objects: boolean): Uint8Array<ArrayBuffer> {
  const resolved = resolveEncode(options, objects)
  const encoder = takeEncoder(resolved)
  try {
    return written(encoder, value, resolved, false)
  } finally {
    giveEncoder(encoder)
  }
}

function written(
  encoder: Encoder,
  value: unknown,
  options: ResolvedEncodeOptions,
  asView: boolean,
): Uint8Array<ArrayBuffer> {
  try {
    encoder.begin(options).writeValue(value, 0)
    return asView ? encoder.finishView() : encoder.finish()
  } catch (thrown) {
    throw errorOf(thrown) ?? thrown
  }
}

/** Whether Objects are written and read in full. */
export interface ObjectsOption {
  /**
   * True: as the `WithObjects` functions do, as inert `GodotObject`s. Default false: a full Object is refused with
   * `VARIANT_OBJECT_NOT_ALLOWED`.
   */
  readonly objects?: boolean
}

/**
 * `varToBytes` for whoever encodes often with the same options: they are looked at once, and memory is used again.
 *
 * @example
 * ```ts
 * const encoder = new VariantEncoder({ version: 3 })
 * encoder.encode({ hp: 5 }).length // 28
 * // The sockets of browsers copy what they send.
 * for (const socket of sockets) socket.send(encoder.encodeView({ hp: 5 }))
 * ```
 */
export class VariantEncoder {
  readonly #options: ResolvedEncodeOptions
  #encoder: Encoder | undefined

  /** @throws `VARIANT_BAD_OPTION` */
  constructor(options: EncodeOptions & ObjectsOption = {}) {
    this.#options = resolveEncode(options, options.objects === true)
  }

  /**
   * The bytes of a value, in memory of their own.
   *
   * @throws as `varToBytes`
   */
  encode<T>(value: Encodable<T>): Uint8Array<ArrayBuffer> {
    return this.#written(value, false)
  }

  /**
   * The bytes of a value where they were written, which saves the copy: for small values most of the time. They are good
   * until this encoder is called again. Whoever keeps them longer (a socket that queues them, a transfer to a worker)
   * takes `encode`.
   *
   * @throws as `varToBytes`
   */
  encodeView<T>(value: Encodable<T>): Uint8Array<ArrayBuffer> {
    return this.#written(value, true)
  }

  /** Taken while it is used: a getter may encode with this very encoder meanwhile. */
  #written(value: unknown, asView: boolean): Uint8Array<ArrayBuffer> {
    const encoder = this.#encoder ?? newEncoder(this.#options)
    this.#encoder = undefined
    try {
      return written(encoder, value, this.#options, asView)
    } finally {
      this.#encoder = encoder
    }
  }
}

/**
 * `bytesToVar` for whoever decodes often with the same options: they are looked at once.
 *
 * @example
 * ```ts
 * const decoder = new VariantDecoder({ dictionaryAs: 'object', maxDepth: 32 })
 * socket.onmessage = ({ data }) => handle(decoder.decode(new Uint8Array(data)))
 * ```
 */
export class VariantDecoder {
  readonly #options: ResolvedDecodeOptions
  #size = 0

  /** @throws `VARIANT_BAD_OPTION` */
  constructor(options: DecodeOptions & ObjectsOption = {}) {
    this.#options = resolveDecode(options, options.objects === true)
  }

  /** How many bytes the value took that was decoded last: the next one starts behind them. */
  get size(): number {
    return this.#size
  }

  /**
   * The value that starts at `offset`.
   *
   * @throws as `decodeVar`
   */
  decode(bytes: Uint8Array, offset = 0): Variant {
    try {
      const value = decodeWith(bytes, offset, this.#options)
      this.#size = lastSize
      return value
    } catch (thrown) {
      throw errorOf(thrown) ?? thrown
    }
  }

  /** As `safeBytesToVar`: what is wrong with the bytes is returned, not thrown. */
  safeDecode(bytes: Uint8Array): SafeResult {
    return safely(bytes, this.#options)
  }
}

/**
 * Godot's `bytes_to_var` (Godot 3: `bytes2var`). Bytes behind the value are ignored, as Godot ignores them; `decodeVar`
 * says where it ended.
 *
 * Bytes from strangers are safe to pass: what is wrong with them is an error with a code, no more memory is taken than
 * they pay for, and nothing in them is ever run or instantiated.
 *
 * @throws `VARIANT_TRUNCATED`, `VARIANT_BAD_TYPE`, `VARIANT_BAD_LENGTH`, `VARIANT_BAD_TEXT`, `VARIANT_BAD_NODE_PATH`,
 *   `VARIANT_BAD_CONTAINER_TYPE`, `VARIANT_OBJECT_NOT_ALLOWED`, `VARIANT_TOO_DEEP`, `VARIANT_KEY_NOT_STRING`,
 *   `VARIANT_BAD_OPTION`
 * @example
 * ```ts
 * const state = bytesToVar(varToBytes({ hp: 5 })) as Dictionary
 * state.get('hp') // 5
 * ```
 */
export function bytesToVar(bytes: Uint8Array, options?: DecodeOptions): Variant {
  return decode(bytes, 0, options, false)
}

/**
 * Godot 4's `bytes_to_var_with_objects`: full Objects are read, as inert `GodotObject`s.
 *
 * @throws as `bytesToVar`, but for `VARIANT_OBJECT_NOT_ALLOWED`
 * @example
 * ```ts
 * const bytes = varToBytesWithObjects(new GodotObject('RefCounted', new Dictionary()))
 * const object = bytesToVarWithObjects(bytes) as GodotObject
 * object.className // 'RefCounted'
 * ```
 */
export function bytesToVarWithObjects(bytes: Uint8Array, options?: DecodeOptions): Variant {
  return decode(bytes, 0, options, true)
}

/**
 * Decodes the value that starts at `offset` and says how many bytes it took: for framing, and for values that lie one
 * behind the other. `size` never reaches beyond the input.
 *
 * @throws as `bytesToVar`; `VARIANT_OUT_OF_RANGE` for an offset outside the bytes
 * @example
 * ```ts
 * const bytes = new Uint8Array([...varToBytes('hp'), ...varToBytes(5)])
 * const { value, size } = decodeVar(bytes)
 * value // 'hp'
 * decodeVar(bytes, size).value // 5
 * ```
 */
export function decodeVar(
  bytes: Uint8Array,
  offset = 0,
  options?: DecodeOptions,
): {
  /** As `bytesToVar` gives it. */
  value: Variant
  /** How many bytes it took, from `offset` on. */
  size: number
} {
  const value = decode(bytes, offset, options, false)
  return { value, size: lastSize }
}

/** What `safeBytesToVar` gives: the value and how many bytes it took, or the error that `bytesToVar` would throw. */
export type SafeResult =
  | {
      /** The bytes were good. */
      readonly ok: true
      /** As `bytesToVar` gives it. */
      readonly value: Variant
      /** How many bytes it took; behind them there may be more. */
      readonly size: number
    }
  | {
      /** Something is wrong with the bytes. */
      readonly ok: false
      /** What is wrong: its `code`, its `offset` in the bytes, its `path` in the value. */
      readonly error: GodotWireError<VariantErrorCode>
    }

/**
 * `bytesToVar` for bytes from strangers, without try and catch: what is wrong with the bytes comes back as an error with
 * its code, its offset and its path inside the value. Only a bad option is thrown, as a fault of the program.
 *
 * @throws `VARIANT_BAD_OPTION`
 * @example
 * ```ts
 * const result = safeBytesToVar(packet, { maxBytes: 65_536, maxDepth: 32, maxElements: 10_000 })
 * if (result.ok) handle(result.value)
 * else console.warn(result.error.code, result.error.offset, result.error.path)
 * ```
 */
export function safeBytesToVar(bytes: Uint8Array, options?: DecodeOptions): SafeResult {
  return safely(bytes, resolveDecode(options, false))
}

function safely(bytes: Uint8Array, options: ResolvedDecodeOptions): SafeResult {
  try {
    const value = decodeWith(bytes, 0, options)
    return { ok: true, value, size: lastSize }
  } catch (thrown) {
    const error = errorOf(thrown)
    if (error === undefined) throw thrown
    return { ok: false, error }
  }
}

function decode(bytes: Uint8Array, offset: number, options: DecodeOptions | undefined, objects: boolean): Variant {
  const resolved = resolveDecode(options, objects)
  try {
    return decodeWith(bytes, offset, resolved)
  } catch (thrown) {
    throw errorOf(thrown) ?? thrown
  }
}

/** A decoder that nobody uses; taken while it is used. Nothing of a value that was bad is left in it. */
let idleDecoder: Decoder | undefined

/** How many bytes the value took that was decoded last. */
let lastSize = 0

function decodeWith(bytes: Uint8Array, offset: number, options: ResolvedDecodeOptions): Variant {
  if (!isBytes(bytes)) {
    throw variantError('VARIANT_UNSUPPORTED', { what: 'input that is not a Uint8Array', hint: 'wrap an ArrayBuffer' })
  }
  if (!Number.isInteger(offset) || offset < 0 || offset > bytes.length) {
    const expected = `a whole number from 0 to ${bytes.length}`
    throw variantError('VARIANT_OUT_OF_RANGE', { what: 'The offset', value: offset, expected })
  }
  const decoder = idleDecoder ?? new Decoder()
  idleDecoder = undefined
  try {
    const value = decoder.begin(bytes, offset, options).readValue(0) as Variant
    lastSize = decoder.offset - offset
    return value
  } finally {
    decoder.release()
    idleDecoder = decoder
  }
}
