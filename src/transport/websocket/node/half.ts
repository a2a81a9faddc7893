import type { WebSocket, WebSocketServer } from 'ws'
import type { Door, NodeHalf } from '../node-half.js'
import { listenOn } from './listen.js'
import { CLOSE_TIMEOUT_MS, WsSocket } from './socket.js'

/** The package `ws`, as far as it is used. */
interface Ws {
  readonly WebSocket: typeof WebSocket
  readonly WebSocketServer: typeof WebSocketServer
}

/** @throws (rejects) where `ws` is missing, or only its browser stub is there. */
export async function nodeHalf(): Promise<NodeHalf> {
  const ws: Partial<Ws> = await import('ws')
  const { WebSocket, WebSocketServer } = ws
  if (WebSocket === undefined || WebSocketServer === undefined) throw new Error('"ws" does not work on this platform')
  return {
    listen: (options, door) => listenOn(new WebSocketServer(serverOptions(door)), options, door),
    dial: (url, owner, maxFrameSize) => new WsSocket(new WebSocket(url, sharedOptions(maxFrameSize)), owner),
  }
}

/** `ws` knows `closeTimeout`, its types do not yet. */
function sharedOptions(maxFrameSize: number) {
  return {
    perMessageDeflate: false,
    maxPayload: maxFrameSize,
    skipUTF8Validation: true,
    closeTimeout: CLOSE_TIMEOUT_MS,
  }
}

/** Text is refused whatever it says, so it need not be valid: the close code is 1003 for all of it. */
function serverOptions(door: Door) {
  return { ...sharedOptions(door.maxFrameSize), noServer: true, clientTracking: false }
}
