// The `dropped` event: one row for everything that can be lost, and why.
import { describe, expect, it } from 'vitest'
import { FrameWriter } from '../../src/channel/records.js'
import { type Drop, P2P_SEND_RELIABLE, P2P_SEND_UNRELIABLE, P2P_SEND_UNRELIABLE_NO_DELAY } from '../../src/p2p/index.js'
import type { Link } from '../../src/transport/index.js'
import { friends, strangers } from './spec/scene.js'
import { ALICE, BOB, bytes, CAROL, noise, type Peer, World } from './world.js'

/** What a peer was told is lost since it was made. */
function dropsOf(peer: Peer): Drop[] {
  const drops: Drop[] = []
  peer.p2p.on('dropped', (drop) => drops.push(drop))
  return drops
}

function row(what: Drop['what'], why: Drop['why'], rest: Partial<Drop> = {}): Drop {
  return { what, why, count: 1, bytes: 1, peer: BOB, channel: 0, ...rest }
}

describe('sent packets that will not arrive', () => {
  it('not-connected: type 1 before the session is up', () => {
    const { world, alice } = strangers()
    const drops = dropsOf(alice)
    alice.p2p.sendP2PPacket(BOB, bytes(1, 2), P2P_SEND_UNRELIABLE_NO_DELAY, 4)
    world.settle()
    expect(drops).toEqual([row('sent packet', 'not-connected', { bytes: 2, channel: 4 })])
  })

  it('no-link: unreliable while the link is down', () => {
    const { world, alice } = friends()
    const drops = dropsOf(alice)
    world.network.partition(ALICE, BOB)
    world.settle()
    for (const type of [0, 1] as const) alice.p2p.sendP2PPacket(BOB, bytes(1), type)
    world.settle()
    expect(drops).toEqual([row('sent packet', 'no-link', { count: 2, bytes: 2 })])
  })

  it('congested: unreliable behind a backlog', () => {
    const { world, alice } = friends({ latencyMs: 50, highWaterMark: 100_000 })
    const drops = dropsOf(alice)
    alice.p2p.sendP2PPacket(BOB, noise(200_000), P2P_SEND_RELIABLE)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_UNRELIABLE)
    world.settle()
    expect(drops).toEqual([row('sent packet', 'congested')])
  })

  it('timeout: the peer did not answer; one event a channel', () => {
    const { world, alice } = strangers()
    const drops = dropsOf(alice)
    for (const channel of [1, 2, 1]) alice.p2p.sendP2PPacket(CAROL, noise(100), P2P_SEND_RELIABLE, channel)
    world.pass(20_100, 500)
    const lost = (count: number, channel: number) =>
      row('sent packet', 'timeout', { count, bytes: count * 100, peer: CAROL, channel })
    expect(drops).toEqual([lost(2, 1), lost(1, 2)])
  })

  it('vanished: the peer fell silent before it had them', () => {
    const { world, alice } = friends()
    const drops = dropsOf(alice)
    world.network.partition(ALICE, BOB, { silent: true })
    alice.p2p.sendP2PPacket(BOB, noise(10), P2P_SEND_RELIABLE)
    world.pass(25_000, 500)
    expect(drops).toEqual([row('sent packet', 'vanished', { bytes: 10 })])
  })

  it('closed: this end closed while they waited', () => {
    const { world, alice } = strangers()
    const drops = dropsOf(alice)
    alice.p2p.sendP2PPacket(CAROL, noise(10), P2P_SEND_RELIABLE)
    alice.p2p.closeP2PSessionWithUser(CAROL)
    world.settle()
    expect(drops).toEqual([row('sent packet', 'closed', { bytes: 10, peer: CAROL })])
  })
})

describe('packets that were refused', () => {
  it('bad-id, bad-type, bad-channel, too-large, queue-full', () => {
    const { world, alice } = strangers({}, { sendBufferSize: 1_048_576 })
    const drops = dropsOf(alice)
    const { p2p } = alice
    p2p.sendP2PPacket(7n, bytes(1), P2P_SEND_RELIABLE)
    p2p.sendP2PPacket(BOB, bytes(1), 9 as never)
    p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE, 0.5)
    p2p.sendP2PPacket(BOB, noise(1_201), P2P_SEND_UNRELIABLE)
    p2p.sendP2PPacket(BOB, noise(1_048_576), P2P_SEND_RELIABLE)
    p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    expect(drops).toEqual([
      row('refused packet', 'bad-id', { peer: 7n }),
      row('refused packet', 'bad-type'),
      row('refused packet', 'bad-channel', { channel: 0.5 }),
      row('refused packet', 'too-large', { bytes: 1_201 }),
      row('refused packet', 'queue-full', { count: 2, bytes: 2 }),
    ])
  })

  it('messages likewise, and session-failed', () => {
    const { world, alice } = strangers()
    const { p2p } = alice
    p2p.sendMessageToUser(CAROL, bytes(1), 8, 0)
    world.pass(20_100, 500)
    const drops = dropsOf(alice)
    p2p.sendMessageToUser(7n, bytes(1), 8, 0)
    p2p.sendMessageToUser(CAROL, bytes(1), 8, 0)
    p2p.sendMessageToUser(BOB, noise(524_289), 8, 0)
    p2p.sendMessageToUser(BOB, bytes(1), 0.5, 0)
    world.settle()
    expect(drops).toEqual([
      row('refused packet', 'bad-id', { peer: 7n }),
      row('refused packet', 'session-failed', { peer: CAROL }),
      row('refused packet', 'too-large', { bytes: 524_289 }),
      row('refused packet', 'bad-type'),
    ])
  })
})

describe('received packets that were never read', () => {
  const unread = (options = {}) => {
    const { world, alice, bob } = friends({}, {}, options)
    const drops = dropsOf(bob)
    for (const channel of [1, 1, 2]) alice.p2p.sendP2PPacket(BOB, noise(10), P2P_SEND_RELIABLE, channel)
    world.settle()
    return { world, alice, bob, drops }
  }

  it('closed: with the session', () => {
    const { world, bob, drops } = unread()
    bob.p2p.closeP2PSessionWithUser(ALICE)
    world.settle()
    expect(drops).toEqual([
      row('received packet', 'closed', { count: 2, bytes: 20, peer: ALICE, channel: 1 }),
      row('received packet', 'closed', { count: 1, bytes: 10, peer: ALICE, channel: 2 }),
    ])
  })

  it('channel-closed', () => {
    const { world, bob, drops } = unread()
    bob.p2p.closeP2PChannelWithUser(ALICE, 1)
    world.settle()
    expect(drops).toEqual([row('received packet', 'channel-closed', { count: 2, bytes: 20, peer: ALICE, channel: 1 })])
  })

  it('unread-limit: unreliable while too many wait', () => {
    const { world, alice, drops } = unread({ maxUnreadDatagrams: 2 })
    for (let i = 0; i < 5; i++) alice.p2p.sendP2PPacket(BOB, bytes(i), P2P_SEND_UNRELIABLE)
    world.settle()
    expect(drops).toEqual([row('received packet', 'unread-limit', { count: 3, bytes: 3, peer: ALICE })])
  })

  it('abandoned: by peers whose sessions have ended, beyond what is kept of them all', () => {
    const world = new World()
    const bob = world.friendly(BOB)
    const drops = dropsOf(bob)
    for (let i = 0n; i < 18n; i++) {
      world.peer(ALICE + 100n + i).p2p.sendP2PPacket(BOB, noise(1_000_000), P2P_SEND_RELIABLE, 9)
    }
    world.pass(1_000)
    world.pass(190_000, 1_000)
    const lost = drops.filter(({ why }) => why === 'abandoned')
    expect(lost.map(({ what, count, bytes, channel }) => [what, count, bytes, channel])).toEqual([
      ['received packet', 1, 1_000_000, 9],
      ['received packet', 1, 1_000_000, 9],
    ])
  })

  it('read-size: the tail of a packet that was read short', () => {
    const { world, bob, drops } = unread()
    bob.p2p.readP2PPacket(4, 1)
    world.settle()
    expect(drops).toEqual([row('packet tail', 'read-size', { bytes: 6, peer: ALICE, channel: 1 })])
  })
})

describe('requests and signals beyond their bounds', () => {
  it('a request where too many wait', () => {
    const world = new World()
    const bob = world.peer(BOB, { maxRequests: 1 })
    const drops = dropsOf(bob)
    for (const id of [ALICE, CAROL]) world.peer(id).p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    expect(bob.requests).toHaveLength(1)
    const ignored = bob.requests[0] === ALICE ? CAROL : ALICE
    expect(drops).toEqual([row('request', 'too-many', { bytes: 0, peer: ignored, channel: undefined })])
  })

  it('a signal where too many wait for `runCallbacks`', () => {
    const world = new World()
    const alice = world.peer(ALICE, { connectTimeoutMs: 1, openRetryMs: 1 })
    const drops = dropsOf(alice)
    // Each attempt fails with a signal for either face.
    for (let i = 0; i < 8_200; i++) {
      alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
      world.clock.advance(1)
    }
    alice.p2p.runCallbacks()
    expect(alice.failures).toHaveLength(8_192)
    expect(drops.filter(({ what }) => what === 'signal')).toEqual([
      row('signal', 'too-many', { count: 16, bytes: 0, channel: undefined }),
    ])
  })
})

/** A link that speaks bare frames to a peer which accepts it. */
function heckler() {
  const world = new World()
  const bob = world.friendly(BOB)
  const drops = dropsOf(bob)
  const transport = world.network.transport(ALICE)
  let link: Link | undefined
  let accept: Uint8Array | undefined
  transport.attach({
    linkUp: (up) => {
      link = up
    },
    frame: (_, frame) => {
      accept ??= frame
    },
    drain: () => {},
    linkDown: () => {},
  })
  transport.connect(BOB)
  world.settle()
  const say = (destination: number, write: (frame: FrameWriter) => void) => {
    const frame = new FrameWriter().begin(destination, 77)
    write(frame)
    link!.send(frame.toBytes(), 'reliable')
    world.settle()
  }
  say(0, (frame) => frame.open(1 << 20, { session: 0, sequence: 0 }))
  const session = new DataView(accept!.buffer, accept!.byteOffset).getUint32(5, true)
  return { world, drops, say: (write: (frame: FrameWriter) => void, to = session) => say(to, write), raw: () => link! }
}

describe('records and frames', () => {
  const none = { session: 0, sequence: 0 }

  it.each([
    ['unexpected', (f: FrameWriter) => f.open(5, none), { bytes: 0, channel: undefined }],
    ['gap', (f: FrameWriter) => f.message(1, 3, bytes(1, 2)), { bytes: 2, channel: 3 }],
    ['broken', (f: FrameWriter) => f.fragment(0, 3, 1_048_577, 0, bytes(1, 2)), { bytes: 2, channel: 3 }],
    ['broken', (f: FrameWriter) => f.datagram(4, noise(1_201)), { bytes: 1_201, channel: 4 }],
  ] as const)('a record that is %s', (why, write, rest) => {
    const { drops, say } = heckler()
    say(write)
    expect(drops).toEqual([row('record', why, { peer: ALICE, ...rest })])
  })

  it('a record that is a duplicate of what was received: nothing is lost', () => {
    const { drops, say } = heckler()
    for (let i = 0; i < 3; i++) say((frame) => frame.message(0, 3, bytes(1, 2)))
    expect(drops).toEqual([row('record', 'duplicate', { bytes: 2, peer: ALICE, channel: 3 })].flatMap((d) => [d, d]))
  })

  it('a record beyond the credit', () => {
    const { drops, say } = heckler()
    for (let i = 0; i < 100; i++) say((frame) => frame.message(i, 0, noise(50_000)))
    expect(drops[0]).toEqual(row('record', 'beyond-credit', { bytes: 50_000, peer: ALICE }))
    expect(new Set(drops.map(({ why }) => why))).toEqual(new Set(['beyond-credit', 'gap']))
  })

  it('a record without a session that it could belong to', () => {
    const { drops, say } = heckler()
    say((frame) => frame.ping(1), 0)
    expect(drops).toEqual([row('record', 'unexpected', { bytes: 0, peer: ALICE, channel: undefined })])
  })

  it('a request of nobody', () => {
    const world = heckler()
    const frame = new FrameWriter().begin(0, 0)
    frame.open(5, none)
    world.raw().send(frame.toBytes(), 'reliable')
    world.world.settle()
    expect(world.drops).toEqual([row('record', 'broken', { bytes: 0, peer: ALICE, channel: undefined })])
  })

  it('a frame that is broken', () => {
    const { world, drops, raw } = heckler()
    raw().send(noise(30, 9), 'reliable')
    world.settle()
    expect(drops).toEqual([row('frame', 'broken', { bytes: 30, peer: ALICE, channel: undefined })])
  })
})

describe('the event', () => {
  it('adds up what is equal between two deliveries', () => {
    const { world, alice } = strangers()
    const drops = dropsOf(alice)
    for (let i = 0; i < 500; i++) alice.p2p.sendP2PPacket(BOB, noise(1_300), P2P_SEND_UNRELIABLE)
    world.settle()
    expect(drops).toEqual([row('refused packet', 'too-large', { count: 500, bytes: 650_000 })])
  })

  it('tells a bounded number of different ones apart; the others are summed without a name', () => {
    const { world, alice } = strangers()
    const drops = dropsOf(alice)
    for (let i = 0; i < 3_000; i++) alice.p2p.sendP2PPacket(BOB, noise(1_300), P2P_SEND_UNRELIABLE, i)
    world.settle()
    expect(drops).toHaveLength(1_025)
    expect(drops.at(-1)).toEqual(
      row('refused packet', 'too-large', { count: 1_976, bytes: 1_976 * 1_300, peer: 0n, channel: undefined }),
    )
  })

  it('costs nothing where nobody listens', () => {
    const { world, alice } = strangers()
    alice.p2p.sendP2PPacket(BOB, noise(1_300), P2P_SEND_UNRELIABLE)
    const drops = dropsOf(alice)
    world.settle()
    expect(drops).toEqual([])
  })
})
