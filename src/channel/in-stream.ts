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
  /** Cost of what the game has read. */
  #read = 0
  #credit: number
  /** What was read when the credit was last told. */
  #told = 0

  constructor(
    private readonly bufferSize: number,
    private readonly deliver: (channel: number, data: Uint8Array) => void,
  ) {
    this.#credit = bufferSize
  }

  get sequence(): number {
    return this.#sequence
  }

  get held(): number {
    return this.#held
  }

  /** The credit to tell the sender now; what is told is promised. */
  tellCredit(): number {
    this.#told = this.#read
    this.#credit = add(this.#read, this.bufferSize)
    return this.#credit
  }

  /** The game read a message, or it was thrown away on the game's behalf. True when the sender should hear of it. */
  read(length: number): boolean {
    this.#read = add(this.#read, MESSAGE_COST + length)
    return ahead(this.#read, this.#told) >= this.bufferSize / 4
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
    // A copy: the frame may be large and hold many messages.
    const piece = payload.slice(known)
    if (this.#held < total) this.#pieces.push(piece)
    else this.#complete(piece)
    return 'taken'
  }

  #complete(last: Uint8Array): void {
    const data = this.#pieces.length === 0 ? last : join([...this.#pieces, last], this.#total)
    this.#pieces = []
    this.#held = 0
    this.#sequence = add(this.#sequence, 1)
    this.#position = add(this.#position, MESSAGE_COST + data.length)
    this.deliver(this.#channel, data)
  }
}

function join(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}
