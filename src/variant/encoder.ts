import { ByteWriter, type NumberArray } from '../bytes/index.js'
import type { Dialect } from './dialect.js'
import { fail } from './fault.js'
import { NEWEST_MINOR, type ResolvedEncodeOptions } from './options.js'
import { writeArray, writeDictionary, writeMap, writePlainObject } from './types/container.js'
import { writeImage, writeInputEvent } from './types/godot2.js'
import { writeCallable, writeObject, writeRID, writeSignal } from './types/handle.js'
import { writeInts, writeReals } from './types/math.js'
import { writeFlat, writeNumbers, writePackedBytes, writePackedStrings } from './types/packed.js'
import { writeBigInt, writeBool, writeFloat, writeGodotFloat, writeInt, writeNil } from './types/scalar.js'
import { writeNodePath, writeString, writeStringName } from './types/text.js'
import { brandOf, type GodotValue, isInt, isInt64, isPlain, viewTypeOf } from './values/index.js'
import { Godot2Type, typeName, VariantType, type WireType } from './variant-type.js'

const T = VariantType

/** A value that contains itself is found this deep or a little deeper; what is less deep pays nothing for the search. */
const SHALLOW = 8

/** One pass from a value to bytes, and then another: its memory is worth more than the pass over a small value. */
export class Encoder extends ByteWriter {
  dialect!: Dialect
  wide = false
  objects = false
  /** Room for the numbers of one value of fixed size, so that none is allocated for each. */
  readonly numbers = new Float64Array(16)
  minor = 0
  private maxDepth = 0
  private elementsLeft = 0
  private maxElements = 0
  /** The containers that are being written, from level SHALLOW on. */
  private readonly ancestors: object[] = []

  constructor(options: ResolvedEncodeOptions) {
    super()
    this.begin(options)
  }

  /** Forgets what was written, and goes by these options from now on. */
  begin(options: ResolvedEncodeOptions): this {
    this.reset()
    this.dialect = options.dialect
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

  /** All that was written, which the limit holds for exactly. */
  finish(): Uint8Array {
    if (this.length > this.limit) this.overflow()
    if (this.ancestors.length > 0) this.ancestors.length = 0
    return this.toBytes()
  }

  /** Called by each container with the number of its elements, before they are written. */
  enter(container: object, count: number, depth: number): void {
    this.charge(count)
    if (depth < SHALLOW) return
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
    if (depth > this.maxDepth) fail('VARIANT_TOO_DEEP', { maxDepth: this.maxDepth, offset: this.length })
    switch (typeof value) {
      case 'string':
        return writeString(this, value)
      case 'number':
        return isInt(value) ? writeInt(this, value) : writeFloat(this, value)
      case 'boolean':
        return writeBool(this, value)
      case 'bigint':
        if (!isInt64(value)) {
          fail('VARIANT_OUT_OF_RANGE', { what: 'An int', value, expected: 'within 64 bits, signed' })
        }
        return writeBigInt(this, value)
      case 'undefined':
        return writeNil(this)
      case 'object':
        return value === null ? writeNil(this) : this.#writeObject(value, depth)
      default:
        fail('VARIANT_UNSUPPORTED', { what: `a ${typeof value}` })
    }
  }

  #writeObject(value: object, depth: number): void {
    const type = brandOf(value)
    if (type !== undefined) return this.#writeBranded(value as GodotValue, type, depth)
    if (Array.isArray(value)) return writeArray(this, value, depth)
    if (ArrayBuffer.isView(value)) return this.#writeView(value)
    if (value instanceof Map) return writeMap(this, value, depth)
    if (isPlain(value)) return writePlainObject(this, value as Record<string, unknown>, depth)
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
    if (type === T.PACKED_BYTE_ARRAY) writePackedBytes(this, view as Uint8Array)
    else writeNumbers(this, type, view as NumberArray)
  }

  #writeBranded(value: GodotValue, type: WireType, depth: number): void {
    // The brand says which class it is, also when the class comes from another copy of the package.
    const v = value as never
    switch (type) {
      case T.FLOAT:
        return writeGodotFloat(this, v)
      case Godot2Type.IMAGE:
        return writeImage(this, v)
      case Godot2Type.INPUT_EVENT:
        return writeInputEvent(this, v)
      case T.STRING_NAME:
        return writeStringName(this, v)
      case T.NODE_PATH:
        return writeNodePath(this, v)
      case T.VECTOR2I:
      case T.RECT2I:
      case T.VECTOR3I:
      case T.VECTOR4I:
        return writeInts(this, value, type)
      case T.RID:
        return writeRID(this, v)
      case T.OBJECT:
        return writeObject(this, v, depth)
      case T.CALLABLE:
        return writeCallable(this)
      case T.SIGNAL:
        return writeSignal(this, v)
      case T.DICTIONARY:
        return writeDictionary(this, v, depth)
      case T.ARRAY:
        return writeArray(this, v, depth)
      case T.PACKED_STRING_ARRAY:
        return writePackedStrings(this, v)
      case T.PACKED_VECTOR2_ARRAY:
      case T.PACKED_VECTOR3_ARRAY:
      case T.PACKED_VECTOR4_ARRAY:
      case T.PACKED_COLOR_ARRAY:
        return writeFlat(this, type, v)
      default:
        return writeReals(this, value, type)
    }
  }
}
