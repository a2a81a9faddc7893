/** The last frames that were seen, in bounded memory, and which of them are asked for. */
import { fieldOf, type ReadFrame, readFrame, type SourcedFrame } from '../../src/inspect/index.js'

const MOST_FRAMES = 20_000
const MOST_BYTES = 32 << 20

export interface Seen extends SourcedFrame {
  readonly number: number
  readonly read: ReadFrame
}

export interface Filter {
  readonly source: number | undefined
  /** A part of the Steam id of either end. */
  readonly peer: string
  readonly channel: number | undefined
}

export const EVERYTHING: Filter = { source: undefined, peer: '', channel: undefined }

export class Store {
  #frames: Seen[] = []
  /** Where the oldest frame that is kept stands. */
  #head = 0
  #bytes = 0
  #count = 0
  #filter: Filter = EVERYTHING
  #shown: Seen[] = []

  get filter(): Filter {
    return this.#filter
  }

  set filter(filter: Filter) {
    this.#filter = filter
    this.#shown = this.kept.filter((frame) => this.#matches(frame))
  }

  /** Frames that match the filter, oldest first. */
  get shown(): readonly Seen[] {
    return this.#shown
  }

  get kept(): readonly Seen[] {
    return this.#frames.slice(this.#head)
  }

  get size(): number {
    return this.#frames.length - this.#head
  }

  add(frames: readonly SourcedFrame[]): void {
    for (const frame of frames) {
      const read = readFrame(frame.frame)
      const seen = { ...frame, number: this.#count++, read }
      this.#frames.push(seen)
      this.#bytes += frame.frame.length
      if (this.#matches(seen)) this.#shown.push(seen)
    }
    this.#forget()
  }

  clear(): void {
    this.#frames = []
    this.#head = 0
    this.#bytes = 0
    this.#shown = []
  }

  #forget(): void {
    while (this.size > MOST_FRAMES || (this.#bytes > MOST_BYTES && this.size > 1)) {
      this.#bytes -= this.#frames[this.#head++]!.frame.length
    }
    const oldest = this.#frames[this.#head]?.number ?? 0
    const gone = this.#shown.findIndex(({ number }) => number >= oldest)
    if (gone > 0) this.#shown.splice(0, gone)
    // Now and then, and not with every frame.
    if (this.#head > MOST_FRAMES / 4) {
      this.#frames = this.#frames.slice(this.#head)
      this.#head = 0
    }
  }

  #matches({ source, from, to, read }: Seen): boolean {
    const { source: asked, peer, channel } = this.#filter
    if (asked !== undefined && asked !== source) return false
    if (peer !== '' && !String(from).includes(peer) && !String(to).includes(peer)) return false
    return channel === undefined || read.records.some((record) => fieldOf(record, 'channel') === channel)
  }
}
