// BROTLI twice: by Node's zlib, and by the WebAssembly decoder that browsers load.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { brotliCompressSync, constants } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { brotliFromNode, brotliFromWasm } from '../../src/compression/brotli.js'
import { COMPRESSION_BROTLI, decompress, decompressDynamic, ready } from '../../src/compression/index.js'
import type { BrotliCodec } from '../../src/compression/loaded.js'
import { nodeZlib } from '../../src/compression/node-zlib.js'
import { codeFrom } from '../variant/code-of.js'
import { toHex } from '../variant/hex.js'
import { Random } from '../variant/random.js'
import { sample } from './samples.js'

const KINDS = ['noise', 'zeros', 'repeats', 'text', 'ramp']

function packed(plain: Uint8Array, quality = 9): Uint8Array {
  return new Uint8Array(brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }))
}

async function wasm(): Promise<BrotliCodec> {
  const { initSync, BrotliDecStream } = await import('brotli-dec-wasm/web')
  const file = createRequire(import.meta.url).resolve('brotli-dec-wasm/web/bg.wasm')
  initSync({ module: readFileSync(file) })
  return brotliFromWasm(() => new BrotliDecStream())
}

describe.each([
  ['by Node', async () => brotliFromNode(nodeZlib()!)],
  ['by WebAssembly', wasm],
] as const)('BROTLI %s', (_, make) => {
  let codec: BrotliCodec
  beforeAll(async () => {
    codec = await make()
  })

  it('is opened at every size and quality', () => {
    const r = new Random(1)
    for (const kind of KINDS) {
      for (const size of [0, 1, 2, ...r.list(12, () => 1 + r.below(3_000)), 16_384, 100_000]) {
        const plain = sample(kind, 1, size, 4)
        const opened = codec.decompress(packed(plain, r.below(10)), size)
        expect(Buffer.compare(opened, plain), `${kind} ${size}`).toBe(0)
        expect([opened.constructor, opened.byteOffset, opened.buffer.byteLength]).toEqual([Uint8Array, 0, size])
      }
    }
  })

  it('holds at most what it may: n passes, n - 1 does not', () => {
    for (const size of [1, 2, 16_383, 16_384, 16_385, 50_000]) {
      const input = packed(sample('text', 1, size, 4))
      expect(codec.decompress(input, size).length).toBe(size)
      expect(codeFrom(() => codec.decompress(input, size - 1))).toBe('COMPRESSION_LIMIT')
    }
  })

  it('stops a bomb', () => {
    const bomb = packed(new Uint8Array(50_000_000))
    const before = process.memoryUsage().arrayBuffers
    expect(codeFrom(() => codec.decompress(bomb, 100_000))).toBe('COMPRESSION_LIMIT')
    // The window of Brotli is up to 16 MiB, whatever comes out.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(24_000_000)
  })

  it('cut anywhere is cut', () => {
    const input = packed(sample('text', 1, 1_000, 4))
    for (let length = 1; length < input.length; length++) {
      expect(
        codeFrom(() => codec.decompress(input.subarray(0, length), 2_000)),
        `${length}`,
      ).toBe('COMPRESSION_TRUNCATED')
    }
  })

  it('may have something behind it, as in the engine', () => {
    const input = packed(sample('text', 1, 1_000, 4))
    expect(codec.decompress(new Uint8Array([...input, 1, 2, 3]), 2_000).length).toBe(1_000)
  })

  it('of anything at all is bytes or one of the codes, and goes on working', () => {
    const r = new Random(6)
    const seeds = KINDS.map((kind) => packed(sample(kind, 3, 400, 4)))
    const codes = new Set<string | undefined>()
    for (let i = 0; i < 6_000; i++) {
      const bytes = r.pick(seeds).slice(0, r.oneIn(4) ? 1 + r.below(60) : undefined)
      for (let n = r.below(4); n >= 0; n--) bytes[r.below(Math.min(bytes.length, 200))]! ^= 1 << r.below(8)
      codes.add(codeFrom(() => expect(codec.decompress(bytes, 300).length).toBeLessThanOrEqual(300)))
    }
    expect([...codes].sort()).toEqual(['COMPRESSION_CORRUPT', 'COMPRESSION_LIMIT', 'COMPRESSION_TRUNCATED', undefined])
    expect(codec.decompress(seeds[3]!, 400).length).toBe(400)
  })
})

describe('through the door', () => {
  it('is opened with a size and without one', async () => {
    await ready(COMPRESSION_BROTLI)
    const plain = sample('text', 1, 500, 4)
    expect(toHex(decompress(packed(plain), 1_000, COMPRESSION_BROTLI))).toBe(toHex(plain))
    expect(toHex(decompressDynamic(packed(plain), -1, COMPRESSION_BROTLI))).toBe(toHex(plain))
    expect(codeFrom(() => decompressDynamic(packed(plain), 499, COMPRESSION_BROTLI))).toBe('COMPRESSION_LIMIT')
    expect(codeFrom(() => decompressDynamic(packed(plain).subarray(0, 20), -1, COMPRESSION_BROTLI))).toBe(
      'COMPRESSION_TRUNCATED',
    )
  })
})
