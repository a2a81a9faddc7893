// The codes of a sequence (RFC 8878, 3.1.1.3.2): what their extra bits count from, how many those are, and the tables that
// hold unless a block brings its own.
import { type FseTable, fseTable } from './fse.js'

/** What a block says about one of its three alphabets. */
export interface Alphabet {
  readonly lastSymbol: number
  readonly mostLog: number
  readonly predefined: FseTable
}

/** From so many extra bits on each symbol has one more than the symbol before, and starts where that one ends. */
function basesOf(first: number, extra: Uint8Array): Uint32Array {
  let base = first
  return Uint32Array.from(extra, (bits) => {
    const own = base
    base += 2 ** bits
    return own
  })
}

const zeros = (count: number) => new Array<number>(count).fill(0)
const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

export const LITERAL_EXTRA = /* @__PURE__ */ (() =>
  Uint8Array.of(...zeros(16), 1, 1, 1, 1, 2, 2, 3, 3, 4, ...upTo(6, 16)))()
export const LITERAL_BASE = /* @__PURE__ */ basesOf(0, LITERAL_EXTRA)
export const MATCH_EXTRA = /* @__PURE__ */ (() =>
  Uint8Array.of(...zeros(32), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, ...upTo(7, 16)))()
export const MATCH_BASE = /* @__PURE__ */ basesOf(3, MATCH_EXTRA)

const times = (count: number, value: number) => new Array<number>(count).fill(value)

export const LITERAL_LENGTHS: Alphabet = /* @__PURE__ */ (() => ({
  lastSymbol: 35,
  mostLog: 9,
  predefined: fseTable(6, [4, 3, ...times(11, 2), 1, 1, 1, ...times(9, 2), 3, 2, ...times(5, 1), ...times(4, -1)]),
}))()
export const MATCH_LENGTHS: Alphabet = /* @__PURE__ */ (() => ({
  lastSymbol: 52,
  mostLog: 9,
  predefined: fseTable(6, [1, 4, 3, ...times(6, 2), ...times(37, 1), ...times(7, -1)]),
}))()
export const OFFSETS: Alphabet = /* @__PURE__ */ (() => ({
  lastSymbol: 31,
  mostLog: 8,
  predefined: fseTable(5, [...times(6, 1), 2, 2, 2, ...times(15, 1), ...times(5, -1)]),
}))()
