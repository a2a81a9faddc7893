// Captures: what is written is read, by us and as others save it; what is broken has a code and a place.
import { describe, expect, it } from 'vitest'
import { FrameWriter } from '../../src/channel/records.js'
import { isGodotWireError } from '../../src/errors.js'
import { type CapturedFrame, isCapture, PacketReader, readCapture, writeCapture } from '../../src/inspect/index.js'
import { seededBelow } from '../seeded.js'

const A = 76561197960265729n
const B = 76561197960265730n

function seen(frame: Uint8Array, more: Partial<CapturedFrame> = {}): CapturedFrame {
  return { at: 1_700_000_000_123.456, from: A, to: B, lane: 'reliable', taken: true, frame, ...more }
}

const FRAMES = [
  seen(new Uint8Array([1, 2, 3])),
  seen(new Uint8Array(70_000).fill(7), { lane: 'datagram', from: B, to: A }),
  seen(new Uint8Array([9]), { lane: undefined, taken: false, from: 2n ** 64n - 1n }),
  seen(new Uint8Array()),
]

/** Each 16-bit and 32-bit number of the blocks' own heads the other way around, as a machine of that kind writes it. */
function turned(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice()
  const view = new DataView(copy.buffer)
  const turn32 = (at: number) => view.setUint32(at, view.getUint32(at, true), false)
  const turn16 = (at: number) => view.setUint16(at, view.getUint16(at, true), false)
  for (let at = 0; at < bytes.length; ) {
    const type = view.getUint32(at, true)
    const size = view.getUint32(at + 4, true)
    for (const place of [at, at + 4, at + size - 4]) turn32(place)
    if (type === 0x0a0d0d0a) {
      turn32(at + 8)
      turn16(at + 12)
      turn16(at + 14)
    } else if (type === 1) turn16(at + 8)
    else for (let place = at + 8; place < at + 28; place += 4) turn32(place)
    at += size
  }
  return copy
}

describe('a capture', () => {
  it('is read as it was written', () => {
    const bytes = writeCapture(FRAMES)
    expect(isCapture(bytes)).toBe(true)
    const read = readCapture(bytes)
    expect(read.map(({ at, ...rest }) => rest)).toEqual(FRAMES.map(({ at, ...rest }) => rest))
    for (const { at } of read) expect(at).toBeCloseTo(1_700_000_000_123.456, 3)
  })

  it('is read from a machine of the other byte order', () => {
    const bytes = turned(writeCapture(FRAMES))
    expect(bytes).not.toEqual(writeCapture(FRAMES))
    expect(readCapture(bytes)).toEqual(readCapture(writeCapture(FRAMES)))
  })

  it('has what others captured left out, and a second section read', () => {
    const foreign = writeCapture([FRAMES[0]!])
    // The name of the dissector is another one.
    const name = Buffer.from(foreign).indexOf('godot_wire_capture')
    foreign.set(Buffer.from('something_else_all'), name)
    const both = Buffer.concat([foreign, writeCapture([FRAMES[2]!])])
    expect(readCapture(new Uint8Array(both))).toHaveLength(1)
  })

  const good = writeCapture([FRAMES[0]!])
  const changed = (at: number, value: number) => {
    const bytes = good.slice()
    new DataView(bytes.buffer).setUint32(at, value, true)
    return bytes
  }
  it.each([
    ['no file of this kind', new Uint8Array(40), 0],
    ['an empty one', new Uint8Array(), 0],
    ['cut in a block', good.subarray(0, good.length - 5), 48],
    ['cut before a length', good.subarray(0, 52), 48],
    ['a block without a length', changed(52, 0), 48],
    ['a block that goes on for ever', changed(52, 0xfffffffc), 48],
    ['a packet of no interface', changed(56, 9), 48],
    ['a packet beyond its block', changed(68, 4_000), 48],
  ])('that is %s has a code and a place', (_, bytes, offset) => {
    let caught: unknown
    try {
      readCapture(bytes)
    } catch (error) {
      caught = error
    }
    expect(isGodotWireError(caught, 'INSPECT_BAD_CAPTURE') && caught.offset).toBe(offset)
  })

  it('that is mutated at random is read or has a code', () => {
    const whole = writeCapture(FRAMES.filter(({ frame }) => frame.length < 100))
    let refused = 0
    const random = seededBelow(1)
    for (let i = 0; i < 5000; i++) {
      const bytes = whole.slice(0, random(4) === 0 ? random(whole.length) : whole.length)
      for (let j = random(4); j >= 0; j--) if (bytes.length > 0) bytes[random(bytes.length)] = random(256)
      try {
        expect(readCapture(bytes).length).toBeLessThanOrEqual(3)
      } catch (error) {
        expect(isGodotWireError(error, 'INSPECT_BAD_CAPTURE')).toBe(true)
        refused++
      }
    }
    expect(refused).toBeGreaterThan(100)
  })
})

describe('PacketReader', () => {
  const of = (write: (writer: FrameWriter) => void, session = 5, from = A) => {
    const writer = new FrameWriter().begin(session, 6)
    write(writer)
    return seen(writer.toBytes(), { from })
  }
  const part = (offset: number, bytes: number[], session = 5, from = A) =>
    of((writer) => writer.fragment(1, 3, 4, offset, new Uint8Array(bytes)), session, from)

  it('puts fragments together, of each sender and session by itself', () => {
    const reader = new PacketReader()
    expect(reader.packetsIn(part(0, [1, 2]))).toEqual([])
    expect(reader.packetsIn(part(0, [9, 9], 5, B))).toEqual([])
    expect(reader.packetsIn(part(0, [8, 8], 77))).toEqual([])
    expect(reader.packetsIn(part(2, [3, 4]))).toEqual([{ channel: 3, sequence: 1, data: new Uint8Array([1, 2, 3, 4]) }])
    expect(reader.packetsIn(part(2, [9, 9], 5, B))[0]?.data).toEqual(new Uint8Array([9, 9, 9, 9]))
  })

  it('makes nothing of fragments with a gap, or of sizes that cannot be', () => {
    const reader = new PacketReader()
    reader.packetsIn(part(0, [1]))
    expect(reader.packetsIn(part(2, [3, 4]))).toEqual([])
    // As many bytes as there should be, and one of them twice.
    reader.packetsIn(part(0, [1, 2]))
    expect(reader.packetsIn(part(1, [2, 3]))).toEqual([])
    expect(reader.packetsIn(of((writer) => writer.fragment(1, 3, 0xffffffff, 0, new Uint8Array(1))))).toEqual([])
    expect(reader.packetsIn(of((writer) => writer.fragment(1, 3, 2, 0, new Uint8Array(9))))).toEqual([])
  })

  it('waits for so many messages at a time and no more', () => {
    const reader = new PacketReader()
    for (let session = 1; session <= 65; session++) reader.packetsIn(part(0, [1, 2], session))
    expect(reader.packetsIn(part(2, [3, 4], 1))).toEqual([])
    expect(reader.packetsIn(part(2, [3, 4], 65))).toHaveLength(1)
  })
})
