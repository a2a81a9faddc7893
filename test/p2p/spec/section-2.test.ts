// Section 2: the two signals.
import { describe, expect, it } from 'vitest'
import { P2P_SEND_RELIABLE, p2pSessionFailureText } from '../../../src/p2p/index.js'
import { ALICE, BOB, bytes, World } from '../world.js'
import { friends } from './scene.js'

describe('section 2: signals', () => {
  it('p2p_session_request has exactly one argument, the id', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.peer(BOB)
    const calls: unknown[][] = []
    bob.p2p.on('p2p_session_request', (...args: unknown[]) => calls.push(args))
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    expect(calls).toEqual([[ALICE]])
  })

  it('p2p_session_connect_fail has exactly two, "ID first", and the error is an int', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const calls: unknown[][] = []
    alice.p2p.on('p2p_session_connect_fail', (...args: unknown[]) => calls.push(args))
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.pass(20_100, 500)
    expect(calls).toEqual([[BOB, 4]])
  })

  it('with `callbacks: "manual"` they are "emitted only from Steam.run_callbacks()", each once', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.peer(BOB)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    for (let i = 0; i < 4; i++) world.clock.advance(0)
    expect(bob.requests).toEqual([])
    bob.p2p.runCallbacks()
    expect(bob.requests).toEqual([ALICE])
    bob.p2p.runCallbacks()
    expect(bob.requests).toEqual([ALICE])
  })

  it('polling functions "do not need run_callbacks"', () => {
    const { world, alice, bob } = friends()
    alice.p2p.sendP2PPacket(BOB, bytes(5), P2P_SEND_RELIABLE)
    world.clock.advance(0)
    expect(bob.p2p.getAvailableP2PPacketSize()).toBe(1)
    expect(bob.p2p.readP2PPacket(1).data).toEqual(bytes(5))
  })
})

describe('the tutorial of section 6.1', () => {
  it.each([
    [0, 'no error given'],
    [1, 'target user not running the same game'],
    [2, "local user doesn't own app / game"],
    [3, "target user isn't connected to Steam"],
    [4, 'connection timed out'],
    [5, 'unused'],
    [6, 'unknown error 6'],
    [255, 'unknown error 255'],
  ])('prints for session error %i: %s', (error, reason) => {
    expect(p2pSessionFailureText(BOB, error)).toBe(`WARNING: Session failure with 76561197960265730: ${reason}`)
  })
})
