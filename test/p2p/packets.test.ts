import { describe, expect, it } from 'vitest'
import {
  P2P_SEND_RELIABLE,
  P2P_SEND_RELIABLE_WITH_BUFFERING,
  P2P_SEND_UNRELIABLE,
  type P2PSend,
} from '../../src/p2p/index.js'
import { ALICE, BOB, bytes, CAROL, expectPackets, noise, type Peer, readAll, World } from './world.js'

function connected(options: ConstructorParameters<typeof World>[0] = {}, bobOptions = {}, aliceOptions = {}) {
  const world = new World(options)
  const alice = world.peer(ALICE, aliceOptions)
  const bob = world.friendly(BOB, bobOptions)
  alice.p2p.sendP2PPacket(BOB, bytes(0), P2P_SEND_RELIABLE)
  world.pass(1_000)
  expect(readAll(bob.p2p)).toEqual([bytes(0)])
  return { world, alice, bob }
}

function send(from: Peer, data: Uint8Array, type: number, channel = 0): boolean {
  return from.p2p.sendP2PPacket(BOB, data, type as P2PSend, channel)
}

describe('limits', () => {
  it('bound the number of packets that wait, since empty ones fill no buffer', () => {
    const alice = new World().peer(ALICE)
    let taken = 0
    while (taken < 200_000 && send(alice, bytes(), P2P_SEND_RELIABLE)) taken++
    expect(taken).toBe(131_072)
    expect(alice.p2p.sendP2PPacket(CAROL, bytes(), P2P_SEND_RELIABLE)).toBe(true)
  })

  it('keep a receiver that does not read within its buffer, and go on when it reads', () => {
    const { world, alice, bob } = connected({}, { receiveBufferSize: 2 << 20 })
    const sent: Uint8Array[] = []
    for (let i = 0; i < 35; i++) {
      const packet = noise(100_000, i)
      sent.push(packet)
      expect(send(alice, packet, P2P_SEND_RELIABLE)).toBe(true)
    }
    world.pass(500)
    const queued = Number(alice.p2p.getP2PSessionState(BOB).bytes_queued_for_send)
    expect(queued).toBeGreaterThan(1_300_000)
    expect(queued).toBeLessThan(1_600_000)
    const got: Uint8Array[] = []
    for (let i = 0; i < 35; i++) {
      world.pass(100)
      got.push(...readAll(bob.p2p))
    }
    expectPackets(got, sent)
    expect(alice.p2p.getP2PSessionState(BOB).bytes_queued_for_send).toBe(0)
  })

  it('drop unreliable packets that nobody reads, and take new ones when somebody does', () => {
    const { world, alice, bob } = connected({}, { maxUnreadDatagrams: 3 })
    for (let i = 0; i < 5; i++) send(alice, bytes(i), P2P_SEND_UNRELIABLE)
    world.settle()
    expect(readAll(bob.p2p)).toEqual([bytes(0), bytes(1), bytes(2)])
    send(alice, bytes(9), P2P_SEND_UNRELIABLE)
    world.settle()
    expect(readAll(bob.p2p)).toEqual([bytes(9)])
  })
})

describe('reading', () => {
  it('hands out data that nobody else holds', () => {
    const { world, alice, bob } = connected()
    const packet = bytes(1, 2, 3)
    send(alice, packet, P2P_SEND_RELIABLE)
    packet[0] = 9
    world.settle()
    const { data } = bob.p2p.readP2PPacket(3)
    expect(data).toEqual(bytes(1, 2, 3))
    expect(data!.buffer.byteLength).toBe(3)
  })
})

describe('order', () => {
  it('of reliable packets holds over all channels, though datagrams are lost, doubled and overtaken', () => {
    const { world, alice, bob } = connected({
      seed: 3,
      latencyMs: 30,
      jitterMs: 20,
      loss: 0.3,
      duplicate: 0.2,
      reorder: 0.3,
    })
    const sent: number[] = []
    for (let i = 1; i <= 200; i++) {
      send(alice, bytes(i, 0), i % 3 === 0 ? P2P_SEND_RELIABLE_WITH_BUFFERING : P2P_SEND_RELIABLE, 5)
      send(alice, bytes(i, 1), P2P_SEND_UNRELIABLE, 6)
      sent.push(i)
      if (i % 10 === 0) world.pass(10, 10)
    }
    world.pass(2_000)
    expect(readAll(bob.p2p, 5).map((packet) => packet[0])).toEqual(sent)
    const unreliable = readAll(bob.p2p, 6)
    expect(unreliable.length).toBeGreaterThan(80)
    expect(unreliable.length).not.toBe(200)
  })
})

describe('what waits unread', () => {
  it('of peers that are gone is bounded over all of them', () => {
    const world = new World()
    const bob = world.friendly(BOB)
    for (let i = 0n; i < 20n; i++) {
      world.peer(ALICE + 100n + i).p2p.sendP2PPacket(BOB, noise(1_000_000), P2P_SEND_RELIABLE, 9)
    }
    world.pass(1_000)
    world.pass(190_000, 1_000)
    expect(bob.p2p.getP2PSessionState(ALICE + 100n)).toEqual({})
    expect(readAll(bob.p2p, 9)).toHaveLength(16)
  })

  it('of oneself is bounded by the send buffer', () => {
    const alice = new World().peer(ALICE, { sendBufferSize: 1 << 20 })
    const half = noise(500_000)
    const taken = [1, 2, 3].map(() => alice.p2p.sendP2PPacket(ALICE, half, P2P_SEND_RELIABLE))
    expect(taken).toEqual([true, true, false])
    alice.p2p.readP2PPacket(1 << 20)
    expect(alice.p2p.sendP2PPacket(ALICE, half, P2P_SEND_RELIABLE)).toBe(true)
  })
})

describe('a congested link', () => {
  it('that datagrams have filled takes reliable packets as soon as it drains', () => {
    const { world, alice, bob } = connected({ latencyMs: 20, highWaterMark: 3_000 })
    for (let i = 0; i < 3; i++) send(alice, noise(1200), P2P_SEND_UNRELIABLE, 1)
    send(alice, bytes(7), P2P_SEND_RELIABLE)
    expect(alice.p2p.getP2PSessionState(BOB).packets_queued_for_send).toBe(1)
    world.pass(100, 10)
    expect(readAll(bob.p2p)).toEqual([bytes(7)])
  })

  it('holds back reliable packets and drops unreliable ones', () => {
    const { world, alice, bob } = connected({ latencyMs: 50, highWaterMark: 100_000 })
    for (let i = 0; i < 10; i++) send(alice, noise(60_000, i), P2P_SEND_RELIABLE)
    expect(alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_UNRELIABLE, 1)).toBe(true)
    expect(Number(alice.p2p.getP2PSessionState(BOB).packets_queued_for_send)).toBeGreaterThan(5)
    world.pass(2_000, 10)
    expect(readAll(bob.p2p)).toHaveLength(10)
    expect(readAll(bob.p2p, 1)).toEqual([])
  })
})
