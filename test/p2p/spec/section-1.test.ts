// Section 1: the eight functions.
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  P2P,
  P2P_SEND_RELIABLE,
  P2P_SEND_UNRELIABLE,
  P2P_SEND_UNRELIABLE_NO_DELAY,
  type P2PSend,
} from '../../../src/p2p/index.js'
import { ALICE, BOB, bytes, CAROL, noise, readAll, World } from '../world.js'
import { disguised, friends, strangers } from './scene.js'

afterEach(() => vi.restoreAllMocks())

describe('section 1.1: signatures', () => {
  it('"channel = 0" is the default of the calls that have one', () => {
    const { world, alice, bob } = friends()
    expect(alice.p2p.sendP2PPacket(BOB, bytes(1, 2), P2P_SEND_RELIABLE)).toBe(true)
    world.settle()
    expect(bob.p2p.getAvailableP2PPacketSize(0)).toBe(2)
    expect(bob.p2p.getAvailableP2PPacketSize()).toBe(2)
    expect(bob.p2p.isP2PPacketAvailable()).toBe(true)
    expect(bob.p2p.readP2PPacket(2).data).toEqual(bytes(1, 2))
  })

  it('the order of arguments is GodotSteam\'s; "send_type has NO default", nor has the channel that is closed', () => {
    const arities = Object.fromEntries(
      Object.getOwnPropertyNames(P2P.prototype)
        .filter((name) => name.includes('P2P'))
        .map((name) => [name, (P2P.prototype[name as keyof P2P] as () => void).length]),
    )
    expect(arities).toEqual({
      acceptP2PSessionWithUser: 1,
      allowP2PPacketRelay: 1,
      closeP2PChannelWithUser: 2,
      closeP2PSessionWithUser: 1,
      getP2PSessionState: 1,
      getAvailableP2PPacketSize: 0,
      isP2PPacketAvailable: 0,
      readP2PPacket: 1,
      sendP2PPacket: 3,
    })
  })

  const KEYS: [string, string][] = [
    ['2', 'steamIDRemote'],
    ['2.1', 'steamIDRemote'],
    ['3.9', 'steamIDRemote'],
    ['3.9.7', 'steamIDRemote'],
    ['3.10', 'steam_id_remote'],
    ['3.24', 'steam_id_remote'],
    ['4.0', 'steam_id_remote'],
    ['4.7', 'steam_id_remote'],
    ['3.25', 'remote_steam_id'],
    ['4.8.1', 'remote_steam_id'],
    ['4', 'remote_steam_id'],
  ]
  it.each(KEYS)('"sender key" of GodotSteam %s is %s', (godotSteam, key) => {
    const { world, alice, bob } = strangers({}, {}, { godotSteam })
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    const packet = bob.p2p.readP2PPacket(1)
    expect(packet[key as keyof typeof packet]).toBe(ALICE)
    expect('steamIDRemote' in packet).toBe(key === 'steamIDRemote')
  })

  it.each(['', '5', '1.0', 'godot4', '3.', '3.x'])('version "%s" of GodotSteam is refused', (godotSteam) => {
    expect(() => new World().peer(ALICE, { godotSteam })).toThrow(/godotSteam.*P2P_BAD_OPTION/)
  })
})

describe('section 1.2: results and failure values', () => {
  it('accept: "false only if steamIDRemote is invalid", so true without a request too', () => {
    const { bob } = strangers()
    expect(bob.p2p.acceptP2PSessionWithUser(CAROL)).toBe(true)
    expect(bob.p2p.getP2PSessionState(CAROL)).toEqual({})
    expect(bob.p2p.acceptP2PSessionWithUser(0n)).toBe(false)
  })

  it('allow relay: "always true", whatever is asked for', () => {
    const { alice } = strangers()
    expect([true, false].map((allow) => alice.p2p.allowP2PPacketRelay(allow))).toEqual([true, true])
  })

  it('close channel: false without "active session or channel with the user"', () => {
    const { alice, bob } = friends()
    expect(bob.p2p.closeP2PChannelWithUser(CAROL, 0)).toBe(false)
    expect(bob.p2p.closeP2PChannelWithUser(ALICE, 5)).toBe(false)
    expect(bob.p2p.closeP2PChannelWithUser(0n, 0)).toBe(false)
    expect(bob.p2p.closeP2PChannelWithUser(ALICE, 0)).toBe(true)
    expect(alice.p2p.closeP2PChannelWithUser(BOB, 0)).toBe(true)
  })

  it('close session: false when "no connection was open"', () => {
    const { world, alice } = friends()
    expect(alice.p2p.closeP2PSessionWithUser(CAROL)).toBe(false)
    expect(alice.p2p.closeP2PSessionWithUser(0n)).toBe(false)
    expect(alice.p2p.closeP2PSessionWithUser(BOB)).toBe(true)
    expect(alice.p2p.closeP2PSessionWithUser(BOB)).toBe(false)
    // A session that failed is none that is open.
    alice.p2p.sendP2PPacket(CAROL, bytes(1), P2P_SEND_RELIABLE)
    world.pass(20_100, 500)
    expect(alice.p2p.getP2PSessionState(CAROL).session_error).toBe(4)
    expect(alice.p2p.closeP2PSessionWithUser(CAROL)).toBe(false)
    expect(alice.p2p.getP2PSessionState(CAROL)).toEqual({})
  })

  it('state: an empty Dictionary when "no connection exists to the specified user"', () => {
    const { alice } = friends()
    expect(alice.p2p.getP2PSessionState(CAROL)).toEqual({})
    expect(alice.p2p.getP2PSessionState(0n)).toEqual({})
  })

  it('state: eight keys "in insertion order", every one an int', () => {
    const { alice } = friends()
    const state = alice.p2p.getP2PSessionState(BOB)
    expect(Object.entries(state)).toEqual([
      ['connection_active', 1],
      ['connecting', 0],
      ['session_error', 0],
      ['using_relay', 0],
      ['bytes_queued_for_send', 0],
      ['packets_queued_for_send', 0],
      ['remote_ip', 0],
      ['remote_port', 0],
    ])
  })

  it('state: the numbers are those of the moment', () => {
    const { world, alice } = strangers({ latencyMs: 10 })
    const numbers = () => {
      const s = alice.p2p.getP2PSessionState(BOB)
      return [s.connection_active, s.connecting, s.session_error, s.bytes_queued_for_send, s.packets_queued_for_send]
    }
    alice.p2p.sendP2PPacket(BOB, noise(300), P2P_SEND_RELIABLE)
    alice.p2p.sendP2PPacket(BOB, noise(70), P2P_SEND_UNRELIABLE, 3)
    expect(numbers()).toEqual([0, 1, 0, 370, 2])
    world.pass(200, 10)
    expect(numbers()).toEqual([1, 0, 0, 0, 0])
    // Without a link, what was not acknowledged waits to be sent again.
    alice.p2p.sendP2PPacket(BOB, noise(40), P2P_SEND_RELIABLE)
    expect(numbers()).toEqual([1, 0, 0, 0, 0])
    world.network.partition(ALICE, BOB)
    world.settle()
    expect(numbers()).toEqual([1, 0, 0, 40, 1])
    world.pass(25_000, 500)
    expect(numbers()).toEqual([0, 0, 4, 0, 0])
  })

  it('state: "remote_ip numeric, first octet in the high byte", and whether the link is relayed', () => {
    const world = new World()
    const address = { ip: 0xc0a80007, port: 27015 }
    const alice = world.peer(ALICE, {}, disguised(world.network.transport(ALICE), { relayed: true, address }))
    world.friendly(BOB)
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    expect(alice.p2p.getP2PSessionState(BOB)).toMatchObject({
      connection_active: 1,
      using_relay: 1,
      remote_ip: 3_232_235_527,
      remote_port: 27_015,
    })
  })

  it('available size: "size of next message on that channel", 0 without one', () => {
    const { world, alice, bob } = friends()
    for (const size of [3, 5]) alice.p2p.sendP2PPacket(BOB, noise(size), P2P_SEND_RELIABLE, 4)
    world.settle()
    expect(bob.p2p.getAvailableP2PPacketSize(4)).toBe(3)
    expect(bob.p2p.getAvailableP2PPacketSize(4)).toBe(3)
    bob.p2p.readP2PPacket(3, 4)
    expect(bob.p2p.getAvailableP2PPacketSize(4)).toBe(5)
    bob.p2p.readP2PPacket(5, 4)
    expect(bob.p2p.getAvailableP2PPacketSize(4)).toBe(0)
    expect(bob.p2p.getAvailableP2PPacketSize(0)).toBe(0)
  })

  it('read: `data`, "then sender key", whose value is the full 64-bit id', () => {
    const { world, alice, bob } = friends()
    alice.p2p.sendP2PPacket(BOB, bytes(1, 2), P2P_SEND_RELIABLE, 7)
    world.settle()
    const packet = bob.p2p.readP2PPacket(2, 7)
    expect(Object.entries(packet)).toEqual([
      ['data', bytes(1, 2)],
      ['remote_steam_id', ALICE],
      ['steam_id_remote', ALICE],
    ])
  })

  it('read: an empty Dictionary without a packet, never false', () => {
    const { bob } = friends()
    expect(bob.p2p.readP2PPacket(100)).toEqual({})
    expect(bob.p2p.readP2PPacket(0, -3)).toEqual({})
    expect(bob.p2p.readP2PPacket(10, 2 ** 40)).toEqual({})
  })

  it('send: true is "queued/sent, *not* delivered"', () => {
    const { world, alice } = strangers()
    expect(alice.p2p.sendP2PPacket(CAROL, bytes(1), P2P_SEND_RELIABLE)).toBe(true)
    world.pass(20_100, 500)
    expect(alice.failures).toEqual([[CAROL, 4]])
  })

  it('send: false for what is too large, for an invalid id and for too many bytes queued', () => {
    const { alice } = strangers({}, { sendBufferSize: 1_048_576 })
    expect(alice.p2p.sendP2PPacket(BOB, noise(1_201), P2P_SEND_UNRELIABLE)).toBe(false)
    expect(alice.p2p.sendP2PPacket(0n, bytes(1), P2P_SEND_RELIABLE)).toBe(false)
    expect(alice.p2p.getP2PSessionState(BOB)).toEqual({})
    expect(alice.p2p.sendP2PPacket(BOB, noise(1_048_576), P2P_SEND_RELIABLE)).toBe(true)
    expect(alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)).toBe(false)
  })
})

describe('section 1.3: what `packet` of readP2PPacket means', () => {
  const waiting = (...sizes: number[]) => {
    const { world, alice, bob } = friends()
    for (const [i, size] of sizes.entries()) alice.p2p.sendP2PPacket(BOB, noise(size, i + 1), P2P_SEND_RELIABLE)
    world.settle()
    return bob.p2p
  }

  it('a buffer that is too small: the message "will be truncated", and its tail is lost', () => {
    const bob = waiting(1_000, 7)
    expect(bob.readP2PPacket(10).data).toEqual(noise(1_000, 1).slice(0, 10))
    expect(bob.readP2PPacket(10).data).toEqual(noise(7, 2))
    expect(bob.readP2PPacket(10)).toEqual({})
  })

  it('one byte less than the message cuts one byte; the exact size cuts none', () => {
    const bob = waiting(5, 5)
    expect(bob.readP2PPacket(4).data).toEqual(noise(5, 1).slice(0, 4))
    expect(bob.readP2PPacket(5).data).toEqual(noise(5, 2))
  })

  it('a buffer larger than the message: "array shrinks to message length"', () => {
    const bob = waiting(5)
    expect(bob.readP2PPacket(4_294_967_295).data).toEqual(noise(5, 1))
  })

  it('0 with a message that has bytes: no data, its sender, and the message is gone', () => {
    const bob = waiting(5, 6)
    expect(bob.readP2PPacket(0)).toEqual({ data: bytes(), remote_steam_id: ALICE, steam_id_remote: ALICE })
    expect(bob.getAvailableP2PPacketSize()).toBe(6)
  })

  it('0 with a message without bytes drains it, and is "the only way the API offers"', () => {
    const bob = waiting(0, 6)
    expect(bob.getAvailableP2PPacketSize()).toBe(0)
    expect(bob.readP2PPacket(0)).toEqual({ data: bytes(), remote_steam_id: ALICE, steam_id_remote: ALICE })
    expect(bob.getAvailableP2PPacketSize()).toBe(6)
  })

  it('what is no size at all throws and costs no packet', () => {
    const bob = waiting(3)
    for (const size of [-1, Number.NaN, undefined]) {
      expect(() => bob.readP2PPacket(size as number)).toThrow(/P2P_BAD_SIZE/)
    }
    expect(bob.readP2PPacket(3).data).toEqual(noise(3, 1))
  })
})

describe('section 1.4: printed text', () => {
  it('nothing is printed by any call, whether it fails or not', () => {
    const printed: unknown[] = []
    for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      vi.spyOn(console, name).mockImplementation((...args) => printed.push(args))
    }
    const { world, alice, bob } = friends()
    alice.p2p.sendP2PPacket(0n, bytes(1), P2P_SEND_RELIABLE)
    alice.p2p.sendP2PPacket(BOB, noise(1_201), P2P_SEND_UNRELIABLE)
    alice.p2p.sendP2PPacket(CAROL, bytes(1), P2P_SEND_RELIABLE)
    bob.p2p.readP2PPacket(5)
    bob.p2p.closeP2PChannelWithUser(ALICE, 9)
    world.pass(21_000, 500)
    expect(alice.failures).toHaveLength(1)
    expect(printed).toEqual([])
  })

  it('without the interface, which is after `close` here, the answers are false, {} and 0', () => {
    const { world, alice, bob } = friends()
    alice.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    const { p2p } = bob
    p2p.close()
    expect(p2p.acceptP2PSessionWithUser(ALICE)).toBe(false)
    expect(p2p.allowP2PPacketRelay(true)).toBe(false)
    expect(p2p.closeP2PChannelWithUser(ALICE, 0)).toBe(false)
    expect(p2p.closeP2PSessionWithUser(ALICE)).toBe(false)
    expect(p2p.getP2PSessionState(ALICE)).toEqual({})
    expect(p2p.getAvailableP2PPacketSize(0)).toBe(0)
    expect(p2p.isP2PPacketAvailable(0)).toBe(false)
    expect(p2p.readP2PPacket(9, 0)).toEqual({})
    expect(p2p.sendP2PPacket(ALICE, bytes(1), P2P_SEND_RELIABLE)).toBe(false)
  })
})

describe('section 1.5: the Steam id rebuild', () => {
  const account = BOB & 0xffffffffn
  const lobby = (1n << 56n) | (8n << 52n) | (0x40000n << 32n) | account
  const gameServer = (1n << 56n) | (3n << 52n) | account

  it.each([
    ['a bare 32-bit account id works', account],
    ['a lobby id "is accepted and misdirected"', lobby],
    ['a game server cannot be addressed: its account is, as a player', gameServer],
    ['bits above the low 32 are thrown away, whatever they say', 0xffffffff00000000n | account],
  ])('with `steamIdRule: "godotsteam"` %s', (_, id) => {
    const { world, alice, bob } = strangers({}, { steamIdRule: 'godotsteam' })
    expect(alice.p2p.sendP2PPacket(id, bytes(7), P2P_SEND_RELIABLE)).toBe(true)
    world.settle()
    expect(readAll(bob.p2p)).toEqual([bytes(7)])
    expect(alice.p2p.getP2PSessionState(id)).toEqual(alice.p2p.getP2PSessionState(BOB))
    expect(alice.p2p.closeP2PSessionWithUser(id)).toBe(true)
  })

  it('with it the only invalid argument is "one whose low 32 bits are 0"', () => {
    const { alice } = strangers({}, { steamIdRule: 'godotsteam' })
    for (const id of [0n, 1n << 32n, 0x0110000100000000n]) {
      expect(alice.p2p.sendP2PPacket(id, bytes(1), P2P_SEND_RELIABLE), `${id}`).toBe(false)
      expect(alice.p2p.acceptP2PSessionWithUser(id), `${id}`).toBe(false)
    }
    for (const id of [1n, (5n << 60n) | 1n, -1n]) expect(alice.p2p.acceptP2PSessionWithUser(id), `${id}`).toBe(true)
  })

  it('"incoming IDs are never rebuilt": a signal names the full one', () => {
    const world = new World()
    const bob = world.friendly(BOB, { steamIdRule: 'godotsteam' })
    const server = world.peer(gameServer + 1n)
    server.p2p.sendP2PPacket(BOB, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    expect(bob.requests).toEqual([gameServer + 1n])
  })

  it('without the option all 64 bits are used, as GDNative does', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const server = world.friendly(gameServer)
    const player = world.friendly(BOB)
    expect(alice.p2p.sendP2PPacket(gameServer, bytes(1), P2P_SEND_RELIABLE)).toBe(true)
    expect(alice.p2p.sendP2PPacket(account, bytes(1), P2P_SEND_RELIABLE)).toBe(false)
    world.settle()
    expect(readAll(server.p2p)).toEqual([bytes(1)])
    expect(player.requests).toEqual([])
  })
})

describe('section 1: what JavaScript would let pass and GDScript would not', () => {
  it('an id that is no bigint, and data that is no bytes, throw', () => {
    const { alice } = strangers()
    const send = (id: unknown, data: unknown) => () =>
      alice.p2p.sendP2PPacket(id as bigint, data as Uint8Array, P2P_SEND_UNRELIABLE_NO_DELAY as P2PSend)
    expect(send(Number(BOB), bytes(1))).toThrow(/P2P_BAD_STEAM_ID/)
    for (const data of ['text', null, undefined, [1], new ArrayBuffer(2), new Uint16Array(2)]) {
      expect(send(BOB, data), String(data)).toThrow(/P2P_BAD_DATA/)
    }
    expect(() => alice.p2p.getP2PSessionState('7' as never)).toThrow(/P2P_BAD_STEAM_ID/)
  })
})
