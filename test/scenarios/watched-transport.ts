import type { Lane, Link, Transport, TransportReceiver } from '../../src/transport/index.js'

/** What a transport has done, for a test that must know whether anything is still under way. */
export interface Traffic {
  /** Frames taken from here, and frames that arrived here. */
  readonly sent: number
  readonly received: number
  /** Peers with a link, and peers that were asked for one. */
  readonly up: readonly string[]
  readonly wanted: readonly string[]
}

/**
 * Any transport, with its frames counted, and with links that can be cut. What arrives is told by `deliver` and at no other
 * time: the one who plays decides when a game looks at its wire.
 */
export class WatchedTransport implements Transport {
  readonly #arrived: (() => void)[] = []
  #sent = 0
  #received = 0
  readonly #links = new Map<Link, WatchedLink>()
  readonly #wanted = new Set<bigint>()
  readonly #cut = new Set<bigint>()

  constructor(private readonly inner: Transport) {}

  get localId(): bigint {
    return this.inner.localId
  }

  get traffic(): Traffic {
    const up = [...this.#links.values()].map(({ peer }) => String(peer))
    return { sent: this.#sent, received: this.#received, up, wanted: [...this.#wanted].map(String) }
  }

  attach(receiver: TransportReceiver): void {
    this.inner.attach({
      linkUp: (link) => this.#arrived.push(() => this.#linkUp(receiver, link)),
      frame: (link, frame) => this.#arrived.push(() => this.#frame(receiver, link, frame)),
      drain: (link) => {
        this.#arrived.push(() => {
          const watched = this.#links.get(link)
          if (watched) receiver.drain(watched)
        })
      },
      linkDown: (link, reason) => this.#arrived.push(() => this.#linkDown(receiver, link, reason)),
    })
  }

  /** Tells what has arrived so far. */
  deliver(): void {
    for (const event of this.#arrived.splice(0)) event()
  }

  #linkUp(receiver: TransportReceiver, link: Link): void {
    if (this.#cut.has(link.peer)) return link.close('cut')
    this.#wanted.delete(link.peer)
    const watched = new WatchedLink(link, () => this.#sent++)
    this.#links.set(link, watched)
    receiver.linkUp(watched)
  }

  #frame(receiver: TransportReceiver, link: Link, frame: Uint8Array): void {
    const watched = this.#links.get(link)
    if (!watched) return
    this.#received++
    receiver.frame(watched, frame)
  }

  #linkDown(receiver: TransportReceiver, link: Link, reason: string): void {
    const watched = this.#links.get(link)
    if (!this.#links.delete(link)) return
    receiver.linkDown(watched!, reason)
  }

  connect(peer: bigint): void {
    if (this.#cut.has(peer)) return
    if (![...this.#links.values()].some((link) => link.peer === peer)) this.#wanted.add(peer)
    this.inner.connect(peer)
  }

  /** Ends the link to that peer, and lets no other come up. */
  cut(peer: bigint): void {
    this.#cut.add(peer)
    this.#wanted.delete(peer)
    for (const [link, { peer: other }] of this.#links) if (other === peer) link.close('cut')
  }

  heal(peer: bigint): void {
    this.#cut.delete(peer)
  }

  close(): void {
    this.inner.close()
  }
}

class WatchedLink implements Link {
  constructor(
    private readonly inner: Link,
    private readonly onSent: () => void,
  ) {}

  get peer() {
    return this.inner.peer
  }
  get reliable() {
    return this.inner.reliable
  }
  get maxFrameSize() {
    return this.inner.maxFrameSize
  }
  get relayed() {
    return this.inner.relayed
  }
  get address() {
    return this.inner.address
  }
  get bufferedBytes() {
    return this.inner.bufferedBytes
  }

  send(frame: Uint8Array, lane: Lane): boolean {
    const isTaken = this.inner.send(frame, lane)
    if (isTaken) this.onSent()
    return isTaken
  }

  close(reason?: string): void {
    this.inner.close(reason)
  }
}
