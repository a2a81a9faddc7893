import { maxUtf8Length, type Utf8Dialect, writeUtf8 } from './utf8.js'

const FIRST_CAPACITY = 256

/**
 * Little-endian bytes that grow as they are written. Every write reserves its own room; nothing is zeroed twice, and
 * padding bytes are zero because fresh memory is and `reset` forgets none that was not overwritten.
 */
export class ByteWriter {
  bytes: Uint8Array<ArrayBuffer>
  view: DataView
  length = 0
  /** No memory is taken for more bytes than this; what fits into memory that is there passes. */
  limit = Number.POSITIVE_INFINITY

  constructor(capacity = FIRST_CAPACITY) {
    this.bytes = new Uint8Array(capacity)
    this.view = new DataView(this.bytes.buffer)
  }

  /**
   * Makes room for `count` more bytes and returns the offset where they start; `length` already includes them. Where not
   * all may be needed, `sure` are.
   */
  reserve(count: number, sure = count): number {
    const at = this.length
    const end = at + count
    if (end > this.bytes.length) this.#grow(end, at + sure)
    this.length = end
    return at
  }

  /**
   * Room for `count` bytes and no more, where nothing is written yet: what fills its memory to the end can take it along
   * with `takeBytes`. No more than a hint: `reserve` says what the limit allows.
   */
  expect(count: number): void {
    if (this.length === 0 && count > this.bytes.length && count <= this.limit) this.use(new Uint8Array(count))
  }

  #grow(needed: number, sure: number): void {
    if (sure > this.limit) this.overflow()
    const bytes = new Uint8Array(Math.max(needed, this.bytes.length * 2))
    bytes.set(this.bytes.subarray(0, this.length))
    this.use(bytes)
  }

  /** Goes on in this memory. */
  protected use(bytes: Uint8Array<ArrayBuffer>): void {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer)
  }

  /** More than `limit` was asked for: throws the room's own error. */
  protected overflow(): never {
    throw new RangeError(`more than ${this.limit} bytes`)
  }

  writeUint8(value: number): void {
    const at = this.reserve(1)
    this.bytes[at] = value
  }

  writeUint32(value: number): void {
    const at = this.reserve(4)
    this.view.setUint32(at, value, true)
  }

  writeInt32(value: number): void {
    const at = this.reserve(4)
    this.view.setInt32(at, value, true)
  }

  writeBigInt64(value: bigint): void {
    const at = this.reserve(8)
    this.view.setBigInt64(at, value, true)
  }

  writeBigUint64(value: bigint): void {
    const at = this.reserve(8)
    this.view.setBigUint64(at, value, true)
  }

  writeFloat32(value: number): void {
    const at = this.reserve(4)
    this.view.setFloat32(at, value, true)
  }

  writeFloat64(value: number): void {
    const at = this.reserve(8)
    this.view.setFloat64(at, value, true)
  }

  writeBytes(source: Uint8Array): void {
    const at = this.reserve(source.length)
    this.bytes.set(source, at)
  }

  /** Unsigned LEB128, 1 to 5 bytes, for 0 to 2^32 - 1. */
  writeVarint(value: number): void {
    let rest = value >>> 0
    while (rest > 0x7f) {
      this.writeUint8((rest & 0x7f) | 0x80)
      rest >>>= 7
    }
    this.writeUint8(rest)
  }

  /** UTF-8 without length or end mark; returns how many bytes it took. */
  writeUtf8(text: string, dialect: Utf8Dialect): number {
    const at = this.reserve(maxUtf8Length(text), text.length)
    this.length = writeUtf8(this.bytes, at, text, dialect)
    return this.length - at
  }

  /** Zero bytes up to the next multiple of 4, counted from `start`. */
  padTo4(start = 0): void {
    const count = (4 - ((this.length - start) & 3)) & 3
    const at = this.reserve(count)
    // Text reserves more than it takes, so bytes behind the end may have been touched.
    for (let i = 0; i < count; i++) this.bytes[at + i] = 0
  }

  /** A copy of what was written; the writer can go on or be reset. */
  toBytes(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.length)
  }

  /**
   * What was written, for the caller alone, and nothing is left here. A copy, but where the memory is full to the end: then
   * it is the memory itself. Memory of more than `keep` bytes is let go of.
   */
  takeBytes(keep: number): Uint8Array<ArrayBuffer> {
    const isFull = this.length === this.bytes.length && this.length > keep
    const bytes = isFull ? this.bytes : this.toBytes()
    if (this.bytes.length > keep) this.use(new Uint8Array(FIRST_CAPACITY))
    this.length = 0
    return bytes
  }

  /** A view of what was written. The next write may change or leave it. */
  viewBytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.bytes.buffer, 0, this.length)
  }

  /** Forgets what was written and keeps the memory. */
  reset(): void {
    this.length = 0
  }
}
