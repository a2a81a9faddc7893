/** What compiled shapes call for values that are not as common as those that they write and read themselves. */
import type { Decoder } from '../decoder.js'
import type { Encoder } from '../encoder.js'
import type { Coder } from '../shape/coder.js'
import type { ShapeCoder } from '../shape/shape-coder.js'
import type { RefinedCoder } from '../shape/wrap.js'
import type { TextPlace } from '../text-place.js'
import { FLAG_64 } from '../types/header.js'
import { putNumber, readInt } from '../types/scalar.js'
import { readString } from '../types/text.js'
import { VariantType } from '../variant-type.js'

const WIDE_INT = VariantType.INT | FLAG_64

/** An int as a number; -1 for what is none. There is room for 12 bytes. */
export function putWhole(e: Encoder, at: number, value: unknown): number {
  // -0 is the int 0 here.
  return Number.isSafeInteger(value) ? putNumber(e, at, (value as number) + 0) : -1
}

/** An int of 64 bits; -1 for what is none. There is room for 12 bytes. */
export function putInt64(e: Encoder, at: number, value: unknown): number {
  if (typeof value !== 'bigint') return putWhole(e, at, value)
  const { view } = e
  view.setBigInt64(at + 4, value, true)
  const low = view.getInt32(at + 4, true)
  // Both halves of a small one say the same sign.
  if (view.getInt32(at + 8, true) === low >> 31) return value === BigInt(low) ? putNumber(e, at, low) : -1
  if (BigInt.asIntN(64, value) !== value) return -1
  view.setInt32(at, WIDE_INT, true)
  return at + 12
}

/** The int at `at`, with the cursor behind it; undefined for what is none, or none that a number holds. */
export function takeInt(d: Decoder, at: number): number | undefined {
  const value = takeAnyInt(d, at)
  return typeof value === 'number' ? value : undefined
}

/** The int at `at` as a bigint, with the cursor behind it; undefined for what is none. */
export function takeInt64(d: Decoder, at: number): bigint | undefined {
  const value = takeAnyInt(d, at)
  return value === undefined ? undefined : BigInt(value)
}

function takeAnyInt(d: Decoder, at: number): number | bigint | undefined {
  d.offset = at
  const header = d.readInt32()
  return header === VariantType.INT || header === WIDE_INT ? readInt(d, header) : undefined
}

/** The String at `at`, of which the header and the length are there, with the cursor behind it. */
export function takeString(d: Decoder, at: number, place: TextPlace): string {
  const known = d.takeUsualAt(at, place)
  if (known !== undefined) return known.text
  d.offset = at + 4
  return readString(d)
}

/** What a missing field is read as. */
export function fallbackOf(coder: Coder, place: number): unknown {
  return (coder as ShapeCoder).parts[place]!.fallback
}

/** The program's own test of a refined field. */
export function testOf(coder: Coder): (value: never) => boolean {
  return (coder as RefinedCoder).test
}
