/** Fields around other fields. */
import type { Decoder } from '../decoder.js'
import type { Encoder } from '../encoder.js'
import { OBJECT_AS_ID } from '../types/header.js'
import { VariantType } from '../variant-type.js'
import { Coder } from './coder.js'
import { shown } from './literal.js'
import { misfit } from './misfit.js'
import { refuseValue } from './refuse.js'
import { isNext } from './scalars.js'

/** Any value that Godot can send. */
export class VariantCoder extends Coder {
  readonly what = 'any value'

  write(e: Encoder, value: unknown, depth: number): void {
    if (value === undefined) refuseValue(value, this)
    e.writeValue(value, depth)
  }

  read(d: Decoder, depth: number): unknown {
    return d.readValue(depth)
  }
}

/** Null or a value of another field. */
export class NullableCoder extends Coder {
  override readonly form = 'nullable'
  constructor(readonly inner: Coder) {
    super()
  }

  // Not before it is asked for: the field inside may be a lazy one, which is not there yet.
  get what(): string {
    return `${this.inner.what} or null`
  }

  override between(min: number | bigint, max: number | bigint): Coder | undefined {
    return around(this.inner.between(min, max))
  }

  override sized(bounds: Coder['bounds']): Coder | undefined {
    return around(this.inner.sized(bounds))
  }

  write(e: Encoder, value: unknown, depth: number): void {
    if (value === null) e.writeValue(null, depth)
    else if (value === undefined) refuseValue(value, this)
    else this.inner.write(e, value, depth)
  }

  read(d: Decoder, depth: number): unknown {
    return isNullNext(d) ? d.readValue(depth) : this.inner.read(d, depth)
  }
}

function around(inner: Coder | undefined): Coder | undefined {
  return inner && new NullableCoder(inner)
}

/** Null, or an Object that is none. */
function isNullNext(d: Decoder): boolean {
  if (isNext(d, VariantType.NIL)) return true
  if (!isNext(d, VariantType.OBJECT) || d.left < 12) return false
  const { view, offset } = d
  return (view.getInt32(offset, true) & OBJECT_AS_ID) !== 0 && view.getBigInt64(offset + 4, true) === 0n
}

/** A field that is known when it is first used: for shapes that contain themselves. */
export class LazyCoder extends Coder {
  #inner: Coder | undefined

  constructor(readonly find: () => Coder) {
    super()
  }

  get what(): string {
    return this.inner.what
  }

  get inner(): Coder {
    this.#inner ??= this.find()
    return this.#inner
  }

  write(e: Encoder, value: unknown, depth: number): void {
    this.inner.write(e, value, depth)
  }

  read(d: Decoder, depth: number): unknown {
    return this.inner.read(d, depth)
  }
}

/** A field with a test of the program's own. */
export class RefinedCoder extends Coder {
  override readonly form = 'refined'
  override readonly elementType: Coder['elementType']
  override readonly isKey: boolean

  constructor(
    readonly inner: Coder,
    readonly test: (value: never) => boolean,
    readonly expected: string | undefined,
  ) {
    super()
    this.elementType = inner.elementType
    this.isKey = inner.isKey
  }

  get what(): string {
    return this.expected ?? `${this.inner.what} that passes its test`
  }

  override between(min: number | bigint, max: number | bigint): Coder | undefined {
    return this.#around(this.inner.between(min, max))
  }

  override sized(bounds: Coder['bounds']): Coder | undefined {
    return this.#around(this.inner.sized(bounds))
  }

  #around(inner: Coder | undefined): Coder | undefined {
    return inner && new RefinedCoder(inner, this.test, this.expected)
  }

  write(e: Encoder, value: unknown, depth: number): void {
    // In this order the test is only asked about values of its type.
    this.inner.write(e, value, depth)
    this.#check(value)
  }

  read(d: Decoder, depth: number): unknown {
    const { offset } = d
    const value = this.inner.read(d, depth)
    this.#check(value, offset)
    return value
  }

  #check(value: unknown, offset?: number): void {
    if (this.test(value as never)) return
    const where = offset === undefined ? {} : { offset }
    misfit('VARIANT_SHAPE_VALUE', { expected: this.what, value: shown(value), ...where })
  }
}
