import type { NodeHalf } from '../node-half.js'
import { DgramSocket, type NodeDgram } from './socket.js'

/** @throws (rejects) where this is not Node. */
export async function nodeHalf(): Promise<NodeHalf> {
  const [dgram, crypto, dns] = await modules()
  return {
    hmac: (key, ...parts) => {
      const mac = crypto.createHmac('sha256', key)
      for (const part of parts) mac.update(part)
      return mac.digest()
    },
    listen: (place, options, owner) => DgramSocket.listen(dgram, place, options, owner),
    dial: (place, options, owner) => DgramSocket.dial(dgram, place, options, owner),
    // Servers listen on 127.0.0.1 more often than on ::1, and `localhost` is both.
    resolve: async (host) => (await dns.lookup(host, { verbatim: false })).address,
  }
}

/** Through promises with a handler of their own, bundlers for browsers leave the imports alone. */
function modules(): Promise<[NodeDgram, typeof import('node:crypto'), typeof import('node:dns/promises')]> {
  return Promise.all([
    import(/* webpackIgnore: true */ /* @vite-ignore */ 'node:dgram').catch(rethrow),
    import(/* webpackIgnore: true */ /* @vite-ignore */ 'node:crypto').catch(rethrow),
    import(/* webpackIgnore: true */ /* @vite-ignore */ 'node:dns/promises').catch(rethrow),
  ])
}

function rethrow(error: unknown): never {
  throw error
}
