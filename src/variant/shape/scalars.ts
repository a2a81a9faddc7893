/** bool, int, float, String. */
import type { Decoder } from '../decoder.js'
import type { Encoder } from '../encoder.js'
import { isGodotFloat } from '../narrow.js'
import { GodotFloat } from '../values/index.js'
import { VariantType, type WireType } from '../variant-type.js'
import {
  BOOL,
  type Bounds,
  boundsText,
  Coder,
  FLOAT,
  hasRange,
  INT,
  type Kind,
  LIMITED_FLOAT,
  LIMITED_INT,
  LIMITED_STRING,
  rangeText,
  STRING,
  UNBOUNDED,
} from './coder.js'
import { checkSize, refuseNext, refuseRange, refuseValue } from './refuse.js'

/** Whether a value of this type comes next. */
export function isNext(d: Decoder, type: WireType): boolean {
  return d.left >= 4 && d.peekType() === type
}

export class BoolCoder extends Coder {
  override readonly form = 'bool'
  override readonly kind = BOOL
  readonly what = 'bool'
  override readonly elementType = VariantType.BOOL
  override readonly isKey = true

  write(e: Encoder, value: unknown, depth: number): void {
    if (typeof value !== 'boolean') refuseValue(value, this)
    e.writeValue(value, depth)
  }

  read(d: Decoder, depth: number): unknown {
    return isNext(d, VariantType.BOOL) ? d.readValue(depth) : refuseNext(d, this, depth)
  }
}

/** An int that a number holds: up to 2^53 - 1. */
export class IntCoder extends Coder {
  override readonly form = 'int'
  override readonly kind: Kind
  readonly what: string
  override readonly elementType = VariantType.INT
  override readonly isKey = true

  constructor(
    override readonly min: number = Number.NEGATIVE_INFINITY,
    override readonly max: number = Number.POSITIVE_INFINITY,
  ) {
    super()
    this.kind = hasRange(this) ? LIMITED_INT : INT
    this.what = `int${rangeText(min, max)}`
  }

  override between(min: number | bigint, max: number | bigint): Coder {
    return new IntCoder(Number(min), Number(max))
  }

  write(e: Encoder, value: unknown, depth: number): void {
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) refuseValue(value, this)
    if (value < this.min || value > this.max) refuseRange(value, this)
    // -0 is the int 0 here, whichever sign arithmetic gave it.
    e.writeValue(value + 0, depth)
  }

  read(d: Decoder, depth: number): unknown {
    if (!isNext(d, VariantType.INT)) refuseNext(d, this, depth)
    const { offset } = d
    const value = d.readValue(depth)
    if (typeof value !== 'number') refuseRange(value, SAFE_INT, offset)
    if (value < this.min || value > this.max) refuseRange(value, this, offset)
    return value
  }
}

/** What is said of an int that no number holds. */
const SAFE_INT = { what: 'int within 2^53 (int64 takes more)' } as Coder

/** An int of 64 bits. */
export class Int64Coder extends Coder {
  override readonly form = 'int64'
  readonly what: string
  override readonly elementType = VariantType.INT
  override readonly isKey = true

  constructor(
    readonly least = -(2n ** 63n),
    readonly most = 2n ** 63n - 1n,
  ) {
    super()
    const isAll = least === -(2n ** 63n) && most === 2n ** 63n - 1n
    this.what = isAll ? 'int of 64 bits' : `int${rangeText(least, most)}`
  }

  override between(min: number | bigint, max: number | bigint): Coder {
    return new Int64Coder(BigInt(min), BigInt(max))
  }

  write(e: Encoder, value: unknown, depth: number): void {
    const isWhole = typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value))
    if (!isWhole) refuseValue(value, this)
    const whole = BigInt(value as bigint | number)
    if (whole < this.least || whole > this.most) refuseRange(whole, this)
    e.writeValue(whole, depth)
  }

  read(d: Decoder, depth: number): unknown {
    if (!isNext(d, VariantType.INT)) refuseNext(d, this, depth)
    const { offset } = d
    const value = BigInt(d.readValue(depth) as bigint | number)
    if (value < this.least || value > this.most) refuseRange(value, this, offset)
    return value
  }
}

abstract class RangedCoder extends Coder {
  constructor(
    override readonly min: number = Number.NEGATIVE_INFINITY,
    override readonly max: number = Number.POSITIVE_INFINITY,
  ) {
    super()
  }

  /** A NaN lies in no range, and is allowed where there is none. */
  protected check(value: number, offset?: number): void {
    if (hasRange(this) && !(value >= this.min && value <= this.max)) refuseRange(value, this, offset)
  }
}

/** A float, which every number is here: 5 is written as 5.0. */
export class FloatCoder extends RangedCoder {
  override readonly form = 'float'
  override readonly kind: Kind = hasRange(this) ? LIMITED_FLOAT : FLOAT
  readonly what = `float${rangeText(this.min, this.max)}`
  override readonly elementType = VariantType.FLOAT

  override between(min: number | bigint, max: number | bigint): Coder {
    return new FloatCoder(Number(min), Number(max))
  }

  write(e: Encoder, value: unknown, depth: number): void {
    const float = typeof value === 'number' ? new GodotFloat(value) : value
    if (!isGodotFloat(float)) refuseValue(value, this)
    this.check(float.value)
    e.writeValue(float, depth)
  }

  read(d: Decoder, depth: number): unknown {
    if (!isNext(d, VariantType.FLOAT)) refuseNext(d, this, depth)
    const { offset } = d
    const value = d.readValue(depth) as number
    this.check(value, offset)
    return value
  }
}

/** An int or a float, as `varToBytes` tells them apart. */
export class NumberCoder extends RangedCoder {
  override readonly form = 'number'
  readonly what = `int or float${rangeText(this.min, this.max)}`

  override between(min: number | bigint, max: number | bigint): Coder {
    return new NumberCoder(Number(min), Number(max))
  }

  write(e: Encoder, value: unknown, depth: number): void {
    if (typeof value !== 'number' && !isGodotFloat(value)) refuseValue(value, this)
    this.check(Number(value))
    e.writeValue(value, depth)
  }

  read(d: Decoder, depth: number): unknown {
    if (!isNext(d, VariantType.INT) && !isNext(d, VariantType.FLOAT)) refuseNext(d, this, depth)
    const { offset } = d
    const value = d.readValue(depth)
    if (typeof value !== 'number') refuseRange(value, SAFE_INT, offset)
    this.check(value, offset)
    return value
  }
}

/** The most bytes that a character of a text takes, of those that JavaScript counts. */
export const WIDEST = 3

export class StringCoder extends Coder {
  override readonly form = 'string'
  override readonly kind: Kind
  readonly what: string
  override readonly elementType = VariantType.STRING
  override readonly isKey = true

  constructor(override readonly bounds: Bounds = UNBOUNDED) {
    super()
    this.kind = bounds === UNBOUNDED ? STRING : LIMITED_STRING
    this.what = `String${boundsText(bounds, 'characters')}`
  }

  override sized(bounds: Bounds): Coder {
    return new StringCoder(bounds)
  }

  write(e: Encoder, value: unknown, depth: number): void {
    if (typeof value !== 'string') refuseValue(value, this)
    checkSize(value.length, this.bounds, this)
    e.writeValue(value, depth)
  }

  read(d: Decoder, depth: number): unknown {
    if (!isNext(d, VariantType.STRING)) refuseNext(d, this, depth)
    const { offset } = d
    // What cannot fit, however short its text is, need not be read.
    const isLong = d.left >= 8 && d.view.getInt32(offset + 4, true) > this.bounds.max * WIDEST + WIDEST
    if (isLong) checkSize(d.view.getInt32(offset + 4, true), this.bounds, this, offset)
    const text = d.readElement(depth) as string
    checkSize(text.length, this.bounds, this, offset)
    return text
  }
}
