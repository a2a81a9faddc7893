import { BlockWriter } from './block.js'

/** How hard to look for matches; zlib's table of levels. */
interface Effort {
  /** Of so good a match a quarter of the chain is searched for a better one. */
  readonly good: number
  /** A match this long is not put off for a better one; fast levels look no further inside a longer one. */
  readonly lazy: number
  /** A match this long is good enough. */
  readonly nice: number
  /** How many places are tried. */
  readonly chain: number
}

const effort = (good: number, lazy: number, nice: number, chain: number): Effort => ({ good, lazy, nice, chain })

/** By level; level 0 stores, levels 1 to 3 take the first match that they find. */
const EFFORTS: readonly Effort[] = [
  /* @__PURE__ */ effort(0, 0, 0, 0),
  /* @__PURE__ */ effort(4, 4, 8, 4),
  /* @__PURE__ */ effort(4, 5, 16, 8),
  /* @__PURE__ */ effort(4, 6, 32, 32),
  /* @__PURE__ */ effort(4, 4, 16, 16),
  /* @__PURE__ */ effort(8, 16, 32, 32),
  /* @__PURE__ */ effort(8, 16, 128, 128),
  /* @__PURE__ */ effort(8, 32, 128, 256),
  /* @__PURE__ */ effort(32, 128, 258, 1024),
  /* @__PURE__ */ effort(32, 258, 258, 4096),
]
const FIRST_LAZY = 4

const MIN_MATCH = 3
const MAX_MATCH = 258
const WINDOW = 32768
const WINDOW_MASK = WINDOW - 1
/** What zlib wants to see in front of it: a match, the three bytes behind it, and one. */
const LOOKAHEAD = MAX_MATCH + MIN_MATCH + 1
const FARTHEST = WINDOW - LOOKAHEAD
/** A match of three bytes costs more than three literals when it is farther back than this. */
const TOO_FAR = 4096
const HASH_MASK = 32767
/** Farther than any match reaches. */
const BEYOND = 0xffff

/**
 * Deflate as zlib's deflate.c does it with 15 window bits and memLevel 8: the same hash of three bytes, the same chains,
 * the same choice among matches, and so the same bytes. zlib's window slides over the input; here the input is the window,
 * and places are counted on from call to call, so that what earlier calls left in the tables is never near enough to be
 * found and nothing needs to be cleared.
 */
export class Deflater {
  /** Where three bytes of some hash were last seen. */
  readonly #head = new Int32Array(HASH_MASK + 1)
  /** How far back the three bytes at a place, modulo the window, were seen before; 65,535 is too far. */
  readonly #back = new Uint16Array(WINDOW)
  readonly #writer = new BlockWriter()
  #src: Uint8Array = new Uint8Array(0)
  /** What stands in the tables for place 0 of this input, a multiple of the window. Nothing is ever found there: zlib has 0 for no place. */
  #base = 0
  #view: DataView = new DataView(new ArrayBuffer(0))
  #effort: Effort = EFFORTS[6]!
  #matchStart = 0
  #blockStart = 0
  /** Where zlib's window of twice 32 KiB would begin now, and at which place it moves on. */
  #windowStart = 0
  #windowMoves = 0

  /** Writes the whole of `src` at `op` and returns where the output ends. */
  run(src: Uint8Array, out: Uint8Array, op: number, level: number): number {
    const size = src.length
    if (this.#base + size > 0x7fff0000 - 2 * WINDOW) {
      this.#head.fill(0)
      this.#base = 0
    }
    this.#base += WINDOW
    this.#src = src
    this.#view = new DataView(src.buffer, src.byteOffset, src.length)
    this.#effort = EFFORTS[level]!
    this.#blockStart = 0
    this.#windowStart = 0
    this.#fillWindow(0)
    this.#writer.begin(out, op)
    if (level === 0) this.#store()
    else if (level < FIRST_LAZY) this.#takeFirst()
    else this.#takeBetter()
    this.#writer.toByte()
    this.#base += size & ~WINDOW_MASK
    this.#src = EMPTY
    return this.#writer.op
  }

  #store(): void {
    const src = this.#src
    for (let at = 0; at < src.length; at += 0xffff) {
      const end = Math.min(src.length, at + 0xffff)
      this.#writer.stored(src, at, end, end === src.length)
    }
  }

  /** Moves zlib's window as zlib does: when it sees too little in front of it. */
  #fillWindow(at: number): void {
    const size = this.#src.length
    if (at - this.#windowStart >= WINDOW + FARTHEST) this.#windowStart += WINDOW
    const filled = Math.min(size, this.#windowStart + 2 * WINDOW)
    this.#windowMoves = filled === size ? this.#windowStart + WINDOW + FARTHEST : filled - LOOKAHEAD + 1
  }

  /** A block can only be stored while its first byte is in the window. */
  #flush(end: number, last: boolean): void {
    const start = this.#blockStart
    this.#writer.flush(this.#src, start, end, start >= this.#windowStart, last)
    this.#blockStart = end
  }

  /** Levels 1 to 3: every match that is found is taken. */
  #takeFirst(): void {
    const src = this.#src
    const size = src.length
    const head = this.#head
    const back = this.#back
    const base = this.#base
    const writer = this.#writer
    const { lazy } = this.#effort
    const lastHashed = size - MIN_MATCH
    let at = 0
    while (at < size) {
      if (at >= this.#windowMoves) this.#fillWindow(at)
      let length = 0
      if (at <= lastHashed) {
        const hash = ((src[at]! << 10) ^ (src[at + 1]! << 5) ^ src[at + 2]!) & HASH_MASK
        const place = base + at
        const found = head[hash]!
        back[at & WINDOW_MASK] = Math.min(place - found, BEYOND)
        head[hash] = place
        if (found > base && place - found <= FARTHEST) length = this.#longestMatch(found - base, at, MIN_MATCH - 1)
      }
      let full: boolean
      if (length >= MIN_MATCH) {
        full = writer.match(length, at - this.#matchStart)
        const next = at + length
        if (length <= lazy && next <= lastHashed) {
          while (++at < next) {
            const hash = ((src[at]! << 10) ^ (src[at + 1]! << 5) ^ src[at + 2]!) & HASH_MASK
            const place = base + at
            back[at & WINDOW_MASK] = Math.min(place - head[hash]!, BEYOND)
            head[hash] = place
          }
        }
        at = next
      } else {
        full = writer.literal(src[at++]!)
      }
      if (full) this.#flush(at, false)
    }
    this.#flush(size, true)
  }

  /** Levels 4 to 9: a match waits until it is seen whether the next byte begins a longer one. */
  #takeBetter(): void {
    const src = this.#src
    const size = src.length
    const head = this.#head
    const back = this.#back
    const base = this.#base
    const writer = this.#writer
    const { lazy } = this.#effort
    const lastHashed = size - MIN_MATCH
    let hash = size > 1 ? (src[0]! << 5) ^ src[1]! : 0
    let length = MIN_MATCH - 1
    let waits = false
    let at = 0
    while (at < size) {
      if (at >= this.#windowMoves) this.#fillWindow(at)
      const earlierLength = length
      const earlierStart = this.#matchStart
      length = MIN_MATCH - 1
      if (at <= lastHashed) {
        hash = ((hash << 5) ^ src[at + 2]!) & HASH_MASK
        const place = base + at
        const found = head[hash]!
        back[at & WINDOW_MASK] = Math.min(place - found, BEYOND)
        head[hash] = place
        if (found > base && earlierLength < lazy && place - found <= FARTHEST) {
          length = this.#longestMatch(found - base, at, earlierLength)
          if (length === MIN_MATCH && at - this.#matchStart > TOO_FAR) length = MIN_MATCH - 1
        }
      }
      if (earlierLength >= MIN_MATCH && length <= earlierLength) {
        const full = writer.match(earlierLength, at - 1 - earlierStart)
        const next = at - 1 + earlierLength
        const lastInside = Math.min(next - 1, lastHashed)
        while (at < lastInside) {
          at++
          hash = ((hash << 5) ^ src[at + 2]!) & HASH_MASK
          const place = base + at
          back[at & WINDOW_MASK] = Math.min(place - head[hash]!, BEYOND)
          head[hash] = place
        }
        at = next
        waits = false
        length = MIN_MATCH - 1
        if (full) this.#flush(at, false)
      } else {
        if (waits && writer.literal(src[at - 1]!)) this.#flush(at, false)
        waits = true
        at++
      }
    }
    if (waits) writer.literal(src[size - 1]!)
    this.#flush(size, true)
  }

  /**
   * The longest match for the bytes at `at` among the places that the chain from `first` on leads to; it must be longer
   * than `atLeast`. `#matchStart` is where it begins.
   */
  #longestMatch(first: number, at: number, atLeast: number): number {
    const src = this.#src
    const back = this.#back
    const { good, nice, chain } = this.#effort
    const most = Math.min(src.length - at, MAX_MATCH)
    let best = atLeast
    // No longer match fits into what is left.
    if (best >= most) return most
    const enough = Math.min(nice, most)
    const limit = Math.max(at - FARTHEST, 0)
    const view = this.#view
    const begin = view.getUint16(at)
    let tries = atLeast >= good ? chain >> 2 : chain
    let from = first
    let end = view.getUint16(at + best - 1)
    do {
      // The third byte is the same: the hash says so once two are.
      if (view.getUint16(from + best - 1) === end && view.getUint16(from) === begin) {
        let length = MIN_MATCH
        const last4 = most - 4
        while (length <= last4 && view.getInt32(from + length) === view.getInt32(at + length)) length += 4
        while (length < most && src[from + length] === src[at + length]) length++
        if (length > best) {
          this.#matchStart = from
          best = length
          if (length >= enough) break
          end = view.getUint16(at + best - 1)
        }
      }
      from -= back[from & WINDOW_MASK]!
    } while (from > limit && --tries !== 0)
    return best
  }
}

const EMPTY = /* @__PURE__ */ new Uint8Array(0)
