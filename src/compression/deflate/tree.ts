/** Nodes of the largest tree: a leaf for each of 286 symbols, and one less inside. One place more makes the heap count from 1. */
const HEAP_SIZE = 573

// Shared by all trees: they are built one after the other.
const heap = /* @__PURE__ */ new Uint16Array(HEAP_SIZE)
/** Frequency and, below it, depth of a node: what the heap is sorted by. */
const key = /* @__PURE__ */ new Int32Array(HEAP_SIZE)
const parent = /* @__PURE__ */ new Uint16Array(HEAP_SIZE)
const nodeLength = /* @__PURE__ */ new Uint8Array(HEAP_SIZE)
const lengthCounts = /* @__PURE__ */ new Uint16Array(16)
const nextCodes = /* @__PURE__ */ new Uint16Array(16)

const REVERSED = /* @__PURE__ */ Uint8Array.from({ length: 256 }, (_, byte) => {
  let reversed = 0
  for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) reversed |= 128 >> bit
  return reversed
})

/** The lowest `length` bits of `code` the other way round: Deflate sends codes from their highest bit on. */
function reversed(code: number, length: number): number {
  return ((REVERSED[code & 255]! << 8) | REVERSED[code >> 8]!) >> (16 - length)
}

/** Puts `heap[from]` where it belongs among those below it. Of two with the same key the one that is there stays. */
function sink(from: number, size: number): void {
  const node = heap[from]!
  const own = key[node]!
  let at = from
  for (let child = 2 * at; child <= size; child = 2 * at) {
    if (child < size && key[heap[child + 1]!]! <= key[heap[child]!]!) child++
    const below = heap[child]!
    if (own <= key[below]!) break
    heap[at] = below
    at = child
  }
  heap[at] = node
}

/**
 * One alphabet's Huffman code, made from how often each symbol comes. Several codes are equally good; this is the one that
 * zlib's trees.c finds, so ties are broken, and too long codes shortened, in the same way.
 */
export class Tree {
  /** How often each symbol comes; `clear` before the first. */
  readonly counts: Uint16Array
  /** Each symbol's code, first bit lowest, above 4 bits that are its length. 0 where there is none. */
  readonly codes: Int32Array
  /** The last symbol that has a code. */
  last = 0
  /** The bits that all symbols take together in this code, and in the one that Deflate fixes. */
  bits = 0
  fixedBits = 0
  readonly #extra: Uint8Array
  readonly #extraFrom: number
  readonly #fixedLengths: Uint8Array | undefined
  readonly #longest: number

  constructor(symbols: number, extra: Uint8Array, extraFrom: number, longest: number, fixedLengths?: Uint8Array) {
    this.counts = new Uint16Array(symbols)
    this.codes = new Int32Array(symbols + 1)
    this.#extra = extra
    this.#extraFrom = extraFrom
    this.#longest = longest
    this.#fixedLengths = fixedLengths
  }

  clear(): void {
    this.counts.fill(0)
  }

  build(): void {
    const root = this.#join(this.#fillHeap())
    this.#measure(root)
    this.#giveCodes()
  }

  /** All symbols that come, in a heap; at least two, for a code of one symbol would have no bits. */
  #fillHeap(): number {
    const { counts, codes } = this
    let size = 0
    let last = -1
    for (let symbol = 0; symbol < counts.length; symbol++) {
      const count = counts[symbol]!
      if (count === 0) {
        codes[symbol] = 0
        continue
      }
      heap[++size] = last = symbol
      key[symbol] = count << 8
    }
    this.bits = 0
    this.fixedBits = 0
    while (size < 2) {
      const symbol = last < 2 ? ++last : 0
      heap[++size] = symbol
      counts[symbol] = 1
      key[symbol] = 1 << 8
      // It is never sent.
      this.bits--
      if (this.#fixedLengths) this.fixedBits -= this.#fixedLengths[symbol]!
    }
    this.last = last
    for (let at = size >> 1; at >= 1; at--) sink(at, size)
    return size
  }

  /**
   * Joins the two rarest until one is left. Behind the heap, from the end on, gathers a list of all nodes by how often
   * they come.
   *
   * @returns where that list begins: with the root
   */
  #join(symbols: number): number {
    let size = symbols
    let list = HEAP_SIZE
    let node = this.counts.length
    while (size >= 2) {
      const rarest = heap[1]!
      heap[1] = heap[size--]!
      sink(1, size)
      const next = heap[1]!
      heap[--list] = rarest
      heap[--list] = next
      const a = key[rarest]!
      const b = key[next]!
      key[node] = (((a >> 8) + (b >> 8)) << 8) | (Math.max(a & 255, b & 255) + 1)
      parent[rarest] = node
      parent[next] = node
      heap[1] = node++
      sink(1, size)
    }
    heap[--list] = heap[1]!
    return list
  }

  /** How long each code is, and what all take together. */
  #measure(root: number): void {
    const longest = this.#longest
    const leaves = this.counts.length
    lengthCounts.fill(0)
    nodeLength[heap[root]!] = 0
    let tooLong = 0
    for (let at = root + 1; at < HEAP_SIZE; at++) {
      const node = heap[at]!
      let length = nodeLength[parent[node]!]! + 1
      if (length > longest) {
        length = longest
        tooLong++
      }
      nodeLength[node] = length
      if (node < leaves) lengthCounts[length]!++
    }
    if (tooLong > 0) this.#shorten(tooLong)
    this.#sum(root)
  }

  /** Takes the longest codes back to where they may be: each pair of them goes below a shorter one. */
  #shorten(tooLong: number): void {
    const longest = this.#longest
    for (let left = tooLong; left > 0; left -= 2) {
      let length = longest - 1
      while (lengthCounts[length] === 0) length--
      lengthCounts[length]!--
      lengthCounts[length + 1]! += 2
      lengthCounts[longest]!--
    }
    // The lengths are given out anew, the longest to the rarest.
    let at = HEAP_SIZE
    for (let length = longest; length > 0; length--) {
      for (let left = lengthCounts[length]!; left > 0; ) {
        const node = heap[--at]!
        if (node >= this.counts.length) continue
        nodeLength[node] = length
        left--
      }
    }
  }

  #sum(root: number): void {
    const { counts } = this
    const extra = this.#extra
    const from = this.#extraFrom
    const fixed = this.#fixedLengths
    let bits = 0
    let fixedBits = 0
    for (let at = root; at < HEAP_SIZE; at++) {
      const node = heap[at]!
      if (node >= counts.length) continue
      const more = node >= from ? extra[node - from]! : 0
      bits += counts[node]! * (nodeLength[node]! + more)
      if (fixed) fixedBits += counts[node]! * (fixed[node]! + more)
    }
    this.bits += bits
    this.fixedBits += fixedBits
  }

  /** Shorter codes first, and within a length the smaller symbol first: so the lengths alone say all (RFC 1951, 3.2.2). */
  #giveCodes(): void {
    const { codes, counts, last } = this
    let code = 0
    for (let length = 1; length <= this.#longest; length++) {
      code = (code + (length === 1 ? 0 : lengthCounts[length - 1]!)) << 1
      nextCodes[length] = code
    }
    for (let symbol = 0; symbol <= last; symbol++) {
      if (counts[symbol] === 0) continue
      const length = nodeLength[symbol]!
      codes[symbol] = (reversed(nextCodes[length]!++, length) << 4) | length
    }
  }
}

/** The codes for lengths that are known, in the form of `Tree.codes`. */
export function codesFor(lengths: Uint8Array): Int32Array {
  const counts = new Uint16Array(16)
  for (const length of lengths) counts[length]!++
  const next = new Uint16Array(16)
  for (let length = 2; length < 16; length++) next[length] = (next[length - 1]! + counts[length - 1]!) << 1
  return Int32Array.from(lengths, (length) => (reversed(next[length]!++, length) << 4) | length)
}
