import { relayError } from './errors.js'

/** What one peer may do, and what a relay keeps for it. */
export interface RelayLimits {
  /** Links to other peers that one peer may have; 1 to 100,000, default 1,000. */
  readonly maxLinksPerPeer: number
  /**
   * Bytes that wait for one peer beyond its socket's own buffer; default 4 MiB. Above a quarter of it whoever sends to the
   * peer is asked to stop, datagrams are dropped as soon as anything waits, and beyond it the peer is closed as too slow.
   */
  readonly maxQueuedBytes: number
  /** Messages a second from one peer, on average over two seconds; default 10,000. */
  readonly messagesPerSecond: number
  /** Bytes a second from one peer, on average over two seconds; default 16 MiB. */
  readonly bytesPerSecond: number
  /** Lobbies in all, default 10,000. */
  readonly maxLobbies: number
}

export const DEFAULT_LIMITS: RelayLimits = {
  maxLinksPerPeer: 1_000,
  maxQueuedBytes: 4 * 1024 * 1024,
  messagesPerSecond: 10_000,
  bytesPerSecond: 16 * 1024 * 1024,
  maxLobbies: 10_000,
}

/** @throws `RELAY_BAD_OPTION` */
export function limitsOf(given: Partial<RelayLimits> = {}): RelayLimits {
  const limits = { ...DEFAULT_LIMITS, ...given }
  for (const [option, value] of Object.entries(limits)) {
    if (!Number.isInteger(value) || value < 1) {
      throw relayError('RELAY_BAD_OPTION', { option, value, expected: 'it must be a whole number above 0' })
    }
  }
  return limits
}

/** How much may come on average: what is not used is saved up for two seconds. */
export class Allowance {
  readonly #perMs: number
  readonly #most: number
  #left: number
  #then: number

  constructor(perSecond: number, now: number) {
    this.#perMs = perSecond / 1000
    this.#most = 2 * perSecond
    this.#left = this.#most
    this.#then = now
  }

  /** False where that was too much; nothing is taken then. */
  take(count: number, now: number): boolean {
    this.#left = Math.min(this.#most, this.#left + (now - this.#then) * this.#perMs)
    this.#then = now
    if (this.#left < count) return false
    this.#left -= count
    return true
  }
}
