import { type NumberArray, ViewWordWriter, WordWriter } from '../bytes/index.js'
import type { Dialect } from './dialect.js'
import { fail } from './fault.js'
import { KeyBook, type KeyEntry } from './key-book.js'
import { NEWEST_MINOR, type ResolvedEncodeOptions } from './options.js'
import { Room } from './room.js'
import { putArray, putCountedObject, putDictionary, putPlainObject } from './types/container.js'
import { writeImage, writeInputEvent } from './types/godot2.js'
import { writeCallable, writeObject, writeRID, writeSignal } from './types/handle.js'
import { putVector3, writeInts, writeReals } from './types/math.js'
import { writeFlat, writeNumbers, writePackedBytes, writePackedStrings } from './types/packed.js'
import { putBool, putGodotFloat, putNumber, writeBigInt, writeNil } from './types/scalar.js'
import { putString, writeNodePath, writeStringName } from './types/text.js'
import {
  brandOf,
  Dictionary,
  GodotFloat,
  type GodotValue,
  isPlain,
  type KnownText,
  NOTHING,
  Vector3,
  viewTypeOf,
} from './values/index.js'
import { Godot2Type, typeName, VariantType, type WireType } from './variant-type.js'

function refuseClass(value: object): never {
  return fail('VARIANT_UNSUPPORTED', {
    what: `a ${value.constructor?.name ?? 'value'}`,
    hint: 'pass a plain object, a Dictionary or one of the value classes',
  })
}

/** An object of this realm's own, or without a prototype. */
function isBare(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null || prototype === NOTHING
}

const NO_PROPERTIES = {}

/** Whether `for in` shows no more of a plain object than its own properties. */
function areOwnAlone(): boolean {
  for (const _ in NO_PROPERTIES) return false
  return true
}

/** A value that contains itself is found this deep or a little deeper; what is less deep pays nothing for the search. */
const SHALLOW = 8

/** Larger memory is not kept: one large value must not hold its memory for ever. */
const LARGEST_KEPT = 0x40000

const NO_BYTES: Uint8Array<ArrayBuffer> = /* @__PURE__ */ new Uint8Array(0)

/** One pass from a value to bytes, and then another: its memory is worth more than the pass over a small value. */
export class Encoder extends WordWriter {
  #options: ResolvedEncodeOptions | undefined
  #view = NO_BYTES
  dialect!: Dialect
  wide = false
  objects = false
  /** Room for the numbers of one value of fixed size, so that none is allocated for each. */
  readonly numbers = new Float64Array(16)
  minor = 0
  /** What is asked for each value of these types, at hand. */
  arrayId = 0
  dictionaryId = 0
  vector3Id = 0
  isGodot2 = false
  /** Whether the properties of a plain object need not be counted before they are written, and `for in` shows no others. */
  inOrder = false
  private maxDepth = 0
  /** How many elements its containers may still have. */
  elementsLeft = 0
  private maxElements = 0
  readonly keys = new KeyBook()
  /** The containers that are being written, from level SHALLOW on. */
  private readonly ancestors: object[] = []

  /** Forgets what was written, and goes by these options from now on. */
  begin(options: ResolvedEncodeOptions): this {
    this.reset()
    if (options !== this.#options) this.#goBy(options)
    this.elementsLeft = options.maxElements
    this.inOrder = options.maxElements === Number.MAX_SAFE_INTEGER && areOwnAlone()
    if (this.ancestors.length > 0) this.ancestors.length = 0
    return this
  }

  #goBy(options: ResolvedEncodeOptions): void {
    const { dialect } = options
    this.#options = options
    this.dialect = dialect
    this.arrayId = dialect.idOf[VariantType.ARRAY]!
    this.dictionaryId = dialect.idOf[VariantType.DICTIONARY]!
    this.vector3Id = dialect.idOf[VariantType.VECTOR3]!
    this.isGodot2 = dialect.isGodot2
    this.wide = options.wide
    this.objects = options.objects
    this.minor = options.minor
    this.limit = options.maxBytes
    this.maxDepth = options.maxDepth
    this.maxElements = options.maxElements
  }

  protected override overflow(): never {
    return fail('VARIANT_TOO_LARGE', { maxBytes: this.limit, offset: this.length })
  }

  /** What was written, for the caller to keep. */
  finish(): Uint8Array<ArrayBuffer> {
    this.#checkLimit()
    return this.takeBytes(LARGEST_KEPT)
  }

  /** What was written, until the next value is. Values of one kind are often of one size: they share the view. */
  finishView(): Uint8Array<ArrayBuffer> {
    this.#checkLimit()
    if (this.#view.length !== this.length || this.#view.buffer !== this.bytes.buffer) this.#view = this.viewBytes()
    return this.#view
  }

  /** The limit holds for what was written, to the byte. */
  #checkLimit(): void {
    if (this.length > this.limit) this.overflow()
    if (this.ancestors.length > 0) this.ancestors.length = 0
  }

  /** Called by each container with where it is and the number of its elements, before they are written. */
  enter(at: number, container: object, count: number, depth: number): void {
    this.length = at
    this.charge(count)
    this.watch(container, depth)
  }

  /** What lies deep is looked for among the containers that it lies in. */
  watch(container: object, depth: number): void {
    if (depth >= SHALLOW) this.watchDeep(container, depth)
  }

  private watchDeep(container: object, depth: number): void {
    this.ancestors.length = depth - SHALLOW
    if (this.ancestors.includes(container)) fail('VARIANT_CYCLE')
    this.ancestors.push(container)
  }

  charge(count: number): void {
    this.elementsLeft -= count
    if (this.elementsLeft < 0) fail('VARIANT_TOO_MANY', { maxElements: this.maxElements, offset: this.length })
  }

  refuse(type: string): never {
    const { version } = this.dialect
    return fail('VARIANT_NOT_IN_VERSION', { version: this.minor === NEWEST_MINOR ? version : `4.${this.minor}`, type })
  }

  writeHeader(type: WireType, flags: number): void {
    const id = this.dialect.idOf[type]!
    if (id < 0) this.refuse(typeName(type))
    this.writeUint32((id | flags) >>> 0)
  }

  writeValue(value: unknown, depth: number): void {
    this.makeRoom(this.length, Room.VALUE)
    this.length = this.put(this.length, value, depth)
  }

  /**
   * Writes a value at `at`, where Room.VALUE bytes are free, and answers where it ends. What is written most goes from hand to hand
   * so, with its end in a register; all else is written by way of `length`.
   */
  put(at: number, value: unknown, depth: number): number {
    if (depth > this.maxDepth) this.refuseDepth(at)
    // By what is met most; each of these questions is answered by a few instructions.
    if (typeof value === 'number') return putNumber(this, at, value)
    if (typeof value === 'string') return putString(this, at, value)
    if (value instanceof Vector3) return putVector3(this, at, value)
    if (Array.isArray(value)) return putArray(this, at, value, depth)
    if (value instanceof GodotFloat) return putGodotFloat(this, at, value)
    if (typeof value === 'boolean') return putBool(this, at, value)
    if (isBare(value)) return putPlainObject(this, at, value, depth)
    if (value instanceof Dictionary) return putDictionary(this, at, value, depth)
    return this.putOther(at, value, depth)
  }

  private putOther(at: number, value: unknown, depth: number): number {
    // By way of a Dictionary: a Map may hold two keys that are one key in Godot.
    if (value instanceof Map) return putDictionary(this, at, new Dictionary(value), depth, value)
    this.length = at
    if (typeof value !== 'object' || value === null) this.#writeScalar(value)
    else {
      const type = brandOf(value)
      if (type !== undefined) this.#writeBranded(value as GodotValue, type, depth)
      else if (ArrayBuffer.isView(value)) this.#writeView(value)
      else if (isPlain(value)) return putCountedObject(this, at, value as Record<string, unknown>, depth)
      else refuseClass(value)
    }
    return this.length
  }

  #writeScalar(value: unknown): void {
    if (value === null || value === undefined) writeNil(this)
    else if (typeof value === 'bigint') writeBigInt(this, value)
    else fail('VARIANT_UNSUPPORTED', { what: `a ${typeof value}` })
  }

  private refuseDepth(offset: number): never {
    return fail('VARIANT_TOO_DEEP', { maxDepth: this.maxDepth, offset })
  }

  /** The String of a key: where its entry holds the bytes, they are copied. Room is made for it, and for a value behind it. */
  putEntry(at: number, entry: KeyEntry, text: string): number {
    this.makeRoom(at, Room.ENTRY)
    return entry.size > 0 ? this.putKnown(at, entry) : this.putUnknown(at, text)
  }

  /** The String of a key that is not known; room is made for a value behind it. */
  putUnknown(at: number, text: string): number {
    const end = putString(this, at, text)
    this.makeRoom(end, Room.VALUE)
    return end
  }

  /** Room is made for it. Four words are written whatever the size, and the next value goes over the rest. */
  putKnown(at: number, known: KnownText): number {
    this.setInt32x4(at, VariantType.STRING, known.length, known.low, known.high)
    if (known.size > 16) this.putRestOf(at, known)
    return at + known.size
  }

  private putRestOf(at: number, { words }: KnownText): void {
    for (let i = 4; i < words.length; i++) this.setInt32(at + 4 * i, words[i]!)
  }

  /** Told apart by tag, so that a typed array from another realm or a Node Buffer is what it is. */
  #writeView(view: ArrayBufferView): void {
    const type = viewTypeOf(view)
    if (type === undefined) {
      fail('VARIANT_UNSUPPORTED', {
        what: `a ${(view as Uint8Array)[Symbol.toStringTag] ?? 'DataView'}`,
        hint: 'the packed arrays are Uint8Array, Int32Array, BigInt64Array, Float32Array and Float64Array',
      })
    }
    if (type === VariantType.PACKED_BYTE_ARRAY) writePackedBytes(this, view as Uint8Array)
    else writeNumbers(this, type, view as NumberArray)
  }

  #goTo(end: number): void {
    this.length = end
  }

  #writeBranded(value: GodotValue, type: WireType, depth: number): void {
    // The brand says which class it is, also when the class comes from another copy of the package.
    const v = value as never
    switch (type) {
      case VariantType.FLOAT:
        return this.#goTo(putGodotFloat(this, this.length, v))
      case Godot2Type.IMAGE:
        return writeImage(this, v)
      case Godot2Type.INPUT_EVENT:
        return writeInputEvent(this, v)
      case VariantType.STRING_NAME:
        return writeStringName(this, v)
      case VariantType.NODE_PATH:
        return writeNodePath(this, v)
      case VariantType.VECTOR2I:
      case VariantType.RECT2I:
      case VariantType.VECTOR3I:
      case VariantType.VECTOR4I:
        return writeInts(this, value, type)
      case VariantType.RID:
        return writeRID(this, v)
      case VariantType.OBJECT:
        return writeObject(this, v, depth)
      case VariantType.CALLABLE:
        return writeCallable(this)
      case VariantType.SIGNAL:
        return writeSignal(this, v)
      case VariantType.DICTIONARY:
        return this.#goTo(putDictionary(this, this.length, v, depth))
      case VariantType.ARRAY:
        return this.#goTo(putArray(this, this.length, v, depth))
      case VariantType.PACKED_STRING_ARRAY:
        return writePackedStrings(this, v)
      case VariantType.PACKED_VECTOR2_ARRAY:
      case VariantType.PACKED_VECTOR3_ARRAY:
      case VariantType.PACKED_VECTOR4_ARRAY:
      case VariantType.PACKED_COLOR_ARRAY:
        return writeFlat(this, type, v)
      default:
        return writeReals(this, value, type)
    }
  }
}

/** For Godot 2, whose InputEvents take any number of bytes: what lies behind one begins anywhere. */
class UnalignedEncoder extends Encoder {
  override readonly setInt32 = ViewWordWriter.prototype.setInt32
  override readonly setInt32x2 = ViewWordWriter.prototype.setInt32x2
  override readonly setInt32x4 = ViewWordWriter.prototype.setInt32x4
  override readonly setFloat32 = ViewWordWriter.prototype.setFloat32
  override readonly setFloat32x3 = ViewWordWriter.prototype.setFloat32x3
}

export function newEncoder({ dialect }: ResolvedEncodeOptions): Encoder {
  return dialect.isGodot2 ? new UnalignedEncoder() : new Encoder()
}

/**
 * An encoder that nobody uses. Making one costs more than encoding a small value (bench: encode/handshake). It is taken
 * while it is used, so that a value whose getter encodes another one meanwhile gets its own.
 */
let idle: Encoder | undefined

export function takeEncoder(options: ResolvedEncodeOptions): Encoder {
  if (idle === undefined || options.dialect.isGodot2) return newEncoder(options)
  const encoder = idle
  idle = undefined
  return encoder
}

export function giveEncoder(encoder: Encoder): void {
  if (!encoder.isGodot2) idle = encoder
}
