import { p2pError } from './errors.js'

/** GodotSteam's signals and what they carry. */
export interface P2PSignals {
  /** A peer without a session wants to talk. Answer with `acceptP2PSessionWithUser`, or ignore it to refuse. */
  p2p_session_request: (remote_steam_id: bigint) => void
  /** No session came about, or one broke with data unacknowledged; `session_error` is a P2P_SESSION_ERROR. */
  p2p_session_connect_fail: (remote_steam_id: bigint, session_error: number) => void
}

export type SignalName = keyof P2PSignals

type Listener = (...args: never[]) => void

const NAMES: readonly SignalName[] = ['p2p_session_request', 'p2p_session_connect_fail']

/** When signals are delivered: on their own and from `runCallbacks`, or from `runCallbacks` only. */
export type CallbackMode = 'auto' | 'manual'

/** Signals wait here until they are delivered, so that no listener runs inside a call or a transport's event. */
export class SignalQueue {
  readonly #listeners = new Map<SignalName, Set<Listener>>()
  #waiting: { name: SignalName; args: readonly unknown[] }[] = []
  #scheduled = false

  constructor(private readonly mode: CallbackMode) {}

  on(name: SignalName, listener: Listener): void {
    if (!NAMES.includes(name)) throw p2pError('P2P_BAD_SIGNAL', { signal: name, known: NAMES.join(', ') })
    let listeners = this.#listeners.get(name)
    if (!listeners) {
      listeners = new Set()
      this.#listeners.set(name, listeners)
    }
    listeners.add(listener)
  }

  off(name: SignalName, listener: Listener): void {
    this.#listeners.get(name)?.delete(listener)
  }

  emit(name: SignalName, ...args: readonly unknown[]): void {
    this.#waiting.push({ name, args })
    if (this.mode === 'manual' || this.#scheduled) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      this.deliver()
    })
  }

  /** Delivers what waits. A listener that throws keeps no other from being told; the first error is thrown at the end. */
  deliver(): void {
    const waiting = this.#waiting
    this.#waiting = []
    const errors: unknown[] = []
    for (const { name, args } of waiting) {
      for (const listener of [...(this.#listeners.get(name) ?? [])]) {
        try {
          listener(...(args as never[]))
        } catch (error) {
          errors.push(error)
        }
      }
    }
    if (errors.length > 0) throw errors[0]
  }

  clear(): void {
    this.#waiting = []
    this.#listeners.clear()
  }
}
