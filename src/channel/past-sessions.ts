import type { Received } from './records.js'
import { ahead } from './serial.js'

/** Of how many peers it is remembered what they need not send again. */
const MAX_REMEMBERED = 4096

const NOTHING: Received = { session: 0, sequence: 0 }

/** What was received in the last session with each peer that is over: docs/protocol.md, 3.2. */
export class PastSessions {
  /** The oldest first. */
  readonly #received = new Map<bigint, Received>()

  receivedOf(peer: bigint): Received {
    return this.#received.get(peer) ?? NOTHING
  }

  remember(peer: bigint, received: Received): void {
    const before = this.receivedOf(peer)
    this.#received.delete(peer)
    // Two sessions of ours may have met the same one of the peer, and only one of them its stream.
    const less = before.session === received.session && ahead(before.sequence, received.sequence) > 0
    this.#received.set(peer, less ? before : received)
    for (const oldest of this.#received.keys()) {
      if (this.#received.size <= MAX_REMEMBERED) break
      this.#received.delete(oldest)
    }
  }
}
