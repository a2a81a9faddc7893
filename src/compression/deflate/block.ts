import {
  CODE_LENGTH_EXTRA,
  CODE_LENGTHS,
  DISTANCE_BASE,
  DISTANCE_EXTRA,
  DISTANCE_SYMBOL,
  DISTANCES,
  END_OF_BLOCK,
  LENGTH_BASE,
  LENGTH_EXTRA,
  LENGTH_SYMBOL,
  LENGTHS_ORDER,
  LITERALS,
} from './symbols.js'
import { codesFor, Tree } from './tree.js'

/** A block ends when it holds so many symbols: one less than zlib has room for (memLevel 8). */
const MOST_SYMBOLS = 16383

const FIXED_LITERAL_LENGTHS = /* @__PURE__ */ Uint8Array.from({ length: 288 }, (_, i) =>
  i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8,
)
const FIXED_DISTANCE_LENGTHS = /* @__PURE__ */ Uint8Array.from({ length: DISTANCES }, () => 5)
const FIXED_LITERALS = /* @__PURE__ */ codesFor(FIXED_LITERAL_LENGTHS)
const FIXED_DISTANCES = /* @__PURE__ */ codesFor(FIXED_DISTANCE_LENGTHS)

const STORED = 0
const FIXED = 1
const DYNAMIC = 2

/** Repeats the length before 3 to 6 times; 3 to 10 zeros; 11 to 138 zeros. */
const REPEAT = 16
const ZEROS = 17
const MANY_ZEROS = 18

/**
 * Collects literals and matches and writes them as blocks, each in the cheapest of Deflate's three ways, as zlib's trees.c
 * weighs them.
 */
export class BlockWriter {
  /** Where to write next. */
  op = 0
  #out: Uint8Array = new Uint8Array(0)
  #view = new DataView(this.#out.buffer)
  #hold = 0
  #bits = 0
  /** A literal, or a length less 3 and above it the distance. */
  readonly symbols = new Int32Array(MOST_SYMBOLS)
  size = 0
  readonly #literals = new Tree(LITERALS, LENGTH_EXTRA, END_OF_BLOCK + 1, 15, FIXED_LITERAL_LENGTHS)
  readonly #distances = new Tree(DISTANCES, DISTANCE_EXTRA, 0, 15, FIXED_DISTANCE_LENGTHS)
  readonly #codeLengths = new Tree(CODE_LENGTHS, CODE_LENGTH_EXTRA, 0, 7)
  /** The lengths of the codes of a block, run by run: a symbol, and above 5 bits the value of its extra bits. */
  readonly #runs = new Uint16Array(LITERALS + DISTANCES)
  #runCount = 0

  /** `out` has room for all of it; it is the whole of its memory. */
  begin(out: Uint8Array, op: number): void {
    this.#out = out
    if (this.#view.buffer !== out.buffer) this.#view = new DataView(out.buffer)
    this.op = op
    this.#hold = 0
    this.#bits = 0
    this.#clear()
  }

  #clear(): void {
    this.#literals.clear()
    this.#distances.clear()
    this.#literals.counts[END_OF_BLOCK] = 1
    this.size = 0
  }

  /** @returns true when the block is full */
  literal(byte: number): boolean {
    this.symbols[this.size++] = byte
    this.#literals.counts[byte]!++
    return this.size === MOST_SYMBOLS
  }

  /** @returns true when the block is full */
  match(length: number, distance: number): boolean {
    const less3 = length - 3
    const less1 = distance - 1
    this.symbols[this.size++] = (distance << 8) | less3
    this.#literals.counts[LENGTH_SYMBOL[less3]! + END_OF_BLOCK + 1]!++
    this.#distances.counts[DISTANCE_SYMBOL[less1 < 256 ? less1 : 256 + (less1 >> 7)]!]!++
    return this.size === MOST_SYMBOLS
  }

  /**
   * Writes the block. It stands for the bytes of `src` from `start` to before `end`, which can be stored as they are,
   * unless `canStore` is false.
   */
  flush(src: Uint8Array, start: number, end: number, canStore: boolean, last: boolean): void {
    const literals = this.#literals
    const distances = this.#distances
    literals.build()
    distances.build()
    const orderUsed = this.#buildCodeLengths()
    const dynamicBits = literals.bits + distances.bits + this.#codeLengths.bits + 3 * orderUsed + 5 + 5 + 4
    const fixedSize = (literals.fixedBits + distances.fixedBits + 3 + 7) >> 3
    const dynamicSize = (dynamicBits + 3 + 7) >> 3
    const size = Math.min(fixedSize, dynamicSize)
    if (canStore && end - start + 4 <= size) {
      this.stored(src, start, end, last)
    } else if (fixedSize === size) {
      this.#put((FIXED << 1) | (last ? 1 : 0), 3)
      this.#putSymbols(FIXED_LITERALS, FIXED_DISTANCES)
    } else {
      this.#put((DYNAMIC << 1) | (last ? 1 : 0), 3)
      this.#putTrees(orderUsed)
      this.#putSymbols(literals.codes, distances.codes)
    }
    this.#clear()
  }

  /** The bytes as they are; 65,535 at the most. */
  stored(src: Uint8Array, start: number, end: number, last: boolean): void {
    const size = end - start
    this.#put((STORED << 1) | (last ? 1 : 0), 3)
    this.toByte()
    this.#put(size, 16)
    this.#put(~size & 0xffff, 16)
    this.#out.set(src.subarray(start, end), this.op)
    this.op += size
  }

  /** Fills the last byte up with zeros. */
  toByte(): void {
    this.#put(0, -this.#bits & 7)
  }

  /** At most 24 bits. */
  #put(value: number, length: number): void {
    this.#hold |= value << this.#bits
    this.#bits += length
    this.#view.setInt32(this.op, this.#hold, true)
    this.op += this.#bits >> 3
    this.#hold >>>= this.#bits & 24
    this.#bits &= 7
  }

  #buildCodeLengths(): number {
    const tree = this.#codeLengths
    tree.clear()
    this.#runCount = 0
    this.#findRuns(this.#literals)
    this.#findRuns(this.#distances)
    tree.build()
    let used = CODE_LENGTHS
    while (used > 4 && tree.codes[LENGTHS_ORDER[used - 1]!] === 0) used--
    return used
  }

  /** The lengths of a tree's codes as runs of equal ones. A run never goes on from one tree to the next. */
  #findRuns({ codes, last }: Tree): void {
    let before = -1
    for (let at = 0; at <= last; ) {
      const length = codes[at]! & 15
      // How long a run may be, and from where on it is one.
      const most = length === 0 ? 138 : length === before ? 6 : 7
      let count = 1
      while (count < most && at + count <= last && (codes[at + count]! & 15) === length) count++
      at += count
      if (count < (most === 7 ? 4 : 3)) for (; count > 0; count--) this.#run(length, 0)
      else if (length === 0) this.#run(count <= 10 ? ZEROS : MANY_ZEROS, count - (count <= 10 ? 3 : 11))
      else {
        if (length !== before) {
          this.#run(length, 0)
          count--
        }
        this.#run(REPEAT, count - 3)
      }
      before = length
    }
  }

  #run(symbol: number, extra: number): void {
    this.#codeLengths.counts[symbol]!++
    this.#runs[this.#runCount++] = symbol | (extra << 5)
  }

  #putTrees(orderUsed: number): void {
    const { codes } = this.#codeLengths
    this.#put(this.#literals.last - END_OF_BLOCK, 5)
    this.#put(this.#distances.last, 5)
    this.#put(orderUsed - 4, 4)
    for (let i = 0; i < orderUsed; i++) this.#put(codes[LENGTHS_ORDER[i]!]! & 15, 3)
    for (let i = 0; i < this.#runCount; i++) {
      const run = this.#runs[i]!
      const code = codes[run & 31]!
      this.#put((code >> 4) | ((run >> 5) << (code & 15)), (code & 15) + CODE_LENGTH_EXTRA[run & 31]!)
    }
  }

  #putSymbols(literals: Int32Array, distances: Int32Array): void {
    const { symbols, size } = this
    const view = this.#view
    let op = this.op
    let hold = this.#hold
    let bits = this.#bits
    for (let i = 0; i < size; i++) {
      const symbol = symbols[i]!
      if (symbol < 256) {
        const code = literals[symbol]!
        hold |= (code >> 4) << bits
        bits += code & 15
      } else {
        const less3 = symbol & 255
        const less1 = (symbol >> 8) - 1
        const lengthSymbol = LENGTH_SYMBOL[less3]!
        let code = literals[lengthSymbol + END_OF_BLOCK + 1]!
        hold |= ((code >> 4) | ((less3 - LENGTH_BASE[lengthSymbol]!) << (code & 15))) << bits
        bits += (code & 15) + LENGTH_EXTRA[lengthSymbol]!
        view.setInt32(op, hold, true)
        op += bits >> 3
        hold >>>= bits & 24
        bits &= 7
        const distanceSymbol = DISTANCE_SYMBOL[less1 < 256 ? less1 : 256 + (less1 >> 7)]!
        code = distances[distanceSymbol]!
        hold |= (code >> 4) << bits
        bits += code & 15
        const extra = DISTANCE_EXTRA[distanceSymbol]!
        if (extra > 0) {
          view.setInt32(op, hold, true)
          op += bits >> 3
          hold >>>= bits & 24
          bits &= 7
          hold |= (less1 - DISTANCE_BASE[distanceSymbol]!) << bits
          bits += extra
        }
      }
      view.setInt32(op, hold, true)
      op += bits >> 3
      hold >>>= bits & 24
      bits &= 7
    }
    this.op = op
    this.#hold = hold
    this.#bits = bits
    const end = literals[END_OF_BLOCK]!
    this.#put(end >> 4, end & 15)
  }
}
