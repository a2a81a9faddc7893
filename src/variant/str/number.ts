/** Numbers as the engines print and read them. */
import type { TextDialect } from './dialect.js'
import { grisu2 } from './grisu.js'

/** A float of 64 bits: `1.0`, `0.1`, `1e+20`, `inf`, `nan`. */
export function floatText(value: number, dialect: TextDialect): string {
  const text = realText(value, dialect, false)
  if (text === 'inf' || text === 'inf_neg' || text === 'nan') return text
  return /[.e]/.test(text) ? text : `${text}.0`
}

/** A component: what `floatText` says, without the mark of a float. */
export function componentText(value: number, dialect: TextDialect): string {
  return realText(value, dialect, true)
}

function realText(value: number, dialect: TextDialect, component: boolean): string {
  // Godot 3's own floats go through a float32 on their way to a text.
  const x = component || dialect.version === 3 ? Math.fround(value) : value
  // -0 as well: a change of sign of nothing would be a change in a version control system.
  if (x === 0) return '0'
  if (Number.isNaN(x)) return 'nan'
  if (!Number.isFinite(x)) return x > 0 ? 'inf' : dialect.minusInfinity
  const digits = dialect.version === 3 ? sixDigits(Math.abs(x)) : shortest(Math.abs(x))
  return x < 0 ? `-${digits}` : digits
}

/** Beyond so many digits before the point, and so many zeros behind it, Godot 4 writes an exponent. */
const MOST_WHOLE = 15
const MOST_ZEROS = 3

/** In so few digits as tell it from its neighbours: from other float32s where it is one, whatever it was meant to be. */
function shortest(x: number): string {
  const single = Math.fround(x) === x
  // Whole numbers that have neighbours less than 1 away are their own digits, and games have many of them.
  if (Number.isInteger(x) && x < (single ? 2 ** 24 : 1e15)) return String(x)
  const { digits, point } = grisu2(x, single)
  if (point > MOST_WHOLE || point < -MOST_ZEROS) return withExponent(digits, point - 1)
  if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`
  if (digits.length <= point) return digits.padEnd(point, '0')
  return `${digits.slice(0, point)}.${digits.slice(point)}`
}

function withExponent(digits: string, exponent: number): string {
  const fraction = digits.slice(1)
  const mantissa = fraction === '' ? digits : `${digits[0]}.${fraction}`
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

/** C's `%lg`: six digits, an exponent below 1e-4 and from 1e6 on. */
function sixDigits(x: number): string {
  const [mantissa = '', exponentText = '0'] = roundedToSix(x).split('e')
  const digits = mantissa.replace('.', '').replace(/0+$/, '')
  const exponent = Number(exponentText)
  if (exponent < -4 || exponent >= 6) return withExponent(digits, exponent)
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`
  if (digits.length <= exponent + 1) return digits.padEnd(exponent + 1, '0')
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`
}

/** C rounds what lies in the middle to the even digit, JavaScript upwards. */
function roundedToSix(x: number): string {
  const text = x.toExponential(5)
  // All digits that a float32 in the middle of two such texts can have.
  const [all = '', exponent] = x.toExponential(60).split('e')
  const digits = all.replace('.', '')
  if (!/^\d{6}50*$/.test(digits) || Number(digits[5]) % 2 === 1) return text
  return `${all.slice(0, 7)}e${exponent}`
}

const POWERS = [1e1, 1e2, 1e4, 1e8, 1e16, 1e32, 1e64, 1e128, 1e256]
const LARGEST_EXPONENT = 511
const MOST_DIGITS = 18

/**
 * `String.to_float()`: digits as two whole numbers, times or by a power of ten that is made of squares (the way of Tcl's
 * strtod, in core/string/ustring.cpp). The last bit is not always the nearest one, and denormals are lost: the engine's
 * answer, not the best one.
 *
 * @param text digits with at most one point, then perhaps `e`, a sign and digits
 */
export function floatOf(text: string): number {
  const [, sign, mantissa = '', , exponentText] = /^(-?)([\d.]*)(?:([eE])([+-]?\d+)?)?/.exec(text)!
  const point = mantissa.indexOf('.')
  const digits = mantissa.replace('.', '')
  const kept = digits.slice(0, MOST_DIGITS)
  const first = kept.slice(0, Math.max(0, kept.length - 9))
  const fraction = 1e9 * Number(first) + Number(kept.slice(first.length))
  // An "e" without a number behind it makes the engine forget the point as well.
  const forgetsPoint = exponentText === undefined && /[eE]/.test(text)
  const scale = (point < 0 ? digits.length : point) - kept.length + exponentOf(exponentText ?? '')
  const scaled = forgetsPoint ? fraction : scaledBy(fraction, scale)
  return sign === '-' ? -scaled : scaled
}

/** In 32 bits, which it may leave and come round again. */
function exponentOf(text: string): number {
  let exponent = 0
  for (const digit of text.replace(/^[+-]/, '')) exponent = (Math.imul(exponent, 10) + Number(digit)) | 0
  return text.startsWith('-') ? -exponent : exponent
}

function scaledBy(fraction: number, scale: number): number {
  let exponent = Math.min(Math.abs(scale), LARGEST_EXPONENT)
  let factor = 1
  for (const power of POWERS) {
    if (exponent & 1) factor *= power
    exponent >>= 1
  }
  return scale < 0 ? fraction / factor : fraction * factor
}

const LARGEST = 0x7fffffffffffffffn

/** `String.to_int()`: too long a number is the largest or smallest int, and one just too large wraps around. */
export function intOf(text: string): number | bigint {
  const negative = text.startsWith('-')
  const digits = negative ? text.slice(1) : text
  if (digits.length <= MOST_EXACT) return negative ? 0 - Number(digits) : Number(digits)
  let value = 0n
  for (const digit of digits) {
    if (value > LARGEST / 10n) return negative ? -LARGEST - 1n : LARGEST
    value = BigInt.asIntN(64, value * 10n + BigInt(digit))
  }
  return plain(negative ? BigInt.asIntN(64, -value) : value)
}

/** So many digits are a safe integer. */
const MOST_EXACT = 15

/** An int in the form in which decoding gives it. */
export function plain(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
}
