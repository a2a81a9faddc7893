/**
 * Goes through the bytes of a value and says what each is. Written apart from the decoder, by docs/wire-format.md: the two
 * are held against each other in tests. It checks nothing itself: where the decoder met an error, it stops.
 */
import { decodeVar } from '../codec.js'
import { DIALECTS, type Dialect, type GodotVersion } from '../dialect.js'
import { Godot2Type, VariantType as T, typeName, type WireType } from '../variant-type.js'
import { INT_PARTS, PACKED_ELEMENTS, PACKED_PARTS, REAL_PARTS } from './parts.js'
import type { ByteRange, OpenRange } from './range.js'
import { nameOfType, shortText, wordText } from './words.js'

const FLAG_64 = 0x10000
const ABSOLUTE = 1
const PROPERTY = 2

/** Thrown where the walk ends before the value does; never leaves the room. */
export class Stop {}

export interface WalkOptions {
  readonly version: GodotVersion
  readonly objects: boolean
  /** Where the decoder met an error. */
  readonly stopAt: number
  /** How many ranges may be made; a value that comes later is one range. */
  readonly maxRanges: number
}

export class Walker {
  offset = 0
  readonly #view: DataView
  readonly #dialect: Dialect
  /** The ranges around what is being read, outermost first. */
  readonly #open: OpenRange[] = []
  #rangesLeft: number
  /** No range is made: the one that is open stands for all in it. */
  #quiet = false

  constructor(
    readonly bytes: Uint8Array,
    readonly options: WalkOptions,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#dialect = DIALECTS[options.version]
    this.#rangesLeft = options.maxRanges
  }

  /** The ranges that were begun and not ended when the walk stopped. */
  get open(): readonly OpenRange[] {
    return this.#open
  }

  /** A value with all that is in it. */
  value(label: string): ByteRange {
    return this.#group(label, (range) => {
      const header = this.#peek()
      const type = this.#dialect.typeOf[(header & this.#dialect.idMask) >>> 0]
      if (type === undefined) throw new Stop()
      range.text = nameOfType(type, this.options.version)
      const start = this.offset
      this.#part('header', 4, () => this.#headerText(type, header))
      this.#payload(range, type, header, start)
    })
  }

  /** The text of a value that starts there and is known to be whole. */
  #textAt(start: number): string {
    if (this.#quiet) return ''
    const { value } = decodeVar(this.bytes, start, { version: this.options.version, exact: true })
    return shortText(value, this.options.version)
  }

  #headerText(type: WireType, header: number): string {
    const flags = header >>> 16
    const name = `type ${header & 0xff} ${nameOfType(type, this.options.version)}`
    return flags === 0 ? name : `${name}, flags 0x${flags.toString(16)}`
  }

  /**
   * A range of several; it is in the list of its parent as soon as it begins, so that it is there when the walk stops. Once
   * there are ranges enough it is not parted.
   */
  #group(label: string, fill: (range: OpenRange) => void): ByteRange {
    const range: OpenRange = { start: this.offset, end: this.offset, label, text: '', children: [] }
    if (this.#quiet) {
      fill(range)
      return range
    }
    this.#open.at(-1)?.children.push(range)
    this.#open.push(range)
    this.#quiet = --this.#rangesLeft < 0
    fill(range)
    this.#quiet = false
    range.end = this.offset
    this.#open.pop()
    return range
  }

  /** A range that is not parted. The text is asked for once the bytes are known to be there. */
  #part(label: string, size: number, text: (at: number) => string = () => ''): number {
    const start = this.offset
    if (start >= this.options.stopAt || start + size > this.bytes.length) throw new Stop()
    this.offset = start + size
    if (size === 0 || this.#quiet) return start
    this.#open.at(-1)!.children.push({ start, end: this.offset, label, text: text(start), children: [] })
    this.#rangesLeft--
    return start
  }

  #peek(): number {
    if (this.offset + 4 > this.bytes.length || this.offset >= this.options.stopAt) throw new Stop()
    return this.#view.getUint32(this.offset, true)
  }

  #word(label: string, text: (word: number) => string = String): number {
    const word = this.#peek()
    this.#part(label, 4, () => text(word))
    return word
  }

  #i32(label: string): number {
    return this.#view.getInt32(
      this.#part(label, 4, (at) => String(this.#view.getInt32(at, true))),
      true,
    )
  }

  #f32(label: string): void {
    this.#part(label, 4, (at) => wordText(this.#view.getFloat32(at, true), true))
  }

  #f64(label: string): void {
    this.#part(label, 8, (at) => wordText(this.#view.getFloat64(at, true), false))
  }

  #u64(label: string): void {
    this.#part(label, 8, (at) => String(this.#view.getBigUint64(at, true)))
  }

  #i64(label: string): void {
    this.#part(label, 8, (at) => String(this.#view.getBigInt64(at, true)))
  }

  #payload(range: OpenRange, type: WireType, header: number, start: number): void {
    const wide = (header & FLAG_64) !== 0
    switch (type) {
      case T.DICTIONARY:
        return this.#dictionary(range, header)
      case T.ARRAY:
        return this.#array(range, header)
      case T.OBJECT:
        return this.#object(range, wide, start)
      default:
        this.#leaf(type, wide)
        // What no container is has its value shown with its name.
        range.text = this.#textAt(start)
    }
  }

  #leaf(type: WireType, wide: boolean): void {
    const reals = REAL_PARTS[type]
    if (reals) {
      const isWide = wide && this.#dialect.hasWideComponents && type !== T.COLOR
      for (const part of reals) isWide ? this.#f64(part) : this.#f32(part)
      return
    }
    const ints = INT_PARTS[type]
    if (ints) for (const part of ints) this.#i32(part)
    else if (type >= T.PACKED_BYTE_ARRAY && type <= T.PACKED_VECTOR4_ARRAY) this.#packed(type, wide)
    else this.#scalar(type, wide && this.#dialect.hasWideNumbers)
  }

  #scalar(type: WireType, wide: boolean): void {
    switch (type) {
      case T.BOOL:
        this.#word('value', (word) => (word === 0 ? 'false' : 'true'))
        return
      case T.INT:
        return wide ? this.#i64('value') : void this.#i32('value')
      case T.FLOAT:
        return wide ? this.#f64('value') : this.#f32('value')
      case T.STRING:
        return this.#dialect.isGodot2 ? this.#looseText('', true) : this.#text('')
      case T.STRING_NAME:
        return this.#text('')
      case T.NODE_PATH:
        return this.#nodePath()
      case T.RID:
        if (this.#dialect.ridHasId) this.#u64('id')
        return
      case T.SIGNAL:
        this.#text('name ')
        return this.#u64('object id')
      case Godot2Type.IMAGE:
        return this.#image()
      case Godot2Type.INPUT_EVENT:
        return this.#inputEvent()
      default:
        // Nil and Callable are no more than their header.
        return
    }
  }

  /** u32 length, UTF-8, padding. */
  #text(label: string): void {
    const length = this.#length(`${label}length`)
    this.#utf8(`${label}text`, length)
    this.#part('padding', -length & 3)
  }

  /** Godot 2: the padding may be cut off by the end, or not be meant to be there. */
  #looseText(label: string, padded: boolean): void {
    const length = this.#length(`${label}length`)
    this.#utf8(`${label}text`, length)
    if (padded) this.#cutPadding(length)
  }

  #cutPadding(length: number): void {
    this.#part('padding', Math.min(-length & 3, this.bytes.length - this.offset))
  }

  #length(label: string): number {
    const length = this.#i32(label)
    // The decoder names the length for what is wrong with it or with the text.
    if (length < 0) throw new Stop()
    return length
  }

  #utf8(label: string, length: number): void {
    this.#part(label, length, (at) => {
      const shown = this.bytes.subarray(at, at + Math.min(length, LONGEST_TEXT))
      return shortText(new TextDecoder('utf-8', { ignoreBOM: true }).decode(shown), 4)
    })
  }

  #nodePath(): void {
    const marked = this.#peek()
    if (marked < 0x80000000) return this.#looseText('', false)
    const names = this.#word('name count', (word) => String(word & 0x7fffffff)) & 0x7fffffff
    const subnames = this.#word('subname count')
    const flags = this.#word('flags', (word) => (word & ABSOLUTE ? 'absolute' : 'relative'))
    const count = names + subnames + (flags & PROPERTY ? 1 : 0)
    const labelOf = (i: number) => (i < names ? `name ${i}` : `subname ${i - names}`)
    this.#each(count, labelOf, (i) => this.#text(`${labelOf(i)} `))
  }

  #packed(type: WireType, wide: boolean): void {
    if (type === T.PACKED_BYTE_ARRAY) {
      const length = this.#length('count')
      this.#part('bytes', length, () => '')
      return this.#cutPadding(length)
    }
    if (type === T.PACKED_STRING_ARRAY) {
      const count = Math.max(0, this.#i32('count'))
      return this.#each(count, indexText, (i) => {
        this.#group(indexText(i), () => this.#text(''))
      })
    }
    const count = this.#length('count')
    const parts = PACKED_PARTS[type]
    if (parts) {
      const isWide = wide && this.#dialect.hasWideComponents && type !== T.PACKED_COLOR_ARRAY
      return this.#rows(count, parts.length * (isWide ? 8 : 4), (i) =>
        this.#group(`[${i}]`, () => {
          for (const part of parts) isWide ? this.#f64(part) : this.#f32(part)
        }),
      )
    }
    this.#numbers(count, type)
  }

  #numbers(count: number, type: WireType): void {
    switch (PACKED_ELEMENTS[type]) {
      case 'i32':
        return this.#rows(count, 4, (i) => this.#i32(`[${i}]`))
      case 'i64':
        return this.#rows(count, 8, (i) => this.#i64(`[${i}]`))
      case 'f32':
        return this.#rows(count, 4, (i) => this.#f32(`[${i}]`))
      default:
        return this.#rows(count, 8, (i) => this.#f64(`[${i}]`))
    }
  }

  /** Elements of one size: those for which no range is left become one. */
  #rows(count: number, size: number, one: (i: number) => unknown): void {
    for (let i = 0; i < count; i++) {
      if (this.#quiet || this.#rangesLeft <= 0) {
        this.#part(`[${i}] to [${count - 1}]`, (count - i) * size)
        return
      }
      one(i)
    }
  }

  /** Elements of any size: those for which no range is left become one. */
  #each(count: number, labelOf: (i: number) => string, one: (i: number) => void): void {
    for (let i = 0; i < count; i++) {
      if (this.#rangesLeft > 0 || this.#quiet) one(i)
      else {
        this.#group(`${labelOf(i)} to ${labelOf(count - 1)}`, () => {
          for (; i < count; i++) one(i)
        })
      }
    }
  }

  #array(range: OpenRange, header: number): void {
    const type = this.#elementType('element type', (header >>> 16) & 3)
    const count = this.#count()
    range.text = `${range.text}${type === undefined ? '' : `[${type}]`} of ${count}`
    this.#each(count, indexText, (i) => this.value(indexText(i)))
  }

  #count(): number {
    return this.#word('count', (word) => String(word & 0x7fffffff)) & 0x7fffffff
  }

  #dictionary(range: OpenRange, header: number): void {
    const keyType = this.#elementType('key type', (header >>> 16) & 3)
    const valueType = this.#elementType('value type', (header >>> 18) & 3)
    const count = this.#count()
    const types =
      keyType === undefined && valueType === undefined ? '' : `[${keyType ?? 'Variant'}, ${valueType ?? 'Variant'}]`
    range.text = `${range.text}${types} of ${count}`
    this.#each(
      count,
      (i) => `key ${i}`,
      (i) => {
        this.value(`key ${i}`)
        this.value(`value ${i}`)
      },
    )
  }

  /** Kind 1 is a number, 2 the name of a class, 3 the path of a script. */
  #elementType(label: string, kind: number): string | undefined {
    if (kind === 0 || !this.#dialect.hasTypedContainers) return undefined
    if (kind === 1) {
      const name = (id: number) => {
        const type = this.#dialect.typeOf[id]
        return type === undefined ? String(id) : typeName(type)
      }
      return name(this.#word(label, name))
    }
    const at = this.offset
    this.#text(`${label} `)
    const length = this.#view.getInt32(at, true)
    return new TextDecoder().decode(this.bytes.subarray(at + 4, at + 4 + Math.min(length, LONGEST_TEXT)))
  }

  #object(range: OpenRange, isId: boolean, start: number): void {
    if (!this.#dialect.hasObjects) return
    if (isId) {
      this.#u64('object id')
      range.text = this.#textAt(start)
      return
    }
    const at = this.offset
    this.#text('class ')
    const length = this.#view.getInt32(at, true)
    if (isEmptyText(this.bytes, at + 4, length)) return
    const count = this.#count()
    range.text = `${range.text} of ${count}`
    this.#each(
      count,
      (i) => `property ${i}`,
      (i) => {
        this.#text(`property ${i} `)
        this.value(`value ${i}`)
      },
    )
  }

  #image(): void {
    for (const name of ['format', 'mipmaps', 'width', 'height']) this.#word(name)
    const length = this.#word('length')
    this.#part('data', length)
    this.#cutPadding(length)
  }

  #inputEvent(): void {
    for (const name of ['type', 'device']) this.#word(name)
    const length = this.#word('length')
    if (length < 12) throw new Stop()
    this.#part('data', length - 12)
  }
}

function indexText(i: number): string {
  return `[${i}]`
}

/** Of a longer text the beginning is shown. */
const LONGEST_TEXT = 256

/** A class name that is empty to the engine: a NUL or a BOM alone ends up as nothing too. */
function isEmptyText(bytes: Uint8Array, start: number, length: number): boolean {
  const isBom = length >= 3 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf
  const at = isBom && !bytes.subarray(start, start + 3).includes(0) ? start + 3 : start
  return at >= start + length || bytes[at] === 0
}
