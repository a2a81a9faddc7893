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
  /** Always: the relay passes the frames on. */
  readonly relayed = true
  /** Never known: the relay keeps the peers' addresses to itself. */
  readonly address = undefined
  /**
   * Whether the way to the relay keeps the `reliable` lane's word; the way behind it does as long as this link is up.
   */
  readonly reliable: boolean
  /** @internal The other end reads too slowly. */
  full = false
  /** @internal `send` answered false, so `drain` is due. */
  refused = false
  readonly #wire: RelayWire
  #open = true

  /** @internal `RelayTransport` makes it. */
  constructor(
    wire: RelayWire,
    /** @internal What the relay calls it. */
    readonly number: number,
    /** The Steam id of the other end, which the relay vouches for. */
    readonly peer: bigint,
    /** Largest frame in bytes that `send` takes: what both ends and the relay take. */
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

  /** @internal It is down; nothing is sent any more. */
  end(): void {
    this.#open = false
  }
}
