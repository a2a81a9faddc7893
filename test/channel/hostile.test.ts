import { describe, expect, it } from 'vitest'
import { Multiplexer, SendType } from '../../src/channel/index.js'
import { FrameWriter } from '../../src/channel/records.js'
import { VirtualClock } from '../../src/clock.js'
import { type Link, MemoryNetwork, type Transport } from '../../src/transport/index.js'
import { seeded } from '../seeded.js'

const VICTIM = 1n
const FRIEND = 2n
/** The session id that the attacker gives to its own end. */
const MINE = 77
const NOTHING = { session: 0, sequence: 0 }
const ATTACKER = 3n

/** A victim that accepts everybody, a friend who talks with it, and an attacker who has a bare link. */
function scene() {
  const clock = new VirtualClock()
  const network = new MemoryNetwork({ clock })
  const peer = (id: bigint) => {
    const multiplexer: Multiplexer = new Multiplexer(
      network.transport(id),
      { sessionRequest: (other) => multiplexer.accept(other), sessionFailed: () => {} },
      { clock, receiveBufferSize: 2 << 20 },
    )
    return multiplexer
  }
  const victim = peer(VICTIM)
  const friend = peer(FRIEND)
  const attacker = network.transport(ATTACKER)
  const heard: Uint8Array[] = []
  const link = dial(attacker, clock, heard)
  return { clock, victim, friend, attacker: link, heard }
}

function dial(transport: Transport, clock: VirtualClock, heard: Uint8Array[]): Link {
  let link: Link | undefined
  transport.attach({
    linkUp: (up) => {
      link = up
    },
    frame: (_, frame) => heard.push(frame),
    drain: () => {},
    linkDown: () => {},
  })
  transport.connect(VICTIM)
  clock.advance(0)
  return link!
}

/** The friend's packet must arrive, whatever else did. */
function friendIsHeard({ clock, victim, friend }: ReturnType<typeof scene>, mark: number): void {
  expect(friend.send(VICTIM, new Uint8Array([mark]), SendType.RELIABLE, 0)).toBe(true)
  for (let i = 0; i < 4; i++) clock.advance(0)
  let found = false
  for (let packet = victim.read(0); packet; packet = victim.read(0)) {
    if (packet.peer === FRIEND) found = packet.data[0] === mark
  }
  expect(found).toBe(true)
}

/** The id that the victim gave to the attacker's session. */
function acceptedId(frames: readonly Uint8Array[]): number {
  const frame = frames.find((f) => f[9] === 2)!
  return new DataView(frame.buffer, frame.byteOffset).getUint32(5, true)
}

describe('a hostile peer', () => {
  it('sends random bytes: they are counted, and the others go on', () => {
    const here = scene()
    const next = seeded(1)
    for (let i = 0; i < 20_000; i++) {
      const frame = new Uint8Array(1 + Math.floor(next() * 60)).map(() => Math.floor(next() * 256))
      if (i % 2) frame[0] = 1
      here.attacker.send(frame, 'reliable')
      if (i % 500 === 0) friendIsHeard(here, i & 0xff)
    }
    expect(here.victim.counters.brokenFrames).toBeGreaterThan(10_000)
    here.victim.close()
    here.friend.close()
  })

  it('damages real frames: no exception, no other session harmed', () => {
    const here = scene()
    const open = new FrameWriter().begin(0, MINE)
    open.open(1 << 20, NOTHING)
    here.attacker.send(open.toBytes(), 'reliable')
    here.clock.advance(0)
    const id = acceptedId(here.heard)
    const next = seeded(2)
    for (let i = 0; i < 20_000; i++) {
      const frame = new FrameWriter().begin(next() < 0.9 ? id : 0, next() < 0.9 ? MINE : Math.floor(next() * 3))
      if (next() < 0.3) frame.ack(Math.floor(next() * 5), 0, Math.floor(next() * 2 ** 32))
      if (next() < 0.3) frame.datagram(Math.floor(next() * 9) - 4, new Uint8Array(Math.floor(next() * 50)))
      if (next() < 0.3) frame.message(Math.floor(next() * 9), 0, new Uint8Array(Math.floor(next() * 50)))
      if (next() < 0.3) frame.fragment(Math.floor(next() * 9), 1, 5000, Math.floor(next() * 5000), new Uint8Array(9))
      if (next() < 0.05) frame.open(0, { session: Math.floor(next() * 3), sequence: Math.floor(next() * 9) })
      frame.ping(i)
      const bytes = frame.toBytes()
      if (next() < 0.5) bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256)
      here.attacker.send(
        bytes.subarray(0, next() < 0.2 ? 1 + Math.floor(next() * bytes.length) : bytes.length),
        'reliable',
      )
      if (i % 500 === 0) friendIsHeard(here, i & 0xff)
    }
    here.victim.close()
    here.friend.close()
  })

  it('fills its own buffer and no more', () => {
    const here = scene()
    const open = new FrameWriter().begin(0, MINE)
    open.open(1 << 20, NOTHING)
    here.attacker.send(open.toBytes(), 'reliable')
    here.clock.advance(0)
    const id = acceptedId(here.heard)
    const payload = new Uint8Array(50_000)
    for (let i = 0; i < 100; i++) {
      const frame = new FrameWriter().begin(id, MINE)
      frame.message(i, i, payload)
      here.attacker.send(frame.toBytes(), 'reliable')
      here.clock.advance(0)
    }
    let unread = 0
    for (let channel = 0; channel < 100; channel++) {
      for (let packet = here.victim.read(channel); packet; packet = here.victim.read(channel))
        unread += packet.data.length
    }
    expect(unread).toBeGreaterThan(1 << 20)
    expect(unread).toBeLessThanOrEqual(2 << 20)
    expect(here.victim.counters.beyondCredit).toBeGreaterThan(0)
    friendIsHeard(here, 5)
    here.victim.close()
    here.friend.close()
  })

  it('starts its session again and again: what is unread of the earlier ones still counts', () => {
    const here = scene()
    const payload = new Uint8Array(50_000)
    for (let id = 1; id <= 30; id++) {
      const open = new FrameWriter().begin(0, id)
      open.open(1 << 20, NOTHING)
      here.attacker.send(open.toBytes(), 'reliable')
      here.clock.advance(0)
      const session = acceptedId(here.heard.splice(0))
      for (let i = 0; i < 10; i++) {
        const frame = new FrameWriter().begin(session, id)
        frame.message(i, 1000 + id, payload)
        here.attacker.send(frame.toBytes(), 'reliable')
        here.clock.advance(0)
      }
    }
    let unread = 0
    for (let channel = 1000; channel < 1031; channel++) {
      for (let packet = here.victim.read(channel); packet; packet = here.victim.read(channel))
        unread += packet.data.length
    }
    expect(unread).toBeGreaterThan(1 << 20)
    expect(unread).toBeLessThanOrEqual(2 << 20)
    friendIsHeard(here, 6)
    here.victim.close()
    here.friend.close()
  })

  it('talks in a session that was not accepted: nothing becomes readable', () => {
    const clock = new VirtualClock()
    const network = new MemoryNetwork({ clock })
    const asked: bigint[] = []
    const victim = new Multiplexer(
      network.transport(VICTIM),
      { sessionRequest: (peer) => asked.push(peer), sessionFailed: () => {} },
      { clock, randomUint32: () => 42 },
    )
    const heard: Uint8Array[] = []
    const link = dial(network.transport(ATTACKER), clock, heard)
    const open = new FrameWriter().begin(0, 5)
    open.open(1 << 20, NOTHING)
    link.send(open.toBytes(), 'reliable')
    for (const destination of [0, 42]) {
      const frame = new FrameWriter().begin(destination, 5)
      frame.message(0, 0, new Uint8Array([1]))
      frame.datagram(0, new Uint8Array([2]))
      link.send(frame.toBytes(), 'reliable')
    }
    clock.advance(0)
    expect(asked).toEqual([ATTACKER])
    expect(victim.nextPacketSize(0)).toBeUndefined()

    victim.close()
  })

  it('talks back to a victim that is connecting, without accepting: nothing becomes readable', () => {
    const clock = new VirtualClock()
    const network = new MemoryNetwork({ clock })
    const listener = { sessionRequest: () => {}, sessionFailed: () => {} }
    const victim = new Multiplexer(network.transport(VICTIM), listener, { clock, randomUint32: () => 42 })
    const heard: Uint8Array[] = []
    const link = dial(network.transport(ATTACKER), clock, heard)
    victim.send(ATTACKER, new Uint8Array(1), SendType.RELIABLE, 0)
    clock.advance(0)
    expect(heard).toHaveLength(1)
    const frame = new FrameWriter().begin(42, 5)
    frame.message(0, 0, new Uint8Array([1]))
    frame.datagram(0, new Uint8Array([2]))
    frame.ack(1, 0, 5)
    link.send(frame.toBytes(), 'reliable')
    clock.advance(0)
    expect(victim.nextPacketSize(0)).toBeUndefined()
    expect(victim.counters.unexpectedRecords).toBe(3)
    expect(victim.sessionInfo(ATTACKER)?.connecting).toBe(true)
    victim.close()
  })

  it('says that the session is unknown without end: it gets no answer, and the other sessions live', () => {
    const here = scene()
    const unknown = new FrameWriter().begin(0, 0)
    unknown.unknown(12345, NOTHING)
    for (let i = 0; i < 100; i++) here.attacker.send(unknown.toBytes(), 'reliable')
    here.clock.advance(0)
    expect(here.heard).toEqual([])
    friendIsHeard(here, 1)
    here.victim.close()
    here.friend.close()
  })
})
