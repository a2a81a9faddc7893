import type { channelError } from './errors.js'

type FlushError = ReturnType<typeof channelError>

interface Waiter {
  readonly target: number
  readonly resolve: () => void
  readonly reject: (error: FlushError) => void
}

/** Who waits until what was accepted so far is acknowledged. Messages are counted from the birth of the session. */
export class FlushQueue {
  /** Targets never fall: whoever came later waits for more. */
  #waiters: Waiter[] = []

  wait(target: number): Promise<void> {
    return new Promise((resolve, reject) => this.#waiters.push({ target, resolve, reject }))
  }

  reached(count: number): void {
    if (this.#waiters.length === 0) return
    const still = this.#waiters.findIndex(({ target }) => target > count)
    const done = this.#waiters.splice(0, still < 0 ? this.#waiters.length : still)
    for (const { resolve } of done) resolve()
  }

  fail(error: () => FlushError): void {
    for (const { reject } of this.#waiters.splice(0)) reject(error())
  }
}
