/** How much memory is taken at once. A session that sends has a block or two. */
const BLOCK_SIZE = 1024

/** Copies above this size have memory of their own, so that a block holds several. */
const LARGEST = BLOCK_SIZE / 4

/** Up to this size V8 keeps an array's bytes beside its objects: such copies are cheap as they are. */
const LARGEST_CHEAP = 64

const NO_BLOCK = /* @__PURE__ */ new ArrayBuffer(0)

/**
 * Copies of small byte arrays, one behind the other in the same memory: to take memory for each costs ten times as much as
 * to copy a packet.
 *
 * For copies of one kind, that go in about the order in which they came: one that stays keeps its block alive, and all that
 * is in it.
 */
export class Arena {
  #block = NO_BLOCK
  #used = 0

  copy(bytes: Uint8Array): Uint8Array {
    const size = bytes.length
    if (size <= LARGEST_CHEAP || size > LARGEST) return new Uint8Array(bytes)
    if (size > this.#block.byteLength - this.#used) {
      this.#block = new ArrayBuffer(BLOCK_SIZE)
      this.#used = 0
    }
    const copy = new Uint8Array(this.#block, this.#used, size)
    copy.set(bytes)
    this.#used += size
    return copy
  }
}
