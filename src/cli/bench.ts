import { COMPRESSION_GZIP, compress, decompressDynamic } from '../compression/index.js'
import {
  bytesToVar,
  bytesToVarWithObjects,
  type VariantInput,
  varToBytes,
  varToBytesWithObjects,
} from '../variant/index.js'
import { valueIn } from './attempt.js'
import type { Command, Given, World } from './command.js'
import { EXIT } from './errors.js'
import { JSON_OPTION, PACKET, wholeNumber } from './given.js'
import { readPacket } from './packet.js'

const USUAL_MS = 1000

export const bench: Command = {
  name: 'bench',
  summary: 'measure how fast a payload of yours is read and written here',
  operands: '[input]',
  mostOperands: 1,
  options: [
    ...PACKET,
    JSON_OPTION,
    { name: 'ms', value: 'time', usual: String(USUAL_MS), help: 'how long to measure each, in milliseconds' },
  ],
  examples: [
    ['godot-wire bench @packet.bin', 'a packet of yours'],
    ['godot-wire bench --json --ms 200 0200000005000000', 'an int, as JSON'],
  ],
  run,
}

interface Result {
  readonly name: string
  /** Of one call, in the middle of all rounds. */
  readonly microseconds: number
  readonly perSecond: number
  /** Of encoded bytes, 10^6 a second. */
  readonly megabytesPerSecond: number
}

async function run([operand]: readonly string[], given: Given, world: World): Promise<number> {
  const ms = wholeNumber(given, 'ms', 10) ?? USUAL_MS
  const { values, version, objects } = await readPacket(operand, given, world)
  const [first] = values
  const { bytes } = first!
  const value = valueIn(first!) as VariantInput
  const packed = compress(bytes, COMPRESSION_GZIP)
  const cases: readonly (readonly [string, () => unknown])[] = [
    ['decode', () => (objects ? bytesToVarWithObjects : bytesToVar)(bytes, { version })],
    ['encode', () => (objects ? varToBytesWithObjects : varToBytes)(value, { version })],
    ['gzip', () => compress(bytes, COMPRESSION_GZIP)],
    ['gunzip', () => decompressDynamic(packed, bytes.length, COMPRESSION_GZIP)],
  ]
  const results: Result[] = []
  for (const [at, [name, work]] of cases.entries()) {
    const step = (done: number) => world.progress((at + done) / cases.length, name)
    results.push(resultOf(name, measured(work, ms, world.now, step), bytes.length))
  }
  world.progress(1, '')
  const sizes = { bytes: bytes.length, gzipped: packed.length }
  world.print(given['json'] === true ? JSON.stringify({ ...sizes, results }, null, 2) : table(results, sizes))
  return EXIT.OK
}

/** A round is long enough for the clock, and there are many: what else runs here slows some of them, not the middle. */
const ROUND_MS = 2

function measured(work: () => unknown, ms: number, now: () => number, step: (done: number) => void): number {
  let calls = 1
  // Until a round is long enough; meanwhile the code becomes as fast as it will be.
  for (let took = 0; took < ROUND_MS; calls *= 2) took = roundOf(work, calls, now)
  const times: number[] = []
  const start = now()
  for (let spent = 0; spent < ms || times.length < 5; spent = now() - start) {
    times.push(roundOf(work, calls, now) / calls)
    if (times.length % 16 === 0) step(Math.min(1, spent / ms))
  }
  times.sort((a, b) => a - b)
  return times[times.length >> 1]!
}

function roundOf(work: () => unknown, calls: number, now: () => number): number {
  const start = now()
  for (let i = 0; i < calls; i++) work()
  return now() - start
}

function resultOf(name: string, ms: number, bytes: number): Result {
  const perSecond = 1000 / ms
  return {
    name,
    microseconds: rounded(ms * 1000),
    perSecond: Math.round(perSecond),
    megabytesPerSecond: rounded((bytes * perSecond) / 1e6),
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(4))
}

function table(results: readonly Result[], { bytes, gzipped }: { bytes: number; gzipped: number }): string {
  const rows = results.map(({ name, microseconds, perSecond, megabytesPerSecond }) => [
    name,
    `${microseconds} µs`,
    `${perSecond.toLocaleString('en')}/s`,
    `${megabytesPerSecond} MB/s`,
  ])
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]!.length)))
  const lines = rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
  )
  return [`${bytes} bytes, ${gzipped} gzipped`, ...lines].join('\n')
}
