import { Share } from './share.js'

/** A packet of none of the phases below says nothing about loss without congestion. */
export const LOUD = 0
/** Sent at the rate of the path. */
export const CRUISING = 1
/** Sent well below it. */
export const QUIET = 2

/** Nothing is said before so many packets of a phase were answered. */
const LEAST = 16

/** More than this is not made up for. */
const MOST = 0.35

/**
 * How much a path loses by chance, whatever is sent. What is lost for want of room goes away when less is sent, and what
 * is lost by chance stays: so it is the lesser of the loss at the path's rate and the loss well below it. What is sent
 * while a queue stands tells nothing, and the floor sinks meanwhile.
 */
export class LossFloor {
  readonly #shares = [new Share(), new Share(), new Share()] as const

  arrived(phase: number): void {
    if (phase !== LOUD) this.#shares[phase as 1 | 2].add(0)
  }

  lost(phase: number): void {
    if (phase !== LOUD) this.#shares[phase as 1 | 2].add(1)
  }

  /** The packet was late, not lost. */
  late(phase: number): void {
    if (phase !== LOUD) this.#shares[phase as 1 | 2].takeBack()
  }

  /** A queue stood while so many packets were answered: what is lost then is no chance. */
  doubt(packets: number): void {
    this.#shares[CRUISING].shrink(packets)
    this.#shares[QUIET].shrink(packets)
  }

  /** 0 to `MOST`. */
  get value(): number {
    const [, cruising, quiet] = this.#shares
    if (cruising.count < LEAST || quiet.count < LEAST) return 0
    return Math.min(cruising.value, quiet.value, MOST)
  }
}
