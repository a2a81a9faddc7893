import { describe, expect, it } from 'vitest'
import {
  CHUNK_HEADER_SIZE,
  CREDIT_SIZE,
  DATAGRAM_HEADER_SIZE,
  openPacket,
  PacketWriter,
  packetNumberOf,
  readPacket,
  SMALLEST_ACK,
} from '../../../src/channel/lossy/packet.js'
import { Ranges } from '../../../src/channel/lossy/ranges.js'
import { ReceivedPackets } from '../../../src/channel/lossy/received.js'
import { randomOf } from './path.js'

function written(number: number, write: (packet: PacketWriter) => void): Uint8Array {
  const packet = new PacketWriter()
  packet.begin(number)
  write(packet)
  return packet.toBytes()
}

/** The records of a packet, in order. */
function recordsOf(bytes: Uint8Array): unknown[] {
  const records: unknown[] = []
  const r = openPacket(bytes)
  readPacket(r, {
    ping: () => records.push(['ping']),
    ack: (ranges, delayUs) => records.push(['ack', [...ranges], delayUs]),
    credit: (offset) => records.push(['credit', offset]),
    datagram: (at, size) => records.push(['datagram', [...bytes.subarray(at, at + size)]]),
    chunk: (offset, at, size) => records.push(['chunk', offset, [...bytes.subarray(at, at + size)]]),
  })
  return [packetNumberOf(r), ...records]
}

function rangesOf(...pairs: [number, number][]): Ranges {
  const ranges = new Ranges()
  for (const [from, to] of pairs) ranges.add(from, to + 1)
  return ranges
}

describe('the bytes of a packet', () => {
  it('are those of docs/protocol.md, section 7.1', () => {
    const bytes = written(0x0102, (packet) => {
      packet.ack(rangesOf([2, 3], [5, 5], [8, 300]), 500, 1200, 32)
      packet.credit(0x4_0000)
      packet.datagram(new Uint8Array([0xaa, 0xbb]))
      packet.chunk(0x1_0000_0010, 3)
      packet.writeBytes(new Uint8Array([1, 2, 3]))
      packet.ping()
    })
    expect([...bytes]).toEqual([
      ...[0x02, 0x02, 0x01, 0x00, 0x00],
      ...[0x02, 0xac, 0x02, 0xf4, 0x03, 0x02, 0xa4, 0x02, 0x01, 0x00, 0x00, 0x01],
      ...[0x03, 0x00, 0x00, 0x04, 0x00],
      ...[0x10, 0x02, 0xaa, 0xbb],
      ...[0x20, 0x10, 0x00, 0x00, 0x00, 0x03, 1, 2, 3],
      0x01,
    ])
    expect(recordsOf(bytes)).toEqual([
      0x0102,
      ['ack', [8, 300, 5, 5, 2, 3], 500],
      ['credit', 0x4_0000],
      ['datagram', [0xaa, 0xbb]],
      ['chunk', 0x10, [1, 2, 3]],
      ['ping'],
    ])
  })

  it('take as much room as the sender counts on', () => {
    const of = (write: (packet: PacketWriter) => void) => written(0, write).length - 5
    const top = 0xffff_fffe
    expect(of((packet) => packet.ack(rangesOf([0, top]), 0xffff_ffff, 1200, 1))).toBe(SMALLEST_ACK)
    expect(of((packet) => packet.credit(1))).toBe(CREDIT_SIZE)
    expect(of((packet) => packet.datagram(new Uint8Array(1254)))).toBeLessThanOrEqual(DATAGRAM_HEADER_SIZE + 1254)
    expect(of((packet) => packet.chunk(1, 16_000))).toBeLessThanOrEqual(CHUNK_HEADER_SIZE)
  })
})

describe('an ACK', () => {
  it('tells the newest ranges, as many as fit and no more than asked for', () => {
    const ranges = rangesOf(...Array.from({ length: 100 }, (_, i): [number, number] => [i * 10, i * 10 + 4]))
    for (const limit of [22, 23, 31, 32, 33, 60, 100, 300]) {
      const packet = new PacketWriter()
      packet.begin(1)
      expect(packet.ack(ranges, 1000, limit, 20)).toBe(true)
      expect(packet.length).toBeLessThanOrEqual(limit)
      const [, [, pairs]] = recordsOf(packet.toBytes()) as [number, [string, number[]]]
      expect(pairs.slice(0, 2)).toEqual([990, 994])
      expect(pairs.length / 2).toBe(Math.min(20, 1 + Math.floor((limit - 22) / 10)))
    }
    const packet = new PacketWriter()
    packet.begin(1)
    expect(packet.ack(ranges, 1000, 21, 20)).toBe(false)
    expect(packet.length).toBe(5)
  })

  it('comes back as it was, whatever ranges there are', () => {
    const random = randomOf(3)
    for (let round = 0; round < 200; round++) {
      const pairs: [number, number][] = []
      let at = Math.floor(random() * 1000)
      for (let i = 0; i < 1 + round / 8; i++) {
        const end = at + Math.floor(random() ** 4 * 100_000)
        pairs.push([at, end])
        at = end + 2 + Math.floor(random() ** 4 * 100_000)
      }
      const bytes = written(7, (packet) => packet.ack(rangesOf(...pairs), round, 60_000, 128))
      expect(recordsOf(bytes)).toEqual([7, ['ack', pairs.reverse().flat(), round]])
    }
  })
})

describe('ReceivedPackets', () => {
  it('knows each packet once, whatever the order', () => {
    const received = new ReceivedPackets()
    const random = randomOf(4)
    const seen = new Set<number>()
    for (let i = 0; i < 3000; i++) {
      const number = Math.max(0, Math.floor(i / 2 + random() * 40))
      expect(received.judge(number)).toBe(seen.has(number) ? 'duplicate' : 'new')
      if (!seen.has(number)) received.take(number, i, true)
      seen.add(number)
    }
  })

  it('owes an answer at once for every second packet and for gaps, else within 25 ms, and none for ACKs', () => {
    const received = new ReceivedPackets()
    received.take(0, 100, false)
    expect(received.dueAt).toBe(Number.POSITIVE_INFINITY)
    received.take(1, 100, true)
    expect(received.dueAt).toBe(125)
    received.take(2, 110, true)
    expect(received.dueAt).toBe(110)
    received.told()
    expect(received.dueAt).toBe(Number.POSITIVE_INFINITY)
    received.take(5, 120, true)
    expect(received.dueAt).toBe(120)
    received.told()
    received.take(4, 130, true)
    expect(received.dueAt).toBe(130)
  })

  it('says how long the newest packet waited, and leaves out what was told often enough', () => {
    const received = new ReceivedPackets()
    for (let number = 0; number < 400; number += 2) received.take(number, 50, true)
    const packet = new PacketWriter()
    packet.begin(0)
    received.write(packet, 62.5, 1200)
    const [, [, pairs, delay]] = recordsOf(packet.toBytes()) as [number, [string, number[], number]]
    expect(delay).toBe(12_500)
    // All are new, and these are those that fit.
    expect(pairs.length / 2).toBe(118)
    received.told()
    for (let number = 400; number < 500; number++) received.take(number, 70, true)
    packet.begin(0)
    received.write(packet, 70, 1200)
    const [, [, later]] = recordsOf(packet.toBytes()) as [number, [string, number[]]]
    expect(later.at(-2)).toBeGreaterThan(499 - 130)
    received.told()
    received.take(201, 80, true)
    packet.begin(0)
    received.write(packet, 80, 1200)
    const [, [, late]] = recordsOf(packet.toBytes()) as [number, [string, number[]]]
    expect(late.slice(-2)).toEqual([200, 202])
  })
})

describe('Ranges', () => {
  it('are the set that they stand for', () => {
    const random = randomOf(6)
    for (let round = 0; round < 25; round++) {
      const ranges = new Ranges()
      const set = new Set<number>()
      for (let i = 0; i < 80; i++) {
        const from = Math.floor(random() * 120)
        const to = from + Math.floor(random() * 20)
        if (random() < 0.6) {
          const fresh: number[] = []
          ranges.add(from, to, (a, b) => {
            for (let n = a; n < b; n++) fresh.push(n)
          })
          expect(fresh).toEqual(span(from, to).filter((n) => !set.has(n)))
          for (const n of span(from, to)) set.add(n)
        } else if (random() < 0.8) {
          ranges.remove(from, to)
          for (const n of span(from, to)) set.delete(n)
        } else {
          const below = Math.floor(from / 4)
          ranges.removeBelow(below)
          for (const n of span(0, below)) set.delete(n)
        }
        expectSame(ranges, set)
      }
    }
  })
})

function span(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)
}

function expectSame(ranges: Ranges, set: ReadonlySet<number>): void {
  const all: number[] = []
  for (let i = 0; i < ranges.count; i++) {
    all.push(...span(ranges.startOf(i), ranges.endOf(i)))
    if (i > 0) expect(ranges.startOf(i)).toBeGreaterThan(ranges.endOf(i - 1))
  }
  expect(all).toEqual([...set].sort((a, b) => a - b))
  for (const n of [0, 17, 60, 119]) expect(ranges.has(n)).toBe(set.has(n))
}
