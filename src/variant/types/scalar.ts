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

export function writeBool(e: Encoder, value: boolean): void {
  const at = e.reserve(8)
  e.view.setInt32(at, VariantType.BOOL, true)
  e.view.setInt32(at + 4, value ? 1 : 0, true)
}

/** Any u32 but 0 is true. */
export function readBool(d: Decoder): boolean {
  return d.readUint32() !== 0
}

/** An int where that is what the number is, else a float. */
export function writeNumber(e: Encoder, value: number): void {
  if ((value | 0) === value && !Object.is(value, -0)) {
    const at = e.reserve(8)
    e.view.setInt32(at, VariantType.INT, true)
    e.view.setInt32(at + 4, value, true)
  } else if (isInt(value)) {
    writeWideInt(e, value)
  } else {
    writeFloat(e, value)
  }
}

function writeWideInt(e: Encoder, value: number): void {
  const at = reserveWideInt(e, value)
  const high = Math.floor(value / 2 ** 32)
  e.view.setUint32(at, value - high * 2 ** 32, true)
  e.view.setInt32(at + 4, high, true)
}

export function writeBigInt(e: Encoder, value: bigint): void {
  if (BigInt.asIntN(32, value) === value) return writeNumber(e, Number(value))
  if (BigInt.asIntN(64, value) !== value) {
    fail('VARIANT_OUT_OF_RANGE', { what: 'An int', value, expected: 'within 64 bits, signed' })
  }
  const at = reserveWideInt(e, value)
  e.view.setBigInt64(at, value, true)
}

function reserveWideInt(e: Encoder, value: number | bigint): number {
  if (!e.dialect.hasWideNumbers) {
    fail('VARIANT_OUT_OF_RANGE', { what: 'An int', value, expected: 'within 32 bits for Godot 2, signed' })
  }
  const at = e.reserve(12)
  e.view.setInt32(at, VariantType.INT | FLAG_64, true)
  return at + 4
}

/** What the upper half of an int is when a number holds it: the safe integers, but for the one that is -2^53. */
const SAFE_HIGH = 2 ** 21

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
export function writeFloat(e: Encoder, value: number): void {
  if (Math.fround(value) === value || !e.dialect.hasWideNumbers) {
    const at = e.reserve(8)
    e.view.setInt32(at, VariantType.FLOAT, true)
    e.view.setFloat32(at + 4, value, true)
    return
  }
  const at = e.reserve(12)
  e.view.setInt32(at, VariantType.FLOAT | FLAG_64, true)
  if (Number.isNaN(value)) e.view.setBigUint64(at + 4, USUAL_NAN, true)
  else e.view.setFloat64(at + 4, value, true)
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
