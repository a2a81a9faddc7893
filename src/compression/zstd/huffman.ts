import { BackBits } from './back-bits.js'
import { FseState, readFseTable } from './fse.js'

/** A Huffman code for literals: what the next `log` bits stand for, and how many of them it takes. */
export interface HuffmanTable {
  readonly log: number
  readonly symbols: Uint8Array
  readonly bits: Uint8Array
}

/** The longest code that the reference decoder takes. */
const MOST_LOG = 12

/** The weights themselves are at most so precise. */
const WEIGHTS_LOG = 6

/**
 * Reads the description of a code between `start` and `end` (RFC 8878, 4.2.1); nothing where it is broken.
 */
export function readHuffmanTable(
  src: Uint8Array,
  start: number,
  end: number,
): { table: HuffmanTable; end: number } | undefined {
  if (start >= end) return undefined
  const head = src[start]!
  const bodyEnd = start + 1 + (head < 128 ? head : (head - 126) >> 1)
  if (bodyEnd > end) return undefined
  const weights = head < 128 ? packedWeights(src, start + 1, bodyEnd) : plainWeights(src, start + 1, head - 127)
  const table = weights && tableOf(weights)
  return table && { table, end: bodyEnd }
}

function plainWeights(src: Uint8Array, start: number, count: number): number[] | undefined {
  const weights: number[] = []
  for (let i = 0; i < count; i++) weights.push((src[start + (i >> 1)]! >> (i & 1 ? 0 : 4)) & 15)
  return weights.every((weight) => weight <= MOST_LOG) ? weights : undefined
}

/** Two states take turns until the bits run out. */
function packedWeights(src: Uint8Array, start: number, end: number): number[] | undefined {
  const read = readFseTable(src, start, end, WEIGHTS_LOG, MOST_LOG)
  const bits = new BackBits()
  if (!read || !bits.begin(src, read.end, end)) return undefined
  let one = new FseState(read.table, bits)
  let other = new FseState(read.table, bits)
  if (bits.left < 0) return undefined
  const weights: number[] = []
  while (weights.length < 255) {
    weights.push(one.symbol)
    one.next(bits)
    if (bits.left < 0) {
      weights.push(other.symbol)
      return weights.length < 256 ? weights : undefined
    }
    ;[one, other] = [other, one]
  }
  return undefined
}

/** A weight of w stands for 2^(w-1) entries. The last symbol's is what is missing to a power of two. */
function tableOf(weights: number[]): HuffmanTable | undefined {
  let sum = 0
  for (const weight of weights) if (weight > 0) sum += 1 << (weight - 1)
  if (sum === 0) return undefined
  const log = 32 - Math.clz32(sum)
  const rest = (1 << log) - sum
  if (log > MOST_LOG || (rest & (rest - 1)) !== 0) return undefined
  weights.push(32 - Math.clz32(rest))
  const counts = new Uint16Array(MOST_LOG + 2)
  for (const weight of weights) counts[weight]!++
  if (counts[1]! < 2 || counts[1]! % 2 !== 0) return undefined
  return filledTable(weights, counts, log)
}

/** The smallest weights first, and within a weight the smaller symbol first. */
function filledTable(weights: readonly number[], counts: Uint16Array, log: number): HuffmanTable {
  const symbols = new Uint8Array(1 << log)
  const bits = new Uint8Array(1 << log)
  const starts = new Uint16Array(MOST_LOG + 2)
  for (let weight = 1; weight <= log; weight++) {
    starts[weight + 1] = starts[weight]! + (counts[weight]! << (weight - 1))
  }
  for (let symbol = 0; symbol < weights.length; symbol++) {
    const weight = weights[symbol]!
    if (weight === 0) continue
    const start = starts[weight]!
    const end = start + (1 << (weight - 1))
    starts[weight] = end
    for (let at = start; at < end; at++) {
      symbols[at] = symbol
      bits[at] = log + 1 - weight
    }
  }
  return { log, symbols, bits }
}

const stream = /* @__PURE__ */ new BackBits()

/** Fills `out` from `from` to before `to` from one stream, which must hold exactly so many literals. */
export function readLiterals(
  { log, symbols, bits }: HuffmanTable,
  src: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  from: number,
  to: number,
): boolean {
  if (!stream.begin(src, start, end)) return false
  for (let at = from; at < to; at++) {
    const entry = stream.peek(log)
    out[at] = symbols[entry]!
    stream.left -= bits[entry]!
    if (stream.left < 0) return false
  }
  return stream.left === 0
}
