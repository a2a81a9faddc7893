import type { BackBits } from './back-bits.js'

/** A table of finite state entropy (RFC 8878, 4.1): each state stands for a symbol and says which states can follow. */
export interface FseTable {
  /** The table has 2^log states. */
  readonly log: number
  readonly symbols: Uint8Array
  /** How many bits choose the next state, and what they count from. */
  readonly bits: Uint8Array
  readonly bases: Uint16Array
}

/** One symbol, over and over, without a bit. */
export function singleSymbol(symbol: number): FseTable {
  return { log: 0, symbols: Uint8Array.of(symbol), bits: Uint8Array.of(0), bases: Uint16Array.of(0) }
}

/** The table for how often, out of 2^log times, each symbol comes; -1 is less than once. */
export function fseTable(log: number, counts: readonly number[]): FseTable {
  const size = 1 << log
  const symbols = new Uint8Array(size)
  const next = new Uint16Array(counts.length)
  let high = size
  for (let symbol = 0; symbol < counts.length; symbol++) {
    next[symbol] = Math.abs(counts[symbol]!)
    if (counts[symbol] === -1) symbols[--high] = symbol
  }
  const step = (size >> 1) + (size >> 3) + 3
  let at = 0
  for (let symbol = 0; symbol < counts.length; symbol++) {
    for (let left = counts[symbol]!; left > 0; left--) {
      symbols[at] = symbol
      do at = (at + step) & (size - 1)
      while (at >= high)
    }
  }
  const bits = new Uint8Array(size)
  const bases = new Uint16Array(size)
  for (let state = 0; state < size; state++) {
    const turn = next[symbols[state]!]!++
    bits[state] = log - (31 - Math.clz32(turn))
    bases[state] = (turn << bits[state]!) - size
  }
  return { log, symbols, bits, bases }
}

export interface ReadTable {
  readonly table: FseTable
  /** Where the description ends. */
  readonly end: number
}

/**
 * Reads the description of a table between `start` and `end` (RFC 8878, 4.1.1); nothing where it is broken: too precise, for
 * a symbol beyond the last, or beyond the end.
 */
export function readFseTable(
  src: Uint8Array,
  start: number,
  end: number,
  mostLog: number,
  lastSymbol: number,
): ReadTable | undefined {
  let bit = start * 8
  /** The next bits, lowest first; zeros behind the end, which is looked up in the end. */
  const peek = (n: number): number => {
    const at = bit >> 3
    const word = (src[at] ?? 0) | ((src[at + 1] ?? 0) << 8) | ((src[at + 2] ?? 0) << 16)
    return (word >> (bit & 7)) & ((1 << n) - 1)
  }
  const log = peek(4) + 5
  bit += 4
  if (log > mostLog) return undefined
  const counts: number[] = []
  let left = 1 << log
  while (left > 0) {
    if (counts.length > lastSymbol || bit > end * 8) return undefined
    // Values from 0 to `left` + 1; the small ones take one bit less.
    const n = 32 - Math.clz32(left + 1)
    const short = (1 << n) - 2 - left
    let value = peek(n)
    const low = value & ((1 << (n - 1)) - 1)
    if (low < short) {
      value = low
      bit += n - 1
    } else {
      if (value >= 1 << (n - 1)) value -= short
      bit += n
    }
    counts.push(value - 1)
    left -= Math.abs(value - 1)
    if (value !== 1) continue
    // Behind a symbol that never comes stands how many more do not.
    let more: number
    do {
      more = peek(2)
      bit += 2
      for (let i = 0; i < more; i++) counts.push(0)
    } while (more === 3 && counts.length <= lastSymbol)
  }
  const tableEnd = (bit + 7) >> 3
  if (left < 0 || counts.length > lastSymbol + 1 || tableEnd > end) return undefined
  return { table: fseTable(log, counts), end: tableEnd }
}

/** A walk through a table. */
export class FseState {
  #table: FseTable
  #state: number

  constructor(table: FseTable, bits: BackBits) {
    this.#table = table
    this.#state = bits.take(table.log)
  }

  get symbol(): number {
    return this.#table.symbols[this.#state]!
  }

  next(bits: BackBits): void {
    const { bases, bits: counts } = this.#table
    this.#state = bases[this.#state]! + bits.take(counts[this.#state]!)
  }
}
