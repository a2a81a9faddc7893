// What is this backend's own: how it reads, what it holds, what it reports, its signals, and its end.
import { expect, it } from 'vitest'
import { VirtualClock } from '../../src/clock.js'
import { type Drop, P2P, P2P_SEND_RELIABLE, P2P_SEND_UNRELIABLE, type P2PSend } from '../../src/p2p/index.js'
import { describeWithDouble } from './double.js'
import { ALICE, BOB, bytes, expectPackets, noise, type SteamPeer, SteamWorld } from './world.js'

async function pair() {
  const world = new SteamWorld()
  return { world, alice: await world.peer(ALICE), bob: await world.friendly(BOB) }
}

async function connected() {
  const made = await pair()
  send(made.alice, bytes(0))
  made.world.settle()
  expect(made.bob.p2p.readP2PPacket(1).data).toEqual(bytes(0))
  return made
}

function send(from: SteamPeer, data: Uint8Array, type: number = P2P_SEND_RELIABLE, channel = 0): boolean {
  return from.p2p.sendP2PPacket(BOB, data, type as P2PSend, channel)
}

describeWithDouble('reading', () => {
  it('gives packets around the size of the buffer whole, in arrays of their own', async () => {
    const { world, alice, bob } = await connected()
    for (const size of [1, 65_535, 65_536, 65_537, 200_000]) {
      const packet = noise(size, size)
      send(alice, packet)
      world.settle()
      const { data } = bob.p2p.readP2PPacket(bob.p2p.getAvailableP2PPacketSize())
      expectPackets([data!], [packet])
      expect(data!.buffer.byteLength).toBe(size)
    }
  })

  it.each([
    ['the program closed a session', ({ bob }: { bob: SteamPeer }) => void bob.p2p.closeP2PSessionWithUser(ALICE)],
    [
      'Steam ended a session',
      ({ bob }: { bob: SteamPeer }) => {
        bob.controls.endSession(1, ALICE)
        bob.p2p.runCallbacks()
      },
    ],
  ])('asks Steam for the size anew when %s since it was asked', async (_, end) => {
    const { alice, bob } = await connected()
    send(alice, bytes(1))
    expect(bob.p2p.getAvailableP2PPacketSize()).toBe(1)
    end({ bob })
    const large = noise(100_000)
    send(alice, large)
    bob.p2p.acceptP2PSessionWithUser(ALICE)
    expectPackets([bob.p2p.readP2PPacket(200_000).data!], [large])
  })

  it('by `for await` looks for packets now and then, since Steam does not tell of them', async () => {
    const { world, alice, bob } = await connected()
    const clock = new VirtualClock()
    const patient = new P2P({ backend: bob.backend, callbacks: 'manual', clock, pollMs: 20 })
    const next = patient.packets(4).next()
    send(alice, bytes(4), P2P_SEND_RELIABLE, 4)
    world.settle()
    clock.advance(19)
    expect(await Promise.race([next, Promise.resolve('nothing yet')])).toBe('nothing yet')
    clock.advance(1)
    expect((await next).value).toMatchObject({ data: bytes(4), remote_steam_id: ALICE })
  })
})

describeWithDouble('what is lost', () => {
  it('is reported as over our own sessions, as far as it can be known', async () => {
    const { world, alice, bob } = await connected()
    const drops: Drop[] = []
    for (const { p2p } of [alice, bob]) p2p.on('dropped', (drop) => drops.push(drop))
    send(alice, bytes(1), 4)
    send(alice, bytes(1), P2P_SEND_RELIABLE, 0.5)
    send(alice, noise(1201), P2P_SEND_UNRELIABLE, 1)
    send(alice, noise(1_048_577), P2P_SEND_RELIABLE, 2)
    send(alice, noise(100_000), P2P_SEND_RELIABLE, 2)
    send(alice, bytes(1, 2, 3), P2P_SEND_RELIABLE, 3)
    world.settle()
    bob.p2p.readP2PPacket(70_000, 2)
    bob.p2p.readP2PPacket(1, 3)
    world.settle()
    const refused = { what: 'refused packet', count: 1, peer: BOB }
    expect(drops).toEqual([
      { ...refused, why: 'bad-type', bytes: 1, channel: 0 },
      { ...refused, why: 'bad-channel', bytes: 1, channel: undefined },
      { ...refused, why: 'too-large', bytes: 1201, channel: 1 },
      { ...refused, why: 'too-large', bytes: 1_048_577, channel: 2 },
      { what: 'packet tail', why: 'read-size', count: 1, bytes: 30_000, peer: ALICE, channel: 2 },
      { what: 'packet tail', why: 'read-size', count: 1, bytes: 2, peer: ALICE, channel: 3 },
    ])
  })

  it('is a full queue where Steam refuses what it should take', async () => {
    const alice = await new SteamWorld().peer(ALICE)
    const drops: Drop[] = []
    alice.p2p.on('dropped', (drop) => drops.push(drop))
    const packet = noise(1_000_000)
    let taken = 0
    while (taken < 100 && send(alice, packet)) taken++
    alice.p2p.runCallbacks()
    expect(drops).toMatchObject([{ what: 'refused packet', why: 'queue-full', bytes: 1_000_000, peer: BOB }])
  })
})

describeWithDouble('what Steam does not have', () => {
  it('is an error with a code', async () => {
    const alice = await new SteamWorld().peer(ALICE)
    await expect(alice.p2p.flush(BOB)).rejects.toMatchObject({ code: 'P2P_NOT_SUPPORTED' })
    expect(() => alice.p2p.getSessionStatistics(BOB)).toThrow(/P2P_NOT_SUPPORTED/)
  })
})

describeWithDouble('session requests', () => {
  it('that come before there is a P2P wait for it', async () => {
    const world = new SteamWorld()
    const alice = await world.peer(ALICE)
    const bob = await world.peer(BOB)
    bob.backend.attach(undefined as never)
    send(alice, bytes(1))
    bob.backend.poll()
    const told: bigint[] = []
    bob.backend.attach({ sessionRequest: (id) => told.push(id), sessionFailed: () => {} })
    expect(told).toEqual([])
    bob.backend.poll()
    expect(told).toEqual([ALICE])
  })

  it('that come before there is a P2P are not kept without end', async () => {
    const { backend, controls } = await new SteamWorld().peer(ALICE)
    backend.attach(undefined as never)
    for (let i = 0; i < 1100; i++) controls.post(1, 1202, i, 8)
    backend.poll()
    const told: bigint[] = []
    backend.attach({ sessionRequest: (id) => told.push(id), sessionFailed: () => {} })
    backend.poll()
    expect(told).toEqual(Array.from({ length: 1024 }, (_, i) => BigInt(i)))
  })
})

describeWithDouble('the state of a session', () => {
  it('is read from Steam’s struct', async () => {
    const { alice } = await connected()
    expect(Object.entries(alice.p2p.getP2PSessionState(BOB))).toEqual([
      ['connection_active', 1],
      ['connecting', 0],
      ['session_error', 0],
      ['using_relay', 1],
      ['bytes_queued_for_send', 0],
      ['packets_queued_for_send', 0],
      ['remote_ip', 0xcb007107],
      ['remote_port', 51820],
    ])
    alice.p2p.allowP2PPacketRelay(false)
    expect(alice.p2p.getP2PSessionState(BOB).using_relay).toBe(0)
  })
})

describeWithDouble('close', () => {
  it('ends everything; every call then gives its failure value, and Steam is not called', async () => {
    const { alice, bob } = await connected()
    const { p2p, backend } = alice
    p2p.close()
    p2p.close()
    expect(backend.isOpen).toBe(false)
    expect(p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)).toBe(false)
    expect(p2p.readP2PPacket(9)).toEqual({})
    expect(p2p.isP2PPacketAvailable()).toBe(false)
    expect(p2p.getP2PSessionState(BOB)).toEqual({})
    expect(p2p.closeP2PSessionWithUser(BOB)).toBe(false)
    expect(p2p.closeP2PChannelWithUser(BOB, 0)).toBe(false)
    expect(p2p.acceptP2PSessionWithUser(BOB)).toBe(false)
    expect(p2p.allowP2PPacketRelay(true)).toBe(false)
    p2p.runCallbacks()
    expect(bob.backend.isOpen).toBe(true)
  })
})

describeWithDouble('signals', () => {
  it('reach every listener, though one throws, and none that was taken off', async () => {
    const { bob } = await pair()
    const told: unknown[] = []
    const off = bob.backend.on('steam_shutdown', () => {
      throw new Error('mine')
    })
    bob.backend.on('steam_shutdown', () => told.push('shutdown'))
    bob.backend.on('steam_server_connected', () => told.push('connected'))
    bob.backend.on('steam_server_connect_failed', (...args) => told.push(args))
    bob.backend.on('steam_server_disconnected', (result) => told.push(result))
    for (const [id, size] of [
      [704, 1],
      [101, 1],
      [102, 8],
      [103, 4],
      [9999, 32],
    ] as const) {
      bob.controls.post(1, id, 3, size)
    }
    expect(() => bob.backend.poll()).toThrow('mine')
    expect(told).toEqual(['shutdown', 'connected', [3, false], 3])
    off()
    bob.controls.post(1, 704, 0, 1)
    bob.backend.poll()
    expect(told).toHaveLength(5)
  })

  it('are not read where Steam sends less than there should be, or nothing', async () => {
    const { bob } = await pair()
    const told: unknown[] = []
    bob.backend.on('steam_server_disconnected', (result) => told.push(result))
    bob.backend.on('steam_server_connect_failed', (result) => told.push(result))
    const tell = (...args: unknown[]) => told.push(args)
    bob.backend.attach({
      sessionRequest: tell,
      sessionFailed: tell,
      messagesSessionRequest: tell,
      messagesSessionFailed: tell,
    })
    for (const id of [102, 103, 1252, 1251, 1202, 1203]) {
      bob.controls.post(1, id, 3, 3)
      bob.controls.postNull(1, id, 1000)
    }
    bob.backend.poll()
    expect(told).toEqual([])
  })

  it('may close the backend, which ends the telling', async () => {
    const { bob } = await pair()
    const told: bigint[] = []
    bob.backend.attach({
      sessionRequest(id) {
        told.push(id)
        bob.backend.close()
      },
      sessionFailed: () => {},
    })
    for (const id of [1, 2]) bob.controls.post(1, 1202, id, 8)
    bob.backend.poll()
    expect(told).toEqual([1n])
  })

  it('stay in order, though a listener polls', async () => {
    const { bob } = await pair()
    const told: string[] = []
    bob.backend.on('steam_server_disconnected', () => {
      told.push('disconnected')
      bob.controls.post(1, 101, 0, 1)
      bob.backend.poll()
    })
    bob.backend.on('steam_server_connected', () => told.push('connected'))
    bob.backend.on('steam_shutdown', () => told.push('shutdown'))
    for (const id of [103, 704]) bob.controls.post(1, id, 3, 4)
    bob.backend.poll()
    bob.backend.poll()
    expect(told).toEqual(['disconnected', 'shutdown', 'connected'])
  })

  it('with a name that is none are refused', async () => {
    const { bob } = await pair()
    expect(() => bob.backend.on('steam_shutdwn' as never, (() => {}) as never)).toThrow(/STEAM_BAD_SIGNAL/)
  })
})
