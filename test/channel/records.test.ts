import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { FrameWriter, openFrame, type RecordVisitor, readRecords } from '../../src/channel/records.js'

type Told = [string, ...unknown[]]

/** Writes down what the records say, payloads as hex. */
function recorder(): { told: Told[]; visitor: RecordVisitor } {
  const told: Told[] = []
  const visitor = new Proxy({} as RecordVisitor, {
    get:
      (_, name) =>
      (...args: unknown[]) => {
        told.push([String(name), ...args.map((a) => (a instanceof Uint8Array ? Buffer.from(a).toString('hex') : a))])
      },
  })
  return { told, visitor }
}

function read(hex: string): Told[] {
  const { told, visitor } = recorder()
  const { destination, source, records } = openFrame(Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex')))
  told.push(['frame', destination, source])
  readRecords(records, visitor)
  return told
}

const NOTHING = { session: 0, sequence: 0 }
const SOME = { session: 0xfffffffe, sequence: 5 }

/** Each record of docs/protocol.md: how it is written, its bytes, and what a reader is told. */
const ROWS: [string, (frame: FrameWriter) => void, string, Told][] = [
  ['OPEN', (f) => f.open(4194304, NOTHING), '01 00004000 00000000 00000000', ['open', 4194304, NOTHING]],
  ['ACCEPT', (f) => f.accept(1, SOME), '02 01000000 feffffff 05000000', ['accept', 1, SOME]],
  ['UNKNOWN', (f) => f.unknown(9, SOME), '03 09000000 feffffff 05000000', ['unknown', 9, SOME]],
  ['PING', (f) => f.ping(0x01020304), '04 04030201', ['ping', 0x01020304]],
  ['PONG', (f) => f.pong(5), '05 05000000', ['pong', 5]],
  ['ACK', (f) => f.ack(3, 300, 6), '06 03000000 ac02 06000000', ['ack', 3, 300, 6]],
  ['DATAGRAM', (f) => f.datagram(0, new Uint8Array([1, 2])), '10 00 02 0102', ['datagram', 0, '0102']],
  ['DATAGRAM, empty', (f) => f.datagram(1, new Uint8Array()), '10 02 00', ['datagram', 1, '']],
  ['DATAGRAM, channel -1', (f) => f.datagram(-1, new Uint8Array([9])), '10 01 01 09', ['datagram', -1, '09']],
  [
    'DATAGRAM, the lowest channel',
    (f) => f.datagram(-(2 ** 31), new Uint8Array()),
    '10 ffffffff0f 00',
    ['datagram', -(2 ** 31), ''],
  ],
  [
    'DATAGRAM, the highest channel',
    (f) => f.datagram(2 ** 31 - 1, new Uint8Array()),
    '10 feffffff0f 00',
    ['datagram', 2 ** 31 - 1, ''],
  ],
  [
    'MESSAGE',
    (f) => f.message(1, 64, new Uint8Array([1, 2, 3])),
    '20 01000000 8001 03 010203',
    ['fragment', 1, 64, 3, 0, '010203'],
  ],
  [
    'FRAGMENT',
    (f) => f.fragment(2, 3, 1048576, 1024, new Uint8Array([5])),
    '21 02000000 06 808040 8008 01 05',
    ['fragment', 2, 3, 1048576, 1024, '05'],
  ],
]

describe('records', () => {
  it.each(ROWS)('%s is written and read as the protocol says', (_, write, hex, told) => {
    const frame = new FrameWriter().begin(0x11223344, 0xaabbccdd)
    write(frame)
    const expected = `01 44332211 ddccbbaa ${hex}`
    expect(Buffer.from(frame.toBytes()).toString('hex')).toBe(expected.replaceAll(' ', ''))
    expect(read(expected)).toEqual([['frame', 0x11223344, 0xaabbccdd], told])
  })

  it.each(ROWS)('%s is refused when it is cut anywhere', (_, write) => {
    const frame = new FrameWriter().begin(1, 2)
    write(frame)
    const whole = Buffer.from(frame.toBytes()).toString('hex')
    for (let length = 0; length < whole.length; length += 2) {
      expect(() => read(whole.slice(0, length)), `${length / 2} bytes`).toThrow(/CHANNEL_BAD_FRAME/)
    }
  })

  it('follow one another in a frame; those before a broken one are told', () => {
    const { told, visitor } = recorder()
    const { records } = openFrame(Uint8Array.from(Buffer.from('01000000000000000004010000000502000000ff', 'hex')))
    expect(() => readRecords(records, visitor)).toThrow(/at byte 19: unknown record type 255/)
    expect(told).toEqual([
      ['ping', 1],
      ['pong', 2],
    ])
  })

  it.each([
    ['another kind', '02 00000000 00000000 04 01000000'],
    ['no record', '01 00000000 00000000'],
    ['a varint of six bytes', '01 00000000 00000000 10 8080808080 01 00'],
    ['a varint above 32 bits', '01 00000000 00000000 10 ffffffff1f 00'],
    ['a length beyond the frame', '01 00000000 00000000 10 00 ffffffff0f 00'],
  ])('with %s are refused', (_, hex) => {
    expect(() => read(hex)).toThrow(/CHANNEL_BAD_FRAME/)
  })
})
