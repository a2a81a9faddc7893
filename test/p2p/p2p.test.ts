import { describe, expect, it } from 'vitest'
import { P2P, P2P_SEND_RELIABLE, type P2PBackend } from '../../src/p2p/index.js'
import { MemoryNetwork } from '../../src/transport/index.js'
import { ALICE, BOB, bytes, World } from './world.js'

describe('signals', () => {
  const pair = () => {
    const network = new MemoryNetwork()
    const make = (steamId: bigint, callbacks?: 'auto' | 'manual') =>
      new P2P({ steamId, transport: network.transport(steamId), ...(callbacks && { callbacks }) })
    return { alice: make(ALICE), bob: make(BOB), manual: make(BOB + 1n, 'manual') }
  }

  it('come on their own, outside of every call', async () => {
    const { alice, bob, manual } = pair()
    const requested = new Promise<bigint>((resolve) => bob.on('p2p_session_request', resolve))
    alice.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    expect(await requested).toBe(ALICE)
    for (const p2p of [alice, bob, manual]) p2p.close()
  })

  it('come from runCallbacks only, where that is asked for', async () => {
    const { alice, bob, manual } = pair()
    const requests: bigint[] = []
    manual.on('p2p_session_request', (id) => requests.push(id))
    const other = new Promise((resolve) => bob.on('p2p_session_request', resolve))
    alice.sendP2PPacket(manual.steamId, bytes(1), P2P_SEND_RELIABLE)
    alice.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    await other
    expect(requests).toEqual([])
    manual.runCallbacks()
    expect(requests).toEqual([ALICE])
    manual.runCallbacks()
    expect(requests).toEqual([ALICE])
    for (const p2p of [alice, bob, manual]) p2p.close()
  })

  it('reach every listener, though one throws; off and the answer of on take a listener away', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.peer(BOB)
    const told: string[] = []
    const thrower = () => {
      throw new Error('mine')
    }
    const off = bob.p2p.on('p2p_session_request', thrower)
    const second = () => told.push('second')
    bob.p2p.on('p2p_session_request', second)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    expect(() => world.settle()).toThrow('mine')
    expect(told).toEqual(['second'])
    off()
    bob.p2p.off('p2p_session_request', second)
    world.pass(6_000)
    expect(told).toEqual(['second'])
    expect(bob.requests).toHaveLength(2)
  })

  it('with a name that is none are refused', () => {
    const { p2p } = new World().peer(ALICE)
    expect(() => p2p.on('p2p_session_requst' as never, (() => {}) as never)).toThrow(/P2P_BAD_SIGNAL/)
  })
})

describe('new P2P', () => {
  const transport = () => new MemoryNetwork().transport(ALICE)

  it('refuses what cannot work', () => {
    expect(() => new P2P({ steamId: 0n, transport: transport() })).toThrow(/P2P_BAD_STEAM_ID/)
    expect(() => new P2P({ steamId: BOB, transport: transport() })).toThrow(/P2P_BAD_OPTION/)
    expect(() => new P2P({ steamId: ALICE, transport: transport(), callbacks: 'no' as never })).toThrow(
      /P2P_BAD_OPTION/,
    )
    expect(() => new P2P({ steamId: ALICE, transport: transport(), steamIdRule: 'x' as never })).toThrow(
      /P2P_BAD_OPTION/,
    )
    expect(() => new P2P({ steamId: ALICE, transport: transport(), vanishMs: 0 })).toThrow(/CHANNEL_BAD_OPTION/)
    expect(() => new P2P({ steamId: ALICE, transport: transport(), sendBufferSize: 9 })).toThrow(/CHANNEL_BAD_OPTION/)
    expect(() => new P2P({ steamId: ALICE, transport: transport(), tymeout: 9 } as never)).toThrow(/CHANNEL_BAD_OPTION/)
    const used = transport()
    new P2P({ steamId: ALICE, transport: used })
    expect(() => new P2P({ steamId: ALICE, transport: used })).toThrow(/TRANSPORT_ALREADY_ATTACHED/)
  })

  it('takes a backend in place of a transport', () => {
    const calls: unknown[] = []
    const backend: P2PBackend = {
      steamId: ALICE,
      attach: (events) => events.sessionRequest(BOB),
      send: (...args) => calls.push(args) > 0,
      nextPacketSize: () => 3,
      read: () => ({ steamId: BOB, data: bytes(1, 2, 3) }),
      accept: (id) => calls.push(['accept', id]),
      closeChannel: () => true,
      closeSession: () => true,
      sessionState: () => undefined,
      allowRelay: (allow) => calls.push(['relay', allow]),
      poll: () => calls.push(['poll']),
      close: () => calls.push(['close']),
    }
    const p2p = new P2P({ backend, callbacks: 'manual' })
    p2p.on('p2p_session_request', (id) => p2p.acceptP2PSessionWithUser(id))
    p2p.runCallbacks()
    expect(p2p.allowP2PPacketRelay(false)).toBe(true)
    expect(p2p.sendP2PPacket(BOB, bytes(5), P2P_SEND_RELIABLE)).toBe(true)
    expect(p2p.readP2PPacket(p2p.getAvailableP2PPacketSize()).data).toEqual(bytes(1, 2, 3))
    p2p.close()
    expect(calls).toEqual([['poll'], ['accept', BOB], ['relay', false], [BOB, bytes(5), 2, 0], ['close']])
  })
})

describe('close', () => {
  it('may come twice; afterwards nothing is sent and nothing waits', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    alice.p2p.close()
    alice.p2p.close()
    expect(alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)).toBe(false)
    expect(world.clock.pending).toBe(0)
  })
})
