// ByteWriter and ByteReader against each other, and each against a DataView.
import { describe, expect, it } from 'vitest'
import {
  ByteCursor,
  ByteReader,
  ByteWriter,
  fillFromWire,
  type Truncation,
  wireBytesOf,
} from '../../src/bytes/index.js'
import { toHex } from '../variant/hex.js'
import { Random } from '../variant/random.js'

class Truncated extends Error {
  constructor(readonly facts: { offset: number; needed: number; left: number }) {
    super('truncated')
  }
}

function reader(bytes: Uint8Array, offset = 0, end = bytes.length): ByteReader {
  return new ByteReader(bytes, offset, end, (facts) => {
    throw new Truncated(facts)
  })
}

function written(write: (writer: ByteWriter) => void): string {
  const writer = new ByteWriter(1)
  write(writer)
  return toHex(writer.toBytes())
}

describe('ByteWriter', () => {
  it('writes little-endian numbers', () => {
    expect(
      written((w) => {
        w.writeUint8(0x1ff)
        w.writeUint32(0xfffffffe)
        w.writeInt32(-2)
        w.writeBigInt64(-2n)
        w.writeBigUint64(2n ** 64n - 1n)
        w.writeFloat32(0.5)
        w.writeFloat64(-0)
      }),
    ).toBe('fffefffffffeffffff' + 'feffffffffffffff' + 'ffffffffffffffff' + '0000003f' + '0000000000000080')
  })

  it('keeps what it holds while it grows', () => {
    const writer = new ByteWriter(1)
    for (let i = 0; i < 1000; i++) writer.writeUint32(i)
    const view = new DataView(writer.toBytes().buffer)
    expect(view.byteLength).toBe(4000)
    for (let i = 0; i < 1000; i++) expect(view.getUint32(i * 4, true)).toBe(i)
  })

  it('pads to 4 from where it is told to count', () => {
    for (let length = 0; length < 9; length++) {
      const bytes = written((w) => {
        w.writeBytes(new Uint8Array(length).fill(7))
        w.padTo4()
      })
      expect(bytes).toBe('07'.repeat(length) + '00'.repeat(-length & 3))
    }
    expect(
      written((w) => {
        w.writeUint8(7)
        w.writeUint8(7)
        w.padTo4(1)
      }),
    ).toBe('0707000000')
  })

  it('pads with zeros over what a text once touched', () => {
    const writer = new ByteWriter(4)
    // Room for 3 bytes a unit is reserved and given back; what lay there must not show.
    writer.writeUtf8('\uffff\uffff\uffff', 'strict')
    writer.reset()
    writer.writeUtf8('a', 'strict')
    writer.padTo4()
    expect(toHex(writer.toBytes())).toBe('61000000')
  })

  it('gives copies, and forgets on reset', () => {
    const writer = new ByteWriter()
    writer.writeUint8(1)
    const first = writer.toBytes()
    writer.reset()
    writer.writeUint8(2)
    expect([...first, ...writer.toBytes()]).toEqual([1, 2])
    expect(writer.length).toBe(1)
  })

  it('says how many bytes a text took', () => {
    const writer = new ByteWriter()
    expect(writer.writeUtf8('h\u00e9\u20ac\u{1f600}', 'strict')).toBe(10)
    expect(writer.length).toBe(10)
  })
})

describe('ByteReader', () => {
  it('reads what the writer wrote', () => {
    const writer = new ByteWriter()
    writer.writeUint8(200)
    writer.writeUint32(0xdeadbeef)
    writer.writeInt32(-5)
    writer.writeBigInt64(-(2n ** 62n))
    writer.writeBigUint64(2n ** 63n)
    writer.writeFloat32(0.25)
    writer.writeFloat64(0.1)
    const r = reader(writer.toBytes())
    expect([r.readUint8(), r.readUint32(), r.readInt32()]).toEqual([200, 0xdeadbeef, -5])
    expect([r.readBigInt64(), r.readBigUint64()]).toEqual([-(2n ** 62n), 2n ** 63n])
    expect([r.readFloat32(), r.readFloat64(), r.left]).toEqual([0.25, 0.1, 0])
  })

  it('never reads past its end, and says what it lacked', () => {
    const r = reader(new Uint8Array(20), 4, 10)
    r.take(4)
    expect(() => r.readUint32()).toThrow(expect.objectContaining({ facts: { offset: 8, needed: 4, left: 2 } }))
    expect(r.offset).toBe(8)
    expect([...r.readView(2)]).toEqual([0, 0])
    expect(() => r.readUint8()).toThrow(Truncated)
    expect(r.take(0)).toBe(10)
  })

  it('reads a view into a larger buffer', () => {
    const bytes = new Uint8Array([9, 9, 9, 1, 0, 0, 0, 9]).subarray(3, 7)
    expect(reader(bytes).readUint32()).toBe(1)
  })
})

describe('varints', () => {
  const EDGES = [
    0, 1, 127, 128, 16383, 16384, 2097151, 2097152, 268435455, 268435456, 0x7fffffff, 0x80000000, 0xffffffff,
  ]

  it.each([
    [0, '00'],
    [127, '7f'],
    [128, '8001'],
    [300, 'ac02'],
    [16383, 'ff7f'],
    [16384, '808001'],
    [0xffffffff, 'ffffffff0f'],
  ])('%i is %s', (value, hex) => {
    expect(written((w) => w.writeVarint(value))).toBe(hex)
  })

  it('come back', () => {
    const r = new Random(6)
    for (const value of [...EDGES, ...r.list(2_000, () => r.uint32() >>> r.below(32))]) {
      const writer = new ByteWriter()
      writer.writeVarint(value)
      const read = reader(writer.toBytes())
      expect(read.readVarint()).toBe(value)
      expect(read.left).toBe(0)
    }
  })

  it.each(['ffffffff10', 'ffffffffff01', '808080808000', 'ffffffff1f'])('%s is too long or too large', (hex) => {
    expect(reader(Buffer.from(hex, 'hex')).readVarint()).toBeUndefined()
  })

  it('may be longer than need be', () => {
    expect(reader(Buffer.from('8000', 'hex')).readVarint()).toBe(0)
  })

  it('that are cut are cut', () => {
    expect(() => reader(Buffer.from('8080', 'hex')).readVarint()).toThrow(Truncated)
  })
})

describe('typed arrays on the wire', () => {
  it('are little-endian, NaN bits and all', () => {
    const floats = new Float32Array(2)
    fillFromWire(floats, Buffer.from('0100807f0000003f', 'hex'))
    expect(floats[1]).toBe(0.5)
    expect(toHex(wireBytesOf(floats))).toBe('0100807f0000003f')
    expect(toHex(wireBytesOf(new BigInt64Array([-2n])))).toBe('feffffffffffffff')
    expect(toHex(wireBytesOf(new Int32Array([1, 2]).subarray(1)))).toBe('02000000')
  })
})

describe('ByteCursor', () => {
  class Cursor extends ByteCursor {
    protected truncated(facts: Truncation): never {
      throw new Truncated(facts)
    }
  }

  it('reads what a reader reads, from the same places', () => {
    const random = new Random(5)
    const bytes = new Uint8Array(4_000).map(() => random.below(256))
    const [cursor, read] = [new Cursor(bytes, 3, 3_990), reader(bytes, 3, 3_990)]
    for (let turn = 0; turn < 5_000 && read.left >= 10; turn++) {
      expect(cursor.offset).toBe(read.offset)
      const which = random.below(3)
      if (which === 0) expect(cursor.readUint8()).toBe(read.readUint8())
      else if (which === 1) expect(cursor.readUint32()).toBe(read.readUint32())
      else expect(cursor.readVarint()).toBe(read.readVarint())
    }
    expect(read.left).toBeLessThan(10)
  })

  it('reads numbers above 2^31 as what they are', () => {
    expect(new Cursor(new Uint8Array([0xfe, 0xff, 0xff, 0xff]), 0, 4).readUint32()).toBe(0xfffffffe)
  })

  it('says what is missing, and stays where it was', () => {
    const cursor = new Cursor(new Uint8Array(8), 2, 5)
    expect(() => cursor.readUint32()).toThrow(expect.objectContaining({ facts: { offset: 2, needed: 4, left: 3 } }))
    expect(cursor.offset).toBe(2)
  })
})
