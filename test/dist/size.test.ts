// What a browser loads for an import, minified and compressed with BROTLI: a program pays for what it names.
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

/** Of the package itself: its `sideEffects` are what lets a bundler leave code out. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Packages that a program brings only where it wants what they do; the library loads them by name. */
const OPTIONAL = [
  'ws',
  '@hpcc-js/wasm-zstd',
  'brotli-dec-wasm',
  'brotli-dec-wasm/web',
  'node-datachannel',
  'node-datachannel/polyfill',
]

/** What is imported from which door; `*` is all of it. */
type Imports = Readonly<Record<string, string>>

/** Bytes, minified and compressed, that imports may take. */
type Budget = readonly [most: number, imports: Imports]

/** What was reached and 3 % more. Why the first and the one of "." are not smaller: docs/decisions.md. */
const BUDGETS: readonly Budget[] = [
  // A few names.
  [18_800, { variant: 'varToBytes, bytesToVar' }],
  [11_700, { variant: 'varToBytes' }],
  [14_000, { variant: 'bytesToVar' }],
  [1_400, { variant: 'Vector3' }],
  [195, { variant: 'isVector3' }],
  [430, { variant: 'VariantType' }],
  [25_200, { variant: 'shape, arrayOf, int, float, string, Vector3' }],
  // What compiled shapes need, but their shapes and their code.
  [22_500, { compiled: '*' }],
  [8_800, { variant: 'varToStr' }],
  [6_100, { compression: 'compress' }],
  [9_300, { compression: 'decompress, decompressDynamic' }],
  [29_000, { index: 'P2P', 'transport/websocket': 'WebSocketTransport' }],
  [28_200, { index: 'Messenger' }],
  // Whole doors.
  [42_100, { variant: '*' }],
  [14_000, { compression: '*' }],
  [20_300, { channel: '*' }],
  [50_700, { p2p: '*' }],
  [78_600, { index: '*' }],
  [6_200, { 'transport/websocket': '*' }],
  [9_200, { 'transport/relay': '*' }],
  [4_900, { 'transport/webrtc': '*' }],
]

async function bundle(imports: Imports): Promise<string> {
  const lines = Object.entries(imports).map(
    ([door, names]) => `export ${names === '*' ? '*' : `{ ${names} }`} from './dist/${door}.js'`,
  )
  const { outputFiles } = await build({
    stdin: { contents: lines.join('\n'), resolveDir: ROOT },
    bundle: true,
    minify: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    external: OPTIONAL,
    // That a door's own files may be left out is the point.
    logLevel: 'error',
  })
  return outputFiles[0]!.text
}

const title = (imports: Imports) => Object.entries(imports).map(([door, names]) => `${names} of ${door}`)

describe('an import costs a browser', () => {
  it.each(BUDGETS.map(([most, imports]) => [title(imports).join(' and '), most, imports] as const))(
    '%s: at most %i bytes',
    async (_, most, imports) => {
      const size = brotliCompressSync(await bundle(imports)).length
      expect(size).toBeLessThanOrEqual(most)
      // A budget that is far away holds nothing.
      expect(size).toBeGreaterThan(most * 0.9)
    },
  )
})

/** Words that no minifier takes out of what they stand for. */
const MARKS = {
  encoder: 'writeHeader',
  decoder: 'canReadBare',
  'vectors on the wire': 'godot-wire.raw-components',
  'the class Dictionary': 'mapEntries',
  shapes: 'The shape wants',
  'Godot’s text': 'stands where',
  'frames of values': 'VARIANT_FRAME_TOO_LARGE',
  sessions: 'sendBufferSize',
  compression: 'COMPRESSION_TRUNCATED',
} as const

type Mark = keyof typeof MARKS

const WITH: readonly [names: string, marks: readonly Mark[]][] = [
  ['varToBytes', ['encoder', 'vectors on the wire', 'the class Dictionary']],
  ['bytesToVar', ['decoder', 'vectors on the wire', 'the class Dictionary']],
  ['shape', ['encoder', 'decoder', 'vectors on the wire', 'the class Dictionary', 'shapes']],
  ['Dictionary', ['the class Dictionary']],
  ['Vector3', []],
  ['isVector3, typeOf', []],
  ['VARIANT_TYPE_NAMES', []],
  ['VirtualClock', []],
  ['compress', ['compression']],
  ['P2P', ['sessions']],
]

describe('what is not named is left out', () => {
  const found = (text: string) => (Object.keys(MARKS) as Mark[]).filter((mark) => text.includes(MARKS[mark])).sort()

  it('each mark stands in the whole', async () => {
    expect(found(await bundle({ index: '*' }))).toEqual(Object.keys(MARKS).sort())
  })

  it.each(WITH)('%s', async (names, marks) => {
    expect(found(await bundle({ index: names }))).toEqual([...marks].sort())
  })
})
