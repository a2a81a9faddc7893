import { describe, expect, it } from 'vitest'
import {
  P2P_SEND_RELIABLE,
  P2P_SEND_RELIABLE_WITH_BUFFERING,
  P2P_SEND_UNRELIABLE,
  P2P_SEND_UNRELIABLE_NO_DELAY,
  P2P_SESSION_ERROR_TIMEOUT,
} from '../../src/p2p/index.js'
import { ALICE, BOB, bytes, CAROL, expectPackets, noise, readAll, World } from './world.js'

describe('session requests', () => {
  it('are raised by the first packet, and nothing is readable before they are accepted', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.peer(BOB)
    expect(alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)).toBe(true)
    world.settle()
    expect(bob.requests).toEqual([ALICE])
    expect(bob.p2p.isP2PPacketAvailable()).toBe(false)
    expect(bob.p2p.acceptP2PSessionWithUser(ALICE)).toBe(true)
    world.settle()
    expect(readAll(bob.p2p)).toEqual([bytes(1)])
    expect(alice.requests).toEqual([])
  })

  it('are raised again every 5 s while the peer keeps asking, and not more often', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.peer(BOB)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.pass(4_900)
    expect(bob.requests).toHaveLength(1)
    world.pass(11_000)
    expect(bob.requests).toHaveLength(4)
  })

  it('are accepted by sending to the peer', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.peer(BOB)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    bob.p2p.sendP2PPacket(ALICE, bytes(2), P2P_SEND_RELIABLE)
    world.settle()
    expect(readAll(bob.p2p)).toEqual([bytes(1)])
    expect(readAll(alice.p2p)).toEqual([bytes(2)])
    expect(alice.requests).toEqual([])
  })

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

  it('accepted without one waiting answer true and change nothing', () => {
    const world = new World()
    const bob = world.peer(BOB)
    expect(bob.p2p.acceptP2PSessionWithUser(ALICE)).toBe(true)
    expect(bob.p2p.getP2PSessionState(ALICE)).toEqual({})
    expect(bob.p2p.acceptP2PSessionWithUser(0n)).toBe(false)
  })
})

describe('before the session is up', () => {
  it('types 0, 2 and 3 wait and arrive in order, type 1 is thrown away', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.friendly(BOB)
    expect(alice.p2p.sendP2PPacket(BOB, bytes(0), P2P_SEND_UNRELIABLE)).toBe(true)
    expect(alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_UNRELIABLE_NO_DELAY)).toBe(true)
    expect(alice.p2p.sendP2PPacket(BOB, bytes(3), P2P_SEND_RELIABLE_WITH_BUFFERING)).toBe(true)
    expect(alice.p2p.sendP2PPacket(BOB, bytes(2), P2P_SEND_RELIABLE)).toBe(true)
    world.settle()
    expect(readAll(bob.p2p)).toEqual([bytes(0), bytes(3), bytes(2)])
  })

  it('a type 0 packet is delivered although every datagram is lost', () => {
    const world = new World({ loss: 1 })
    const alice = world.peer(ALICE)
    const bob = world.friendly(BOB)
    alice.p2p.sendP2PPacket(BOB, bytes(7), P2P_SEND_UNRELIABLE)
    world.settle()
    expect(readAll(bob.p2p)).toEqual([bytes(7)])
    alice.p2p.sendP2PPacket(BOB, bytes(8), P2P_SEND_UNRELIABLE)
    world.settle()
    expect(readAll(bob.p2p)).toEqual([])
  })
})

describe('a peer that does not answer', () => {
  it('fails after 20 s with error 4, once, and what was queued is dropped', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.pass(19_950)
    expect(alice.failures).toEqual([])
    expect(alice.p2p.getP2PSessionState(BOB).connecting).toBe(1)
    world.pass(100)
    expect(alice.failures).toEqual([[BOB, P2P_SESSION_ERROR_TIMEOUT]])
    expect(alice.p2p.getP2PSessionState(BOB)).toMatchObject({
      connection_active: 0,
      connecting: 0,
      session_error: P2P_SESSION_ERROR_TIMEOUT,
      bytes_queued_for_send: 0,
      packets_queued_for_send: 0,
    })
    world.pass(60_000)
    expect(alice.failures).toHaveLength(1)
  })

  it('gets a new attempt with the next packet', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.pass(21_000)
    const bob = world.friendly(BOB)
    alice.p2p.sendP2PPacket(BOB, bytes(2), P2P_SEND_RELIABLE)
    world.settle()
    expect(readAll(bob.p2p)).toEqual([bytes(2)])
    expect(alice.p2p.getP2PSessionState(BOB).connection_active).toBe(1)
  })

  it('is a refusal when it never accepts', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    world.peer(BOB)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.pass(20_100)
    expect(alice.failures).toEqual([[BOB, P2P_SESSION_ERROR_TIMEOUT]])
  })

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
  it('drops what is unread and tells nobody; the next packet raises a new request', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.friendly(BOB)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    expect(bob.p2p.closeP2PSessionWithUser(ALICE)).toBe(true)
    expect(bob.p2p.closeP2PSessionWithUser(ALICE)).toBe(false)
    expect(bob.p2p.isP2PPacketAvailable()).toBe(false)
    world.settle()
    expect(alice.failures).toEqual([])
    expect(alice.p2p.getP2PSessionState(BOB).connection_active).toBe(1)

    alice.p2p.sendP2PPacket(BOB, bytes(2), P2P_SEND_RELIABLE)
    alice.p2p.sendP2PPacket(BOB, bytes(3), P2P_SEND_RELIABLE)
    world.settle()
    expect(bob.requests).toEqual([ALICE, ALICE])
    expect(readAll(bob.p2p)).toEqual([bytes(2), bytes(3)])
  })

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

describe('closing a channel', () => {
  it('drops its packets, keeps the others, and with the last one ends the session', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.friendly(BOB)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE, 1)
    alice.p2p.sendP2PPacket(BOB, bytes(2), P2P_SEND_RELIABLE, -2)
    world.settle()
    expect(bob.p2p.closeP2PChannelWithUser(ALICE, 3)).toBe(false)
    expect(bob.p2p.closeP2PChannelWithUser(CAROL, 1)).toBe(false)
    expect(bob.p2p.closeP2PChannelWithUser(ALICE, 1)).toBe(true)
    expect(bob.p2p.closeP2PChannelWithUser(ALICE, 1)).toBe(false)
    expect(bob.p2p.isP2PPacketAvailable(1)).toBe(false)
    expect(readAll(bob.p2p, -2)).toEqual([bytes(2)])
    expect(bob.p2p.getP2PSessionState(ALICE).connection_active).toBe(1)
    expect(bob.p2p.closeP2PChannelWithUser(ALICE, -2)).toBe(true)
    expect(bob.p2p.getP2PSessionState(ALICE)).toEqual({})
    alice.p2p.sendP2PPacket(BOB, bytes(3), P2P_SEND_RELIABLE, 1)
    world.settle()
    expect(bob.requests).toEqual([ALICE, ALICE])
  })
})

describe('silence', () => {
  it('of a peer that still answers does not end a session before 180 s without a packet', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.friendly(BOB)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    world.pass(179_000, 500)
    expect(alice.p2p.getP2PSessionState(BOB).connection_active).toBe(1)
    world.pass(2_000)
    expect(alice.p2p.getP2PSessionState(BOB)).toEqual({})
    expect(bob.p2p.getP2PSessionState(ALICE)).toEqual({})
    expect(alice.failures).toEqual([])
    // What was received is still there for the game.
    expect(readAll(bob.p2p)).toEqual([bytes(1)])
  })

  it('of a vanished peer ends the session after 20 s, silently when all was delivered', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    world.friendly(BOB)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.pass(1_000)
    world.network.partition(ALICE, BOB)
    world.pass(18_000)
    expect(alice.p2p.getP2PSessionState(BOB).connection_active).toBe(1)
    world.pass(3_000)
    expect(alice.p2p.getP2PSessionState(BOB)).toEqual({})
    expect(alice.failures).toEqual([])
  })

  it('of a vanished peer is a failure when data was not acknowledged', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    world.friendly(BOB)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.pass(1_000)
    world.network.partition(ALICE, BOB)
    alice.p2p.sendP2PPacket(BOB, bytes(2), P2P_SEND_RELIABLE)
    world.pass(21_000)
    expect(alice.failures).toEqual([[BOB, P2P_SESSION_ERROR_TIMEOUT]])
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

describe('the state of a session', () => {
  it('has the eight keys in the order of GodotSteam, all of them numbers', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    expect(alice.p2p.getP2PSessionState(BOB)).toEqual({})
    alice.p2p.sendP2PPacket(BOB, bytes(1, 2, 3), P2P_SEND_RELIABLE)
    const state = alice.p2p.getP2PSessionState(BOB)
    expect(Object.entries(state)).toEqual([
      ['connection_active', 0],
      ['connecting', 1],
      ['session_error', 0],
      ['using_relay', 0],
      ['bytes_queued_for_send', 3],
      ['packets_queued_for_send', 1],
      ['remote_ip', 0],
      ['remote_port', 0],
    ])
  })
})
