// The fast paths of UTF-8 against the slow ones, and both against what Node makes of the same text.
import { describe, expect, it } from 'vitest'
import { readUtf8, readUtf8Slowly, type Utf8Dialect, writeUtf8, writeUtf8Slowly } from '../../src/bytes/index.js'
import { Random } from '../variant/random.js'

const DIALECTS: readonly Utf8Dialect[] = ['strict', 'lenient']

type Writer = typeof writeUtf8

function written(write: Writer, text: string, dialect: Utf8Dialect): string {
  const target = new Uint8Array(text.length * 3 + 8).fill(0xaa)
  const end = write(target, 4, text, dialect)
  expect([...target.subarray(0, 4), ...target.subarray(end, end + 4)].every((byte) => byte === 0xaa)).toBe(true)
  return Buffer.from(target.subarray(4, end)).toString('hex')
}

/** Lengths on both sides of the border between a loop and the platform's codec. */
const LENGTHS = [0, 1, 2, 3, 10, 11, 16, 31, 32, 33, 34, 64, 65, 200]

/** UTF-16 units of all kinds: ASCII, NUL, surrogates in and out of pairs, the last and the first of each range. */
const UNITS = [
  0, 1, 0x41, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xd800, 0xd83d, 0xdbff, 0xdc00, 0xde00, 0xdfff, 0xe000, 0xfeff, 0xffff,
]

function randomText(r: Random, length: number): string {
  const weird = r.oneIn(2)
  return String.fromCharCode(...r.list(length, () => (weird ? r.pick(UNITS) : 0x20 + r.below(0x60))))
}

/** Bytes that are nearly UTF-8: some text with some bytes changed. */
function randomBytes(r: Random, length: number): Uint8Array {
  const text = Buffer.from(randomText(r, length), 'utf8')
  const bytes = new Uint8Array(text.subarray(0, length))
  for (let i = r.below(4); i > 0 && bytes.length > 0; i--) bytes[r.below(bytes.length)] = r.below(256)
  return bytes
}

describe.each(DIALECTS)('%s', (dialect) => {
  it('is written alike by both paths', { timeout: 60_000 }, () => {
    const r = new Random(1)
    for (let i = 0; i < 20_000; i++) {
      const text = randomText(r, r.pick(LENGTHS))
      const slow = written(writeUtf8Slowly, text, dialect)
      if (written(writeUtf8, text, dialect) !== slow) expect.fail(`differs for ${JSON.stringify(text)}`)
    }
  })

  it('is read alike by both paths', { timeout: 60_000 }, () => {
    const r = new Random(2)
    let refused = 0
    for (let i = 0; i < 40_000; i++) {
      const bytes = randomBytes(r, r.pick(LENGTHS))
      const start = bytes.length > 3 && r.oneIn(4) ? 1 + r.below(3) : 0
      const slow = readUtf8Slowly(bytes, start, bytes.length, dialect)
      if (slow === undefined) refused++
      if (readUtf8(bytes, start, bytes.length, dialect) !== slow) {
        expect.fail(`differs for ${Buffer.from(bytes).toString('hex')} from ${start}`)
      }
    }
    expect(refused).toBeGreaterThan(4_000)
    expect(refused).toBeLessThan(36_000)
  })

  it('is read as it was written', { timeout: 60_000 }, () => {
    const r = new Random(3)
    for (let i = 0; i < 10_000; i++) {
      const text = randomText(r, r.pick(LENGTHS))
      const bytes = Buffer.from(written(writeUtf8, text, dialect), 'hex')
      const expected = (dialect === 'strict' ? Buffer.from(text, 'utf8').toString('utf8') : text).replaceAll(
        '\0',
        '\ufffd',
      )
      if (readUtf8(bytes, 0, bytes.length, dialect) !== expected) expect.fail(JSON.stringify(text))
    }
  })

  it('keeps a BOM: dropping it is the rule of a reader of texts, not of UTF-8', () => {
    for (const text of ['\ufeff', '\ufeffa', `\ufeff${'a'.repeat(40)}`]) {
      const bytes = Buffer.from(text)
      expect(readUtf8(bytes, 0, bytes.length, dialect)).toBe(text)
    }
  })
})

describe('strict', () => {
  it('is what Node writes, but for NUL', { timeout: 60_000 }, () => {
    const r = new Random(4)
    for (let i = 0; i < 20_000; i++) {
      const text = randomText(r, r.pick(LENGTHS))
      const node = Buffer.from(text.replaceAll('\0', '\ufffd'), 'utf8').toString('hex')
      if (written(writeUtf8, text, 'strict') !== node) expect.fail(JSON.stringify(text))
    }
  })

  it('refuses what a strict TextDecoder refuses', { timeout: 60_000 }, () => {
    const r = new Random(5)
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    for (let i = 0; i < 20_000; i++) {
      const bytes = randomBytes(r, r.pick(LENGTHS))
      let node: string | undefined
      try {
        node = decoder.decode(bytes)
      } catch {
        node = undefined
      }
      if (readUtf8(bytes, 0, bytes.length, 'strict') !== node) expect.fail(Buffer.from(bytes).toString('hex'))
    }
  })
})

describe('the dialects', () => {
  it.each([
    ['a lone surrogate', '\ud800', 'efbfbd', 'eda080'],
    ['a lone low surrogate', '\udfff', 'efbfbd', 'edbfbf'],
    ['a pair', '\ud83d\ude00', 'f09f9880', 'f09f9880'],
    ['a pair the wrong way round', '\ude00\ud83d', 'efbfbdefbfbd', 'edb880eda0bd'],
    ['NUL', '\0', 'efbfbd', 'efbfbd'],
  ])('write %s', (_what, text, strict, lenient) => {
    expect(written(writeUtf8, text, 'strict')).toBe(strict)
    expect(written(writeUtf8, text, 'lenient')).toBe(lenient)
    // The same behind a text long enough for the platform's codec.
    const long = 'x'.repeat(64)
    expect(written(writeUtf8, long + text, 'strict')).toBe('78'.repeat(64) + strict)
    expect(written(writeUtf8, long + text, 'lenient')).toBe('78'.repeat(64) + lenient)
  })

  it.each([
    ['an encoded surrogate', 'eda080', undefined, '\ud800'],
    ['overlong', 'c080', undefined, undefined],
    ['overlong of three', 'e09fbf', undefined, undefined],
    ['overlong of four', 'f08fbfbf', undefined, undefined],
    ['beyond U+10FFFF', 'f4908080', undefined, undefined],
    ['five bytes', 'f888808080', undefined, undefined],
    ['cut', 'e282', undefined, undefined],
    ['a bare continuation', '80', undefined, undefined],
    ['U+10FFFF', 'f48fbfbf', '\u{10ffff}', '\u{10ffff}'],
  ])('read %s', (_what, hex, strict, lenient) => {
    for (const before of ['', 'x'.repeat(64)]) {
      const bytes = Buffer.from(Buffer.from(before).toString('hex') + hex, 'hex')
      const read = (dialect: Utf8Dialect) => readUtf8(bytes, 0, bytes.length, dialect)
      expect(read('strict')).toBe(strict === undefined ? undefined : before + strict)
      expect(read('lenient')).toBe(lenient === undefined ? undefined : before + lenient)
    }
  })
})
