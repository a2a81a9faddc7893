import { VirtualClock } from '../../src/clock.js'
import { P2P, type P2PSend } from '../../src/p2p/index.js'
import type { Transport } from '../../src/transport/index.js'
import { bytesOf, digest, IDS, nameOf, type Payload, type PeerOptions } from './scenario.js'
import { type Traffic, WatchedTransport } from './watched-transport.js'

type Awaitable<T> = T | Promise<T>
/** Who sent it, and what. */
export type Read = readonly [from: string, data: string] | null

/** How an actor stands after its turn. */
export interface Turn {
  readonly traffic: Traffic
  /** Its sessions do nothing by themselves for so long, in milliseconds; at most an hour. */
  readonly idleMs: number
}

/** A direct way is tried for so long, and soon again: the scenarios have time only for what follows. */
export const WEBRTC_TRIES = { directTimeoutMs: 8_000, retryMs: 200 } as const

const HOUR_MS = 3_600_000

/** One game of a scenario, in this process or in a page; names stand for ids, and answers are plain data. */
export interface Actor {
  send(to: string, data: Payload, type: number, channel: number): Awaitable<boolean>
  accept(whom: string): Awaitable<boolean>
  /** Whether it accepts whoever asks from now on. */
  accepting(accepts: boolean): Awaitable<void>
  close(whom: string): Awaitable<boolean>
  closeChannel(whom: string, channel: number): Awaitable<boolean>
  state(whom: string): Awaitable<object>
  size(channel: number): Awaitable<number>
  available(channel: number): Awaitable<boolean>
  readOne(channel: number, size: number): Awaitable<Read>
  readAll(channel: number): Awaitable<Read[]>
  /** What was told since the last call. */
  requests(): Awaitable<string[]>
  failures(): Awaitable<[string, number][]>
  /** Lets time pass for its sessions, looks at its wire, runs its callbacks, and tells what its transport has done so far. */
  turn(ms: number): Awaitable<Turn>
  cut(whom: string): Awaitable<void>
  heal(whom: string): Awaitable<void>
  end(): Awaitable<void>
}

export class LocalActor implements Actor {
  readonly #clock = new VirtualClock()
  readonly #transport: WatchedTransport
  readonly #p2p: P2P
  #accepts: boolean
  #requests: string[] = []
  #failures: [string, number][] = []

  constructor(name: string, transport: Transport, { accepts = false, ...options }: PeerOptions) {
    this.#transport = new WatchedTransport(transport)
    this.#accepts = accepts
    const common = { transport: this.#transport, callbacks: 'manual', clock: this.#clock } as const
    this.#p2p = new P2P({ steamId: IDS[name]!, ...common, ...options })
    this.#p2p.on('p2p_session_request', (id) => {
      this.#requests.push(nameOf(id))
      if (this.#accepts) this.#p2p.acceptP2PSessionWithUser(id)
    })
    this.#p2p.on('p2p_session_connect_fail', (id, error) => this.#failures.push([nameOf(id), error]))
  }

  send(to: string, data: Payload, type: number, channel: number): boolean {
    return this.#p2p.sendP2PPacket(IDS[to]!, bytesOf(data), type as P2PSend, channel)
  }

  accept(whom: string): boolean {
    return this.#p2p.acceptP2PSessionWithUser(IDS[whom]!)
  }

  accepting(accepts: boolean): void {
    this.#accepts = accepts
  }

  close(whom: string): boolean {
    return this.#p2p.closeP2PSessionWithUser(IDS[whom]!)
  }

  closeChannel(whom: string, channel: number): boolean {
    return this.#p2p.closeP2PChannelWithUser(IDS[whom]!, channel)
  }

  state(whom: string): object {
    return this.#p2p.getP2PSessionState(IDS[whom]!)
  }

  size(channel: number): number {
    return this.#p2p.getAvailableP2PPacketSize(channel)
  }

  available(channel: number): boolean {
    return this.#p2p.isP2PPacketAvailable(channel)
  }

  readOne(channel: number, size: number): Read {
    const { data, remote_steam_id } = this.#p2p.readP2PPacket(size, channel)
    return data ? [nameOf(remote_steam_id), digest(data)] : null
  }

  readAll(channel: number): Read[] {
    const packets: Read[] = []
    while (this.available(channel)) packets.push(this.readOne(channel, 1 << 20))
    return packets
  }

  requests(): string[] {
    return this.#requests.splice(0)
  }

  failures(): [string, number][] {
    return this.#failures.splice(0)
  }

  turn(ms: number): Turn {
    this.#clock.advance(ms)
    this.#transport.deliver()
    this.#p2p.runCallbacks()
    this.#clock.advance(0)
    return { traffic: this.#transport.traffic, idleMs: Math.min(this.#clock.untilNext, HOUR_MS) }
  }

  cut(whom: string): void {
    this.#transport.cut(IDS[whom]!)
  }

  heal(whom: string): void {
    this.#transport.heal(IDS[whom]!)
  }

  end(): void {
    this.#p2p.close()
  }
}
