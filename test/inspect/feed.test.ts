// What is counted of frames, and how it gets to a page.
import { describe, expect, it } from 'vitest'
import { FrameWriter } from '../../src/channel/records.js'
import { isGodotWireError } from '../../src/errors.js'
import {
  type CapturedFrame,
  type PairFigures,
  readBatch,
  readFigures,
  Source,
  Tally,
  writeBatch,
} from '../../src/inspect/index.js'

const A = 76561197960265729n
const B = 76561197960265730n
/** Sessions: the id that each end gave. */
const OF_A = 0xa
const OF_B = 0xb

function frame(write: (writer: FrameWriter) => void, destination = OF_B, source = OF_A): Uint8Array {
  const writer = new FrameWriter().begin(destination, source)
  write(writer)
  return writer.toBytes()
}

function seen(from: bigint, to: bigint, bytes: Uint8Array, at = 0, taken = true): CapturedFrame {
  return { at, from, to, lane: undefined, taken, frame: bytes }
}

const toB = (write: (writer: FrameWriter) => void, at = 0, session = OF_B) =>
  seen(A, B, frame(write, session, OF_A), at)
const toA = (write: (writer: FrameWriter) => void, at = 0) => seen(B, A, frame(write, OF_A, OF_B), at)

function pair(tally: Tally, from: bigint, to: bigint): PairFigures {
  return tally.pairs().find((one) => one.from === String(from) && one.to === String(to))!
}

describe('Tally', () => {
  it('counts packets and bytes of each channel, a message in fragments once', () => {
    const tally = new Tally()
    tally.add(toB((w) => w.datagram(3, new Uint8Array(10))))
    tally.add(toB((w) => w.message(0, 3, new Uint8Array(5))))
    tally.add(toB((w) => w.fragment(1, 4, 30, 0, new Uint8Array(20))))
    tally.add(toB((w) => w.fragment(1, 4, 30, 20, new Uint8Array(10))))
    expect(tally.flows()).toEqual([
      { from: String(A), to: String(B), channel: 3, packets: 2, bytes: 15 },
      { from: String(A), to: String(B), channel: 4, packets: 1, bytes: 30 },
    ])
    expect(pair(tally, A, B)).toMatchObject({ reliable: 2, resent: 0, frames: 4, inFlight: 2, state: 'open' })
  })

  it('sees what goes again, and what is acknowledged', () => {
    const tally = new Tally()
    for (const sequence of [0, 1, 2]) tally.add(toB((w) => w.message(sequence, 0, new Uint8Array(1))))
    tally.add(toA((w) => w.ack(1, 0, 99)))
    expect(pair(tally, A, B).inFlight).toBe(2)
    for (const sequence of [1, 2]) tally.add(toB((w) => w.message(sequence, 0, new Uint8Array(1))))
    tally.add(toA((w) => w.ack(3, 0, 99)))
    expect(pair(tally, A, B)).toMatchObject({ reliable: 5, resent: 2, inFlight: 0 })
  })

  it('begins anew with another session', () => {
    const tally = new Tally()
    for (const sequence of [0, 1, 2]) tally.add(toB((w) => w.message(sequence, 0, new Uint8Array(1))))
    tally.add(toB((w) => w.message(0, 0, new Uint8Array(1)), 0, 0xbb))
    expect(pair(tally, A, B)).toMatchObject({ reliable: 4, resent: 0, inFlight: 1 })
  })

  it('measures from PING to the PONG of the same token', () => {
    const tally = new Tally()
    tally.add(toB((w) => w.ping(7), 100))
    tally.add(toA((w) => w.pong(8), 120))
    expect(pair(tally, A, B).roundTripMs).toBeUndefined()
    tally.add(toA((w) => w.pong(7), 142))
    expect(pair(tally, A, B).roundTripMs).toBe(42)
  })

  it('follows a session from asking to its end', () => {
    const tally = new Tally()
    const received = { session: 0, sequence: 0 }
    const states = [
      toB((w) => w.open(1, received), 0, 0),
      toB((w) => w.accept(1, received)),
      toB((w) => w.unknown(5, received), 0, 0),
    ].map((one) => {
      tally.add(one)
      return pair(tally, A, B).state
    })
    expect(states).toEqual(['asked', 'open', 'unknown'])
  })

  it('counts what is broken and what no link took, and nothing of it as packets', () => {
    const tally = new Tally()
    tally.add(seen(A, B, new Uint8Array([9])))
    tally.add({ ...toB((w) => w.datagram(0, new Uint8Array(4))), taken: false })
    expect([tally.frames, tally.broken, tally.notTaken]).toEqual([2, 1, 1])
    expect(tally.flows()).toEqual([])
  })

  it('keeps within its bounds however many peers and channels there are', () => {
    const tally = new Tally()
    for (let i = 0; i < 6_000; i++) {
      tally.add(
        seen(
          BigInt(i + 1),
          B,
          frame((w) => w.datagram(1, new Uint8Array(1))),
        ),
      )
      tally.add(toB((w) => w.datagram(i, new Uint8Array(1))))
    }
    expect(tally.pairs().length).toBeLessThanOrEqual(2_050)
    expect(tally.flows().length).toBeLessThanOrEqual(4_096 + 2_050)
    const packets = tally.flows().reduce((sum, flow) => sum + flow.packets, 0)
    expect(packets).toBe(12_000)
  })
})

describe('Source', () => {
  it('shows so many frames, counts the rest, and has room again when they were taken', () => {
    const source = new Source(3, 'game', A)
    for (let i = 0; i < 2_500; i++) source.see(toB((w) => w.datagram(0, new Uint8Array(1))))
    const taken = source.take()
    expect([taken.frames.length, taken.missed]).toEqual([2_000, 500])
    expect(source.figures()).toMatchObject({ id: 3, frames: 2_500, flows: [{ packets: 2_500 }] })
    source.see(toB((w) => w.datagram(0, new Uint8Array(1))))
    expect(source.take()).toMatchObject({ missed: 0, frames: [{}] })
  })

  it('holds no more bytes than it may', () => {
    const source = new Source(0, 'game', A)
    for (let i = 0; i < 100; i++) source.see(seen(A, B, new Uint8Array(65_536)))
    const { frames, missed } = source.take()
    expect(frames.length).toBe(32)
    expect(missed).toBe(68)
  })
})

describe('a batch', () => {
  const frames = [
    { ...toB((w) => w.datagram(0, new Uint8Array(3)), 12.5), source: 1 },
    { ...toA((w) => w.ping(1), 99), source: 65_535, lane: 'datagram' as const, taken: false },
  ]

  it('is read as it was written', () => {
    expect(readBatch(writeBatch({ missed: 7, frames }))).toEqual({ missed: 7, frames })
  })

  it('that is broken has a code', () => {
    const good = writeBatch({ missed: 0, frames })
    const long = good.slice()
    new DataView(long.buffer).setUint32(8 + 28, 0xffffffff, true)
    for (const bytes of [new Uint8Array(), good.subarray(0, 5), good.subarray(0, -1), long, good.map((b) => b ^ 1)]) {
      expect(() => readBatch(bytes)).toThrow(expect.toSatisfy((e: unknown) => isGodotWireError(e, 'INSPECT_BAD_FEED')))
    }
  })
})

describe('figures', () => {
  const good = { kind: 'figures', at: 5, sources: [new Source(0, 'game', A).figures()] }

  it('are read as they were written', () => {
    expect(readFigures(JSON.stringify(good)).sources[0]?.name).toBe('game')
  })

  it.each([
    ['no JSON', '{'],
    ['a number', '5'],
    ['no kind', JSON.stringify({ ...good, kind: 'other' })],
    ['a source without a name', JSON.stringify({ ...good, sources: [{ ...good.sources[0], name: 5 }] })],
    ['a flow of nobody', JSON.stringify({ ...good, sources: [{ ...good.sources[0], flows: [{ from: 1 }] }] })],
    ['a relay without peers', JSON.stringify({ ...good, sources: [{ ...good.sources[0], relay: { stats: {} } }] })],
  ])('that are %s have a code', (_, text) => {
    expect(() => readFigures(text)).toThrow(expect.toSatisfy((e: unknown) => isGodotWireError(e, 'INSPECT_BAD_FEED')))
  })
})
