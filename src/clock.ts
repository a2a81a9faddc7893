/** Time as the rooms see it: passed in, so that a test of twenty seconds takes none. */
export interface Clock {
  /** Milliseconds since any fixed moment; never goes back. */
  now(): number
  /** Runs `callback` once, `ms` milliseconds from now, never before the caller returns. */
  setTimeout(callback: () => void, ms: number): unknown
  /**
   * Runs `callback` as soon as the present task is done, before any timer. Cannot be forgotten. A clock without it runs it
   * as a timer of 0 ms.
   */
  soon?(callback: () => void): void
  /**
   * Runs `callback` as soon as everything that has arrived by now was told, before any wait: once for a crowd of packets,
   * and at once for a single one. A clock without it runs it on the spot.
   */
  afterInput?(callback: () => void): void
  /** Forgets a timer; one that ran or was forgotten is ignored. */
  clearTimeout(timer: unknown): void
}

const settled = Promise.resolve()

/** What runs when the present task is done, in one microtask for all. */
let due: (() => void)[] = []

/**
 * A microtask. For each `queueMicrotask` Node makes a resource for its async hooks, which costs more than what is called
 * where that is one packet.
 */
export function soon(callback: () => void): void {
  if (due.push(callback) === 1) void settled.then(runDue)
}

function runDue(): void {
  const callbacks = due
  due = []
  let count = 0
  try {
    while (count < callbacks.length) callbacks[count++]!()
  } finally {
    // One of them threw: the others run all the same.
    for (; count < callbacks.length; count++) soon(callbacks[count]!)
  }
}

/** Looked up once: in Node the global is an accessor, which a packet after a pause would wait for. */
const { performance: watch } = globalThis

/** The platform's clock. Its timers do not keep a Node process alive: sockets do that. */
export const systemClock: Clock = {
  now: () => watch.now(),
  setTimeout(callback, ms) {
    const timer: unknown = setTimeout(callback, ms)
    if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer.unref as () => void)()
    return timer
  },
  soon,
  afterInput(callback) {
    // Node tells of many packets before it comes to this; elsewhere there is nothing like it.
    const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => void }
    if (setImmediate === undefined) callback()
    else setImmediate(callback)
  },
  clearTimeout: (timer) => clearTimeout(timer as number),
}

/** Keeps a Node process alive until the answer is called: somebody awaits what only timers and peers can bring. */
export function keepAwake(): () => void {
  const timer = setInterval(() => {}, 0x7fff_ffff)
  return () => clearInterval(timer)
}

interface VirtualTimer {
  readonly at: number
  readonly order: number
  readonly callback: () => void
  /** Where it stands in the heap; -1 when it is not there any more. */
  place: number
}

/**
 * A clock that stands still until it is told to move: `advance` runs every timer that falls due, in order of time.
 *
 * @example
 * ```ts
 * const clock = new VirtualClock()
 * clock.setTimeout(() => console.log('twenty seconds'), 20_000)
 * clock.advance(20_000)
 * clock.now() // 20_000
 * ```
 */
export class VirtualClock implements Clock {
  #now = 0
  #order = 0
  /** A binary heap, the next timer first: a thousand sessions have thousands of them. */
  readonly #heap: VirtualTimer[] = []

  now(): number {
    return this.#now
  }

  setTimeout(callback: () => void, ms: number): unknown {
    const timer = { at: this.#now + Math.max(0, ms), order: this.#order++, callback, place: this.#heap.length }
    this.#heap.push(timer)
    this.#rise(timer)
    return timer
  }

  clearTimeout(timer: unknown): void {
    const known = timer as VirtualTimer | undefined
    if (known !== undefined && this.#heap[known.place] === known) this.#remove(known)
  }

  /** How many timers wait: a closed session leaves none behind. */
  get pending(): number {
    return this.#heap.length
  }

  /** How many milliseconds from now the next timer falls due; `Infinity` when none waits. */
  get untilNext(): number {
    const next = this.#heap[0]
    return next === undefined ? Number.POSITIVE_INFINITY : next.at - this.#now
  }

  /** Moves time forward by `ms` and runs what falls due on the way, also what those timers start. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (let timer = this.#heap[0]; timer !== undefined && timer.at <= end; timer = this.#heap[0]) {
      this.#remove(timer)
      this.#now = timer.at
      timer.callback()
    }
    this.#now = end
  }

  #remove(timer: VirtualTimer): void {
    const { place } = timer
    const last = this.#heap.pop()!
    timer.place = -1
    if (last === timer) return
    this.#put(last, place)
    this.#rise(last)
    this.#sink(last)
  }

  #rise(timer: VirtualTimer): void {
    while (timer.place > 0) {
      const parent = this.#heap[(timer.place - 1) >> 1]!
      if (!isBefore(timer, parent)) return
      this.#swap(timer, parent)
    }
  }

  #sink(timer: VirtualTimer): void {
    for (;;) {
      const left = this.#heap[2 * timer.place + 1]
      const right = this.#heap[2 * timer.place + 2]
      const next = right !== undefined && isBefore(right, left!) ? right : left
      if (next === undefined || !isBefore(next, timer)) return
      this.#swap(timer, next)
    }
  }

  #swap(a: VirtualTimer, b: VirtualTimer): void {
    const { place } = a
    this.#put(a, b.place)
    this.#put(b, place)
  }

  #put(timer: VirtualTimer, place: number): void {
    this.#heap[place] = timer
    timer.place = place
  }
}

function isBefore(a: VirtualTimer, b: VirtualTimer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
