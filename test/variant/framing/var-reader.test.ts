// VarReader: any chunks give the same values; bad values spoil their frame only; bad lengths end the stream.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { putVar, VarReader, type VarReaderOptions, type VarResult } from '../../../src/variant/framing/index.js'
import { Dictionary, GodotObject, varToBytes } from '../../../src/variant/index.js'
import { codeFrom } from '../code-of.js'
import { fromHex } from '../hex.js'
import { Random } from '../random.js'
import { chunksOf, frame, hexOf, joined, randomValues } from './streams.js'

/** What became of a frame, as text. */
function said(result: VarResult): string {
  return result.ok ? hexOf(result.value) : result.error.code
}

/** All results of a stream in chunks; what was thrown comes last, as its code. */
function read(reader: VarReader, chunks: Iterable<Uint8Array>): string[] {
  const results: string[] = []
  const code = codeFrom(() => {
    for (const chunk of chunks) {
      reader.push(chunk)
      for (const result of reader) results.push(said(result))
    }
    reader.end()
  })
  return code === undefined ? results : [...results, `thrown ${code}`]
}

async function readFrom(reader: VarReader, source: Parameters<VarReader['vars']>[0]): Promise<string[]> {
  const results: string[] = []
  try {
    for await (const result of reader.vars(source)) results.push(said(result))
  } catch (error) {
    results.push(
      `thrown ${codeFrom(() => {
        throw error
      })}`,
    )
  }
  return results
}

async function* later<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item)
}

const BAD_TYPE = fromHex('27000000')
const BAD_TEXT = fromHex('04000000 02000000 c0800000')

describe('VarReader', () => {
  it.each([false, true])('gives the same values for any chunks (bigEndian %s)', (bigEndian) => {
    const values = randomValues(2, 400)
    const stream = joined(values.map((value) => putVar(value, { bigEndian })))
    const expected = values.map((value) => hexOf(value))
    for (const size of [1, 2, 3, 4, 5, 7, 64, 1500, 65_536, stream.length]) {
      const reader = new VarReader({ bigEndian, exact: true })
      expect(
        read(
          reader,
          chunksOf(stream, () => size),
        ),
        `chunks of ${size}`,
      ).toEqual(expected)
    }
  })

  it('gives the same results for any frames, good and bad, in any chunks', () => {
    const frames = fc.array(
      fc.oneof(
        fc.integer().map((seed) => varToBytes(randomValues(seed, 1)[0]!)),
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom(BAD_TYPE, BAD_TEXT, new Uint8Array(0)),
      ),
      { maxLength: 12 },
    )
    const property = fc.property(
      frames,
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
      (payloads, sizes) => {
        const stream = joined(payloads.map((payload) => frame(payload)))
        let next = 0
        const pieces = chunksOf(stream, () => sizes[next++ % sizes.length]!)
        const whole = read(new VarReader({ exact: true }), [stream])
        expect(whole).toHaveLength(payloads.length)
        expect(read(new VarReader({ exact: true }), pieces)).toEqual(whole)
      },
    )
    fc.assert(property, { numRuns: 2_000 })
  })

  it('throws only its codes whatever bytes come, and then goes on throwing the same', () => {
    const codes = new Set<string>()
    const property = fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 50 }), (bytes, size) => {
      const reader = new VarReader({ maxBytes: 2 ** 24 })
      const results = read(
        reader,
        chunksOf(bytes, () => size),
      )
      for (const text of results) if (!/^[0-9a-f]+$/.test(text)) codes.add(text)
      const last = results.at(-1) ?? ''
      if (!/TOO_LARGE|BAD_LENGTH/.test(last)) return
      const again = [() => reader.next(), () => reader.push(bytes), () => reader.end(), () => [...reader]]
      expect(again.map((call) => `thrown ${codeFrom(call)}`)).toEqual(again.map(() => last))
    })
    fc.assert(property, { numRuns: 5_000 })
    for (const code of codes)
      expect(code).toMatch(/^(thrown VARIANT_FRAME_(TOO_LARGE|BAD_LENGTH|TRUNCATED)|VARIANT_\w+)$/)
    expect([...codes]).toEqual(
      expect.arrayContaining(['thrown VARIANT_FRAME_TOO_LARGE', 'thrown VARIANT_FRAME_BAD_LENGTH']),
    )
  })

  it('goes on behind a bad value, and says where it was', () => {
    const reader = new VarReader()
    reader.push(joined([putVar('a'), frame(BAD_TEXT), frame(new Uint8Array(0)), putVar([1])]))
    const [a, text, empty, last, none] = [reader.next(), reader.next(), reader.next(), reader.next(), reader.next()]
    expect(a).toEqual({ ok: true, value: 'a', position: 0, size: 16 })
    expect(text).toMatchObject({
      ok: false,
      error: { code: 'VARIANT_BAD_TEXT', facts: { offset: 4 } },
      position: 16,
      size: 16,
    })
    expect(empty).toMatchObject({
      ok: false,
      error: { code: 'VARIANT_TRUNCATED', facts: { offset: 0 } },
      position: 32,
      size: 4,
    })
    expect(last).toEqual({ ok: true, value: [1], position: 36, size: 20 })
    expect(none).toBeUndefined()
    reader.end()
  })

  it('names the path of what is wrong', () => {
    const reader = new VarReader({ maxDepth: 1 })
    reader.push(putVar({ ents: [1, [2]] }))
    expect(reader.next()).toMatchObject({ error: { code: 'VARIANT_TOO_DEEP', facts: { path: '$.ents[0]' } } })
  })

  it('holds maxBytes exactly, and keeps the frames in front of one that is too long', () => {
    const options: VarReaderOptions = { maxBytes: 8 }
    expect(read(new VarReader(options), [putVar(5), putVar(6)])).toEqual([hexOf(5), hexOf(6)])
    const reader = new VarReader(options)
    reader.push(putVar(5))
    reader.next()
    reader.push(joined([putVar(6), putVar(2 ** 40), putVar(7)]))
    expect(reader.next()).toMatchObject({ value: 6 })
    expect(() => reader.next()).toThrow(
      expect.objectContaining({
        code: 'VARIANT_FRAME_TOO_LARGE',
        facts: { offset: 24, length: 12, limit: 8, option: 'maxBytes' },
      }),
    )
    expect(codeFrom(() => reader.push(putVar(5)))).toBe('VARIANT_FRAME_TOO_LARGE')
    expect(codeFrom(() => reader.end())).toBe('VARIANT_FRAME_TOO_LARGE')
  })

  it('takes 8 MiB unless told otherwise', () => {
    const reader = new VarReader()
    reader.push(fromHex('00008000'))
    expect(reader.next()).toBeUndefined()
    const other = new VarReader()
    other.push(fromHex('01008000'))
    expect(codeFrom(() => other.next())).toBe('VARIANT_FRAME_TOO_LARGE')
  })

  it.each([0, -1, 1.5, 2 ** 31, Number.NaN, '8'])('refuses maxBytes %s', (maxBytes) => {
    expect(codeFrom(() => new VarReader({ maxBytes: maxBytes as number }))).toBe('VARIANT_BAD_OPTION')
  })

  it('refuses other bad options when it is made, not for each frame', () => {
    expect(codeFrom(() => new VarReader({ version: 5 as never }))).toBe('VARIANT_BAD_OPTION')
    expect(codeFrom(() => new VarReader({ maxDepth: 0 }))).toBe('VARIANT_BAD_OPTION')
  })

  it('takes no memory for what is only announced', () => {
    const readers: VarReader[] = []
    const before = process.memoryUsage().arrayBuffers
    for (let i = 0; i < 100; i++) {
      const reader = new VarReader({ maxBytes: 2 ** 31 - 1 })
      reader.push(fromHex('ffffff7f 1d000000 f0ffff7f'))
      expect(reader.next()).toBeUndefined()
      readers.push(reader)
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * 1024 * 1024)
    expect(readers).toHaveLength(100)
  })

  it('is full when more than a frame can be waits, never when everything was read', () => {
    const reader = new VarReader({ maxBytes: 100 })
    const chunk = putVar(new Uint8Array(92))
    expect(chunk).toHaveLength(104)
    expect(reader.full).toBe(false)
    reader.push(chunk.subarray(0, 103))
    expect([reader.full, reader.next()]).toEqual([false, undefined])
    reader.push(joined([chunk.subarray(103), new Uint8Array(1_000)]))
    expect(reader.full).toBe(true)
    expect(codeFrom(() => reader.push(chunk))).toBe('VARIANT_READER_FULL')
    expect(reader.next()).toMatchObject({ ok: true, size: 104 })
    // Nothing of the refused chunk was taken: behind the first frame stand 250 empty ones.
    expect([...reader]).toHaveLength(250)
    expect(reader.full).toBe(false)
    reader.push(chunk)
    expect(reader.next()).toMatchObject({ ok: true, position: 1_104 })
  })

  it.each([
    ['a cut length', '08000000 02000000 05000000 0800', { offset: 12, needed: 4, left: 2 }],
    ['a cut value', '08000000 02000000 05000000 08000000 02000000 050000', { offset: 12, needed: 12, left: 11 }],
    ['a length alone', '08000000', { offset: 0, needed: 12, left: 4 }],
  ])('end() tells of %s, and the whole frames can still be read', (_what, hex, facts) => {
    const reader = new VarReader()
    reader.push(fromHex(hex))
    expect(() => reader.end()).toThrow(expect.objectContaining({ code: 'VARIANT_FRAME_TRUNCATED', facts }))
    expect([...reader].map(said)).toEqual(hex.length > 10 ? [hexOf(5)] : [])
    expect(codeFrom(() => reader.end())).toBe('VARIANT_FRAME_TRUNCATED')
    expect(codeFrom(() => reader.push(putVar(5)))).toBe('VARIANT_READER_ENDED')
  })

  it('end() tells of a bad length behind whole frames, which can still be read', () => {
    const reader = new VarReader()
    reader.push(joined([putVar(5), fromHex('ffffffff')]))
    expect(() => reader.end()).toThrow(expect.objectContaining({ code: 'VARIANT_FRAME_BAD_LENGTH', offset: 12 }))
    expect(reader.next()).toMatchObject({ value: 5 })
    expect(codeFrom(() => reader.next())).toBe('VARIANT_FRAME_BAD_LENGTH')
  })

  it('end() is silent between frames', () => {
    const reader = new VarReader()
    reader.end()
    const other = new VarReader()
    other.push(joined([putVar(1), putVar(2)]))
    other.end()
    expect([...other].map(said)).toEqual([hexOf(1), hexOf(2)])
  })

  it('copies its chunks and gives values of their own', () => {
    const reader = new VarReader()
    const chunk = joined([putVar(Uint8Array.of(1, 2, 3)), putVar('x')])
    reader.push(chunk)
    chunk.fill(0)
    const first = reader.next()
    expect([...reader].map(said)).toEqual([hexOf('x')])
    reader.push(new Uint8Array(64).fill(1, 60))
    expect(first).toMatchObject({ value: Uint8Array.of(1, 2, 3) })
  })

  it('refuses chunks that are no Uint8Array, and takes the next one', () => {
    const reader = new VarReader()
    for (const chunk of ['text', [1, 2], new ArrayBuffer(4), new Uint16Array(2), null]) {
      expect(codeFrom(() => reader.push(chunk as never))).toBe('VARIANT_UNSUPPORTED')
    }
    reader.push(Buffer.from(putVar(5)))
    expect(reader.next()).toMatchObject({ value: 5 })
  })

  it('goes on in a second loop where the first was left', () => {
    const reader = new VarReader()
    reader.push(joined([1, 2, 3].map((value) => putVar(value))))
    const first: string[] = []
    for (const result of reader) {
      first.push(said(result))
      if (first.length === 2) break
    }
    expect([first, [...reader].map(said)]).toEqual([[hexOf(1), hexOf(2)], [hexOf(3)]])
  })

  it('reads full Objects only when they are asked for', () => {
    const object = new GodotObject('RefCounted', new Dictionary<unknown, unknown>([['script', null]]))
    const bytes = putVar(object, { objects: true })
    const [refuses, reads] = [new VarReader(), new VarReader({ objects: true })]
    for (const reader of [refuses, reads]) reader.push(bytes)
    expect(refuses.next()).toMatchObject({ error: { code: 'VARIANT_OBJECT_NOT_ALLOWED' } })
    expect(reads.next()).toMatchObject({ value: object })
  })
})

describe('VarReader.vars', () => {
  const values = randomValues(3, 100)
  const stream = joined(values.map((value) => putVar(value)))
  const expected = values.map((value) => hexOf(value))
  const chunks = () => {
    const r = new Random(4)
    return [...chunksOf(stream, () => r.below(200))]
  }

  it('reads an AsyncIterable', async () => {
    expect(await readFrom(new VarReader({ exact: true }), later(chunks()))).toEqual(expected)
  })

  it('reads a web ReadableStream, with and without an iterator of its own', async () => {
    expect(await readFrom(new VarReader({ exact: true }), streamOf(chunks()))).toEqual(expected)
    expect(await readFrom(new VarReader({ exact: true }), { getReader: () => streamOf(chunks()).getReader() })).toEqual(
      expected,
    )
  })

  it('gives the values in front of a bad length, then throws', async () => {
    const results = readFrom(
      new VarReader(),
      later([joined([putVar(1), frame(BAD_TYPE), putVar(2)]), fromHex('ffffffff00')]),
    )
    expect(await results).toEqual([hexOf(1), 'VARIANT_BAD_TYPE', hexOf(2), 'thrown VARIANT_FRAME_BAD_LENGTH'])
  })

  it('throws where the source ends inside a frame', async () => {
    expect(await readFrom(new VarReader(), later([putVar(1), putVar(2).subarray(0, 9)]))).toEqual([
      hexOf(1),
      'thrown VARIANT_FRAME_TRUNCATED',
    ])
  })

  it('passes on what the source throws', async () => {
    const failure = new Error('reset')
    const failing = new ReadableStream<Uint8Array>({ start: (c) => c.error(failure) })
    for (const source of [failing, { getReader: () => failing.getReader() }]) {
      await expect(new VarReader().vars(source).next()).rejects.toBe(failure)
    }
  })

  it.each(['iterated', 'read'])('closes the source when the loop is left (%s)', async (how) => {
    let cancelled = 0
    const source = new ReadableStream<Uint8Array>({
      pull: (c) => c.enqueue(putVar(5)),
      cancel: () => {
        cancelled++
      },
    })
    for await (const result of new VarReader().vars(
      how === 'read' ? { getReader: () => source.getReader() } : source,
    )) {
      expect(result).toMatchObject({ value: 5 })
      break
    }
    expect([cancelled, source.locked]).toEqual([1, false])
  })

  it('asks for the next chunk when the values of the last one were taken', async () => {
    let pulled = 0
    const source = (async function* () {
      for (; pulled < 5; ) {
        pulled++
        yield joined([putVar(1), putVar(2)])
      }
    })()
    const results = new VarReader().vars(source)
    await results.next()
    await results.next()
    expect(pulled).toBe(1)
    await results.next()
    expect(pulled).toBe(2)
    await results.return()
  })
})

function streamOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
}
