import { ByteReader } from '../bytes/index.js'
import type { Dialect } from './dialect.js'
import { variantError } from './errors.js'
import type { ResolvedDecodeOptions } from './options.js'
import { readArray, readDictionary } from './types/container.js'
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
import { VARIANT_TYPE_NAMES, VariantType } from './variant-type.js'

type Reader = (d: Decoder, header: number, depth: number, offset: number) => unknown

const T = VariantType

/** A reader for each type. Types of fixed size share one that asks for their number. */
const READERS: readonly Reader[] = VARIANT_TYPE_NAMES.map((_, id) => readerOf(id as VariantType))

function readerOf(type: VariantType): Reader {
  switch (type) {
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

function truncated(facts: { offset: number; needed: number; left: number }): never {
  throw variantError('VARIANT_TRUNCATED', facts)
}

/** One pass over the bytes of one value. */
export class Decoder extends ByteReader {
  readonly dialect: Dialect
  readonly objects: boolean
  readonly asObject: boolean
  /** Off, except where the options ask for it and inside Dictionary keys. */
  exact: boolean
  readonly #maxDepth: number

  constructor(bytes: Uint8Array, offset: number, options: ResolvedDecodeOptions) {
    super(bytes, offset, bytes.length, truncated)
    this.dialect = options.dialect
    this.objects = options.objects
    this.asObject = options.asObject
    this.exact = options.exact
    this.#maxDepth = options.maxDepth
  }

  readValue(depth: number): unknown {
    if (depth > this.#maxDepth)
      throw variantError('VARIANT_TOO_DEEP', { maxDepth: this.#maxDepth, offset: this.offset })
    const offset = this.offset
    const header = this.readUint32()
    const type = this.dialect.typeOf[header & 0xff]
    if (type === undefined) {
      throw variantError('VARIANT_BAD_TYPE', { type: header & 0xff, version: this.dialect.version, offset })
    }
    return READERS[type]!(this, header, depth, offset)
  }

  /** A Dictionary's key: always exact, since the int 1 and the float 1.0 are two keys. */
  readKey(depth: number): unknown {
    if (this.exact) return this.readValue(depth)
    this.exact = true
    const key = this.readValue(depth)
    this.exact = false
    return key
  }

  /** A count of things that take at least `width` bytes each, without the bit that Godot 2 set in it. */
  readCount(width: number): number {
    const count = this.readUint32() & COUNT_MASK
    this.mustHold(count, width)
    return count
  }

  /** Throws unless the input can still hold so much: nothing is allocated that it does not pay for. */
  mustHold(count: number, width: number): void {
    const needed = count * width
    if (needed > this.left) truncated({ offset: this.offset, needed, left: this.left })
  }
}
