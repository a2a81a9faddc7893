import { type Clock, systemClock } from '../../clock.js'
import { transportError } from '../errors.js'
import { DEFAULT_FRAME_LIMIT, MAX_FRAME_LIMIT, MIN_FRAME_LIMIT } from '../frame.js'
import { Inbox } from '../inbox.js'
import { badOption, numberBetween, steamIdOption, wholeNumber } from '../options.js'
import type { Transport, TransportReceiver } from '../transport.js'
import { type LinkHome, type LinkTerms, MemoryLink } from './link.js'
import { type EventQueue, InstantQueue, type Target, TimedQueue } from './queue.js'
import { randomOf } from './random.js'
import { Route, type Weather } from './route.js'

/** Options of `MemoryNetwork`; without any it is perfect and as fast as it can be. */
export interface MemoryNetworkOptions {
  /** Decides every chance of the network, 0 to 2^32 - 1, default 1: the same seed and the same calls, the same run. */
  readonly seed?: number
  /** How long a frame travels, in milliseconds, 0 to 60,000, default 0. */
  readonly latencyMs?: number
  /** How much longer it may take, by chance, in milliseconds, 0 to 60,000, default 0. */
  readonly jitterMs?: number
  /** How likely a datagram is lost, 0 to 1, default 0. */
  readonly loss?: number
  /** How likely a datagram arrives twice, 0 to 1, default 0. */
  readonly duplicate?: number
  /** How likely a datagram is held back so that later ones overtake it, 0 to 1, default 0. */
  readonly reorder?: number
  /**
   * How many bytes a second the way from one peer to another carries, 1,000 to 2^53 - 1, frames of both lanes together;
   * left out, it carries whatever is sent at once.
   */
  readonly bandwidth?: number
  /**
   * How long a frame may wait for its turn where `bandwidth` is set, in milliseconds, 0 to 60,000, default 100. One that
   * would wait longer is lost on the datagram lane, and `send` answers false on the reliable one.
   */
  readonly queueMs?: number
  /**
   * False for links that have datagrams only, as UDP has: `link.reliable` is false, and both lanes fare as the datagram
   * lane does. Default true.
   */
  readonly reliable?: boolean
  /**
   * Where time comes from, default `systemClock`. With another clock everything, also what has no delay, arrives in that
   * clock's timers: `clock.advance(0)` of a `VirtualClock` delivers it, and nothing else does.
   */
  readonly clock?: Clock
  /** Largest frame in bytes, 1,280 to 16,777,216, default 65,536. */
  readonly maxFrameSize?: number
  /** Bytes under way on one link, in one direction, above which `send` answers false; at least 1, default 1 MiB. */
  readonly highWaterMark?: number
}

/** What waits for a receiver that may never come is bounded: about a thousand links that came and went. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024

const MAX_DELAY_MS = 60_000

/** The largest frame takes less time than a timer can wait. */
const LEAST_BANDWIDTH = 1000

interface World {
  readonly queue: EventQueue
  readonly weather: Weather
  readonly terms: LinkTerms
  readonly seed: number
  readonly ports: Map<bigint, MemoryTransport>
  readonly routes: Map<string, Route>
  /** Pairs whose way is cut, and the ends of links that were not told of it. */
  readonly partitions: Map<string, readonly MemoryLink[]>
}

/**
 * A network inside one process, for tests and for games on one machine: as many peers as you like, as good or as bad as
 * you want it.
 *
 * Frames on the reliable lane arrive complete, in order and after `latencyMs` to `latencyMs + jitterMs`, and the time
 * that `bandwidth` costs; datagrams may be lost, doubled or overtaken besides. Nothing is copied on the way but the second
 * copy of a doubled datagram. Every peer is who it says it is.
 *
 * @example
 * ```ts
 * import { MemoryNetwork } from 'godot-wire/transport'
 * const network = new MemoryNetwork({ seed: 7, latencyMs: 40, jitterMs: 10, loss: 0.05 })
 * const ann = network.transport(76561197960265729n)
 * const bob = network.transport(76561197960265730n)
 * bob.attach({
 *   linkUp: () => {},
 *   frame: (link, frame) => console.log('from', link.peer, frame),
 *   drain: () => {},
 *   linkDown: (_link, reason) => console.log('gone:', reason),
 * })
 * ann.attach({ linkUp: (link) => link.send(new Uint8Array([1]), 'reliable'), frame() {}, drain() {}, linkDown() {} })
 * ann.connect(bob.localId)
 * ```
 */
export class MemoryNetwork {
  readonly #world: World

  /** @throws `TRANSPORT_BAD_OPTION` for a value outside the range that the option names. */
  constructor(options: MemoryNetworkOptions = {}) {
    const weather = weatherOf(options)
    const queue = queueOf(options.clock ?? systemClock, weather)
    this.#world = {
      queue,
      weather,
      terms: termsOf(options, queue),
      seed: wholeNumber('seed', options.seed ?? 1, 0, 0xffff_ffff),
      ports: new Map(),
      routes: new Map(),
      partitions: new Map(),
    }
  }

  /**
   * A new peer on this network. Its id is free again once the transport was closed.
   *
   * @throws `TRANSPORT_ID_IN_USE` for an id that is on the network, `TRANSPORT_BAD_OPTION` for one that is 0 or does not
   * fit 64 bits.
   */
  transport(steamId: bigint): Transport {
    steamIdOption('steamId', steamId)
    if (this.#world.ports.has(steamId)) throw transportError('TRANSPORT_ID_IN_USE', { id: steamId })
    const port = new MemoryTransport(steamId, this.#world)
    this.#world.ports.set(steamId, port)
    return port
  }

  /**
   * Cuts the way between two peers: their link goes down, and no new one comes up before `heal`.
   *
   * With `silent` neither end is told, as when a cable is pulled: the link stays up and carries nothing. Datagrams are lost;
   * reliable frames, and the end of the link if one end closes it, arrive after `heal`. What has left already arrives.
   */
  partition(a: bigint, b: bigint, { silent = false }: { readonly silent?: boolean } = {}): void {
    const { ports, partitions, routes } = this.#world
    const key = pairKey(a, b)
    const ends = [ports.get(a)?.linkTo(b), ports.get(b)?.linkTo(a)].filter((link) => link !== undefined)
    if (silent) {
      for (const link of ends) link.silence()
      partitions.set(key, [...(partitions.get(key) ?? []), ...ends])
      return
    }
    for (const link of ends) link.cut('partition')
    // Nothing is under way any more, nor waits for its turn or for better times.
    for (const route of [routes.get(wayKey(a, b)), routes.get(wayKey(b, a))]) route?.clear()
    partitions.set(key, [])
  }

  /** Mends the way between two peers; where their link is down, it comes up again when one of them asks for it. */
  heal(a: bigint, b: bigint): void {
    const { partitions } = this.#world
    const key = pairKey(a, b)
    const silenced = partitions.get(key) ?? []
    partitions.delete(key)
    for (const link of silenced) link.resume()
  }
}

class MemoryTransport implements Transport, LinkHome, Target {
  readonly localId: bigint
  readonly inbox = new Inbox()
  readonly #world: World
  readonly #links = new Map<bigint, MemoryLink>()

  constructor(localId: bigint, world: World) {
    this.localId = localId
    this.#world = world
  }

  attach(receiver: TransportReceiver): void {
    this.inbox.attach(receiver)
    this.#world.queue.post(this, { kind: 'attached' }, this.#world.queue.now())
  }

  connect(peer: bigint): void {
    const far = this.#world.ports.get(peer)
    if (far === undefined || far === this || this.#links.has(peer) || this.inbox.closed) return
    if (this.#world.partitions.has(pairKey(this.localId, peer)) || this.#full || far.#full) return
    const [near, other] = MemoryLink.pair(
      { home: this, id: this.localId, route: this.#routeTo(peer) },
      { home: far, id: peer, route: far.#routeTo(this.localId) },
      this.#world.weather.latencyMs,
      this.#world.terms,
    )
    this.#links.set(peer, near)
    far.#links.set(this.localId, other)
  }

  close(): void {
    if (this.inbox.closed) return
    this.inbox.close()
    for (const link of this.#links.values()) link.abandon('the other end closed its transport')
    this.#links.clear()
    const { ports, queue } = this.#world
    ports.delete(this.localId)
    if (ports.size === 0) queue.clear()
  }

  /** The one thing that a transport itself waits for: the moment after `attach`. */
  arrive(): void {
    this.inbox.release()
  }

  linkTo(peer: bigint): MemoryLink | undefined {
    return this.#links.get(peer)
  }

  forget(link: MemoryLink): void {
    if (this.#links.get(link.peer) === link) this.#links.delete(link.peer)
  }

  get #full(): boolean {
    return this.inbox.waitingBytes > MAX_WAITING_BYTES
  }

  #routeTo(peer: bigint): Route {
    const { routes, queue, weather, seed } = this.#world
    const key = wayKey(this.localId, peer)
    const known = routes.get(key)
    if (known !== undefined) return known
    const route = new Route(queue, weather, randomOf(seed, this.localId, peer))
    routes.set(key, route)
    return route
  }
}

function weatherOf(options: MemoryNetworkOptions): Weather {
  return {
    latencyMs: numberBetween('latencyMs', options.latencyMs ?? 0, 0, MAX_DELAY_MS),
    jitterMs: numberBetween('jitterMs', options.jitterMs ?? 0, 0, MAX_DELAY_MS),
    loss: numberBetween('loss', options.loss ?? 0, 0, 1),
    duplicate: numberBetween('duplicate', options.duplicate ?? 0, 0, 1),
    reorder: numberBetween('reorder', options.reorder ?? 0, 0, 1),
    bandwidth: bandwidthOf(options),
    queueMs: numberBetween('queueMs', options.queueMs ?? 100, 0, MAX_DELAY_MS),
  }
}

function bandwidthOf({ bandwidth }: MemoryNetworkOptions): number {
  if (bandwidth === undefined) return Number.POSITIVE_INFINITY
  return numberBetween('bandwidth', bandwidth, LEAST_BANDWIDTH, Number.MAX_SAFE_INTEGER)
}

function reliableOf({ reliable = true }: MemoryNetworkOptions): boolean {
  if (typeof reliable !== 'boolean') throw badOption('reliable', reliable, 'it must be true or false')
  return reliable
}

function termsOf(options: MemoryNetworkOptions, queue: EventQueue): LinkTerms {
  return {
    queue,
    reliable: reliableOf(options),
    maxFrameSize: wholeNumber(
      'maxFrameSize',
      options.maxFrameSize ?? DEFAULT_FRAME_LIMIT,
      MIN_FRAME_LIMIT,
      MAX_FRAME_LIMIT,
    ),
    highWaterMark: wholeNumber('highWaterMark', options.highWaterMark ?? 1_048_576, 1, Number.MAX_SAFE_INTEGER),
  }
}

/**
 * The system's clock, but with timers that keep a Node process alive: there is no socket here that would, and a program
 * must not end while a frame is on its way.
 */
const wakefulClock: Clock = {
  now: () => systemClock.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (timer) => systemClock.clearTimeout(timer),
}

function queueOf(clock: Clock, weather: Weather): EventQueue {
  if (clock !== systemClock) return new TimedQueue(clock)
  const { latencyMs, jitterMs, bandwidth } = weather
  const instant = latencyMs === 0 && jitterMs === 0 && bandwidth === Number.POSITIVE_INFINITY
  return instant ? new InstantQueue(wakefulClock) : new TimedQueue(wakefulClock)
}

function wayKey(from: bigint, to: bigint): string {
  return `${from}>${to}`
}

function pairKey(a: bigint, b: bigint): string {
  return a < b ? `${a}-${b}` : `${b}-${a}`
}
