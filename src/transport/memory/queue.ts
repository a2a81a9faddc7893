import type { Clock } from '../../clock.js'

/** What travels: a frame, or news about the link itself. */
export type Payload = Uint8Array | News

export type News =
  | { readonly kind: 'up' }
  | { readonly kind: 'drain' }
  | { readonly kind: 'look' }
  | { readonly kind: 'attached' }
  | { readonly kind: 'down'; readonly reason: string }

/** Where something arrives. */
export interface Target {
  arrive(payload: Payload): void
}

/** Everything that is under way on one network, in the order in which it will arrive. */
export interface EventQueue {
  /** The moment that `post` counts from, in milliseconds. */
  now(): number
  /** `payload` arrives at `at`, after all that was posted earlier for that moment, and never inside this call. */
  post(target: Target, payload: Payload, at: number): void
  /** Forgets everything, timers too. */
  clear(): void
}

/** How long microtasks may follow one another before timers and sockets get their turn. */
const BURST_MS = 8

/**
 * The queue of a network without delays: everything posted in one go arrives in one microtask. Two parallel arrays and
 * one function for all of it: a closure or a timer for each frame would cost more than everything else about it.
 *
 * Here time stands still: `now` is 0, and what is posted for later arrives behind the batch it was posted in.
 */
export class InstantQueue implements EventQueue {
  #targets: Target[] = []
  #payloads: Payload[] = []
  #lateTargets: Target[] = []
  #latePayloads: Payload[] = []
  #scheduled = false
  #resting = false
  #breather: unknown
  #burstStart = 0
  readonly #clock: Clock
  readonly #flush = (): void => this.#run()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  now(): number {
    return 0
  }

  post(target: Target, payload: Payload, at: number): void {
    if (at > 0) {
      this.#lateTargets.push(target)
      this.#latePayloads.push(payload)
    } else {
      this.#targets.push(target)
      this.#payloads.push(payload)
    }
    if (!this.#scheduled) this.#schedule()
  }

  clear(): void {
    this.#targets = []
    this.#payloads = []
    this.#lateTargets = []
    this.#latePayloads = []
    this.#clock.clearTimeout(this.#breather)
    this.#breather = undefined
    // A microtask cannot be called back: it will find nothing, and only then may the next one be asked for.
    if (this.#resting) this.#scheduled = false
    this.#resting = false
  }

  /**
   * Two peers that answer each other would otherwise go from microtask to microtask for ever, and no timer of the
   * program would run again. The breather is a timer that shows whether timers still run.
   */
  #schedule(): void {
    this.#scheduled = true
    if (this.#breather === undefined) {
      this.#burstStart = this.#clock.now()
      this.#breather = this.#clock.setTimeout(() => this.#breathe(), 0)
    } else if (this.#clock.now() - this.#burstStart > BURST_MS) {
      this.#resting = true
      return
    }
    queueMicrotask(this.#flush)
  }

  #breathe(): void {
    this.#breather = undefined
    if (!this.#resting) return
    this.#resting = false
    this.#run()
  }

  #run(): void {
    const targets = this.#targets.concat(this.#lateTargets)
    const payloads = this.#payloads.concat(this.#latePayloads)
    this.#targets = []
    this.#payloads = []
    this.#lateTargets = []
    this.#latePayloads = []
    let next = 0
    try {
      while (next < targets.length) {
        const i = next++
        targets[i]!.arrive(payloads[i]!)
      }
    } finally {
      this.#scheduled = false
      // Only where a receiver threw, which it must not: the others shall not lose their frames by it.
      if (next < targets.length) this.#putBack(targets.slice(next), payloads.slice(next))
      if (this.#targets.length + this.#lateTargets.length > 0) this.#schedule()
    }
  }

  #putBack(targets: Target[], payloads: Payload[]): void {
    this.#targets = targets.concat(this.#targets)
    this.#payloads = payloads.concat(this.#payloads)
  }
}

interface Flight {
  readonly at: number
  readonly order: number
  readonly target: Target
  readonly payload: Payload
}

/** The queue of a network with delays, or with a clock of its own: a heap by time and one timer for the first of it. */
export class TimedQueue implements EventQueue {
  readonly #heap: Flight[] = []
  readonly #clock: Clock
  #order = 0
  #timer: unknown
  #timerAt = Number.POSITIVE_INFINITY
  #running = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  now(): number {
    return this.#clock.now()
  }

  post(target: Target, payload: Payload, at: number): void {
    push(this.#heap, { at, order: this.#order++, target, payload })
    if (!this.#running) this.#arm()
  }

  clear(): void {
    this.#heap.length = 0
    this.#disarm()
  }

  #arm(): void {
    const first = this.#heap[0]
    if (first === undefined || first.at >= this.#timerAt) return
    this.#disarm()
    this.#timerAt = first.at
    this.#timer = this.#clock.setTimeout(() => this.#run(), Math.max(0, first.at - this.#clock.now()))
  }

  #disarm(): void {
    this.#clock.clearTimeout(this.#timer)
    this.#timer = undefined
    this.#timerAt = Number.POSITIVE_INFINITY
  }

  #run(): void {
    this.#disarm()
    const now = this.#clock.now()
    // What these events cause waits for a timer of its own, so that other timers get their turn.
    const before = this.#order
    this.#running = true
    try {
      for (let flight = this.#due(now, before); flight !== undefined; flight = this.#due(now, before)) {
        flight.target.arrive(flight.payload)
      }
    } finally {
      this.#running = false
      this.#arm()
    }
  }

  #due(now: number, before: number): Flight | undefined {
    const first = this.#heap[0]
    return first !== undefined && first.at <= now && first.order < before ? pop(this.#heap) : undefined
  }
}

function earlier(a: Flight, b: Flight): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

function push(heap: Flight[], flight: Flight): void {
  let i = heap.length
  while (i > 0) {
    const parent = (i - 1) >> 1
    if (!earlier(flight, heap[parent]!)) break
    heap[i] = heap[parent]!
    i = parent
  }
  heap[i] = flight
}

function pop(heap: Flight[]): Flight | undefined {
  const first = heap[0]
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return first
  let i = 0
  for (let child = 1; child < heap.length; child = 2 * i + 1) {
    if (child + 1 < heap.length && earlier(heap[child + 1]!, heap[child]!)) child++
    if (!earlier(heap[child]!, last)) break
    heap[i] = heap[child]!
    i = child
  }
  heap[i] = last
  return first
}
