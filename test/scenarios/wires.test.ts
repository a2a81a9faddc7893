// The scenarios over every wire that sessions can have in one process. (In GDScript and in Chromium: test/live.)
import { cleanup } from 'node-datachannel'
import { afterAll, describe, it } from 'vitest'
import { systemClock, VirtualClock } from '../../src/clock.js'
import { limitsOf } from '../../src/relay/limits.js'
import { createRelay, issueRelayToken } from '../../src/relay/node/index.js'
import { RelaySwitch } from '../../src/relay/switch.js'
import { MemoryNetwork, type Transport } from '../../src/transport/index.js'
import { RelayTransport } from '../../src/transport/relay/index.js'
import { WebRtcTransport } from '../../src/transport/webrtc/index.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'
import { LocalActor, WEBRTC_TRIES } from './actor.js'
import { SCENARIOS } from './file.js'
import { IDS } from './scenario.js'
import { Stage, type Wire } from './stage.js'

interface Network extends Wire {
  transport(steamId: bigint): Promise<Transport>
  close(): void
}

const RELAY = 9n
const SECRET = 'a secret of more than thirty-two characters'

/** Frames of real sockets move while others have their turn. */
const realTime = () => new Promise<void>((resolve) => setImmediate(resolve))

async function inMemory(): Promise<Network> {
  const clock = new VirtualClock()
  const network = new MemoryNetwork({ clock })
  return {
    relayed: false,
    move: () => clock.advance(0),
    transport: async (steamId) => network.transport(steamId),
    close() {},
  }
}

/** Everybody listens, and knows where the others are. */
async function overWebSocket(): Promise<Network> {
  const urls = new Map<bigint, string>()
  return {
    relayed: false,
    move: realTime,
    async transport(steamId) {
      const transport = new WebSocketTransport({ steamId, urlOf: (peer) => urls.get(peer) })
      urls.set(steamId, (await transport.listen({ port: 0, host: '127.0.0.1' })).url)
      return transport
    },
    close() {},
  }
}

async function overRelay(): Promise<Network> {
  const relay = await createRelay({ port: 0, tokens: { secret: SECRET } })
  return {
    relayed: true,
    move: realTime,
    async transport(steamId) {
      const url = `${relay.url}/?token=${await issueRelayToken({ steamId, secret: SECRET })}`
      const transport = new RelayTransport({ steamId, url })
      await transport.open()
      return transport
    },
    close: () => relay.close(),
  }
}

/** Direct ways only: one that begins on the relay may change over between any two steps. */
async function overWebRtc(): Promise<Network> {
  const network = new MemoryNetwork()
  const middle = network.transport(RELAY)
  new RelaySwitch(middle, limitsOf(), systemClock)
  return {
    relayed: false,
    move: () => new Promise((resolve) => setTimeout(resolve, 1)),
    async transport(steamId) {
      const relay = new RelayTransport({ steamId, via: network.transport(steamId), relayId: RELAY })
      const transport = new WebRtcTransport({ relay, allowRelay: false, ...WEBRTC_TRIES })
      await relay.open()
      return transport
    },
    close: () => middle.close(),
  }
}

afterAll(() => cleanup())

describe.each([
  ['in memory', inMemory],
  ['over WebSocket', overWebSocket],
  ['over a relay', overRelay],
  ['over WebRTC', overWebRtc],
] as const)('the scenarios, %s', (_, connect) => {
  it.each(SCENARIOS)('$name', async (scenario) => {
    const network = await connect()
    const actors = new Map<string, LocalActor>()
    const stage = new Stage(actors, network)
    try {
      for (const [name, options] of Object.entries(scenario.peers)) {
        actors.set(name, new LocalActor(name, await network.transport(IDS[name]!), options))
      }
      await stage.play(scenario)
    } finally {
      await stage.end()
      network.close()
    }
  })
})
