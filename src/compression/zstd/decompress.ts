import { compressionError } from '../errors.js'
import { grown, scratch } from '../scratch.js'
import { BackBits } from './back-bits.js'
import { FseState, type FseTable, readFseTable, singleSymbol } from './fse.js'
import { type HuffmanTable, readHuffmanTable, readLiterals } from './huffman.js'
import {
  type Alphabet,
  LITERAL_BASE,
  LITERAL_EXTRA,
  LITERAL_LENGTHS,
  MATCH_BASE,
  MATCH_EXTRA,
  MATCH_LENGTHS,
  OFFSETS,
} from './sequences.js'
import { xxh64Low } from './xxhash.js'

const mode = 'ZSTD'

const FRAME = 0xfd2fb528
/** The lowest 4 bits are free. */
const SKIPPABLE = 0x184d2a50

const RAW = 0
const REPEATED = 1
const COMPRESSED = 2

/** No block holds more, whatever the window. */
const LARGEST_BLOCK = 0x20000
const LARGEST_WINDOW_LOG = 31

/**
 * Opens Zstandard frames, one behind the other (RFC 8878), as the engine's ZSTD_decompressDCtx does; what lies behind the
 * last must be another. Never makes more than `limit` bytes, whatever a header promises.
 *
 * @throws `COMPRESSION_LIMIT`, `COMPRESSION_TRUNCATED`, `COMPRESSION_CORRUPT`, `COMPRESSION_DICTIONARY`,
 *   `COMPRESSION_TRAILING_BYTES`
 */
export function zstdDecompress(input: Uint8Array, limit: number): Uint8Array<ArrayBuffer> {
  return new ZstdDecoder(input, limit).run()
}

interface FrameHeader {
  readonly contentSize: number | undefined
  readonly hasChecksum: boolean
}

class ZstdDecoder {
  readonly #src: Uint8Array
  readonly #limit: number
  #ip = 0
  #out: Uint8Array
  #op = 0
  /** Where the output of this frame begins: no match reaches farther back. */
  #frameStart = 0
  // What a block may take over from the one before.
  #huffman: HuffmanTable | undefined
  readonly #tables = new Map<Alphabet, FseTable>()
  #offsets: [number, number, number] = [1, 4, 8]
  #literals: Uint8Array = new Uint8Array(0)
  #literalCount = 0

  constructor(src: Uint8Array, limit: number) {
    this.#src = src
    this.#limit = limit
    this.#out = scratch(Math.min(limit, 4 * src.length))
  }

  run(): Uint8Array<ArrayBuffer> {
    const size = this.#src.length
    while (this.#ip < size) {
      const start = this.#ip
      if (start > 0 && !this.#isFrame(start)) {
        throw compressionError('COMPRESSION_TRAILING_BYTES', { mode, offset: start, count: size - start })
      }
      const magic = this.#number(4)
      if (magic === FRAME) this.#frame()
      else if ((magic & ~15) >>> 0 === SKIPPABLE) this.#skip(this.#number(4))
      else throw this.#corrupt('unknown signature', start)
    }
    return this.#out.slice(0, this.#op)
  }

  #isFrame(at: number): boolean {
    const src = this.#src
    if (at + 4 > src.length) return false
    const magic = (src[at]! | (src[at + 1]! << 8) | (src[at + 2]! << 16) | (src[at + 3]! << 24)) >>> 0
    return magic === FRAME || (magic & ~15) >>> 0 === SKIPPABLE
  }

  #corrupt(reason: string, offset = this.#ip): Error {
    return compressionError('COMPRESSION_CORRUPT', { mode, offset, reason })
  }

  /** Moves over `size` bytes, which must be there, and returns where they begin. */
  #skip(size: number): number {
    const start = this.#ip
    if (start + size > this.#src.length) {
      throw compressionError('COMPRESSION_TRUNCATED', { mode, offset: this.#src.length })
    }
    this.#ip = start + size
    return start
  }

  /** A number of up to 8 bytes, the lowest first. Beyond 2^53 it is not exact, and too large for anything here. */
  #number(size: number): number {
    const start = this.#skip(size)
    let value = 0
    for (let i = size - 1; i >= 0; i--) value = value * 256 + this.#src[start + i]!
    return value
  }

  #room(size: number): void {
    if (this.#op + size > this.#limit) {
      throw compressionError('COMPRESSION_LIMIT', { mode, limit: this.#limit, offset: this.#ip })
    }
    if (this.#op + size > this.#out.length) this.#out = grown(this.#out, this.#op, this.#op + size, this.#limit)
  }

  #frame(): void {
    const { contentSize, hasChecksum } = this.#header()
    this.#frameStart = this.#op
    this.#huffman = undefined
    this.#tables.clear()
    this.#offsets = [1, 4, 8]
    if (contentSize !== undefined && this.#op + contentSize > this.#limit) {
      throw compressionError('COMPRESSION_LIMIT', { mode, limit: this.#limit, offset: this.#ip })
    }
    for (let last = false; !last; ) {
      const head = this.#number(3)
      last = (head & 1) === 1
      this.#block((head >> 1) & 3, head >> 3)
    }
    const size = this.#op - this.#frameStart
    if (contentSize !== undefined && size !== contentSize) throw this.#corrupt('incorrect content size')
    if (hasChecksum) {
      const start = this.#ip
      const wanted = this.#number(4)
      if (xxh64Low(this.#out, this.#frameStart, this.#op) !== wanted) throw this.#corrupt('incorrect data check', start)
    }
  }

  /** RFC 8878, 3.1.1.1. */
  #header(): FrameHeader {
    const start = this.#ip
    const flags = this.#number(1)
    const isSingle = (flags & 32) !== 0
    if (flags & 8) throw this.#corrupt('reserved header bit set', start)
    if (!isSingle && 10 + (this.#number(1) >> 3) > LARGEST_WINDOW_LOG) throw this.#corrupt('window too large', start)
    if (this.#number([0, 1, 2, 4][flags & 3]!) !== 0) {
      throw compressionError('COMPRESSION_DICTIONARY', { mode, offset: start })
    }
    const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6]!
    const content = sizeBytes === 0 ? undefined : this.#number(sizeBytes) + (sizeBytes === 2 ? 256 : 0)
    return { contentSize: content, hasChecksum: (flags & 4) !== 0 }
  }

  #block(type: number, size: number): void {
    if (type === COMPRESSED) {
      if (size > LARGEST_BLOCK) throw this.#corrupt('block too large')
      const start = this.#skip(size)
      this.#compressed(start, start + size)
      return
    }
    if (type !== RAW && type !== REPEATED) throw this.#corrupt('invalid block type')
    const start = this.#skip(type === RAW ? size : 1)
    this.#room(size)
    if (type === RAW) this.#out.set(this.#src.subarray(start, start + size), this.#op)
    else this.#out.fill(this.#src[start]!, this.#op, this.#op + size)
    this.#op += size
  }

  #compressed(start: number, end: number): void {
    const behind = this.#readLiterals(start, end)
    const before = this.#op
    if (behind >= end) throw this.#corrupt('no sequences', start)
    this.#sequences(behind, end)
    if (this.#op - before > LARGEST_BLOCK) throw this.#corrupt('block too large', start)
  }

  /** RFC 8878, 3.1.1.3.1. Returns where the section ends. */
  #readLiterals(start: number, end: number): number {
    const src = this.#src
    const broken = () => this.#corrupt('invalid literals', start)
    if (start >= end) throw broken()
    const type = src[start]! & 3
    const format = (src[start]! >> 2) & 3
    if (type < 2) return this.#plainLiterals(type, format, start, end)
    const headSize = [3, 3, 4, 5][format]!
    const sizeBits = [10, 10, 14, 18][format]!
    if (start + headSize > end) throw broken()
    let head = 0
    for (let i = headSize - 1; i >= 0; i--) head = head * 256 + src[start + i]!
    head = Math.floor(head / 16)
    const count = head % 2 ** sizeBits
    const bodyStart = start + headSize
    const bodyEnd = bodyStart + Math.floor(head / 2 ** sizeBits)
    if (count > LARGEST_BLOCK || bodyEnd > end) throw broken()
    let at = bodyStart
    if (type === 2) {
      const read = readHuffmanTable(src, bodyStart, bodyEnd)
      if (!read) throw this.#corrupt('invalid Huffman table', bodyStart)
      this.#huffman = read.table
      at = read.end
    }
    if (!this.#huffman) throw this.#corrupt('no Huffman table to repeat', start)
    this.#holdLiterals(count)
    const streams = format === 0 ? 1 : 4
    if (!this.#readStreams(this.#huffman, streams, at, bodyEnd, count)) throw broken()
    return bodyEnd
  }

  #plainLiterals(type: number, format: number, start: number, end: number): number {
    const src = this.#src
    const headSize = format === 1 ? 2 : format === 3 ? 3 : 1
    const bodySize = (head: number) => (type === RAW ? head : 1)
    const head = src[start]! | ((src[start + 1] ?? 0) << 8) | ((src[start + 2] ?? 0) << 16)
    const count = headSize === 1 ? src[start]! >> 3 : (head & (headSize === 2 ? 0xffff : 0xffffff)) >> 4
    const body = start + headSize
    if (count > LARGEST_BLOCK || body + bodySize(count) > end) throw this.#corrupt('invalid literals', start)
    this.#holdLiterals(count)
    if (type === RAW) this.#literals.set(src.subarray(body, body + count))
    else this.#literals.fill(src[body]!, 0, count)
    return body + bodySize(count)
  }

  #holdLiterals(count: number): void {
    if (count > this.#literals.length) this.#literals = new Uint8Array(count)
    this.#literalCount = count
  }

  /** One stream, or four that share the literals, with the sizes of the first three in front. */
  #readStreams(table: HuffmanTable, streams: number, start: number, end: number, count: number): boolean {
    const src = this.#src
    const out = this.#literals
    if (streams === 1) return readLiterals(table, src, start, end, out, 0, count)
    const share = (count + 3) >> 2
    let at = start + 6
    if (at > end || 3 * share > count) return false
    for (let i = 0; i < 4; i++) {
      const size = i < 3 ? src[start + 2 * i]! | (src[start + 2 * i + 1]! << 8) : end - at
      const to = i < 3 ? (i + 1) * share : count
      if (at + size > end || !readLiterals(table, src, at, at + size, out, i * share, to)) return false
      at += size
    }
    return true
  }

  /** RFC 8878, 3.1.1.3.2. */
  #sequences(start: number, end: number): void {
    const src = this.#src
    const broken = () => this.#corrupt('invalid sequences', start)
    let at = start + 1
    let count = src[start]!
    if (count >= 128) {
      at += count === 255 ? 2 : 1
      if (at > end) throw broken()
      count = count === 255 ? src[start + 1]! + (src[start + 2]! << 8) + 0x7f00 : ((count - 128) << 8) + src[start + 1]!
    }
    if (count === 0) {
      if (at !== end) throw broken()
      this.#copyLiterals(0, this.#literalCount)
      return
    }
    if (at >= end || src[at]! & 3) throw broken()
    const modes = src[at++]!
    const read = (alphabet: Alphabet, how: number): FseTable => {
      const found = this.#table(alphabet, how, at, end)
      if (!found) throw this.#corrupt('invalid sequence table', at)
      at = found.end
      this.#tables.set(alphabet, found.table)
      return found.table
    }
    const literalTable = read(LITERAL_LENGTHS, modes >> 6)
    const offsetTable = read(OFFSETS, (modes >> 4) & 3)
    const matchTable = read(MATCH_LENGTHS, (modes >> 2) & 3)
    const bits = new BackBits()
    if (!bits.begin(src, at, end)) throw broken()
    this.#follow(bits, count, literalTable, offsetTable, matchTable)
    if (bits.left !== 0) throw broken()
  }

  /** The table that the block says to use; a predefined or repeated one takes no bytes, one of a single symbol takes one. */
  #table(alphabet: Alphabet, how: number, at: number, end: number): { table: FseTable; end: number } | undefined {
    if (how === 0) return { table: alphabet.predefined, end: at }
    if (how === 1) {
      if (at >= end || this.#src[at]! > alphabet.lastSymbol) return undefined
      return { table: singleSymbol(this.#src[at]!), end: at + 1 }
    }
    if (how === 2) return readFseTable(this.#src, at, end, alphabet.mostLog, alphabet.lastSymbol)
    const table = this.#tables.get(alphabet)
    return table && { table, end: at }
  }

  #follow(bits: BackBits, count: number, literals: FseTable, offsets: FseTable, matches: FseTable): void {
    const literalState = new FseState(literals, bits)
    const offsetState = new FseState(offsets, bits)
    const matchState = new FseState(matches, bits)
    let literal = 0
    for (let left = count; left > 0; left--) {
      const offsetCode = offsetState.symbol
      // So far back there is nothing.
      if (offsetCode > 30) throw this.#corrupt('invalid offset')
      const offsetValue = 2 ** offsetCode + bits.take(offsetCode)
      const matchCode = matchState.symbol
      const matchLength = MATCH_BASE[matchCode]! + bits.take(MATCH_EXTRA[matchCode]!)
      const literalCode = literalState.symbol
      const literalLength = LITERAL_BASE[literalCode]! + bits.take(LITERAL_EXTRA[literalCode]!)
      if (bits.left < 0 || literal + literalLength > this.#literalCount) throw this.#corrupt('invalid sequence')
      this.#copyLiterals(literal, literalLength)
      literal += literalLength
      this.#copyMatch(this.#offsetOf(offsetValue, literalLength), matchLength)
      if (left === 1) break
      literalState.next(bits)
      matchState.next(bits)
      offsetState.next(bits)
    }
    this.#copyLiterals(literal, this.#literalCount - literal)
  }

  /** Values up to 3 are one of the last three offsets; without literals in between the last one cannot be meant. */
  #offsetOf(value: number, literalLength: number): number {
    const [first, second, third] = this.#offsets
    const which = value > 3 ? 3 : value - 1 + (literalLength === 0 ? 1 : 0)
    if (which === 0) return first
    const offset = value > 3 ? value - 3 : which === 1 ? second : which === 2 ? third : first - 1
    this.#offsets = [offset, first, which === 1 ? third : second]
    return offset
  }

  #copyLiterals(from: number, count: number): void {
    this.#room(count)
    this.#out.set(this.#literals.subarray(from, from + count), this.#op)
    this.#op += count
  }

  #copyMatch(offset: number, length: number): void {
    if (offset < 1 || offset > this.#op - this.#frameStart) throw this.#corrupt('invalid offset')
    this.#room(length)
    const out = this.#out
    let op = this.#op
    let from = op - offset
    const to = op + length
    if (offset >= length && length > 32) out.copyWithin(op, from, from + length)
    else while (op < to) out[op++] = out[from++]!
    this.#op = to
  }
}
