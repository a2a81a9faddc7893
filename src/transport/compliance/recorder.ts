import type { Link, Transport, TransportReceiver } from '../transport.js'

/** Anything that a transport told its receiver. */
export interface Heard {
  readonly event: 'linkUp' | 'frame' | 'drain' | 'linkDown'
  readonly link: Link
  /** A copy of what was in the frame when it arrived. */
  readonly frame?: Uint8Array
}

/** How long one try has before the next: two ways on a quick link. */
const AGAIN_MS = 15

/**
 * The most that counts as waiting from one look to the next. A machine that is busy elsewhere may not let this process run
 * for seconds, and nothing can happen meanwhile: such time is not the transport's.
 */
const LOOK_MS = 20

/** What one check knows of what happens: both recorders of a pair share it, as one end's call can run the other's. */
export class Watch {
  /** What was seen that no transport may do. */
  readonly faults: string[] = []
  /** The call of a transport that runs now. */
  running = ''
  /** The receiver method that runs now. */
  hearing = ''
  #wake: (() => void)[] = []
  readonly #timeoutMs: number

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
  }

  /** Runs a call of a transport during which no receiver may hear anything. */
  call<T>(name: string, call: () => T): T {
    const outer = this.running
    this.running = name
    try {
      return call()
    } finally {
      this.running = outer
    }
  }

  happened(): void {
    const wake = this.#wake
    this.#wake = []
    for (const resume of wake) resume()
  }

  /** Waits for something to be true, which can become so only when something happened. */
  async until(what: string, isTrue: () => boolean, state: () => string = () => ''): Promise<void> {
    for (let left = this.#timeoutMs; !isTrue(); left -= await this.#next(Math.min(left, LOOK_MS))) {
      if (this.faults.length > 0) throw new Error(this.faults[0])
      if (left <= 0) throw new Error(`Waited ${this.#timeoutMs} ms in vain until ${what}${state()}`)
    }
  }

  /** Waits for something that one try may not bring, and tries again. */
  async insist(what: string, isTrue: () => boolean, tryAgain: () => void): Promise<void> {
    const again = setInterval(tryAgain, AGAIN_MS)
    try {
      await this.until(what, isTrue)
    } finally {
      clearInterval(again)
    }
  }

  /** Some turns of the event loop, for what should not happen and so cannot be waited for. */
  async quiet(): Promise<void> {
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setTimeout(resolve, 1))
  }

  /** Waits for the next event, for `ms` at most; says how much of that it took. */
  async #next(ms: number): Promise<number> {
    const start = performance.now()
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
    return Math.min(performance.now() - start, ms)
  }
}

/** A receiver that keeps everything and watches the order of events. */
export class Recorder implements TransportReceiver {
  readonly heard: Heard[] = []
  /** The newest link that is up. */
  link: Link | undefined
  /** Called for each frame, inside the event, before it is written over. */
  onFrame: ((link: Link, frame: Uint8Array) => void) | undefined
  onDrain: ((link: Link) => void) | undefined
  onDown: ((link: Link) => void) | undefined
  readonly #name: string
  readonly #watch: Watch
  readonly #ended = new Set<Link>()
  /** After `Transport.close`: whatever comes is a fault. */
  deaf = false
  /** Whether frames are written over once they were looked at, as their owner may do. */
  scribbles = true

  constructor(name: string, watch: Watch) {
    this.#name = name
    this.#watch = watch
  }

  linkUp(link: Link): void {
    this.#hear({ event: 'linkUp', link }, () => {
      if (this.link !== undefined) this.#fault(`linkUp while the earlier link to ${link.peer} is up`)
      if (this.#ended.has(link)) this.#fault('linkUp for a link that went down before')
      this.link = link
    })
  }

  frame(link: Link, frame: Uint8Array): void {
    this.#hear({ event: 'frame', link, frame: frame.slice() }, () => {
      this.#mustBeUp('frame', link)
      this.onFrame?.(link, frame)
      if (this.scribbles) frame.fill(0xee)
    })
  }

  drain(link: Link): void {
    this.#hear({ event: 'drain', link }, () => {
      this.#mustBeUp('drain', link)
      this.onDrain?.(link)
    })
  }

  linkDown(link: Link, reason: string): void {
    this.#hear({ event: 'linkDown', link }, () => {
      this.#mustBeUp('linkDown', link)
      if (typeof reason !== 'string') this.#fault('linkDown without a reason')
      this.#ended.add(link)
      if (this.link === link) this.link = undefined
      this.onDown?.(link)
    })
  }

  /** The frames of one link, in the order in which they came. */
  frames(link: Link | undefined): Uint8Array[] {
    return this.heard.flatMap((heard) => (heard.link === link && heard.frame !== undefined ? [heard.frame] : []))
  }

  count(event: Heard['event'], link?: Link): number {
    return this.heard.filter((heard) => heard.event === event && (link === undefined || heard.link === link)).length
  }

  #mustBeUp(event: string, link: Link): void {
    if (this.#ended.has(link)) this.#fault(`${event} after linkDown of that link`)
    else if (this.link !== link) this.#fault(`${event} before linkUp of that link`)
  }

  #hear(heard: Heard, judge: () => void): void {
    const { running, hearing } = this.#watch
    if (running !== '') this.#fault(`${heard.event} from within ${running}`)
    if (hearing !== '') this.#fault(`${heard.event} from within ${hearing} of a receiver`)
    if (this.deaf) this.#fault(`${heard.event} after close of the transport`)
    this.heard.push(heard)
    this.#watch.hearing = heard.event
    try {
      judge()
    } finally {
      this.#watch.hearing = hearing
      this.#watch.happened()
    }
  }

  #fault(text: string): void {
    this.#watch.faults.push(`${this.#name}: ${text}`)
  }
}

/** A transport with its recorder. */
export class Side {
  readonly transport: Transport
  readonly recorder: Recorder
  readonly watch: Watch

  constructor(name: string, transport: Transport, watch: Watch) {
    this.transport = transport
    this.watch = watch
    this.recorder = new Recorder(name, watch)
  }

  /** The link that is up; only after it was waited for. */
  get link(): Link {
    if (this.recorder.link === undefined) throw new Error('There is no link')
    return this.recorder.link
  }

  attach(): void {
    this.watch.call('attach', () => this.transport.attach(this.recorder))
  }

  connect(peer: bigint): void {
    this.watch.call('connect', () => this.transport.connect(peer))
  }

  send(frame: Uint8Array, lane: 'reliable' | 'datagram' = 'reliable', link: Link = this.link): boolean {
    return this.watch.call('send', () => link.send(frame, lane))
  }

  closeLink(reason?: string, link: Link = this.link): void {
    this.watch.call('close of a link', () => link.close(reason))
  }

  close(): void {
    this.recorder.deaf = true
    this.watch.call('close of a transport', () => this.transport.close())
  }
}
