import { type GodotWireError, isGodotWireError } from '../../errors.js'
import { Decoder } from '../decoder.js'
import { VARIANT_ERRORS, type VariantErrorCode } from '../errors.js'
import { errorOf } from '../fault.js'
import type { ResolvedDecodeOptions } from '../options.js'
import type { Variant } from '../variant.js'
import type { Frame } from './frame-reader.js'

/**
 * What was in one frame: the value, or what was wrong with it. A bad value spoils its own frame only: the next result is
 * that of the next frame.
 */
export type VarResult =
  | {
      /** The value was good. */
      readonly ok: true
      /** As `bytesToVar` gives it. */
      readonly value: Variant
      /** How many bytes of the stream or file stood before the frame. */
      readonly position: number
      /** How many bytes the frame takes, with the 4 of its length. */
      readonly size: number
    }
  | {
      /** Something is wrong with the value. */
      readonly ok: false
      /** What is wrong. Its `offset` counts from the first byte of the value, which is at `position + 4` of the stream. */
      readonly error: GodotWireError<VariantErrorCode>
      /** As of a good one. */
      readonly position: number
      /** As of a good one: the next frame starts behind it. */
      readonly size: number
    }

/** Decodes the value at an offset. Bytes behind it are ignored, as the engine ignores them. */
export function decodeAt(bytes: Uint8Array, offset: number, options: ResolvedDecodeOptions) {
  try {
    const decoder = new Decoder(bytes, offset, options)
    const value = decoder.readValue(0) as Variant
    return { value, size: decoder.offset - offset }
  } catch (thrown) {
    throw errorOf(thrown) ?? thrown
  }
}

export function resultOf({ payload, position, size }: Frame, options: ResolvedDecodeOptions): VarResult {
  try {
    return { ok: true, value: decodeAt(payload, 0, options).value, position, size }
  } catch (error) {
    if (!isVariantError(error)) throw error
    return { ok: false, error, position, size }
  }
}

function isVariantError(error: unknown): error is GodotWireError<VariantErrorCode> {
  return isGodotWireError(error) && error.code in VARIANT_ERRORS
}
