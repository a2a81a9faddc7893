/** Reads bits from the end of a stream to its beginning, as Zstandard's entropy coders write them (RFC 8878, 4.1). */
export class BackBits {
  /** How many bits are left; below 0 when more were read than there were. What is missing reads as zeros. */
  left = 0
  #src: Uint8Array = new Uint8Array(0)
  #start = 0

  /** False where the last byte is 0: its highest bit marks the end, so one is always set. */
  begin(src: Uint8Array, start: number, end: number): boolean {
    this.#src = src
    this.#start = start
    const last = end > start ? src[end - 1]! : 0
    this.left = (end - start) * 8 - Math.clz32(last) + 23
    return last !== 0
  }

  /** The next `n` bits, 0 to 24, without taking them. */
  peek(n: number): number {
    const at = this.left - n
    if (at < 0) return at <= -n ? 0 : (this.#at(0) & ((1 << this.left) - 1)) << -at
    return this.#at(at) & ((1 << n) - 1)
  }

  /** The next `n` bits, 0 to 30. */
  take(n: number): number {
    if (n > 24) return this.take(n - 16) * 65536 + this.take(16)
    const value = this.peek(n)
    this.left -= n
    return value
  }

  /** At least 25 bits from this one on. */
  #at(bit: number): number {
    const src = this.#src
    const at = this.#start + (bit >> 3)
    const word = src[at]! | (src[at + 1]! << 8) | (src[at + 2]! << 16) | (src[at + 3]! << 24)
    return word >>> (bit & 7)
  }
}
