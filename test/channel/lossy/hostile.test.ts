import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { INITIAL_CREDIT } from '../../../src/channel/lossy/options.js'
import { PacketWriter } from '../../../src/channel/lossy/packet.js'
import { Ranges } from '../../../src/channel/lossy/ranges.js'
import { join, numbered, type Pair, pour, randomOf, type Weather, type World, world } from './path.js'

const BUFFER = 4 << 20

function quiet(weather: Weather = {}): World & Pair {
  const w = world({ latencyMs: 10, ...weather })
  return { ...w, ...join(w) }
}

/** A packet as the peer could have sent it. */
function forge(number: number, write: (packet: PacketWriter) => void): Uint8Array {
  const packet = new PacketWriter()
  packet.begin(number)
  write(packet)
  return packet.toBytes()
}

function forgeAck(number: number, ...pairs: [number, number][]): Uint8Array {
  const ranges = new Ranges()
  for (const [from, to] of pairs) ranges.add(from, to + 1)
  return forge(number, (packet) => packet.ack(ranges, 0, 60_000, 128))
}

function chunk(number: number, offset: number, bytes: Uint8Array): Uint8Array {
  return forge(number, (packet) => {
    packet.chunk(offset, bytes.length)
    packet.writeBytes(bytes)
  })
}

describe('packets that were recorded', () => {
  it.each([1, 2, 3])('and come again change nothing: each of them, in any order (seed %i)', (seed) => {
    const { clock, a, b, rawA, rawB } = quiet({ loss: 0.1, reorder: 0.1, seed })
    const recorded: Uint8Array[] = []
    rawA.tap = (packet) => recorded.push(packet.slice())
    const frames = Array.from({ length: 200 }, (_, i) => numbered(i, 20 + ((i * 37) % 2000)))
    for (const frame of frames) a.link.send(frame.slice(), 'reliable')
    for (let i = 0; i < 20; i++) a.link.send(new Uint8Array([255, i]), 'datagram')
    const random = randomOf(seed)
    for (let i = 0; i < 600; i++) {
      clock.advance(5)
      const again = recorded[Math.floor(random() * recorded.length)]
      if (again) b.repair.frame(rawB, again.slice())
    }
    clock.advance(5000)
    for (const packet of recorded) b.repair.frame(rawB, packet.slice())
    clock.advance(1000)
    const whole = b.frames.filter((frame) => frame.length !== 2)
    const wrong = whole.findIndex((frame, i) => Buffer.compare(frame, frames[i]!) !== 0)
    expect({ count: whole.length, wrong }).toEqual({ count: frames.length, wrong: -1 })
    const datagrams = b.frames.filter((frame) => frame.length === 2).map((frame) => frame[1])
    expect(new Set(datagrams).size).toBe(datagrams.length)
    expect(b.repair.counters.duplicatePackets).toBeGreaterThanOrEqual(recorded.length / 2)
  })

  it('are told from new ones also when they are older than anything that is remembered', () => {
    const { clock, forth, a, b, rawA, rawB } = quiet()
    const recorded: Uint8Array[] = []
    rawA.tap = (packet) => recorded.push(packet.slice())
    let i = 0
    // Every second packet is lost, so that no range closes.
    forth.loses = () => i++ % 2 === 1
    for (let n = 0; n < 900; n++) {
      a.link.send(numbered(n, 10), 'datagram')
      clock.advance(15)
    }
    const count = b.frames.length
    expect(count).toBeGreaterThan(300)
    for (const packet of recorded.slice(0, 100)) b.repair.frame(rawB, packet.slice())
    expect(b.frames).toHaveLength(count)
  })
})

describe('packets that make no sense', () => {
  it('neither throw nor grow what is kept, whatever is in them', () => {
    const random = randomOf(77)
    const seeds: Uint8Array[] = []
    const first = quiet({ loss: 0.1 })
    first.rawA.tap = (packet) => seeds.push(packet.slice())
    first.rawB.tap = (packet) => seeds.push(packet.slice())
    for (let i = 0; i < 60; i++) first.a.link.send(numbered(i, 500), i % 3 ? 'reliable' : 'datagram')
    first.clock.advance(2000)
    expect(seeds.length).toBeGreaterThan(30)
    let broken = 0
    for (let round = 0; round < 60; round++) {
      const { clock, a, b, rawB } = quiet({ seed: round })
      pour(b, 3000)
      for (let i = 0; i < 200 && rawB.up; i++) {
        b.repair.frame(rawB, mutated(seeds[Math.floor(random() * seeds.length)]!, random))
        if (i % 10 === 0) clock.advance(1)
        expect(b.link.heldBytes).toBeLessThan(2 * BUFFER)
        expect(clock.pending).toBeLessThan(6)
      }
      broken += b.repair.counters.brokenPackets
      a.link.close()
      b.link.close()
      clock.advance(60_000)
      expect(clock.pending).toBe(0)
    }
    expect(broken).toBeGreaterThan(1000)
  })

  it('count, and the link goes on', () => {
    const { clock, a, b, rawB } = quiet()
    const bad = [
      [],
      [1],
      [2],
      [2, 0, 0, 0, 0],
      [3, 0, 0, 0, 0, 1],
      [2, 9, 0, 0, 0, 99],
      [2, 9, 0, 0, 0, 0x10, 0],
      [2, 9, 0, 0, 0, 0x10, 5, 1],
      [2, 9, 0, 0, 0, 0x20, 0, 0, 0, 0, 0],
      [2, 9, 0, 0, 0, 0x20, 0, 0, 0, 0, 255, 255, 255, 255, 255],
      [2, 9, 0, 0, 0, 0x03, 1],
      [2, 9, 0, 0, 0, 0x02, 5, 0, 0, 6],
      [2, 9, 0, 0, 0, 0x02, 5, 0, 200, 1, 0],
      // What comes before the broken record does not count either.
      [2, 9, 0, 0, 0, 0x10, 1, 7, 99],
    ]
    for (const bytes of bad) b.repair.frame(rawB, new Uint8Array(bytes))
    expect(b.repair.counters.brokenPackets).toBe(bad.length)
    expect(b.frames).toEqual([])
    a.link.send(numbered(1, 10), 'reliable')
    clock.advance(1000)
    expect(b.frames).toEqual([numbered(1, 10)])
  })

  it('and a frame length that makes none ends the link', () => {
    const lengths = [[0], [0x80, 0x80, 0x80, 0x80], [0x81, 0x80, 0x04]]
    for (const length of lengths) {
      const { clock, b, rawB } = quiet()
      b.repair.frame(rawB, chunk(5, 0, new Uint8Array([...length, 1])))
      clock.advance(100)
      expect(b.down).toBe('the stream of the peer makes no sense')
      expect(clock.pending).toBe(0)
    }
  })
})

describe('acknowledgements', () => {
  it('of what was never sent end the link', () => {
    const { clock, a, rawA } = quiet()
    clock.advance(100)
    a.repair.frame(rawA, forgeAck(50, [0, 1000]))
    clock.advance(100)
    expect(a.down).toBe('the peer acknowledges what was never sent')
    expect(a.repair.counters.forgedAcks).toBe(1)
    expect(clock.pending).toBe(0)
  })

  it.each([1, 2, 3])('of what did not arrive are found out: some numbers are never given (seed %i)', (seed) => {
    const w = world({ latencyMs: 10, bandwidth: 500_000, queueBytes: 20_000, seed })
    const { a, rawA } = join(w)
    w.clock.advance(100)
    let largest = -1
    let packets = 0
    // Says that all of it has come, up to the newest, and sooner than it can have.
    w.forth.loses = (packet) => {
      largest = new DataView(packet.buffer, packet.byteOffset).getUint32(1, true)
      return true
    }
    pour(a)
    for (; a.down === undefined && packets < 5000; packets++) {
      w.clock.advance(1)
      if (largest >= 0) a.repair.frame(rawA, forgeAck(1000 + packets, [0, largest]))
    }
    w.clock.advance(100)
    expect(a.down).toBe('the peer acknowledges what was never sent')
    expect(largest).toBeLessThan(1100)
  })

  it('that repeat themselves, go back, or name ranges without end change nothing', () => {
    const { clock, a, rawA, back } = quiet()
    clock.advance(100)
    back.loses = () => true
    for (let i = 0; i < 40; i++) a.link.send(numbered(i, 1000), 'datagram')
    clock.advance(100)
    const { sent } = a.link.recovery
    const last = sent.next - 1
    for (let i = 0; i < 5000; i++) a.repair.frame(rawA, forgeAck(1000 + i, [i % last, last - 1]))
    expect(a.down).toBeUndefined()
    expect(sent.inFlight).toBeLessThan(10)
    expect(clock.pending).toBeLessThan(6)
  })

  it('with a delay that cannot be true do not shorten the round trip below the fastest packet', () => {
    const { clock, a, b, back } = quiet()
    back.loses = (packet) => {
      // The delay of the ACK, made as large as it can be said in one byte's place: 0x02, largest, delay.
      if (packet[5] === 0x02 && packet[6]! < 0x80 && packet[7]! < 0x80) packet[7] = 0x7f
      return false
    }
    for (let i = 0; i < 100; i++) {
      a.link.send(numbered(i, 100), 'reliable')
      clock.advance(10)
    }
    clock.advance(100)
    expect(b.frames).toHaveLength(100)
    expect(a.link.recovery.rtt.smoothed).toBeGreaterThanOrEqual(20)
  })
})

describe('chunks', () => {
  it('beyond the credit are not taken', () => {
    const w = world({ latencyMs: 10 })
    const { b, rawB } = join(w, { receiveBufferSize: INITIAL_CREDIT })
    b.repair.frame(rawB, chunk(0, INITIAL_CREDIT - 1, new Uint8Array([1, 2])))
    b.repair.frame(rawB, chunk(1, 0x7fff_0000, new Uint8Array(10)))
    expect(b.repair.counters.beyondCredit).toBe(2)
    b.repair.frame(rawB, chunk(2, INITIAL_CREDIT - 2, new Uint8Array([1, 2])))
    expect(b.repair.counters.beyondCredit).toBe(2)
    expect(b.link.heldBytes).toBe(4096)
  })

  it('with a flood of gaps take no more memory than the credit', () => {
    const { clock, b, rawB } = quiet()
    clock.advance(100)
    const random = randomOf(5)
    for (let i = 0; i < 20_000; i++) {
      b.repair.frame(rawB, chunk(i, 1 + Math.floor(random() * BUFFER), new Uint8Array([1])))
    }
    expect(b.repair.counters.beyondCredit).toBeGreaterThan(10_000)
    expect(b.link.heldBytes).toBeLessThanOrEqual(BUFFER + 4096)
  })

  it('that announce a large frame cost what has come of it', () => {
    const { b, rawB } = quiet()
    b.repair.frame(rawB, chunk(0, 0, new Uint8Array([0x80, 0x80, 0x04, 1])))
    expect(b.link.heldBytes).toBeLessThanOrEqual(4096)
  })

  it('that overlap in any way give each byte once', () => {
    const random = randomOf(9)
    for (let round = 0; round < 30; round++) {
      const { b, rawB } = quiet()
      const stream = new Uint8Array(6000)
      let end = 0
      const frames: Uint8Array[] = []
      while (end < 5000) {
        const frame = numbered(frames.length, 5 + Math.floor(random() * 100))
        stream[end] = frame.length
        stream.set(frame, end + 1)
        end += 1 + frame.length
        frames.push(frame)
      }
      let number = 0
      for (let i = 0; i < 300; i++) {
        const from = Math.floor(random() * end)
        b.repair.frame(
          rawB,
          chunk(number++, from, stream.slice(from, Math.min(end, from + 1 + Math.floor(random() * 200)))),
        )
      }
      for (let from = 0; from < end; from += 900) {
        b.repair.frame(rawB, chunk(number++, from, stream.slice(from, Math.min(end, from + 900))))
      }
      expect(b.frames).toEqual(frames)
      expect(b.link.heldBytes).toBeLessThanOrEqual(4096)
    }
  })
})

describe('packet numbers', () => {
  it('that jump ahead leave no room for those behind, and do no other harm', () => {
    const { clock, b, rawB } = quiet()
    for (let i = 0; i < 5000; i++)
      b.repair.frame(
        rawB,
        forge(i * 1000, (packet) => packet.ping()),
      )
    b.repair.frame(
      rawB,
      forge(0xffff_ffff, (packet) => packet.ping()),
    )
    expect(b.repair.counters.duplicatePackets).toBe(0)
    b.repair.frame(
      rawB,
      forge(5, (packet) => packet.ping()),
    )
    expect(b.repair.counters.duplicatePackets).toBe(1)
    expect(b.down).toBeUndefined()
    clock.advance(100)
  })

  it('come in ACKs of bounded size, whatever came', () => {
    const { clock, back, b, rawB } = quiet()
    // The other end would take offence.
    back.cut = true
    const sizes: number[] = []
    rawB.tap = (packet) => sizes.push(packet.length)
    for (let i = 0; i < 2000; i++) {
      b.repair.frame(
        rawB,
        forge(i * 2, (packet) => packet.ping()),
      )
      clock.advance(1)
    }
    expect(sizes.length).toBeGreaterThan(1000)
    expect(Math.max(...sizes)).toBeLessThan(400)
  })
})

function mutated(packet: Uint8Array, random: () => number): Uint8Array {
  const pick = (count: number) => Math.floor(random() * count)
  let bytes = packet.slice()
  // A new number, most of the time: otherwise all but the first would be dropped for being known.
  if (random() < 0.9 && bytes.length >= 5) new DataView(bytes.buffer).setUint32(1, pick(100_000), true)
  for (let i = pick(5); i > 0; i--) bytes[5 + pick(bytes.length - 5)] = random() < 0.5 ? pick(256) : 0xff
  if (random() < 0.2) bytes = bytes.slice(0, pick(bytes.length))
  if (random() < 0.1) bytes = new Uint8Array([...bytes, ...bytes.subarray(5)])
  return bytes
}
