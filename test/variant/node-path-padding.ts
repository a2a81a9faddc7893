// Godot 3 leaves the bytes that pad the names of a NodePath to 4 as they lay in memory, so they differ from run to run.
// Everything that compares bytes of that engine sets them to zero first. The walk over the bytes below is written apart
// from the decoder on purpose: it doubles as a check of where each value ends.

/** The sizes of Godot 3's types without a length of their own, by id. */
const FIXED: Readonly<Record<number, number>> = {
  0: 0,
  1: 4,
  5: 8,
  6: 16,
  7: 12,
  8: 24,
  9: 16,
  10: 16,
  11: 24,
  12: 36,
  13: 48,
  14: 16,
  16: 0,
}

/** The sizes of the elements of Godot 3's Pool arrays, by id. */
const ELEMENTS: Readonly<Record<number, number>> = { 20: 1, 21: 4, 22: 4, 24: 8, 25: 12, 26: 16 }

class Walk {
  readonly view: DataView
  at = 0

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  u32(): number {
    this.at += 4
    return this.view.getUint32(this.at - 4, true)
  }

  skipPadded(length: number): void {
    this.at += length + (-length & 3)
  }

  /** A text whose padding may be anything. */
  cleanText(): void {
    const length = this.u32()
    this.bytes.fill(0, this.at + length, this.at + length + (-length & 3))
    this.skipPadded(length)
  }

  value(): void {
    const header = this.u32()
    const id = header & 0xff
    const fixed = FIXED[id]
    const element = ELEMENTS[id]
    if (fixed !== undefined) this.at += fixed
    else if (element !== undefined) this.skipPadded(this.u32() * element)
    else this.#ofOwnLength(id, (header & 0x10000) !== 0)
  }

  #ofOwnLength(id: number, flag: boolean): void {
    switch (id) {
      case 2:
      case 3:
        this.at += flag ? 8 : 4
        return
      case 4:
        return this.skipPadded(this.u32())
      case 15:
        return this.#nodePath()
      case 17:
        return flag ? this.skipPadded(8) : this.#object()
      case 18:
        return this.#times(this.u32() * 2, () => this.value())
      case 19:
        return this.#times(this.u32(), () => this.value())
      case 23:
        return this.#times(this.u32(), () => this.skipPadded(this.u32()))
      default:
        throw new Error(`Godot 3 has no type ${id} (at byte ${this.at - 4})`)
    }
  }

  #nodePath(): void {
    const names = this.u32() & 0x7fffffff
    const subnames = this.u32()
    this.at += 4
    this.#times(names + subnames, () => this.cleanText())
  }

  #object(): void {
    const length = this.u32()
    this.skipPadded(length)
    if (length === 0) return
    this.#times(this.u32(), () => {
      this.skipPadded(this.u32())
      this.value()
    })
  }

  #times(count: number, step: () => void): void {
    for (let i = 0; i < count; i++) step()
  }
}

/** The same bytes with zeros for the padding inside NodePaths. Throws where one Godot 3 value is not all there is. */
export function withoutNodePathPadding(bytes: Uint8Array): Uint8Array {
  const walk = new Walk(bytes.slice())
  walk.value()
  if (walk.at !== bytes.length) throw new Error(`a value of ${walk.at} bytes in ${bytes.length}`)
  return walk.bytes
}
