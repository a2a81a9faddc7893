// A relay is a transport like any other, for who stands at its ends.
import { describe, it } from 'vitest'
import { systemClock } from '../../src/clock.js'
import { limitsOf } from '../../src/relay/limits.js'
import { RelaySwitch } from '../../src/relay/switch.js'
import {
  MemoryNetwork,
  type MemoryNetworkOptions,
  type TransportPair,
  transportCompliance,
} from '../../src/transport/index.js'
import { RelayTransport } from '../../src/transport/relay/index.js'

const RELAY = 9n

function inMemory(options: MemoryNetworkOptions) {
  return async (): Promise<TransportPair> => {
    const network = new MemoryNetwork(options)
    const middle = network.transport(RELAY)
    new RelaySwitch(middle, limitsOf(), systemClock)
    const [a, b] = [1n, 2n].map(
      (steamId) => new RelayTransport({ steamId, via: network.transport(steamId), relayId: RELAY }),
    ) as [RelayTransport, RelayTransport]
    await Promise.all([a.open(), b.open()])
    const { loss = 0, duplicate = 0, reorder = 0 } = options
    return {
      a,
      b,
      cutLink: () => network.partition(1n, RELAY),
      lossyDatagrams: loss + duplicate + reorder > 0,
      async teardown() {
        for (const transport of [a, b, middle]) transport.close()
      },
    }
  }
}

describe('RelayTransport', () => transportCompliance({ describe, it }, inMemory({})))

describe('RelayTransport with delays', () => {
  transportCompliance({ describe, it }, inMemory({ latencyMs: 2, jitterMs: 3 }), { timeoutMs: 4000 })
})

describe('RelayTransport in bad weather', () => {
  const storm = { seed: 5, latencyMs: 1, jitterMs: 4, loss: 0.3, duplicate: 0.3, reorder: 0.3 }
  transportCompliance({ describe, it }, inMemory(storm), { timeoutMs: 4000 })
})
