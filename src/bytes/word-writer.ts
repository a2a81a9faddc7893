import { LITTLE_ENDIAN } from './endian.js'
import { ByteWriter } from './writer.js'

/**
 * A writer of what is made of words of 4 bytes. Besides writing at its end, it writes words at offsets that the caller
 * keeps, into room that was made for many of them at once: the quickest way there is.
 */
export class ViewWordWriter extends ByteWriter {
  // Not `#`: what is short is made a part of its callers by the JavaScript engine, and each `#` takes a longer way.
  private capacity = this.bytes.length

  protected override use(bytes: Uint8Array<ArrayBuffer>): void {
    super.use(bytes)
    this.capacity = bytes.length
  }

  /** Makes room for `count` bytes behind `at`, where what was written ends. */
  makeRoom(at: number, count: number): void {
    if (at + count > this.capacity) this.growTo(at, count)
  }

  private growTo(at: number, count: number): void {
    this.length = at
    this.reserve(count, 0)
    this.length = at
  }

  /** @param at a multiple of 4, with room behind it */
  setInt32(at: number, value: number): void {
    this.view.setInt32(at, value, true)
  }

  /** Two words, one behind the other; @param at as in `setInt32` */
  setInt32x2(at: number, a: number, b: number): void {
    this.setInt32(at, a)
    this.setInt32(at + 4, b)
  }

  /** Four words; @param at as in `setInt32` */
  setInt32x4(at: number, a: number, b: number, c: number, d: number): void {
    this.setInt32x2(at, a, b)
    this.setInt32x2(at + 8, c, d)
  }

  /** @param at as in `setInt32` */
  setFloat32(at: number, value: number): void {
    this.view.setFloat32(at, value, true)
  }

  /** Three words; @param at as in `setInt32` */
  setFloat32x3(at: number, a: number, b: number, c: number): void {
    this.setFloat32(at, a)
    this.setFloat32(at + 4, b)
    this.setFloat32(at + 8, c)
  }
}

/** For machines that have the little end first themselves; what is written outside of the memory is lost without a word. */
class ArrayWordWriter extends ViewWordWriter {
  private ints = new Int32Array(this.bytes.buffer)
  private floats = new Float32Array(this.bytes.buffer)

  protected override use(bytes: Uint8Array<ArrayBuffer>): void {
    super.use(bytes)
    this.ints = new Int32Array(bytes.buffer, 0, bytes.length >> 2)
    this.floats = new Float32Array(bytes.buffer, 0, bytes.length >> 2)
  }

  override setInt32(at: number, value: number): void {
    this.ints[at >> 2] = value
  }

  override setInt32x2(at: number, a: number, b: number): void {
    const { ints } = this
    const i = at >> 2
    ints[i] = a
    ints[i + 1] = b
  }

  override setInt32x4(at: number, a: number, b: number, c: number, d: number): void {
    const { ints } = this
    const i = at >> 2
    ints[i] = a
    ints[i + 1] = b
    ints[i + 2] = c
    ints[i + 3] = d
  }

  override setFloat32(at: number, value: number): void {
    this.floats[at >> 2] = value
  }

  override setFloat32x3(at: number, a: number, b: number, c: number): void {
    const { floats } = this
    const i = at >> 2
    floats[i] = a
    floats[i + 1] = b
    floats[i + 2] = c
  }
}

/** Which one it is is settled once, so that no word is written behind a question. */
export const WordWriter = LITTLE_ENDIAN ? ArrayWordWriter : ViewWordWriter
