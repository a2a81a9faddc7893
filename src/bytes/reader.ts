/** Called when fewer bytes are left than a read needs; throws the room's own error. */
export type OnTruncated = (facts: { offset: number; needed: number; left: number }, reader: ByteReader) => never

/** A little-endian cursor that never reads past its end: the room that opens it names the error. */
export class ByteReader {
  view: DataView

  constructor(
    public bytes: Uint8Array,
    public offset: number,
    public end: number,
    private readonly onTruncated: OnTruncated,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get left(): number {
    return this.end - this.offset
  }

  /** Moves over `count` bytes and returns where they start. */
  take(count: number): number {
    const at = this.offset
    if (count > this.end - at) this.onTruncated({ offset: at, needed: count, left: this.end - at }, this)
    this.offset = at + count
    return at
  }

  readUint8(): number {
    return this.bytes[this.take(1)]!
  }

  readUint32(): number {
    return this.view.getUint32(this.take(4), true)
  }

  readInt32(): number {
    return this.view.getInt32(this.take(4), true)
  }

  readBigInt64(): bigint {
    return this.view.getBigInt64(this.take(8), true)
  }

  readBigUint64(): bigint {
    return this.view.getBigUint64(this.take(8), true)
  }

  readFloat32(): number {
    return this.view.getFloat32(this.take(4), true)
  }

  readFloat64(): number {
    return this.view.getFloat64(this.take(8), true)
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
