import { ByteReader } from '../bytes/index.js'
import { type Dialect, NO_TYPE, NO_TYPES } from './dialect.js'
import { fail } from './fault.js'
import { type KeyStep, KeyTree } from './key-tree.js'
import type { Limits, ResolvedDecodeOptions } from './options.js'
import { TextCache } from './text-cache.js'
import type { TextPlace } from './text-place.js'
import {
  readArray,
  readBareArray,
  readBareDictionary,
  readBareObject,
  readDictionary,
  readElement,
} from './types/container.js'
import { readImage, readInputEvent } from './types/godot2.js'
import { readCallable, readObject, readRID, readSignal } from './types/handle.js'
import { COUNT_MASK, FLOAT_64 } from './types/header.js'
import { readInts, readReals, readVector3 } from './types/math.js'
import {
  readFlat,
  readFloat32s,
  readFloat64s,
  readInt32s,
  readInt64s,
  readPackedBytes,
  readPackedStrings,
} from './types/packed.js'
import { readBool, readFloat, readInt } from './types/scalar.js'
import { readNodePath, readString, readStringName } from './types/text.js'
import { type KnownText, STRING_HEADER } from './values/index.js'
import { type ContainerType, Godot2Type, VariantType, type WireType } from './variant-type.js'

function truncated({ needed }: { needed: number }, reader: ByteReader): never {
  return (reader as Decoder).missing(needed)
}

/** Input up to this size is copied into memory that is there: making a view of it would take longer. */
const SMALL = 4096

const NO_BYTES = /* @__PURE__ */ new Uint8Array(0)

/** One for all: what has come once is likely to come again, whoever reads it. */
const TEXTS = /* @__PURE__ */ new TextCache()
const KEYS = /* @__PURE__ */ new KeyTree()

/** One pass over the bytes of one value, and then another: what it learns of one is worth time in the next. */
export class Decoder extends ByteReader {
  dialect!: Dialect
  objects = false
  asObject = false
  /** Off, except where the options ask for it and inside Dictionary keys. */
  exact = false
  /** Texts that are read again and again, the keys of Dictionaries above all. */
  readonly texts = TEXTS
  readonly #keys = KEYS
  /** The bits of a header that must not be set, whichever type it is. */
  #foreign = 0
  #typeOf = NO_TYPES
  /** The headers of an Array and of a Dictionary without types. */
  #array = 0
  #dictionary = 0
  #vector3 = 0
  #maxDepth = 0
  #limits: Limits | undefined
  /** How many elements its containers may still have. */
  elementsLeft = 0
  /** All that there is, also behind `maxBytes`. */
  #inputEnd = 0
  readonly #small: Uint8Array
  readonly #smallView: DataView

  /** @param source its first input, where it is to read but one */
  constructor(source?: Uint8Array, offset = 0, options?: ResolvedDecodeOptions) {
    super(source ?? new Uint8Array(SMALL), offset, 0, truncated)
    this.#small = source === undefined ? this.bytes : NO_BYTES
    this.#smallView = this.view
    if (source && options) this.#prepare(source.length, offset, options)
  }

  /** Goes by this input and these options from now on. */
  begin(source: Uint8Array, offset: number, options: ResolvedDecodeOptions): this {
    const { length } = source
    if (length <= this.#small.length) {
      this.#small.set(source)
    } else {
      this.bytes = source
      this.view = new DataView(source.buffer, source.byteOffset, length)
    }
    this.offset = offset
    return this.#prepare(length, offset, options)
  }

  #prepare(length: number, offset: number, options: ResolvedDecodeOptions): this {
    this.end = Math.min(length, offset + options.maxBytes)
    this.#inputEnd = length
    // An error may have come while it stood otherwise.
    this.exact = options.exact
    this.elementsLeft = options.maxElements
    if (options !== this.#limits) this.#goBy(options)
    return this
  }

  #goBy(options: ResolvedDecodeOptions): void {
    const { dialect } = options
    this.#limits = options
    this.dialect = dialect
    this.objects = options.objects
    this.asObject = options.asObject
    this.#foreign = dialect.idMask & ~0xff
    this.#typeOf = dialect.typeTable
    this.#array = dialect.idOf[VariantType.ARRAY]!
    this.#dictionary = dialect.idOf[VariantType.DICTIONARY]!
    this.#vector3 = dialect.idOf[VariantType.VECTOR3]!
    this.#maxDepth = options.maxDepth
  }

  /** Lets go of the input. */
  release(): void {
    this.bytes = this.#small
    this.view = this.#smallView
  }

  readValue(depth: number): unknown {
    const offset = this.offset
    if (depth > this.#maxDepth) fail('VARIANT_TOO_DEEP', { maxDepth: this.#maxDepth, offset })
    const header = this.readInt32()
    const type = this.#typeOf[header & 0xff] as WireType
    if ((header & this.#foreign) !== 0) this.#refuse(header, offset)
    // One call for each type rather than a table of functions: what is called at one place can become a part of it.
    switch (type) {
      case VariantType.NIL:
        return null
      case VariantType.BOOL:
        return readBool(this)
      case VariantType.INT:
        return readInt(this, header)
      case VariantType.FLOAT:
        return readFloat(this, header)
      case VariantType.STRING:
        return readString(this)
      case VariantType.DICTIONARY:
        if (header === this.#dictionary && this.canReadBare(depth)) {
          return this.asObject ? readBareObject(this, depth) : readBareDictionary(this, depth)
        }
        return readDictionary(this, header, depth)
      case VariantType.ARRAY:
        return header === this.#array ? readBareArray(this, depth) : readArray(this, header, depth)
      case VariantType.VECTOR3:
        return readVector3(this, header)
      case VariantType.VECTOR2I:
      case VariantType.RECT2I:
      case VariantType.VECTOR3I:
      case VariantType.VECTOR4I:
        return readInts(this, type)
      case VariantType.STRING_NAME:
        return readStringName(this)
      case VariantType.NODE_PATH:
        return readNodePath(this)
      case VariantType.RID:
        return readRID(this)
      case VariantType.OBJECT:
        return readObject(this, header, depth, offset)
      case VariantType.CALLABLE:
        return readCallable()
      case VariantType.SIGNAL:
        return readSignal(this)
      case VariantType.PACKED_BYTE_ARRAY:
        return readPackedBytes(this)
      case VariantType.PACKED_INT32_ARRAY:
        return readInt32s(this)
      case VariantType.PACKED_INT64_ARRAY:
        return readInt64s(this)
      case VariantType.PACKED_FLOAT32_ARRAY:
        return readFloat32s(this)
      case VariantType.PACKED_FLOAT64_ARRAY:
        return readFloat64s(this)
      case VariantType.PACKED_STRING_ARRAY:
        return readPackedStrings(this)
      case VariantType.PACKED_VECTOR2_ARRAY:
      case VariantType.PACKED_VECTOR3_ARRAY:
      case VariantType.PACKED_VECTOR4_ARRAY:
      case VariantType.PACKED_COLOR_ARRAY:
        return readFlat(this, header, type)
      case Godot2Type.IMAGE:
        return readImage(this)
      case Godot2Type.INPUT_EVENT:
        return readInputEvent(this)
      case NO_TYPE as never:
        return this.#refuse(header, offset)
      default:
        return readReals(this, header, type)
    }
  }

  /** `readValue` for what containers hold: it is short enough to become a part of their loops, and answers for most values. */
  readElement(depth: number): unknown {
    const at = this.offset
    const left = this.end - at
    if (left >= 8 && depth <= this.#maxDepth) {
      // Headers that are the same in every version of Godot.
      const header = this.view.getInt32(at, true)
      if (header === VariantType.INT) {
        this.offset = at + 8
        return this.view.getInt32(at + 4, true)
      }
      if (header === VariantType.STRING) {
        const known = this.takeKnownAt(at)
        if (known !== undefined) return known.text
      } else if (header === VariantType.FLOAT && !this.exact) {
        this.offset = at + 8
        return this.view.getFloat32(at + 4, true)
      } else if (header === FLOAT_64 && left >= 12 && !this.exact) {
        this.offset = at + 12
        return this.view.getFloat64(at + 4, true)
      } else if (header === VariantType.BOOL) {
        this.offset = at + 8
        return this.view.getInt32(at + 4, true) !== 0
      } else if (header === this.#vector3) {
        this.offset = at + 4
        return readVector3(this, header)
      } else if (header === this.#array) {
        this.offset = at + 4
        return readBareArray(this, depth)
      } else if (header === this.#dictionary && this.canReadBare(depth)) {
        this.offset = at + 4
        return this.asObject ? readBareObject(this, depth) : readBareDictionary(this, depth)
      }
    }
    return this.readValue(depth)
  }

  /** A value of a Dictionary: the texts under a key are often the same. */
  readUnder(step: KeyStep, depth: number): unknown {
    if (!step.hasText) return this.readElement(depth)
    const { usual } = step
    if (usual !== undefined && this.takeText(usual)) return usual.text
    const known = this.takeKnown()
    // Not `readElement`, which would look for the text again: what is looked for twice is learned.
    if (known === undefined) return this.readValue(depth)
    step.meet(known)
    return known.text
  }

  #refuse(header: number, offset: number): never {
    const { idMask, version } = this.dialect
    fail('VARIANT_BAD_TYPE', { type: (header & idMask) >>> 0, version, offset })
  }

  /**
   * The text of a String that comes next and that is known by its bytes: with the cursor behind it, or undefined with the
   * cursor where it was. What is no String, or not all there, is for `readValue` to say.
   */
  takeKnown(): KnownText | undefined {
    return this.#isTextNext() ? this.takeKnownAt(this.offset) : undefined
  }

  /** The same for a String at `at`, of which the header and the length are there. */
  takeKnownAt(at: number): KnownText | undefined {
    const length = this.view.getInt32(at + 4, true)
    const size = 8 + ((length + 3) & ~3)
    if (length < 0 || size > this.end - at) return undefined
    const known = this.texts.find(this.bytes, this.view, at, length)
    if (known !== undefined) this.offset = at + size
    return known
  }

  /** The same for a String from a place that has mostly the same. */
  takeUsualAt(at: number, place: TextPlace): KnownText | undefined {
    const { usual } = place
    if (usual !== undefined && usual.size <= this.end - at && usual.isStringAt(this.view, at)) {
      this.offset = at + usual.size
      return usual
    }
    const known = this.takeKnownAt(at)
    if (known !== undefined) place.meet(known)
    return known
  }

  /** Whether a String comes next, of which the header and the length are there. */
  #isTextNext(): boolean {
    return this.end - this.offset >= 8 && this.view.getInt32(this.offset, true) === STRING_HEADER
  }

  /** Whether this text comes next, as a String; the cursor is behind it then. */
  takeText(known: KnownText): boolean {
    const at = this.offset
    const { size } = known
    if (this.end - at < size || !known.isAt(this.view, at)) return false
    this.offset = at + size
    return true
  }

  /** The first key of a Dictionary where it is a known text, with the cursor behind it. */
  takeFirstKey(): KeyStep | undefined {
    const { latest } = this.#keys
    if (latest !== undefined && this.takeText(latest.known)) return latest
    const known = this.takeKnown()
    return known === undefined ? undefined : this.#keys.first(known, this.#isTextNext())
  }

  /** The key behind another one in the same way; undefined also for one that the Dictionary has already. */
  takeNextKey(step: KeyStep): KeyStep | undefined {
    const { next } = step
    return next !== undefined && this.takeText(next.known) ? next : this.#takeOtherKey(step)
  }

  #takeOtherKey(step: KeyStep): KeyStep | undefined {
    for (const other of step.others) {
      if (this.takeText(other.known)) {
        step.prefer(other)
        return other
      }
    }
    const start = this.offset
    const known = this.takeKnown()
    const next = known && this.#keys.grow(step, known, this.#isTextNext())
    if (next === undefined) this.offset = start
    return next
  }

  /** Whether the keys of a Dictionary at this depth may be compared instead of read: they are allowed, and have padding. */
  canReadBare(depth: number): boolean {
    return depth < this.#maxDepth && !this.dialect.isGodot2
  }

  /** A Dictionary's key: always exact, since the int 1 and the float 1.0 are two keys. */
  readKey(depth: number, type: ContainerType | undefined): unknown {
    const known = type === undefined && depth <= this.#maxDepth ? this.takeKnown() : undefined
    if (known !== undefined) return known.text
    const { exact } = this
    this.exact = true
    const key = type === undefined ? this.readValue(depth) : readElement(this, type, depth)
    this.exact = exact
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
      fail('VARIANT_TOO_MANY', { maxElements: this.#limits!.maxElements, offset: this.offset })
    }
  }

  /** As many of `count` bytes of padding as the input has: some versions do not insist on the last ones. */
  skipPadding(count: number): void {
    this.take(Math.min(count, this.#inputEnd - this.offset))
  }

  /** The end that was met is the input's own, or that of `maxBytes`. */
  missing(needed: number): never {
    const { offset, left } = this
    if (needed > this.#inputEnd - offset) fail('VARIANT_TRUNCATED', { offset, needed, left })
    fail('VARIANT_TOO_LARGE', { maxBytes: this.#limits!.maxBytes, offset })
  }
}
