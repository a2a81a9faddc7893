import type { Link, TransportReceiver } from '../../transport/index.js'
import { zeroCounters } from './counters.js'
import { RepairedLink } from './link.js'
import { type LossyOptions, type ResolvedLossyOptions, resolveLossyOptions } from './options.js'

/**
 * Stands between a transport and its receiver. Links that are reliable pass as they are; each of the others becomes a
 * `RepairedLink` for the receiver.
 */
export class Repair implements TransportReceiver {
  readonly counters = zeroCounters()
  readonly #receiver: TransportReceiver
  readonly #options: ResolvedLossyOptions
  readonly #links = new Map<Link, RepairedLink>()

  /** @throws `CHANNEL_BAD_OPTION` */
  constructor(receiver: TransportReceiver, options: LossyOptions = {}) {
    this.#receiver = receiver
    this.#options = resolveLossyOptions(options)
  }

  linkUp(link: Link): void {
    if (link.reliable) return this.#receiver.linkUp(link)
    const repaired = new RepairedLink(link, this.#receiver, this.#options, this.counters)
    this.#links.set(link, repaired)
    this.#receiver.linkUp(repaired)
  }

  frame(link: Link, frame: Uint8Array): void {
    if (link.reliable) return this.#receiver.frame(link, frame)
    this.#links.get(link)?.receive(frame)
  }

  drain(link: Link): void {
    if (link.reliable) return this.#receiver.drain(link)
    this.#links.get(link)?.drained()
  }

  linkDown(link: Link, reason: string): void {
    if (link.reliable) return this.#receiver.linkDown(link, reason)
    const repaired = this.#links.get(link)
    if (!repaired) return
    this.#links.delete(link)
    repaired.stop()
    this.#receiver.linkDown(repaired, reason)
  }

  /** Frees everything; nothing is told. */
  close(): void {
    for (const link of this.#links.values()) link.stop()
    this.#links.clear()
  }
}
