import type { ResolvedOptions } from './options.js'
import type { NamedTimers } from './timers.js'

/** What the watch over a session does to it. */
export interface Watched {
  /** Whether the peer owes an acknowledgement. */
  isOwed(): boolean
  ping(token: number): void
  vanished(): void
  idle(): void
}

/** A first PING soon after the session is up: until then nobody knows the round trip. */
const FIRST_PING_MS = 1_000
/** How old a measured round trip may be when somebody asks for it. */
const FRESH_MS = 1_000

/** Looks after the silence of one peer: asks whether it is still there, and ends what has gone silent or idle. */
export class Silence {
  /** Round trip of the last PING that was answered. */
  roundTripMs: number | undefined
  #heard: number
  #used: number
  #pinged: number
  #measured = Number.NEGATIVE_INFINITY
  /** The PING whose answer is awaited. */
  #token = 0
  #isWaiting = false

  constructor(
    private readonly options: ResolvedOptions,
    private readonly timers: NamedTimers<'watch'>,
    private readonly watched: Watched,
  ) {
    this.#heard = this.#used = this.#pinged = options.clock.now()
  }

  /** The session is up. */
  begin(): void {
    this.#heard = this.#used = this.#pinged = this.options.clock.now()
    this.#isWaiting = false
    this.#watch()
  }

  heard(now: number): void {
    this.#heard = now
  }

  /** A packet of the game went or came. */
  used(now: number): void {
    this.#used = now
  }

  pong(token: number): void {
    if (!this.#isWaiting || token !== this.#token) return
    this.#isWaiting = false
    this.#measured = this.options.clock.now()
    this.roundTripMs = this.#measured - this.#pinged
  }

  /** Somebody wants to know the round trip: it is measured anew, unless that was just done. */
  ask(): void {
    const now = this.options.clock.now()
    if (now - Math.max(this.#measured, this.#pinged) >= FRESH_MS) this.#ping(now)
  }

  #ping(now: number): void {
    this.#pinged = now
    this.#token = (this.#token + 1) >>> 0
    this.#isWaiting = true
    this.watched.ping(this.#token)
  }

  /** Wakes when the next thing can be due. */
  #watch(): void {
    const { vanishMs, idleTimeoutMs, clock } = this.options
    const now = clock.now()
    if (now - this.#heard >= vanishMs) return this.watched.vanished()
    const used = this.watched.isOwed() ? now : this.#used
    if (now - used >= idleTimeoutMs) return this.watched.idle()
    if (now >= this.#nextPing()) this.#ping(now)
    const next = Math.min(this.#heard + vanishMs, used + idleTimeoutMs, this.#nextPing())
    this.timers.start('watch', Math.max(1, next - now), () => this.#watch())
  }

  #nextPing(): number {
    const { keepAliveMs } = this.options
    if (this.#token === 0) return this.#pinged + Math.min(FIRST_PING_MS, keepAliveMs)
    return Math.max(this.#heard, this.#pinged) + keepAliveMs
  }
}
