/** The page's end of the live feed. */
import { type Batch, type Figures, readBatch, readFigures } from '../../src/inspect/index.js'

export interface FeedListener {
  batch(batch: Batch): void
  figures(figures: Figures): void
  state(text: string, isLive: boolean): void
}

const AGAIN_MS = 1_000

/** Where the feed is: at the server that gave this page, with the token of its address. */
export function feedUrl(): string | undefined {
  const token = new URLSearchParams(location.search).get('token')
  if (!location.protocol.startsWith('http') || token === null) return undefined
  return `ws://${location.host}/feed?token=${encodeURIComponent(token)}`
}

/** Connects, and again where the connection is lost, for as long as the page is there. */
export function connectFeed(url: string, listener: FeedListener): void {
  const socket = new WebSocket(url)
  socket.binaryType = 'arraybuffer'
  listener.state('connecting', false)
  socket.onopen = () => listener.state('live', true)
  socket.onmessage = ({ data }) => {
    if (typeof data === 'string') listener.figures(readFigures(data))
    else listener.batch(readBatch(new Uint8Array(data as ArrayBuffer)))
  }
  socket.onclose = () => {
    listener.state('the program is gone; trying again', false)
    setTimeout(() => connectFeed(url, listener), AGAIN_MS)
  }
}
