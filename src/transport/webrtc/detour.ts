import { checkFrame } from '../frame.js'
import type { Lane, Link } from '../transport.js'

/** A link of the relay under a name of its own: each time that frames take the detour, it is another link for who stands above. */
export class Detour implements Link {
  readonly relayed = true
  readonly address = undefined
  readonly peer: bigint
  readonly reliable: boolean
  readonly maxFrameSize: number
  readonly #inner: Link
  #open = true

  constructor(inner: Link) {
    this.#inner = inner
    this.peer = inner.peer
    this.reliable = inner.reliable
    this.maxFrameSize = inner.maxFrameSize
  }

  get bufferedBytes(): number {
    return this.#open ? this.#inner.bufferedBytes : 0
  }

  send(frame: Uint8Array, lane: Lane): boolean {
    // Misuse is told even where the link is down.
    return this.#open ? this.#inner.send(frame, lane) : sendNothing(frame, this.maxFrameSize)
  }

  /** For good: the link of the relay too. */
  close(reason?: string): void {
    if (this.#open) this.#inner.close(reason)
  }

  /** Frames go another way; the link of the relay stays. */
  end(): void {
    this.#open = false
  }
}

function sendNothing(frame: Uint8Array, limit: number): false {
  checkFrame(frame, limit)
  return false
}
