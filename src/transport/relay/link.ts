import { checkFrame } from '../frame.js'
import type { Lane, Link } from '../transport.js'
import { DATA, DATAGRAM, writeFrame } from './messages.js'

/** What a link needs of its transport. */
export interface RelayWire {
  /** Bytes that wait in this process, for all links together. */
  readonly bufferedBytes: number
  /** Hands a message to the link with the relay; false where it takes none now. */
  put(message: Uint8Array, lane: Lane): boolean
  /** The link was closed at this end: `linkDown` is due, not within this call. */
  closed(link: RelayLink, reason: string): void
}

/** A way to a peer by way of a relay. */
export class RelayLink implements Link {
  readonly relayed = true
  readonly address = undefined
  readonly reliable: boolean
  /** The other end reads too slowly. */
  full = false
  /** `send` answered false, so `drain` is due. */
  refused = false
  readonly #wire: RelayWire
  #open = true

  constructor(
    wire: RelayWire,
    readonly number: number,
    readonly peer: bigint,
    readonly maxFrameSize: number,
    reliable: boolean,
  ) {
    this.#wire = wire
    this.reliable = reliable
  }

  get bufferedBytes(): number {
    return this.#open ? this.#wire.bufferedBytes : 0
  }

  send(frame: Uint8Array, lane: Lane): boolean {
    checkFrame(frame, this.maxFrameSize)
    if (!this.#open) return false
    const type = lane === 'reliable' ? DATA : DATAGRAM
    if (!this.full && this.#wire.put(writeFrame(type, this.number, frame), lane)) return true
    this.refused = true
    return false
  }

  close(reason = 'closed'): void {
    if (!this.#open) return
    this.#open = false
    this.#wire.closed(this, reason)
  }

  /** It is down; nothing is sent any more. */
  end(): void {
    this.#open = false
  }
}
