import { checkFrame } from '../frame.js'
import type { Inbox } from '../inbox.js'
import type { Lane, Link } from '../transport.js'
import type { EventQueue, News, Payload, Target } from './queue.js'
import type { Route } from './route.js'

const UP: News = { kind: 'up' }
const DRAIN: News = { kind: 'drain' }

/** Where a link end belongs: the transport that it was made for. */
export interface LinkHome {
  readonly inbox: Inbox
  /** The link end is of no use any more. */
  forget(link: MemoryLink): void
}

/** What both ends of a link share. */
export interface LinkTerms {
  readonly queue: EventQueue
  readonly maxFrameSize: number
  readonly highWaterMark: number
}

/** One end of a link within one process. */
export class MemoryLink implements Link, Target {
  readonly peer: bigint
  readonly reliable = true
  readonly relayed = false
  readonly address = undefined
  readonly maxFrameSize: number
  readonly #home: LinkHome
  readonly #route: Route
  readonly #terms: LinkTerms
  #far: MemoryLink | undefined
  #stage: 'coming' | 'up' | 'closing' | 'gone' = 'coming'
  #inFlight = 0
  #blocked = false

  private constructor(home: LinkHome, peer: bigint, route: Route, terms: LinkTerms) {
    this.#home = home
    this.peer = peer
    this.#route = route
    this.#terms = terms
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
    if (this.#inFlight >= this.#terms.highWaterMark) {
      this.#blocked = true
      return false
    }
    if (lane === 'datagram' && this.#route.rough) this.#scatter(frame)
    else this.#post(frame, this.#route.inOrder())
    return true
  }

  close(reason = 'closed'): void {
    if (this.#stage !== 'up') return
    this.#leave()
    this.#terms.queue.post(this, { kind: 'down', reason }, this.#terms.queue.now())
    this.#tellFar(reason)
  }

  /** The transport closes: the other end hears of it, this one says nothing more. */
  abandon(reason: string): void {
    if (this.#stage === 'gone') return
    // An end that is closing has told the other one already.
    if (this.#stage !== 'closing') this.#tellFar(reason)
    this.#stage = 'gone'
  }

  /** The way is cut: what is under way is lost, and this end hears of it at once. */
  cut(reason: string): void {
    if (this.#stage === 'gone' || this.#stage === 'closing') return
    this.#leave()
    this.#terms.queue.post(this, { kind: 'down', reason }, this.#terms.queue.now())
  }

  arrive(payload: Payload): void {
    if (payload instanceof Uint8Array) this.#receive(payload)
    else this.#hear(payload)
  }

  #receive(frame: Uint8Array): void {
    this.#far!.#landed(frame.byteLength)
    // A link that is closing still hands over what came before its linkDown, as any other does.
    if (this.#stage === 'up' || this.#stage === 'closing') this.#home.inbox.frame(this, frame)
  }

  #hear(news: News): void {
    if (this.#stage === 'gone') return
    if (news.kind === 'up') this.#rise()
    else if (news.kind === 'drain') this.#drain()
    else if (news.kind === 'down') this.#fall(news.reason)
  }

  #rise(): void {
    if (this.#stage !== 'coming') return
    this.#stage = 'up'
    this.#home.inbox.up(this)
  }

  #fall(reason: string): void {
    const announced = this.#announced
    this.#stage = 'gone'
    this.#home.forget(this)
    if (announced) this.#home.inbox.down(this, reason)
  }

  #drain(): void {
    if (this.#stage === 'up') this.#home.inbox.drain(this)
  }

  #announced = false
}
