// Section 4: what Steam documents of its P2P calls.
import { describe, expect, it } from 'vitest'
import {
  P2P_SEND_RELIABLE,
  P2P_SEND_RELIABLE_WITH_BUFFERING,
  P2P_SEND_UNRELIABLE,
  P2P_SEND_UNRELIABLE_NO_DELAY,
  type P2PSend,
} from '../../../src/p2p/index.js'
import type { Transport } from '../../../src/transport/index.js'
import { ALICE, BOB, bytes, CAROL, expectPackets, noise, type Peer, readAll, World } from '../world.js'
import { friends, packetsOf, strangers } from './scene.js'

const TYPES: readonly P2PSend[] = [0, 1, 2, 3]

function send(from: Peer, data: Uint8Array, type: P2PSend, channel = 0): boolean {
  return from.p2p.sendP2PPacket(BOB, data, type, channel)
}

describe('section 4.1: send types', () => {
  it.each([
    [P2P_SEND_UNRELIABLE, 1_200],
    [P2P_SEND_UNRELIABLE_NO_DELAY, 1_200],
    [P2P_SEND_RELIABLE, 1_048_576],
    [P2P_SEND_RELIABLE_WITH_BUFFERING, 1_048_576],
  ] as const)('type %i takes %i bytes and no byte more', (type, limit) => {
    const { world, alice, bob } = friends()
    expect(send(alice, noise(limit + 1), type)).toBe(false)
    world.pass(400)
    expect(readAll(bob.p2p)).toEqual([])
    expect(send(alice, noise(limit, 3), type)).toBe(true)
    world.pass(400)
    expectPackets(readAll(bob.p2p), [noise(limit, 3)])
  })

  it('the limits are the same before the connection is up', () => {
    const { alice } = strangers()
    expect(TYPES.map((type) => send(alice, noise(1_201), type))).toEqual([false, false, true, true])
    expect(TYPES.map((type) => send(alice, noise(1_048_577), type))).toEqual([false, false, false, false])
  })

  it('type 0 "will be batched until the connection is open", and is then not even lost where datagrams are', () => {
    const { world, alice, bob } = strangers({ loss: 1 })
    for (let i = 0; i < 5; i++) expect(send(alice, bytes(i), P2P_SEND_UNRELIABLE)).toBe(true)
    world.pass(500)
    expect(packetsOf(bob)).toEqual([0, 1, 2, 3, 4])
    send(alice, bytes(9), P2P_SEND_UNRELIABLE)
    world.pass(500)
    expect(packetsOf(bob)).toEqual([])
  })

  it('type 1 "will just be thrown away" before the connection is up, a first packet too', () => {
    const { world, alice, bob } = strangers()
    expect(send(alice, bytes(1), P2P_SEND_UNRELIABLE_NO_DELAY)).toBe(true)
    expect(send(alice, bytes(2), P2P_SEND_UNRELIABLE_NO_DELAY)).toBe(true)
    world.pass(500)
    expect(packetsOf(bob)).toEqual([])
    // It asked for a session all the same, which is there for the next ones.
    expect(bob.requests).toEqual([ALICE])
    send(alice, bytes(3), P2P_SEND_UNRELIABLE_NO_DELAY)
    world.pass(500)
    expect(packetsOf(bob)).toEqual([3])
  })

  it('types 2 and 3 are queued before the connection is up', () => {
    const { world, alice, bob } = strangers()
    send(alice, bytes(3), P2P_SEND_RELIABLE_WITH_BUFFERING)
    send(alice, bytes(2), P2P_SEND_RELIABLE)
    expect(alice.p2p.getP2PSessionState(BOB).packets_queued_for_send).toBe(2)
    world.pass(500)
    expect(packetsOf(bob)).toEqual([3, 2])
  })

  it('types 0 and 1 "can be lost, or arrive out of order"', () => {
    const { world, alice, bob } = friends({ seed: 5, latencyMs: 20, jitterMs: 20, loss: 0.3, reorder: 0.3 })
    for (const type of [P2P_SEND_UNRELIABLE, P2P_SEND_UNRELIABLE_NO_DELAY] as const) {
      for (let i = 0; i < 100; i++) {
        send(alice, bytes(i), type, 1)
        world.pass(1)
      }
      world.pass(500)
      const got = packetsOf(bob, 1)
      expect(got.length).toBeGreaterThan(40)
      expect(got.length).toBeLessThan(95)
      expect(got).not.toEqual([...got].sort((a, b) => a - b))
    }
  })

  it('type 2: "fragmentation/re-assembly" gives a message of 1 MB whole', () => {
    const { world, alice, bob } = friends({ maxFrameSize: 1_280, latencyMs: 3 })
    send(alice, noise(1_048_576, 7), P2P_SEND_RELIABLE)
    send(alice, bytes(1), P2P_SEND_RELIABLE)
    world.pass(2_000, 10)
    expectPackets(readAll(bob.p2p), [noise(1_048_576, 7), bytes(1)])
  })

  it('type 3 waits until "~200ms has passed"', () => {
    const { world, alice, bob } = friends()
    send(alice, bytes(1), P2P_SEND_RELIABLE_WITH_BUFFERING)
    world.pass(150, 50)
    send(alice, bytes(2), P2P_SEND_RELIABLE_WITH_BUFFERING)
    world.pass(49, 1)
    expect(packetsOf(bob)).toEqual([])
    // Counted from the first that waits.
    world.pass(1, 1)
    expect(packetsOf(bob)).toEqual([1, 2])
  })

  it('type 3 waits until "the current MTU size" has accumulated', () => {
    const { world, alice, bob } = friends()
    send(alice, noise(1_199), P2P_SEND_RELIABLE_WITH_BUFFERING)
    world.settle()
    expect(bob.p2p.isP2PPacketAvailable()).toBe(false)
    send(alice, noise(1), P2P_SEND_RELIABLE_WITH_BUFFERING)
    world.settle()
    expect(readAll(bob.p2p).map(({ length }) => length)).toEqual([1_199, 1])
  })

  it('"several small sends with [3] and then do a normal [2]" go at once, in order', () => {
    const { world, alice, bob } = friends()
    for (let i = 0; i < 5; i++) send(alice, bytes(i), P2P_SEND_RELIABLE_WITH_BUFFERING)
    world.settle()
    expect(packetsOf(bob)).toEqual([])
    send(alice, bytes(5), P2P_SEND_RELIABLE)
    world.settle()
    expect(packetsOf(bob)).toEqual([0, 1, 2, 3, 4, 5])
  })
})

describe('section 4.2: guarantees', () => {
  it('"you\'ll never receive fragments of messages you send"', () => {
    const { world, alice, bob } = friends({ maxFrameSize: 1_280, latencyMs: 20 })
    send(alice, noise(200_000), P2P_SEND_RELIABLE)
    for (let i = 0; i < 100 && !bob.p2p.isP2PPacketAvailable(); i++) world.pass(1, 1)
    expect(bob.p2p.getAvailableP2PPacketSize()).toBe(200_000)
  })

  it('reliable packets are ordered, also across the channels of one sender', () => {
    const { world, alice, bob } = friends({ latencyMs: 10, jitterMs: 30, reorder: 0.5 })
    for (let i = 0; i < 60; i++) {
      send(alice, bytes(i), i % 3 === 0 ? P2P_SEND_RELIABLE_WITH_BUFFERING : P2P_SEND_RELIABLE, i % 2)
      if (i % 10 === 0) world.pass(5, 5)
    }
    const seen: number[] = []
    for (let i = 0; i < 100; i++) {
      world.pass(5, 5)
      // A packet that is there on channel 1 says that everything before it is there on channel 0.
      const second = packetsOf(bob, 1)
      const first = packetsOf(bob, 0)
      seen.push(...[...first, ...second].sort((a, b) => a - b))
      if (second.length > 0) expect(Math.max(...first, -1)).toBeGreaterThanOrEqual(second.at(-1)! - 1)
    }
    expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => i))
  })
})

describe('section 4.3: the life of a session', () => {
  it('sendP2PPacket "opens a session implicitly"', () => {
    const { world, alice } = strangers()
    expect(alice.p2p.getP2PSessionState(BOB)).toEqual({})
    send(alice, bytes(1), P2P_SEND_RELIABLE)
    expect(alice.p2p.getP2PSessionState(BOB)).toMatchObject({ connection_active: 0, connecting: 1 })
    world.settle()
    expect(alice.p2p.getP2PSessionState(BOB)).toMatchObject({ connection_active: 1, connecting: 0 })
  })

  it('"first packet send may be delayed": it arrives when the two can reach each other', () => {
    const { world, alice, bob } = strangers()
    world.network.partition(ALICE, BOB)
    send(alice, bytes(1), P2P_SEND_RELIABLE)
    world.pass(8_000, 100)
    expect(packetsOf(bob)).toEqual([])
    world.network.heal(ALICE, BOB)
    world.pass(3_000, 100)
    expect(packetsOf(bob)).toEqual([1])
  })

  it('a request is for a "remote user that you haven\'t sent a packet to": to others none is raised', () => {
    const { world, alice, bob } = strangers()
    bob.p2p.sendP2PPacket(ALICE, bytes(1), P2P_SEND_RELIABLE)
    send(alice, bytes(2), P2P_SEND_RELIABLE)
    world.pass(500)
    expect([alice.requests, bob.requests]).toEqual([[], []])
    expect(packetsOf(bob)).toEqual([2])
    expect(packetsOf(alice)).toEqual([1])
  })

  it('ignoring refuses; to who goes on sending, the request "will be posted periodically"', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.peer(BOB)
    send(alice, bytes(1), P2P_SEND_RELIABLE)
    world.pass(14_900)
    expect(bob.requests).toEqual([ALICE, ALICE, ALICE])
    expect(readAll(bob.p2p)).toEqual([])
  })

  it('there is "no notice to the sender except the timeout"', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    world.peer(BOB)
    send(alice, bytes(1), P2P_SEND_RELIABLE)
    world.pass(19_900)
    expect(alice.failures).toEqual([])
    expect(alice.p2p.getP2PSessionState(BOB)).toMatchObject({ connecting: 1, session_error: 0 })
    world.pass(200)
    expect(alice.failures).toEqual([[BOB, 4]])
  })

  it('accept "may be called multiple times for a single user"', () => {
    const { world, alice, bob } = friends()
    for (let i = 0; i < 3; i++) expect(bob.p2p.acceptP2PSessionWithUser(ALICE)).toBe(true)
    send(alice, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    expect(packetsOf(bob)).toEqual([1])
    expect(bob.requests).toEqual([ALICE])
  })

  it('sending "implicitly accepts the session request"', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.peer(BOB)
    send(alice, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    expect(readAll(bob.p2p)).toEqual([])
    bob.p2p.sendP2PPacket(ALICE, bytes(2), P2P_SEND_RELIABLE)
    world.settle()
    expect([packetsOf(bob), packetsOf(alice)]).toEqual([[1], [2]])
    expect(alice.requests).toEqual([])
  })

  it('before accept nothing is readable and the packets "stay queued on the sender"; after it they flow in order', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.peer(BOB)
    for (let i = 0; i < 4; i++) send(alice, noise(1_000, i), i % 2 ? P2P_SEND_UNRELIABLE : P2P_SEND_RELIABLE)
    world.pass(3_000)
    expect(bob.p2p.isP2PPacketAvailable()).toBe(false)
    expect(alice.p2p.getP2PSessionState(BOB)).toMatchObject({
      bytes_queued_for_send: 4_000,
      packets_queued_for_send: 4,
    })
    bob.p2p.acceptP2PSessionWithUser(ALICE)
    world.settle()
    expectPackets(
      readAll(bob.p2p),
      [0, 1, 2, 3].map((i) => noise(1_000, i)),
    )
  })

  it('"Connect timeout 20 s", error 4, at the millisecond', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    send(alice, bytes(1), P2P_SEND_RELIABLE)
    world.clock.advance(19_999)
    alice.p2p.runCallbacks()
    expect(alice.failures).toEqual([])
    world.clock.advance(1)
    alice.p2p.runCallbacks()
    expect(alice.failures).toEqual([[BOB, 4]])
  })

  it('on failure "queued packets unsent at this point will be dropped"; later sends retry, and are dropped likewise', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    send(alice, bytes(1), P2P_SEND_RELIABLE)
    world.pass(20_100, 500)
    expect(alice.p2p.getP2PSessionState(BOB)).toMatchObject({ bytes_queued_for_send: 0, packets_queued_for_send: 0 })
    send(alice, bytes(2), P2P_SEND_RELIABLE)
    expect(alice.p2p.getP2PSessionState(BOB)).toMatchObject({ connecting: 1, session_error: 0 })
    world.pass(20_100, 500)
    expect(alice.failures).toEqual([
      [BOB, 4],
      [BOB, 4],
    ])
    const bob = world.friendly(BOB)
    send(alice, bytes(3), P2P_SEND_RELIABLE)
    world.pass(500)
    expect(packetsOf(bob)).toEqual([3])
  })

  it('"a silent peer disappearing yields no signal"', () => {
    const { world, alice } = friends()
    world.network.partition(ALICE, BOB)
    world.pass(200_000, 1_000)
    expect(alice.failures).toEqual([])
    expect(alice.p2p.getP2PSessionState(BOB)).toEqual({})
  })

  it('after close "later data from the peer" raises a new request', () => {
    const { world, alice, bob } = friends()
    bob.p2p.closeP2PSessionWithUser(ALICE)
    send(alice, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    expect(bob.requests).toEqual([ALICE, ALICE])
    expect(packetsOf(bob)).toEqual([1])
  })

  it('close "discards queued unsent packets"', () => {
    const { world, alice, bob } = friends()
    send(alice, bytes(1), P2P_SEND_RELIABLE_WITH_BUFFERING)
    alice.p2p.closeP2PSessionWithUser(BOB)
    send(alice, bytes(2), P2P_SEND_RELIABLE)
    world.pass(500)
    expect(packetsOf(bob)).toEqual([2])
  })

  it('unread packets are discarded by close too', () => {
    const { world, alice, bob } = friends()
    send(alice, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    expect(bob.p2p.isP2PPacketAvailable()).toBe(true)
    bob.p2p.closeP2PSessionWithUser(ALICE)
    expect(bob.p2p.isP2PPacketAvailable()).toBe(false)
  })

  it('"after all channels closed, session closes", and next data raises a new request', () => {
    const { world, alice, bob } = friends()
    send(alice, bytes(1), P2P_SEND_RELIABLE, 6)
    world.settle()
    expect(bob.p2p.closeP2PChannelWithUser(ALICE, 0)).toBe(true)
    expect(bob.p2p.getP2PSessionState(ALICE).connection_active).toBe(1)
    expect(bob.p2p.closeP2PChannelWithUser(ALICE, 6)).toBe(true)
    expect(bob.p2p.getP2PSessionState(ALICE)).toEqual({})
    send(alice, bytes(2), P2P_SEND_RELIABLE, 6)
    world.settle()
    expect(bob.requests).toEqual([ALICE, ALICE])
    expect(packetsOf(bob, 6)).toEqual([2])
  })

  it('closing a channel purges "unread messages on it", those of that user only', () => {
    const { world, alice, bob } = friends()
    const carol = world.peer(CAROL)
    for (const channel of [1, 2]) {
      send(alice, bytes(channel), P2P_SEND_RELIABLE, channel)
      send(carol, bytes(10 + channel), P2P_SEND_RELIABLE, channel)
    }
    world.settle()
    bob.p2p.closeP2PChannelWithUser(ALICE, 1)
    expect([packetsOf(bob, 1), packetsOf(bob, 2).sort()]).toEqual([[11], [12, 2]])
  })

  it('close gives "no notification" to the peer', () => {
    const { world, alice, bob } = friends()
    bob.p2p.closeP2PSessionWithUser(ALICE)
    world.settle()
    expect(alice.p2p.getP2PSessionState(BOB).connection_active).toBe(1)
    world.pass(30_000, 500)
    expect(alice.failures).toEqual([])
  })

  it('sessions "that go unused for a few minutes are automatically timed out", without a signal', () => {
    const { world, alice, bob } = friends()
    // One second has passed since the packet.
    world.pass(178_900, 100)
    expect(alice.p2p.getP2PSessionState(BOB).connection_active).toBe(1)
    world.pass(200, 100)
    expect(alice.p2p.getP2PSessionState(BOB)).toEqual({})
    expect(bob.p2p.getP2PSessionState(ALICE)).toEqual({})
    expect([alice.failures, bob.failures]).toEqual([[], []])
  })

  it.each([
    ['send', ({ alice }: ReturnType<typeof friends>) => send(alice, bytes(1), P2P_SEND_UNRELIABLE)],
    ['what is received', ({ bob }: ReturnType<typeof friends>) => bob.p2p.sendP2PPacket(ALICE, bytes(1), 2)],
  ])('the idle time is "reset on" %s', (_, use) => {
    const scene = friends()
    scene.world.pass(170_000, 1_000)
    use(scene)
    scene.world.pass(170_000, 1_000)
    expect(scene.alice.p2p.getP2PSessionState(BOB).connection_active).toBe(1)
    scene.world.pass(11_000, 1_000)
    expect(scene.alice.p2p.getP2PSessionState(BOB)).toEqual({})
  })
})

describe('section 4.4: other', () => {
  it('AllowP2PPacketRelay reaches the transport, which decides for links that come later', () => {
    const world = new World()
    const asked: boolean[] = []
    const memory = world.network.transport(CAROL)
    const transport: Transport = {
      localId: CAROL,
      attach: (receiver) => memory.attach(receiver),
      connect: (peer) => memory.connect(peer),
      close: () => memory.close(),
      allowRelay: (allow) => asked.push(allow),
    }
    const carol = world.peer(CAROL, {}, transport)
    carol.p2p.allowP2PPacketRelay(false)
    carol.p2p.allowP2PPacketRelay(true)
    expect(asked).toEqual([false, true])
  })

  it('"no reply if the user is offline": a peer that is not there is a timeout', () => {
    const { world, alice } = strangers()
    alice.p2p.sendP2PPacket(CAROL, bytes(1), P2P_SEND_RELIABLE)
    world.pass(20_100, 500)
    expect(alice.failures).toEqual([[CAROL, 4]])
  })

  it('send is false when "too many bytes queued up to be sent", and true again when they are gone', () => {
    const { world, alice, bob } = friends({ latencyMs: 5 }, { sendBufferSize: 1_048_576 })
    expect(send(alice, noise(1_048_576), P2P_SEND_RELIABLE)).toBe(true)
    expect(TYPES.map((type) => send(alice, bytes(type), type, 1))).toEqual([true, true, false, false])
    world.pass(500, 10)
    expect(send(alice, bytes(2), P2P_SEND_RELIABLE, 1)).toBe(true)
    world.pass(500, 10)
    expect(bob.p2p.getAvailableP2PPacketSize()).toBe(1_048_576)
    expect(packetsOf(bob, 1).at(-1)).toBe(2)
  })

  it('self-send: "no accept call and no request needed", and the sender is oneself', () => {
    const { alice } = strangers()
    expect(alice.p2p.sendP2PPacket(ALICE, bytes(1, 2, 3), P2P_SEND_RELIABLE)).toBe(true)
    expect(alice.p2p.readP2PPacket(3)).toEqual({
      data: bytes(1, 2, 3),
      remote_steam_id: ALICE,
      steam_id_remote: ALICE,
    })
    alice.p2p.runCallbacks()
    expect(alice.requests).toEqual([])
  })

  it('self-send has the limits of every other', () => {
    const { alice } = strangers()
    for (const [type, size] of [
      [P2P_SEND_UNRELIABLE, 1_200],
      [P2P_SEND_RELIABLE, 1_048_576],
    ] as const) {
      expect(alice.p2p.sendP2PPacket(ALICE, noise(size + 1), type)).toBe(false)
      expect(alice.p2p.sendP2PPacket(ALICE, noise(size), type)).toBe(true)
      expectPackets(readAll(alice.p2p), [noise(size)])
    }
  })

  it('"Different channels = same session": one request, one accept for all', () => {
    const { world, alice, bob } = strangers()
    for (const channel of [0, 1, -5, 2_147_483_647]) send(alice, bytes(1), P2P_SEND_RELIABLE, channel)
    world.settle()
    expect(bob.requests).toEqual([ALICE])
    expect([0, 1, -5, 2_147_483_647].map((channel) => packetsOf(bob, channel).length)).toEqual([1, 1, 1, 1])
  })

  it('"A message on channel N is only seen by reads on N"', () => {
    const { world, alice, bob } = friends()
    send(alice, bytes(1), P2P_SEND_RELIABLE, 3)
    world.settle()
    for (const other of [0, 2, 4, -3]) {
      expect(bob.p2p.isP2PPacketAvailable(other)).toBe(false)
      expect(bob.p2p.readP2PPacket(10, other)).toEqual({})
    }
    expect(packetsOf(bob, 3)).toEqual([1])
  })

  it('ReadP2PPacket is "non-blocking": it answers at once when there is nothing', () => {
    const { bob } = friends()
    expect(bob.p2p.readP2PPacket(100)).toEqual({})
  })
})
