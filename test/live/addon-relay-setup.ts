// What the tests of the addon by way of a relay share: the relay, its tokens, packets that both sides can make, patience.
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createRelay, issueRelayToken } from '../../src/relay/node/index.js'

const SECRET = 'a secret of thirty-two bytes or more'
const PATIENCE_MS = 20_000

/** What a test must undo when it ends, the last first. */
export type Ends = (() => unknown)[]

export const token = (steamId: bigint) => issueRelayToken({ steamId, secret: SECRET, expiresInSeconds: 300 })

/** A relay whose connections can be cut without a word to either end. */
export async function startRelay(ends: Ends) {
  const http = createServer()
  const sockets = new Set<Socket>()
  http.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  ends.push(() => http.close())
  const relay = await createRelay({ server: http, path: '/relay', tokens: { secret: SECRET } })
  ends.push(() => relay.close())
  /** False where not all three are there to be cut off. */
  const cut = () => {
    if (sockets.size !== 3 || relay.stats.peers !== 3) return false
    for (const socket of sockets) socket.destroy()
    sockets.clear()
    return true
  }
  return { relay, cut, url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}/relay` }
}

/** Runs `turn` again and again until it says that it is done. */
export async function until(what: string, turn: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE_MS
  while (!turn()) {
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

/** The packet of a stream that both sides can make: the twin of `piece` in pieces.gd. */
export function piece(number: number): Uint8Array {
  const size = 8 + (number % 50 === 49 ? 70_000 : (number * 37) % 900)
  const bytes = new Uint8Array(size).fill(number & 0xff)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, number, true)
  view.setUint32(4, size, true)
  return bytes
}
