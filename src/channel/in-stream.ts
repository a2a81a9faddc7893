import { concat } from '../bytes/index.js'
import { MESSAGE_COST } from './out-stream.js'
import { MAX_RELIABLE_SIZE } from './send-type.js'
import { add, ahead } from './serial.js'

/** What became of a record of the reliable stream. */
export type Taken = 'taken' | 'duplicate' | 'gap' | 'beyond-credit' | 'broken'

/** One direction of a session's reliable stream, at its receiver: what is expected, what is held, what is allowed. */
export class InStream {
  /** The next message that is not complete. */
  #sequence = 0
  /** How many bytes of it are here, and in which pieces. */
  #held = 0
  #pieces: Uint8Array[] = []
  #total = 0
  #channel = 0
  /** Cost of all complete messages. */
  #position = 0
  #credit = 0

  /** @param unread cost of what the game has not read yet, of this stream and of earlier ones from the same peer */
  constructor(
    private readonly bufferSize: number,
    private readonly unread: () => number,
    private readonly deliver: (channel: number, data: Uint8Array) => void,
  ) {}

  get sequence(): number {
    return this.#sequence
  }

  get held(): number {
    return this.#held
  }

  /** The credit to tell the sender now; what is told is promised. */
  tellCredit(): number {
    const credit = this.#fairCredit()
    if (ahead(credit, this.#credit) > 0) this.#credit = credit
    return this.#credit
  }

  /** True when the game has read so much that the sender should hear of it. */
  get creditDue(): boolean {
    return ahead(this.#fairCredit(), this.#credit) >= this.bufferSize / 4
  }

  #fairCredit(): number {
    return add(this.#position, Math.max(0, this.bufferSize - this.unread()))
  }

  take(sequence: number, channel: number, total: number, offset: number, payload: Uint8Array): Taken {
    const distance = ahead(sequence, this.#sequence)
    if (distance < 0) return 'duplicate'
    if (total > MAX_RELIABLE_SIZE || offset + payload.length > total) return 'broken'
    if (distance > 0 || offset > this.#held) return 'gap'
    if (this.#held > 0 && (total !== this.#total || channel !== this.#channel)) return 'broken'
    const known = this.#held - offset
    if (known >= payload.length && total > 0) return 'duplicate'
    if (ahead(add(this.#position, MESSAGE_COST + offset + payload.length), this.#credit) > 0) return 'beyond-credit'
    this.#total = total
    this.#channel = channel
    this.#held = offset + payload.length
    const piece = known > 0 ? payload.slice(known) : payload
    if (this.#held < total) this.#pieces.push(piece)
    else this.#complete(piece)
    return 'taken'
  }

  #complete(last: Uint8Array): void {
    const data = this.#pieces.length === 0 ? last : concat([...this.#pieces, last], this.#total)
    this.#pieces = []
    this.#held = 0
    this.#sequence = add(this.#sequence, 1)
    this.#position = add(this.#position, MESSAGE_COST + data.length)
    this.deliver(this.#channel, data)
  }
}
