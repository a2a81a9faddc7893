/** The packed arrays, Godot 3's Pool arrays: a count and then bare elements. */
import { fillFromWire, type NumberArray, wireBytesOf } from '../../bytes/index.js'
import type { Decoder } from '../decoder.js'
import type { Encoder } from '../encoder.js'
import { fail, failAt } from '../fault.js'
import {
  type FlatNumbers,
  PackedColorArray,
  PackedStringArray,
  PackedVector2Array,
  PackedVector3Array,
  PackedVector4Array,
} from '../values/index.js'
import { typeName, VARIANT_TYPE_NAMES, VariantType } from '../variant-type.js'
import { FLAG_64 } from './header.js'
import { readText, writeText } from './text.js'

/** Header and count. */
const HEAD = 8

export function writePackedBytes(e: Encoder, bytes: Uint8Array): void {
  e.expect(HEAD + bytes.length + (-bytes.length & 3))
  e.writeHeader(VariantType.PACKED_BYTE_ARRAY, 0)
  e.writeUint32(bytes.length)
  e.writeBytes(bytes)
  // Relative to the array itself: all before it is a multiple of 4 long.
  e.padTo4(e.length - bytes.length)
}

/** The one padding that may be missing, at the very end of the input; both engines read such bytes. */
export function readPackedBytes(d: Decoder): Uint8Array {
  const length = readLength(d, 1)
  const bytes = new Uint8Array(length)
  bytes.set(d.readView(length))
  d.skipPadding(-length & 3)
  return bytes
}

/** A count of elements of `width` bytes that are all there. */
function readLength(d: Decoder, width: number): number {
  const offset = d.offset
  const count = d.readInt32()
  if (count < 0) fail('VARIANT_BAD_LENGTH', { length: count, offset })
  d.mustHold(count, width)
  return count
}

export function writeNumbers(e: Encoder, type: VariantType, numbers: NumberArray): void {
  e.expect(HEAD + numbers.byteLength)
  e.writeHeader(type, 0)
  e.writeUint32(numbers.length)
  e.writeBytes(wireBytesOf(numbers))
}

export function readInt32s(d: Decoder): Int32Array {
  return fill(d, new Int32Array(readLength(d, 4)))
}

export function readInt64s(d: Decoder): BigInt64Array {
  return fill(d, new BigInt64Array(readLength(d, 8)))
}

export function readFloat32s(d: Decoder): Float32Array {
  return fill(d, new Float32Array(readLength(d, 4)))
}

export function readFloat64s(d: Decoder): Float64Array {
  return fill(d, new Float64Array(readLength(d, 8)))
}

function fill<A extends NumberArray>(d: Decoder, array: A): A {
  fillFromWire(array, d.readView(array.byteLength))
  return array
}

export function writePackedStrings(e: Encoder, strings: PackedStringArray): void {
  e.writeHeader(VariantType.PACKED_STRING_ARRAY, 0)
  e.writeUint32(strings.items.length)
  e.charge(strings.items.length)
  for (const text of strings.items) {
    if (typeof text !== 'string') {
      fail('VARIANT_UNSUPPORTED', { what: `a ${typeof text} in a PackedStringArray` })
    }
    writeText(e, text, true)
  }
}

/** The engines take a negative count for an empty array. */
export function readPackedStrings(d: Decoder): PackedStringArray {
  const count = Math.max(0, d.readInt32())
  d.mustHold(count, 4)
  d.charge(count)
  const items: string[] = []
  let i = 0
  try {
    for (; i < count; i++) items.push(readText(d))
  } catch (thrown) {
    failAt(thrown, { index: i })
  }
  return new PackedStringArray(items)
}

/** The release that brought PackedVector4Array (minor version). */
const PACKED_VECTOR4 = 3

type FlatClass = PackedVector2Array | PackedVector3Array | PackedVector4Array | PackedColorArray

/** Components per element. */
const WIDTHS: Partial<Record<VariantType, number>> = {
  [VariantType.PACKED_VECTOR2_ARRAY]: 2,
  [VariantType.PACKED_VECTOR3_ARRAY]: 3,
  [VariantType.PACKED_VECTOR4_ARRAY]: 4,
  [VariantType.PACKED_COLOR_ARRAY]: 4,
}

export function writeFlat(e: Encoder, type: VariantType, array: FlatClass): void {
  const width = WIDTHS[type]!
  const { data } = array
  if (data.length % width !== 0) {
    fail('VARIANT_OUT_OF_RANGE', {
      what: `The length of data of a ${VARIANT_TYPE_NAMES[type]}`,
      value: data.length,
      expected: `a multiple of ${width}`,
    })
  }
  if (type === VariantType.PACKED_VECTOR4_ARRAY && e.minor < PACKED_VECTOR4) e.refuse(typeName(type))
  const wide = e.wide && type !== VariantType.PACKED_COLOR_ARRAY
  e.expect(HEAD + data.length * (wide ? 8 : 4))
  e.writeHeader(type, wide ? FLAG_64 : 0)
  e.writeUint32(data.length / width)
  e.writeBytes(wireBytesOf(inSize(data, wide)))
}

function inSize(data: FlatNumbers, wide: boolean): FlatNumbers {
  if (wide) return data instanceof Float64Array ? data : new Float64Array(data)
  return data instanceof Float32Array ? data : new Float32Array(data)
}

export function readFlat(d: Decoder, header: number, type: VariantType): FlatClass {
  const width = WIDTHS[type]!
  const wide = (header & FLAG_64) !== 0 && type !== VariantType.PACKED_COLOR_ARRAY && d.dialect.hasWideComponents
  const count = readLength(d, width * (wide ? 8 : 4))
  const data = fill(d, wide ? new Float64Array(count * width) : new Float32Array(count * width))
  switch (type) {
    case VariantType.PACKED_VECTOR2_ARRAY:
      return new PackedVector2Array(data)
    case VariantType.PACKED_VECTOR3_ARRAY:
      return new PackedVector3Array(data)
    case VariantType.PACKED_VECTOR4_ARRAY:
      return new PackedVector4Array(data)
    default:
      return new PackedColorArray(data as Float32Array)
  }
}
