import type { Session } from './session.js'

/** How many failed sessions are remembered. */
const MAX_FAILED = 256

/**
 * The sessions of one end, by peer: the one that the game sees, up or failed, and the one that it has closed and that still
 * has something to deliver (`closeLinger`).
 */
export class SessionTable {
  readonly #seen = new Map<bigint, Session>()
  readonly #lingering = new Map<bigint, Session>()
  /** Peers whose last session failed, oldest first: the game may ask for the error. */
  readonly #failed = new Set<bigint>()

  /** What the game sees. */
  get(peer: bigint): Session | undefined {
    return this.#seen.get(peer)
  }

  /** What the game sees, unless it has failed. */
  live(peer: bigint): Session | undefined {
    const session = this.#seen.get(peer)
    return session?.state === 'failed' ? undefined : session
  }

  lingering(peer: bigint): Session | undefined {
    return this.#lingering.get(peer)
  }

  /** Whom links and the transport have to tell. */
  both(peer: bigint): Session[] {
    return [this.#seen.get(peer), this.#lingering.get(peer)].filter((session) => session !== undefined)
  }

  /** The session that a frame names. */
  called(peer: bigint, id: number): Session | undefined {
    const live = this.live(peer)
    if (live?.localId === id) return live
    const lingering = this.#lingering.get(peer)
    return lingering?.localId === id ? lingering : undefined
  }

  add(session: Session): void {
    this.#seen.set(session.peer, session)
    this.#failed.delete(session.peer)
  }

  /** The game closes it: it is gone, or goes on unseen. */
  close(session: Session, lingerMs: number): void {
    const { peer } = session
    this.#seen.delete(peer)
    if (lingerMs === 0 || !session.out.unacknowledged) return session.close()
    this.#lingering.set(peer, session)
    session.linger(lingerMs)
  }

  /** The game sends again to a peer whose session lingers: it is the session once more. */
  revive(peer: bigint): Session | undefined {
    const session = this.#lingering.get(peer)
    if (!session) return undefined
    this.#lingering.delete(peer)
    this.add(session)
    session.revive()
    return session
  }

  /** It is over; says whether it was lingering. */
  remove(session: Session): boolean {
    const { peer } = session
    if (this.#lingering.get(peer) === session) return this.#lingering.delete(peer)
    if (this.#seen.get(peer) === session) this.#seen.delete(peer)
    return false
  }

  /** It has failed. Kept, but not for peers without end, which come and go for months. */
  keepFailed(peer: bigint): void {
    this.#failed.delete(peer)
    this.#failed.add(peer)
    for (const oldest of this.#failed) {
      if (this.#failed.size <= MAX_FAILED) break
      this.#failed.delete(oldest)
      if (!this.live(oldest)) this.#seen.delete(oldest)
    }
  }

  closeAll(): void {
    for (const session of [...this.#seen.values(), ...this.#lingering.values()]) session.close()
    this.#seen.clear()
    this.#lingering.clear()
    this.#failed.clear()
  }
}
