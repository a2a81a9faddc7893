// The middle of a relay on a network in memory whose time stands still: what strangers may not break, and who is closed.
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../src/clock.js'
import { limitsOf, type RelayLimits } from '../../src/relay/limits.js'
import { RelaySwitch } from '../../src/relay/switch.js'
import { type Link, MemoryNetwork, type MemoryNetworkOptions, type Transport } from '../../src/transport/index.js'
import { RelayTransport } from '../../src/transport/relay/index.js'
import {
  CLOSE,
  CONNECT,
  DATA,
  DATAGRAM,
  DOWN,
  HEADER,
  REQUEST,
  readNumber,
  readReason,
  UP,
  WELCOME,
  writeConnect,
  writeEnd,
  writeFrame,
  writeJson,
} from '../../src/transport/relay/messages.js'

const RELAY = 9n

/** A peer that speaks the relay's language by hand. */
class Raw {
  link: Link | undefined
  downs: string[] = []
  readonly heard: Uint8Array[] = []

  constructor(readonly transport: Transport) {
    transport.attach({
      linkUp: (link) => {
        this.link = link
      },
      frame: (_, frame) => this.heard.push(frame),
      drain() {},
      linkDown: (_, reason) => {
        this.link = undefined
        this.downs.push(reason)
      },
    })
  }

  say(...messages: Uint8Array[]): void {
    for (const message of messages) this.link!.send(message, message[0] === DATAGRAM ? 'datagram' : 'reliable')
  }

  ofType(type: number): Uint8Array[] {
    return this.heard.filter((message) => message[0] === type)
  }

  /** What this end calls its link to that peer. */
  numberOf(peer: bigint): number {
    const up = this.ofType(UP).find((m) => new DataView(m.buffer, m.byteOffset).getBigUint64(5, true) === peer)
    return readNumber(up!)
  }
}

function relayed(limits: Partial<RelayLimits> = {}, options: MemoryNetworkOptions = {}) {
  const clock = new VirtualClock()
  const network = new MemoryNetwork({ ...options, clock })
  const middle = new RelaySwitch(network.transport(RELAY), limitsOf(limits), clock)
  const raw = (id: bigint) => {
    const peer = new Raw(network.transport(id))
    peer.transport.connect(RELAY)
    clock.advance(0)
    return peer
  }
  return { clock, network, middle, raw, settle: () => clock.advance(0) }
}

/** Two peers with a link, spoken by hand. */
function pair(limits: Partial<RelayLimits> = {}, options: MemoryNetworkOptions = {}) {
  const world = relayed(limits, options)
  const [a, b] = [world.raw(1n), world.raw(2n)]
  a.say(writeConnect(2n))
  world.settle()
  return { ...world, a, b, toB: a.numberOf(2n), toA: b.numberOf(1n) }
}

describe('a relay', () => {
  it('greets, and links whoever is there with whoever asks', () => {
    const { a, b, toB, toA, settle, middle } = pair()
    expect([...a.heard[0]!]).toEqual([WELCOME, 1])
    a.say(writeFrame(DATA, toB, Uint8Array.of(1, 2, 3)), writeFrame(DATAGRAM, toB, Uint8Array.of(4)))
    b.say(writeFrame(DATA, toA, Uint8Array.of(5)))
    settle()
    expect(b.ofType(DATA).map((m) => [readNumber(m), ...m.subarray(HEADER)])).toEqual([[toA, 1, 2, 3]])
    expect(b.ofType(DATAGRAM).map((m) => [readNumber(m), ...m.subarray(HEADER)])).toEqual([[toA, 4]])
    expect(a.ofType(DATA).map((m) => [readNumber(m), ...m.subarray(HEADER)])).toEqual([[toB, 5]])
    expect(middle.stats).toMatchObject({ peers: 2, ports: 2, joins: 2, brokenPeers: 0 })
  })

  it('says nothing of a peer that is not there, and links no peer with itself', () => {
    const { raw, settle } = relayed()
    const a = raw(1n)
    a.say(writeConnect(77n), writeConnect(1n))
    settle()
    expect(a.heard).toHaveLength(1)
    expect(a.link).toBeDefined()
  })

  it('makes one link of two wishes', () => {
    const { raw, settle, middle } = relayed()
    const [a, b] = [raw(1n), raw(2n)]
    a.say(writeConnect(2n), writeConnect(2n))
    b.say(writeConnect(1n))
    settle()
    expect([a.ofType(UP).length, b.ofType(UP).length, middle.stats.ports]).toEqual([1, 1, 2])
  })

  it('tells the other end of a close, with its reason, and of a peer that is gone', () => {
    const { a, b, toB, toA, settle, raw, network, middle } = pair()
    a.say(writeEnd(CLOSE, toB, 'enough'))
    settle()
    expect(b.ofType(DOWN).map((m) => [readNumber(m), readReason(m)])).toEqual([[toA, 'enough']])
    const c = raw(3n)
    c.say(writeConnect(2n))
    settle()
    network.partition(3n, RELAY)
    settle()
    expect(b.ofType(DOWN)).toHaveLength(2)
    expect(middle.stats).toMatchObject({ peers: 2, ports: 0 })
  })

  it('lets data for a link that is over fall to the ground', () => {
    const { a, b, toB, toA, settle } = pair()
    b.say(writeEnd(CLOSE, toA, 'bye'))
    a.say(writeFrame(DATA, toB, Uint8Array.of(1)))
    settle()
    expect(b.ofType(DATA)).toEqual([])
    expect(a.link).toBeDefined()
  })

  it.each([
    ['an unknown type', Uint8Array.of(0x7f, 0, 0, 0, 0)],
    ['a type that only relays send', Uint8Array.of(UP, 1, 0, 0, 0)],
    ['a link number that was never given', writeFrame(DATA, 99, Uint8Array.of(1))],
    ['no link number', Uint8Array.of(DATA, 1)],
    ['a frame of nothing', Uint8Array.of(DATA, 1, 0, 0, 0)],
    ['half a CONNECT', Uint8Array.of(CONNECT, 2, 0, 0)],
    ['a CLOSE with a novel', writeFrame(CLOSE, 1, new Uint8Array(500))],
    ['a request that is no JSON', writeFrame(REQUEST, 1, Uint8Array.of(0x7b))],
    ['a request that nobody knows', writeJson(REQUEST, 1, { do: 'dance' })],
    ['a request that is no object', writeJson(REQUEST, 1, 5)],
  ])('closes a peer for %s, and no neighbour', (_, message) => {
    const { raw, settle, middle, a, b } = pair()
    const c = raw(3n)
    c.say(message)
    settle()
    expect(c.downs).toEqual(['a message that makes no sense'])
    expect([a.link, b.link]).not.toContain(undefined)
    expect(middle.stats).toMatchObject({ brokenPeers: 1, peers: 2, ports: 2 })
  })

  it('never lets a peer use the numbers of another', () => {
    const { raw, settle, b, toA } = pair()
    const c = raw(3n)
    c.say(writeConnect(2n))
    settle()
    b.heard.length = 0
    // All numbers that a and b use, in c's mouth, lead where c's own link leads.
    c.say(writeFrame(DATA, c.numberOf(2n), Uint8Array.of(9)))
    settle()
    expect(b.ofType(DATA).map(readNumber)).toEqual([toA + 1])
  })

  it('has room for so many links', () => {
    const { raw, settle, middle } = relayed({ maxLinksPerPeer: 2 })
    const hub = raw(100n)
    const others = [1n, 2n, 3n].map(raw)
    for (const other of others) other.say(writeConnect(100n))
    settle()
    expect(hub.ofType(UP)).toHaveLength(2)
    expect(middle.stats.ports).toBe(4)
  })

  it('closes a peer that sends more than it may, and drops datagrams before', () => {
    const { a, b, toB, settle, clock, middle } = pair({ messagesPerSecond: 10 })
    for (let i = 0; i < 30; i++) a.say(writeFrame(DATAGRAM, toB, Uint8Array.of(i)))
    settle()
    // Twice ten are saved up, and one was spent on CONNECT.
    expect(b.ofType(DATAGRAM)).toHaveLength(19)
    expect(middle.stats.droppedDatagrams).toBe(11)
    clock.advance(1000)
    for (let i = 0; i < 11; i++) a.say(writeFrame(DATA, toB, Uint8Array.of(i)))
    settle()
    expect(a.downs).toEqual(['it sends more than it may'])
    expect(middle.stats.loudPeers).toBe(1)
    expect(b.link).toBeDefined()
  })
})

describe('a peer that reads too slowly', () => {
  const frame = new Uint8Array(10_000)
  const slow = { maxQueuedBytes: 400_000 }
  const narrow = { latencyMs: 1_000, highWaterMark: 50_000 }

  it('loses datagrams as soon as anything waits', () => {
    const { a, b, toB, clock, middle } = pairSoon(slow, narrow)
    for (let i = 0; i < 5; i++) a.say(writeFrame(DATAGRAM, toB, frame))
    clock.advance(1_000)
    for (let i = 0; i < 5; i++) a.say(writeFrame(DATAGRAM, toB, frame))
    clock.advance(10_000)
    expect(b.ofType(DATAGRAM).length + middle.stats.droppedDatagrams).toBe(10)
    expect(middle.stats.queuedBytes).toBe(0)
  })

  it('is closed beyond its bound, and only it', () => {
    const { raw, clock, middle } = relayed(slow, narrow)
    const target = raw(100n)
    clock.advance(3_000)
    const senders = Array.from({ length: 12 }, (_, i) => raw(BigInt(i + 101)))
    clock.advance(3_000)
    for (const sender of senders) sender.say(writeConnect(100n))
    clock.advance(3_000)
    const say = (count: number) => {
      for (const sender of senders)
        sender.say(...Array.from({ length: count }, () => writeFrame(DATA, sender.numberOf(100n), frame)))
    }
    say(2)
    clock.advance(1_000)
    expect(middle.stats.queuedBytes).toBeGreaterThan(0)
    say(5)
    clock.advance(10_000)
    expect(target.downs).toEqual(['it reads too slowly'])
    expect(middle.stats).toMatchObject({ slowPeers: 1, queuedBytes: 0, peers: 12, ports: 0 })
    for (const sender of senders) expect(sender.link).toBeDefined()
  })

  it('stops those who send to it, and nothing that was taken is lost', async () => {
    const clock = new VirtualClock()
    const network = new MemoryNetwork({ clock, latencyMs: 20, highWaterMark: 50_000 })
    const middle = new RelaySwitch(network.transport(RELAY), limitsOf({ maxQueuedBytes: 800_000 }), clock)
    const [a, b] = [1n, 2n].map(
      (steamId) => new RelayTransport({ steamId, via: network.transport(steamId), relayId: RELAY, clock }),
    ) as [RelayTransport, RelayTransport]
    let link: Link | undefined
    let drains = 0
    const numbers: number[] = []
    a.attach({
      linkUp: (up) => {
        link = up
      },
      frame() {},
      drain: () => drains++,
      linkDown() {},
    })
    b.attach({
      linkUp() {},
      frame: (_, bytes) => numbers.push(bytes[0]! | (bytes[1]! << 8)),
      drain() {},
      linkDown() {},
    })
    await Promise.resolve()
    const opened = Promise.all([a.open(), b.open()])
    clock.advance(1_000)
    await opened
    a.connect(2n)
    clock.advance(1_000)
    let taken = 0
    let refused = 0
    for (let turn = 0; turn < 2_000; turn++) {
      for (let i = 0; i < 5; i++) {
        const bytes = new Uint8Array(10_000)
        bytes.set([taken, taken >> 8])
        if (link!.send(bytes, 'reliable')) taken++
        else refused++
      }
      clock.advance(1)
    }
    clock.advance(60_000)
    expect(refused).toBeGreaterThan(0)
    expect(drains).toBeGreaterThan(0)
    expect(numbers).toEqual(Array.from({ length: taken }, (_, i) => i))
    expect(middle.stats).toMatchObject({ slowPeers: 0, queuedBytes: 0 })
    a.close()
    b.close()
    clock.advance(1_000)
    expect(clock.pending).toBe(0)
  })
})

/** As `pair`, where messages take their time. */
function pairSoon(limits: Partial<RelayLimits>, options: MemoryNetworkOptions) {
  const world = relayed(limits, options)
  const [a, b] = [world.raw(1n), world.raw(2n)]
  world.clock.advance(5_000)
  a.say(writeConnect(2n))
  world.clock.advance(5_000)
  return { ...world, a, b, toB: a.numberOf(2n) }
}
