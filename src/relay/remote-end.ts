import { DATAGRAM, setNumber } from '../transport/relay/messages.js'
import { DRAIN, END, FULL, MARK, writePass, writeShort } from './fabric-messages.js'
import type { FarEnd, Port } from './port.js'

/** Marks are repeated, as each of them may be lost like what it marks. */
const MARKS = 3

/** The other end of a link, at another relay. What NATS loses is noticed by numbers, and ends the link. */
export class RemoteEnd implements FarEnd {
  /** The end at this relay. */
  port: Port | undefined
  /** How many PASS were sent, and came. */
  #sent = 0
  #came = 0
  #marksDue = 0
  readonly #publish: (bytes: Uint8Array) => void
  readonly #gone: (end: RemoteEnd) => void

  constructor(
    /** What this relay calls the link. */
    readonly number: number,
    /** The other relay, and what it calls the link. */
    readonly relay: string,
    readonly theirs: number,
    publish: (bytes: Uint8Array) => void,
    gone: (end: RemoteEnd) => void,
  ) {
    this.#publish = publish
    this.#gone = gone
  }

  pass(message: Uint8Array): void {
    if (message[0] === DATAGRAM) return this.#publish(writePass(this.theirs, undefined, message))
    this.#publish(writePass(this.theirs, this.#sent++, message))
    this.#marksDue = MARKS
  }

  end(reason: string): void {
    this.#publish(writeShort(END, this.theirs, reason))
    this.#gone(this)
  }

  setFull(full: boolean): void {
    this.#publish(writeShort(full ? FULL : DRAIN, this.theirs))
  }

  /** Says how many there were, for when the last ones got lost. */
  mark(): void {
    if (this.#marksDue === 0) return
    this.#marksDue--
    this.#publish(writeShort(MARK, this.theirs, this.#sent))
  }

  /** False where something is missing in front of this. */
  arrived(message: Uint8Array, count: number | undefined): boolean {
    if (count !== undefined && count !== this.#came) return false
    if (count !== undefined) this.#came = (this.#came + 1) >>> 0
    setNumber(message, 0)
    this.port?.pass(message)
    return true
  }

  /** False where less has come than the other end says. */
  marked(count: number): boolean {
    return count === this.#came
  }
}
