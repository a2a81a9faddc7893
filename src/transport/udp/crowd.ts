import { networkOf } from '../address.js'

/** How many links and handshakes each network has begun here. */
export class Crowd {
  readonly #counts = new Map<string, number>()

  count(address: string): number {
    return this.#counts.get(networkOf(address)) ?? 0
  }

  /** How many networks there are. */
  get size(): number {
    return this.#counts.size
  }

  enter(address: string): void {
    this.#counts.set(networkOf(address), this.count(address) + 1)
  }

  leave(address: string): void {
    const left = this.count(address) - 1
    if (left > 0) this.#counts.set(networkOf(address), left)
    else this.#counts.delete(networkOf(address))
  }
}
