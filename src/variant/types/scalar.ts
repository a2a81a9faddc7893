/** nil, bool, int, float. */
import type { Decoder } from '../decoder.js'
import type { Encoder } from '../encoder.js'
import { fail } from '../fault.js'
import { GodotFloat } from '../values/index.js'
import { VariantType } from '../variant-type.js'
import { FLAG_64 } from './header.js'

export function writeNil(e: Encoder): void {
  e.writeHeader(VariantType.NIL, 0)
}

export function readNil(): null {
  return null
}

export function writeBool(e: Encoder, value: boolean): void {
  e.writeHeader(VariantType.BOOL, 0)
  e.writeUint32(value ? 1 : 0)
}

/** Any u32 but 0 is true. */
export function readBool(d: Decoder): boolean {
  return d.readUint32() !== 0
}

/** A number that is known to be a safe integer. */
export function writeInt(e: Encoder, value: number): void {
  if ((value | 0) === value) {
    e.writeHeader(VariantType.INT, 0)
    e.writeInt32(value)
  } else {
    writeWideInt(e, BigInt(value))
  }
}

/** A bigint that is known to fit 64 bits. */
export function writeBigInt(e: Encoder, value: bigint): void {
  if (value >= -0x80000000n && value <= 0x7fffffffn) writeInt(e, Number(value))
  else writeWideInt(e, value)
}

function writeWideInt(e: Encoder, value: bigint): void {
  if (!e.dialect.hasWideNumbers) {
    fail('VARIANT_OUT_OF_RANGE', { what: 'An int', value, expected: 'within 32 bits for Godot 2, signed' })
  }
  e.writeHeader(VariantType.INT, FLAG_64)
  e.writeBigInt64(value)
}

/** The 64-bit form of a small value is accepted: Godot 3.0 wrote it. */
export function readInt(d: Decoder, header: number): number | bigint {
  if ((header & FLAG_64) === 0) return d.readInt32()
  const value = d.readBigInt64()
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
}

const USUAL_NAN = 0x7ff8000000000000n

/**
 * 4 bytes where they hold the number exactly, else 8; a NaN never equals itself, so it always takes 8. Godot 2 has no
 * more than 4 for any number.
 */
export function writeFloat(e: Encoder, value: number): void {
  if (Math.fround(value) === value || !e.dialect.hasWideNumbers) {
    e.writeHeader(VariantType.FLOAT, 0)
    e.writeFloat32(value)
  } else {
    e.writeHeader(VariantType.FLOAT, FLAG_64)
    if (Number.isNaN(value)) e.writeBigUint64(USUAL_NAN)
    else e.writeFloat64(value)
  }
}

export function writeGodotFloat(e: Encoder, float: GodotFloat): void {
  if (!Number.isNaN(float.value) || float.bits === undefined) return writeFloat(e, float.value)
  if (!e.dialect.hasWideNumbers) return writeNarrowNaN(e, float.bits)
  e.writeHeader(VariantType.FLOAT, FLAG_64)
  e.writeBigUint64(float.bits)
}

export function readFloat(d: Decoder, header: number): number | GodotFloat {
  const wide = (header & FLAG_64) !== 0
  const at = d.take(wide ? 8 : 4)
  const value = wide ? d.view.getFloat64(at, true) : d.view.getFloat32(at, true)
  return d.exact ? exactFloat(d, value, at, wide) : value
}

function exactFloat(d: Decoder, value: number, at: number, wide: boolean): number | GodotFloat {
  if (Number.isNaN(value)) {
    const bits = wide ? d.view.getBigUint64(at, true) : widenNaN(d.view.getUint32(at, true))
    return bits === USUAL_NAN ? value : new GodotFloat(value, bits)
  }
  return Number.isInteger(value) ? new GodotFloat(value) : value
}

function writeNarrowNaN(e: Encoder, bits: bigint): void {
  e.writeHeader(VariantType.FLOAT, 0)
  e.writeUint32(Number(((bits >> 32n) & 0x80000000n) | 0x7f800000n | ((bits >> 29n) & 0x7fffffn)))
}

/** What the engine makes of a float32 NaN: the processor keeps sign and payload and makes a signalling one quiet. */
function widenNaN(bits: number): bigint {
  const sign = BigInt(bits >>> 31) << 63n
  return sign | USUAL_NAN | (BigInt(bits & 0x7fffff) << 29n)
}
