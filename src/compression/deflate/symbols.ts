// Deflate's alphabets (RFC 1951, 3.2.5): which symbol stands for a length or a distance, and what its extra bits count
// from.

export const END_OF_BLOCK = 256
export const LITERALS = 286
export const DISTANCES = 30
export const CODE_LENGTHS = 19

/** How many extra bits follow each of the 29 length symbols, from 257 on. */
export const LENGTH_EXTRA = /* @__PURE__ */ new Uint8Array([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
])
export const DISTANCE_EXTRA = /* @__PURE__ */ Uint8Array.from({ length: DISTANCES }, (_, i) =>
  Math.max(0, (i >> 1) - 1),
)
export const CODE_LENGTH_EXTRA = /* @__PURE__ */ Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 7)

/** The order in which a block lists the lengths of the codes for code lengths. */
export const LENGTHS_ORDER = /* @__PURE__ */ Uint8Array.of(
  16,
  17,
  18,
  0,
  8,
  7,
  9,
  6,
  10,
  5,
  11,
  4,
  12,
  3,
  13,
  2,
  14,
  1,
  15,
)

/** The first length less 3, and the first distance less 1, of each symbol. The longest length is out of the row. */
export const LENGTH_BASE = /* @__PURE__ */ basesOf(LENGTH_EXTRA).fill(255, 28)
export const DISTANCE_BASE = /* @__PURE__ */ basesOf(DISTANCE_EXTRA)

/** The symbol, less 257, of each length less 3. The longest has one of its own. */
export const LENGTH_SYMBOL = /* @__PURE__ */ lengthSymbols()

/** The symbol of each distance less 1: below 256 at its place, above at 256 and its upper 8 bits. */
export const DISTANCE_SYMBOL = /* @__PURE__ */ distanceSymbols()

function lengthSymbols(): Uint8Array {
  const symbols = new Uint8Array(256)
  for (let i = 0; i < 28; i++) symbols.fill(i, LENGTH_BASE[i]!, LENGTH_BASE[i]! + (1 << LENGTH_EXTRA[i]!))
  symbols[255] = 28
  return symbols
}

function distanceSymbols(): Uint8Array {
  const symbols = new Uint8Array(512)
  for (let i = 0; i < DISTANCES; i++) {
    const first = DISTANCE_BASE[i]!
    const end = first + (1 << DISTANCE_EXTRA[i]!)
    if (end <= 256) symbols.fill(i, first, end)
    else symbols.fill(i, 256 + (first >> 7), 256 + (end >> 7))
  }
  return symbols
}

function basesOf(extra: Uint8Array): Uint16Array {
  let base = 0
  return Uint16Array.from(extra, (bits) => {
    const first = base
    base += 1 << bits
    return first
  })
}
