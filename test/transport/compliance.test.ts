import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type ComplianceRunner,
  MemoryNetwork,
  type MemoryNetworkOptions,
  type Transport,
  type TransportPair,
  transportCompliance,
} from '../../src/transport/index.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'

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

describe('WebSocketTransport', () => transportCompliance({ describe, it }, webSocket, { timeoutMs: 4000 }))

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
})
