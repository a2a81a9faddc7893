/** The way to an inspector that runs in another process: `npx godot-wire inspect`. */
import { WebSocket } from 'ws'
import { inspectError } from '../errors.js'
import { writeBatch } from '../feed.js'
import type { Hub } from './hub.js'

const FRAMES_MS = 100
const FIGURES_EVERY = 3
const MOST_WAITING = 4 << 20
const CONNECT_MS = 5_000

export class RemoteFeed {
  readonly #socket: WebSocket
  readonly #timer: NodeJS.Timeout
  #turn = 0
  #missed = 0

  private constructor(
    socket: WebSocket,
    readonly hub: Hub,
  ) {
    this.#socket = socket
    this.#timer = setInterval(() => this.#tick(), FRAMES_MS).unref()
    socket.on('close', () => clearInterval(this.#timer))
    socket.on('error', () => {})
  }

  /**
   * @param url what the other process has printed
   * @throws (rejects) `INSPECT_UNREACHABLE`, `INSPECT_BAD_OPTION`
   */
  static async dial(url: string, hub: Hub): Promise<RemoteFeed> {
    const place = sourceUrl(url)
    const socket = new WebSocket(place, { handshakeTimeout: CONNECT_MS, perMessageDeflate: false })
    try {
      await new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject))
    } catch (cause) {
      // Without the token: errors end up in logs.
      const facts = { url: place.origin, reason: (cause as Error).message }
      throw inspectError('INSPECT_UNREACHABLE', facts, cause)
    }
    return new RemoteFeed(socket, hub)
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#tick()
    if (this.#socket.readyState === WebSocket.CLOSED) return
    await new Promise<void>((resolve) => {
      this.#socket.once('close', () => resolve())
      this.#socket.close()
    })
  }

  #tick(): void {
    const { frames, missed } = this.hub.take()
    this.#missed += missed
    if (this.#socket.readyState !== WebSocket.OPEN || this.#socket.bufferedAmount > MOST_WAITING) {
      this.#missed += frames.length
      return
    }
    if (frames.length + this.#missed > 0) this.#socket.send(writeBatch({ frames, missed: this.#missed }))
    this.#missed = 0
    if (this.#turn++ % FIGURES_EVERY === 0) this.#socket.send(this.hub.figures())
  }
}

function sourceUrl(url: string): URL {
  let place: URL
  try {
    place = new URL(url)
  } catch (cause) {
    const expected = 'it must be the URL that `godot-wire inspect` prints'
    throw inspectError('INSPECT_BAD_OPTION', { option: 'at', value: url, expected }, cause)
  }
  place.protocol = 'ws:'
  place.pathname = '/source'
  return place
}
