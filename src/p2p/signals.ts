import type { Drop, SessionEnd } from '../channel/index.js'
import { DropBook } from './drop-book.js'
import { p2pError } from './errors.js'

/** GodotSteam's signals and what they carry, and three events that Steam does not have. */
export interface P2PSignals {
  /** A peer without a session wants to talk. Answer with `acceptP2PSessionWithUser`, or ignore it to refuse. */
  p2p_session_request: (remote_steam_id: bigint) => void
  /** No session came about, or one broke with data unacknowledged; `session_error` is a P2P_SESSION_ERROR. */
  p2p_session_connect_fail: (remote_steam_id: bigint, session_error: number) => void
  /** Networking Messages: as `p2p_session_request`. Answer with `acceptSessionWithUser`. */
  network_messages_session_request: (remote_steam_id: bigint) => void
  /** Networking Messages: as `p2p_session_connect_fail`; `reason` is a CONNECTION_END. */
  network_messages_session_failed: (
    reason: number,
    remote_steam_id: bigint,
    connection_state: number,
    debug_message: string,
  ) => void
  /** A session is up: packets flow. Not GodotSteam's; a backend of Steam does not raise it. */
  session_opened: (remote_steam_id: bigint) => void
  /** A session that was up is over, and why. Not GodotSteam's; a backend of Steam does not raise it. */
  session_closed: (remote_steam_id: bigint, why: SessionEnd) => void
  /**
   * Something is lost: packets that will not arrive or will not be read, calls that answered false, requests without room,
   * broken frames. Equal ones since the last delivery are one event with their sum. Not GodotSteam's.
   */
  dropped: (drop: Drop) => void
}

/** What `on` and `off` take: GodotSteam's names, and three of our own. */
export type SignalName = keyof P2PSignals

type Listener = (...args: never[]) => void

const NAMES: readonly SignalName[] = [
  'p2p_session_request',
  'p2p_session_connect_fail',
  'network_messages_session_request',
  'network_messages_session_failed',
  'session_opened',
  'session_closed',
  'dropped',
]

/** When signals are delivered: on their own and from `runCallbacks`, or from `runCallbacks` only. */
export type CallbackMode = 'auto' | 'manual'

/** Signals that wait for `runCallbacks`; a program that never calls it must not be filled by strangers. */
const MAX_WAITING = 16_384

/** Signals wait here until they are delivered, so that no listener runs inside a call or a transport's event. */
export class SignalQueue {
  readonly #listeners = new Map<SignalName, Set<Listener>>()
  readonly #drops = new DropBook()
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

  emit<Name extends Exclude<SignalName, 'dropped'>>(name: Name, ...args: Parameters<P2PSignals[Name]>): void {
    if (this.#waiting.length < MAX_WAITING) this.#waiting.push({ name, args })
    else this.#overflow(args)
    this.#schedule()
  }

  /** Of every signal's arguments one is a bigint: the peer. */
  #overflow(args: readonly unknown[]): void {
    const peer = args.find((arg) => typeof arg === 'bigint') ?? 0n
    this.drop({ what: 'signal', why: 'too-many', count: 1, bytes: 0, peer, channel: undefined })
  }

  /** Notes a drop, where somebody listens. */
  drop(drop: Drop): void {
    if (!this.#listeners.get('dropped')?.size) return
    this.#drops.add(drop)
    this.#schedule()
  }

  #schedule(): void {
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
    const drops = this.#drops.take()
    const errors: unknown[] = []
    for (const { name, args } of waiting) this.#tell(name, args, errors)
    for (const drop of drops) this.#tell('dropped', [drop], errors)
    if (errors.length > 0) throw errors[0]
  }

  #tell(name: SignalName, args: readonly unknown[], errors: unknown[]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        listener(...(args as never[]))
      } catch (error) {
        errors.push(error)
      }
    }
  }

  clear(): void {
    this.#waiting = []
    this.#drops.take()
    this.#listeners.clear()
  }
}
