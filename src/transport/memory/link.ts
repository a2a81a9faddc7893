import { checkFrame } from '../frame.js'
import type { Inbox } from '../inbox.js'
import type { Lane, Link } from '../transport.js'
import type { EventQueue, News, Payload, Target } from './queue.js'
import type { Route } from './route.js'

const UP: News = { kind: 'up' }
const DRAIN: News = { kind: 'drain' }
const LOOK: News = { kind: 'look' }

/** Where a link end belongs: the transport that it was made for. */
export interface LinkHome {
  readonly inbox: Inbox
  /** The link end is of no use any more. */
  forget(link: MemoryLink): void
}

/** What both ends of a link share. */
export interface LinkTerms {
  readonly queue: EventQueue
  readonly reliable: boolean
  readonly maxFrameSize: number
  readonly highWaterMark: number
}

/** One end of a link that is to be made: whose it is, and the way from there to the other end. */
export interface LinkEnd {
  readonly home: LinkHome
  readonly id: bigint
  readonly route: Route
}

/**
 * One end of a link within one process.
 *
 * Stages: `coming` until `linkUp`, `up`, `closing` between the end of it and `linkDown`, `gone`.
 */
export class MemoryLink implements Link, Target {
  readonly peer: bigint
  readonly reliable: boolean
  readonly relayed = false
  readonly address = undefined
  readonly maxFrameSize: number
  readonly #home: LinkHome
  readonly #route: Route
  readonly #terms: LinkTerms
  #far: MemoryLink | undefined
  #stage: 'coming' | 'up' | 'closing' | 'gone' = 'coming'
  #announced = false
  #inFlight = 0
  #blocked = false
  /** What waits until the way carries again, where it carries nothing and nobody is told. */
  #stalled: Payload[] | undefined
  /** It is on its way to look whether the narrow place has room. */
  #looking = false

  private constructor(home: LinkHome, peer: bigint, route: Route, terms: LinkTerms) {
    this.#home = home
    this.peer = peer
    this.#route = route
    this.#terms = terms
    this.reliable = terms.reliable
    this.maxFrameSize = terms.maxFrameSize
  }

  /** Both ends of a new link; each hears of it after a journey there and back. */
  static pair(near: LinkEnd, far: LinkEnd, latencyMs: number, terms: LinkTerms): [MemoryLink, MemoryLink] {
    const a = new MemoryLink(near.home, far.id, near.route, terms)
    const b = new MemoryLink(far.home, near.id, far.route, terms)
    a.#far = b
    b.#far = a
    const at = Math.max(terms.queue.now() + 2 * latencyMs, near.route.last, far.route.last)
    near.route.holdUntil(at)
    far.route.holdUntil(at)
    terms.queue.post(a, UP, at)
    terms.queue.post(b, UP, at)
    return [a, b]
  }

  get bufferedBytes(): number {
    return this.#inFlight
  }

  send(frame: Uint8Array, lane: Lane): boolean {
    checkFrame(frame, this.maxFrameSize)
    if (this.#stage !== 'up') return false
    const loose = lane === 'datagram' || !this.reliable
    if (this.#inFlight >= this.#terms.highWaterMark || (!loose && this.#route.full)) {
      this.#blocked = true
      this.#lookForRoom()
      return false
    }
    if (this.#stalled !== undefined) this.#stall(frame, loose)
    else if (loose && this.#route.rough) this.#scatter(frame)
    else this.#post(frame, this.#route.inOrder(frame.byteLength))
    return true
  }

  close(reason = 'closed'): void {
    if (this.#stage !== 'up') return
    this.#tellFar(reason)
    this.cut(reason)
  }

  /** The way is cut: this end hears of it at once, and what is under way to it is lost. */
  cut(reason: string): void {
    if (this.#stage !== 'up' && this.#stage !== 'coming') return
    this.#stage = 'closing'
    this.#home.forget(this)
    this.#terms.queue.post(this, { kind: 'down', reason }, this.#terms.queue.now())
  }

  /** From now on nothing gets from here to the other end, and neither is told. */
  silence(): void {
    this.#stalled ??= []
  }

  /** The way carries again, and first what waited for it. */
  resume(): void {
    const stalled = this.#stalled ?? []
    this.#stalled = undefined
    for (const payload of stalled) {
      const bytes = payload instanceof Uint8Array ? payload.byteLength : 0
      this.#terms.queue.post(this.#far!, payload, this.#route.inOrder(bytes))
    }
  }

  /** The transport closes: the other end hears of it, this one says nothing more. */
  abandon(reason: string): void {
    if (this.#stage === 'up' || this.#stage === 'coming') this.#tellFar(reason)
    this.#stage = 'gone'
  }

  arrive(payload: Payload): void {
    if (payload instanceof Uint8Array) this.#receive(payload)
    else this.#hear(payload)
  }

  #receive(frame: Uint8Array): void {
    // Taken before the frame is handed over: its new owner may detach it.
    const size = frame.byteLength
    const { inbox } = this.#home
    if (this.#announced && this.#stage !== 'gone') inbox.frame(this, frame)
    if (inbox.isPassing) this.#far!.#landed(size)
    // What waits for a receiver counts as under way, or a peer without one could be filled without end.
    else inbox.whenHeard(() => this.#far!.#landed(size))
  }

  #hear(news: News): void {
    if (news.kind === 'up') this.#rise()
    else if (news.kind === 'drain') this.#drain()
    else if (news.kind === 'look') this.#look()
    else if (news.kind === 'down') this.#fall(news.reason)
  }

  #rise(): void {
    if (this.#stage !== 'coming') return
    this.#stage = 'up'
    this.#announced = true
    this.#home.inbox.up(this)
  }

  #drain(): void {
    if (this.#stage === 'up') this.#home.inbox.drain(this)
  }

  #fall(reason: string): void {
    if (this.#stage === 'gone') return
    this.#stage = 'gone'
    this.#home.forget(this)
    if (this.#announced) this.#home.inbox.down(this, reason)
  }

  #post(frame: Uint8Array, at: number): void {
    this.#inFlight += frame.byteLength
    this.#terms.queue.post(this.#far!, frame, at)
  }

  #stall(frame: Uint8Array, isLoose: boolean): void {
    if (isLoose) return
    this.#inFlight += frame.byteLength
    this.#stalled!.push(frame)
  }

  /** A frame belongs to whom it is given to, so a second copy must be a copy. */
  #scatter(frame: Uint8Array): void {
    const [first, second] = this.#route.datagram(frame.byteLength)
    if (second !== undefined) this.#post(frame.slice(), second)
    if (first !== undefined) this.#post(frame, first)
  }

  #landed(bytes: number): void {
    this.#inFlight -= bytes
    this.#lookForRoom()
  }

  /** Who was refused hears of room when half of it is free again: under way, and at the narrow place. */
  #lookForRoom(): void {
    if (!this.#blocked || this.#looking || this.#inFlight > this.#terms.highWaterMark / 2) return
    const { queue } = this.#terms
    const { roomAt } = this.#route
    if (roomAt > queue.now()) {
      this.#looking = true
      queue.post(this, LOOK, roomAt)
      return
    }
    this.#blocked = false
    queue.post(this, DRAIN, queue.now())
  }

  #look(): void {
    this.#looking = false
    this.#lookForRoom()
  }

  /** Behind all that was sent, so that the last frames arrive before the end. */
  #tellFar(reason: string): void {
    const news: News = { kind: 'down', reason }
    if (this.#stalled !== undefined) this.#stalled.push(news)
    else this.#terms.queue.post(this.#far!, news, this.#route.inOrder(0))
  }
}
