/** What the constructors of the text form make of their arguments. */
import {
  PackedColorArray,
  PackedStringArray,
  PackedVector2Array,
  PackedVector3Array,
  PackedVector4Array,
} from '../values/index.js'
import { VariantType as T, type VariantType } from '../variant-type.js'
import type { NumberValue } from './lexer.js'
import { PACKED_WIDTHS, SHAPES } from './shape.js'

function realOf(value: NumberValue): number {
  return typeof value === 'object' ? value.float : Number(value)
}

const SMALLEST_32 = -0x80000000
const SMALLEST_64 = -0x8000000000000000n

/** As the processor converts: a float that does not fit becomes the smallest int, an int keeps its low bits. */
function int32(value: NumberValue): number {
  if (typeof value === 'bigint') return Number(BigInt.asIntN(32, value))
  if (typeof value === 'number') return Number.isInteger(value / 1) && Math.abs(value) < 2 ** 31 ? value : low32(value)
  const whole = Math.trunc(value.float)
  return whole >= SMALLEST_32 && whole < 2 ** 31 ? whole + 0 : SMALLEST_32
}

function low32(value: number): number {
  return Number(BigInt.asIntN(32, BigInt(value)))
}

function int64(value: NumberValue): bigint {
  if (typeof value !== 'object') return BigInt(value)
  const whole = Math.trunc(value.float)
  return whole >= -(2 ** 63) && whole < 2 ** 63 ? BigInt(whole) : SMALLEST_64
}

/** The same for unsigned ints: a float beyond them is 0, a negative one counts down from the largest. */
function uint64(value: NumberValue): bigint {
  if (typeof value !== 'object') return BigInt.asUintN(64, BigInt(value))
  const whole = Math.trunc(value.float)
  if (whole >= 2 ** 64) return 0n
  return whole >= 2 ** 63 ? BigInt(whole) : BigInt.asUintN(64, int64(value))
}

type Refuse = (facts: { expected: string; found: string }) => never

function numbers(type: VariantType, values: readonly NumberValue[], refuse: Refuse): unknown {
  const shape = SHAPES[type]
  if (shape) {
    if (values.length !== shape.count) refuse({ expected: `${shape.count} numbers`, found: String(values.length) })
    return shape.make(values.map(shape.ints ? int32 : (value) => Math.fround(realOf(value))))
  }
  switch (type) {
    case T.PACKED_INT32_ARRAY:
      return Int32Array.from(values, int32)
    case T.PACKED_INT64_ARRAY:
      return BigInt64Array.from(values, int64)
    case T.PACKED_FLOAT32_ARRAY:
      return Float32Array.from(values, realOf)
    case T.PACKED_FLOAT64_ARRAY:
      return Float64Array.from(values, realOf)
    default:
      return flat(type, values)
  }
}

/** Numbers that make no whole value are left out, as in the engine. */
function flat(type: VariantType, values: readonly NumberValue[]): unknown {
  const data = Float32Array.from(values.slice(0, values.length - (values.length % PACKED_WIDTHS[type]!)), realOf)
  switch (type) {
    case T.PACKED_VECTOR2_ARRAY:
      return new PackedVector2Array(data)
    case T.PACKED_VECTOR3_ARRAY:
      return new PackedVector3Array(data)
    case T.PACKED_VECTOR4_ARRAY:
      return new PackedVector4Array(data)
    default:
      return new PackedColorArray(data)
  }
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** The bytes of a base64 text, or undefined where it is none. */
function base64(text: string): Uint8Array | undefined {
  return BASE64.test(text) ? Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)) : undefined
}

export const made = {
  numbers,
  uint64,
  base64,
  bytes: (values: readonly NumberValue[]) => Uint8Array.from(values, int32),
  strings: (values: readonly string[]) => new PackedStringArray(values),
}
