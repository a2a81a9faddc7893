// Section 10: the rulings, which decide where Steam leaves something open.
import { describe, expect, it } from 'vitest'
import {
  P2P_SEND_RELIABLE,
  P2P_SEND_RELIABLE_WITH_BUFFERING,
  P2P_SEND_UNRELIABLE,
  P2P_SEND_UNRELIABLE_NO_DELAY,
  type P2PSend,
} from '../../../src/p2p/index.js'
import type { TransportReceiver } from '../../../src/transport/index.js'
import { ALICE, BOB, bytes, CAROL, expectPackets, noise, readAll, World } from '../world.js'
import { friends, packetsOf, strangers } from './scene.js'

/** Alice on a transport that can say that it will never reach a peer. */
function refusable() {
  const world = new World()
  const memory = world.network.transport(ALICE)
  let refuse = (_peer: bigint) => {}
  const alice = world.peer(
    ALICE,
    {},
    {
      localId: ALICE,
      attach: (receiver: TransportReceiver & { refused?(peer: bigint): void }) => {
        refuse = (peer) => receiver.refused?.(peer)
        memory.attach(receiver)
      },
      connect: (peer) => memory.connect(peer),
      close: () => memory.close(),
    },
  )
  return { world, alice, refuse: (peer: bigint) => refuse(peer) }
}

describe('ruling 1: result keys', () => {
  it('"returns both", with the same bigint; failure is an empty object', () => {
    const { world, alice, bob } = friends()
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    const { remote_steam_id, steam_id_remote } = bob.p2p.readP2PPacket(1)
    expect([remote_steam_id, steam_id_remote]).toEqual([ALICE, ALICE])
    expect(Object.keys(bob.p2p.readP2PPacket(1))).toEqual([])
  })
})

describe('ruling 2: "the message is consumed, the tail is lost"', () => {
  it.each([
    [0, 0],
    [1, 1],
    [299, 299],
    [300, 300],
    [301, 300],
  ])('asked for %i of 300 bytes: %i', (asked, got) => {
    const { world, alice, bob } = friends()
    alice.p2p.sendP2PPacket(BOB, noise(300), P2P_SEND_RELIABLE)
    alice.p2p.sendP2PPacket(BOB, bytes(9), P2P_SEND_RELIABLE)
    world.settle()
    expect(bob.p2p.readP2PPacket(asked).data).toEqual(noise(300).slice(0, got))
    expect(packetsOf(bob)).toEqual([9])
  })
})

describe('ruling 3: "A zero-length message is sent, delivered and readable"', () => {
  it.each([0, 1, 2, 3] as const)('of type %i; isP2PPacketAvailable tells it from none', (type) => {
    const { world, alice, bob } = friends()
    expect(alice.p2p.sendP2PPacket(BOB, bytes(), type)).toBe(true)
    world.pass(300)
    expect([bob.p2p.isP2PPacketAvailable(), bob.p2p.getAvailableP2PPacketSize()]).toEqual([true, 0])
    expect(bob.p2p.readP2PPacket(0)).toEqual({ data: bytes(), remote_steam_id: ALICE, steam_id_remote: ALICE })
    expect([bob.p2p.isP2PPacketAvailable(), bob.p2p.getAvailableP2PPacketSize()]).toEqual([false, 0])
  })
})

describe('ruling 4: limits', () => {
  it('larger: "false, nothing queued", and no session is begun', () => {
    const { alice } = strangers()
    for (const [type, size] of [
      [P2P_SEND_UNRELIABLE, 1_201],
      [P2P_SEND_RELIABLE, 1_048_577],
    ] as const) {
      expect(alice.p2p.sendP2PPacket(BOB, noise(size), type)).toBe(false)
      expect(alice.p2p.getP2PSessionState(BOB)).toEqual({})
    }
  })
})

describe('ruling 5: Steam ids', () => {
  it('a full id "is used as it is"; the option mimics GodotSteam', () => {
    const world = new World()
    const bob = world.friendly(BOB)
    const account = BOB & 0xffffffffn
    const exact = world.peer(ALICE)
    const mimic = world.peer(CAROL, { steamIdRule: 'godotsteam' })
    expect(exact.p2p.sendP2PPacket(account, bytes(1), P2P_SEND_RELIABLE)).toBe(false)
    expect(mimic.p2p.sendP2PPacket(account, bytes(2), P2P_SEND_RELIABLE)).toBe(true)
    world.settle()
    expect(bob.p2p.readP2PPacket(1)).toMatchObject({ data: bytes(2), remote_steam_id: CAROL })
  })
})

describe('ruling 6: requests', () => {
  it('"posted at once and re-posted every 5 s" while unaccepted data keeps arriving', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.peer(BOB)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    const at: number[] = []
    bob.p2p.on('p2p_session_request', () => at.push(world.clock.now()))
    world.settle()
    world.pass(19_900, 100)
    expect(at).toEqual([0, 5_000, 10_000, 15_000])
    // The sender has given up: nothing arrives any more.
    world.pass(60_000, 100)
    expect(at).toHaveLength(4)
  })

  it('the period is an option', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.peer(BOB, { requestRepeatMs: 2_000 })
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.pass(5_900, 100)
    expect(bob.requests).toHaveLength(3)
  })

  it('"no refusal on the wire": a refused sender sees a timeout', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.peer(BOB)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    expect(bob.p2p.closeP2PSessionWithUser(ALICE)).toBe(false)
    world.pass(19_000, 100)
    expect(alice.failures).toEqual([])
    world.pass(1_100, 100)
    expect(alice.failures).toEqual([[BOB, 4]])
  })
})

describe('ruling 7: before the session is up', () => {
  it('"types 0, 2, 3 queue at the sender, type 1 is dropped", and every call answers true', () => {
    const { world, alice, bob } = strangers({ loss: 1 })
    const taken = ([0, 1, 3, 2] as P2PSend[]).map((type) => alice.p2p.sendP2PPacket(BOB, bytes(type), type))
    expect(taken).toEqual([true, true, true, true])
    world.pass(500)
    expect(packetsOf(bob)).toEqual([0, 3, 2])
  })
})

describe('ruling 8: connect timeout', () => {
  it('"once per attempt; the next send starts a new attempt"', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.pass(19_900, 100)
    alice.p2p.sendP2PPacket(BOB, bytes(2), P2P_SEND_RELIABLE)
    world.pass(60_000, 100)
    expect(alice.failures).toEqual([[BOB, 4]])
    alice.p2p.sendP2PPacket(BOB, bytes(3), P2P_SEND_RELIABLE)
    const bob = world.friendly(BOB)
    world.pass(1_000)
    expect(packetsOf(bob)).toEqual([3])
  })

  it('the time is an option', () => {
    const world = new World()
    const alice = world.peer(ALICE, { connectTimeoutMs: 3_000 })
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.pass(2_900, 100)
    expect(alice.failures).toEqual([])
    world.pass(200, 100)
    expect(alice.failures).toEqual([[BOB, 4]])
  })

  it('error "2 is for an authenticated relay\'s refusal": who is connecting hears of it at once', () => {
    const { world, alice, refuse } = refusable()
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    refuse(BOB)
    alice.p2p.runCallbacks()
    expect(alice.failures).toEqual([[BOB, 2]])
    expect(alice.p2p.getP2PSessionState(BOB)).toMatchObject({ session_error: 2, packets_queued_for_send: 0 })
    expect(world.clock.pending).toBe(0)
  })

  it('a session that is up does not hear of such a refusal', () => {
    const { world, alice, refuse } = refusable()
    world.friendly(BOB)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    refuse(BOB)
    world.settle()
    expect(alice.failures).toEqual([])
    expect(alice.p2p.getP2PSessionState(BOB).connection_active).toBe(1)
  })
})

describe('ruling 9: implicit accept and self-send', () => {
  it('"Send implicitly accepts", whatever the type', () => {
    for (const type of [0, 1, 2, 3] as const) {
      const world = new World()
      const alice = world.peer(ALICE)
      const bob = world.peer(BOB)
      alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
      world.settle()
      bob.p2p.sendP2PPacket(ALICE, bytes(2), type)
      world.settle()
      expect(packetsOf(bob), `type ${type}`).toEqual([1])
    }
  })

  it('"Self-send loops back" at once, for every type and channel', () => {
    const { alice } = strangers()
    for (const type of [0, 1, 2, 3] as const) alice.p2p.sendP2PPacket(ALICE, bytes(type), type, -9)
    expect(packetsOf(alice, -9)).toEqual([0, 1, 2, 3])
  })

  it('a session with oneself has a state and can be closed, by channel too', () => {
    const { alice } = strangers()
    expect(alice.p2p.getP2PSessionState(ALICE)).toEqual({})
    expect(alice.p2p.closeP2PSessionWithUser(ALICE)).toBe(false)
    alice.p2p.sendP2PPacket(ALICE, bytes(1), P2P_SEND_RELIABLE, 1)
    alice.p2p.sendP2PPacket(ALICE, bytes(2), P2P_SEND_RELIABLE, 2)
    expect(alice.p2p.getP2PSessionState(ALICE)).toMatchObject({ connection_active: 1, packets_queued_for_send: 0 })
    expect(alice.p2p.closeP2PChannelWithUser(ALICE, 3)).toBe(false)
    expect(alice.p2p.closeP2PChannelWithUser(ALICE, 1)).toBe(true)
    expect([packetsOf(alice, 1), packetsOf(alice, 2)]).toEqual([[], [2]])
    expect(alice.p2p.closeP2PChannelWithUser(ALICE, 2)).toBe(true)
    expect(alice.p2p.getP2PSessionState(ALICE)).toEqual({})
  })
})

describe('ruling 10: close', () => {
  it('"drops both queues for that user, tells nobody; later data raises a new request"', () => {
    const { world, alice, bob } = friends()
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    bob.p2p.sendP2PPacket(ALICE, bytes(2), P2P_SEND_RELIABLE_WITH_BUFFERING)
    bob.p2p.closeP2PSessionWithUser(ALICE)
    world.pass(1_000)
    expect([packetsOf(bob), packetsOf(alice)]).toEqual([[], []])
    expect([alice.failures, bob.failures]).toEqual([[], []])
    alice.p2p.sendP2PPacket(BOB, bytes(3), P2P_SEND_RELIABLE)
    world.settle()
    expect(bob.requests).toEqual([ALICE, ALICE])
  })

  it('without `closeLinger` a goodbye behind a backlog is lost; with it "reliable data first"', () => {
    for (const closeLinger of [0, 5_000]) {
      const { world, alice, bob } = friends({ latencyMs: 20, highWaterMark: 60_000 }, { closeLinger })
      const sent = [0, 1, 2, 3, 4].map((i) => noise(60_000, i))
      for (const packet of sent) alice.p2p.sendP2PPacket(BOB, packet, P2P_SEND_RELIABLE)
      alice.p2p.sendP2PPacket(BOB, bytes(7), P2P_SEND_RELIABLE_WITH_BUFFERING)
      expect(alice.p2p.closeP2PSessionWithUser(BOB)).toBe(true)
      expect(alice.p2p.getP2PSessionState(BOB)).toEqual({})
      world.pass(4_000, 20)
      const got = readAll(bob.p2p)
      if (closeLinger > 0) expectPackets(got, [...sent, bytes(7)])
      else expect(got.length).toBeLessThan(sent.length)
      expect(alice.failures).toEqual([])
    }
  })

  it('lingering ends after its time, without a word', () => {
    const { world, alice, bob } = friends({}, { closeLinger: 3_000 })
    world.network.partition(ALICE, BOB, { silent: true })
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    alice.p2p.closeP2PSessionWithUser(BOB)
    bob.p2p.close()
    world.clock.advance(2_999)
    expect(world.clock.pending).toBeGreaterThan(0)
    world.clock.advance(1)
    alice.p2p.runCallbacks()
    expect(world.clock.pending).toBe(0)
    expect(alice.failures).toEqual([])
  })

  it('while it lingers the game has no session; sending again goes on with it, in order', () => {
    const { world, alice, bob } = friends({ latencyMs: 20 }, { closeLinger: 3_000 })
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    alice.p2p.closeP2PSessionWithUser(BOB)
    expect(alice.p2p.closeP2PSessionWithUser(BOB)).toBe(false)
    alice.p2p.sendP2PPacket(BOB, bytes(2), P2P_SEND_RELIABLE)
    expect(alice.p2p.getP2PSessionState(BOB).connection_active).toBe(1)
    world.pass(1_000, 20)
    expect(packetsOf(bob)).toEqual([1, 2])
  })

  it('what the peer sends meanwhile is for a session that it must ask for', () => {
    const { world, alice, bob } = friends({ latencyMs: 20 }, { closeLinger: 3_000 })
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    alice.p2p.closeP2PSessionWithUser(BOB)
    bob.p2p.sendP2PPacket(ALICE, bytes(2), P2P_SEND_RELIABLE)
    world.pass(2_000, 20)
    expect(packetsOf(alice)).toEqual([])
    expect(alice.requests).toEqual([BOB])
    alice.p2p.acceptP2PSessionWithUser(BOB)
    world.pass(2_000, 20)
    expect(packetsOf(alice)).toEqual([2])
    expect(packetsOf(bob)).toEqual([1])
  })
})

describe('ruling 11: when a channel is open', () => {
  it('"open once something was sent or received on it"', () => {
    const { world, alice, bob } = friends()
    bob.p2p.sendP2PPacket(ALICE, bytes(1), P2P_SEND_UNRELIABLE, 4)
    alice.p2p.sendP2PPacket(BOB, bytes(2), P2P_SEND_UNRELIABLE, 5)
    world.settle()
    expect(bob.p2p.closeP2PChannelWithUser(ALICE, 6)).toBe(false)
    expect(bob.p2p.closeP2PChannelWithUser(ALICE, 4)).toBe(true)
    expect(bob.p2p.closeP2PChannelWithUser(ALICE, 5)).toBe(true)
    expect(bob.p2p.closeP2PChannelWithUser(ALICE, 5)).toBe(false)
  })

  it('"closing the last one closes the session"', () => {
    const { bob } = friends()
    expect(bob.p2p.closeP2PChannelWithUser(ALICE, 0)).toBe(true)
    expect(bob.p2p.getP2PSessionState(ALICE)).toEqual({})
    expect(bob.p2p.closeP2PSessionWithUser(ALICE)).toBe(false)
  })
})

describe('ruling 12: channels and order', () => {
  it.each([
    [2_147_483_647, true],
    [-2_147_483_648, true],
    [2_147_483_648, false],
    [-2_147_483_649, false],
    [0.5, false],
    [Number.NaN, false],
    [Number.POSITIVE_INFINITY, false],
  ])('"Channel is any int32": %d is one, %s', (channel, isOne) => {
    const { world, alice, bob } = friends()
    for (const type of [0, 1, 2, 3] as const) {
      expect(alice.p2p.sendP2PPacket(BOB, bytes(type), type, channel)).toBe(isOne)
      expect(alice.p2p.sendP2PPacket(ALICE, bytes(type), type, channel)).toBe(isOne)
    }
    world.pass(300)
    expect(packetsOf(bob, channel).sort()).toEqual(isOne ? [0, 1, 2, 3] : [])
    expect(bob.p2p.closeP2PChannelWithUser(ALICE, channel)).toBe(isOne)
  })

  it('"per channel one FIFO across senders"', () => {
    const { world, alice, bob } = friends()
    const carol = world.peer(CAROL)
    carol.p2p.sendP2PPacket(BOB, bytes(99), P2P_SEND_RELIABLE)
    world.settle()
    readAll(bob.p2p)
    for (let i = 0; i < 6; i++) {
      ;(i % 2 ? carol : alice).p2p.sendP2PPacket(BOB, bytes(i), i % 3 ? P2P_SEND_RELIABLE : P2P_SEND_UNRELIABLE, 3)
      bob.p2p.sendP2PPacket(BOB, bytes(10 + i), P2P_SEND_RELIABLE, 3)
      world.settle()
    }
    expect(packetsOf(bob, 3)).toEqual([10, 0, 11, 1, 12, 2, 13, 3, 14, 4, 15, 5])
  })

  it('reliable data of one sender shares "one stream" over all channels, so that a large packet holds up the others', () => {
    const { world, alice, bob } = friends({ latencyMs: 10, highWaterMark: 20_000, maxFrameSize: 4_096 })
    alice.p2p.sendP2PPacket(BOB, noise(400_000), P2P_SEND_RELIABLE, 1)
    alice.p2p.sendP2PPacket(BOB, bytes(2), P2P_SEND_RELIABLE_WITH_BUFFERING, 2)
    for (let i = 0; i < 400 && !bob.p2p.isP2PPacketAvailable(1); i++) {
      expect(bob.p2p.isP2PPacketAvailable(2)).toBe(false)
      world.pass(5, 5)
    }
    expect(bob.p2p.getAvailableP2PPacketSize(1)).toBe(400_000)
    world.pass(300)
    expect(packetsOf(bob, 2)).toEqual([2])
  })
})

describe('ruling 13: "Type 3 waits for 1200 bytes or 200 ms"', () => {
  it('counted over all channels; "a type 2 send flushes it first"', () => {
    const { world, alice, bob } = friends()
    alice.p2p.sendP2PPacket(BOB, noise(700, 3), P2P_SEND_RELIABLE_WITH_BUFFERING, 1)
    alice.p2p.sendP2PPacket(BOB, noise(499, 4), P2P_SEND_RELIABLE_WITH_BUFFERING, 2)
    world.settle()
    expect([readAll(bob.p2p, 1).length, readAll(bob.p2p, 2).length]).toEqual([0, 0])
    alice.p2p.sendP2PPacket(BOB, noise(1, 5), P2P_SEND_RELIABLE_WITH_BUFFERING, 3)
    world.settle()
    expect([1, 2, 3].map((channel) => readAll(bob.p2p, channel)[0]?.length)).toEqual([700, 499, 1])
    alice.p2p.sendP2PPacket(BOB, bytes(3), P2P_SEND_RELIABLE_WITH_BUFFERING, 1)
    alice.p2p.sendP2PPacket(BOB, bytes(2), P2P_SEND_RELIABLE, 1)
    world.settle()
    expect(packetsOf(bob, 1)).toEqual([3, 2])
  })

  it('types 0 and 1 flush nothing', () => {
    const { world, alice, bob } = friends()
    alice.p2p.sendP2PPacket(BOB, bytes(3), P2P_SEND_RELIABLE_WITH_BUFFERING)
    alice.p2p.sendP2PPacket(BOB, bytes(0), P2P_SEND_UNRELIABLE)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_UNRELIABLE_NO_DELAY)
    world.settle()
    expect(packetsOf(bob)).toEqual([0, 1])
    world.pass(200)
    expect(packetsOf(bob)).toEqual([3])
  })

  it('both limits are options', () => {
    const { world, alice, bob } = friends({}, { nagleMs: 30, nagleBytes: 3 })
    alice.p2p.sendP2PPacket(BOB, bytes(1, 1), P2P_SEND_RELIABLE_WITH_BUFFERING)
    world.pass(20, 10)
    expect(packetsOf(bob)).toEqual([])
    world.pass(10, 10)
    expect(packetsOf(bob)).toEqual([1])
    alice.p2p.sendP2PPacket(BOB, bytes(2, 2, 2), P2P_SEND_RELIABLE_WITH_BUFFERING)
    world.settle()
    expect(packetsOf(bob)).toEqual([2])
  })
})

describe('ruling 14: idle end and keep-alive', () => {
  it('"Idle sessions end silently after 180 s (option)"; what was received stays readable', () => {
    const { world, alice, bob } = friends({}, { idleTimeoutMs: 30_000 }, { idleTimeoutMs: 30_000 })
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.pass(29_900, 100)
    expect(alice.p2p.getP2PSessionState(BOB).connection_active).toBe(1)
    world.pass(200, 100)
    expect([alice.p2p.getP2PSessionState(BOB), bob.p2p.getP2PSessionState(ALICE)]).toEqual([{}, {}])
    expect([alice.failures, bob.failures]).toEqual([[], []])
    expect(packetsOf(bob)).toEqual([1])
  })

  it('"A vanished peer is noticed by keep-alive after 20 s": error 4 if reliable data was unacknowledged', () => {
    const { world, alice, bob } = friends()
    world.network.partition(ALICE, BOB, { silent: true })
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.pass(18_000, 100)
    expect(alice.failures).toEqual([])
    world.pass(7_000, 100)
    expect(alice.failures).toEqual([[BOB, 4]])
    // To Bob nothing was promised that Alice owes him.
    expect(bob.failures).toEqual([])
    expect(bob.p2p.getP2PSessionState(ALICE)).toEqual({})
  })

  it('an answer to the keep-alive is a sign of life: no session ends for want of packets before the idle time', () => {
    const { world, alice, bob } = friends({ latencyMs: 100 }, { vanishMs: 6_000 }, { vanishMs: 6_000 })
    world.pass(150_000, 500)
    expect(alice.p2p.getP2PSessionState(BOB).connection_active).toBe(1)
    expect(bob.p2p.getP2PSessionState(ALICE).connection_active).toBe(1)
  })

  it('both times are options', () => {
    const { world, alice } = friends({}, { vanishMs: 3_000, keepAliveMs: 1_000 })
    world.network.partition(ALICE, BOB, { silent: true })
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.pass(4_100, 100)
    expect(alice.failures).toEqual([[BOB, 4]])
  })
})

describe('ruling 15: the send buffer', () => {
  it('"default 4 MiB", at the byte, and for each peer its own', () => {
    const { alice } = strangers()
    for (let i = 0; i < 3; i++) expect(alice.p2p.sendP2PPacket(BOB, noise(1_048_576), 2)).toBe(true)
    expect(alice.p2p.sendP2PPacket(BOB, noise(1_048_575), 2)).toBe(true)
    expect(alice.p2p.sendP2PPacket(BOB, noise(2), 2)).toBe(false)
    expect(alice.p2p.sendP2PPacket(BOB, noise(1), 2)).toBe(true)
    expect(alice.p2p.sendP2PPacket(BOB, noise(1), 2)).toBe(false)
    expect(alice.p2p.sendP2PPacket(CAROL, noise(1), 2)).toBe(true)
  })

  it('"nothing is lost of what was accepted"', () => {
    const { world, alice, bob } = friends({ latencyMs: 5 }, { sendBufferSize: 1_048_576 })
    const taken: Uint8Array[] = []
    for (let i = 0; i < 60; i++) {
      const packet = noise(70_000, i)
      if (alice.p2p.sendP2PPacket(BOB, packet, P2P_SEND_RELIABLE)) taken.push(packet)
      if (i % 20 === 19) world.pass(10, 5)
    }
    expect(taken.length).toBeLessThan(60)
    const got: Uint8Array[] = []
    for (let i = 0; i < 20; i++) {
      world.pass(100, 10)
      got.push(...readAll(bob.p2p))
    }
    expectPackets(got, taken)
  })
})

describe('ruling 16: types', () => {
  it.each([-1, 4, 1.5, Number.NaN, 256])('"send_type outside 0..3": %d answers false', (type) => {
    const { world, alice, bob } = friends()
    expect(alice.p2p.sendP2PPacket(BOB, bytes(1), type as P2PSend)).toBe(false)
    expect(alice.p2p.sendP2PPacket(ALICE, bytes(1), type as P2PSend)).toBe(false)
    world.settle()
    expect([packetsOf(bob), packetsOf(alice)]).toEqual([[], []])
  })

  it('the flags of a state "are numbers 0/1", never booleans', () => {
    const { alice, world } = strangers()
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    for (const values of [0, 1].map(() => {
      const { connection_active, connecting, using_relay } = alice.p2p.getP2PSessionState(BOB)
      world.settle()
      return [connection_active, connecting, using_relay]
    })) {
      expect(values.map((value) => typeof value)).toEqual(['number', 'number', 'number'])
    }
  })
})

describe('ruling 17: when signals are delivered', () => {
  it('"auto": on their own, "on the next microtask after the event", and never within a call', async () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.peer(BOB, { callbacks: 'auto' })
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    for (let i = 0; i < 4; i++) world.clock.advance(0)
    bob.p2p.isP2PPacketAvailable()
    expect(bob.requests).toEqual([])
    await Promise.resolve()
    expect(bob.requests).toEqual([ALICE])
  })

  it('with "auto" `runCallbacks` delivers them too, and none twice', async () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.peer(BOB, { callbacks: 'auto' })
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    for (let i = 0; i < 4; i++) world.clock.advance(0)
    expect(bob.requests).toEqual([])
    bob.p2p.runCallbacks()
    expect(bob.requests).toEqual([ALICE])
    await Promise.resolve()
    expect(bob.requests).toEqual([ALICE])
  })
})
