/** Brings what sources have seen to the pages that look, a few times a second. */
import type { WebSocket } from 'ws'
import { type Figures, readBatch, readFigures, type SourcedFrame, type SourceFigures, writeBatch } from '../feed.js'
import { Source, type SourceDetails } from '../source.js'

const FRAMES_MS = 100
/** Figures go with every so many batches. */
const FIGURES_EVERY = 3
/** Bytes that may wait for a page; above it a batch is left out, and only counted. */
const MOST_WAITING = 4 << 20
/** Sources there may be: ids are 16 bits on the wire. */
const MOST_SOURCES = 1_000
/** Frames that a program elsewhere may have sent since the last batch. */
const MOST_REMOTE_FRAMES = 20_000

/** A program elsewhere, whose sources have numbers of its own. */
interface Remote {
  readonly ids: Map<number, number>
  frames: SourcedFrame[]
  missed: number
  figures: readonly SourceFigures[]
}

export class Hub {
  readonly #sources: Source[] = []
  readonly #remotes = new Set<Remote>()
  readonly #pages = new Map<WebSocket, { missed: number }>()
  #timer: NodeJS.Timeout | undefined
  #turn = 0
  #lastId = -1

  /** Undefined where there are too many already. */
  source(name: string, self: bigint | undefined, details: SourceDetails): Source | undefined {
    if (this.#sources.length >= MOST_SOURCES) return undefined
    const source = new Source(this.#newId(), name, self, details)
    this.#sources.push(source)
    return source
  }

  #newId(): number {
    this.#lastId = (this.#lastId + 1) & 0xffff
    return this.#lastId
  }

  /** A page looks from now on. */
  addPage(socket: WebSocket): void {
    this.#pages.set(socket, { missed: 0 })
    socket.on('close', () => {
      this.#pages.delete(socket)
      if (this.#pages.size === 0) this.#stop()
    })
    socket.send(this.figures())
    this.#timer ??= setInterval(() => this.#tick(), FRAMES_MS).unref()
  }

  /** A program elsewhere says what it sees from now on. What it says wrong ends its connection. */
  addRemote(socket: WebSocket): void {
    const remote: Remote = { ids: new Map(), frames: [], missed: 0, figures: [] }
    this.#remotes.add(remote)
    socket.on('close', () => this.#remotes.delete(remote))
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      try {
        if (isBinary) this.#framesOf(remote, data)
        else this.#figuresOf(remote, data.toString('utf8'))
      } catch (error) {
        socket.close(1008, (error as Error).message.slice(0, 100))
      }
    })
  }

  close(): void {
    this.#stop()
    for (const socket of this.#pages.keys()) socket.close(1001)
    this.#pages.clear()
  }

  #stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #framesOf(remote: Remote, data: Buffer): void {
    const { frames, missed } = readBatch(data)
    remote.missed += missed
    for (const frame of frames) {
      if (remote.frames.length >= MOST_REMOTE_FRAMES) remote.missed++
      else remote.frames.push({ ...frame, source: this.#idOf(remote, frame.source) })
    }
  }

  #figuresOf(remote: Remote, text: string): void {
    remote.figures = readFigures(text)
      .sources.slice(0, MOST_SOURCES)
      .map((source) => ({ ...source, id: this.#idOf(remote, source.id) }))
  }

  #idOf(remote: Remote, id: number): number {
    const known = remote.ids.get(id)
    if (known !== undefined) return known
    if (remote.ids.size >= MOST_SOURCES) throw new Error('too many sources')
    const own = this.#newId()
    remote.ids.set(id, own)
    return own
  }

  /** Everything that was seen since the last time. */
  take(): { frames: SourcedFrame[]; missed: number } {
    const frames: SourcedFrame[] = []
    let missed = 0
    for (const source of this.#sources) {
      const taken = source.take()
      missed += taken.missed
      for (const frame of taken.frames) frames.push({ ...frame, source: source.id })
    }
    for (const remote of this.#remotes) {
      missed += remote.missed
      frames.push(...remote.frames)
      remote.frames = []
      remote.missed = 0
    }
    return { frames, missed }
  }

  /** How everything stands, as a text message. */
  figures(): string {
    const own = this.#sources.map((source) => source.figures())
    const others = [...this.#remotes].flatMap(({ figures }) => figures)
    const figures: Figures = {
      kind: 'figures',
      at: performance.timeOrigin + performance.now(),
      sources: [...own, ...others],
    }
    return JSON.stringify(figures)
  }

  #tick(): void {
    const { frames, missed } = this.take()
    const full = frames.length + missed === 0 ? undefined : writeBatch({ frames, missed })
    const figures = this.#turn++ % FIGURES_EVERY === 0 ? this.figures() : undefined
    for (const [socket, page] of this.#pages) {
      if (socket.bufferedAmount > MOST_WAITING) {
        page.missed += frames.length + missed
        continue
      }
      if (full !== undefined || page.missed > 0) {
        socket.send(page.missed === 0 ? full! : writeBatch({ frames, missed: missed + page.missed }))
        page.missed = 0
      }
      if (figures !== undefined) socket.send(figures)
    }
  }
}
