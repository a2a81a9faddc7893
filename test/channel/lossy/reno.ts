/** A flow as most of the internet's: window and losses as RFC 5681 has them. It stands beside ours, to see what is left. */
import type { Payload } from '../../../src/transport/memory/queue.js'
import type { World } from './path.js'

const PACKET = 1200
const ACK_SIZE = 40
const DUPLICATES = 3
const TIMEOUT_MS = 1000

export class RenoFlow {
  /** Bytes that arrived. */
  bytes = 0
  /** Packets that may be under way. */
  window = 10
  readonly #world: World
  readonly #underWay = new Set<number>()
  #threshold = Number.POSITIVE_INFINITY
  #next = 0
  /** One loss counts for all that were sent before it was seen. */
  #recovered = 0
  #timer: unknown

  constructor(world: World) {
    this.#world = world
  }

  fill(): void {
    while (this.#underWay.size < Math.floor(this.window)) this.#send(this.#next++)
    this.#world.clock.clearTimeout(this.#timer)
    this.#timer = this.#world.clock.setTimeout(() => this.#timeout(), TIMEOUT_MS)
  }

  stop(): void {
    this.#world.clock.clearTimeout(this.#timer)
  }

  #send(number: number): void {
    this.#underWay.add(number)
    const arrive = (payload: Payload) => {
      this.bytes += (payload as Uint8Array).length
      this.#world.back.send({ arrive: () => this.#acknowledged(number) }, new Uint8Array(ACK_SIZE))
    }
    this.#world.forth.send({ arrive }, new Uint8Array(PACKET))
  }

  #acknowledged(number: number): void {
    if (!this.#underWay.delete(number)) return
    this.window += this.window < this.#threshold ? 1 : 1 / this.window
    for (const older of this.#underWay) {
      if (older > number - DUPLICATES) break
      this.#underWay.delete(older)
      this.#lost(older)
    }
    this.fill()
  }

  #lost(number: number): void {
    if (number < this.#recovered) return
    this.#recovered = this.#next
    this.#threshold = Math.max(2, this.window / 2)
    this.window = this.#threshold
  }

  #timeout(): void {
    this.#threshold = Math.max(2, this.window / 2)
    this.window = 1
    this.#recovered = this.#next
    this.#underWay.clear()
    this.fill()
  }
}
