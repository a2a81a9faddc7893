import type { Link } from '../transport/index.js'
import { Allowance, type RelayLimits } from './limits.js'
import type { Port } from './port.js'

/** What a queued message costs beyond its bytes. */
const MESSAGE_COST = 64

/** What is counted of all members together. */
export interface TrafficStats {
  /** Messages that were passed on to a peer, or said to one. */
  messagesOut: number
  /** Bytes of the messages in `messagesOut`. */
  bytesOut: number
  /** Datagrams that were dropped as their peer read too slowly. */
  droppedDatagrams: number
  /** Peers that were closed as they read too slowly. */
  slowPeers: number
  /** Bytes that wait for peers now. */
  queuedBytes: number
  /** Ends of links between peers that are here now: two for a link within this relay. */
  ports: number
}

/** A peer that is joined to this relay, and what waits for it. */
export class Member {
  readonly ports = new Map<number, Port>()
  readonly byPeer = new Map<bigint, Port>()
  /** Lobbies that it is in. */
  readonly lobbies = new Set<bigint>()
  readonly messages: Allowance
  readonly bytes: Allowance
  /** The number that was given to a link last. */
  lastNumber = 0
  readonly #limits: RelayLimits
  readonly #stats: TrafficStats
  #queue: Uint8Array[] = []
  #head = 0
  #queued = 0
  #full = false
  /** Its link is down, or closing. */
  #gone = false

  constructor(
    readonly link: Link,
    limits: RelayLimits,
    stats: TrafficStats,
    now: number,
  ) {
    this.#limits = limits
    this.#stats = stats
    this.messages = new Allowance(limits.messagesPerSecond, now)
    this.bytes = new Allowance(limits.bytesPerSecond, now)
  }

  get id(): bigint {
    return this.link.peer
  }

  /** Whether those who send to it are asked to stop. */
  get full(): boolean {
    return this.#full
  }

  /** What waits for it, with what each message costs. */
  get queuedBytes(): number {
    return this.#queued
  }

  /** Sends, or keeps until the peer has read. What is too much for that closes the peer. */
  put(message: Uint8Array): void {
    if (this.#gone) return
    if (this.#queued === 0 && this.link.send(message, 'reliable')) return this.#count(message)
    this.#queue.push(message)
    this.#add(message.length + MESSAGE_COST)
    if (this.#queued > this.#limits.maxQueuedBytes) {
      this.#stats.slowPeers++
      this.#gone = true
      return this.link.close('it reads too slowly')
    }
    if (!this.#full && this.#queued > this.#limits.maxQueuedBytes / 4) this.#setFull(true)
  }

  /** Sends, or drops. */
  tryPut(message: Uint8Array): void {
    if (this.#gone) return
    if (this.#queued === 0 && this.link.send(message, 'datagram')) this.#count(message)
    else this.#stats.droppedDatagrams++
  }

  /** The peer reads again. */
  drain(): void {
    while (this.#head < this.#queue.length) {
      const message = this.#queue[this.#head]!
      if (!this.link.send(message, 'reliable')) break
      this.#head++
      this.#add(-message.length - MESSAGE_COST)
      this.#count(message)
    }
    if (this.#head === this.#queue.length) {
      this.#queue = []
      this.#head = 0
    } else if (this.#head > 1024 && this.#head > this.#queue.length / 2) {
      this.#queue = this.#queue.slice(this.#head)
      this.#head = 0
    }
    if (this.#full && this.#queued <= this.#limits.maxQueuedBytes / 8) this.#setFull(false)
  }

  enter(port: Port): void {
    this.ports.set(port.number, port)
    this.#stats.ports++
    this.byPeer.set(port.peer, port)
  }

  drop(port: Port): void {
    if (this.ports.delete(port.number)) this.#stats.ports--
    if (this.byPeer.get(port.peer) === port) this.byPeer.delete(port.peer)
  }

  /** Its link is down. */
  leave(reason: string): void {
    this.#gone = true
    this.#add(-this.#queued)
    this.#queue = []
    this.#head = 0
    const ports = [...this.ports.values()]
    this.#stats.ports -= ports.length
    this.ports.clear()
    this.byPeer.clear()
    for (const port of ports) port.far?.end(reason)
  }

  #setFull(full: boolean): void {
    this.#full = full
    for (const port of this.ports.values()) port.far?.setFull(full)
  }

  #add(bytes: number): void {
    this.#queued += bytes
    this.#stats.queuedBytes += bytes
  }

  #count(message: Uint8Array): void {
    this.#stats.messagesOut++
    this.#stats.bytesOut += message.length
  }
}
