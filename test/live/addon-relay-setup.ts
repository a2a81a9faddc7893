// What the tests of the addon by way of a relay share: the relay, its tokens, packets that both sides can make.
import { createRelay, issueRelayToken } from '../../src/relay/node/index.js'
import { cuttableServer } from './cuttable.js'

const SECRET = 'a secret of thirty-two bytes or more'

/** What a test must undo when it ends, the last first. */
export type Ends = (() => unknown)[]

export const token = (steamId: bigint) => issueRelayToken({ steamId, secret: SECRET, expiresInSeconds: 300 })

/** A relay whose connections can be cut without a word to either end. */
export async function startRelay(ends: Ends) {
  const { http, sockets, cut: cutAll, url } = await cuttableServer()
  ends.push(() => http.close())
  const relay = await createRelay({ server: http, path: '/relay', tokens: { secret: SECRET } })
  ends.push(() => relay.close())
  /** False where not all three are there to be cut off. */
  const cut = () => {
    if (sockets.size !== 3 || relay.stats.peers !== 3) return false
    cutAll()
    return true
  }
  return { relay, cut, url: `${url}/relay` }
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
