import { describe, expect, it } from 'vitest'
import { P2P_SEND_RELIABLE, P2P_SEND_RELIABLE_WITH_BUFFERING } from '../../src/p2p/index.js'
import { ALICE, BOB, bytes, CAROL, expectPackets, noise, readAll, World } from './world.js'

describe('session requests', () => {
  it('of two peers that send to each other at once need no accept', () => {
    const world = new World({ latencyMs: 10 })
    const alice = world.peer(ALICE)
    const bob = world.peer(BOB)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    bob.p2p.sendP2PPacket(ALICE, bytes(2), P2P_SEND_RELIABLE)
    world.pass(500)
    expect(readAll(bob.p2p)).toEqual([bytes(1)])
    expect(readAll(alice.p2p)).toEqual([bytes(2)])
    expect([...alice.requests, ...bob.requests]).toEqual([])
  })

  it('that wait are bounded', () => {
    const world = new World()
    const bob = world.peer(BOB, { maxRequests: 2 })
    for (let i = 0n; i < 5n; i++) world.peer(ALICE + 10n + i).p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    expect(bob.requests).toHaveLength(2)
  })
})

describe('a peer that does not answer', () => {
  it('and comes on line in time gets everything', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.pass(15_000)
    const bob = world.friendly(BOB)
    world.pass(2_000)
    expect(readAll(bob.p2p)).toEqual([bytes(1)])
    expect(alice.failures).toEqual([])
  })
})

describe('closing a session', () => {
  it('and sending again starts a session that the other end, which closed nothing, takes as its own', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.friendly(BOB)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    readAll(bob.p2p)
    alice.p2p.closeP2PSessionWithUser(BOB)
    alice.p2p.sendP2PPacket(BOB, bytes(2), P2P_SEND_RELIABLE)
    world.settle()
    bob.p2p.sendP2PPacket(ALICE, bytes(3), P2P_SEND_RELIABLE)
    world.settle()
    expect(readAll(bob.p2p)).toEqual([bytes(2)])
    expect(readAll(alice.p2p)).toEqual([bytes(3)])
    expect(bob.requests).toEqual([ALICE])
  })

  it('doubles nothing that the closing end had read but not acknowledged yet', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.friendly(BOB)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    alice.p2p.sendP2PPacket(BOB, bytes(2), P2P_SEND_RELIABLE)
    world.clock.advance(0)
    expect(readAll(bob.p2p)).toEqual([bytes(1), bytes(2)])
    bob.p2p.closeP2PSessionWithUser(ALICE)
    bob.p2p.sendP2PPacket(ALICE, bytes(9), P2P_SEND_RELIABLE)
    world.pass(1_000)
    expect(readAll(bob.p2p)).toEqual([])
    expect(readAll(alice.p2p)).toEqual([bytes(9)])
  })

  it('leaves no timer behind', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.friendly(BOB)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE_WITH_BUFFERING)
    alice.p2p.sendP2PPacket(CAROL, bytes(1), P2P_SEND_RELIABLE)
    world.pass(300)
    bob.p2p.sendP2PPacket(ALICE, bytes(1), P2P_SEND_RELIABLE)
    world.clock.advance(0)
    alice.p2p.closeP2PSessionWithUser(BOB)
    alice.p2p.closeP2PSessionWithUser(CAROL)
    bob.p2p.closeP2PSessionWithUser(ALICE)
    world.clock.advance(0)
    expect(world.clock.pending).toBe(0)
  })
})

describe('a link that breaks and comes back', () => {
  it('costs no reliable packet, doubles none and keeps the order', () => {
    const world = new World({ latencyMs: 20 })
    const alice = world.peer(ALICE)
    const bob = world.friendly(BOB)
    const sent: Uint8Array[] = []
    const got: Uint8Array[] = []
    for (let round = 0; round < 30; round++) {
      for (let i = 0; i < 5; i++) {
        const packet = noise(i === 4 ? 50_000 : 40 + i, round * 5 + i)
        sent.push(packet)
        expect(alice.p2p.sendP2PPacket(BOB, packet, P2P_SEND_RELIABLE)).toBe(true)
      }
      world.pass(30, 10)
      if (round % 5 === 2) world.network.partition(ALICE, BOB)
      if (round % 5 === 4) world.network.heal(ALICE, BOB)
      world.pass(30, 10)
      got.push(...readAll(bob.p2p))
    }
    world.pass(5_000)
    got.push(...readAll(bob.p2p))
    expectPackets(got, sent)
    expect(alice.failures).toEqual([])
  })
})
