import { randomBytes } from 'node:crypto'
import type { ConnectionOptions, Msg, NatsConnection, NatsError } from 'nats'
import { DATA, DATAGRAM, HEADER, SIGNAL, viewOf } from '../../transport/relay/messages.js'
import { relayError } from '../errors.js'
import {
  DRAIN,
  END,
  FULL,
  KICK,
  MARK,
  OPEN,
  PASS,
  PASS_DATAGRAM,
  PASS_HEADER,
  readAccept,
  readOpen,
  readText,
  SHORT_HEADER,
  writeAccept,
  writeOpen,
  writeText,
} from '../fabric-messages.js'
import type { Member } from '../member.js'
import { RemoteEnd } from '../remote-end.js'
import type { Fabric, RelaySwitch } from '../switch.js'
import type { RelayLogEntry } from './options.js'

/** How a relay finds the others. */
export interface NatsOptions {
  /** `nats://host:port`, one or several of a cluster; or all that the NATS client takes. */
  readonly servers: string | readonly string[]
  /** Begins every subject, default `godot-wire`: relays with another one are another network. */
  readonly prefix?: string
  /** User, password, token, TLS and so on, for the NATS client. */
  readonly connection?: Omit<ConnectionOptions, 'servers'>
}

const ASK_MS = 2_000
/** When a peer is asked for again that nobody hears: that it has joined may not be known everywhere yet. */
const AGAIN_MS = [20, 100, 500]
/** The NATS client's code for a subject without subscribers. */
const NOBODY_HEARS = '503'

/** How often marks are sent and other relays are asked whether they live. */
const TICK_MS = 1_000
const PING_EVERY = 5
/** What may be on its way to the NATS server: datagrams are dropped beyond the first, links end beyond the second. */
const BUSY_BYTES = 8 * 1024 * 1024
const MOST_BYTES = 64 * 1024 * 1024
/** When to ask how far the NATS server has read. */
const FLUSH_BYTES = 256 * 1024

/**
 * Many relays as one, over NATS: it knows which relay hears a subject, so a peer is found by its subject, and a relay that is
 * gone by nobody hearing its. What NATS loses (it delivers at most once) ends the link, and the sessions at its ends send again.
 */
export class NatsFabric implements Fabric {
  readonly #name = randomBytes(12).toString('hex')
  readonly #prefix: string
  readonly #connection: NatsConnection
  readonly #switch: RelaySwitch
  readonly #log: (entry: RelayLogEntry) => void
  readonly #ends = new Map<number, RemoteEnd>()
  readonly #byRelay = new Map<string, Set<RemoteEnd>>()
  readonly #peers = new Map<bigint, { unsubscribe(): void }>()
  /** Who is being asked for, by whom. */
  readonly #asking = new Map<bigint, Set<bigint>>()
  readonly #timer: ReturnType<typeof setInterval>
  #lastNumber = 0
  #ticks = 0
  #onItsWay = 0
  #unasked = 0
  #closed = false

  /** @throws (rejects) `RELAY_NATS_FAILED` */
  static async connect(
    { servers, prefix = 'godot-wire', connection }: NatsOptions,
    relay: RelaySwitch,
    log: (entry: RelayLogEntry) => void,
  ): Promise<NatsFabric> {
    const { connect } = await import('nats')
    const list = typeof servers === 'string' ? [servers] : [...servers]
    try {
      const options = { reconnectTimeWait: 500, ...connection, servers: list, maxReconnectAttempts: -1 }
      return new NatsFabric(await connect(options), prefix, relay, log)
    } catch (cause) {
      const reason = (cause as Error).message
      throw relayError('RELAY_NATS_FAILED', { servers: list.map(withoutPassword).join(', '), reason }, cause)
    }
  }

  private constructor(
    connection: NatsConnection,
    prefix: string,
    relay: RelaySwitch,
    log: (entry: RelayLogEntry) => void,
  ) {
    this.#connection = connection
    this.#prefix = prefix
    this.#switch = relay
    this.#log = log
    relay.fabric = this
    const subject = this.#relaySubject(this.#name)
    connection.subscribe(subject, { callback: (error, message) => error === null && this.#heard(message.data) })
    connection.subscribe(`${subject}.ping`, { callback: (_, message) => message.respond() })
    this.#timer = setInterval(() => this.#tick(), TICK_MS)
    this.#timer.unref()
    void this.#watch()
  }

  get name(): string {
    return this.#name
  }

  joined(peer: bigint): void {
    const subject = this.#peerSubject(peer)
    const callback = (error: Error | null, message: Msg) => {
      if (error === null) this.#asked(peer, message)
    }
    // What it was joined to before hears of it, and lets it go.
    this.#publish(subject, writeText(KICK, this.#name))
    this.#peers.get(peer)?.unsubscribe()
    this.#peers.set(peer, this.#connection.subscribe(subject, { callback }))
  }

  left(peer: bigint): void {
    this.#peers.get(peer)?.unsubscribe()
    this.#peers.delete(peer)
  }

  connect(from: Member, peer: bigint): void {
    const asking = this.#asking.get(from.id) ?? new Set()
    if (asking.has(peer) || this.#closed) return
    this.#asking.set(from.id, asking.add(peer))
    const number = this.#nextNumber()
    const maxFrameSize = from.link.maxFrameSize - HEADER
    const open = writeOpen({ from: from.id, number, maxFrameSize, relay: this.#name })
    this.#ask(from, peer, open)
      .then((reply) => reply && this.#accepted(from, peer, number, reply.data))
      // The peer is nowhere, or does not answer: no link is the answer.
      .catch(() => {})
      .finally(() => {
        asking.delete(peer)
        if (asking.size === 0) this.#asking.delete(from.id)
      })
  }

  /** Undefined where the answer is of no use any more. */
  async #ask(from: Member, peer: bigint, open: Uint8Array): Promise<Msg | undefined> {
    for (const wait of AGAIN_MS) {
      try {
        return await this.#request(peer, open)
      } catch (error) {
        if ((error as Partial<NatsError>).code !== NOBODY_HEARS) throw error
      }
      await new Promise((resolve) => setTimeout(resolve, wait).unref())
      if (this.#closed || from.byPeer.has(peer) || this.#switch.member(from.id) !== from) return undefined
    }
    return this.#request(peer, open)
  }

  #request(peer: bigint, open: Uint8Array): Promise<Msg> {
    return this.#connection.request(this.#peerSubject(peer), open, { timeout: ASK_MS })
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    await this.#connection.drain().catch(() => {})
  }

  /** Something was said to a peer that is joined here. */
  #asked(peer: bigint, message: Msg): void {
    const bytes = message.data
    const member = this.#switch.member(peer)
    if (member === undefined) return
    if (bytes[0] === KICK) {
      if (readText(bytes, 1) !== this.#name) member.link.close('replaced by a newer link')
      return
    }
    const open = bytes[0] === OPEN ? readOpen(bytes) : undefined
    // Of two that ask for each other at the same time, the one with the higher id is answered.
    if (open === undefined || (this.#asking.get(peer)?.has(open.from) && peer > open.from)) return
    const maxFrameSize = Math.min(open.maxFrameSize, member.link.maxFrameSize - HEADER)
    const end = this.#newEnd(this.#nextNumber(), open.relay, open.number)
    if (!this.#open(member, open.from, maxFrameSize, end)) return
    message.respond(writeAccept({ number: end.number, maxFrameSize, relay: this.#name }))
  }

  #accepted(from: Member, peer: bigint, number: number, bytes: Uint8Array): void {
    const accept = readAccept(bytes)
    if (accept === undefined) return
    const end = this.#newEnd(number, accept.relay, accept.number)
    const isHere = this.#switch.member(from.id) === from
    if (!isHere || !this.#open(from, peer, accept.maxFrameSize, end)) end.end('the peer has left')
  }

  #newEnd(number: number, relay: string, theirs: number): RemoteEnd {
    const subject = this.#relaySubject(relay)
    const publish = (bytes: Uint8Array) => this.#publish(subject, bytes)
    return new RemoteEnd(number, relay, theirs, publish, (end) => this.#forget(end))
  }

  #open(member: Member, peer: bigint, maxFrameSize: number, end: RemoteEnd): boolean {
    // Data may come as soon as the other relay knows the number.
    this.#ends.set(end.number, end)
    const ends = this.#byRelay.get(end.relay) ?? new Set()
    this.#byRelay.set(end.relay, ends.add(end))
    end.port = this.#switch.openPort(member, peer, maxFrameSize, end)
    if (end.port === undefined) this.#forget(end)
    else if (member.full) end.setFull(true)
    return end.port !== undefined
  }

  #forget(end: RemoteEnd): void {
    this.#ends.delete(end.number)
    const ends = this.#byRelay.get(end.relay)
    ends?.delete(end)
    if (ends?.size === 0) this.#byRelay.delete(end.relay)
  }

  /** What another relay says of a link. */
  #heard(bytes: Uint8Array): void {
    if (bytes.length < SHORT_HEADER) return
    const view = viewOf(bytes)
    const end = this.#ends.get(view.getUint32(1, true))
    if (end === undefined) return
    switch (bytes[0]) {
      case PASS:
        return this.#passed(end, bytes, PASS_HEADER, bytes.length < PASS_HEADER ? -1 : view.getUint32(5, true))
      case PASS_DATAGRAM:
        return this.#passed(end, bytes, SHORT_HEADER, undefined)
      case MARK:
        if (bytes.length < PASS_HEADER || !end.marked(view.getUint32(5, true))) this.#lost(end)
        return
      case END:
        return this.#ended(end, readText(bytes, SHORT_HEADER))
      case FULL:
      case DRAIN:
        end.port?.setFull(bytes[0] === FULL)
    }
  }

  #passed(end: RemoteEnd, bytes: Uint8Array, header: number, count: number | undefined): void {
    // The client reads many messages from one piece of memory: what is passed on has its own.
    const message = bytes.slice(header)
    const type = message[0]
    const isGood = message.length > HEADER && (type === DATA || type === DATAGRAM || type === SIGNAL)
    if (!isGood || !end.arrived(message, count)) this.#lost(end)
  }

  #lost(end: RemoteEnd): void {
    end.end('messages between the relays were lost')
    end.port?.end('messages between the relays were lost')
  }

  #ended(end: RemoteEnd, reason: string): void {
    this.#forget(end)
    end.port?.end(reason)
  }

  #tick(): void {
    for (const end of this.#ends.values()) end.mark()
    if (++this.#ticks % PING_EVERY !== 0) return
    for (const relay of this.#byRelay.keys()) {
      this.#connection.request(`${this.#relaySubject(relay)}.ping`, undefined, { timeout: ASK_MS }).catch(() => {
        // While our own connection is broken nobody answers: what got lost is seen afterwards, by the numbers.
        if (this.#connected) this.#relayGone(relay)
      })
    }
  }

  #connected = true

  #relayGone(relay: string): void {
    const ends = [...(this.#byRelay.get(relay) ?? [])]
    if (ends.length === 0) return
    this.#log({ level: 'warn', event: 'fabric', reason: `relay ${relay} is gone, with ${ends.length} links` })
    for (const end of ends) this.#ended(end, 'the other relay is gone')
  }

  async #watch(): Promise<void> {
    for await (const { type, data } of this.#connection.status()) {
      const isDown = type === 'disconnect'
      if (!isDown && type !== 'reconnect') continue
      this.#connected = !isDown
      const level = isDown ? 'warn' : 'info'
      this.#log({ level, event: 'fabric', reason: `${isDown ? 'lost' : 'found'} NATS at ${String(data)}` })
    }
  }

  #publish(subject: string, bytes: Uint8Array): void {
    if (this.#closed) return
    if (this.#onItsWay > BUSY_BYTES && bytes[0] === PASS_DATAGRAM) {
      this.#switch.stats.droppedDatagrams++
      return
    }
    if (this.#onItsWay > MOST_BYTES) return this.#overflow()
    this.#connection.publish(subject, bytes)
    this.#onItsWay += bytes.length
    this.#unasked += bytes.length
    if (this.#unasked < FLUSH_BYTES) return
    const asked = this.#unasked
    this.#unasked = 0
    this.#connection
      .flush()
      .catch(() => {})
      .finally(() => {
        this.#onItsWay -= asked
      })
  }

  /** NATS reads too slowly: numbers will be missing, and every link that misses one ends at its other end. */
  #overflow(): void {
    for (const end of [...this.#ends.values()]) this.#ended(end, 'the relays cannot keep up')
  }

  #nextNumber(): number {
    this.#lastNumber = (this.#lastNumber + 1) >>> 0
    return this.#lastNumber
  }

  #peerSubject(peer: bigint): string {
    return `${this.#prefix}.peer.${peer}`
  }

  #relaySubject(relay: string): string {
    return `${this.#prefix}.relay.${relay}`
  }
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//')
}
