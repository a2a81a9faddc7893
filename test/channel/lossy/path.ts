/** A path that loses, on a virtual clock: one narrow place that any number of links share, and a wire behind it. */

import type { LossyOptions } from '../../../src/channel/lossy/index.js'
import { Repair, type RepairedLink } from '../../../src/channel/lossy/index.js'
import { VirtualClock } from '../../../src/clock.js'
import type { Lane, Link, TransportReceiver } from '../../../src/transport/index.js'
import { type EventQueue, type Payload, type Target, TimedQueue } from '../../../src/transport/memory/queue.js'

export function randomOf(seed: number): () => number {
  let x = (seed * 2654435761 + 0x9e3779b9) >>> 0
  return () => {
    x = (x + 0x6d2b79f5) >>> 0
    let t = Math.imul(x ^ (x >>> 15), 1 | x)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface Weather {
  /** Bytes a second at the narrow place, and how many may wait there. */
  readonly bandwidth?: number
  readonly queueBytes?: number
  /** One way. */
  readonly latencyMs?: number
  readonly jitterMs?: number
  readonly loss?: number
  readonly duplicate?: number
  readonly reorder?: number
  /** What is under way arrives together, every so often. */
  readonly holdMs?: number
  readonly seed?: number
}

/** One direction of a path; what is sent by any link goes through the same queue. */
export class Path {
  /** May change while packets are under way. */
  readonly weather: { -readonly [Part in keyof Weather]-?: number }
  readonly #queue: EventQueue
  readonly #random: () => number
  #freeAt = 0
  /** Bytes that waited at most, and packets that found no room. */
  mostQueued = 0
  overflows = 0
  /** Cut: nothing passes. */
  cut = false
  /** Packets and bytes that went in. */
  packets = 0
  bytes = 0
  /** Says which packets get lost, beside those that chance takes. */
  loses: ((packet: Uint8Array) => boolean) | undefined

  constructor(queue: EventQueue, weather: Weather, seed: number) {
    this.weather = {
      bandwidth: Number.POSITIVE_INFINITY,
      queueBytes: Number.POSITIVE_INFINITY,
      latencyMs: 0,
      jitterMs: 0,
      loss: 0,
      duplicate: 0,
      reorder: 0,
      holdMs: 0,
      seed: 1,
      ...weather,
    }
    this.#queue = queue
    this.#random = randomOf(this.weather.seed * 7919 + seed)
  }

  get queued(): number {
    return Math.max(0, ((this.#freeAt - this.#queue.now()) * this.weather.bandwidth) / 1000)
  }

  send(target: Target, frame: Uint8Array): void {
    const { bandwidth, queueBytes, loss, duplicate } = this.weather
    this.packets++
    this.bytes += frame.length
    if (this.cut || this.loses?.(frame)) return
    if (bandwidth < Number.POSITIVE_INFINITY) {
      if (this.queued + frame.length > queueBytes) {
        this.overflows++
        return
      }
      this.#freeAt = Math.max(this.#freeAt, this.#queue.now()) + (frame.length * 1000) / bandwidth
      this.mostQueued = Math.max(this.mostQueued, this.queued)
    }
    if (this.#random() < loss) return
    this.#arrive(target, frame)
    if (this.#random() < duplicate) this.#arrive(target, frame.slice())
  }

  #arrive(target: Target, frame: Uint8Array): void {
    const { latencyMs, jitterMs, reorder, holdMs } = this.weather
    const late = this.#random() < reorder ? latencyMs + 1 : 0
    const at = Math.max(this.#freeAt, this.#queue.now()) + latencyMs + late + jitterMs * this.#random()
    this.#queue.post(target, frame, holdMs > 0 ? Math.ceil(at / holdMs) * holdMs : at)
  }
}

/** One end of a raw link: datagrams only. */
export class End implements Link {
  readonly reliable = false
  readonly relayed = false
  readonly address = undefined
  readonly bufferedBytes = 0
  #gone = false
  far!: End
  receiver!: TransportReceiver
  up = true
  /** Frames that `send` takes before it answers false, for tests of back-pressure. */
  takes = Number.POSITIVE_INFINITY
  refusals = 0
  /** Sees each packet before it goes. */
  tap: ((frame: Uint8Array) => void) | undefined

  constructor(
    readonly peer: bigint,
    readonly maxFrameSize: number,
    readonly path: Path,
    readonly queue: EventQueue,
  ) {}

  send(frame: Uint8Array, _lane: Lane): boolean {
    if (frame.length === 0) throw new Error('empty')
    if (frame.length > this.maxFrameSize) throw new Error('too large')
    if (!this.up) return false
    if (this.takes <= 0) {
      this.refusals++
      return false
    }
    this.takes--
    this.tap?.(frame)
    this.path.send(this.far, frame)
    return true
  }

  close(reason = 'closed'): void {
    if (!this.up) return
    this.up = false
    const down: Payload = { kind: 'down', reason }
    this.queue.post(this, down, this.queue.now())
    this.queue.post(this.far, down, this.queue.now() + this.path.weather.latencyMs)
  }

  arrive(payload: Payload): void {
    if (payload instanceof Uint8Array) {
      if (this.up) this.receiver.frame(this, payload)
    } else if (payload.kind === 'down') this.#fall(payload.reason)
  }

  #fall(reason: string): void {
    if (this.#gone) return
    this.#gone = true
    this.up = false
    this.receiver.linkDown(this, reason)
  }
}

/** One side of a repaired link: what it hears, and what it may say. */
export class Side implements TransportReceiver {
  link!: RepairedLink
  readonly repair: Repair
  readonly frames: Uint8Array[] = []
  keep = true
  bytes = 0
  drains = 0
  down: string | undefined
  onFrame: ((frame: Uint8Array) => void) | undefined
  onDrain: (() => void) | undefined

  constructor(options: LossyOptions) {
    this.repair = new Repair(this, options)
  }

  linkUp(link: Link): void {
    this.link = link as RepairedLink
  }

  frame(_link: Link, frame: Uint8Array): void {
    this.bytes += frame.length
    if (this.keep) this.frames.push(frame)
    this.onFrame?.(frame)
  }

  drain(): void {
    this.drains++
    this.onDrain?.()
  }

  linkDown(_link: Link, reason: string): void {
    this.down = reason
  }
}

export interface World {
  readonly clock: VirtualClock
  readonly queue: EventQueue
  readonly forth: Path
  readonly back: Path
}

export function world(weather: Weather, backWeather: Weather = weather): World {
  const clock = new VirtualClock()
  const queue = new TimedQueue(clock)
  return { clock, queue, forth: new Path(queue, weather, 1), back: new Path(queue, backWeather, 2) }
}

export interface Pair {
  readonly a: Side
  readonly b: Side
  readonly rawA: End
  readonly rawB: End
}

/** Two sides with a link over the paths of a world. */
export function join({ clock, queue, forth, back }: World, options: LossyOptions = {}, maxFrameSize = 1280): Pair {
  const random = randomOf(forth.weather.seed + 17)
  const [a, b] = [new Side({ clock, random, ...options }), new Side({ clock, random, ...options })]
  const [rawA, rawB] = [new End(2n, maxFrameSize, forth, queue), new End(1n, maxFrameSize, back, queue)]
  rawA.far = rawB
  rawB.far = rawA
  rawA.receiver = a.repair
  rawB.receiver = b.repair
  a.repair.linkUp(rawA)
  b.repair.linkUp(rawB)
  return { a, b, rawA, rawB }
}

/** A frame of `size` bytes that is told from others by its number. */
export function numbered(number: number, size: number): Uint8Array {
  const frame = new Uint8Array(size)
  for (let i = 0; i < size; i++) frame[i] = (number * 31 + i * 7 + (i >> 8)) & 0xff
  new DataView(frame.buffer).setUint32(0, number)
  return frame
}

/** Keeps a side's reliable lane full. */
export function pour(side: Side, size = 16_384): void {
  const fill = () => {
    while (side.link.send(new Uint8Array(size), 'reliable')) {}
  }
  side.onDrain = fill
  fill()
}
