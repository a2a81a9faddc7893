import { ByteWriter, type NumberArray } from '../bytes/index.js'
import type { Dialect } from './dialect.js'
import { fail } from './fault.js'
import { KeyBook } from './key-book.js'
import { NEWEST_MINOR, type ResolvedEncodeOptions } from './options.js'
import { writeArray, writeCountedObject, writeDictionary, writePlainObject } from './types/container.js'
import { writeImage, writeInputEvent } from './types/godot2.js'
import { writeCallable, writeObject, writeRID, writeSignal } from './types/handle.js'
import { writeInts, writeReals, writeVector3 } from './types/math.js'
import { writeFlat, writeNumbers, writePackedBytes, writePackedStrings } from './types/packed.js'
import { writeBigInt, writeBool, writeGodotFloat, writeNil, writeNumber } from './types/scalar.js'
import { writeNodePath, writeString, writeStringName } from './types/text.js'
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

/** A value that contains itself is found this deep or a little deeper; what is less deep pays nothing for the search. */
const SHALLOW = 8

/** Larger memory is not kept: one large value must not hold its memory for ever. */
const LARGEST_KEPT = 256 * 1024

/** One pass from a value to bytes, and then another: its memory is worth more than the pass over a small value. */
export class Encoder extends ByteWriter {
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
  private maxDepth = 0
  private elementsLeft = 0
  private maxElements = 0
  readonly #keys = new KeyBook()
  /** The containers that are being written, from level SHALLOW on. */
  private readonly ancestors: object[] = []

  /** Forgets what was written, and goes by these options from now on. */
  begin(options: ResolvedEncodeOptions): this {
    this.reset()
    const { dialect } = options
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
    this.elementsLeft = options.maxElements
    if (this.ancestors.length > 0) this.ancestors.length = 0
    return this
  }

  protected override overflow(): never {
    return fail('VARIANT_TOO_LARGE', { maxBytes: this.limit, offset: this.length })
  }

  /** What was written, for the caller to keep. */
  finish(): Uint8Array {
    this.#checkLimit()
    return this.takeBytes(LARGEST_KEPT)
  }

  /** What was written, until the next value is. */
  finishView(): Uint8Array {
    this.#checkLimit()
    return this.viewBytes()
  }

  /** The limit holds for what was written, to the byte. */
  #checkLimit(): void {
    if (this.length > this.limit) this.overflow()
    if (this.ancestors.length > 0) this.ancestors.length = 0
  }

  /** Called by each container with the number of its elements, before they are written. */
  enter(container: object, count: number, depth: number): void {
    this.charge(count)
    if (depth < SHALLOW) return
    this.ancestors.length = depth - SHALLOW
    if (this.ancestors.includes(container)) fail('VARIANT_CYCLE')
    this.ancestors.push(container)
  }

  /** Whether elements need not be counted before they are written. */
  get isUnlimited(): boolean {
    return this.maxElements === Number.MAX_SAFE_INTEGER
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

  /** Whether values may lie inside a container at this depth. */
  hasLevelBelow(depth: number): boolean {
    return depth < this.maxDepth
  }

  writeValue(value: unknown, depth: number): void {
    if (depth > this.maxDepth) fail('VARIANT_TOO_DEEP', { maxDepth: this.maxDepth, offset: this.length })
    if (typeof value === 'number') writeNumber(this, value)
    else if (typeof value === 'string') writeString(this, value)
    else if (typeof value === 'object' && value !== null) {
      // By what is met most; each of these questions is answered by a few instructions.
      if (value instanceof Vector3) writeVector3(this, value)
      else if (Array.isArray(value)) writeArray(this, value, depth)
      else if (value instanceof GodotFloat) writeGodotFloat(this, value)
      else if (value instanceof Dictionary) writeDictionary(this, value, depth)
      else this.writeObject(value, depth)
    } else if (typeof value === 'boolean') writeBool(this, value)
    else this.writeRest(value)
  }

  private writeRest(value: unknown): void {
    if (value === null || value === undefined) writeNil(this)
    else if (typeof value === 'bigint') writeBigInt(this, value)
    else fail('VARIANT_UNSUPPORTED', { what: `a ${typeof value}` })
  }

  /** The String of a key: of one that was written before the bytes are at hand. */
  writeKey(text: string): void {
    const known = this.#keys.find(text)
    if (known === undefined) writeString(this, text)
    else this.writeKnown(known)
  }

  writeKnown(known: KnownText): void {
    const { size } = known
    // More room than is needed: three numbers are written whatever the size, and the next value goes over the rest.
    const at = this.reserve(size + 24, size)
    const { view } = this
    view.setFloat64(at, known.head, true)
    view.setFloat64(at + 8, known.low, true)
    view.setFloat64(at + 16, known.high, true)
    if (size > 24) for (let i = 24; i < size; i += 4) view.setInt32(at + i, known.words[i >> 2]!, true)
    this.length = at + size
  }

  private writeObject(value: object, depth: number): void {
    const prototype = Object.getPrototypeOf(value)
    if (prototype === Object.prototype || prototype === null || prototype === NOTHING) {
      return writePlainObject(this, value as Record<string, unknown>, depth)
    }
    const type = brandOf(value)
    if (type !== undefined) return this.#writeBranded(value as GodotValue, type, depth)
    if (ArrayBuffer.isView(value)) return this.#writeView(value)
    // By way of a Dictionary: a Map may hold two keys that are one key in Godot.
    if (value instanceof Map) return writeDictionary(this, new Dictionary(value), depth, value)
    if (isPlain(value)) return writeCountedObject(this, value as Record<string, unknown>, depth)
    fail('VARIANT_UNSUPPORTED', {
      what: `a ${value.constructor?.name ?? 'value'}`,
      hint: 'pass a plain object, a Dictionary or one of the value classes',
    })
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

  #writeBranded(value: GodotValue, type: WireType, depth: number): void {
    // The brand says which class it is, also when the class comes from another copy of the package.
    const v = value as never
    switch (type) {
      case VariantType.FLOAT:
        return writeGodotFloat(this, v)
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
        return writeDictionary(this, v, depth)
      case VariantType.ARRAY:
        return writeArray(this, v, depth)
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
