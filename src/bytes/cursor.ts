/** What is missing where fewer bytes are left than a read needs. */
export interface Truncation {
  readonly offset: number
  readonly needed: number
  readonly left: number
}

/**
 * A little-endian cursor for a few small reads, that never reads past its end. It has no DataView: to make one costs as much
 * as to read ten numbers.
 */
export abstract class ByteCursor {
  constructor(
    public bytes: Uint8Array,
    public offset: number,
    public end: number,
  ) {}

  /** Fewer bytes are left than a read needs: throws the room's own error. */
  protected abstract truncated(facts: Truncation): never

  get left(): number {
    return this.end - this.offset
  }

  /** Moves over `count` bytes and returns where they start. */
  take(count: number): number {
    const at = this.offset
    if (count > this.end - at) this.truncated({ offset: at, needed: count, left: this.end - at })
    this.offset = at + count
    return at
  }

  readUint8(): number {
    return this.bytes[this.take(1)]!
  }

  readUint32(): number {
    const at = this.take(4)
    const { bytes } = this
    return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
  }

  /** Unsigned LEB128 up to 2^32 - 1; undefined where it is longer or larger, with the cursor behind what was read. */
  readVarint(): number | undefined {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.readUint8()
      if (shift === 28 && byte > 0x0f) return undefined
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
    return undefined
  }

  /** A view of the next `count` bytes; copy it before it outlives the input. */
  readView(count: number): Uint8Array {
    const at = this.take(count)
    return this.bytes.subarray(at, at + count)
  }
}
