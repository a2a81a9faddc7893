import { DATAGRAM, DOWN, DRAIN, FULL, setNumber, writeEnd, writeNumber } from '../transport/relay/messages.js'
import type { Member } from './member.js'

/** The other end of a link: at this relay, or at another one. */
export interface FarEnd {
  /** Takes a DATA or DATAGRAM message, whose number is that of the sender's end. The bytes belong to it from now on. */
  pass(message: Uint8Array): void
  /** The sender's end is gone. */
  end(reason: string): void
  /** What the sender's end has to say about its own queue. */
  setFull(full: boolean): void
}

/** One end of a link between two peers, at the relay that the peer is joined to. */
export class Port implements FarEnd {
  far: FarEnd | undefined
  /** What was told to the peer last. */
  #full = false

  constructor(
    readonly owner: Member,
    /** What the peer calls this link. */
    readonly number: number,
    /** Who is at the other end. */
    readonly peer: bigint,
  ) {}

  pass(message: Uint8Array): void {
    setNumber(message, this.number)
    if (message[0] === DATAGRAM) this.owner.tryPut(message)
    else this.owner.put(message)
  }

  end(reason: string): void {
    this.far = undefined
    this.owner.drop(this)
    this.owner.put(writeEnd(DOWN, this.number, reason))
  }

  setFull(full: boolean): void {
    if (full === this.#full) return
    this.#full = full
    this.owner.put(writeNumber(full ? FULL : DRAIN, this.number))
  }
}
