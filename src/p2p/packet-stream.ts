/** Channels that are remembered though nobody waits there: a program listens to the same ones again and again. */
const MAX_EMPTY_CHANNELS = 64

/** Wakes everybody who waits for packets: by channel, and at the end. */
export class Arrivals {
  readonly #streams = new Map<number, Set<() => void>>()
  #waiting = 0
  #isClosed = false

  get isClosed(): boolean {
    return this.#isClosed
  }

  get isEmpty(): boolean {
    return this.#waiting === 0
  }

  /** Not to be called again before `delete`. */
  add(channel: number, wake: () => void): void {
    this.#waiting++
    const streams = this.#streams.get(channel)
    if (streams) streams.add(wake)
    else this.#streams.set(channel, new Set([wake]))
  }

  delete(channel: number, wake: () => void): void {
    const streams = this.#streams.get(channel)
    if (!streams?.delete(wake)) return
    this.#waiting--
    if (streams.size === 0 && this.#streams.size > MAX_EMPTY_CHANNELS) this.#streams.delete(channel)
  }

  arrived(channel: number): void {
    for (const wake of this.#streams.get(channel) ?? []) wake()
  }

  all(): void {
    for (const channel of [...this.#streams.keys()]) this.arrived(channel)
  }

  close(): void {
    this.#isClosed = true
    this.all()
  }
}

/** How `P2P.packets` ends beside `close` and `break`. */
export interface PacketStreamOptions {
  /** Ends the stream; packets that are not read yet stay where they are. */
  readonly signal?: AbortSignal
}

type Result<T> = IteratorResult<T, undefined>

/**
 * The packets of one channel as they come. It holds none itself: what is not asked for waits in the session, within its
 * limits, and can be polled as well. Who waits for a packet goes on in the microtask after its arrival.
 */
export class PacketStream<T> implements AsyncIterableIterator<T, undefined> {
  #waiting: ((result: Result<T>) => void)[] = []
  #isOver = false
  /** It is told of arrivals: from the first wait on, until one comes for which nobody waits. */
  #isListening = false
  readonly #wake = () => this.#serve()
  readonly #end = () => this.#over()

  constructor(
    private readonly channel: number,
    private readonly read: () => T | undefined,
    private readonly arrivals: Arrivals,
    /** Told when somebody waits: for a backend that must be asked. */
    private readonly whenWaiting: () => void,
    private readonly signal: AbortSignal | undefined,
  ) {
    signal?.addEventListener('abort', this.#end)
    if (signal?.aborted) this.#over()
  }

  next(): Promise<Result<T>> {
    if (this.#isOver || this.arrivals.isClosed) return Promise.resolve({ done: true, value: undefined })
    // Who came first gets the first.
    const packet = this.#waiting.length === 0 ? this.read() : undefined
    if (packet !== undefined) return Promise.resolve({ done: false, value: packet })
    return new Promise((resolve) => {
      if (this.#waiting.push(resolve) > 1) return
      this.#listen()
      this.whenWaiting()
    })
  }

  return(): Promise<Result<T>> {
    this.#over()
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #listen(): void {
    if (this.#isListening) return
    this.#isListening = true
    this.arrivals.add(this.channel, this.#wake)
  }

  #listenNoMore(): void {
    if (!this.#isListening) return
    this.#isListening = false
    this.arrivals.delete(this.channel, this.#wake)
  }

  #serve(): void {
    if (this.arrivals.isClosed) return this.#over()
    // Who was served waits for the next one soon: coming and going for each packet would cost more than its delivery.
    if (this.#waiting.length === 0) return this.#listenNoMore()
    while (this.#waiting.length > 0) {
      const packet = this.read()
      if (packet === undefined) return
      this.#waiting.shift()!({ done: false, value: packet })
    }
  }

  #over(): void {
    this.#isOver = true
    this.signal?.removeEventListener('abort', this.#end)
    this.#listenNoMore()
    for (const resolve of this.#waiting.splice(0)) resolve({ done: true, value: undefined })
  }
}
