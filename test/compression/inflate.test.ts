// The decompressor of this package against pako's, on streams of every kind and on broken ones: the same bytes, or the same
// complaint. Once with Node's zlib behind it and once without, as in a browser.
import { constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import * as withNode from '../../src/compression/index.js'
import { codeOf } from '../variant/code-of.js'
import { Random } from '../variant/random.js'
import { unlikePako } from './pako-inflate.js'
import { withoutNode } from './pure.js'
import { sample } from './samples.js'

const KINDS = ['noise', 'zeros', 'repeats', 'text', 'ramp']
const STRATEGIES = [constants.Z_DEFAULT_STRATEGY, constants.Z_HUFFMAN_ONLY, constants.Z_RLE, constants.Z_FIXED]

type Room = typeof withNode

function packed(plain: Uint8Array, mode: 1 | 3, options: object): Uint8Array {
  return new Uint8Array((mode === 3 ? gzipSync : deflateSync)(plain, options))
}

/** What `decompressDynamic` gives, or the code that it throws with. */
function opened(room: Room, input: Uint8Array, mode: 1 | 3, limit: number): Uint8Array | string {
  try {
    return room.decompressDynamic(input, limit, mode)
  } catch (error) {
    return codeOf(error)
  }
}

function expectAsPako(room: Room, input: Uint8Array, mode: 1 | 3, limit: number): string {
  const found = opened(room, input, mode, limit)
  const wrong = unlikePako(found, input, mode, limit)
  if (wrong !== undefined) throw new Error(`${wrong}; ${Buffer.from(input).toString('hex')}`)
  return typeof found === 'string' ? found : 'bytes'
}

describe.each([
  ['with Node', async () => withNode],
  ['without Node', withoutNode],
] as const)('%s', (_, open) => {
  it('opens every kind of block at every size', async () => {
    const room = await open()
    const r = new Random(1)
    for (const kind of KINDS) {
      for (const size of [...r.list(15, () => 1 + r.below(3_000)), 16_384, 40_000, 70_000]) {
        const plain = sample(kind, size, size, 4)
        for (const strategy of STRATEGIES) {
          const mode = r.pick([1, 3] as const)
          const input = packed(plain, mode, {
            level: r.below(10),
            strategy,
            windowBits: 9 + r.below(7),
            memLevel: 1 + r.below(9),
          })
          expect(Buffer.compare(room.decompressDynamic(input, size, mode), plain), `${kind} ${size}`).toBe(0)
          expect(Buffer.compare(room.decompress(input, size, mode), plain)).toBe(0)
          expect(opened(room, input, mode, size - 1)).toBe('COMPRESSION_LIMIT')
        }
      }
    }
  })

  it('says of broken streams what pako says', async () => {
    const room = await open()
    const r = new Random(2)
    const seeds = [30, 300, 3_000].flatMap((size) =>
      KINDS.flatMap((kind) =>
        STRATEGIES.flatMap((strategy) =>
          ([1, 3] as const).map((mode) => ({ mode, bytes: packed(sample(kind, 5, size, 4), mode, { strategy }) })),
        ),
      ),
    )
    const said = new Set<string>()
    for (let i = 0; i < 20_000; i++) {
      const { mode, bytes: whole } = r.pick(seeds)
      const bytes = whole.slice(0, r.oneIn(4) ? 1 + r.below(whole.length) : undefined)
      for (let n = r.below(3); n >= 0; n--)
        bytes[r.below(Math.min(bytes.length, r.oneIn(2) ? 60 : 4_000))]! ^= 1 << r.below(8)
      // A right header that asks for a dictionary.
      if (mode === 1 && r.oneIn(50)) bytes.set([0x78, 0xbb].slice(0, bytes.length))
      said.add(expectAsPako(room, bytes, mode, r.pick([10, 100, 4_000])))
    }
    for (const code of ['TRUNCATED', 'CORRUPT', 'LIMIT', 'DICTIONARY', 'TRAILING_BYTES']) {
      expect(said).toContain(`COMPRESSION_${code}`)
    }
    expect(said).toContain('bytes')
  })

  it.each([
    // A block whose code lengths have no codes: every bit means that a length is 0.
    ['78010d000000c2a0f74f', 1, 'COMPRESSION_TRUNCATED'],
    ['789c9c630000000100', 1, 'COMPRESSION_TRUNCATED'],
    ['1f8b0800000000000003050000000000', 3, 'COMPRESSION_TRUNCATED'],
    [`1f8b080000000000000305${'00'.repeat(60)}`, 3, 'COMPRESSION_CORRUPT'],
  ] as const)('says of %s what pako says', async (hex, mode, code) => {
    expect(expectAsPako(await open(), new Uint8Array(Buffer.from(hex, 'hex')), mode, 100)).toBe(code)
  })

  it('says of noise what pako says', async () => {
    const room = await open()
    const r = new Random(3)
    for (let i = 0; i < 20_000; i++) {
      // A right header, and then anything: most often a block with codes of its own.
      const bytes = Uint8Array.from([0x78, 0x9c, ...r.list(3 + r.below(60), () => r.below(256))])
      if (r.oneIn(2)) bytes[2] = (bytes[2]! & 0xf8) | 4 | r.below(2)
      expectAsPako(room, bytes, 1, 2_000)
    }
  })

  it('opens bytes that lie anywhere, and gives bytes of its own', async () => {
    const room = await open()
    for (const size of [200, 20_000]) {
      const plain = sample('noise', 1, size, 4)
      const input = packed(plain, 3, {})
      const inside = new Uint8Array(input.length + 10)
      inside.set(input, 5)
      const found = room.decompressDynamic(inside.subarray(5, 5 + input.length), size, 3)
      inside.fill(0)
      expect(Buffer.compare(found, plain)).toBe(0)
      expect([found.constructor, found.byteOffset, found.buffer.byteLength]).toEqual([Uint8Array, 0, size])
    }
  })

  it('stops a bomb as soon as there is too much', async () => {
    const room = await open()
    const bomb = packed(new Uint8Array(50_000_000), 1, {})
    const before = process.memoryUsage().arrayBuffers
    for (const limit of [0, 1, 1_000, 1_000_000]) expect(opened(room, bomb, 1, limit)).toBe('COMPRESSION_LIMIT')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8_000_000)
  })

  it('makes nothing for a stored block that claims more than it brings', async () => {
    const room = await open()
    const bytes = Uint8Array.from([0x78, 0x9c, 1, 0xff, 0xff, 0, 0, 1, 2, 3])
    expect(opened(room, bytes, 1, 1_000_000)).toBe('COMPRESSION_TRUNCATED')
  })
})

describe('many blocks', () => {
  it('are opened one behind the other, each with its own codes', () => {
    const parts = KINDS.map((kind) => sample(kind, 3, 900, 4))
    const plain = Buffer.concat(parts)
    const blocks = parts.map((part, i) => {
      const finish = i === parts.length - 1 ? constants.Z_FINISH : constants.Z_FULL_FLUSH
      return deflateRawSync(part, { finishFlush: finish, strategy: STRATEGIES[i % 4]! })
    })
    const adler = packed(plain, 1, {}).subarray(-4)
    const stream = new Uint8Array(Buffer.concat([Buffer.from([0x78, 0x9c]), ...blocks, adler]))
    expect(Buffer.compare(withNode.decompressDynamic(stream, -1, 1), plain)).toBe(0)
  })
})
