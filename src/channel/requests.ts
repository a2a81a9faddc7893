import type { ResolvedOptions } from './options.js'
import type { Received } from './records.js'

/** What an OPEN said. */
export interface Opening {
  /** The session id of the peer. */
  readonly remoteId: number
  readonly credit: number
  readonly received: Received
}

interface Request extends Opening {
  readonly lastOpen: number
  readonly lastTold: number
}

/** Peers that have asked for a session and have no answer. */
export class Requests {
  readonly #requests = new Map<bigint, Request>()

  constructor(private readonly options: ResolvedOptions) {}

  /** Notes that a peer asks; says whether the game should hear of it, or that there is no room for another. */
  note(peer: bigint, opening: Opening): 'tell' | 'told' | 'no-room' {
    const now = this.options.clock.now()
    const known = this.#requests.get(peer)
    if (!known && !this.#hasRoom()) return 'no-room'
    const isDue = now - (known?.lastTold ?? Number.NEGATIVE_INFINITY) >= this.options.requestRepeatMs
    this.#requests.set(peer, { ...opening, lastOpen: now, lastTold: isDue ? now : known!.lastTold })
    return isDue ? 'tell' : 'told'
  }

  #hasRoom(): boolean {
    const { maxRequests } = this.options
    if (this.#requests.size >= maxRequests) {
      for (const [peer, request] of this.#requests) if (this.#isExpired(request)) this.#requests.delete(peer)
    }
    return this.#requests.size < maxRequests
  }

  /** The peer gave up: it has asked no more for as long as it would have waited. */
  #isExpired(request: Request): boolean {
    return this.options.clock.now() - request.lastOpen > this.options.connectTimeoutMs
  }

  has(peer: bigint): boolean {
    const request = this.#requests.get(peer)
    return request !== undefined && !this.#isExpired(request)
  }

  /** Takes the request of a peer out, where one waits that the peer has not given up. */
  take(peer: bigint): Opening | undefined {
    const request = this.#requests.get(peer)
    this.#requests.delete(peer)
    return request && !this.#isExpired(request) ? request : undefined
  }

  clear(): void {
    this.#requests.clear()
  }
}
