import { describe, expect, it } from 'vitest'
import { Multiplexer, SendType } from '../../../src/channel/index.js'
import { VirtualClock } from '../../../src/clock.js'
import {
  P2P_SEND_RELIABLE,
  P2P_SEND_RELIABLE_WITH_BUFFERING,
  P2P_SEND_UNRELIABLE,
  P2P_SEND_UNRELIABLE_NO_DELAY,
} from '../../../src/p2p/index.js'
import { type Link, MemoryNetwork, type MemoryNetworkOptions } from '../../../src/transport/index.js'
import { ALICE, BOB, bytes, expectPackets, noise, readAll, World } from '../../p2p/world.js'

function meet(options: MemoryNetworkOptions = {}) {
  const world = new World({ reliable: false, latencyMs: 15, ...options })
  return { world, alice: world.friendly(ALICE).p2p, bob: world.friendly(BOB).p2p }
}

describe('P2P over links that have datagrams only', () => {
  it.each([0, 0.01, 0.05, 0.1, 0.3])('gets reliable packets of both types through a loss of %d', (loss) => {
    const { world, alice, bob } = meet({ loss, duplicate: 0.05, reorder: 0.05, jitterMs: 5, seed: 3 })
    const sent = Array.from({ length: 200 }, (_, i) => noise(1 + ((i * 977) % 5000), i))
    const got: Uint8Array[] = []
    for (const [i, packet] of sent.entries()) {
      const type = i % 3 === 0 ? P2P_SEND_RELIABLE_WITH_BUFFERING : P2P_SEND_RELIABLE
      expect(alice.sendP2PPacket(BOB, packet, type)).toBe(true)
      if (i % 20 === 0) world.pass(20, 10)
      got.push(...readAll(bob))
    }
    world.pass(15_000)
    got.push(...readAll(bob))
    expectPackets(got, sent)
  })

  it('gets unreliable packets through once, or not at all', () => {
    const { world, alice, bob } = meet({ loss: 0.2, duplicate: 0.3, seed: 5 })
    alice.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.pass(2000)
    readAll(bob)
    for (let i = 0; i < 200; i++) {
      alice.sendP2PPacket(BOB, bytes(i), i % 2 ? P2P_SEND_UNRELIABLE : P2P_SEND_UNRELIABLE_NO_DELAY)
      world.pass(10, 10)
    }
    world.pass(2000)
    const numbers = readAll(bob).map((packet) => packet[0]!)
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(numbers.length).toBeGreaterThan(130)
    expect(numbers.length).toBeLessThan(190)
  })

  it('gets packets of 1 MiB through, and small ones on other channels behind them', () => {
    const { world, alice, bob } = meet({ loss: 0.05, bandwidth: 2_000_000, seed: 6 })
    const large = [noise(1 << 20, 1), noise(1 << 20, 2)]
    for (const packet of large) expect(alice.sendP2PPacket(BOB, packet, P2P_SEND_RELIABLE)).toBe(true)
    alice.sendP2PPacket(BOB, bytes(7), P2P_SEND_RELIABLE, 1)
    world.pass(10_000)
    expectPackets(readAll(bob), large)
    expectPackets(readAll(bob, 1), [bytes(7)])
  })

  it('takes unreliable packets past a backlog of reliable ones', () => {
    const { world, alice, bob } = meet({ bandwidth: 200_000, queueMs: 30, seed: 7 })
    alice.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.pass(1000)
    readAll(bob)
    for (let i = 0; i < 3; i++) alice.sendP2PPacket(BOB, noise(1 << 20, i), P2P_SEND_RELIABLE)
    world.pass(3000)
    expect(alice.getP2PSessionState(BOB).bytes_queued_for_send).toBeGreaterThan(1_000_000)
    for (let i = 0; i < 50; i++) {
      alice.sendP2PPacket(BOB, bytes(i), P2P_SEND_UNRELIABLE, 1)
      world.pass(20, 20)
    }
    world.pass(200)
    expect(readAll(bob, 1).length).toBeGreaterThan(40)
  })

  it('moves sessions from one link to the next: nothing lost, nothing doubled', () => {
    const { world, alice, bob } = meet({ loss: 0.1, duplicate: 0.1, reorder: 0.1, bandwidth: 400_000, seed: 8 })
    const [forth, back] = [1, 2].map((seed) => Array.from({ length: 150 }, (_, i) => noise(100 + i * 40, i * seed)))
    for (let i = 0; i < 150; i++) {
      alice.sendP2PPacket(BOB, forth![i]!, P2P_SEND_RELIABLE)
      bob.sendP2PPacket(ALICE, back![i]!, P2P_SEND_RELIABLE)
      world.pass(30, 10)
      if (i % 40 === 20) world.network.partition(ALICE, BOB)
      if (i % 40 === 25) world.network.heal(ALICE, BOB)
    }
    world.pass(20_000)
    expectPackets(readAll(bob), forth!)
    expectPackets(readAll(alice), back!)
  })

  it('goes on after a silent cut of seconds on the same link', () => {
    const { world, alice, bob } = meet({ seed: 9 })
    const sent = Array.from({ length: 60 }, (_, i) => noise(2000, i))
    for (const [i, packet] of sent.entries()) {
      if (i === 20) world.network.partition(ALICE, BOB, { silent: true })
      if (i === 40) world.network.heal(ALICE, BOB)
      alice.sendP2PPacket(BOB, packet, P2P_SEND_RELIABLE)
      world.pass(200)
    }
    world.pass(10_000)
    expectPackets(readAll(bob), sent)
  })

  it('leaves no timer after close', () => {
    const { world, alice, bob } = meet({ loss: 0.3, seed: 10 })
    for (let i = 0; i < 50; i++) alice.sendP2PPacket(BOB, noise(3000, i), P2P_SEND_RELIABLE)
    world.pass(100)
    alice.close()
    bob.close()
    world.clock.advance(1000)
    expect(world.clock.pending).toBe(0)
  })
})

describe('the multiplexer over links that lose', () => {
  function pair(options: MemoryNetworkOptions) {
    const clock = new VirtualClock()
    const network = new MemoryNetwork({ latencyMs: 20, clock, ...options })
    const ends = [1n, 2n].map((id) => {
      const drops: unknown[] = []
      const transport = network.transport(id)
      const multiplexer: Multiplexer = new Multiplexer(
        transport,
        {
          sessionRequest: (peer) => multiplexer.accept(peer),
          sessionFailed: () => {},
          dropped: (drop) => drops.push(drop),
        },
        { clock },
      )
      return { multiplexer, drops }
    })
    return { clock, a: ends[0]!, b: ends[1]! }
  }

  it('knows the loss and the round trip of the path', () => {
    const { clock, a, b } = pair({ reliable: false, loss: 0.2, seed: 2 })
    for (let i = 0; i < 400; i++) {
      a.multiplexer.send(2n, new Uint8Array(800), SendType.RELIABLE, 0)
      clock.advance(10)
      while (b.multiplexer.read(0)) {}
    }
    const { loss, roundTripMs } = a.multiplexer.statistics(2n)!
    expect(loss).toBeGreaterThan(0.1)
    expect(loss).toBeLessThan(0.35)
    expect(roundTripMs).toBeGreaterThanOrEqual(40)
    expect(roundTripMs).toBeLessThan(70)
    a.multiplexer.close()
    b.multiplexer.close()
  })

  it('says so when unreliable packets waited too long for the path', () => {
    const { clock, a, b } = pair({ reliable: false, bandwidth: 10_000, seed: 3 })
    a.multiplexer.send(2n, new Uint8Array(1), SendType.RELIABLE, 0)
    clock.advance(2000)
    for (let i = 0; i < 1000; i++) {
      a.multiplexer.send(2n, new Uint8Array(1000), SendType.UNRELIABLE, 0)
      clock.advance(5)
    }
    const late = a.drops.filter((drop) => (drop as { what: string }).what === 'frame')
    expect(late.length).toBeGreaterThan(10)
    expect(late[0]).toMatchObject({ why: 'congested', count: 1, peer: 2n })
    expect(a.multiplexer.counters.datagramsNotSent).toBeGreaterThanOrEqual(late.length)
    a.multiplexer.close()
    b.multiplexer.close()
    clock.advance(1000)
    expect(clock.pending).toBe(0)
  })

  it('puts nothing between itself and a link that is reliable', () => {
    const clock = new VirtualClock()
    const frames: [number, Uint8Array][] = []
    const link: Link = {
      peer: 2n,
      reliable: true,
      maxFrameSize: 65_536,
      relayed: false,
      address: undefined,
      bufferedBytes: 0,
      send: (frame) => frames.push([clock.now(), frame]) > 0,
      close: () => {},
    }
    const transport = { localId: 1n, attach: () => {}, connect: () => {}, close: () => {} }
    const listener = { sessionRequest: () => {}, sessionFailed: () => {} }
    const multiplexer = new Multiplexer(transport, listener, { clock })
    multiplexer.linkUp(link)
    multiplexer.send(2n, new Uint8Array([1]), SendType.RELIABLE, 0)
    // Within the call, and a frame of a session as it is.
    expect(frames.map(([at, frame]) => [at, frame[0]])).toEqual([[0, 1]])
    multiplexer.close()
    expect(clock.pending).toBe(0)
  })
})
