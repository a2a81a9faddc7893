// What `P2P` has for people beside GodotSteam's calls: more events, `flush`, statistics, a view of the frames.
import { describe, expect, it } from 'vitest'
import {
  type FrameReport,
  P2P,
  P2P_SEND_RELIABLE,
  P2P_SEND_RELIABLE_WITH_BUFFERING,
  P2P_SEND_UNRELIABLE,
  P2P_SEND_UNRELIABLE_NO_DELAY,
  type P2PBackend,
} from '../../src/p2p/index.js'
import { friends, packetsOf, strangers } from './spec/scene.js'
import { ALICE, BOB, bytes, CAROL, noise, type Peer, World } from './world.js'

/** What a peer was told of its sessions. */
function lifeOf({ p2p }: Peer): string[] {
  const life: string[] = []
  p2p.on('session_opened', (id) => life.push(`opened ${id}`))
  p2p.on('session_closed', (id, why) => life.push(`closed ${id}: ${why}`))
  p2p.on('p2p_session_connect_fail', (id) => life.push(`failed ${id}`))
  return life
}

describe('session_opened and session_closed', () => {
  it('come once a session, at both ends', () => {
    const { world, alice, bob } = strangers()
    const [hers, his] = [lifeOf(alice), lifeOf(bob)]
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    expect([hers, his]).toEqual([[`opened ${BOB}`], [`opened ${ALICE}`]])
    alice.p2p.closeP2PSessionWithUser(BOB)
    world.pass(10_000, 100)
    expect([hers, his]).toEqual([
      [`opened ${BOB}`, `closed ${BOB}: closed`],
      [`opened ${ALICE}`, `closed ${ALICE}: peer-closed`],
    ])
  })

  it('are not for a session that never came about', () => {
    const { world, alice } = strangers()
    const life = lifeOf(alice)
    alice.p2p.sendP2PPacket(CAROL, bytes(1), P2P_SEND_RELIABLE)
    world.pass(20_100, 500)
    expect(life).toEqual([`failed ${CAROL}`])
  })

  it.each([
    ['idle', {}, 200_000],
    ['vanished', { cut: true }, 30_000],
    ['failed', { cut: true, owes: true }, 30_000],
  ])('say why: %s', (why, { cut = false, owes = false }: { cut?: boolean; owes?: boolean }, ms) => {
    const { world, alice } = friends()
    const life = lifeOf(alice)
    if (cut) world.network.partition(ALICE, BOB, { silent: true })
    if (owes) alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.pass(ms, 1_000)
    expect(life).toEqual([...(owes ? [`failed ${BOB}`] : []), `closed ${BOB}: ${why}`])
  })

  it('do not come for a link that breaks and is replaced', () => {
    const { world, alice, bob } = friends()
    const [hers, his] = [lifeOf(alice), lifeOf(bob)]
    world.network.partition(ALICE, BOB)
    world.pass(5_000, 100)
    world.network.heal(ALICE, BOB)
    world.pass(5_000, 100)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    expect(packetsOf(bob)).toEqual([1])
    expect([hers, his]).toEqual([[], []])
  })
})

describe('flush', () => {
  it('settles when the peer has everything, over a link that takes its time', async () => {
    const { world, alice, bob } = friends({ latencyMs: 30, highWaterMark: 50_000 })
    for (let i = 0; i < 5; i++) alice.p2p.sendP2PPacket(BOB, noise(60_000, i), P2P_SEND_RELIABLE)
    let isDone = false
    const flushed = alice.p2p.flush(BOB).then(() => {
      isDone = true
    })
    world.pass(40, 10)
    await Promise.resolve()
    expect(isDone).toBe(false)
    world.pass(2_000, 10)
    await flushed
    expect(packetsOf(bob)).toHaveLength(5)
  })

  it('does not wait for what is sent afterwards', async () => {
    const { world, alice } = friends({ latencyMs: 30 })
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    const flushed = alice.p2p.flush(BOB)
    world.pass(200, 10)
    world.network.partition(ALICE, BOB, { silent: true })
    alice.p2p.sendP2PPacket(BOB, bytes(2), P2P_SEND_RELIABLE)
    await flushed
  })

  it('sends what waits for company', async () => {
    const { world, alice, bob } = friends()
    alice.p2p.sendP2PPacket(BOB, bytes(3), P2P_SEND_RELIABLE_WITH_BUFFERING)
    const flushed = alice.p2p.flush(BOB)
    world.settle()
    expect(packetsOf(bob)).toEqual([3])
    world.pass(100)
    await flushed
  })

  it('settles at once where nothing is owed', async () => {
    const { alice } = friends()
    await alice.p2p.flush(BOB)
    await alice.p2p.flush(CAROL)
    await alice.p2p.flush(ALICE)
  })

  it('rejects when the session fails, and when it has failed', async () => {
    const { world, alice } = strangers()
    alice.p2p.sendP2PPacket(CAROL, bytes(1), P2P_SEND_RELIABLE)
    const flushed = expect(alice.p2p.flush(CAROL)).rejects.toThrow(/CHANNEL_SESSION_FAILED/)
    world.pass(20_100, 500)
    await flushed
    await expect(alice.p2p.flush(CAROL)).rejects.toThrow(/CHANNEL_SESSION_FAILED/)
  })

  it('rejects when this end closes it, and settles where it lingers', async () => {
    const { alice } = friends()
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    const lost = expect(alice.p2p.flush(BOB)).rejects.toThrow(/CHANNEL_SESSION_CLOSED/)
    alice.p2p.closeP2PSessionWithUser(BOB)
    await lost
    const lingering = friends({ latencyMs: 10 }, { closeLinger: 1_000 })
    lingering.alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    lingering.alice.p2p.closeP2PSessionWithUser(BOB)
    const flushed = lingering.alice.p2p.flush(BOB)
    lingering.world.pass(200, 10)
    await flushed
  })

  it('rejects for who can be nobody, and over a backend that cannot tell', async () => {
    const { alice } = friends()
    await expect(alice.p2p.flush(0n)).rejects.toThrow(/P2P_BAD_STEAM_ID/)
    const bare = { steamId: ALICE, attach: () => {}, close: () => {} } as unknown as P2PBackend
    const p2p = new P2P({ backend: bare })
    await expect(p2p.flush(BOB)).rejects.toThrow(/P2P_NOT_SUPPORTED/)
    expect(() => p2p.getSessionStatistics(BOB)).toThrow(/P2P_NOT_SUPPORTED/)
    p2p.close()
  })
})

describe('getSessionStatistics', () => {
  it('is undefined without a session', () => {
    const { alice } = strangers()
    expect(alice.p2p.getSessionStatistics(BOB)).toBeUndefined()
    expect(alice.p2p.getSessionStatistics(0n)).toBeUndefined()
    expect(alice.p2p.getSessionStatistics(ALICE)).toBeUndefined()
  })

  it('counts packets and bytes of the game, at both ends', () => {
    const { world, alice, bob } = friends({ latencyMs: 10 })
    for (let i = 0; i < 4; i++) alice.p2p.sendP2PPacket(BOB, noise(100), P2P_SEND_UNRELIABLE)
    alice.p2p.sendP2PPacket(BOB, noise(1_000), P2P_SEND_RELIABLE)
    world.pass(200, 10)
    expect(alice.p2p.getSessionStatistics(BOB)).toMatchObject({
      packetsSent: 6,
      bytesSent: 1_401,
      packetsReceived: 0,
      packetsQueued: 0,
      packetsUnacknowledged: 0,
      packetsResent: 0,
      loss: 0,
      ageMs: 1_200,
    })
    expect(bob.p2p.getSessionStatistics(ALICE)).toMatchObject({
      packetsReceived: 6,
      bytesReceived: 1_401,
      packetsUnread: 5,
      bytesUnread: 1_400,
    })
  })

  it('counts frames with everything that the protocol adds', () => {
    const frames: FrameReport[] = []
    const { world, alice, bob } = friends({}, { onFrame: (report) => frames.push(report) })
    alice.p2p.sendP2PPacket(BOB, noise(100), P2P_SEND_RELIABLE)
    world.pass(3_000)
    const sum = (direction: string) => {
      const of = frames.filter((frame) => frame.direction === direction && frame.source !== 0)
      return [of.length, of.reduce((bytes, { frame }) => bytes + frame.length, 0)]
    }
    const { framesSent, frameBytesSent, framesReceived, frameBytesReceived } = alice.p2p.getSessionStatistics(BOB)!
    expect([framesSent, frameBytesSent]).toEqual(sum('out'))
    expect([framesReceived, frameBytesReceived]).toEqual(sum('in'))
    world.settle()
    const there = bob.p2p.getSessionStatistics(ALICE)!
    // The OPEN of 22 bytes came before he had a session that could count it.
    expect([there.framesReceived, there.frameBytesReceived]).toEqual([framesSent - 1, frameBytesSent - 22])
  })

  it('measures the round trip, and anew for who asks', () => {
    const { world, alice } = friends({ latencyMs: 35 })
    expect(alice.p2p.getSessionStatistics(BOB)!.roundTripMs).toBeUndefined()
    world.pass(500, 5)
    expect(alice.p2p.getSessionStatistics(BOB)!.roundTripMs).toBe(70)
  })

  it('tells what waits, what is under way and what had to go again', () => {
    const { world, alice } = friends({ latencyMs: 20, highWaterMark: 30_000, maxFrameSize: 10_000 })
    for (let i = 0; i < 10; i++) alice.p2p.sendP2PPacket(BOB, noise(9_000, i), P2P_SEND_RELIABLE)
    // The first went at once, the others when the task is done.
    world.clock.advance(0)
    const full = alice.p2p.getSessionStatistics(BOB)!
    expect([full.packetsUnacknowledged, full.bytesUnacknowledged]).toEqual([10, 90_000])
    expect(full.packetsQueued).toBeGreaterThan(4)
    expect(full.packetsQueued).toBeLessThan(8)
    world.network.partition(ALICE, BOB)
    world.settle()
    expect(alice.p2p.getSessionStatistics(BOB)).toMatchObject({ packetsQueued: 10, bytesQueued: 90_000 })
    world.network.heal(ALICE, BOB)
    world.pass(5_000, 20)
    const then = alice.p2p.getSessionStatistics(BOB)!
    expect(then.packetsUnacknowledged).toBe(0)
    expect(then.packetsResent).toBe(10 - full.packetsQueued)
    expect(then.loss).toBeCloseTo(then.packetsResent / (11 + then.packetsResent), 10)
  })

  it('counts unreliable packets that were dropped at this end', () => {
    const { world, alice, bob } = friends({}, {}, { maxUnreadDatagrams: 1 })
    for (let i = 0; i < 3; i++) alice.p2p.sendP2PPacket(BOB, bytes(i), P2P_SEND_UNRELIABLE)
    world.settle()
    world.network.partition(ALICE, BOB)
    world.settle()
    alice.p2p.sendP2PPacket(BOB, bytes(9), P2P_SEND_UNRELIABLE)
    expect(alice.p2p.getSessionStatistics(BOB)).toMatchObject({ datagramsDropped: 1, packetsSent: 4 })
    expect(bob.p2p.getSessionStatistics(ALICE)).toMatchObject({ datagramsDropped: 2, packetsReceived: 2 })
  })

  it('tells the pace of the last whole second', () => {
    const { world, alice } = friends()
    for (let i = 0; i < 40; i++) {
      alice.p2p.sendP2PPacket(BOB, noise(500), P2P_SEND_UNRELIABLE)
      world.pass(50, 50)
    }
    const { framesSentPerSecond, frameBytesSentPerSecond } = alice.p2p.getSessionStatistics(BOB)!
    // A PING or a PONG may be among them.
    expect(framesSentPerSecond).toBeGreaterThanOrEqual(20)
    expect(framesSentPerSecond).toBeLessThanOrEqual(22)
    expect(frameBytesSentPerSecond).toBeGreaterThan(20 * 500)
    world.pass(2_500, 100)
    expect(alice.p2p.getSessionStatistics(BOB)!.frameBytesSentPerSecond).toBeLessThan(100)
  })
})

describe('onFrame', () => {
  it('shows every frame that goes and comes, with its records by name', () => {
    const frames: FrameReport[] = []
    const { world, alice } = strangers({}, { onFrame: (report) => frames.push(report) })
    alice.p2p.sendP2PPacket(BOB, bytes(1, 2, 3), P2P_SEND_RELIABLE, 7)
    world.settle()
    alice.p2p.sendP2PPacket(BOB, bytes(1, 2), P2P_SEND_UNRELIABLE, 8)
    world.pass(60)
    const seen = frames.map(({ direction, lane, records }) => [direction, lane, ...records.map(({ name }) => name)])
    expect(seen).toEqual([
      ['out', 'reliable', 'OPEN'],
      ['in', undefined, 'ACCEPT'],
      ['out', 'reliable', 'MESSAGE'],
      ['out', 'datagram', 'DATAGRAM'],
      ['in', undefined, 'ACK'],
    ])
    expect(frames[2]).toMatchObject({ peer: BOB, taken: true, at: 0, broken: undefined })
    expect(frames[2]!.records).toEqual([{ name: 'MESSAGE', fields: { sequence: 0, channel: 7, length: 3 } }])
    expect(frames[3]!.records).toEqual([{ name: 'DATAGRAM', fields: { channel: 8, length: 2 } }])
    expect(frames[4]!.at).toBe(50)
  })

  it('shows frames that a link refused, and frames that are broken', () => {
    const frames: FrameReport[] = []
    const { world, alice } = friends({ latencyMs: 10, highWaterMark: 1 }, { onFrame: (report) => frames.push(report) })
    for (let i = 0; i < 2; i++) alice.p2p.sendP2PPacket(BOB, bytes(i), P2P_SEND_UNRELIABLE_NO_DELAY)
    expect(frames.slice(-2).map(({ taken }) => taken)).toEqual([true, false])
    const transport = world.network.transport(CAROL)
    transport.attach({
      linkUp: (link) => link.send(bytes(1, 0, 0, 0, 0, 9, 0, 0, 0, 4, 1, 0, 0, 0, 255), 'reliable'),
      frame: () => {},
      drain: () => {},
      linkDown: () => {},
    })
    transport.connect(ALICE)
    world.pass(100)
    const broken = frames.find(({ peer }) => peer === CAROL)!
    expect(broken).toMatchObject({ direction: 'in', source: 9, records: [{ name: 'PING', fields: { token: 1 } }] })
    expect(broken.broken).toMatch(/at byte 14: unknown record type 255/)
  })

  it('gives a copy: changing it changes nothing', () => {
    const { world, alice, bob } = strangers({}, { onFrame: ({ frame }) => frame.fill(0) })
    alice.p2p.sendP2PPacket(BOB, bytes(5), P2P_SEND_RELIABLE)
    world.settle()
    expect(packetsOf(bob)).toEqual([5])
  })

  it('that throws harms nobody: its error comes out of a task of its own', async () => {
    const thrown: unknown[] = []
    const note = (error: unknown) => thrown.push(error)
    const before = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.once('uncaughtException', note)
    try {
      let isFirst = true
      const onFrame = () => {
        if (!isFirst) return
        isFirst = false
        throw new Error('mine')
      }
      const { world, alice, bob } = strangers({}, { onFrame })
      alice.p2p.sendP2PPacket(BOB, bytes(5), P2P_SEND_RELIABLE)
      world.settle()
      expect(packetsOf(bob)).toEqual([5])
      await new Promise((resolve) => setImmediate(resolve))
      expect(thrown).toEqual([new Error('mine')])
    } finally {
      process.removeListener('uncaughtException', note)
      for (const listener of before) process.on('uncaughtException', listener)
    }
  })
})

describe('reconnecting', () => {
  /** When a lonely peer asked for a link, from the moment it was lost. */
  function attempts(options = {}): number[] {
    const world = new World()
    const memory = world.network.transport(ALICE)
    const at: number[] = []
    const alice = world.peer(
      ALICE,
      { connectTimeoutMs: 60_000, vanishMs: 60_000, ...options },
      {
        localId: ALICE,
        attach: (receiver) => memory.attach(receiver),
        connect: (peer) => {
          at.push(world.clock.now())
          memory.connect(peer)
        },
        close: () => memory.close(),
      },
    )
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.clock.advance(12_000)
    return at
  }

  it('asks at once, then with pauses that double up to the longest', () => {
    // Chance takes nothing: each pause is the whole of it.
    expect(attempts({ randomUint32: () => 0xffffffff }).map(Math.round)).toEqual([
      0, 500, 1_500, 3_500, 5_500, 7_500, 9_500, 11_500,
    ])
  })

  it('cuts each pause by chance, to a half at least', () => {
    expect(attempts({ randomUint32: () => 0 })).toEqual([
      0, 250, 750, 1_750, 2_750, 3_750, 4_750, 5_750, 6_750, 7_750, 8_750, 9_750, 10_750, 11_750,
    ])
  })

  it('both pauses are options', () => {
    const options = { reconnectMs: 2_000, reconnectMaxMs: 8_000, randomUint32: () => 0xffffffff }
    expect(attempts(options).map(Math.round)).toEqual([0, 2_000, 6_000])
  })

  it('finds a peer that comes back, and loses nothing', () => {
    const { world, alice, bob } = friends()
    for (let round = 0; round < 5; round++) {
      world.network.partition(ALICE, BOB)
      world.settle()
      alice.p2p.sendP2PPacket(BOB, bytes(round), P2P_SEND_RELIABLE)
      world.pass(3_000, 100)
      world.network.heal(ALICE, BOB)
      world.pass(2_100, 100)
    }
    expect(packetsOf(bob)).toEqual([0, 1, 2, 3, 4])
  })
})
