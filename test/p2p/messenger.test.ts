import { describe, expect, expectTypeOf, it } from 'vitest'
import { COMPRESSION_DEFLATE, COMPRESSION_GZIP, type CompressionMode, compress } from '../../src/compression/index.js'
import type { GodotWireError } from '../../src/errors.js'
import {
  Messenger,
  type MessengerOptions,
  type P2P,
  P2P_SEND_RELIABLE,
  PACKET_READ_LIMIT,
} from '../../src/p2p/index.js'
import {
  Dictionary,
  shape,
  sized,
  string,
  unionOf,
  type Variant,
  Vector2,
  Vector2i,
  varToBytes,
} from '../../src/variant/index.js'
import { ALICE, BOB, bytes, CAROL, World } from './world.js'

function lobby(options: MessengerOptions = {}) {
  const world = new World()
  const [alice, bob, carol] = [ALICE, BOB, CAROL].map((id) => {
    const peer = world.friendly(id)
    const messenger = new Messenger(peer.p2p, options)
    for (const member of [ALICE, BOB, CAROL]) messenger.members.add(member)
    return { ...peer, messenger }
  })
  return { world, alice: alice!, bob: bob!, carol: carol! }
}

const HELLO = { message: 'handshake', from: ALICE }

describe('Messenger', () => {
  it.each([
    ['plain', undefined],
    ['gzip', COMPRESSION_GZIP],
    ['deflate', COMPRESSION_DEFLATE],
  ] as const)('sends a value to one peer, %s', (_, compression) => {
    const { world, alice, bob, carol } = lobby(compression === undefined ? {} : { compression })
    expect(alice.messenger.send(BOB, HELLO)).toBe(true)
    world.settle()
    const [message, ...rest] = bob.messenger.poll()
    expect(rest).toEqual([])
    expect(message!.from).toBe(ALICE)
    expect((message!.value as Dictionary).toObject()).toEqual({ message: 'handshake', from: ALICE })
    expect(carol.messenger.poll()).toEqual([])
  })

  it('puts on the wire what the tutorial would: one Variant, compressed as a whole', () => {
    const { world, alice, bob } = lobby({ compression: COMPRESSION_GZIP })
    alice.messenger.send(BOB, HELLO)
    world.settle()
    expect(bob.p2p.readP2PPacket(1000).data).toEqual(compress(varToBytes(HELLO), COMPRESSION_GZIP))
  })

  it.each([0, 0n] as const)('sends to all members but oneself with %s', (target) => {
    const { world, alice, bob, carol } = lobby()
    expect(alice.messenger.send(target, 'hi')).toBe(true)
    world.settle()
    expect(bob.messenger.poll()).toEqual([{ from: ALICE, value: 'hi' }])
    expect(carol.messenger.poll()).toEqual([{ from: ALICE, value: 'hi' }])
    expect(alice.messenger.poll()).toEqual([])
  })

  it('answers false when there is nobody to send to', () => {
    const { alice } = lobby()
    alice.messenger.members.clear()
    expect(alice.messenger.send(0, 'hi')).toBe(false)
    alice.messenger.members.add(ALICE)
    expect(alice.messenger.send(0, 'hi')).toBe(false)
  })

  it('reads at most PACKET_READ_LIMIT packets a poll', () => {
    const { world, alice, bob } = lobby()
    for (let i = 0; i < 40; i++) alice.messenger.send(BOB, i)
    world.settle()
    expect(PACKET_READ_LIMIT).toBe(32)
    expect(bob.messenger.poll().map(({ value }) => value)).toEqual(Array.from({ length: 32 }, (_, i) => i))
    expect(bob.messenger.poll().map(({ value }) => value)).toEqual(Array.from({ length: 8 }, (_, i) => i + 32))
  })

  it('counts packets that are no message, says which, and reads the others', () => {
    const bad: [bigint, string][] = []
    const { world, alice, bob } = lobby({
      compression: COMPRESSION_GZIP,
      maxMessageSize: 1000,
      onBadPacket: (from, error) => bad.push([from, (error as Error & { code: string }).code]),
    })
    const raw = (data: Uint8Array) => alice.p2p.sendP2PPacket(BOB, data, P2P_SEND_RELIABLE)
    alice.messenger.send(BOB, 1)
    raw(bytes())
    raw(bytes(1, 2, 3))
    raw(compress(bytes(255, 0, 0, 0), COMPRESSION_GZIP))
    raw(compress(new Uint8Array(2000), COMPRESSION_GZIP))
    alice.messenger.send(BOB, 2)
    world.settle()
    expect(bob.messenger.poll()).toEqual([
      { from: ALICE, value: 1 },
      { from: ALICE, value: 2 },
    ])
    expect(bob.messenger.badPackets).toBe(4)
    expect(bad).toEqual([
      [ALICE, 'COMPRESSION_EMPTY'],
      [ALICE, 'COMPRESSION_CORRUPT'],
      [ALICE, 'VARIANT_BAD_TYPE'],
      [ALICE, 'COMPRESSION_LIMIT'],
    ])
  })

  it('speaks to Godot 3 as well', () => {
    const { world, alice, bob } = lobby({ version: 3 })
    alice.messenger.send(BOB, HELLO)
    world.settle()
    expect(bob.p2p.readP2PPacket(1000).data![0]).toBe(0x12)
    expect(() => alice.messenger.send(BOB, new Vector2i(1, 2))).toThrow(/VARIANT_NOT_IN_VERSION/)
  })

  it('decodes as it is told', () => {
    const { world, alice, bob } = lobby({ decode: { dictionaryAs: 'object' } })
    alice.messenger.send(BOB, { hp: 5 })
    world.settle()
    const [message] = bob.messenger.poll()
    expect(message!.value).not.toBeInstanceOf(Dictionary)
    expect(message!.value).toEqual({ hp: 5 })
  })

  it('keeps to its channel', () => {
    const world = new World()
    const alice = world.friendly(ALICE)
    const bob = world.friendly(BOB)
    const voice = new Messenger(alice.p2p, { channel: 2 })
    const heard = new Messenger(bob.p2p, { channel: 2 })
    voice.send(BOB, 'psst')
    world.settle()
    expect(bob.p2p.isP2PPacketAvailable(0)).toBe(false)
    expect(heard.poll()).toEqual([{ from: ALICE, value: 'psst' }])
  })

  it('refuses what no packet can hold, and options that make no sense', () => {
    const { alice } = lobby()
    expect(() => alice.messenger.send(BOB, new Uint8Array(1_048_576))).toThrow(/P2P_MESSAGE_TOO_LARGE/)
    expect(() => new Messenger(alice.p2p, { limit: 0 })).toThrow(/P2P_BAD_OPTION/)
    expect(() => new Messenger(alice.p2p, { maxMessageSize: -1 })).toThrow(/P2P_BAD_OPTION/)
  })

  describe('with a shape', () => {
    const Request = unionOf('message', { move: shape({ at: Vector2 }), chat: shape({ text: sized(string, 5) }) })

    function typed(options: { compression?: CompressionMode; version?: 3 | 4 } = {}) {
      const world = new World()
      const [alice, bob] = [ALICE, BOB].map((id) => world.friendly(id).p2p) as [P2P, P2P]
      const problems: string[] = []
      const onBadPacket = (from: bigint, error: Error) => problems.push(`${from} ${(error as GodotWireError).code}`)
      return {
        world,
        problems,
        sender: new Messenger(alice, { ...options, shape: Request }),
        anything: new Messenger(alice, options),
        receiver: new Messenger(bob, { ...options, shape: Request, onBadPacket }),
      }
    }

    it.each([{}, { compression: COMPRESSION_GZIP }, { version: 3 }] as const)('gives what fits, with %o', (options) => {
      const { world, sender, anything, receiver } = typed(options)
      sender.send(BOB, { message: 'move', at: new Vector2(1, 2) })
      anything.send(BOB, { text: 'hello', message: 'chat' })
      world.settle()
      const [move, chat, ...rest] = receiver.poll()
      expect([move, chat]).toEqual([
        { from: ALICE, value: { message: 'move', at: new Vector2(1, 2) } },
        { from: ALICE, value: { message: 'chat', text: 'hello' } },
      ])
      expect(rest).toEqual([])
    })

    it('leaves out what does not fit, and says why', () => {
      const { world, anything, receiver, problems } = typed()
      anything.send(BOB, { message: 'chat', text: 'too long' })
      anything.send(BOB, { message: 'fly' })
      anything.send(BOB, 7)
      anything.send(BOB, { message: 'chat', text: 'hello' })
      world.settle()
      expect(receiver.poll().map(({ value }) => value)).toEqual([{ message: 'chat', text: 'hello' }])
      expect(receiver.badPackets).toBe(3)
      expect(problems).toEqual(['SIZE', 'VALUE', 'TYPE'].map((what) => `${ALICE} VARIANT_SHAPE_${what}`))
    })

    it('sends nothing that does not fit', () => {
      const { world, sender, receiver } = typed()
      expect(() => sender.send(BOB, { message: 'chat', text: 'too long' })).toThrow('VARIANT_SHAPE_SIZE')
      world.settle()
      expect(receiver.poll()).toEqual([])
      expect(receiver.badPackets).toBe(0)
    })

    it('has the types of the shape', () => {
      const { sender, anything } = typed()
      type Value = ReturnType<typeof sender.poll>[number]['value']
      const told = (value: Value) => (value.message === 'chat' ? value.text : value.at.x)
      expect(told({ message: 'chat', text: 'hi' })).toBe('hi')
      // @ts-expect-error: a move has no text
      expect(((value: Value) => value.text)({ message: 'move', at: new Vector2() })).toBeUndefined()
      expectTypeOf<ReturnType<typeof anything.poll>[number]['value']>().toEqualTypeOf<Variant>()
      // @ts-expect-error: no such message
      expect(() => sender.send(BOB, { message: 'fly' })).toThrow('VARIANT_SHAPE_VALUE')
    })
  })
})
