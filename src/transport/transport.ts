/**
 * What the channel room needs from a wire, and all that it may ask of one.
 *
 * A transport knows peers by their 64-bit Steam id and moves frames: byte arrays of up to `maxFrameSize` bytes whose
 * content is none of its business. It owns no session, no retry and no order beyond what its links promise.
 *
 * Rules that hold for every transport (`transportCompliance` checks them):
 *
 * 1. **No call calls back.** `attach`, `connect`, `send` and `close` return before any receiver method runs.
 * 2. **One link per peer.** `linkUp` for a peer comes again only after `linkDown` for its earlier link.
 * 3. **Order of events.** For one link: `linkUp`, then any number of `frame` and `drain`, then one `linkDown`, then
 *    nothing. Frames that arrived before the link broke are delivered before `linkDown`.
 * 4. **Ownership.** A frame given to `send` belongs to the transport: the caller must not touch it again. A frame given
 *    to `receiver.frame` belongs to the receiver.
 * 5. **Nothing throws but misuse.** A closed link, a full buffer, a vanished peer are answers or events, never
 *    exceptions. Misuse (a frame that is too large, a second `attach`) throws a `TRANSPORT_` error.
 * 6. **Hostile bytes stop here.** What does not parse as the transport's own envelope closes that link and no other.
 */
export interface Transport {
  /** The Steam id that this end speaks as. */
  readonly localId: bigint

  /**
   * Names the one receiver of all events. Links that came up earlier are announced after the call returns, and no frame
   * of theirs is lost meanwhile.
   *
   * @throws `TRANSPORT_ALREADY_ATTACHED` when a receiver is there already.
   */
  attach(receiver: TransportReceiver): void

  /**
   * Asks for a link to `peer`. Idempotent and without an answer: either `linkUp` follows, or nothing does and the
   * caller's own timer decides. A transport that cannot dial (a server waiting for clients) does nothing.
   */
  connect(peer: bigint): void

  /**
   * Whether third parties may carry frames, for links that come up from now on. For transports that have the choice.
   */
  allowRelay?(allow: boolean): void

  /** Ends every link and frees every timer and socket. No event follows. A second call does nothing. */
  close(): void
}

/** The other side of `Transport`: the multiplexer, or a test. Its methods must not throw. */
export interface TransportReceiver {
  /** Frames to `link.peer` can be sent from now on. */
  linkUp(link: Link): void
  /** A frame arrived, whole, as it was sent. */
  frame(link: Link, frame: Uint8Array): void
  /** The link takes frames again after `send` answered false. */
  drain(link: Link): void
  /** The link is gone, with whatever was still buffered in it. `reason` is for people. */
  linkDown(link: Link, reason: string): void
}

/**
 * How a frame travels. `reliable`: complete and in order as long as the link is up, where `link.reliable` says so.
 * `datagram`: as fast as can be; it may be lost, doubled or overtaken. A link without a separate path for datagrams
 * sends both the same way.
 */
export type Lane = 'reliable' | 'datagram'

/** Where the other end is, as far as the transport knows. */
export interface LinkAddress {
  /** IPv4 address as an unsigned number, first octet highest (127.0.0.1 is 0x7f000001); 0 where it is not IPv4. */
  readonly ip: number
  /** UDP or TCP port of the other end; 0 where it is not known. */
  readonly port: number
}

/** One way to one peer. */
export interface Link {
  /** The Steam id of the other end. How far it is proven is the transport's documentation. */
  readonly peer: bigint
  /** Whether the `reliable` lane keeps its word. Over a link without one the channel room repeats and orders by itself. */
  readonly reliable: boolean
  /** Largest frame in bytes that `send` takes; at least 1,280. */
  readonly maxFrameSize: number
  /** True when a third party passes the frames on. */
  readonly relayed: boolean
  /** Where the other end is; undefined where the transport does not know, as in browsers and behind a relay. */
  readonly address: LinkAddress | undefined
  /** Bytes accepted by `send` that have not left this process yet. */
  readonly bufferedBytes: number

  /**
   * Takes a frame, or not: false means that the frame was **not** taken. On a link that is up this is back-pressure, and
   * `drain` follows as soon as it ends; on a link that is down it is for good.
   *
   * @throws `TRANSPORT_FRAME_TOO_LARGE` above `maxFrameSize`, `TRANSPORT_FRAME_EMPTY` for zero bytes.
   */
  send(frame: Uint8Array, lane: Lane): boolean

  /** Ends the link: `linkDown` follows on both ends. Frames already accepted may be lost. A second call does nothing. */
  close(reason?: string): void
}
