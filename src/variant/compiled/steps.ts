/** What compiled shapes call for values that are not as common as those that they write and read themselves. */
import type { Decoder } from '../decoder.js'
import type { Coder } from '../shape/coder.js'
import type { ShapeCoder } from '../shape/shape-coder.js'
import type { RefinedCoder } from '../shape/wrap.js'
import { FLAG_64 } from '../types/header.js'
import { readInt } from '../types/scalar.js'
import { readString } from '../types/text.js'
import { VariantType } from '../variant-type.js'

const WIDE_INT = VariantType.INT | FLAG_64

/** An int that 32 bits do not hold; -1 for what is no int. There is room for 12 bytes. */
export function putWideInt(view: DataView, at: number, value: unknown): number {
  if (!Number.isSafeInteger(value)) return -1
  view.setInt32(at, WIDE_INT, true)
  view.setInt32(at + 4, value as number, true)
  view.setInt32(at + 8, Math.floor((value as number) / 2 ** 32), true)
  return at + 12
}

/** An int of 64 bits; -1 for what is none. There is room for 12 bytes. */
export function putInt64(view: DataView, at: number, value: unknown): number {
  if (typeof value !== 'bigint') return putNumberAsInt(view, at, value as number)
  view.setBigInt64(at + 4, value, true)
  const low = view.getInt32(at + 4, true)
  // Both halves of a small one say the same sign.
  if (view.getInt32(at + 8, true) === low >> 31) return value === BigInt(low) ? putInt(view, at, low) : -1
  if (BigInt.asIntN(64, value) !== value) return -1
  view.setInt32(at, WIDE_INT, true)
  return at + 12
}

function putNumberAsInt(view: DataView, at: number, value: number): number {
  return (value | 0) === value ? putInt(view, at, value) : putWideInt(view, at, value)
}

function putInt(view: DataView, at: number, value: number): number {
  view.setInt32(at, VariantType.INT, true)
  view.setInt32(at + 4, value, true)
  return at + 8
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
export function takeString(d: Decoder, at: number): string {
  const known = d.takeKnownAt(at)
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
