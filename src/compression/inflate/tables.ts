// Tables that turn the next bits of a Deflate stream into a symbol (RFC 1951, 3.2). One entry is one number:
//   bits 0-3    how many bits the code takes (of a link: how many lead to it)
//   bits 4-7    how many extra bits follow (of a link: how many bits choose in the table behind it)
//   bits 8-23   a literal, the base of a length or distance, or where the table behind a link starts
//   bits 24-27  what it is; 0 is a literal in one kind of table and a distance in the other
export const LENGTH = 0x1000000
export const END_OF_BLOCK = 0x2000000
export const LINK = 0x4000000
export const INVALID = 0x8000000

/** Codes longer than this are found by a link, in a second step. */
const ROOT_LITERALS = 9
const ROOT_DISTANCES = 7
const ROOT_LENGTHS = 7

/** Each length or distance code starts where the one before ended, `extra` bits wide. */
function ranges(first: number, extra: readonly number[], kind: number): number[] {
  let base = first
  return extra.map((bits) => {
    const entry = kind | (base << 8) | (bits << 4)
    base += 1 << bits
    return entry
  })
}

const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5]
const DISTANCE_EXTRA = /* @__PURE__ */ Array.from({ length: 30 }, (_, i) => Math.max(0, (i >> 1) - 1))

/** What stands in an entry beside the bits of its code, by symbol. Length 258 has a code of its own, without extra bits. */
const LITERALS = /* @__PURE__ */ (() =>
  Int32Array.from([
    ...Array.from({ length: 256 }, (_, value) => value << 8),
    END_OF_BLOCK,
    ...ranges(3, LENGTH_EXTRA, LENGTH),
    LENGTH | (258 << 8),
    INVALID,
    INVALID,
  ]))()
const DISTANCES = /* @__PURE__ */ (() => Int32Array.from([...ranges(1, DISTANCE_EXTRA, 0), INVALID, INVALID]))()
const CODE_LENGTHS = /* @__PURE__ */ Int32Array.from({ length: 19 }, (_, symbol) => symbol << 8)

/** One alphabet's table: `clear`, `add` each symbol that has a code in rising order, `build`. */
export class DecodeTable {
  readonly entries: Int32Array
  /** How many bits the first step looks at. */
  bits = 0
  readonly #symbols: Int32Array
  readonly #root: number
  readonly #mayBeSingle: boolean
  /** The symbols that have a code, with its length, and how many codes of each length there are. */
  readonly #added = new Uint16Array(288)
  readonly #lengths = new Uint8Array(288)
  readonly #counts = new Uint16Array(16)
  #size = 0
  #longest = 0

  /**
   * `mayBeSingle`: one code alone may leave half of its bits unused. Deflate allows it in all alphabets but that of the
   * code lengths.
   */
  constructor(symbols: Int32Array, root: number, mayBeSingle: boolean, size: number) {
    this.#symbols = symbols
    this.#root = root
    this.#mayBeSingle = mayBeSingle
    this.entries = new Int32Array(size)
  }

  clear(): void {
    for (let length = this.#longest; length > 0; length--) this.#counts[length] = 0
    this.#size = 0
    this.#longest = 0
  }

  add(symbol: number, length: number): void {
    this.#added[this.#size] = symbol
    this.#lengths[this.#size++] = length
    this.#counts[length]!++
    if (length > this.#longest) this.#longest = length
  }

  /** False where the lengths that were added are no code. */
  build(): boolean {
    const longest = this.#longest
    if (longest === 0) return this.#withoutCodes()
    // How many codes of each length are still free; fewer than none is one too many.
    let free = 1
    starts[1] = 0
    for (let length = 1; length <= longest; length++) {
      const count = this.#counts[length]!
      free = 2 * free - count
      if (free < 0) return false
      starts[length + 1] = starts[length]! + count
    }
    if (free > 0 && !(this.#mayBeSingle && longest === 1)) return false
    // By length of code, and by value within one length: the order in which codes are given out.
    const symbols = this.#symbols
    for (let i = 0; i < this.#size; i++) sorted[starts[this.#lengths[i]!]!++] = symbols[this.#added[i]!]!
    this.#fill(longest)
    // A single code of one bit is always 0.
    if (free > 0) this.entries[1] = INVALID | 1
    return true
  }

  /**
   * Nothing may come then. For zlib a table of code lengths without codes is one in which every bit stands for the length
   * 0: that the end of the block has no code is seen when all of them were read.
   */
  #withoutCodes(): boolean {
    this.bits = 1
    this.entries[0] = this.entries[1] = this.#mayBeSingle ? INVALID | 1 : 1
    return true
  }

  /** Codes count up from 0, and their bits arrive first bit first: so they are counted backwards here. */
  #fill(longest: number): void {
    const { entries } = this
    const counts = this.#counts
    const root = Math.min(longest, this.#root)
    const size = 1 << root
    this.bits = root
    let next = 0
    let code = 0
    for (let length = 1; length <= root; length++) {
      const step = 1 << length
      for (let n = counts[length]!; n > 0; n--) {
        const entry = sorted[next++]! | length
        for (let at = code; at < size; at += step) entries[at] = entry
        code = nextCode(code, length)
      }
    }
    if (longest > root) this.#fillBehindLinks(next, code, root, longest)
  }

  #fillBehindLinks(firstSymbol: number, firstCode: number, root: number, longest: number): void {
    const { entries } = this
    const counts = this.#counts
    const mask = (1 << root) - 1
    let next = firstSymbol
    let code = firstCode
    let table = 1 << root
    let size = 0
    let prefix = -1
    for (let length = root + 1; length <= longest; length++) {
      for (let n = counts[length]!; n > 0; n--) {
        if ((code & mask) !== prefix) {
          prefix = code & mask
          table += size
          const bits = this.#bitsBehind(length - root, n, root, longest)
          size = 1 << bits
          entries[prefix] = LINK | (table << 8) | (bits << 4) | root
        }
        const entry = sorted[next++]! | (length - root)
        for (let at = code >> root; at < size; at += 1 << (length - root)) entries[table + at] = entry
        code = nextCode(code, length)
      }
    }
  }

  /** How many bits the table behind a link takes: enough for the codes that begin like it. */
  #bitsBehind(shortest: number, left: number, root: number, longest: number): number {
    const counts = this.#counts
    let bits = shortest
    let free = (1 << bits) - left
    while (free > 0 && bits + root < longest) {
      bits++
      free = 2 * free - counts[root + bits]!
    }
    return bits
  }
}

const starts = /* @__PURE__ */ new Uint16Array(17)
/** Entries without the bits of their codes. */
const sorted = /* @__PURE__ */ new Int32Array(288)

/** The code behind `code`, counting with the first bit as the lowest. */
function nextCode(code: number, length: number): number {
  let bit = 1 << (length - 1)
  while (code & bit) bit >>= 1
  return bit === 0 ? 0 : (code & (bit - 1)) | bit
}

// A table of 2^n entries behind a link holds at least n + 1 codes. So 286 literals take less than 512 + 286 / 7 * 64
// entries, and 30 distances less than 128 + 30 / 9 * 256.
export const literals = /* @__PURE__ */ new DecodeTable(LITERALS, ROOT_LITERALS, true, 4096)
export const distances = /* @__PURE__ */ new DecodeTable(DISTANCES, ROOT_DISTANCES, true, 1024)
export const codeLengths = /* @__PURE__ */ new DecodeTable(CODE_LENGTHS, ROOT_LENGTHS, false, 128)

let fixed: { literals: DecodeTable; distances: DecodeTable } | undefined

/** The code that Deflate itself defines, made when first met. */
export function fixedTables(): { literals: DecodeTable; distances: DecodeTable } {
  if (fixed) return fixed
  fixed = { literals: new DecodeTable(LITERALS, 9, true, 512), distances: new DecodeTable(DISTANCES, 5, true, 32) }
  for (let i = 0; i < 288; i++) fixed.literals.add(i, i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)
  for (let i = 0; i < 32; i++) fixed.distances.add(i, 5)
  fixed.literals.build()
  fixed.distances.build()
  return fixed
}
