// Compression against the engines: the same bytes from the same samples, and each side reads the other's.
import { describe, expect, it } from 'vitest'
import { printedVectors } from '../../scripts/vectors.js'
import { type CompressionMode, compress, decompressDynamic } from '../../src/compression/index.js'
import { sample } from '../compression/samples.js'
import { Random } from '../variant/random.js'
import { readVectors } from '../variant/read-vectors.js'
import { answersTo } from './lines.js'
import { describeWith } from './with-engine.js'

const KINDS = ['noise', 'zeros', 'repeats', 'text', 'ramp', 'players']

interface Sample {
  readonly kind: string
  readonly seed: number
  readonly size: number
  readonly plain: Uint8Array
}

/** Small sizes for the most part, and each kind a few times at sizes around the windows and blocks of zlib. */
function sampleSizes(r: Random): number[] {
  const large = [16383, 32767, 32769, 65536, 100_000, 300_000]
  return [
    ...r.list(14, () => 1 + r.below(2_000)),
    ...r.list(3, () => 2_000 + r.below(60_000)),
    r.pick(large),
    r.pick(large),
  ]
}

function samples(version: 3 | 4): Sample[] {
  const r = new Random(version)
  return KINDS.flatMap((kind) =>
    sampleSizes(r).map((bytes) => {
      // A player takes about 150 bytes.
      const size = kind === 'players' ? Math.ceil(bytes / 150) : bytes
      const seed = r.below(1_000_000)
      return { kind, seed, size, plain: sample(kind, seed, size, version) }
    }),
  )
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')

describe.each([
  ['godot4', 4],
  ['godot3', 3],
] as const)('%s', (name, version) => {
  describeWith(name, 'compression', (engine) => {
    it.each([
      ['DEFLATE', 1],
      ['GZIP', 3],
    ] as const)('%s of more than 100 samples is the same on both sides', async (_mode, mode: CompressionMode) => {
      const all = samples(version)
      expect(all.length).toBeGreaterThan(100)
      const lines = all.map(({ kind, seed, size, plain }) => [kind, seed, size, mode, base64(compress(plain, mode))])
      const answers = await answersTo(
        engine,
        'answer_compress.gd',
        lines.map((line) => line.join('|')),
      )
      for (const [i, { kind, seed, size, plain }] of all.entries()) {
        const [theirs = '', said] = answers[i]!
        const what = `${kind} ${seed} ${size}`
        expect(said, what).toBe('ok')
        expect(theirs === lines[i]![4], `${what}: the bytes are the engine's`).toBe(true)
        const read = decompressDynamic(Buffer.from(theirs, 'base64'), plain.length, mode)
        expect(Buffer.compare(read, plain), what).toBe(0)
      }
    })

    it('the committed compress.txt is still what the engine prints', async () => {
      expect((await printedVectors(engine, 'compress')).map((row) => row.join('|'))).toEqual(
        readVectors(version, 'compress').map((row) => row.join('|')),
      )
    })
  })
})
