/** Bytes that came and were not read yet. */

const EMPTY = /* @__PURE__ */ new Uint8Array(0)
const SMALLEST = 256
/** More memory than this is given back when it is not needed: one large frame must not hold it for ever. */
const LARGEST_KEPT = 0x10000

/**
 * A queue of bytes that lie in one piece, so that a frame is read where it lies. It takes no memory but for bytes that
 * came: at most twice what it held before a push, and the chunk. Chunks are copied.
 */
export class ByteQueue {
  #bytes = EMPTY
  #start = 0
  #end = 0

  get length(): number {
    return this.#end - this.#start
  }

  push(chunk: Uint8Array): void {
    this.#makeRoom(chunk.length)
    this.#bytes.set(chunk, this.#end)
    this.#end += chunk.length
  }

  /** The unsigned int `at` bytes behind the first one, which must be there. */
  uint32(at: number, bigEndian: boolean): number {
    const i = this.#start + at
    const [a, b, c, d] = [this.#bytes[i]!, this.#bytes[i + 1]!, this.#bytes[i + 2]!, this.#bytes[i + 3]!]
    return bigEndian ? ((a << 24) | (b << 16) | (c << 8) | d) >>> 0 : ((d << 24) | (c << 16) | (b << 8) | a) >>> 0
  }

  /**
   * Removes `count` bytes, which must be there, and returns those behind the first `skipped` of them: a view that holds
   * until the next push.
   */
  take(count: number, skipped: number): Uint8Array {
    const view = this.#bytes.subarray(this.#start + skipped, this.#start + count)
    this.#start += count
    if (this.#bytes.length > LARGEST_KEPT && this.length * 4 < this.#bytes.length) this.#shrink()
    if (this.#start === this.#end) this.#start = this.#end = 0
    return view
  }

  clear(): void {
    this.#bytes = EMPTY
    this.#start = this.#end = 0
  }

  #makeRoom(count: number): void {
    if (this.#end + count <= this.#bytes.length) return
    const held = this.length
    // What is moved is paid for: as many bytes again come before the next move. Moving at every chance that there is
    // would cost the square of what is held when every frame is small and many of them wait.
    const size = held + count + held
    if (size <= this.#bytes.length) this.#bytes.copyWithin(0, this.#start, this.#end)
    else this.#moveTo(new Uint8Array(Math.max(size, SMALLEST)))
    this.#start = 0
    this.#end = held
  }

  /** Three quarters of the memory were read since it was taken, so these copies cost less than what came. */
  #shrink(): void {
    const held = this.length
    this.#moveTo(held === 0 ? EMPTY : new Uint8Array(held))
    this.#start = 0
    this.#end = held
  }

  #moveTo(bytes: Uint8Array<ArrayBuffer>): void {
    bytes.set(this.#bytes.subarray(this.#start, this.#end))
    this.#bytes = bytes
  }
}
