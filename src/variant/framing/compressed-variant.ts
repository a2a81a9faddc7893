/**
 * The arguments of Godot 4's RPCs, and its synchronized properties: `MultiplayerAPI.encode_and_compress_variant`. A bool
 * is one byte, an int two to nine; everything else is as `varToBytes` writes it.
 *
 *   byte 0, bits 0 to 5: the type; bits 6 and 7 of an int: how many bytes follow, 1, 2, 4 or 8; bit 7 of a bool: its value
 */
import { varToBytes, varToBytesWithObjects } from '../codec.js'
import { Decoder } from '../decoder.js'
import { variantError } from '../errors.js'
import { errorOf } from '../fault.js'
import {
  type DecodeOptions,
  type EncodeOptions,
  type ResolvedDecodeOptions,
  resolveDecode,
  resolveEncode,
} from '../options.js'
import { isInt, isInt64 } from '../values/index.js'
import type { Encodable, Variant } from '../variant.js'
import { VariantType } from '../variant-type.js'
import { mustBeBytes } from './frame.js'
import type { FrameOptions } from './put-var.js'

/** How `encodeAndCompressVariant` writes. `version` can only be 4. */
export interface CompressVariantOptions extends EncodeOptions, Pick<FrameOptions, 'objects'> {}

/** How `decodeAndDecompressVariant` reads. `version` can only be 4. */
export interface DecompressVariantOptions extends DecodeOptions, Pick<FrameOptions, 'objects'> {}

const TYPE_MASK = 0x3f
const TRUE = 0x80
const MODE_SHIFT = 6

/**
 * Godot 4's `encode_and_compress_variant`: how `SceneMultiplayer` writes each argument of an RPC. `objects: true` stands
 * for its `allow_object_decoding`. An RPC with one PackedByteArray as its only argument is an exception that the packet
 * makes: the bytes stand there alone.
 *
 * @throws as `varToBytes`; `VARIANT_BAD_OPTION` for a `version` other than 4
 * @example
 * ```ts
 * encodeAndCompressVariant(300) // new Uint8Array([0x42, 0x2c, 0x01])
 * ```
 */
export function encodeAndCompressVariant<T>(
  value: Encodable<T>,
  options?: CompressVariantOptions,
): Uint8Array<ArrayBuffer> {
  const objects = options?.objects === true
  const { maxBytes } = resolveEncode(options, objects)
  mustBeGodot4(options?.version)
  const bytes = compressed(value)
  if (bytes === undefined) return objects ? varToBytesWithObjects(value, options) : varToBytes(value, options)
  if (bytes.length > maxBytes) throw variantError('VARIANT_TOO_LARGE', { maxBytes })
  return bytes
}

/**
 * Godot 4's `decode_and_decompress_variant`: the value that starts at `offset`, and how many bytes it took. An int may be
 * written wider than it needs to be.
 *
 * @throws as `decodeVar`; `VARIANT_BAD_OPTION` for a `version` other than 4
 * @example
 * ```ts
 * const { value, size } = decodeAndDecompressVariant(new Uint8Array([0x42, 0x2c, 0x01]))
 * value // 300
 * size // 3
 * ```
 */
export function decodeAndDecompressVariant(
  bytes: Uint8Array,
  offset = 0,
  options: DecompressVariantOptions = {},
): {
  /** As `bytesToVar` gives it. */
  value: Variant
  /** How many bytes it took, from `offset` on. */
  size: number
} {
  const resolved = resolveDecode(options, options.objects === true)
  mustBeGodot4(options.version)
  mustBeBytes(bytes, 'input')
  if (!Number.isInteger(offset) || offset < 0 || offset > bytes.length) {
    const expected = `a whole number from 0 to ${bytes.length}`
    throw variantError('VARIANT_OUT_OF_RANGE', { what: 'The offset', value: offset, expected })
  }
  return decompressed(bytes, offset, resolved)
}

function mustBeGodot4(version: number | undefined): void {
  if (version === undefined || version === 4) return
  throw variantError('VARIANT_BAD_OPTION', { option: 'version', value: version, expected: '4, or left out' })
}

/** The short form, or undefined for what has none. */
function compressed(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (typeof value === 'boolean') return Uint8Array.of(VariantType.BOOL | (value ? TRUE : 0))
  if (typeof value === 'number' && isInt(value)) return compressedInt(value)
  if (typeof value !== 'bigint' || !isInt64(value)) return undefined
  return isInt(Number(value)) ? compressedInt(Number(value)) : int64(value)
}

function compressedInt(value: number): Uint8Array<ArrayBuffer> {
  if (value === (value << 24) >> 24) return Uint8Array.of(meta(0), value)
  if (value === (value << 16) >> 16) return Uint8Array.of(meta(1), value, value >> 8)
  if (value === (value | 0)) return Uint8Array.of(meta(2), value, value >> 8, value >> 16, value >> 24)
  return int64(BigInt(value))
}

function int64(value: bigint): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(9)
  bytes[0] = meta(3)
  new DataView(bytes.buffer).setBigInt64(1, value, true)
  return bytes
}

function meta(mode: number): number {
  return VariantType.INT | (mode << MODE_SHIFT)
}

function decompressed(bytes: Uint8Array, offset: number, options: ResolvedDecodeOptions) {
  try {
    const decoder = new Decoder(bytes, offset, options)
    const value = readCompressed(decoder)
    return { value, size: decoder.offset - offset }
  } catch (thrown) {
    throw errorOf(thrown) ?? thrown
  }
}

function readCompressed(d: Decoder): Variant {
  const first = d.readUint8()
  switch (first & TYPE_MASK) {
    case VariantType.BOOL:
      return first >= TRUE
    case VariantType.INT:
      return readCompressedInt(d, first >> MODE_SHIFT)
    default:
      // Any other type has the whole header of an ordinary value, where bits 6 and 7 are part of the type and make it bad.
      d.offset--
      return d.readValue(0) as Variant
  }
}

function readCompressedInt(d: Decoder, mode: number): number | bigint {
  switch (mode) {
    case 0:
      return d.view.getInt8(d.take(1))
    case 1:
      return d.view.getInt16(d.take(2), true)
    case 2:
      return d.readInt32()
    default: {
      const wide = d.readBigInt64()
      return Number.isSafeInteger(Number(wide)) ? Number(wide) : wide
    }
  }
}
