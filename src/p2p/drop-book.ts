import type { Drop } from '../channel/index.js'

/** Different drops that are told apart between two deliveries: a stranger chooses channels, and must not choose memory. */
const MAX_KINDS = 1024

/** Drops since the last delivery, equal ones added up. */
export class DropBook {
  readonly #drops = new Map<string, Drop>()

  add(drop: Drop): void {
    const { what, why, peer, channel } = drop
    const key = `${what}/${why}/${peer}/${channel}`
    if (this.#drops.has(key) || this.#drops.size < MAX_KINDS) this.#sum(key, drop)
    // Only what and why is kept then: of these there are few.
    else this.#sum(`${what}/${why}`, { ...drop, peer: 0n, channel: undefined })
  }

  #sum(key: string, drop: Drop): void {
    const before = this.#drops.get(key)
    const count = drop.count + (before?.count ?? 0)
    const bytes = drop.bytes + (before?.bytes ?? 0)
    this.#drops.set(key, { ...drop, count, bytes })
  }

  take(): Drop[] {
    const drops = [...this.#drops.values()]
    this.#drops.clear()
    return drops
  }
}
