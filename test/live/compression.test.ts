// Compression against the engines: the same bytes from the same samples at every level, and each side reads the other's.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../scripts/engines.js'
import { engineRows } from '../../scripts/run-engine.js'
import { printedVectors, vectorProject } from '../../scripts/vectors.js'
import {
  COMPRESSION_BROTLI,
  COMPRESSION_DEFLATE,
  COMPRESSION_FASTLZ,
  COMPRESSION_GZIP,
  COMPRESSION_ZSTD,
  type CompressionMode,
  compress,
  decompress,
  decompressDynamic,
  ready,
} from '../../src/compression/index.js'
import { sample } from '../compression/samples.js'
import { Random } from '../variant/random.js'
import { PRINTERS, readVectors } from '../variant/read-vectors.js'
import { describeWith } from './with-engine.js'

const KINDS = ['noise', 'zeros', 'repeats', 'text', 'ramp', 'players']
const LEVELS = [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
const EXACT = [COMPRESSION_FASTLZ, COMPRESSION_DEFLATE, COMPRESSION_GZIP] as const
/** Samples of each kind at each level: 6 * 11 * 16 are more than a thousand, in each mode. */
const PER_KIND = 16
/** Around the windows and blocks of zlib and FastLZ. */
const LARGE = [16_383, 32_767, 32_769, 65_535, 65_536, 100_000]

beforeAll(() => ready(COMPRESSION_ZSTD, COMPRESSION_BROTLI))

function samplesFor(r: Random, version: 3 | 4, level: number): Uint8Array[] {
  const made = KINDS.flatMap((kind) => {
    const sizes = r.list(PER_KIND, () => 1 + r.below(r.oneIn(4) ? 12_000 : 700))
    sizes[0] = 1 + r.below(16)
    if (level <= 6) sizes[1] = r.pick(LARGE)
    // A player takes about 150 bytes.
    return sizes.map((size) =>
      sample(kind, r.below(1_000_000), kind === 'players' ? Math.ceil(size / 150) : size, version),
    )
  })
  // Each level has one sample of 1 MB, the slowest ones of the kind that is quick at any level.
  return [...made, sample(level > 6 ? 'repeats' : r.pick(['text', 'noise', 'ramp']), 1, 1 << 20, version)]
}

/** The settings of the levels, as in a game's project.godot. */
function settings(zlibLevel: number, zstdLevel: number): string {
  return [
    '[compression]',
    `formats/zlib/compression_level=${zlibLevel}`,
    `formats/gzip/compression_level=${zlibLevel}`,
    `formats/zstd/compression_level=${zstdLevel}`,
  ].join('\n')
}

interface Line {
  readonly mode: CompressionMode
  readonly plain: Uint8Array
  readonly packed: Uint8Array
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')

/** What the engine, with the levels of a project, makes of each line: its own bytes, and whether it opens ours. */
async function answers(engine: Engine, lines: readonly Line[], zlibLevel: number, zstdLevel: number) {
  const project = mkdtempSync(join(tmpdir(), 'godot-wire-'))
  try {
    const from = vectorProject(engine.name)
    for (const file of readdirSync(from).filter((name) => name.endsWith('.gd')))
      cpSync(join(from, file), join(project, file))
    const head = readFileSync(join(from, 'project.godot'), 'utf8')
    writeFileSync(join(project, 'project.godot'), `${head}\n${settings(zlibLevel, zstdLevel)}\n`)
    const file = join(project, 'lines.txt')
    writeFileSync(file, lines.map(({ mode, plain, packed }) => `${mode}|${base64(plain)}|${base64(packed)}\n`).join(''))
    const args = [`--file=${file}`]
    const rows = await engineRows(engine, { project, script: 'answer_compress.gd', args, timeoutMs: 100_000 })
    expect(rows.map(([index]) => Number(index))).toEqual(lines.map((_, i) => i))
    return rows.map(([, own = '', said]) => ({ own, said }))
  } finally {
    rmSync(project, { recursive: true, force: true })
  }
}

function expectOpens(packed: Uint8Array, { plain, mode }: Line, version: 3 | 4, what: string): void {
  const read = decompress(packed, Math.max(plain.length, 16), mode, { version })
  expect(Buffer.compare(read.subarray(0, plain.length), plain), what).toBe(0)
  if (mode !== COMPRESSION_DEFLATE && mode !== COMPRESSION_GZIP) return
  expect(Buffer.compare(decompressDynamic(packed, plain.length, mode, { version }), plain), what).toBe(0)
}

describe.each(PRINTERS)('%s', (name, _release, version) => {
  describeWith(name, 'compression', (engine) => {
    it.each(LEVELS)('level %i: the same bytes on both sides, and each reads the other’s', async (level) => {
      const r = new Random(100 * version + level)
      const zstdLevel = 2 * (level + 2)
      const lines: Line[] = samplesFor(r, version, level).flatMap((plain, i) => [
        ...EXACT.map((mode) => {
          const options = mode === COMPRESSION_FASTLZ ? { version } : { version, compressionLevel: level }
          return { mode, plain, packed: compress(plain, mode, options) }
        }),
        // A fourth of them in ZSTD too, whose bytes are those of the library's version.
        ...(i % 4 === 0
          ? [
              {
                mode: COMPRESSION_ZSTD,
                plain,
                packed: compress(plain, COMPRESSION_ZSTD, { compressionLevel: zstdLevel }),
              } as Line,
            ]
          : []),
      ])
      const all = await answers(engine, lines, level, zstdLevel)
      for (const [i, line] of lines.entries()) {
        const { own, said } = all[i]!
        const what = `mode ${line.mode}, ${line.plain.length} bytes, line ${i}`
        expect(said, what).toBe('ok')
        if (line.mode !== COMPRESSION_ZSTD) expect(own, `${what}: the bytes are the engine's`).toBe('same')
        const theirs = own === 'same' ? line.packed : new Uint8Array(Buffer.from(own, 'base64'))
        expectOpens(theirs, line, version, what)
      }
      expect(lines.length).toBeGreaterThan(300)
    })

    it('the committed compress.txt is still what the engine prints', async () => {
      const isExact = (row: readonly string[]) => Number(row[4]) !== COMPRESSION_ZSTD
      expect((await printedVectors(engine, 'compress')).filter(isExact).map((row) => row.join('|'))).toEqual(
        readVectors(name, 'compress')
          .filter(isExact)
          .map((row) => row.join('|')),
      )
    })
  })
})

describeWith('godot4', 'BROTLI', (engine) => {
  it('opens as here what another compressed', async () => {
    const r = new Random(9)
    const lines: Line[] = KINDS.flatMap((kind) =>
      r.list(12, () => {
        const plain = sample(kind, r.below(1_000), kind === 'players' ? 1 + r.below(40) : 1 + r.below(20_000), 4)
        const params = { [constants.BROTLI_PARAM_QUALITY]: r.below(12) }
        return { mode: COMPRESSION_BROTLI, plain, packed: new Uint8Array(brotliCompressSync(plain, { params })) }
      }),
    )
    const all = await answers(engine, lines, -1, 3)
    for (const [i, line] of lines.entries()) {
      expect(all[i]).toEqual({ own: 'same', said: 'ok' })
      expectOpens(line.packed, line, 4, `line ${i}`)
      expect(Buffer.compare(decompressDynamic(line.packed, line.plain.length, line.mode), line.plain)).toBe(0)
    }
  })
})
