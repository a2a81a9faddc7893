/** The fields that are named by a class: Godot's value classes and JavaScript's typed arrays. */
import type { Decoder } from '../decoder.js'
import type { Encoder } from '../encoder.js'
import { typeOf } from '../narrow.js'
import { Brand, type Branded, type FlatNumbers, GodotObject } from '../values/index.js'
import {
  type ContainerType,
  Godot2Type,
  VariantType as T,
  typeName,
  type VariantType,
  type WireType,
} from '../variant-type.js'
import { type Bounds, boundsText, Coder, hasRange, type Kind, OTHER, rangeText, UNBOUNDED, VECTOR3 } from './coder.js'
import { misfit } from './misfit.js'
import { checkSize, refuseNext, refuseRange, refuseValue } from './refuse.js'
import { isNext } from './scalars.js'

/** Vectors and the like, which are made of numbers alone; packed arrays of numbers are, too. */
function hasNumbers(type: WireType): boolean {
  if (type >= T.PACKED_BYTE_ARRAY && type <= T.PACKED_VECTOR4_ARRAY) return type !== T.PACKED_STRING_ARRAY
  return type >= T.VECTOR2 && type <= T.COLOR
}

function hasSize(type: WireType): boolean {
  return type === T.STRING_NAME || (type >= T.PACKED_BYTE_ARRAY && type <= T.PACKED_VECTOR4_ARRAY)
}

/** Integers, texts and what is made of them: floats are no safe keys. */
const KEYS: readonly WireType[] = [T.VECTOR2I, T.RECT2I, T.VECTOR3I, T.VECTOR4I, T.STRING_NAME, T.NODE_PATH]

/** The values of one class, as the codec writes and reads them. */
export class ClassCoder extends Coder {
  override readonly form = 'class'
  override readonly kind: Kind
  readonly what: string
  override readonly elementType: ContainerType | undefined
  override readonly isKey: boolean

  constructor(
    readonly type: WireType,
    override readonly min = Number.NEGATIVE_INFINITY,
    override readonly max = Number.POSITIVE_INFINITY,
    override readonly bounds: Bounds = UNBOUNDED,
  ) {
    super()
    this.kind = type === T.VECTOR3 && !hasRange(this) ? VECTOR3 : OTHER
    this.elementType = type === Godot2Type.IMAGE || type === Godot2Type.INPUT_EVENT ? undefined : type
    this.isKey = KEYS.includes(type)
    const unit = type === T.STRING_NAME ? 'characters' : 'elements'
    this.what = typeName(type) + boundsText(bounds, unit) + rangeText(min, max)
  }

  override between(min: number | bigint, max: number | bigint): Coder | undefined {
    return hasNumbers(this.type) ? new ClassCoder(this.type, Number(min), Number(max), this.bounds) : undefined
  }

  override sized(bounds: Bounds): Coder | undefined {
    return hasSize(this.type) ? new ClassCoder(this.type, this.min, this.max, bounds) : undefined
  }

  write(e: Encoder, value: unknown, depth: number): void {
    if (wireTypeOf(value) !== this.type) refuseValue(value, this)
    this.#check(value)
    e.writeValue(value, depth)
  }

  read(d: Decoder, depth: number): unknown {
    if (!isNext(d, this.type)) refuseNext(d, this, depth)
    const { offset } = d
    if (this.bounds !== UNBOUNDED) this.#checkCount(d)
    const value = d.readValue(depth)
    this.#check(value, offset)
    return value
  }

  /** What is too long need not be read, let alone made an array of. */
  #checkCount(d: Decoder): void {
    if (this.type === T.STRING_NAME || d.left < 8) return
    const count = d.view.getInt32(d.offset + 4, true)
    if (count > 0) checkSize(count, this.bounds, this, d.offset)
  }

  #check(value: unknown, offset?: number): void {
    if (this.bounds !== UNBOUNDED) checkSize(sizeOf(value), this.bounds, this, offset)
    if (!hasRange(this)) return
    const number = firstOutside(value, this.min, this.max)
    if (number !== undefined) refuseRange(number, this, offset)
  }
}

/** Its type, also where only Godot 2 has it. */
function wireTypeOf(value: unknown): WireType | undefined {
  const type = typeOf(value)
  if (type !== undefined || typeof value !== 'object') return type
  return (value as Branded)[Brand.TYPE]
}

function sizeOf(value: unknown): number {
  return (value as { length?: number; text?: string }).length ?? (value as { text: string }).text.length
}

/** A number among the components of a value that is not from `min` to `max`; a NaN never is. */
function firstOutside(value: unknown, min: number, max: number): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value >= min && value <= max ? undefined : value
  if (typeof value !== 'object' || value === null) return undefined
  for (const part of partsOf(value)) {
    const found = firstOutside(part, min, max)
    if (found !== undefined) return found
  }
  return undefined
}

function partsOf(value: object): Iterable<unknown> {
  if (ArrayBuffer.isView(value)) return value as Uint8Array
  // The packed arrays of vectors hold their numbers in one array.
  return (value as { data?: FlatNumbers }).data ?? Object.values(value)
}

/** An Object of which the id comes. Null, which an id of 0 is, is for `nullable`. */
export class ObjectIdCoder extends Coder {
  readonly what = 'Object'
  override readonly elementType = { className: 'EncodedObjectAsID' }

  write(e: Encoder, value: unknown, depth: number): void {
    if (typeOf(value) !== T.OBJECT || !('objectId' in (value as object))) refuseValue(value, this)
    e.writeValue(value, depth)
  }

  read(d: Decoder, depth: number): unknown {
    if (!isNext(d, T.OBJECT)) refuseNext(d, this, depth)
    const { offset } = d
    return d.readValue(depth) ?? misfit('VARIANT_SHAPE_TYPE', { expected: this.what, found: 'null', offset })
  }
}

const VIEWS: ReadonlyMap<unknown, VariantType> = /* @__PURE__ */ new Map<unknown, VariantType>([
  [Uint8Array, T.PACKED_BYTE_ARRAY],
  [Int32Array, T.PACKED_INT32_ARRAY],
  [BigInt64Array, T.PACKED_INT64_ARRAY],
  [Float32Array, T.PACKED_FLOAT32_ARRAY],
  [Float64Array, T.PACKED_FLOAT64_ARRAY],
])

/** These have fields of their own, which say more. */
const NO_FIELDS: readonly WireType[] = [T.FLOAT, T.DICTIONARY, T.ARRAY]

/** The coder for a class; undefined where there is no field for it. */
export function coderOfClass(source: unknown): Coder | undefined {
  if (typeof source !== 'function') return undefined
  const type: WireType | undefined = VIEWS.get(source) ?? source.prototype?.[Brand.TYPE]
  if (type === undefined || NO_FIELDS.includes(type) || source === GodotObject) return undefined
  return type === T.OBJECT ? new ObjectIdCoder() : new ClassCoder(type)
}
