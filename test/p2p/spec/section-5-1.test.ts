// Section 5.1: Networking Messages, over the same sessions.
import { describe, expect, it } from 'vitest'
import * as room from '../../../src/p2p/index.js'
import {
  CONNECTION_END_LOCAL_RIGHTS,
  CONNECTION_END_MISC_TIMEOUT,
  CONNECTION_STATE_CONNECTED,
  CONNECTION_STATE_CONNECTING,
  CONNECTION_STATE_NONE,
  CONNECTION_STATE_PROBLEM_DETECTED_LOCALLY,
  MAX_STEAM_PACKET_SIZE,
  NETWORKING_SEND_AUTORESTART_BROKEN_SESSION,
  NETWORKING_SEND_NO_DELAY,
  NETWORKING_SEND_RELIABLE,
  NETWORKING_SEND_RELIABLE_NO_NAGLE,
  NETWORKING_SEND_UNRELIABLE,
  NETWORKING_SEND_UNRELIABLE_NO_DELAY,
  NETWORKING_SEND_URELIABLE_NO_NAGLE,
  NetworkingMessages,
  P2P,
  P2P_SEND_RELIABLE,
  RESULT_FAIL,
  RESULT_IGNORED,
  RESULT_INVALID_PARAM,
  RESULT_LIMIT_EXCEEDED,
  RESULT_NO_CONNECTION,
  RESULT_OK,
} from '../../../src/p2p/index.js'
import { ALICE, BOB, bytes, CAROL, noise, type Peer, readAll, World } from '../world.js'
import { disguised, friends, strangers } from './scene.js'

function message(from: Peer, data: Uint8Array, flags: number, channel = 0): number {
  return from.p2p.sendMessageToUser(BOB, data, flags, channel)
}

function payloads(peer: Peer, channel = 0): number[] {
  return peer.p2p.receiveMessagesOnChannel(channel, 1_000).map(({ payload }) => payload[0]!)
}

describe('section 5.1: signatures', () => {
  it('the six calls have GodotSteam\'s arguments, "no defaults on any argument"', () => {
    const arities = Object.getOwnPropertyNames(NetworkingMessages.prototype)
      .filter((name) => /User|Channel|Connection/.test(name))
      .map((name) => [name, (P2P.prototype[name as keyof P2P] as () => void).length])
    expect(Object.fromEntries(arities)).toEqual({
      sendMessageToUser: 4,
      receiveMessagesOnChannel: 2,
      acceptSessionWithUser: 1,
      closeChannelWithUser: 2,
      closeSessionWithUser: 1,
      getSessionConnectionInfo: 3,
    })
  })

  it('"Full 64-bit ID is used here", whatever `steamIdRule` says', () => {
    const { alice } = strangers({}, { steamIdRule: 'godotsteam' })
    expect(alice.p2p.sendMessageToUser(BOB & 0xffffffffn, bytes(1), NETWORKING_SEND_RELIABLE, 0)).toBe(
      RESULT_INVALID_PARAM,
    )
    expect(alice.p2p.sendMessageToUser(BOB, bytes(1), NETWORKING_SEND_RELIABLE, 0)).toBe(RESULT_OK)
  })
})

describe('section 5.1: constants', () => {
  const named = (pattern: RegExp) => Object.fromEntries(Object.entries(room).filter(([name]) => pattern.test(name)))

  it('send flags, one of them "typo is the real name"', () => {
    expect(named(/^NETWORKING_SEND_/)).toEqual({
      NETWORKING_SEND_UNRELIABLE: 0,
      NETWORKING_SEND_NO_NAGLE: 1,
      NETWORKING_SEND_URELIABLE_NO_NAGLE: 1,
      NETWORKING_SEND_NO_DELAY: 4,
      NETWORKING_SEND_UNRELIABLE_NO_DELAY: 5,
      NETWORKING_SEND_RELIABLE: 8,
      NETWORKING_SEND_RELIABLE_NO_NAGLE: 9,
      NETWORKING_SEND_USE_CURRENT_THREAD: 16,
      NETWORKING_SEND_AUTORESTART_BROKEN_SESSION: 32,
    })
    expect(MAX_STEAM_PACKET_SIZE).toBe(524_288)
  })

  it('connection states, and the end reasons that can occur here', () => {
    expect(named(/^CONNECTION_/)).toEqual({
      CONNECTION_STATE_NONE: 0,
      CONNECTION_STATE_CONNECTING: 1,
      CONNECTION_STATE_FINDING_ROUTE: 2,
      CONNECTION_STATE_CONNECTED: 3,
      CONNECTION_STATE_CLOSED_BY_PEER: 4,
      CONNECTION_STATE_PROBLEM_DETECTED_LOCALLY: 5,
      CONNECTION_STATE_FIN_WAIT: -1,
      CONNECTION_STATE_LINGER: -2,
      CONNECTION_STATE_DEAD: -3,
      CONNECTION_END_INVALID: 0,
      CONNECTION_END_LOCAL_RIGHTS: 3005,
      CONNECTION_END_MISC_TIMEOUT: 5003,
    })
  })
})

describe('section 5.1: sendMessageToUser', () => {
  it('1 OK: it was queued or sent', () => {
    const { world, alice, bob } = strangers()
    expect(message(alice, bytes(1), NETWORKING_SEND_RELIABLE)).toBe(RESULT_OK)
    world.pass(300)
    expect(payloads(bob)).toEqual([1])
  })

  it('8 InvalidParam: "bad ID, or > 524,288 bytes", or flags and channels that are none', () => {
    const { alice } = friends()
    expect(alice.p2p.sendMessageToUser(0n, bytes(1), NETWORKING_SEND_RELIABLE, 0)).toBe(RESULT_INVALID_PARAM)
    for (const flags of [NETWORKING_SEND_RELIABLE, NETWORKING_SEND_UNRELIABLE]) {
      expect(message(alice, noise(524_289), flags)).toBe(RESULT_INVALID_PARAM)
      expect(message(alice, noise(524_288), flags)).toBe(RESULT_OK)
    }
    expect(message(alice, bytes(1), 0.5)).toBe(RESULT_INVALID_PARAM)
    expect(message(alice, bytes(1), NETWORKING_SEND_RELIABLE, 2 ** 31)).toBe(RESULT_INVALID_PARAM)
  })

  it('3 NoConnection "when the session broke", until it is closed, or with flag 32 begun anew', () => {
    const { world, alice } = strangers()
    const toCarol = (flags: number) => alice.p2p.sendMessageToUser(CAROL, bytes(1), flags, 0)
    toCarol(NETWORKING_SEND_RELIABLE)
    world.pass(20_100, 500)
    expect(toCarol(NETWORKING_SEND_RELIABLE)).toBe(RESULT_NO_CONNECTION)
    expect(toCarol(NETWORKING_SEND_UNRELIABLE)).toBe(RESULT_NO_CONNECTION)
    expect(toCarol(NETWORKING_SEND_RELIABLE | NETWORKING_SEND_AUTORESTART_BROKEN_SESSION)).toBe(RESULT_OK)
    world.pass(20_100, 500)
    expect(toCarol(NETWORKING_SEND_RELIABLE)).toBe(RESULT_NO_CONNECTION)
    expect(alice.p2p.closeSessionWithUser(CAROL)).toBe(true)
    expect(toCarol(NETWORKING_SEND_RELIABLE)).toBe(RESULT_OK)
  })

  it('25 LimitExceeded: too much is queued', () => {
    const { alice } = strangers({}, { sendBufferSize: 1_048_576 })
    expect(message(alice, noise(524_288), NETWORKING_SEND_RELIABLE)).toBe(RESULT_OK)
    expect(message(alice, noise(524_288), NETWORKING_SEND_RELIABLE)).toBe(RESULT_OK)
    expect(message(alice, bytes(1), NETWORKING_SEND_RELIABLE)).toBe(RESULT_LIMIT_EXCEEDED)
  })

  it('41 Ignored: "NoDelay dropped"', () => {
    const { world, alice, bob } = strangers()
    expect(message(alice, bytes(1), NETWORKING_SEND_UNRELIABLE_NO_DELAY)).toBe(RESULT_IGNORED)
    world.pass(100)
    expect(message(alice, bytes(2), NETWORKING_SEND_UNRELIABLE_NO_DELAY)).toBe(RESULT_OK)
    world.pass(100)
    expect(payloads(bob)).toEqual([2])
    // Reliable messages know no such haste.
    alice.p2p.sendMessageToUser(CAROL, bytes(3), NETWORKING_SEND_RELIABLE | NETWORKING_SEND_NO_DELAY, 0)
    expect(alice.p2p.getP2PSessionState(CAROL).packets_queued_for_send).toBe(1)
  })

  it('2 Fail: after close', () => {
    const { alice } = friends()
    alice.p2p.close()
    expect(message(alice, bytes(1), NETWORKING_SEND_RELIABLE)).toBe(RESULT_FAIL)
    expect(alice.p2p.receiveMessagesOnChannel(0, 5)).toEqual([])
    expect(alice.p2p.acceptSessionWithUser(BOB)).toBe(false)
  })

  it('an unreliable message above a datagram arrives all the same', () => {
    const { world, alice, bob } = friends({ loss: 1 })
    message(alice, noise(1_200), NETWORKING_SEND_UNRELIABLE)
    message(alice, noise(1_201, 2), NETWORKING_SEND_UNRELIABLE)
    world.pass(300)
    const got = bob.p2p.receiveMessagesOnChannel(0, 9)
    expect(got.map(({ size, flags }) => [size, flags])).toEqual([[1_201, NETWORKING_SEND_RELIABLE]])
    expect(got[0]!.payload).toEqual(noise(1_201, 2))
  })

  it('"Sending implicitly accepts"', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.peer(BOB)
    message(alice, bytes(1), NETWORKING_SEND_RELIABLE_NO_NAGLE)
    world.settle()
    bob.p2p.sendMessageToUser(ALICE, bytes(2), NETWORKING_SEND_RELIABLE_NO_NAGLE, 0)
    world.settle()
    expect([payloads(bob), payloads(alice)]).toEqual([[1], [2]])
  })

  it('what is no bytes throws', () => {
    const { alice } = friends()
    expect(() => message(alice, 'text' as never, 8)).toThrow(/P2P_BAD_DATA/)
    expect(() => alice.p2p.sendMessageToUser(5 as never, bytes(1), 8, 0)).toThrow(/P2P_BAD_STEAM_ID/)
  })
})

describe('section 4.1: "Send-type equivalence to Messages"', () => {
  it.each([
    [0, NETWORKING_SEND_URELIABLE_NO_NAGLE],
    [1, NETWORKING_SEND_UNRELIABLE_NO_DELAY],
    [2, NETWORKING_SEND_RELIABLE_NO_NAGLE],
    [3, NETWORKING_SEND_RELIABLE],
  ] as const)('type %i and flags %i fare alike, before the session is up and after', (type, flags) => {
    const fates = [
      (alice: Peer) => alice.p2p.sendP2PPacket(BOB, bytes(7), type),
      (alice: Peer) => message(alice, bytes(7), flags),
    ].map((send) => {
      const { world, alice, bob } = strangers({ loss: 1 })
      const fate: number[] = []
      for (let i = 0; i < 2; i++) {
        send(alice)
        for (const ms of [0, 4, 300]) {
          world.pass(ms, 1)
          fate.push(payloads(bob).length)
        }
      }
      return fate
    })
    // Both wait for company, each for its time: 200 ms and 5 ms.
    const waits = type === 3 ? [0, 0, 1] : undefined
    expect(fates[1]!.slice(3)).toEqual(waits ?? fates[0]!.slice(3))
    expect(fates[1]!.slice(0, 3)).toEqual(fates[0]!.slice(0, 3))
  })

  it("a reliable message waits for company for 5 ms, Steam's NagleTime, and no longer", () => {
    const { world, alice, bob } = friends()
    message(alice, bytes(1), NETWORKING_SEND_RELIABLE)
    world.pass(4, 1)
    expect(payloads(bob)).toEqual([])
    world.pass(1, 1)
    expect(payloads(bob)).toEqual([1])
  })

  it('and ends the longer wait of a packet of type 3 before it', () => {
    const { world, alice, bob } = friends()
    alice.p2p.sendP2PPacket(BOB, bytes(3), 3)
    message(alice, bytes(8), NETWORKING_SEND_RELIABLE)
    world.pass(5, 1)
    expect(payloads(bob)).toEqual([3, 8])
  })
})

describe('section 5.1: receiveMessagesOnChannel', () => {
  it("items have ten keys, in GodotSteam's order", () => {
    const { world, alice, bob } = friends({ latencyMs: 25 })
    message(alice, bytes(1, 2, 3), NETWORKING_SEND_RELIABLE_NO_NAGLE, 4)
    message(alice, bytes(9), NETWORKING_SEND_UNRELIABLE, 4)
    world.pass(100)
    const [reliable, unreliable] = bob.p2p.receiveMessagesOnChannel(4, 10)
    expect(Object.entries(reliable!)).toEqual([
      ['payload', bytes(1, 2, 3)],
      ['size', 3],
      ['connection', 0],
      ['identity', ALICE],
      ['receiver_user_data', 0n],
      ['time_received', 1_025_000n],
      ['message_number', 2n],
      ['channel', 4],
      ['flags', NETWORKING_SEND_RELIABLE],
      ['sender_user_data', 0n],
    ])
    expect(unreliable).toMatchObject({ flags: NETWORKING_SEND_UNRELIABLE, message_number: 3n })
  })

  it('takes at most `max_messages`, in order of arrival; without any an empty list', () => {
    const { world, alice, bob } = friends()
    for (let i = 0; i < 5; i++) message(alice, bytes(i), NETWORKING_SEND_RELIABLE_NO_NAGLE)
    world.settle()
    const take = (most: number) => bob.p2p.receiveMessagesOnChannel(0, most).map(({ payload }) => payload[0])
    expect([take(0), take(2), take(9), take(9)]).toEqual([[], [0, 1], [2, 3, 4], []])
  })

  it('messages and packets are the same ones', () => {
    const { world, alice, bob } = friends()
    message(alice, bytes(1), NETWORKING_SEND_RELIABLE_NO_NAGLE)
    alice.p2p.sendP2PPacket(BOB, bytes(2), P2P_SEND_RELIABLE)
    world.settle()
    expect(bob.p2p.readP2PPacket(1)).toMatchObject({ data: bytes(1), remote_steam_id: ALICE })
    expect(payloads(bob)).toEqual([2])
  })
})

describe('section 5.1: sessions', () => {
  it('network_messages_session_request has one argument, the id', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.peer(BOB)
    const calls: unknown[][] = []
    bob.p2p.on('network_messages_session_request', (...args: unknown[]) => calls.push(args))
    message(alice, bytes(1), NETWORKING_SEND_RELIABLE)
    world.settle()
    expect(calls).toEqual([[ALICE]])
    expect(bob.p2p.acceptSessionWithUser(ALICE)).toBe(true)
    world.pass(10, 1)
    expect(payloads(bob)).toEqual([1])
  })

  it('network_messages_session_failed "emits 4 args"', () => {
    const { world, alice } = strangers()
    const calls: unknown[][] = []
    alice.p2p.on('network_messages_session_failed', (...args: unknown[]) => calls.push(args))
    alice.p2p.sendMessageToUser(CAROL, bytes(1), NETWORKING_SEND_RELIABLE, 0)
    world.pass(20_100, 500)
    expect(calls).toEqual([
      [CONNECTION_END_MISC_TIMEOUT, CAROL, CONNECTION_STATE_PROBLEM_DETECTED_LOCALLY, 'The peer does not answer'],
    ])
  })

  it('a refusal of the relay has a reason of its own', () => {
    const world = new World()
    const memory = world.network.transport(ALICE)
    let refuse = (_peer: bigint) => {}
    const alice = world.peer(
      ALICE,
      {},
      {
        localId: ALICE,
        attach(receiver: Parameters<typeof memory.attach>[0] & { refused?(peer: bigint): void }) {
          refuse = (peer) => receiver.refused?.(peer)
          memory.attach(receiver)
        },
        connect: (peer) => memory.connect(peer),
        close: () => memory.close(),
      },
    )
    const reasons: number[] = []
    alice.p2p.on('network_messages_session_failed', (reason) => reasons.push(reason))
    message(alice, bytes(1), NETWORKING_SEND_RELIABLE)
    refuse(BOB)
    world.settle()
    expect(reasons).toEqual([CONNECTION_END_LOCAL_RIGHTS])
    expect(alice.p2p.getSessionConnectionInfo(BOB, true, false).end_reason).toBe(CONNECTION_END_LOCAL_RIGHTS)
  })

  it('accept is "false if no session (unlike P2P), true if already active"', () => {
    const { alice, bob } = friends()
    expect(bob.p2p.acceptSessionWithUser(CAROL)).toBe(false)
    expect(bob.p2p.acceptSessionWithUser(0n)).toBe(false)
    expect(bob.p2p.acceptSessionWithUser(ALICE)).toBe(true)
    expect(alice.p2p.acceptSessionWithUser(BOB)).toBe(true)
    alice.p2p.sendMessageToUser(CAROL, bytes(1), NETWORKING_SEND_RELIABLE, 0)
    expect(alice.p2p.acceptSessionWithUser(CAROL)).toBe(true)
  })

  it('closeChannelWithUser: "closing a not-open channel returns false", the last one ends the session', () => {
    const { world, alice, bob } = friends()
    message(alice, bytes(1), NETWORKING_SEND_RELIABLE_NO_NAGLE, 3)
    world.settle()
    expect(bob.p2p.closeChannelWithUser(ALICE, 4)).toBe(false)
    expect(bob.p2p.closeChannelWithUser(0n, 3)).toBe(false)
    expect(bob.p2p.closeChannelWithUser(ALICE, 3)).toBe(true)
    expect(payloads(bob, 3)).toEqual([])
    expect(bob.p2p.closeChannelWithUser(ALICE, 0)).toBe(true)
    expect(bob.p2p.getSessionConnectionInfo(ALICE, false, false).connection_state).toBe(CONNECTION_STATE_NONE)
  })

  it('closeSessionWithUser discards what is unread; false without a session', () => {
    const { world, alice, bob } = friends()
    message(alice, bytes(1), NETWORKING_SEND_RELIABLE_NO_NAGLE)
    world.settle()
    expect(bob.p2p.closeSessionWithUser(ALICE)).toBe(true)
    expect(bob.p2p.closeSessionWithUser(ALICE)).toBe(false)
    expect(bob.p2p.closeSessionWithUser(0n)).toBe(false)
    expect(payloads(bob)).toEqual([])
  })

  it('"closed by the peer while idle and previously connected is swallowed silently"', () => {
    const { world, alice, bob } = friends()
    const failed: unknown[] = []
    alice.p2p.on('network_messages_session_failed', (...args) => failed.push(args))
    bob.p2p.closeSessionWithUser(ALICE)
    world.pass(30_000, 500)
    expect(failed).toEqual([])
    expect(alice.p2p.getSessionConnectionInfo(BOB, false, false)).toEqual({ connection_state: CONNECTION_STATE_NONE })
  })
})

describe('section 5.1: getSessionConnectionInfo', () => {
  const CONNECTION_KEYS = [
    'connection_state',
    'identity',
    'user_data',
    'listen_socket',
    'remote_address',
    'remote_pop',
    'pop_relay',
    'end_reason',
    'end_debug',
    'debug_description',
    'info_flags',
  ]
  const STATUS_KEYS = [
    'state',
    'ping',
    'local_quality',
    'remote_quality',
    'packets_out_per_second',
    'bytes_out_per_second',
    'packets_in_per_second',
    'bytes_in_per_second',
    'send_rate',
    'pending_unreliable',
    'pending_reliable',
    'sent_unacknowledged_reliable',
    'queue_time',
  ]

  it('has the keys that were asked for, in order', () => {
    const { alice } = friends()
    const keys = (connection: boolean, status: boolean) =>
      Object.keys(alice.p2p.getSessionConnectionInfo(BOB, connection, status))
    expect(keys(false, false)).toEqual(['connection_state'])
    expect(keys(true, false)).toEqual(CONNECTION_KEYS)
    expect(keys(false, true)).toEqual(['connection_state', ...STATUS_KEYS])
    expect(keys(true, true)).toEqual([...CONNECTION_KEYS, ...STATUS_KEYS])
  })

  it('"No session → connection_state 0, zeroed fields"', () => {
    const { alice } = strangers()
    const info = alice.p2p.getSessionConnectionInfo(BOB, true, true)
    const zeros = new Set<unknown>([0, 0n, ''])
    expect(Object.entries(info).filter(([, value]) => !zeros.has(value))).toEqual([])
    expect(alice.p2p.getSessionConnectionInfo(0n, false, false)).toEqual({ connection_state: CONNECTION_STATE_NONE })
  })

  it('follows the life of a session', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.peer(BOB)
    const states = () => [
      alice.p2p.getSessionConnectionInfo(BOB, false, false).connection_state,
      bob.p2p.getSessionConnectionInfo(ALICE, false, true).state,
    ]
    expect(states()).toEqual([CONNECTION_STATE_NONE, CONNECTION_STATE_NONE])
    message(alice, bytes(1), NETWORKING_SEND_RELIABLE)
    world.settle()
    expect(states()).toEqual([CONNECTION_STATE_CONNECTING, CONNECTION_STATE_CONNECTING])
    bob.p2p.acceptSessionWithUser(ALICE)
    world.settle()
    expect(states()).toEqual([CONNECTION_STATE_CONNECTED, CONNECTION_STATE_CONNECTED])
    message(alice, bytes(2), NETWORKING_SEND_RELIABLE_NO_NAGLE)
    world.network.partition(ALICE, BOB)
    world.pass(25_000, 500)
    expect(states()[0]).toBe(CONNECTION_STATE_PROBLEM_DETECTED_LOCALLY)
    expect(alice.p2p.getSessionConnectionInfo(BOB, true, false)).toMatchObject({
      identity: BOB,
      end_reason: CONNECTION_END_MISC_TIMEOUT,
      end_debug: 'The peer does not answer',
    })
  })

  it('tells address, relay and whom it is with', () => {
    const world = new World()
    const face = { relayed: true, address: { ip: 0x7f000001, port: 27_015 } }
    const alice = world.peer(ALICE, {}, disguised(world.network.transport(ALICE), face))
    world.friendly(BOB)
    message(alice, bytes(1), NETWORKING_SEND_RELIABLE)
    world.settle()
    expect(alice.p2p.getSessionConnectionInfo(BOB, true, false)).toEqual({
      connection_state: CONNECTION_STATE_CONNECTED,
      identity: BOB,
      user_data: 0n,
      listen_socket: 0,
      remote_address: '127.0.0.1:27015',
      remote_pop: 0,
      pop_relay: 0,
      end_reason: 0,
      end_debug: '',
      debug_description: `session with ${BOB}, relayed`,
      info_flags: 0,
    })
  })

  it('tells ping, quality, rates and what waits', () => {
    const { world, alice, bob } = friends({ latencyMs: 40, highWaterMark: 20_000, maxFrameSize: 10_000 })
    expect(alice.p2p.getSessionConnectionInfo(BOB, false, true)).toMatchObject({ ping: -1, local_quality: 1 })
    world.pass(5_500, 10)
    message(alice, noise(100_000), NETWORKING_SEND_RELIABLE_NO_NAGLE)
    const busy = alice.p2p.getSessionConnectionInfo(BOB, false, true)
    expect(busy).toMatchObject({ ping: 80, remote_quality: -1, pending_unreliable: 0, send_rate: 0 })
    expect(busy.pending_reliable! + busy.sent_unacknowledged_reliable!).toBe(100_000)
    expect(busy.pending_reliable).toBeGreaterThan(70_000)
    expect(busy.sent_unacknowledged_reliable).toBeGreaterThan(15_000)
    for (let i = 0; i < 150; i++) {
      message(alice, noise(1_000), NETWORKING_SEND_UNRELIABLE)
      world.pass(20, 10)
      readAll(bob.p2p)
    }
    const then = alice.p2p.getSessionConnectionInfo(BOB, false, true)
    expect(then.packets_out_per_second).toBe(50)
    expect(then.bytes_out_per_second).toBeGreaterThan(50 * 1_000)
    expect(then.bytes_out_per_second).toBeLessThan(50 * 1_050)
    const there = bob.p2p.getSessionConnectionInfo(ALICE, false, true)
    expect(there.packets_in_per_second).toBe(50)
    expect(there.bytes_in_per_second).toBe(then.bytes_out_per_second)
    expect(then).toMatchObject({ pending_reliable: 0, sent_unacknowledged_reliable: 0, queue_time: 0n })
  })

  it('"queue_time" is what waits, at the pace of the last second', () => {
    const { world, alice, bob } = friends({ latencyMs: 5, bandwidth: 100_000 })
    message(alice, noise(400_000), NETWORKING_SEND_RELIABLE_NO_NAGLE)
    for (let i = 0; i < 300; i++) {
      world.pass(10, 10)
      readAll(bob.p2p)
    }
    const { pending_reliable, bytes_out_per_second, queue_time } = alice.p2p.getSessionConnectionInfo(BOB, false, true)
    expect(pending_reliable).toBeGreaterThan(0)
    expect(queue_time).toBe(BigInt(Math.round((pending_reliable! / bytes_out_per_second!) * 1_000_000)))
  })
})

describe('a backend without Networking Messages', () => {
  it('says so', () => {
    const backend = {
      steamId: ALICE,
      attach: () => {},
      send: () => true,
      nextPacketSize: () => undefined,
      read: () => undefined,
      accept: () => {},
      closeChannel: () => false,
      closeSession: () => false,
      sessionState: () => undefined,
      allowRelay: () => {},
      close: () => {},
    }
    const p2p = new P2P({ backend })
    expect(() => p2p.sendMessageToUser(BOB, bytes(1), 8, 0)).toThrow(/P2P_NOT_SUPPORTED/)
    expect(() => p2p.receiveMessagesOnChannel(0, 1)).toThrow(/P2P_NOT_SUPPORTED/)
    p2p.close()
  })
})
