// npm run bench -- compression [part of a name]: every mode at the sizes of packets, beside node:zlib, fflate and pako, and
// beside the engine's own calls, timed in the same run. The last column is the engine's time divided by ours: 1.00 is as
// quick as the engine, 0.50 takes twice as long.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib'
import benny from 'benny'
import { gunzipSync as fflateGunzip, gzipSync as fflateGzip, unzlibSync, zlibSync } from 'fflate'
import { deflate, gzip, inflate, ungzip } from 'pako'
import { findEngine } from '../scripts/engines.js'
import { engineRows } from '../scripts/run-engine.js'
import { vectorProject } from '../scripts/vectors.js'
import {
  COMPRESSION_DEFLATE,
  COMPRESSION_FASTLZ,
  COMPRESSION_GZIP,
  COMPRESSION_ZSTD,
  type CompressionMode,
  compress,
  decompress,
  decompressDynamic,
  ready,
} from '../src/compression/index.js'
import { varToBytes } from '../src/variant/index.js'
import { sample } from '../test/compression/samples.js'
import { PAYLOADS } from './payloads.js'

type Codec = (bytes: Uint8Array) => Uint8Array

/** Who does it, by the name in the table. */
type Contenders = Readonly<Record<string, Codec>>

interface Task {
  /** `gzip/state/compress` */
  readonly name: string
  readonly bytes: number
  readonly input: Uint8Array
  readonly contenders: Contenders
  /** What must come out of `input` in the end. */
  readonly plain: Uint8Array
  /** Opens what a compressor made; nothing for a decompressor, whose output is it. */
  readonly reopen?: Codec
  /** Which of the engine's numbers is the one to compare with. */
  readonly engine: { readonly mode: CompressionMode; readonly field: 0 | 1 | 2 }
}

/** Many short samples rather than few long ones: on a machine with other work some of them are undisturbed. */
const SAMPLING = { minTime: 0.005, minSamples: 100, maxTime: 0.6, delay: 0 }

const PAYLOAD_BYTES: Readonly<Record<string, Uint8Array>> = {
  ...Object.fromEntries(Object.entries(PAYLOADS).map(([name, value]) => [name, varToBytes(value)])),
  player: sample('players', 1, 1, 4),
  '7-players': sample('players', 1, 7, 4),
  '20-kB-text': sample('text', 1, 20_480, 4),
}

const LIKE_GODOT = { level: -1, memLevel: 8, legacyHash: true } as never

const COMPRESSORS: Readonly<Partial<Record<CompressionMode, Contenders>>> = {
  [COMPRESSION_GZIP]: {
    'node:zlib': (b) => gzipSync(b),
    fflate: (b) => fflateGzip(b),
    pako: (b) => gzip(b, LIKE_GODOT),
  },
  [COMPRESSION_DEFLATE]: {
    'node:zlib': (b) => deflateSync(b),
    fflate: (b) => zlibSync(b),
    pako: (b) => deflate(b, LIKE_GODOT),
  },
}

const DECOMPRESSORS: Readonly<Partial<Record<CompressionMode, Contenders>>> = {
  [COMPRESSION_GZIP]: { 'node:zlib': (b) => gunzipSync(b), fflate: (b) => fflateGunzip(b), pako: (b) => ungzip(b) },
  [COMPRESSION_DEFLATE]: { 'node:zlib': (b) => inflateSync(b), fflate: (b) => unzlibSync(b), pako: (b) => inflate(b) },
}

const MODES: Readonly<Record<string, CompressionMode>> = {
  gzip: COMPRESSION_GZIP,
  deflate: COMPRESSION_DEFLATE,
  fastlz: COMPRESSION_FASTLZ,
  zstd: COMPRESSION_ZSTD,
}

/** What is timed. */
export function compressionTasks(): Task[] {
  return Object.entries(MODES).flatMap(([modeName, mode]) =>
    Object.entries(PAYLOAD_BYTES).flatMap(([payload, plain]) => tasksFor(modeName, mode, payload, plain)),
  )
}

function tasksFor(modeName: string, mode: CompressionMode, payload: string, plain: Uint8Array): Task[] {
  const isDynamic = mode === COMPRESSION_GZIP || mode === COMPRESSION_DEFLATE
  const packed = compress(plain, mode)
  const common = { bytes: plain.length, plain }
  const open: Codec = (b) => decompress(b, plain.length, mode)
  return [
    {
      ...common,
      name: `${modeName}/${payload}/compress`,
      input: plain,
      reopen: open,
      engine: { mode, field: 0 },
      contenders: {
        'godot-wire': (b) => compress(b, mode),
        ...(isDynamic ? { 'godot-wire fast': (b: Uint8Array) => compress(b, mode, { fast: true }) } : {}),
        ...COMPRESSORS[mode],
      },
    },
    {
      ...common,
      name: `${modeName}/${payload}/${isDynamic ? 'decompressDynamic' : 'decompress'}`,
      input: packed,
      engine: { mode, field: isDynamic ? 2 : 1 },
      contenders: {
        'godot-wire': isDynamic ? (b) => decompressDynamic(b, -1, mode) : open,
        ...DECOMPRESSORS[mode],
      },
    },
  ]
}

/** The engine's microseconds: for each mode and payload those to compress, decompress and decompress_dynamic. */
async function engineTimes(all: readonly Task[]): Promise<Map<string, readonly number[]>> {
  const engine = findEngine('godot4')
  if (!engine) {
    console.log('No Godot 4 here: npm run engines installs one. Its columns stay empty.')
    return new Map()
  }
  const keyOf = ({ engine: { mode }, plain }: Task) => `${mode}|${Buffer.from(plain).toString('base64')}`
  const keys = [...new Set(all.map(keyOf))]
  const folder = mkdtempSync(join(tmpdir(), 'godot-wire-'))
  try {
    const file = join(folder, 'lines.txt')
    writeFileSync(file, `${keys.join('\n')}\n`)
    const run = { project: vectorProject('godot4'), script: 'compress_bench.gd', timeoutMs: 300_000 }
    const rows = await engineRows(engine, { ...run, args: [`--file=${file}`] })
    const times = new Map(rows.map(([index, ...fields]) => [keys[Number(index)]!, fields.map(Number)]))
    return new Map(all.map((task) => [task.name, times.get(keyOf(task))!]))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A fast wrong answer must not win. */
export function check({ name, input, contenders, plain, reopen }: Task): void {
  for (const [who, run] of Object.entries(contenders)) {
    const out = run(input)
    assert.equal(Buffer.compare(reopen ? reopen(out) : out, plain), 0, `${name}: ${who}`)
  }
}

/** The best of benny's samples: what disturbs one makes it slower, never faster. The engine's are taken in the same way. */
async function microseconds(run: Codec, input: Uint8Array): Promise<number> {
  const suite = new Promise<number>((resolve) => {
    benny.suite(
      'compression',
      benny.add('case', () => void run(input), SAMPLING),
      benny.complete((summary) => resolve(1e6 * summary.results[0]!.details.min)),
    )
  })
  return suite
}

function print(rows: readonly (readonly string[])[]): void {
  const head = ['case', 'bytes', 'by', 'microseconds', 'of the engine’s speed']
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)))
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 || i === 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')
  console.log(line(head))
  console.log(widths.map((width) => '-'.repeat(width)).join('  '))
  for (const row of rows) console.log(line(row))
}

/** Times the tasks whose name holds the filter and prints them. */
export async function benchCompression(filter: string): Promise<void> {
  await ready(COMPRESSION_ZSTD)
  const chosen = compressionTasks().filter(({ name }) => name.includes(filter))
  if (chosen.length === 0) throw new Error(`no compression case has "${filter}" in its name`)
  for (const task of chosen) check(task)
  const engine = await engineTimes(chosen)
  const rows: string[][] = []
  for (const task of chosen) {
    const own = engine.get(task.name)?.[task.engine.field]
    if (own !== undefined) rows.push([task.name, String(task.bytes), 'Godot 4', own.toFixed(2), '1.00'])
    for (const [who, run] of Object.entries(task.contenders)) {
      const us = await microseconds(run, task.input)
      rows.push([task.name, String(task.bytes), who, us.toFixed(2), own === undefined ? '' : (own / us).toFixed(2)])
    }
  }
  print(rows)
}
