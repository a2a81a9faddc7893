// The reader that shows frames beside the one that acts on them: written apart, held against each other.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeFrame } from '../../src/channel/frame-report.js'
import { FrameWriter } from '../../src/channel/records.js'
import { annotateFrame, readFrame, summary } from '../../src/inspect/index.js'
import { annotateVar, type ByteRange, varToBytes } from '../../src/variant/index.js'

const u32 = fc.integer({ min: 0, max: 0xffffffff })
const channel = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const payload = fc.uint8Array({ maxLength: 40 })
const received = fc.record({ session: u32, sequence: u32 })

const record = fc.oneof(
  fc.tuple(u32, received).map(
    ([credit, got]) =>
      (w: FrameWriter) =>
        w.open(credit, got),
  ),
  fc.tuple(u32, received).map(
    ([credit, got]) =>
      (w: FrameWriter) =>
        w.accept(credit, got),
  ),
  fc.tuple(u32, received).map(
    ([session, got]) =>
      (w: FrameWriter) =>
        w.unknown(session, got),
  ),
  u32.map((token) => (w: FrameWriter) => w.ping(token)),
  u32.map((token) => (w: FrameWriter) => w.pong(token)),
  fc.tuple(u32, u32, u32).map(
    ([sequence, held, credit]) =>
      (w: FrameWriter) =>
        w.ack(sequence, held, credit),
  ),
  fc.tuple(channel, payload).map(
    ([on, data]) =>
      (w: FrameWriter) =>
        w.datagram(on, data),
  ),
  fc.tuple(u32, channel, payload).map(
    ([sequence, on, data]) =>
      (w: FrameWriter) =>
        w.message(sequence, on, data),
  ),
  fc.tuple(u32, channel, u32, u32, payload).map(
    ([sequence, on, total, offset, data]) =>
      (w: FrameWriter) =>
        w.fragment(sequence, on, total, offset, data),
  ),
)
const frame = fc.tuple(u32, u32, fc.array(record, { minLength: 1, maxLength: 6 })).map(([to, from, records]) => {
  const writer = new FrameWriter().begin(to, from)
  for (const write of records) write(writer)
  return writer.toBytes()
})
const broken = fc
  .tuple(frame, fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }), fc.nat())
  .map(([bytes, changes, cut]) => {
    const copy = bytes.slice(0, cut % 3 === 0 ? cut % (bytes.length + 1) : bytes.length)
    for (const [at, value] of changes) if (copy.length > 0) copy[at % copy.length] = value
    return copy
  })

/** What both readers say, in the words of one. */
function told(bytes: Uint8Array) {
  const { destination, source, records, broken: wrong } = readFrame(bytes)
  return { destination, source, names: records.map(({ name }) => name), broken: wrong !== undefined }
}

function toldBySessions(bytes: Uint8Array) {
  const { destination, source, records, broken: wrong } = describeFrame(bytes)
  return { destination, source, names: records.map(({ name }) => name), broken: wrong !== undefined }
}

/** A fragment that is all there is of its message is a MESSAGE to sessions. */
function alike(names: readonly string[]): string[] {
  return names.map((name) => (name === 'FRAGMENT' ? 'MESSAGE' : name))
}

function leaves(range: ByteRange): ByteRange[] {
  return range.children.length === 0 ? [range] : range.children.flatMap(leaves)
}

describe('readFrame', () => {
  it('reads what the sessions read, whole and broken', () => {
    fc.assert(
      fc.property(fc.oneof(frame, broken), (bytes) => {
        const [mine, theirs] = [told(bytes), toldBySessions(bytes)]
        expect({ ...mine, names: alike(mine.names) }).toEqual({
          ...theirs,
          names: alike(theirs.names),
          // The header is told as far as it was read.
          destination: mine.destination,
          source: mine.source,
        })
        if (bytes.length > 9 && bytes[0] === 1) expect(mine.source).toBe(theirs.source)
      }),
      { numRuns: 3000 },
    )
  })

  it('tells each field with its value and its place', () => {
    const writer = new FrameWriter().begin(7, 9)
    writer.ack(5, 300, 1_000_000)
    writer.fragment(3, -2, 500, 100, new Uint8Array([1, 2]))
    const { records } = readFrame(writer.toBytes())
    expect(records.map(({ fields }) => fields.map(({ label, value }) => [label, value]))).toEqual([
      [
        ['sequence', 5],
        ['held', 300],
        ['credit', 1_000_000],
      ],
      [
        ['sequence', 3],
        ['channel', -2],
        ['total', 500],
        ['offset', 100],
        ['length', 2],
      ],
    ])
    expect(records[1]?.payload).toBe(records[1]!.end - 2)
  })
})

describe('annotateFrame', () => {
  it('has a meaning for each byte, side by side', () => {
    fc.assert(
      fc.property(fc.oneof(frame, broken), (bytes) => {
        const all = leaves(annotateFrame(bytes, (data) => annotateVar(data).root)).filter(
          ({ start, end }) => start < end,
        )
        let at = 0
        for (const { start, end } of all) {
          expect(start).toBe(at)
          at = end
        }
        expect(at).toBe(bytes.length)
      }),
      { numRuns: 1000 },
    )
  })

  it('puts the value of a packet at its place', () => {
    const writer = new FrameWriter().begin(7, 9)
    writer.message(1, 4, varToBytes('hi'))
    const bytes = writer.toBytes()
    const text = leaves(annotateFrame(bytes, (data) => annotateVar(data).root)).find(({ label }) => label === 'text')
    expect(new TextDecoder().decode(bytes.subarray(text?.start, text?.end))).toBe('hi')
  })

  it('marks what is broken with its code and place', () => {
    const root = annotateFrame(new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0, 0, 0x77]))
    expect(root.children.at(-1)).toMatchObject({ start: 9, end: 10, error: { code: 'CHANNEL_BAD_FRAME', offset: 9 } })
    expect(summary(readFrame(new Uint8Array([2])))).toBe('broken: kind 2')
  })
})
