import { transportError } from './errors.js'
import type { Link, TransportReceiver } from './transport.js'

/** What an event without a frame counts as in `waitingBytes`, and a frame on top of its length. */
const EVENT_COST = 256

/**
 * The way from a transport's links to its one receiver, and the place where events wait while there is none.
 *
 * It does not make a call safe: whoever calls `up`, `frame`, `drain`, `down` or `release` must not be inside a call of
 * the transport's user.
 */
export class Inbox {
  #owner: TransportReceiver | undefined
  #receiver: TransportReceiver | undefined
  #waiting: ((receiver: TransportReceiver) => void)[] = []
  #waitingBytes = 0
  #closed = false

  /** Roughly the memory that waits for a receiver. Who feeds the inbox must stop somewhere. */
  get waitingBytes(): number {
    return this.#waitingBytes
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Names the receiver. It hears nothing before `release`. */
  attach(receiver: TransportReceiver): void {
    if (this.#closed) throw transportError('TRANSPORT_CLOSED')
    if (this.#owner !== undefined) throw transportError('TRANSPORT_ALREADY_ATTACHED')
    this.#owner = receiver
  }

  /** Hands over what waited; from then on events pass straight through. */
  release(): void {
    if (this.#owner === undefined) return
    // By index: an event may close the transport, which empties the list.
    for (let i = 0; i < this.#waiting.length; i++) this.#waiting[i]!(this.#owner)
    this.#waiting = []
    this.#waitingBytes = 0
    if (!this.#closed) this.#receiver = this.#owner
  }

  up(link: Link): void {
    if (this.#receiver !== undefined) this.#receiver.linkUp(link)
    else this.#hold(0, (receiver) => receiver.linkUp(link))
  }

  frame(link: Link, frame: Uint8Array): void {
    if (this.#receiver !== undefined) this.#receiver.frame(link, frame)
    else this.#hold(frame.byteLength, (receiver) => receiver.frame(link, frame))
  }

  drain(link: Link): void {
    if (this.#receiver !== undefined) this.#receiver.drain(link)
    else this.#hold(0, (receiver) => receiver.drain(link))
  }

  down(link: Link, reason: string): void {
    if (this.#receiver !== undefined) this.#receiver.linkDown(link, reason)
    else this.#hold(0, (receiver) => receiver.linkDown(link, reason))
  }

  /** Whether events go straight to the receiver. */
  get isPassing(): boolean {
    return this.#receiver !== undefined
  }

  /** Runs `task` as soon as the receiver has heard everything that waits now; never, if that does not come. */
  whenHeard(task: () => void): void {
    this.#hold(0, task)
  }

  /** Nobody hears anything any more. */
  close(): void {
    this.#closed = true
    this.#receiver = undefined
    this.#waiting = []
    this.#waitingBytes = 0
  }

  #hold(bytes: number, event: (receiver: TransportReceiver) => void): void {
    if (this.#closed) return
    this.#waiting.push(event)
    this.#waitingBytes += bytes + EVENT_COST
  }
}
