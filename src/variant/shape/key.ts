import { maxUtf8Length, type Utf8Dialect, writeUtf8 } from '../../bytes/index.js'
import { STRING_HEADER } from '../values/index.js'

/** How far a key is written at least: what comes next goes over the rest. */
export const KEY_SLACK = 24

/** A String as it is on the wire: header, length, text and padding, as little-endian ints. */
export function wordsOf(text: string, dialect: Utf8Dialect): Int32Array {
  const bytes = new Uint8Array(12 + maxUtf8Length(text))
  const view = new DataView(bytes.buffer)
  const end = writeUtf8(bytes, 8, text, dialect)
  bytes.fill(0, end)
  view.setInt32(0, STRING_HEADER, true)
  view.setInt32(4, end - 8, true)
  return Int32Array.from({ length: (end + 3) >> 2 }, (_, i) => view.getInt32(4 * i, true))
}

/**
 * The keys of a shape as bytes. Most are short, and are written and compared as numbers of 8 bytes; what these are lies side
 * by side in typed arrays, where nothing stands between them and the loop.
 */
export class KeyTable {
  /** How many bytes each takes; negative for keys that are not short, or whose bytes would make a NaN. */
  readonly sizes: Int32Array
  /** The first 24 bytes of each as three numbers: header and length, and up to 16 bytes of text. */
  readonly heads: Float64Array
  /** The last 4 bytes of each. */
  readonly tails: Int32Array
  readonly #words: readonly Int32Array[]

  constructor(texts: readonly string[], dialect: Utf8Dialect) {
    this.#words = texts.map((text) => wordsOf(text, dialect))
    this.sizes = Int32Array.from(this.#words, ({ length }) => 4 * length)
    this.tails = Int32Array.from(this.#words, (words) => words[words.length - 1]!)
    this.heads = new Float64Array(3 * texts.length)
    for (const [i, words] of this.#words.entries()) this.#fillHeads(i, words)
  }

  #fillHeads(i: number, words: Int32Array): void {
    const view = new DataView(new ArrayBuffer(KEY_SLACK))
    for (let k = 0; k < Math.min(6, words.length); k++) view.setInt32(4 * k, words[k]!, true)
    const numbers = [0, 8, 16].map((at) => view.getFloat64(at, true))
    // A NaN equals nothing, and its bits may change on the way.
    if (words.length > 6 || numbers.some(Number.isNaN)) this.sizes[i]! *= -1
    else this.heads.set(numbers, 3 * i)
  }

  /** How many bytes the longest of them may be written over. */
  roomFor(i: number): number {
    return Math.abs(this.sizes[i]!)
  }

  /** Writes one of any length and returns the offset behind it. */
  put(view: DataView, at: number, i: number): number {
    const words = this.#words[i]!
    for (let k = 0; k < words.length; k++) view.setInt32(at + 4 * k, words[k]!, true)
    return at + 4 * words.length
  }

  /** Where the bytes end if this key starts at `at`, or -1 if it does not. */
  behind(view: DataView, at: number, end: number, i: number): number {
    const size = this.sizes[i]!
    if (size < 0) return this.#behindWords(view, at, end, this.#words[i]!)
    if (at + size > end) return -1
    const { heads } = this
    const isHead = view.getFloat64(at, true) === heads[3 * i] && view.getInt32(at + size - 4, true) === this.tails[i]
    if (!isHead) return -1
    // Of 12 bytes both ends were all; of more there is a middle.
    if (size > 12 && view.getFloat64(at + 8, true) !== heads[3 * i + 1]) return -1
    return size > 20 && view.getFloat64(at + 16, true) !== heads[3 * i + 2] ? -1 : at + size
  }

  #behindWords(view: DataView, at: number, end: number, words: Int32Array): number {
    if (at + 4 * words.length > end) return -1
    for (let k = 0; k < words.length; k++) if (view.getInt32(at + 4 * k, true) !== words[k]) return -1
    return at + 4 * words.length
  }
}

/** Keys as both kinds of text write them; they differ only for lone surrogates. */
export class KeyTables {
  readonly strict: KeyTable
  readonly lenient: KeyTable

  constructor(texts: readonly string[]) {
    this.strict = new KeyTable(texts, 'strict')
    this.lenient = new KeyTable(texts, 'lenient')
  }

  of(dialect: Utf8Dialect): KeyTable {
    return dialect === 'strict' ? this.strict : this.lenient
  }

  roomFor(i: number): number {
    return Math.max(this.strict.roomFor(i), this.lenient.roomFor(i))
  }
}
