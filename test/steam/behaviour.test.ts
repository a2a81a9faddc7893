// One suite, two worlds: the double of the Steam library, and our own sessions on a network in memory. What a program sees
// through P2P is the same, so that it can move between them by one line.
import { describe, expect, it } from 'vitest'
import { COMPRESSION_GZIP } from '../../src/compression/index.js'
import {
  Messenger,
  P2P_SEND_RELIABLE,
  P2P_SEND_RELIABLE_WITH_BUFFERING,
  P2P_SEND_UNRELIABLE,
  P2P_SEND_UNRELIABLE_NO_DELAY,
  P2P_SESSION_ERROR_TIMEOUT,
  type P2PSend,
} from '../../src/p2p/index.js'
import { type Dictionary, Vector3 } from '../../src/variant/index.js'
import { type Peer, World } from '../p2p/world.js'
import { describeWithDouble } from './double.js'
import { ALICE, BOB, bytes, CAROL, expectPackets, noise, readAll, SteamWorld } from './world.js'

/** What both worlds have. */
interface AnyWorld {
  peer(steamId: bigint): Peer | Promise<Peer>
  friendly(steamId: bigint): Peer | Promise<Peer>
  pass(ms: number): void
  settle(): void
}

function send(from: Peer, data: Uint8Array, type: number, channel = 0): boolean {
  return from.p2p.sendP2PPacket(BOB, data, type as P2PSend, channel)
}

describeWithDouble('over Steam,', () => behaviour(() => new SteamWorld()))
describe('over our own sessions,', () => behaviour(() => new World()))

function behaviour(makeWorld: () => AnyWorld): void {
  async function connected() {
    const world = makeWorld()
    const alice = await world.peer(ALICE)
    const bob = await world.friendly(BOB)
    send(alice, bytes(0), P2P_SEND_RELIABLE)
    world.settle()
    expect(readAll(bob.p2p)).toEqual([bytes(0)])
    return { world, alice, bob }
  }

  describe('session requests', () => {
    it('are raised by the first packet, and nothing is readable before they are accepted', async () => {
      const world = makeWorld()
      const alice = await world.peer(ALICE)
      const bob = await world.peer(BOB)
      expect(alice.p2p.steamId).toBe(ALICE)
      expect(send(alice, bytes(1), P2P_SEND_RELIABLE)).toBe(true)
      world.settle()
      expect(bob.requests).toEqual([ALICE])
      expect(bob.p2p.isP2PPacketAvailable()).toBe(false)
      expect(bob.p2p.acceptP2PSessionWithUser(ALICE)).toBe(true)
      world.settle()
      expect(readAll(bob.p2p)).toEqual([bytes(1)])
      expect(alice.requests).toEqual([])
    })

    it('are raised again while the peer keeps asking', async () => {
      const world = makeWorld()
      const alice = await world.peer(ALICE)
      const bob = await world.peer(BOB)
      send(alice, bytes(1), P2P_SEND_RELIABLE)
      world.pass(16_000)
      expect(bob.requests.length).toBeGreaterThan(2)
    })

    it('are accepted by sending to the peer, and of two that send at once neither is asked', async () => {
      const world = makeWorld()
      const alice = await world.peer(ALICE)
      const bob = await world.peer(BOB)
      send(alice, bytes(1), P2P_SEND_RELIABLE)
      bob.p2p.sendP2PPacket(ALICE, bytes(2), P2P_SEND_RELIABLE)
      world.settle()
      expect(readAll(bob.p2p)).toEqual([bytes(1)])
      expect(readAll(alice.p2p)).toEqual([bytes(2)])
      expect(alice.requests).toEqual([])
    })

    it('accepted without one waiting answer true, and an id that is not valid false', async () => {
      const bob = await makeWorld().peer(BOB)
      expect(bob.p2p.acceptP2PSessionWithUser(ALICE)).toBe(true)
      expect(bob.p2p.getP2PSessionState(ALICE)).toEqual({})
      expect(bob.p2p.acceptP2PSessionWithUser(0n)).toBe(false)
    })
  })

  describe('before the session is up', () => {
    it('types 0, 2 and 3 wait and arrive in order, type 1 is thrown away', async () => {
      const world = makeWorld()
      const alice = await world.peer(ALICE)
      const bob = await world.friendly(BOB)
      expect(send(alice, bytes(0), P2P_SEND_UNRELIABLE)).toBe(true)
      expect(send(alice, bytes(1), P2P_SEND_UNRELIABLE_NO_DELAY)).toBe(true)
      expect(send(alice, bytes(3), P2P_SEND_RELIABLE_WITH_BUFFERING)).toBe(true)
      expect(send(alice, bytes(2), P2P_SEND_RELIABLE)).toBe(true)
      world.settle()
      expect(readAll(bob.p2p)).toEqual([bytes(0), bytes(3), bytes(2)])
    })
  })

  describe('a peer that does not answer', () => {
    it('fails after 20 s with error 4, once, and what was queued is dropped', async () => {
      const world = makeWorld()
      const alice = await world.peer(ALICE)
      send(alice, bytes(1, 2, 3), P2P_SEND_RELIABLE)
      world.pass(19_900)
      expect(alice.failures).toEqual([])
      expect(alice.p2p.getP2PSessionState(BOB)).toEqual({
        connection_active: 0,
        connecting: 1,
        session_error: 0,
        using_relay: 0,
        bytes_queued_for_send: 3,
        packets_queued_for_send: 1,
        remote_ip: 0,
        remote_port: 0,
      })
      world.pass(200)
      expect(alice.failures).toEqual([[BOB, P2P_SESSION_ERROR_TIMEOUT]])
      expect(alice.p2p.getP2PSessionState(BOB)).toMatchObject({ session_error: 4, packets_queued_for_send: 0 })
      world.pass(30_000)
      expect(alice.failures).toHaveLength(1)
    })

    it('gets a new attempt with the next packet', async () => {
      const world = makeWorld()
      const alice = await world.peer(ALICE)
      send(alice, bytes(1), P2P_SEND_RELIABLE)
      world.pass(21_000)
      const bob = await world.friendly(BOB)
      send(alice, bytes(2), P2P_SEND_RELIABLE)
      world.settle()
      expect(readAll(bob.p2p)).toEqual([bytes(2)])
    })

    it('because it is gone, fails too when something is sent', async () => {
      const { world, alice, bob } = await connected()
      bob.p2p.close()
      world.pass(25_000)
      expect(alice.failures).toEqual([])
      expect(send(alice, bytes(1), P2P_SEND_RELIABLE)).toBe(true)
      world.pass(21_000)
      expect(alice.failures).toEqual([[BOB, P2P_SESSION_ERROR_TIMEOUT]])
    })
  })

  describe('closing', () => {
    it('a session drops what is unread and tells nobody; the next packet raises a new request', async () => {
      const { world, alice, bob } = await connected()
      send(alice, bytes(1), P2P_SEND_RELIABLE)
      world.settle()
      expect(bob.p2p.closeP2PSessionWithUser(ALICE)).toBe(true)
      expect(bob.p2p.closeP2PSessionWithUser(ALICE)).toBe(false)
      expect(bob.p2p.isP2PPacketAvailable()).toBe(false)
      expect(alice.p2p.getP2PSessionState(BOB).connection_active).toBe(1)
      send(alice, bytes(2), P2P_SEND_RELIABLE)
      world.settle()
      expect(bob.requests).toEqual([ALICE, ALICE])
      expect(readAll(bob.p2p)).toEqual([bytes(2)])
      expect(alice.failures).toEqual([])
    })

    it('a channel drops its packets, keeps the others, and with the last one ends the session', async () => {
      const { world, alice, bob } = await connected()
      send(alice, bytes(1), P2P_SEND_RELIABLE, 1)
      send(alice, bytes(2), P2P_SEND_RELIABLE, -2)
      world.settle()
      expect(bob.p2p.closeP2PChannelWithUser(ALICE, 3)).toBe(false)
      expect(bob.p2p.closeP2PChannelWithUser(CAROL, 1)).toBe(false)
      expect(bob.p2p.closeP2PChannelWithUser(ALICE, 1)).toBe(true)
      expect(bob.p2p.isP2PPacketAvailable(1)).toBe(false)
      expect(readAll(bob.p2p, -2)).toEqual([bytes(2)])
      expect(bob.p2p.closeP2PChannelWithUser(ALICE, -2)).toBe(true)
      expect(bob.p2p.getP2PSessionState(ALICE).connection_active).toBe(1)
      expect(bob.p2p.closeP2PChannelWithUser(ALICE, 0)).toBe(true)
      expect(bob.p2p.getP2PSessionState(ALICE)).toEqual({})
    })
  })

  describe('packets', () => {
    it('are of 1,200 bytes at most when unreliable and of 1,048,576 when reliable, inclusive', async () => {
      const { world, alice, bob } = await connected()
      const rows: [number, number, boolean][] = [
        [P2P_SEND_UNRELIABLE, 1200, true],
        [P2P_SEND_UNRELIABLE, 1201, false],
        [P2P_SEND_UNRELIABLE_NO_DELAY, 1200, true],
        [P2P_SEND_UNRELIABLE_NO_DELAY, 1201, false],
        [P2P_SEND_RELIABLE, 1_048_576, true],
        [P2P_SEND_RELIABLE, 1_048_577, false],
        [P2P_SEND_RELIABLE_WITH_BUFFERING, 1_048_576, true],
        [P2P_SEND_RELIABLE_WITH_BUFFERING, 1_048_577, false],
      ]
      for (const [type, size, taken] of rows) {
        const packet = noise(size, type + 1)
        expect(send(alice, packet, type), `type ${type}, ${size} bytes`).toBe(taken)
        world.pass(1_000)
        expectPackets(readAll(bob.p2p), taken ? [packet] : [])
      }
    })

    it('are cut by a read that wants fewer bytes, and their rest is lost', async () => {
      const { world, alice, bob } = await connected()
      const large = noise(100_000)
      for (const packet of [bytes(1, 1, 1), bytes(2, 2, 2), bytes(3), large, large, large]) {
        send(alice, packet, P2P_SEND_RELIABLE)
      }
      world.settle()
      expect(bob.p2p.readP2PPacket(1000).data).toEqual(bytes(1, 1, 1))
      expect(bob.p2p.readP2PPacket(2).data).toEqual(bytes(2, 2))
      expect(bob.p2p.readP2PPacket(0).data).toEqual(bytes())
      expectPackets([bob.p2p.readP2PPacket(70_000).data!], [large.slice(0, 70_000)])
      expect(bob.p2p.readP2PPacket(0).data).toEqual(bytes())
      expectPackets([bob.p2p.readP2PPacket(1e9).data!], [large])
      expect(bob.p2p.readP2PPacket(1000)).toEqual({})
    })

    it('without bytes are told from none', async () => {
      const { world, alice, bob } = await connected()
      for (const type of [0, 1, 2, 3]) expect(send(alice, bytes(), type)).toBe(true)
      world.pass(300)
      for (let i = 0; i < 4; i++) {
        expect(bob.p2p.getAvailableP2PPacketSize()).toBe(0)
        expect(bob.p2p.isP2PPacketAvailable()).toBe(true)
        expect(bob.p2p.readP2PPacket(0)).toEqual({ data: bytes(), remote_steam_id: ALICE, steam_id_remote: ALICE })
      }
      expect(bob.p2p.isP2PPacketAvailable()).toBe(false)
    })

    it('stand in one queue a channel, in order of arrival over all senders', async () => {
      const { world, alice, bob } = await connected()
      const carol = await world.peer(CAROL)
      for (let i = 0; i < 4; i++) {
        send(i % 2 ? carol : alice, bytes(i), P2P_SEND_RELIABLE, 3)
        world.settle()
      }
      const senders: unknown[] = []
      while (bob.p2p.isP2PPacketAvailable(3)) senders.push(bob.p2p.readP2PPacket(1, 3).remote_steam_id)
      expect(senders).toEqual([ALICE, CAROL, ALICE, CAROL])
    })

    it('may be changed once they are sent, and may lie within a larger array', async () => {
      const { world, alice, bob } = await connected()
      const all = noise(64)
      const part = all.subarray(5, 9)
      const copy = part.slice()
      send(alice, part, P2P_SEND_RELIABLE)
      all.fill(0)
      world.settle()
      expect(readAll(bob.p2p)).toEqual([copy])
    })

    it('with a type or channel out of range are refused', async () => {
      const { world, alice, bob } = await connected()
      for (const type of [-1, 4, 1.5, Number.NaN, -0.5]) expect(send(alice, bytes(1), type)).toBe(false)
      for (const channel of [2 ** 31, -(2 ** 31) - 1, 0.5, Number.NaN]) {
        expect(send(alice, bytes(1), P2P_SEND_RELIABLE, channel)).toBe(false)
        expect(bob.p2p.isP2PPacketAvailable(channel)).toBe(false)
        expect(bob.p2p.readP2PPacket(5, channel)).toEqual({})
        expect(bob.p2p.closeP2PChannelWithUser(ALICE, channel)).toBe(false)
      }
      for (const channel of [2 ** 31 - 1, -(2 ** 31)]) {
        expect(send(alice, bytes(7), P2P_SEND_RELIABLE, channel)).toBe(true)
        world.settle()
        expect(readAll(bob.p2p, channel)).toEqual([bytes(7)])
      }
    })

    it('of type 3 wait 200 ms, for 1,200 bytes, or for one of type 2', async () => {
      const { world, alice, bob } = await connected()
      send(alice, bytes(1), P2P_SEND_RELIABLE_WITH_BUFFERING)
      world.pass(150)
      expect(bob.p2p.isP2PPacketAvailable()).toBe(false)
      world.pass(100)
      expect(readAll(bob.p2p)).toEqual([bytes(1)])
      send(alice, noise(600), P2P_SEND_RELIABLE_WITH_BUFFERING)
      world.settle()
      expect(bob.p2p.isP2PPacketAvailable()).toBe(false)
      send(alice, noise(600), P2P_SEND_RELIABLE_WITH_BUFFERING)
      world.settle()
      expect(readAll(bob.p2p)).toHaveLength(2)
      send(alice, bytes(3), P2P_SEND_RELIABLE_WITH_BUFFERING)
      send(alice, bytes(2), P2P_SEND_RELIABLE)
      world.settle()
      expect(readAll(bob.p2p)).toEqual([bytes(3), bytes(2)])
    })

    it('to oneself need no request', async () => {
      const alice = await makeWorld().peer(ALICE)
      for (const type of [0, 1, 2, 3] as const) expect(alice.p2p.sendP2PPacket(ALICE, bytes(type), type, 2)).toBe(true)
      expect(alice.p2p.readP2PPacket(9, 2)).toMatchObject({ data: bytes(0), remote_steam_id: ALICE })
      expect(readAll(alice.p2p, 2)).toEqual([bytes(1), bytes(2), bytes(3)])
      expect(alice.requests).toEqual([])
    })

    it('beyond what is queued are refused, and nothing of what was taken is lost', async () => {
      const world = makeWorld()
      const alice = await world.peer(ALICE)
      const bob = await world.peer(BOB)
      const sent: Uint8Array[] = []
      for (let i = 0; i < 20; i++) {
        const packet = noise(500_000, i)
        if (!send(alice, packet, P2P_SEND_RELIABLE)) break
        sent.push(packet)
      }
      expect(sent.length).toBeGreaterThan(1)
      expect(sent.length).toBeLessThan(20)
      world.settle()
      bob.p2p.acceptP2PSessionWithUser(ALICE)
      const got: Uint8Array[] = []
      for (let i = 0; i < 200 && got.length < sent.length; i++) {
        world.settle()
        got.push(...readAll(bob.p2p))
      }
      expectPackets(got, sent)
    })
  })

  describe('a Messenger', () => {
    it('exchanges values', async () => {
      const world = makeWorld()
      const alice = await world.peer(ALICE)
      const bob = await world.friendly(BOB)
      const [a, b] = [alice, bob].map(({ p2p }) => new Messenger(p2p, { compression: COMPRESSION_GZIP }))
      a!.send(BOB, { message: 'handshake', from: ALICE, at: new Vector3(1, 2, 3) })
      world.settle()
      const [message] = b!.poll()
      expect(message!.from).toBe(ALICE)
      expect((message!.value as Dictionary).toObject()).toEqual({
        message: 'handshake',
        from: ALICE,
        at: new Vector3(1, 2, 3),
      })
    })
  })
}
