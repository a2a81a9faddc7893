import type { FrameReport } from '../channel/index.js'
import type { CapturedFrame } from './capture.js'
import type { RelayFigures, SessionFigures, SourceFigures } from './feed.js'
import { Tally } from './tally.js'

/** What a source can say beside what passes it; asked while somebody looks. */
export interface SourceDetails {
  /** What it knows of its sessions with those peers; asked once a second. */
  readonly sessions?: (peers: ReadonlySet<bigint>) => readonly SessionFigures[]
  /** What it knows of itself, where it is a relay; asked once a second. */
  readonly relay?: () => RelayFigures
}

/** Frames that wait to be shown, and their bytes: what is more is counted only. */
const MOST_FRAMES = 2_000
const MOST_BYTES = 2 << 20

/** One P2P, multiplexer or relay that is looked at. */
export class Source {
  readonly #tally = new Tally()
  #waiting: CapturedFrame[] = []
  #waitingBytes = 0
  #missed = 0

  /** @internal `Inspector.source` makes it. */
  constructor(
    /** What the page knows it by, from 0. */
    readonly id: number,
    /** What the page calls it. */
    readonly name: string,
    /** The Steam id that it speaks as, where it has one. */
    readonly self: bigint | undefined,
    /** What it can say beside what passes it. */
    readonly details: SourceDetails = {},
    /** Milliseconds since 1970. */
    readonly now: () => number = () => performance.timeOrigin + performance.now(),
  ) {}

  /** For the option `onFrame`. */
  readonly onFrame = ({ direction, peer, lane, taken, frame }: FrameReport): void => {
    const self = this.self ?? 0n
    const [from, to] = direction === 'out' ? [self, peer] : [peer, self]
    this.see({ at: this.now(), from, to, lane, taken, frame })
  }

  /** The frame belongs to the inspector from now on. */
  see(frame: CapturedFrame): void {
    this.#tally.add(frame)
    if (this.#waiting.length >= MOST_FRAMES || this.#waitingBytes + frame.frame.length > MOST_BYTES) {
      this.#missed++
      return
    }
    this.#waiting.push(frame)
    this.#waitingBytes += frame.frame.length
  }

  /** @internal What waits to be shown, and how many frames were seen beside it. */
  take(): { readonly frames: readonly CapturedFrame[]; readonly missed: number } {
    const taken = { frames: this.#waiting, missed: this.#missed }
    this.#waiting = []
    this.#waitingBytes = 0
    this.#missed = 0
    return taken
  }

  /** What has passed so far, counted, and what `details` says now. */
  figures(): SourceFigures {
    const { frames, bytes, broken, notTaken } = this.#tally
    return {
      id: this.id,
      name: this.name,
      self: this.self === undefined ? undefined : String(this.self),
      frames,
      bytes,
      broken,
      notTaken,
      flows: this.#tally.flows(),
      pairs: this.#tally.pairs(),
      sessions: this.details.sessions?.(this.#tally.peers()) ?? [],
      relay: this.details.relay?.(),
    }
  }
}
