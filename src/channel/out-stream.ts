import { Fifo } from './fifo.js'
import { type FrameWriter, LARGEST_RECORD_HEADER } from './records.js'
import { add, ahead } from './serial.js'

/** What a message costs in credit beside its bytes: about what a small one takes in the memory of its receiver. */
export const MESSAGE_COST = 256

/** All fragments of a message but the last carry at least so much. */
const SMALLEST_FRAGMENT = 1024

interface Message {
  readonly channel: number
  readonly data: Uint8Array
}

/**
 * One direction of a session's reliable stream, at its sender: what waits, what is under way, what the receiver allows.
 *
 * `fill` writes what may go into a frame and remembers how far it came; `commit` makes that true once the link has
 * taken the frame. A frame that was not taken is simply not committed.
 */
export class OutStream {
  /** From the first message that is not acknowledged on. */
  readonly #messages = new Fifo<Message>()
  /** Sequence number of the front of `#messages`. */
  #sequence = 0
  /** Cost of all messages before the front. */
  #base = 0
  #credit = 0

  /** The cursor: index into `#messages`, bytes of that message that went, cost of the messages before it. */
  #index = 0
  #offset = 0
  #position = 0
  /** Where it is when the link has taken what `fill` wrote. */
  #nextIndex = 0
  #nextOffset = 0
  #nextPosition = 0
  /** How far the cursor ever came: what may be acknowledged, also while it is on its way again. */
  #sent = 0

  /** Messages before this index may go; those behind wait for company (send type 3). */
  #released = 0

  /** Messages that ever went, counted from the front: unlike `#sent`, a new stream does not forget them. */
  #went = 0

  /** Messages taken and acknowledged since the session was made, over all of its streams. */
  accepted = 0
  acknowledged = 0
  /** Messages that went for the first time, and again. */
  messagesSent = 0
  messagesResent = 0
  /** Bytes accepted and not acknowledged: what the send buffer holds. */
  bufferedBytes = 0
  /** Bytes that the link has not been given yet. */
  unsentBytes = 0
  /** Bytes that wait for company. */
  heldBytes = 0

  push(channel: number, data: Uint8Array, hold: boolean): void {
    this.#messages.push({ channel, data })
    this.accepted++
    this.bufferedBytes += data.length
    this.unsentBytes += data.length
    if (hold) this.heldBytes += data.length
    else this.release()
  }

  /** Ends the waiting of held messages. */
  release(): void {
    this.#released = this.#messages.length
    this.heldBytes = 0
  }

  get holding(): boolean {
    return this.#released < this.#messages.length
  }

  /** Whether something may go, as far as this end decides. */
  get isWaiting(): boolean {
    return this.#index < this.#released
  }

  /** Messages whose last byte the link has not been given. */
  get unsentMessages(): number {
    return this.#messages.length - this.#index
  }

  /** Messages that are not acknowledged, sent or not. */
  get length(): number {
    return this.#messages.length
  }

  get unacknowledged(): boolean {
    return this.#messages.length > 0
  }

  /** Credit only grows: an old acknowledgement takes nothing back. */
  grant(credit: number): void {
    if (ahead(credit, this.#credit) > 0) this.#credit = credit
  }

  /** Writes as much as `limit` (the frame's largest size) and the credit allow; false when that is nothing. */
  fill(frame: FrameWriter, limit: number): boolean {
    const start = frame.length
    let index = this.#index
    let offset = this.#offset
    let position = this.#position
    while (index < this.#released) {
      const { channel, data } = this.#messages.at(index)!
      const left = data.length - offset
      const room = limit - frame.length - LARGEST_RECORD_HEADER
      const allowed = ahead(this.#credit, add(position, MESSAGE_COST + offset))
      const size = Math.min(left, room, allowed)
      if (room < 0 || allowed < 0 || (size < left && size < SMALLEST_FRAGMENT)) break
      const sequence = add(this.#sequence, index)
      if (size === data.length) frame.message(sequence, channel, data)
      else frame.fragment(sequence, channel, data.length, offset, data.subarray(offset, offset + size))
      if (size < left) {
        offset += size
        break
      }
      index++
      offset = 0
      position = add(position, MESSAGE_COST + data.length)
    }
    this.#nextIndex = index
    this.#nextOffset = offset
    this.#nextPosition = position
    return frame.length > start
  }

  /** The link took the frame. */
  commit(): void {
    const index = this.#nextIndex
    for (let i = this.#index; i < index; i++) this.unsentBytes -= this.#messages.at(i)!.data.length
    const again = Math.max(0, Math.min(index, this.#went) - this.#index)
    this.messagesResent += again
    this.messagesSent += index - this.#index - again
    this.#went = Math.max(this.#went, index)
    this.unsentBytes += this.#offset - this.#nextOffset
    this.#index = index
    this.#offset = this.#nextOffset
    this.#position = this.#nextPosition
    this.#sent = Math.max(this.#sent, index)
  }

  /**
   * The receiver has everything before `sequence`. False for an acknowledgement of what was never sent, which changes
   * nothing.
   */
  acknowledge(sequence: number): boolean {
    const count = ahead(sequence, this.#sequence)
    if (count < 0) return true
    if (count > this.#sent) return false
    for (let i = 0; i < count; i++) {
      const { data } = this.#messages.shift()!
      this.bufferedBytes -= data.length
      this.#base = add(this.#base, MESSAGE_COST + data.length)
      if (i >= this.#index) this.unsentBytes -= data.length - (i === this.#index ? this.#offset : 0)
    }
    this.#sequence = sequence
    this.acknowledged += count
    this.#went = Math.max(0, this.#went - count)
    this.#sent -= count
    this.#released -= count
    if (count > this.#index) {
      // On its way a second time, and not needed any more.
      this.#offset = 0
      this.#position = this.#base
    }
    this.#index = Math.max(0, this.#index - count)
    return true
  }

  /** The link was replaced: everything that is not acknowledged goes again. */
  rewind(): void {
    this.#index = 0
    this.#offset = 0
    this.#position = this.#base
    this.unsentBytes = this.bufferedBytes
  }

  /** The session starts again: a new stream that begins with what the old one had not delivered. */
  restart(): void {
    this.#sequence = 0
    this.#base = 0
    this.#credit = 0
    this.#sent = 0
    this.rewind()
  }

  /** The messages that were never delivered are dropped. */
  clear(): void {
    this.#messages.clear()
    this.#released = 0
    this.#went = 0
    this.bufferedBytes = 0
    this.heldBytes = 0
    this.restart()
  }

  /** The messages that are not acknowledged, in order. */
  [Symbol.iterator](): Generator<{ readonly channel: number; readonly data: Uint8Array }> {
    return this.#messages[Symbol.iterator]()
  }
}
