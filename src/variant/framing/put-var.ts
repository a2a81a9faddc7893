import { varToBytes, varToBytesWithObjects } from '../codec.js'
import { variantError } from '../errors.js'
import { type DecodeOptions, type EncodeOptions, resolveDecode } from '../options.js'
import type { Encodable, Variant } from '../variant.js'
import { framingError } from './errors.js'
import { checkLength, framed, mustBeBytes, PREFIX } from './frame.js'
import { decodeAt } from './result.js'

/** What stands around a value, on writing and on reading. */
export interface FrameOptions {
  /**
   * True where `big_endian` is set on the StreamPeer or FileAccess: it turns the bytes of the length in front, and
   * nothing in the value. Default false.
   */
  readonly bigEndian?: boolean
  /**
   * True for `put_var(value, true)` and `get_var(true)`: Objects in full, as inert `GodotObject`s. Default false: a full
   * Object is `VARIANT_OBJECT_NOT_ALLOWED`.
   */
  readonly objects?: boolean
}

/** How `putVar` writes. */
export interface PutVarOptions extends EncodeOptions, FrameOptions {}

/** How `getVar` reads. */
export interface GetVarOptions extends DecodeOptions, FrameOptions {}

/**
 * Godot's `StreamPeer.put_var` and `FileAccess.store_var` (Godot 3: `File.store_var`): the value behind a `u32` with its
 * length in bytes.
 *
 * @returns the bytes for a socket or a file
 * @throws as `varToBytes`
 * @example
 * ```ts
 * putVar({ hp: 5 }).length // 32
 * putVar({ hp: 5 }).subarray(0, 4) // new Uint8Array([28, 0, 0, 0])
 * ```
 */
export function putVar<T>(value: Encodable<T>, options?: PutVarOptions): Uint8Array<ArrayBuffer> {
  const bytes = options?.objects === true ? varToBytesWithObjects(value, options) : varToBytes(value, options)
  return framed(bytes, options?.bigEndian === true)
}

/**
 * Godot's `get_var` on bytes that are all there: the value of the frame that starts at `offset`. A `VarReader` reads
 * frames that come in pieces.
 *
 * Of a frame that is longer than its value the rest is ignored, as the engine ignores it. `maxBytes` is a limit on the
 * length that the frame announces, 2^31 - 1 by default: nothing more than what is there can be read here.
 *
 * @param offset where the frame starts, in bytes
 * @returns the value, and the bytes of the whole frame: the next one starts at `offset + size`
 * @throws `VARIANT_FRAME_TRUNCATED` where the frame is not all there, `VARIANT_FRAME_BAD_LENGTH`,
 *   `VARIANT_FRAME_TOO_LARGE`; as `bytesToVar` for the value, with offsets that count from the first byte of the value;
 *   `VARIANT_OUT_OF_RANGE` for an offset outside the bytes
 * @example
 * ```ts
 * const { value, size } = getVar(putVar({ hp: 5 })) // or await readFile('user_data.bin')
 * String(value) // '{ "hp": 5 }'
 * size // 32
 * ```
 */
export function getVar(
  bytes: Uint8Array,
  offset = 0,
  options: GetVarOptions = {},
): {
  /** As `bytesToVar` gives it. */
  value: Variant
  /** How many bytes the frame takes, with the 4 of its length. */
  size: number
} {
  const resolved = resolveDecode(options, options.objects === true)
  mustBeBytes(bytes, 'input')
  if (!Number.isInteger(offset) || offset < 0 || offset > bytes.length) {
    const expected = `a whole number from 0 to ${bytes.length}`
    throw variantError('VARIANT_OUT_OF_RANGE', { what: 'The offset', value: offset, expected })
  }
  const bigEndian = options.bigEndian === true
  const size = frameSize(bytes, offset, { bigEndian, limit: resolved.maxBytes, option: 'maxBytes' })
  return { value: decodeAt(bytes.subarray(offset + PREFIX, offset + size), 0, resolved).value, size }
}

function frameSize(bytes: Uint8Array, offset: number, settings: Parameters<typeof checkLength>[2]): number {
  const left = bytes.length - offset
  if (left < PREFIX) throw framingError('VARIANT_FRAME_TRUNCATED', { offset, needed: PREFIX, left })
  const length = new DataView(bytes.buffer, bytes.byteOffset + offset, PREFIX).getUint32(0, !settings.bigEndian)
  checkLength(length, offset, settings)
  if (PREFIX + length > left) {
    throw framingError('VARIANT_FRAME_TRUNCATED', { offset, needed: PREFIX + length, left })
  }
  return PREFIX + length
}
