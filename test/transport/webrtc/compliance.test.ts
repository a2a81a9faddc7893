// WebRTC between two transports of one process, introduced by a relay in memory. (Chromium: test/live.)
import { cleanup } from 'node-datachannel'
import { RTCPeerConnection } from 'node-datachannel/polyfill'
import { afterAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/clock.js'
import { P2P, P2P_SEND_RELIABLE } from '../../../src/p2p/index.js'
import { limitsOf } from '../../../src/relay/limits.js'
import { RelaySwitch } from '../../../src/relay/switch.js'
import { MemoryNetwork, type TransportPair, transportCompliance } from '../../../src/transport/index.js'
import { RelayTransport } from '../../../src/transport/relay/index.js'
import { WebRtcTransport, type WebRtcTransportOptions } from '../../../src/transport/webrtc/index.js'
import { until } from '../../until.js'

const RELAY = 9n
const ANN = 76561197960265729n
const BOB = 76561197960265730n

async function world(options: Partial<WebRtcTransportOptions> = {}, ids = [1n, 2n]) {
  const network = new MemoryNetwork()
  const middle = network.transport(RELAY)
  new RelaySwitch(middle, limitsOf(), systemClock)
  const relays = ids.map((steamId) => new RelayTransport({ steamId, via: network.transport(steamId), relayId: RELAY }))
  const [a, b] = relays.map((relay) => new WebRtcTransport({ relay, ...options })) as [WebRtcTransport, WebRtcTransport]
  await Promise.all(relays.map((relay) => relay.open()))
  const close = async () => {
    for (const transport of [a, b, middle]) transport.close()
  }
  return { network, a, b, close }
}

describe('WebRtcTransport, direct only', () => {
  transportCompliance(
    { describe, it },
    async (): Promise<TransportPair> => {
      const { Rtc, breakNewest } = breakable()
      // A try may come to nothing on a busy machine: the next one follows soon, as the transport promises.
      const tries = { directTimeoutMs: 4_000, retryMs: 100 }
      const { a, b, close } = await world({ allowRelay: false, RTCPeerConnection: Rtc as never, ...tries })
      return { a, b, cutLink: () => breakNewest(0), lossyDatagrams: true, teardown: close }
    },
    { timeoutMs: 20_000 },
  )
})

describe('WebRtcTransport that stays on the relay', () => {
  transportCompliance(
    { describe, it },
    async (): Promise<TransportPair> => {
      const { a, b, network, close } = await world({ RTCPeerConnection: Nothing as never })
      return { a, b, cutLink: () => network.partition(1n, RELAY), teardown: close }
    },
    { timeoutMs: 4_000 },
  )
})

afterAll(() => cleanup())

/** Connections that the test can tear down, at the one end or at the other, with nobody told. */
function breakable() {
  const made: RTCPeerConnection[] = []
  class Rtc extends RTCPeerConnection {
    constructor(configuration: never) {
      super(configuration)
      made.push(this)
    }
  }
  return { Rtc, breakNewest: (which: number) => made[made.length - 1 - which]!.close() }
}

/** A WebRTC that refuses. */
class Nothing {
  constructor() {
    throw new Error('no WebRTC today')
  }
}

describe('sessions over WebRTC', () => {
  it('do without the relay where allowP2PPacketRelay(false) says so', async () => {
    const { a, b, close } = await world({ RTCPeerConnection: Nothing as never }, [ANN, BOB])
    const [ann, bob] = [new P2P({ steamId: ANN, transport: a }), new P2P({ steamId: BOB, transport: b })]
    try {
      for (const p2p of [ann, bob]) expect(p2p.allowP2PPacketRelay(false)).toBe(true)
      ann.sendP2PPacket(BOB, Uint8Array.of(1), P2P_SEND_RELIABLE)
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect([a.stats.relayedLinks, b.stats.relayedLinks, ann.getP2PSessionState(BOB)?.connecting]).toEqual([0, 0, 1])
      bob.on('p2p_session_request', (id) => bob.acceptP2PSessionWithUser(id))
    } finally {
      ann.close()
      bob.close()
      await close()
    }
  })

  it('begin anew where the relay connects the peers anew: the other end may have lost the direct way', async () => {
    const { a, b, network, close } = await world({ RTCPeerConnection: RTCPeerConnection as never, retryMs: 200 }, [
      ANN,
      BOB,
    ])
    const [ann, bob] = [new P2P({ steamId: ANN, transport: a }), new P2P({ steamId: BOB, transport: b })]
    const isDirect = () => a.stats.directLinks === 1 && b.stats.directLinks === 1
    try {
      bob.on('p2p_session_request', (id) => bob.acceptP2PSessionWithUser(id))
      const got: number[] = []
      const has = (count: number) => {
        while (bob.isP2PPacketAvailable()) got.push(bob.readP2PPacket(10).data![0]!)
        return got.length === count
      }
      ann.sendP2PPacket(BOB, Uint8Array.of(0), P2P_SEND_RELIABLE)
      await until(() => isDirect() && has(1))
      const successes = b.stats.successes
      network.partition(ANN, RELAY)
      ann.sendP2PPacket(BOB, Uint8Array.of(1), P2P_SEND_RELIABLE)
      await until(() => has(2) && isDirect())
      expect(b.stats.successes).toBe(successes)
      network.heal(ANN, RELAY)
      await until(() => {
        a.connect(BOB)
        return b.stats.successes > successes && isDirect()
      })
      ann.sendP2PPacket(BOB, Uint8Array.of(2), P2P_SEND_RELIABLE)
      await until(() => has(3))
      expect(got).toEqual([0, 1, 2])
    } finally {
      ann.close()
      bob.close()
      await close()
    }
  }, 30_000)

  it('begin on the relay, move to the direct way, and back when it breaks; nothing is lost or doubled', async () => {
    const { Rtc, breakNewest } = breakable()
    const { a, b, close } = await world({ retryMs: 200, RTCPeerConnection: Rtc as never }, [ANN, BOB])
    const [ann, bob] = [new P2P({ steamId: ANN, transport: a }), new P2P({ steamId: BOB, transport: b })]
    try {
      bob.on('p2p_session_request', (id) => bob.acceptP2PSessionWithUser(id))
      const got: number[] = []
      const read = () => {
        while (bob.isP2PPacketAvailable()) {
          const { data } = bob.readP2PPacket(1 << 20)
          got.push(data![0]! | (data![1]! << 8))
        }
      }
      let sent = 0
      const send = (count: number) => {
        for (let i = 0; i < count; i++) {
          const packet = new Uint8Array(sent % 40 === 0 ? 60_000 : 200)
          packet.set([sent, sent >> 8])
          if (ann.sendP2PPacket(BOB, packet, P2P_SEND_RELIABLE)) sent++
        }
      }
      send(50)
      await until(() => {
        read()
        return got.length > 0
      })
      await until(() => {
        send(1)
        read()
        return a.stats.directLinks === 1 && b.stats.directLinks === 1
      })
      expect(ann.getP2PSessionState(BOB)).toMatchObject({ connection_active: 1, using_relay: 0 })
      expect(ann.getP2PSessionState(BOB)!.remote_port).toBeGreaterThan(0)
      for (const which of [0, 1, 0]) {
        send(100)
        breakNewest(which)
        send(100)
        await until(() => {
          read()
          return got.length === sent && a.stats.directLinks === 1 && b.stats.directLinks === 1
        })
      }
      expect(got).toEqual(Array.from({ length: sent }, (_, n) => n))
      expect(a.stats.fallbacks + b.stats.fallbacks).toBeGreaterThanOrEqual(3)
    } finally {
      ann.close()
      bob.close()
      await close()
    }
  }, 30_000)
})
