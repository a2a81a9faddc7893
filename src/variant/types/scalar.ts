/** nil, bool, int, float. */
import type { Decoder } from '../decoder.js'
import type { Encoder } from '../encoder.js'
import { fail } from '../fault.js'
import { GodotFloat, isInt } from '../values/index.js'
import { VariantType } from '../variant-type.js'
import { FLAG_64 } from './header.js'

// The first types have the same numbers in every version of Godot: their headers need not be looked up.

export function writeNil(e: Encoder): void {
  e.writeUint32(VariantType.NIL)
}

export function putBool(e: Encoder, at: number, value: boolean): number {
  e.setInt32x2(at, VariantType.BOOL, value ? 1 : 0)
  return at + 8
}

/** Any u32 but 0 is true. */
export function readBool(d: Decoder): boolean {
  return d.readUint32() !== 0
}

/** An int where that is what the number is, else a float. */
export function putNumber(e: Encoder, at: number, value: number): number {
  if ((value | 0) === value && !Object.is(value, -0)) {
    e.setInt32x2(at, VariantType.INT, value)
    return at + 8
  }
  return isInt(value) ? putWideInt(e, at, value) : putFloat(e, at, value)
}

function putWideInt(e: Encoder, at: number, value: number): number {
  mustHoldWideInts(e, value)
  const high = Math.floor(value / 2 ** 32)
  e.setInt32(at, VariantType.INT | FLAG_64)
  e.setInt32(at + 4, value - high * 2 ** 32)
  e.setInt32(at + 8, high)
  return at + 12
}

export function writeBigInt(e: Encoder, value: bigint): void {
  if (BigInt.asIntN(32, value) === value) return e.writeValue(Number(value), 0)
  if (BigInt.asIntN(64, value) !== value) {
    fail('VARIANT_OUT_OF_RANGE', { what: 'An int', value, expected: 'within 64 bits, signed' })
  }
  mustHoldWideInts(e, value)
  e.writeInt32(VariantType.INT | FLAG_64)
  e.writeBigInt64(value)
}

function mustHoldWideInts(e: Encoder, value: number | bigint): void {
  if (e.dialect.hasWideNumbers) return
  fail('VARIANT_OUT_OF_RANGE', { what: 'An int', value, expected: 'within 32 bits for Godot 2, signed' })
}

/** What the upper half of an int is when a number holds it: the safe integers, but for the one that is -2^53. */
const SAFE_HIGH = 0x200000

/** The 64-bit form of a small value is accepted: Godot 3.0 wrote it. */
export function readInt(d: Decoder, header: number): number | bigint {
  if ((header & FLAG_64) === 0) return d.readInt32()
  const at = d.take(8)
  const high = d.view.getInt32(at + 4, true)
  const low = d.view.getUint32(at, true)
  const isSafe = high >= -SAFE_HIGH && high < SAFE_HIGH && (low !== 0 || high !== -SAFE_HIGH)
  return isSafe ? high * 2 ** 32 + low : d.view.getBigInt64(at, true)
}

const USUAL_NAN = 0x7ff8000000000000n

/**
 * 4 bytes where they hold the number exactly, else 8; a NaN never equals itself, so it always takes 8. Godot 2 has no
 * more than 4 for any number.
 */
export function putFloat(e: Encoder, at: number, value: number): number {
  if (Math.fround(value) === value || !e.dialect.hasWideNumbers) {
    e.setInt32(at, VariantType.FLOAT)
    e.setFloat32(at + 4, value)
    return at + 8
  }
  e.setInt32(at, VariantType.FLOAT | FLAG_64)
  if (Number.isNaN(value)) e.view.setBigUint64(at + 4, USUAL_NAN, true)
  else e.view.setFloat64(at + 4, value, true)
  return at + 12
}

export function putGodotFloat(e: Encoder, at: number, float: GodotFloat): number {
  const { value } = float
  return Number.isNaN(value) ? putNaN(e, at, float) : putFloat(e, at, value)
}

function putNaN(e: Encoder, at: number, { value, bits }: GodotFloat): number {
  if (bits === undefined) return putFloat(e, at, value)
  const isWide = e.dialect.hasWideNumbers
  e.setInt32(at, isWide ? VariantType.FLOAT | FLAG_64 : VariantType.FLOAT)
  if (isWide) e.view.setBigUint64(at + 4, bits, true)
  else e.setInt32(at + 4, narrowNaN(bits))
  return at + (isWide ? 12 : 8)
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

function narrowNaN(bits: bigint): number {
  return Number(((bits >> 32n) & 0x80000000n) | 0x7f800000n | ((bits >> 29n) & 0x7fffffn))
}

/** What the engine makes of a float32 NaN: the processor keeps sign and payload and makes a signalling one quiet. */
function widenNaN(bits: number): bigint {
  const sign = BigInt(bits >>> 31) << 63n
  return sign | USUAL_NAN | (BigInt(bits & 0x7fffff) << 29n)
}
