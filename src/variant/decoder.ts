import { ByteReader } from '../bytes/index.js'
import type { Dialect } from './dialect.js'
import { fail } from './fault.js'
import type { Limits, ResolvedDecodeOptions } from './options.js'
import { readArray, readDictionary, readElement } from './types/container.js'
import { readImage, readInputEvent } from './types/godot2.js'
import { readCallable, readObject, readRID, readSignal } from './types/handle.js'
import { COUNT_MASK } from './types/header.js'
import { readInts, readReals } from './types/math.js'
import {
  readFlat,
  readFloat32s,
  readFloat64s,
  readInt32s,
  readInt64s,
  readPackedBytes,
  readPackedStrings,
} from './types/packed.js'
import { readBool, readFloat, readInt, readNil } from './types/scalar.js'
import { readNodePath, readString, readStringName } from './types/text.js'
import { type ContainerType, Godot2Type, VariantType, WIRE_TYPE_END, type WireType } from './variant-type.js'

type Reader = (d: Decoder, header: number, depth: number, offset: number) => unknown

const T = VariantType

/** A reader for each type. Types of fixed size share one that asks for their number. */
const READERS: readonly Reader[] = Array.from({ length: WIRE_TYPE_END }, (_, type) => readerOf(type as WireType))

function readerOf(type: WireType): Reader {
  switch (type) {
    case Godot2Type.IMAGE:
      return readImage
    case Godot2Type.INPUT_EVENT:
      return readInputEvent
    case T.NIL:
      return readNil
    case T.BOOL:
      return readBool
    case T.INT:
      return readInt
    case T.FLOAT:
      return readFloat
    case T.STRING:
      return readString
    case T.STRING_NAME:
      return readStringName
    case T.NODE_PATH:
      return readNodePath
    case T.VECTOR2I:
    case T.RECT2I:
    case T.VECTOR3I:
    case T.VECTOR4I:
      return (d) => readInts(d, type)
    case T.RID:
      return readRID
    case T.OBJECT:
      return readObject
    case T.CALLABLE:
      return readCallable
    case T.SIGNAL:
      return readSignal
    case T.DICTIONARY:
      return readDictionary
    case T.ARRAY:
      return readArray
    case T.PACKED_BYTE_ARRAY:
      return readPackedBytes
    case T.PACKED_INT32_ARRAY:
      return readInt32s
    case T.PACKED_INT64_ARRAY:
      return readInt64s
    case T.PACKED_FLOAT32_ARRAY:
      return readFloat32s
    case T.PACKED_FLOAT64_ARRAY:
      return readFloat64s
    case T.PACKED_STRING_ARRAY:
      return readPackedStrings
    case T.PACKED_VECTOR2_ARRAY:
    case T.PACKED_VECTOR3_ARRAY:
    case T.PACKED_VECTOR4_ARRAY:
    case T.PACKED_COLOR_ARRAY:
      return (d, header) => readFlat(d, header, type)
    default:
      return (d, header) => readReals(d, header, type)
  }
}

function truncated({ needed }: { needed: number }, reader: ByteReader): never {
  return (reader as Decoder).missing(needed)
}

/** One pass over the bytes of one value. */
export class Decoder extends ByteReader {
  readonly dialect: Dialect
  readonly objects: boolean
  readonly asObject: boolean
  /** Off, except where the options ask for it and inside Dictionary keys. */
  exact: boolean
  private readonly limits: Limits
  private elementsLeft: number

  constructor(bytes: Uint8Array, offset: number, options: ResolvedDecodeOptions) {
    super(bytes, offset, Math.min(bytes.length, offset + options.maxBytes), truncated)
    this.dialect = options.dialect
    this.objects = options.objects
    this.asObject = options.asObject
    this.exact = options.exact
    this.limits = options
    this.elementsLeft = options.maxElements
  }

  readValue(depth: number): unknown {
    const { maxDepth } = this.limits
    if (depth > maxDepth) fail('VARIANT_TOO_DEEP', { maxDepth, offset: this.offset })
    const offset = this.offset
    const header = this.readUint32()
    const id = (header & this.dialect.idMask) >>> 0
    const type = this.dialect.typeOf[id]
    if (type === undefined) fail('VARIANT_BAD_TYPE', { type: id, version: this.dialect.version, offset })
    return READERS[type]!(this, header, depth, offset)
  }

  /** A Dictionary's key: always exact, since the int 1 and the float 1.0 are two keys. */
  readKey(depth: number, type: ContainerType | undefined): unknown {
    if (this.exact) return readElement(this, type, depth)
    this.exact = true
    const key = readElement(this, type, depth)
    this.exact = false
    return key
  }

  /** The type of the value that comes next; undefined where there is none. */
  peekType(): WireType | undefined {
    return this.left === 0 ? undefined : this.dialect.typeOf[this.bytes[this.offset]!]
  }

  /** A count of elements that take at least `width` bytes each, without the bit that Godot 2 set in it. */
  readCount(width: number): number {
    const count = this.readUint32() & COUNT_MASK
    this.mustHold(count, width)
    this.charge(count)
    return count
  }

  /** Throws unless the input can still hold so much: nothing is allocated that it does not pay for. */
  mustHold(count: number, width: number): void {
    const needed = count * width
    if (needed > this.left) this.missing(needed)
  }

  /** Throws where the options do not allow so many elements more. */
  charge(count: number): void {
    this.elementsLeft -= count
    if (this.elementsLeft < 0) {
      fail('VARIANT_TOO_MANY', { maxElements: this.limits.maxElements, offset: this.offset })
    }
  }

  /** As many of `count` bytes of padding as the input has: some versions do not insist on the last ones. */
  skipPadding(count: number): void {
    this.take(Math.min(count, this.bytes.length - this.offset))
  }

  /** The end that was met is the input's own, or that of `maxBytes`. */
  missing(needed: number): never {
    const { offset, left } = this
    if (needed > this.bytes.length - offset) fail('VARIANT_TRUNCATED', { offset, needed, left })
    fail('VARIANT_TOO_LARGE', { maxBytes: this.limits.maxBytes, offset })
  }
}
