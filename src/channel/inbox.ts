import { Fifo } from './fifo.js'

/** A packet that the game has not read yet. */
export interface Packet {
  readonly peer: bigint
  readonly data: Uint8Array
  /** Told when the packet leaves the inbox, read or thrown away. */
  readonly released: (length: number) => void
}

/** Unread packets: one queue a channel, in order of arrival over all senders. */
export class Inbox {
  readonly #channels = new Map<number, Fifo<Packet>>()

  push(channel: number, packet: Packet): void {
    let queue = this.#channels.get(channel)
    if (!queue) {
      queue = new Fifo()
      this.#channels.set(channel, queue)
    }
    queue.push(packet)
  }

  /** Size of the packet that `read` gives next, undefined when there is none; a packet may have 0 bytes. */
  nextSize(channel: number): number | undefined {
    return this.#channels.get(channel)?.at(0)?.data.length
  }

  read(channel: number): Packet | undefined {
    const queue = this.#channels.get(channel)
    const packet = queue?.shift()
    // Channels are chosen by strangers: an empty one must not stay.
    if (queue?.length === 0) this.#channels.delete(channel)
    packet?.released(packet.data.length)
    return packet
  }

  /** Throws away what `peer` sent, on one channel or on all. */
  drop(peer: bigint, only?: number): void {
    for (const [channel, queue] of this.#channels) {
      if (only !== undefined && channel !== only) continue
      const dropped: Packet[] = []
      queue.keep((packet) => packet.peer !== peer || dropped.push(packet) < 0)
      if (queue.length === 0) this.#channels.delete(channel)
      for (const packet of dropped) packet.released(packet.data.length)
    }
  }

  clear(): void {
    this.#channels.clear()
  }
}
