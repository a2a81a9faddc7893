import { Ranges } from './ranges.js'

/** Memory for what waits behind a gap is taken in pieces of this size. */
const PAGE_SIZE = 4096

/** As many gaps may be open at a time; a packet that would tear another one is dropped, and comes again. */
const MAX_GAPS = 1024

/** A frame that is not complete gets so much memory at first, and more as its bytes come. */
const FIRST_CAPACITY = 2048

/**
 * The reliable lane at its receiver: chunks in any order become bytes in order, and those become frames. What comes in
 * order is never held; what comes early waits in pages, at most as many as the credit that was given.
 */
export class ReceiveStream {
  /** Everything before has been taken. */
  #next = 0
  readonly #early = new Ranges()
  /** By number; all of them lie at or behind the one that `#next` lies in. */
  readonly #pages = new Map<number, Uint8Array>()
  #spare: Uint8Array | undefined
  readonly #maxFrameSize: number
  readonly #deliver: (frame: Uint8Array) => void
  /** Of the frame that is not complete: the bytes of its length, then its bytes. */
  #lengthShift = 0
  #lengthSoFar = 0
  #length = 0
  #frame: Uint8Array | undefined
  #filled = 0
  #broken = false
  #stopped = false

  constructor(maxFrameSize: number, deliver: (frame: Uint8Array) => void) {
    this.#maxFrameSize = maxFrameSize
    this.#deliver = deliver
  }

  get next(): number {
    return this.#next
  }

  /** A length made no sense: nothing that follows can. */
  get broken(): boolean {
    return this.#broken
  }

  /** What is held of early bytes and of the frame that is not complete. */
  get heldBytes(): number {
    const pages = this.#pages.size + (this.#spare ? 1 : 0)
    return (this.#frame?.length ?? 0) + pages * PAGE_SIZE
  }

  /** The whole offset behind the 32 bits of it on the wire. */
  offsetOf(wire: number): number {
    return this.#next + ((wire - this.#next) | 0)
  }

  /** Whether bytes here would tear more gaps than are kept. */
  tooTorn(start: number): boolean {
    return start > this.#next && this.#early.count >= MAX_GAPS && !this.#early.has(start - 1)
  }

  /** Bytes that the credit allows. Frames that they complete are delivered before the call returns. */
  put(start: number, bytes: Uint8Array): void {
    const end = start + bytes.length
    if (end <= this.#next || this.#stopped) return
    if (start > this.#next) {
      this.#keep(start, bytes)
      return
    }
    const before = this.#next
    const fresh = start === before ? bytes : bytes.subarray(before - start)
    this.#next = end
    this.#feed(fresh)
    if (this.#early.count > 0) this.#catchUp(before)
  }

  #keep(start: number, bytes: Uint8Array): void {
    this.#early.add(start, start + bytes.length, (from, to) => {
      for (let at = from; at < to; ) {
        const inPage = at % PAGE_SIZE
        const count = Math.min(PAGE_SIZE - inPage, to - at)
        this.#pageAt(at).set(bytes.subarray(at - start, at - start + count), inPage)
        at += count
      }
    })
  }

  #pageAt(offset: number): Uint8Array {
    const number = Math.floor(offset / PAGE_SIZE)
    const known = this.#pages.get(number)
    if (known) return known
    const page = this.#spare ?? new Uint8Array(PAGE_SIZE)
    this.#spare = undefined
    this.#pages.set(number, page)
    return page
  }

  /** Where a gap was closed, what waited behind it follows. */
  #catchUp(before: number): void {
    while (this.#early.count > 0 && this.#early.startOf(0) <= this.#next && !this.#stopped) {
      const end = this.#early.endOf(0)
      this.#early.removeBelow(end)
      if (end > this.#next) this.#feedPages(end)
    }
    // The page that `#next` lies in is needed for as long as something waits, which may be there.
    const done = Math.floor(this.#next / PAGE_SIZE) + (this.#early.count === 0 ? 1 : 0)
    for (let page = Math.floor(before / PAGE_SIZE); page < done && this.#pages.size > 0; page++) this.#free(page)
  }

  #feedPages(end: number): void {
    while (this.#next < end && !this.#stopped) {
      const inPage = this.#next % PAGE_SIZE
      const count = Math.min(PAGE_SIZE - inPage, end - this.#next)
      const page = this.#pages.get(Math.floor(this.#next / PAGE_SIZE))!
      this.#next += count
      this.#feed(page.subarray(inPage, inPage + count))
    }
  }

  #free(number: number): void {
    const page = this.#pages.get(number)
    if (!page) return
    this.#spare ??= page
    this.#pages.delete(number)
  }

  /** Bytes in order. */
  #feed(bytes: Uint8Array): void {
    let at = 0
    while (at < bytes.length && !this.#broken && !this.#stopped) {
      if (this.#length === 0) {
        this.#readLength(bytes[at++]!)
        continue
      }
      const count = Math.min(this.#length - this.#filled, bytes.length - at)
      this.#fill(bytes.subarray(at, at + count))
      at += count
    }
  }

  #readLength(byte: number): void {
    const value = this.#lengthSoFar | ((byte & 0x7f) << this.#lengthShift)
    if (byte >= 0x80 && this.#lengthShift < 21) {
      this.#lengthSoFar = value
      this.#lengthShift += 7
      return
    }
    this.#lengthSoFar = 0
    this.#lengthShift = 0
    if (value === 0 || value > this.#maxFrameSize || byte >= 0x80) this.#broken = true
    else this.#length = value
  }

  #fill(bytes: Uint8Array): void {
    if (bytes.length === this.#length) {
      this.#complete(bytes.slice())
      return
    }
    const frame = this.#roomFor(this.#filled + bytes.length)
    frame.set(bytes, this.#filled)
    this.#filled += bytes.length
    if (this.#filled === this.#length) this.#complete(frame)
  }

  /** Grows with what has come, not with what was announced; the last step is the frame's own size. */
  #roomFor(size: number): Uint8Array {
    const before = this.#frame
    if (before && before.length >= size) return before
    const grown = Math.max(size, (before?.length ?? 0) * 4, FIRST_CAPACITY)
    const frame = new Uint8Array(grown * 2 > this.#length ? this.#length : grown)
    if (before) frame.set(before.subarray(0, this.#filled))
    this.#frame = frame
    return frame
  }

  #complete(frame: Uint8Array): void {
    this.#frame = undefined
    this.#length = 0
    this.#filled = 0
    this.#deliver(frame)
  }

  /** Nothing is delivered any more, not even within the call that is going on. */
  stop(): void {
    this.#stopped = true
    this.#early.clear()
    this.#pages.clear()
    this.#spare = undefined
    this.#frame = undefined
  }
}
