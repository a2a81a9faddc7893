// WebRTC between two peers in Node that are told of nothing but a real TURN server. (That everything goes by TURN is tried with
// Chromium: node-datachannel finds the direct way on one machine all the same.)
import { cleanup } from 'node-datachannel'
import { afterAll, expect } from 'vitest'
import { systemClock } from '../../src/clock.js'
import { P2P, P2P_SEND_RELIABLE } from '../../src/p2p/index.js'
import { limitsOf } from '../../src/relay/limits.js'
import { RelaySwitch } from '../../src/relay/switch.js'
import { MemoryNetwork } from '../../src/transport/index.js'
import { RelayTransport } from '../../src/transport/relay/index.js'
import { WebRtcTransport } from '../../src/transport/webrtc/index.js'
import { until } from '../until.js'
import { itWithTurn, turnServer } from './with-turn.js'

const [RELAY, ANN, BOB] = [9n, 76561197960265729n, 76561197960265730n]

afterAll(() => cleanup())

async function throughTurn(allow: boolean) {
  const turn = await turnServer()
  const iceServers = [{ urls: turn.url, username: 'ann', credential: 'secret' }]
  const network = new MemoryNetwork()
  const middle = network.transport(RELAY)
  new RelaySwitch(middle, limitsOf(), systemClock)
  const peers = [ANN, BOB].map((steamId) => {
    const relay = new RelayTransport({ steamId, via: network.transport(steamId), relayId: RELAY })
    const options = { relay, iceServers, iceTransportPolicy: 'relay', directTimeoutMs: 3_000, retryMs: 200 } as const
    const transport = new WebRtcTransport({ ...options, allowRelay: allow })
    const p2p = new P2P({ steamId, transport })
    p2p.on('p2p_session_request', (id) => p2p.acceptP2PSessionWithUser(id))
    return { relay, transport, p2p }
  })
  await Promise.all(peers.map(({ relay }) => relay.open()))
  const close = () => {
    for (const { p2p } of peers) p2p.close()
    middle.close()
    turn.process.kill('SIGKILL')
  }
  return { ann: peers[0]!, bob: peers[1]!, close }
}

itWithTurn('meets by TURN', async () => {
  const { ann, bob, close } = await throughTurn(true)
  try {
    ann.p2p.sendP2PPacket(BOB, Uint8Array.of(0), P2P_SEND_RELIABLE)
    await until(() => ann.transport.stats.directLinks === 1 && bob.transport.stats.directLinks === 1)
    for (let n = 1; n < 100; n++) ann.p2p.sendP2PPacket(BOB, Uint8Array.of(n), P2P_SEND_RELIABLE)
    const got: number[] = []
    await until(() => {
      while (bob.p2p.isP2PPacketAvailable()) got.push(bob.p2p.readP2PPacket(1).data![0]!)
      return got.length === 100
    })
    expect(got).toEqual(Array.from({ length: 100 }, (_, n) => n))
  } finally {
    close()
  }
})

itWithTurn('takes neither TURN nor the relay where that is not allowed', async () => {
  const { ann, bob, close } = await throughTurn(false)
  try {
    ann.p2p.sendP2PPacket(BOB, Uint8Array.of(0), P2P_SEND_RELIABLE)
    await until(() => ann.transport.stats.attempts + bob.transport.stats.attempts >= 4)
    expect([ann.transport.stats.successes, bob.transport.stats.successes]).toEqual([0, 0])
    expect(bob.p2p.isP2PPacketAvailable()).toBe(false)
  } finally {
    close()
  }
})
