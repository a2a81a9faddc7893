import type { DropReason } from './drops.js'
import { Fifo } from './fifo.js'
import { MESSAGE_COST } from './out-stream.js'

/** A packet that the game has not read yet. */
export interface Packet {
  /** Who sent it. */
  readonly peer: bigint
  /** Its bytes; they belong to the reader. */
  readonly data: Uint8Array
  /** Whether it came over the reliable stream, and so counts against the sender's credit. */
  readonly reliable: boolean
  /** When it arrived, in milliseconds on the clock of the option `clock`. */
  readonly at: number
  /** Its place among the packets that arrived in its session, from 1. */
  readonly number: number
}

/** What the game has not read of one peer, over all of its sessions. */
export class Unread {
  /** Cost of reliable packets, as credit counts it. */
  cost = 0
  datagrams = 0
  packets = 0
  bytes = 0
  /** The peer has no session any more. */
  isOrphan = false
  /** Told when a reliable packet of the peer was read: there is room for more. */
  reader: { wasRead(): void } | undefined

  count({ data, reliable }: Packet, by: 1 | -1): void {
    this.packets += by
    this.bytes += by * data.length
    if (reliable) this.cost += by * (MESSAGE_COST + data.length)
    else this.datagrams += by
  }
}

/**
 * A packet on its way through the inbox. It knows where it is counted, so that its sender need not be looked up; in private,
 * as it goes to the game in the end.
 */
export class UnreadPacket implements Packet {
  readonly #unread: Unread

  constructor(
    unread: Unread,
    readonly peer: bigint,
    readonly data: Uint8Array,
    readonly reliable: boolean,
    readonly at: number,
    readonly number: number,
  ) {
    this.#unread = unread
  }

  /** Where it is counted, once it is in the inbox. */
  get unread(): Unread {
    return this.#unread
  }
}

/**
 * How much may stay unread of peers whose session has ended. A peer could otherwise come, leave packets on a channel
 * that nobody reads, go, and come again under another name.
 */
const MAX_ORPHANED_COST = 16 << 20
const MAX_ORPHANS = 10_000

/** Queues that stay though they are empty: a game uses the same channels again and again. */
const MAX_EMPTY_CHANNELS = 64

/** Unread packets: one queue a channel, in order of arrival over all senders. */
export class Inbox {
  readonly #channels = new Map<number, Fifo<UnreadPacket>>()
  /** Peers with a session, and those with unread packets of an earlier one. */
  readonly #unread = new Map<bigint, Unread>()
  /** Peers with unread packets and no session, the longest without one first. */
  readonly #orphans = new Set<bigint>()

  constructor(
    private readonly onDrop: (why: DropReason, channel: number, packets: readonly Packet[]) => void = () => {},
  ) {}

  push(channel: number, packet: UnreadPacket): void {
    let queue = this.#channels.get(channel)
    if (!queue) {
      queue = new Fifo()
      this.#channels.set(channel, queue)
    }
    queue.push(packet)
    packet.unread.count(packet, 1)
  }

  /** Size of the packet that `read` gives next, undefined when there is none; a packet may have 0 bytes. */
  nextSize(channel: number): number | undefined {
    return this.#channels.get(channel)?.at(0)?.data.length
  }

  read(channel: number): Packet | undefined {
    const queue = this.#channels.get(channel)
    const packet = queue?.shift()
    if (!packet) return undefined
    this.#tidy(channel, queue!)
    this.#forget(packet)
    if (packet.reliable) packet.unread.reader?.wasRead()
    return packet
  }

  /** What is unread of a peer, now and for as long as it has its session. */
  unreadOf(peer: bigint): Unread {
    let unread = this.#unread.get(peer)
    if (!unread) {
      unread = new Unread()
      this.#unread.set(peer, unread)
    }
    return unread
  }

  /** Throws away what `peer` sent, on one channel or on all. */
  drop(peer: bigint, why: DropReason, only?: number): void {
    const unread = this.#unread.get(peer)
    if (!unread) return
    for (const [channel, queue] of this.#channels) {
      if (only !== undefined && channel !== only) continue
      const dropped: UnreadPacket[] = []
      queue.keep((packet) => {
        if (packet.peer !== peer) return true
        dropped.push(packet)
        return false
      })
      if (dropped.length === 0) continue
      for (const packet of dropped) this.#forget(packet)
      this.#tidy(channel, queue)
      this.onDrop(why, channel, dropped)
    }
    if (only !== undefined) unread.reader?.wasRead()
    else this.#unread.delete(peer)
  }

  /** Channels are chosen by strangers: not many may stay that are empty. */
  #tidy(channel: number, queue: Fifo<Packet>): void {
    if (queue.length === 0 && this.#channels.size > MAX_EMPTY_CHANNELS) this.#channels.delete(channel)
  }

  /** The peer has no session any more. What it left stays readable, within limits over all such peers. */
  orphan(peer: bigint): void {
    const unread = this.#unread.get(peer)
    if (!unread) return
    unread.isOrphan = true
    unread.reader = undefined
    this.#orphans.delete(peer)
    this.#orphans.add(peer)
    this.#release(peer, unread)
    let cost = 0
    for (const other of this.#orphans) cost += this.unreadOf(other).cost
    for (const other of this.#orphans) {
      if (cost <= MAX_ORPHANED_COST && this.#orphans.size <= MAX_ORPHANS) break
      cost -= this.unreadOf(other).cost
      this.drop(other, 'abandoned')
    }
  }

  /** The peer has a session again. */
  adopt(peer: bigint): void {
    const unread = this.#unread.get(peer)
    if (!unread) return
    unread.isOrphan = false
    this.#orphans.delete(peer)
  }

  clear(): void {
    this.#channels.clear()
    this.#unread.clear()
    this.#orphans.clear()
  }

  #forget(packet: UnreadPacket): void {
    const { peer, unread } = packet
    unread.count(packet, -1)
    this.#release(peer, unread)
  }

  /** A peer without a session is not remembered for longer than something of it is unread. */
  #release(peer: bigint, { isOrphan, packets }: Unread): void {
    if (!isOrphan || packets > 0) return
    this.#unread.delete(peer)
    this.#orphans.delete(peer)
  }
}
