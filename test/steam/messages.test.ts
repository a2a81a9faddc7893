// Networking Messages: the same double, the interface that Valve wants programs to use.
import { expect, it } from 'vitest'
import {
  NETWORKING_SEND_AUTORESTART_BROKEN_SESSION,
  NETWORKING_SEND_RELIABLE,
  NETWORKING_SEND_UNRELIABLE,
  NETWORKING_SEND_UNRELIABLE_NO_DELAY,
  RESULT_FAIL,
  RESULT_IGNORED,
  RESULT_INVALID_PARAM,
  RESULT_LIMIT_EXCEEDED,
  RESULT_NO_CONNECTION,
  RESULT_OK,
} from '../../src/p2p/index.js'
import { describeWithDouble } from './double.js'
import { ALICE, BOB, bytes, expectPackets, noise, type SteamPeer, SteamWorld } from './world.js'

async function pair() {
  const world = new SteamWorld()
  const [alice, bob] = [await world.peer(ALICE), await world.peer(BOB)]
  const requests: bigint[] = []
  bob.p2p.on('network_messages_session_request', (id) => requests.push(id))
  return { world, alice, bob, requests }
}

async function connected() {
  const made = await pair()
  say(made.alice, bytes(0))
  made.world.settle()
  expect(made.bob.p2p.acceptSessionWithUser(ALICE)).toBe(true)
  made.world.settle()
  expect(made.bob.p2p.receiveMessagesOnChannel(0, 5)).toHaveLength(1)
  return made
}

function say(from: SteamPeer, data: Uint8Array, flags = NETWORKING_SEND_RELIABLE, channel = 0, to = BOB): number {
  return from.p2p.sendMessageToUser(to, data, flags, channel)
}

describeWithDouble('Networking Messages', () => {
  it('ask for a session, and nothing is readable before it is accepted', async () => {
    const { world, alice, bob, requests } = await pair()
    const { p2p } = bob
    expect(p2p.acceptSessionWithUser(ALICE)).toBe(false)
    expect(say(alice, bytes(1, 2, 3), NETWORKING_SEND_RELIABLE, 7)).toBe(RESULT_OK)
    world.settle()
    expect(requests).toEqual([ALICE])
    expect(p2p.receiveMessagesOnChannel(7, 10)).toEqual([])
    expect(p2p.acceptSessionWithUser(ALICE)).toBe(true)
    world.settle()
    expect(p2p.receiveMessagesOnChannel(0, 10)).toEqual([])
    const [message, ...others] = p2p.receiveMessagesOnChannel(7, 10)
    expect(others).toEqual([])
    expect(Object.keys(message!)).toEqual([
      'payload',
      'size',
      'connection',
      'identity',
      'receiver_user_data',
      'time_received',
      'message_number',
      'channel',
      'flags',
      'sender_user_data',
    ])
    expect(message).toMatchObject({
      payload: bytes(1, 2, 3),
      size: 3,
      connection: 0,
      identity: ALICE,
      receiver_user_data: -1n,
      message_number: 1n,
      channel: 7,
      flags: NETWORKING_SEND_RELIABLE,
      sender_user_data: 0n,
    })
    expect(bob.requests).toEqual([])
  })

  it('of any size up to 524,288 bytes come whole, in order, and are given back to Steam', async () => {
    const { world, alice, bob } = await connected()
    const sent = [bytes(), bytes(1), noise(1200), noise(524_288)]
    for (const data of sent) expect(say(alice, data)).toBe(RESULT_OK)
    expect(say(alice, noise(524_289))).toBe(RESULT_INVALID_PARAM)
    world.settle()
    const got = bob.p2p.receiveMessagesOnChannel(0, 100)
    expectPackets(
      got.map(({ payload }) => payload),
      sent,
    )
    expect(got[3]!.payload.buffer.byteLength).toBe(524_288)
    expect(bob.controls.messagesOut()).toBe(0)
  })

  it('are handed out up to the number that is wanted, also when that is large', async () => {
    const { world, alice, bob } = await connected()
    for (let i = 0; i < 600; i++) say(alice, bytes(i & 255), NETWORKING_SEND_UNRELIABLE)
    // A socket holds some ten of them.
    for (let round = 0; round < 50; round++) world.settle()
    const { p2p } = bob
    expect(p2p.receiveMessagesOnChannel(0, 0)).toEqual([])
    expect(p2p.receiveMessagesOnChannel(0, -1)).toEqual([])
    const first = p2p.receiveMessagesOnChannel(0, 300)
    const rest = p2p.receiveMessagesOnChannel(0, 1e9)
    expect([first.length, rest.length]).toEqual([300, 300])
    expect([...first, ...rest].map(({ payload }) => payload[0])).toEqual(Array.from({ length: 600 }, (_, i) => i & 255))
    expect(bob.controls.messagesOut()).toBe(0)
  })

  it('that cannot go at once and must not wait are ignored', async () => {
    const { alice } = await pair()
    expect(say(alice, bytes(1), NETWORKING_SEND_UNRELIABLE_NO_DELAY)).toBe(RESULT_IGNORED)
  })

  it('fail after a time, with the reason; then the session must be closed or started again', async () => {
    const { world, alice } = await pair()
    const failures: unknown[] = []
    alice.p2p.on('network_messages_session_failed', (...args) => failures.push(args))
    say(alice, bytes(1), NETWORKING_SEND_RELIABLE, 0, BOB + 9n)
    world.pass(10_100)
    expect(failures).toEqual([[5003, BOB + 9n, 5, 'nobody answered in time']])
    expect(say(alice, bytes(1), NETWORKING_SEND_RELIABLE, 0, BOB + 9n)).toBe(RESULT_NO_CONNECTION)
    const again = NETWORKING_SEND_RELIABLE | NETWORKING_SEND_AUTORESTART_BROKEN_SESSION
    expect(say(alice, bytes(1), again, 0, BOB + 9n)).toBe(RESULT_OK)
  })

  it('beyond what is queued are refused', async () => {
    const { alice } = await pair()
    expect(say(alice, noise(500_000))).toBe(RESULT_OK)
    expect(say(alice, noise(500_000))).toBe(RESULT_LIMIT_EXCEEDED)
  })

  it('end with their channels or their session', async () => {
    const { world, alice, bob, requests } = await connected()
    const { p2p } = bob
    say(alice, bytes(1), NETWORKING_SEND_RELIABLE, 1)
    world.settle()
    expect(p2p.closeChannelWithUser(ALICE, 5)).toBe(false)
    expect(p2p.closeChannelWithUser(ALICE, 1)).toBe(true)
    expect(p2p.receiveMessagesOnChannel(1, 5)).toEqual([])
    expect(p2p.closeSessionWithUser(ALICE)).toBe(true)
    expect(p2p.closeSessionWithUser(ALICE)).toBe(false)
    say(alice, bytes(2))
    world.settle()
    expect(requests).toEqual([ALICE, ALICE])
  })

  it('say how the session stands, under GodotSteam’s keys', async () => {
    const { alice } = await connected()
    const { p2p } = alice
    expect(p2p.getSessionConnectionInfo(BOB, false, false)).toEqual({ connection_state: 3 })
    expect(p2p.getSessionConnectionInfo(BOB + 1n, false, false)).toEqual({ connection_state: 0 })
    expect(p2p.getSessionConnectionInfo(BOB, true, false)).toEqual({
      connection_state: 3,
      identity: BOB,
      user_data: 0n,
      listen_socket: 0,
      remote_address: '127.0.0.1:27020',
      remote_pop: 0,
      pop_relay: 0,
      end_reason: 0,
      end_debug: '',
      debug_description: `double session with ${BOB}`,
      info_flags: 0,
    })
    expect(p2p.getSessionConnectionInfo(BOB, false, true)).toEqual({
      connection_state: 3,
      state: 3,
      ping: 7,
      local_quality: 0.5,
      remote_quality: 0.25,
      packets_out_per_second: 1,
      bytes_out_per_second: 2,
      packets_in_per_second: 3,
      bytes_in_per_second: 4,
      send_rate: 262_144,
      pending_unreliable: 0,
      pending_reliable: 0,
      sent_unacknowledged_reliable: 9,
      queue_time: 1n << 40n,
    })
  })

  it('with what JavaScript would let pass are refused by name', async () => {
    const { alice } = await pair()
    const { p2p } = alice
    expect(() => p2p.sendMessageToUser(BOB, 'text' as never, 8, 0)).toThrow(/P2P_BAD_DATA/)
    expect(() => p2p.sendMessageToUser(5 as never, bytes(1), 8, 0)).toThrow(/P2P_BAD_STEAM_ID/)
    expect(() => p2p.acceptSessionWithUser('5' as never)).toThrow(/P2P_BAD_STEAM_ID/)
    for (const id of [0n, -1n, 1n << 70n]) expect(say(alice, bytes(1), 8, 0, id)).toBe(RESULT_INVALID_PARAM)
    for (const bad of [0.5, 2 ** 31, Number.NaN]) {
      expect(say(alice, bytes(1), bad)).toBe(RESULT_INVALID_PARAM)
      expect(say(alice, bytes(1), 8, bad)).toBe(RESULT_INVALID_PARAM)
      expect(p2p.receiveMessagesOnChannel(bad, 5)).toEqual([])
      expect(p2p.closeChannelWithUser(BOB, bad)).toBe(false)
    }
  })

  it('give their failure values once the backend is closed', async () => {
    const { alice } = await connected()
    const { p2p } = alice
    p2p.close()
    expect(say(alice, bytes(1))).toBe(RESULT_FAIL)
    expect(p2p.receiveMessagesOnChannel(0, 5)).toEqual([])
    expect(p2p.acceptSessionWithUser(BOB)).toBe(false)
    expect(p2p.closeSessionWithUser(BOB)).toBe(false)
    expect(p2p.closeChannelWithUser(BOB, 0)).toBe(false)
    expect(p2p.getSessionConnectionInfo(BOB, true, true)).toEqual({})
  })
})
