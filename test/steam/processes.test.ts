// Players in processes of their own, as they are in life; one that is killed; and what ten thousand packets leave behind.
import { expect, it } from 'vitest'
import { P2P_SEND_RELIABLE } from '../../src/p2p/index.js'
import { type Child, startChild } from './child.js'
import { describeWithDouble } from './double.js'
import { ALICE, BOB, bytes, CAROL, expectPackets, noise, readAll, type SteamPeer, SteamWorld } from './world.js'

/** Passes on to NEXT what comes on channels 0 to 2, and says what it was asked. */
const PASS_ON = `
  import { P2P } from './src/p2p/index.js'
  import { openSteam } from './src/steam/node/index.js'
  const p2p = new P2P({ backend: await openSteam({ appId: 480, library: process.env.DOUBLE }) })
  p2p.on('p2p_session_request', (id) => {
    console.log('request', id)
    p2p.acceptP2PSessionWithUser(id)
  })
  setInterval(() => {
    for (const channel of [0, 1, 2]) {
      while (p2p.isP2PPacketAvailable(channel)) {
        const { data } = p2p.readP2PPacket(p2p.getAvailableP2PPacketSize(channel), channel)
        p2p.sendP2PPacket(BigInt(process.env.NEXT), data, 2, channel)
      }
    }
  }, 1)
  console.log('ready as', p2p.steamId)
`

/** Starts a process that is a player of its own, and passes on to `next`. */
function passOn(world: SteamWorld, id: bigint, next: bigint): Child {
  world.set({ DOUBLE: world.library(), NEXT: String(next), STEAM_DOUBLE_ID: String(id), STEAM_DOUBLE_CLOCK: '' })
  const child = startChild(PASS_ON)
  world.set({ STEAM_DOUBLE_CLOCK: 'virtual' })
  return child
}

async function packetsOn(peer: SteamPeer, channel: number, count: number): Promise<Uint8Array[]> {
  const got: Uint8Array[] = []
  for (let turn = 0; got.length < count && turn < 10_000; turn++) {
    peer.p2p.runCallbacks()
    got.push(...readAll(peer.p2p, channel))
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return got
}

describeWithDouble('three processes', () => {
  it('shake hands and pass packets of every size around, on several channels', async () => {
    const world = new SteamWorld()
    const [bob, carol] = [passOn(world, BOB, CAROL), passOn(world, CAROL, ALICE)]
    await bob.line(`ready as ${BOB}`)
    await carol.line(`ready as ${CAROL}`)
    const alice = await world.friendly(ALICE)
    for (const channel of [0, 1, 2]) {
      const sent = [bytes(channel), bytes(), noise(1200, channel), noise(40_000, channel), noise(1_048_576, channel)]
      for (const packet of sent) expect(alice.p2p.sendP2PPacket(BOB, packet, P2P_SEND_RELIABLE, channel)).toBe(true)
      expectPackets(await packetsOn(alice, channel, sent.length), sent)
    }
    await bob.line(`request ${ALICE}`)
    await carol.line(`request ${BOB}`)
    expect(alice.requests).toEqual([CAROL])
    expect(bob.output() + carol.output()).not.toMatch(/misuse|Error/)
  })
})

describeWithDouble('two processes', () => {
  it('of which one is killed fail at the other, with the queue dropped', async () => {
    const world = new SteamWorld()
    const child = passOn(world, BOB, ALICE)
    await child.line(`ready as ${BOB}`)
    const alice = await world.peer(ALICE)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    expect(await packetsOn(alice, 0, 1)).toEqual([bytes(1)])
    child.kill()
    await child.exited
    alice.p2p.sendP2PPacket(BOB, bytes(2), P2P_SEND_RELIABLE)
    world.pass(20_100)
    expect(alice.failures).toEqual([[BOB, 4]])
    expect(alice.p2p.getP2PSessionState(BOB)).toMatchObject({ connection_active: 0, packets_queued_for_send: 0 })
  })
})

describeWithDouble('a loop that reads 10,000 packets', () => {
  it('leaves nothing behind, nor does one that finds none', async () => {
    const world = new SteamWorld()
    world.set({ DOUBLE: world.library(), STEAM_DOUBLE_ID: String(ALICE) })
    const child = startChild(
      `
      import { P2P } from './src/p2p/index.js'
      import { openSteam } from './src/steam/node/index.js'
      const p2p = new P2P({ backend: await openSteam({ appId: 480, library: process.env.DOUBLE, pollIntervalMs: 0 }) })
      const packet = new Uint8Array(256).fill(7)
      let sum = 0
      function round() {
        for (let i = 0; i < 10_000; i++) {
          p2p.sendP2PPacket(p2p.steamId, packet, 2, 0)
          p2p.runCallbacks()
          if (p2p.isP2PPacketAvailable(1)) throw new Error('a packet on channel 1')
          sum += p2p.readP2PPacket(p2p.getAvailableP2PPacketSize()).data[255]
        }
      }
      function held() {
        for (let i = 0; i < 4; i++) gc()
        const { heapUsed, external, arrayBuffers } = process.memoryUsage()
        return heapUsed + external + arrayBuffers
      }
      for (let i = 0; i < 3; i++) round()
      const before = held()
      for (let i = 0; i < 5; i++) round()
      console.log(JSON.stringify({ sum, grown: held() - before }))
      p2p.close()
      `,
      ['--expose-gc'],
    )
    const { sum, grown } = JSON.parse(await child.line('grown')) as { sum: number; grown: number }
    expect(sum).toBe(8 * 10_000 * 7)
    // A single byte kept for each packet would show.
    expect(grown).toBeLessThan(50_000)
    expect(await child.exited).toBe(0)
  })
})
