/** From a value to bytes and back, by a coder: what codec.ts is to any value. */
import { isBytes } from '../../bytes/index.js'
import type { GodotWireError } from '../../errors.js'
import { Decoder } from '../decoder.js'
import { Encoder } from '../encoder.js'
import { type VariantErrorCode, variantError } from '../errors.js'
import { errorOf } from '../fault.js'
import { type DecodeOptions, type EncodeOptions, resolveDecode, resolveEncode } from '../options.js'
import { budget, looksFor } from './budget.js'
import type { Coder } from './coder.js'

/** How the bytes of a shape become a value. Floats are always plain numbers, as the types say. */
export type ShapeDecodeOptions = Omit<DecodeOptions, 'exact'>

/** What `safeDecode` gives: the value and how many bytes it took, or the error that `decode` would throw. */
export type SafeDecoded<T> =
  | { readonly ok: true; readonly value: T; readonly size: number }
  | { readonly ok: false; readonly error: GodotWireError<VariantErrorCode> }

/** Nobody uses them now; taken while they are used, as in codec.ts. */
let idleEncoder: Encoder | undefined
let idleDecoder: Decoder | undefined

export function encodeWith(
  coder: Coder,
  value: unknown,
  options: EncodeOptions | undefined,
  asView: boolean,
): Uint8Array {
  const resolved = resolveEncode(options, false)
  const encoder = idleEncoder ?? new Encoder()
  idleEncoder = undefined
  // A getter of the value may have brought us here from inside another pass.
  const { maxDepth, writing } = budget
  const { top } = writing
  budget.maxDepth = resolved.maxDepth
  try {
    coder.write(encoder.begin(resolved), value, 0)
    const bytes = asView ? viewOf(encoder) : encoder.finish()
    idleEncoder = encoder
    return bytes
  } catch (thrown) {
    throw errorOf(thrown) ?? thrown
  } finally {
    writing.forget(top)
    budget.maxDepth = maxDepth
  }
}

/** What was handed out last: messages of one shape are often of one size, and then it is the same view of the same memory. */
let lastView = /* @__PURE__ */ new Uint8Array(0)

function viewOf(encoder: Encoder): Uint8Array {
  const { length, bytes } = encoder
  const isSame = lastView.length === length && lastView.buffer === bytes.buffer && length <= encoder.limit
  if (!isSame) lastView = encoder.finishView() as typeof lastView
  return lastView
}

/** How many bytes the value took that was decoded last. */
let lastSize = 0

function readWith(coder: Coder, bytes: Uint8Array, options: ShapeDecodeOptions | undefined): unknown {
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
  const { maxDepth, looks, reading } = budget
  const { top } = reading
  budget.maxDepth = resolved.maxDepth
  budget.looks = looksFor(bytes.length)
  try {
    const value = coder.read(decoder.begin(bytes, 0, resolved), 0)
    lastSize = decoder.offset
    return value
  } finally {
    // Whole objects leave nothing behind.
    if (reading.top !== top) reading.forget(top)
    budget.maxDepth = maxDepth
    budget.looks = looks
    decoder.release()
    idleDecoder = decoder
  }
}

export function decodeWith(coder: Coder, bytes: Uint8Array, options: ShapeDecodeOptions | undefined): unknown {
  try {
    return readWith(coder, bytes, options)
  } catch (thrown) {
    throw errorOf(thrown) ?? thrown
  }
}

export function safelyDecodeWith(
  coder: Coder,
  bytes: Uint8Array,
  options: ShapeDecodeOptions | undefined,
): SafeDecoded<unknown> {
  try {
    const value = readWith(coder, bytes, options)
    return { ok: true, value, size: lastSize }
  } catch (thrown) {
    const error = errorOf(thrown)
    if (error === undefined || error.code === 'VARIANT_BAD_OPTION') throw thrown
    return { ok: false, error }
  }
}
