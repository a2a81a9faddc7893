import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { InStream } from '../../src/channel/in-stream.js'
import { MESSAGE_COST, OutStream } from '../../src/channel/out-stream.js'
import { FrameWriter, openFrame, readRecords } from '../../src/channel/records.js'
import { noise } from '../p2p/world.js'

const LIMIT = 2000

interface Piece {
  sequence: number
  channel: number
  total: number
  offset: number
  payload: Uint8Array
}

/** The pieces of the next frame, or none. `take: false` plays a link that did not take it. */
function nextFrame(out: OutStream, limit = LIMIT, take = true): Piece[] {
  const frame = new FrameWriter().begin(1, 2)
  const pieces: Piece[] = []
  if (!out.fill(frame, limit)) return pieces
  expect(frame.length).toBeLessThanOrEqual(limit)
  const visitor = {
    fragment: (sequence: number, channel: number, total: number, offset: number, payload: Uint8Array) =>
      pieces.push({ sequence, channel, total, offset, payload: payload.slice() }),
  }
  readRecords(openFrame(frame.toBytes()).records, visitor as never)
  if (take) out.commit()
  return pieces
}

function drain(out: OutStream, limit = LIMIT): Piece[] {
  const all: Piece[] = []
  for (let frame = nextFrame(out, limit); frame.length > 0; frame = nextFrame(out, limit)) all.push(...frame)
  return all
}

/** A receiver and a game that reads only when it is told to. */
function receiver(bufferSize = 4 << 20) {
  const got: Uint8Array[] = []
  let unread = 0
  const stream = new InStream(
    bufferSize,
    () => unread,
    (_channel, data) => {
      unread += MESSAGE_COST + data.length
      got.push(data)
    },
  )
  stream.tellCredit()
  const take = (p: Piece) => stream.take(p.sequence, p.channel, p.total, p.offset, p.payload)
  const read = (length: number) => {
    unread -= MESSAGE_COST + length
  }
  return { got, stream, take, read }
}

function sender(credit = 4 << 20): OutStream {
  const out = new OutStream()
  out.grant(credit)
  return out
}

describe('OutStream', () => {
  it('puts several messages into a frame and cuts what does not fit', () => {
    const out = sender()
    out.push(0, noise(100), false)
    out.push(1, noise(5000), false)
    const first = nextFrame(out)
    expect(first.map((p) => [p.sequence, p.channel, p.total, p.offset])).toEqual([
      [0, 0, 100, 0],
      [1, 1, 5000, 0],
    ])
    const rest = drain(out)
    expect(rest.map((p) => p.offset)).toEqual([first[1]!.payload.length, first[1]!.payload.length + 1966])
    expect(out.unsentBytes).toBe(0)
    expect(out.bufferedBytes).toBe(5100)
  })

  it('does not move when the link did not take the frame', () => {
    const out = sender()
    out.push(0, noise(3000), false)
    const once = nextFrame(out, LIMIT, false)
    expect(nextFrame(out)).toEqual(once)
    expect(out.unsentBytes).toBe(3000 - once[0]!.payload.length)
  })

  it('starts no fragment below 1,024 bytes, but for the last', () => {
    const out = sender()
    out.push(0, noise(1500), false)
    out.push(0, noise(1500), false)
    const pieces = drain(out)
    expect(pieces.map((p) => p.payload.length)).toEqual([1500, 1500])
  })

  it('sends no byte beyond its credit, and goes on when there is more', () => {
    const out = sender(MESSAGE_COST + 1500)
    out.push(0, noise(3000), false)
    expect(drain(out).map((p) => p.payload.length)).toEqual([1500])
    out.grant(MESSAGE_COST + 1500 + 1023)
    expect(drain(out)).toEqual([])
    out.grant(MESSAGE_COST + 3000)
    expect(drain(out).map((p) => p.payload.length)).toEqual([1500])
  })

  it('is not taken back a credit that was given', () => {
    const out = sender(2000)
    out.grant(5)
    out.push(0, noise(900), false)
    expect(drain(out)).toHaveLength(1)
  })

  it('holds messages until they are released', () => {
    const out = sender()
    out.push(0, noise(10), true)
    expect(nextFrame(out)).toEqual([])
    expect(out.heldBytes).toBe(10)
    out.push(0, noise(20), false)
    expect(nextFrame(out).map((p) => p.payload.length)).toEqual([10, 20])
  })

  it('frees what is acknowledged and refuses what was never sent', () => {
    const out = sender()
    for (let i = 0; i < 3; i++) out.push(0, noise(10), false)
    expect(out.acknowledge(1)).toBe(false)
    drain(out)
    expect(out.acknowledge(2)).toBe(true)
    expect(out.bufferedBytes).toBe(10)
    expect(out.acknowledge(1)).toBe(true)
    expect(out.acknowledge(4)).toBe(false)
    expect(out.acknowledge(3)).toBe(true)
    expect(out.unacknowledged).toBe(false)
  })

  it('goes back to the first unacknowledged message when the link was replaced', () => {
    const out = sender()
    for (let i = 0; i < 4; i++) out.push(0, noise(10, i), false)
    drain(out)
    out.acknowledge(1)
    out.rewind()
    expect(out.unsentBytes).toBe(30)
    expect(drain(out).map((p) => p.sequence)).toEqual([1, 2, 3])
    out.rewind()
    // The receiver had more than the sender knew: acknowledged while it is on its way again.
    expect(out.acknowledge(3)).toBe(true)
    expect(out.unsentBytes).toBe(10)
    expect(drain(out).map((p) => p.sequence)).toEqual([3])
  })

  it('numbers from 0 again after a restart, with what was not delivered', () => {
    const out = sender()
    for (let i = 0; i < 3; i++) out.push(i, noise(10, i), false)
    drain(out)
    out.acknowledge(2)
    out.restart()
    expect(drain(out)).toEqual([])
    out.grant(1 << 20)
    expect(drain(out).map((p) => [p.sequence, p.channel])).toEqual([[0, 2]])
  })
})

describe('OutStream on its way a second time', () => {
  it('keeps to its credit when what it repeats turns out to have arrived', () => {
    const out = sender(4 * (MESSAGE_COST + 10))
    for (let i = 0; i < 5; i++) out.push(0, noise(10, i), false)
    expect(drain(out)).toHaveLength(4)
    out.rewind()
    out.acknowledge(3)
    expect(drain(out).map((p) => p.sequence)).toEqual([3])
  })
})

describe('OutStream after a restart', () => {
  it('owes the new session nothing of the old: neither acknowledgements nor credit', () => {
    const out = sender()
    for (let i = 0; i < 3; i++) out.push(0, noise(10, i), false)
    drain(out)
    out.acknowledge(2)
    out.restart()
    expect(out.acknowledge(1)).toBe(false)
    out.grant(MESSAGE_COST + 10)
    expect(drain(out)).toHaveLength(1)
    expect(out.acknowledge(1)).toBe(true)
    expect(out.unacknowledged).toBe(false)
  })
})

describe('InStream', () => {
  it('puts messages together, whatever the cuts', () => {
    const out = sender()
    const sent = [noise(5000, 1), noise(0), noise(1, 2), noise(70_000, 3)]
    for (const data of sent) out.push(0, data, false)
    const { got, take } = receiver()
    for (const piece of drain(out)) expect(take(piece)).toBe('taken')
    expect(got.map((data, i) => Buffer.compare(data, sent[i]!))).toEqual([0, 0, 0, 0])
  })

  it('takes nothing twice, also when it is cut another way the second time', () => {
    const out = sender()
    const sent = noise(9000, 4)
    out.push(0, sent, false)
    const { got, stream, take } = receiver()
    const first = drain(out, 2500).slice(0, 2)
    for (const piece of first) take(piece)
    expect(take(first[0]!)).toBe('duplicate')
    out.rewind()
    for (const piece of drain(out, 1700)) expect(['taken', 'duplicate']).toContain(take(piece))
    expect(got).toHaveLength(1)
    expect(Buffer.compare(got[0]!, sent)).toBe(0)
    expect(stream.sequence).toBe(1)
    expect(take(first[0]!)).toBe('duplicate')
  })

  it('leaves no gap', () => {
    const { take } = receiver()
    const piece = { sequence: 0, channel: 0, total: 3000, offset: 0, payload: noise(1500) }
    expect(take({ ...piece, sequence: 1 })).toBe('gap')
    expect(take({ ...piece, offset: 1500 })).toBe('gap')
    expect(take(piece)).toBe('taken')
    expect(take({ ...piece, offset: 1501 - 0, payload: noise(10) })).toBe('gap')
  })

  it('refuses what cannot be', () => {
    const { take } = receiver()
    const piece = { sequence: 0, channel: 0, total: 3000, offset: 0, payload: noise(1500) }
    expect(take({ ...piece, total: 1_048_577 })).toBe('broken')
    expect(take({ ...piece, total: 1000 })).toBe('broken')
    expect(take(piece)).toBe('taken')
    expect(take({ ...piece, offset: 1500, total: 3001 })).toBe('broken')
    expect(take({ ...piece, offset: 1500, channel: 1 })).toBe('broken')
    expect(take({ ...piece, offset: 0xffffffff })).toBe('broken')
    expect(take({ ...piece, offset: 1500 })).toBe('taken')
  })

  it('takes nothing beyond the credit it gave, and gives more as the game reads', () => {
    const { stream, take, read } = receiver(2 << 20)
    const million = { channel: 0, total: 1_000_000, offset: 0, payload: noise(1_000_000) }
    expect(take({ ...million, sequence: 0 })).toBe('taken')
    expect(take({ ...million, sequence: 1 })).toBe('taken')
    expect(take({ ...million, sequence: 2 })).toBe('beyond-credit')
    expect(stream.creditDue).toBe(false)
    read(1_000_000)
    expect(stream.creditDue).toBe(true)
    expect(take({ ...million, sequence: 2 })).toBe('beyond-credit')
    stream.tellCredit()
    expect(take({ ...million, sequence: 2 })).toBe('taken')
  })

  it('counts empty messages too: they are not for nothing', () => {
    const { take } = receiver(2 << 20)
    let taken = 0
    while (take({ sequence: taken, channel: 0, total: 0, offset: 0, payload: noise(0) }) === 'taken') taken++
    expect(taken).toBe((2 << 20) / MESSAGE_COST)
  })

  it('goes round at 2^32', () => {
    const out = sender(1 << 20)
    const { got, stream, take, read } = receiver()
    // 2^32 is reached by positions long before it is by sequence numbers: 4,200 messages of 1 MiB. The bytes go straight
    // from one stream to the other, since copying four gigabytes is not what is tested.
    const data = new Uint8Array(1_048_576)
    const straight = {
      length: 0,
      message: (sequence: number, channel: number, payload: Uint8Array) =>
        expect(take({ sequence, channel, total: payload.length, offset: 0, payload })).toBe('taken'),
    }
    for (let i = 0; i < 4200; i++) {
      out.grant(stream.tellCredit())
      out.push(0, data, false)
      out.fill(straight as never, 1 << 22)
      out.commit()
      expect(got.pop()?.length).toBe(data.length)
      read(data.length)
      expect(out.acknowledge(stream.sequence)).toBe(true)
    }
    expect(out.bufferedBytes).toBe(0)
  })
})
