import { networkInterfaces } from 'node:os'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type ComplianceRunner,
  MemoryNetwork,
  type MemoryNetworkOptions,
  type Transport,
  type TransportPair,
  transportCompliance,
} from '../../src/transport/index.js'
import { UdpTransport } from '../../src/transport/udp/index.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'
import { UdpDetour } from './udp-detour.js'

function closeAll(...transports: Transport[]): void {
  for (const transport of transports) transport.close()
}

function memory(options: MemoryNetworkOptions) {
  return async (): Promise<TransportPair> => {
    const network = new MemoryNetwork(options)
    const [a, b] = [network.transport(1n), network.transport(2n)]
    const { loss = 0, duplicate = 0, reorder = 0 } = options
    return {
      a,
      b,
      cutLink: () => network.partition(1n, 2n),
      lossyDatagrams: loss + duplicate + reorder > 0,
      teardown: async () => closeAll(a, b),
    }
  }
}

async function webSocket(): Promise<TransportPair> {
  const b = new WebSocketTransport({ steamId: 2n })
  const { url } = await b.listen()
  const a = new WebSocketTransport({ steamId: 1n, urlOf: (peer) => (peer === 2n ? url : undefined) })
  return { a, b, teardown: async () => closeAll(a, b) }
}

describe('MemoryNetwork', () => transportCompliance({ describe, it }, memory({})))

describe('MemoryNetwork with delays', () => {
  transportCompliance({ describe, it }, memory({ latencyMs: 2, jitterMs: 3 }), { timeoutMs: 4000 })
})

describe('MemoryNetwork in bad weather', () => {
  const storm = { seed: 5, latencyMs: 1, jitterMs: 4, loss: 0.3, duplicate: 0.3, reorder: 0.3 }
  transportCompliance({ describe, it }, memory(storm), { timeoutMs: 4000 })
})

describe('MemoryNetwork with a narrow place', () => {
  const options = { latencyMs: 1, bandwidth: 20_000_000, queueMs: 20 }
  transportCompliance({ describe, it }, memory(options), { timeoutMs: 4000 })
})

describe('MemoryNetwork without a reliable lane', () => {
  transportCompliance({ describe, it }, memory({ reliable: false }), { timeoutMs: 4000 })
})

describe('MemoryNetwork without a reliable lane, in bad weather', () => {
  const storm = { seed: 6, reliable: false, latencyMs: 1, jitterMs: 4, loss: 0.3, duplicate: 0.3, reorder: 0.3 }
  transportCompliance({ describe, it }, memory(storm), { timeoutMs: 4000 })
})

describe('WebSocketTransport', () => transportCompliance({ describe, it }, webSocket, { timeoutMs: 4000 }))

async function udp(): Promise<TransportPair> {
  const b = new UdpTransport({ steamId: 2n })
  const place = await b.listen()
  const a = new UdpTransport({ steamId: 1n, addressOf: (peer) => (peer === 2n ? place : undefined) })
  return { a, b, teardown: async () => closeAll(a, b) }
}

const HAS_IPV6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'))

/** Both listen and can dial each other. */
async function udpPeers(): Promise<TransportPair> {
  const places = new Map<bigint, { host: string; port: number }>()
  const options = { addressOf: (peer: bigint) => places.get(peer) }
  const [a, b] = [new UdpTransport({ steamId: 1n, ...options }), new UdpTransport({ steamId: 2n, ...options })]
  const host = HAS_IPV6 ? '::1' : '127.0.0.1'
  places.set(1n, await a.listen({ host }))
  places.set(2n, await b.listen({ host }))
  return { a, b, teardown: async () => closeAll(a, b) }
}

/** By a way that loses, doubles and reorders, and that can be cut. */
async function udpStorm(): Promise<TransportPair> {
  // A link that is slow to notice its end is no link that breaks while a busy machine is slow.
  const patience = { keepAliveMs: 100, silenceMs: 2000 }
  const b = new UdpTransport({ steamId: 2n, ...patience })
  const detour = await UdpDetour.to(await b.listen(), { seed: 7, loss: 0.2, duplicate: 0.2, reorder: 0.2 })
  const addressOf = (peer: bigint) => (peer === 2n ? detour.place : undefined)
  const a = new UdpTransport({ steamId: 1n, addressOf, ...patience })
  const teardown = async () => {
    closeAll(a, b)
    detour.close()
  }
  return { a, b, cutLink: () => detour.cut(), lossyDatagrams: true, teardown }
}

describe('UdpTransport', () => transportCompliance({ describe, it }, udp, { timeoutMs: 4000 }))

describe('UdpTransport, both dialling', () => transportCompliance({ describe, it }, udpPeers, { timeoutMs: 4000 }))

describe('UdpTransport in bad weather', () => {
  transportCompliance({ describe, it }, udpStorm, { timeoutMs: 4000 })
})

describe('the runner', () => {
  type NodeTest = typeof import('node:test')
  type Body = (this: object, done: (error?: unknown) => void) => void
  type Mocha = { describe(title: string, body: (this: object) => void): object; it(title: string, body?: Body): object }

  it('may be vitest, node:test, or of the shape of mocha and jest', () => {
    const fits = (_runner: ComplianceRunner | undefined) => true
    expect([
      fits({ describe, it, beforeEach, afterEach }),
      fits(undefined as NodeTest | undefined),
      fits(undefined as Mocha | undefined),
    ]).toEqual([true, true, true])
  })

  it('gets bodies that answer as mocha, jest and node:test want it: nothing, or a promise, and no callback', async () => {
    const answers: unknown[] = []
    const bodies: (() => Promise<void>)[] = []
    const runner = {
      describe: (_title: string, body: () => void) => answers.push(body.call({})),
      it: (_title: string, body: () => Promise<void>) => bodies.push(body),
    }
    transportCompliance(runner, memory({}))
    expect(answers).toEqual([undefined])
    expect(new Set(bodies.map((body) => body.length))).toEqual(new Set([0]))
    const tries = bodies.map((body) => body.call({ timeout() {} }))
    expect(tries.length).toBeGreaterThan(20)
    for (const one of tries) await expect(one).resolves.toBeUndefined()
  })
})
