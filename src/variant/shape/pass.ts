/** From a value to bytes and back, by a coder: what codec.ts is to any value. */
import { isBytes } from '../../bytes/index.js'
import { type GodotWireError, isGodotWireError } from '../../errors.js'
import { Decoder } from '../decoder.js'
import { giveEncoder, takeEncoder } from '../encoder.js'
import { type VariantErrorCode, variantError } from '../errors.js'
import { errorOf } from '../fault.js'
import {
  type DecodeOptions,
  type EncodeOptions,
  type ResolvedDecodeOptions,
  resolveDecode,
  resolveEncode,
} from '../options.js'
import { budget, looksFor } from './budget.js'
import type { Coder } from './coder.js'
import { SHAPE_ERRORS } from './errors.js'

/** How the bytes of a shape become a value. Floats are always plain numbers, as the types say. */
export type ShapeDecodeOptions = Omit<DecodeOptions, 'exact'>

/** What `safeDecode` gives: the value and how many bytes it took, or the error that `decode` would throw. */
export type SafeDecoded<T> =
  | {
      /** The bytes were good, and fit the shape. */
      readonly ok: true
      /** As `decode` gives it. */
      readonly value: T
      /** How many bytes it took; behind them there may be more. */
      readonly size: number
    }
  | {
      /** The bytes are broken, or do not fit the shape. */
      readonly ok: false
      /** What is wrong: its `code`, its `offset` in the bytes, its `path` in the value. */
      readonly error: GodotWireError<VariantErrorCode>
    }

/** Nobody uses it now; taken while it is used. */
let idleDecoder: Decoder | undefined

export function encodeWith(
  coder: Coder,
  value: unknown,
  options: EncodeOptions | undefined,
  asView: boolean,
): Uint8Array<ArrayBuffer> {
  const resolved = resolveEncode(options, false)
  const encoder = takeEncoder(resolved)
  // A getter of the value may have brought us here from inside another pass.
  const { maxDepth, writing } = budget
  const { top } = writing
  budget.maxDepth = resolved.maxDepth
  try {
    coder.write(encoder.begin(resolved), value, 0)
    return asView ? encoder.finishView() : encoder.finish()
  } catch (thrown) {
    throw errorOf(thrown) ?? thrown
  } finally {
    giveEncoder(encoder)
    writing.forget(top)
    budget.maxDepth = maxDepth
  }
}

/** How many bytes the value took that was decoded last. */
let lastSize = 0

/** @param asErrors whether faults are thrown as errors, or as what they are */
function readWith(
  coder: Coder,
  bytes: Uint8Array,
  options: ShapeDecodeOptions | undefined,
  asErrors: boolean,
): unknown {
  const resolved = resolveDecode(options, false)
  if (resolved.exact) {
    throw variantError('VARIANT_BAD_OPTION', { option: 'exact', value: true, expected: 'left out for shapes' })
  }
  if (!isBytes(bytes)) {
    throw variantError('VARIANT_UNSUPPORTED', { what: 'input that is not a Uint8Array', hint: 'wrap an ArrayBuffer' })
  }
  const decoder = idleDecoder ?? new Decoder()
  idleDecoder = undefined
  // A test of the program's may have brought us here from inside another pass.
  const { maxDepth, looks } = budget
  const { top } = budget.reading
  budget.maxDepth = resolved.maxDepth
  try {
    const quick = readQuickly(coder, bytes, resolved, decoder, top)
    const value = quick === undefined ? readPlainly(coder, bytes, resolved, decoder) : quick
    lastSize = decoder.offset
    return value
  } catch (thrown) {
    // Objects that are whole leave nothing behind.
    budget.reading.forget(top)
    throw asErrors ? (errorOf(thrown) ?? thrown) : thrown
  } finally {
    budget.maxDepth = maxDepth
    budget.looks = looks
    decoder.release()
    idleDecoder = decoder
  }
}

/** What the lane of the coder takes; undefined for what is left to the coder. */
function readQuickly(
  { lane }: Coder,
  bytes: Uint8Array,
  options: ResolvedDecodeOptions,
  decoder: Decoder,
  top: number,
): unknown {
  if (lane === undefined || lane.version !== options.dialect.version || lane.levels > options.maxDepth) return undefined
  budget.looks = looksFor(bytes.length)
  try {
    return lane.read(decoder.begin(bytes, 0, options), 0)
  } catch {
    budget.reading.forget(top)
    return undefined
  }
}

function readPlainly({ plain }: Coder, bytes: Uint8Array, options: ResolvedDecodeOptions, decoder: Decoder): unknown {
  budget.looks = looksFor(bytes.length)
  return plain.read(decoder.begin(bytes, 0, options), 0)
}

export function decodeWith(coder: Coder, bytes: Uint8Array, options: ShapeDecodeOptions | undefined): unknown {
  return readWith(coder, bytes, options, true)
}

export function safelyDecodeWith(
  coder: Coder,
  bytes: Uint8Array,
  options: ShapeDecodeOptions | undefined,
): SafeDecoded<unknown> {
  try {
    const value = readWith(coder, bytes, options, false)
    return { ok: true, value, size: lastSize }
  } catch (thrown) {
    const error = problemOf(thrown)
    if (error === undefined || error.code === 'VARIANT_BAD_OPTION') throw thrown
    return { ok: false, error }
  }
}

/** What is wrong with the value; also what another shape found, which a check of the program's asked. */
function problemOf(thrown: unknown): GodotWireError<VariantErrorCode> | undefined {
  const isAnothers = isGodotWireError<VariantErrorCode>(thrown) && thrown.code in SHAPE_ERRORS
  return isAnothers ? thrown : errorOf(thrown)
}
