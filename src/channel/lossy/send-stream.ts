import { Fifo } from '../fifo.js'
import type { PacketWriter } from './packet.js'
import { Ranges } from './ranges.js'

/** What a frame in the queue costs beside its bytes. */
const FRAME_COST = 64

interface Entry {
  /** Where the frame's length stands in the stream. */
  readonly start: number
  readonly frame: Uint8Array
}

/** Bytes of a varint. */
function lengthSize(length: number): number {
  if (length < 1 << 7) return 1
  if (length < 1 << 14) return 2
  return length < 1 << 21 ? 3 : 4
}

/**
 * The reliable lane at its sender: frames, each behind its length, as one stream of bytes. It knows which bytes are
 * acknowledged and which are lost; frames are kept, and not copied, until all of their bytes are acknowledged.
 */
export class SendStream {
  readonly #entries = new Fifo<Entry>()
  /** Everything before is acknowledged. */
  #base = 0
  /** The first byte that was never sent, and the first that is not there yet. */
  #next = 0
  #end = 0
  /** Acknowledged beyond the base. */
  readonly #acked = new Ranges()
  /** Lost, and not sent again yet. */
  readonly #lost = new Ranges()
  /** The first byte that the receiver does not take yet. */
  #credit: number

  constructor(credit: number) {
    this.#credit = credit
  }

  /** The frame belongs to the stream from now on. */
  push(frame: Uint8Array): void {
    this.#entries.push({ start: this.#end, frame })
    this.#end += lengthSize(frame.length) + frame.length
  }

  get unsentBytes(): number {
    return this.#end - this.#next
  }

  /** What the frames take in memory that are not acknowledged. */
  get cost(): number {
    return this.#end - this.#base + this.#entries.length * FRAME_COST
  }

  get base(): number {
    return this.#base
  }

  /** Whether something could be sent now, the first time or again. */
  get hasWork(): boolean {
    return this.#lost.count > 0 || (this.#next < this.#end && this.#next < this.#credit)
  }

  /** `offset` is modulo 2^32; credit only grows. */
  grant(offset: number): void {
    const more = (offset - this.#credit) | 0
    if (more > 0) this.#credit += more
  }

  /** How many lost ranges there are; they go first, the lowest first of all. */
  get lostCount(): number {
    return this.#lost.count
  }

  lostStart(index: number): number {
    return this.#lost.startOf(index)
  }

  lostSize(index: number): number {
    return this.#lost.endOf(index) - this.#lost.startOf(index)
  }

  /** What was never sent: where it begins, and how much of it the receiver takes. */
  get newStart(): number {
    return this.#next
  }

  get newSize(): number {
    return Math.max(0, Math.min(this.#end, this.#credit) - this.#next)
  }

  /** These bytes are on their way. */
  sent(start: number, size: number): void {
    const end = start + size
    if (end > this.#next) this.#next = end
    if (this.#lost.count > 0) this.#lost.remove(start, end)
  }

  /** The bytes of the stream from `start` on. */
  write(writer: PacketWriter, start: number, size: number): void {
    let at = start
    const end = start + size
    for (let i = this.#entryAt(start); at < end; i++) {
      const { start: entryStart, frame } = this.#entries.at(i)!
      const head = lengthSize(frame.length)
      for (; at < entryStart + head && at < end; at++)
        writer.writeUint8(lengthByte(frame.length, at - entryStart, head))
      const from = at - entryStart - head
      const count = Math.min(frame.length - from, end - at)
      if (count > 0) writer.writeBytes(frame.subarray(from, from + count))
      at += Math.max(0, count)
    }
  }

  /** The entry that `offset` lies in. */
  #entryAt(offset: number): number {
    let low = 0
    let high = this.#entries.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.#entries.at(middle)!.start <= offset) low = middle
      else high = middle - 1
    }
    return low
  }

  acknowledge(start: number, end: number): void {
    if (end <= this.#base) return
    if (this.#lost.count > 0) this.#lost.remove(start, end)
    if (start > this.#base) {
      this.#acked.add(start, end)
      return
    }
    this.#base = end
    this.#acked.removeBelow(end)
    if (this.#acked.count > 0 && this.#acked.startOf(0) === end) {
      this.#base = this.#acked.endOf(0)
      this.#acked.removeBelow(this.#base)
    }
    this.#release()
  }

  #release(): void {
    for (let entry = this.#entries.at(0); entry; entry = this.#entries.at(0)) {
      if (entry.start + lengthSize(entry.frame.length) + entry.frame.length > this.#base) return
      this.#entries.shift()
    }
  }

  /** A packet with these bytes is lost; what arrived in another one is not. */
  lose(start: number, end: number): void {
    if (end <= this.#base) return
    const from = Math.max(start, this.#base)
    this.#lost.add(from, end)
    for (let i = this.#acked.find(from); i < this.#acked.count && this.#acked.startOf(i) < end; i++) {
      this.#lost.remove(this.#acked.startOf(i), this.#acked.endOf(i))
    }
  }

  /** Nothing is sent any more. */
  clear(): void {
    this.#entries.clear()
    this.#acked.clear()
    this.#lost.clear()
    this.#base = this.#next = this.#end
  }
}

function lengthByte(length: number, index: number, count: number): number {
  const low = (length >>> (7 * index)) & 0x7f
  return index < count - 1 ? low | 0x80 : low
}
