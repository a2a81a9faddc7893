// What must not come through: too much, too little, something else. Every answer is one of this room's codes, and the
// next call works as if nothing had been.
import { crc32, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { COMPRESSION_ERRORS } from '../../src/compression/errors.js'
import {
  COMPRESSION_BROTLI,
  COMPRESSION_DEFLATE,
  COMPRESSION_FASTLZ,
  COMPRESSION_GZIP,
  COMPRESSION_ZSTD,
  type CompressionMode,
  type CompressOptions,
  compress,
  decompress,
  decompressDynamic,
  ready,
} from '../../src/compression/index.js'
import { codeFrom, codeOf } from '../variant/code-of.js'
import { fromHex, toHex } from '../variant/hex.js'
import { Random } from '../variant/random.js'
import { sample } from './samples.js'

const MODES = [
  ['DEFLATE', COMPRESSION_DEFLATE],
  ['GZIP', COMPRESSION_GZIP],
] as const

const seen = new Set<string>()

function code(call: () => unknown): string | undefined {
  const found = codeFrom(call)
  if (found !== undefined) seen.add(found)
  return found
}

const HELLO = new TextEncoder().encode('hello')

afterEach(() => {
  // No error leaves anything behind.
  expect(toHex(compress(HELLO, COMPRESSION_DEFLATE))).toBe('789ccb48cdc9c90700062c0215')
  expect(toHex(decompressDynamic(fromHex('789ccb48cdc9c90700062c0215'), 5, COMPRESSION_DEFLATE))).toBe(toHex(HELLO))
})

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

describe.each(MODES)('%s', (_name, mode) => {
  const plain = sample('text', 5, 1000, 4)
  const packed = compress(plain, mode)

  it('of nothing is nothing', () => {
    expect(compress(new Uint8Array(), mode).length).toBe(0)
    expect(code(() => decompress(new Uint8Array(), 10, mode))).toBe('COMPRESSION_EMPTY')
    expect(code(() => decompressDynamic(new Uint8Array(), -1, mode))).toBe('COMPRESSION_EMPTY')
  })

  it('holds at most what it may: n passes, n - 1 does not', () => {
    for (const size of [1, 2, 5, 1000, 16383, 16384, 16385, 32768, 100_000]) {
      const bytes = sample('ramp', size, size, 4)
      const small = compress(bytes, mode)
      expect(toHex(decompressDynamic(small, size, mode))).toBe(toHex(bytes))
      expect(code(() => decompressDynamic(small, size - 1, mode))).toBe('COMPRESSION_LIMIT')
      expect(toHex(decompress(small, size, mode))).toBe(toHex(bytes))
      if (size > 1) expect(code(() => decompress(small, size - 1, mode))).toBe('COMPRESSION_LIMIT')
    }
  })

  it('has no limit with -1, and none is left with 0', () => {
    expect(decompressDynamic(packed, -1, mode).length).toBe(1000)
    expect(decompressDynamic(packed, -5, mode).length).toBe(1000)
    expect(code(() => decompressDynamic(packed, 0, mode))).toBe('COMPRESSION_LIMIT')
    expect(decompressDynamic(new Uint8Array(mode === 3 ? gzipSync('') : deflateSync('')), 0, mode).length).toBe(0)
  })

  it('fits into a buffer that is larger than need be', () => {
    expect(toHex(decompress(packed, 100_000, mode))).toBe(toHex(plain))
    expect(decompress(packed, 0x7fffffff, mode).length).toBe(1000)
  })

  it.each([0, -1, 1.5, Number.NaN, 2 ** 31, Number.POSITIVE_INFINITY, '5'])('takes no buffer of %s', (size) => {
    expect(code(() => decompress(packed, size as number, mode))).toBe('COMPRESSION_BAD_SIZE')
  })

  it.each([1.5, Number.NaN, 2 ** 31, Number.POSITIVE_INFINITY, '5', null])('takes no limit of %s', (size) => {
    expect(code(() => decompressDynamic(packed, size as number, mode))).toBe('COMPRESSION_BAD_SIZE')
  })

  it('stops a bomb early', { timeout: 60_000 }, () => {
    const bomb = new Uint8Array((mode === 3 ? gzipSync : deflateSync)(Buffer.alloc(200_000_000)))
    const before = process.memoryUsage()
    expect(code(() => decompressDynamic(bomb, 100_000, mode))).toBe('COMPRESSION_LIMIT')
    expect(code(() => decompress(bomb, 100_000, mode))).toBe('COMPRESSION_LIMIT')
    const after = process.memoryUsage()
    // 200 MB would come out; only chunks up to the limit may have been made.
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(4_000_000)
  })

  it('cut anywhere is cut', () => {
    for (let length = 1; length < packed.length; length++) {
      const cut = packed.subarray(0, length)
      expect(
        code(() => decompressDynamic(cut, -1, mode)),
        `${length} bytes`,
      ).toBe('COMPRESSION_TRUNCATED')
      expect(
        code(() => decompress(cut, 1000, mode)),
        `${length} bytes`,
      ).toBe('COMPRESSION_TRUNCATED')
    }
  })

  it('with something behind it is refused where the engine hangs, and read where it reads', () => {
    for (const more of [fromHex('00'), fromHex('deadbeef'), packed]) {
      const both = joined(packed, more)
      expect(code(() => decompressDynamic(both, -1, mode))).toBe('COMPRESSION_TRAILING_BYTES')
      expect(toHex(decompress(both, 2000, mode))).toBe(toHex(plain))
    }
  })

  it('with a wrong checksum is broken', () => {
    // Of gzip's last 8 bytes the first 4 are the CRC and the last 4 the length; zlib ends with its Adler checksum.
    for (let back = 1; back <= (mode === 3 ? 8 : 4); back++) {
      const wrong = packed.slice()
      wrong[wrong.length - back]! ^= 0x10
      expect(
        code(() => decompressDynamic(wrong, -1, mode)),
        `${back}`,
      ).toBe('COMPRESSION_CORRUPT')
      expect(
        code(() => decompress(wrong, 1000, mode)),
        `${back}`,
      ).toBe('COMPRESSION_CORRUPT')
    }
  })

  it('is not the other mode', () => {
    const other = mode === 3 ? COMPRESSION_DEFLATE : COMPRESSION_GZIP
    expect(code(() => decompressDynamic(packed, -1, other))).toBe('COMPRESSION_CORRUPT')
    expect(code(() => decompress(packed, 1000, other))).toBe('COMPRESSION_CORRUPT')
  })

  it('reads what another zlib made at any level', () => {
    for (const level of [0, 1, 6, 9]) {
      const theirs = new Uint8Array((mode === 3 ? gzipSync : deflateSync)(plain, { level }))
      expect(toHex(decompressDynamic(theirs, 1000, mode))).toBe(toHex(plain))
    }
  })

  it('reads from a view, and gives bytes of its own', () => {
    const view = joined(fromHex('ffff'), packed, fromHex('ff')).subarray(2, 2 + packed.length)
    const read = decompressDynamic(view, -1, mode)
    view.fill(0)
    expect(toHex(read)).toBe(toHex(plain))
  })

  it('of anything at all is bytes or one of the codes', { timeout: 60_000 }, () => {
    const r = new Random(mode)
    const seeds = ['text', 'noise', 'repeats', 'players'].map((kind) => compress(sample(kind, 3, 40, 4), mode))
    for (let i = 0; i < 20_000; i++) {
      const bytes = r.pick(seeds).slice(0, r.oneIn(3) ? 1 + r.below(60) : undefined)
      for (let n = r.below(4); n >= 0; n--) bytes[r.below(bytes.length)]! ^= 1 << r.below(8)
      try {
        if (decompressDynamic(bytes, 5_000, mode).length > 5_000) throw new Error(toHex(bytes))
      } catch (error) {
        seen.add(codeOf(error))
      }
    }
  })
})

describe('gzip', () => {
  it('ends with its first member', () => {
    const two = joined(compress(HELLO, COMPRESSION_GZIP), compress(new Uint8Array([1]), COMPRESSION_GZIP))
    expect(toHex(decompress(two, 100, COMPRESSION_GZIP))).toBe(toHex(HELLO))
    expect(code(() => decompressDynamic(two, 100, COMPRESSION_GZIP))).toBe('COMPRESSION_TRAILING_BYTES')
  })

  it('may carry a name, a comment, extra bytes and a checksum of the head', () => {
    const body = compress(HELLO, COMPRESSION_GZIP).subarray(10)
    const head = fromHex('1f8b081e 00000000 0003 0200 abcd 6e616d6500 636f6d6d656e7400')
    const check = crc32(head) & 0xffff
    const whole = joined(head, new Uint8Array([check & 255, check >> 8]), body)
    expect(toHex(decompressDynamic(whole, -1, COMPRESSION_GZIP))).toBe(toHex(HELLO))
  })
})

describe('a preset dictionary', () => {
  it('is named as the reason', () => {
    const bytes = new Uint8Array(deflateSync(Buffer.from('hello hello'), { dictionary: Buffer.from('hello') }))
    expect(code(() => decompressDynamic(bytes, -1, COMPRESSION_DEFLATE))).toBe('COMPRESSION_DICTIONARY')
    expect(code(() => decompress(bytes, 100, COMPRESSION_DEFLATE))).toBe('COMPRESSION_DICTIONARY')
  })
})

describe('modes', () => {
  it('have the numbers of Godot', () => {
    expect([COMPRESSION_FASTLZ, COMPRESSION_DEFLATE, COMPRESSION_ZSTD, COMPRESSION_GZIP, COMPRESSION_BROTLI]).toEqual([
      0, 1, 2, 3, 4,
    ])
  })

  function refused(mode: unknown): void {
    for (const call of [compress, (b: Uint8Array, m: CompressionMode) => decompress(b, 9, m)]) {
      expect(codeFrom(() => call(HELLO, mode as CompressionMode))).toBe('COMPRESSION_MODE')
    }
    expect(code(() => decompressDynamic(HELLO, 9, mode as CompressionMode))).toBe('COMPRESSION_MODE')
  }

  it.each([-1, 5, 1.5, Number.NaN, null])('are not %s', refused)

  // Known: a text that is a key of the table of modes passes for a mode.
  it.each(['1', 'constructor'])('are not the text %s', refused)
})

describe('options', () => {
  const option = (options: unknown, mode: CompressionMode = COMPRESSION_GZIP) =>
    code(() => compress(HELLO, mode, options as CompressOptions))

  it.each([
    ['a version that is none', { version: 2 }],
    ['a level below the lowest', { compressionLevel: -2 }],
    ['a level above the highest', { compressionLevel: 10 }],
    ['a level that is no whole number', { compressionLevel: 1.5 }],
    ['a level in text', { compressionLevel: '6' }],
    ['fast as a number', { fast: 1 }],
    ['null', null],
    ['a number', 6],
  ])('are not %s', (_what, options) => {
    expect(option(options)).toBe('COMPRESSION_BAD_OPTION')
  })

  it('have the range of the mode', () => {
    expect(option({ compressionLevel: 1 }, COMPRESSION_FASTLZ)).toBe('COMPRESSION_BAD_OPTION')
    for (const level of [-1, 0, 9]) expect(option({ compressionLevel: level })).toBeUndefined()
    for (const level of [-1, 0, 23]) {
      expect(option({ compressionLevel: level }, COMPRESSION_ZSTD)).toBe('COMPRESSION_BAD_OPTION')
    }
  })

  it('are checked although there is nothing to compress', () => {
    expect(code(() => compress(new Uint8Array(), 3, { compressionLevel: 77 }))).toBe('COMPRESSION_BAD_OPTION')
    expect(code(() => decompress(HELLO, 5, 3, { version: 5 as 4 }))).toBe('COMPRESSION_BAD_OPTION')
    expect(code(() => decompressDynamic(HELLO, 5, 3, { version: 5 as 4 }))).toBe('COMPRESSION_BAD_OPTION')
  })
})

describe('what each engine can do in which mode', () => {
  const can = (call: () => unknown) => code(call) !== 'COMPRESSION_MODE'
  const modes = [0, 1, 2, 3, 4] as const

  it('is what we can', () => {
    for (const version of [3, 4] as const) {
      const brotli = version === 4
      expect(modes.map((mode) => can(() => compress(HELLO, mode, { version })))).toEqual([
        true,
        true,
        true,
        true,
        false,
      ])
      expect(modes.map((mode) => can(() => decompress(HELLO, 9, mode, { version })))).toEqual([
        true,
        true,
        true,
        true,
        brotli,
      ])
      const dynamic = modes.map((mode) => can(() => decompressDynamic(HELLO, 9, mode, { version })))
      expect(dynamic).toEqual([false, true, false, true, brotli])
    }
  })
})

describe('input', () => {
  it.each([
    ['a text', 'hello'],
    ['an array', [1]],
    ['null', null],
    ['an ArrayBuffer', new ArrayBuffer(4)],
  ])('is not %s', (_what, input) => {
    expect(code(() => compress(input as never, COMPRESSION_GZIP))).toBe('COMPRESSION_BAD_INPUT')
    expect(code(() => decompress(input as never, 9, COMPRESSION_GZIP))).toBe('COMPRESSION_BAD_INPUT')
    expect(code(() => decompressDynamic(input as never, 9, COMPRESSION_GZIP))).toBe('COMPRESSION_BAD_INPUT')
  })

  it('may be a Buffer', () => {
    expect(toHex(compress(Buffer.from('hello'), COMPRESSION_DEFLATE))).toBe('789ccb48cdc9c90700062c0215')
  })
})

describe('ready', () => {
  it('is what ZSTD and BROTLI ask for by name', () => {
    expect(code(() => compress(HELLO, COMPRESSION_ZSTD))).toBe('COMPRESSION_NOT_READY')
    expect(code(() => decompress(HELLO, 9, COMPRESSION_BROTLI))).toBe('COMPRESSION_NOT_READY')
    expect(code(() => decompressDynamic(HELLO, 9, COMPRESSION_BROTLI))).toBe('COMPRESSION_NOT_READY')
    expect(() => compress(HELLO, COMPRESSION_ZSTD)).toThrow(/await ready\(COMPRESSION_ZSTD\)/)
  })

  it('is not needed for nothing, nor to open ZSTD', () => {
    expect(compress(new Uint8Array(), COMPRESSION_ZSTD).length).toBe(0)
    expect(toHex(decompress(fromHex('28b52ffd200529000068656c6c6f'), 5, COMPRESSION_ZSTD))).toBe(toHex(HELLO))
  })

  it('names the package that is missing', async () => {
    vi.doMock('@hpcc-js/wasm-zstd', () => {
      throw new Error('not installed')
    })
    const failure = await ready(COMPRESSION_ZSTD).catch((error: unknown) => error)
    vi.doUnmock('@hpcc-js/wasm-zstd')
    seen.add(codeOf(failure))
    expect(failure).toMatchObject({ code: 'COMPRESSION_MISSING_PACKAGE', cause: expect.anything() })
    expect(String(failure)).toContain('npm install @hpcc-js/wasm-zstd')
  })

  it('loads once, after a failure too, and asks for nothing else', async () => {
    await ready()
    await ready(COMPRESSION_FASTLZ, COMPRESSION_GZIP)
    expect(code(() => compress(HELLO, COMPRESSION_ZSTD))).toBe('COMPRESSION_NOT_READY')
    await Promise.all([ready(COMPRESSION_ZSTD, COMPRESSION_BROTLI), ready(COMPRESSION_ZSTD)])
    expect(toHex(decompress(compress(HELLO, COMPRESSION_ZSTD), 5, COMPRESSION_ZSTD))).toBe(toHex(HELLO))
  })
})

describe('the codes', () => {
  it('have all come up', () => {
    expect([...seen].sort()).toEqual(Object.keys(COMPRESSION_ERRORS).sort())
  })
})
