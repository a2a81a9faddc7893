// npm run bench:suite -- codec [--rounds=60] [--filter=part of a name] [--json=file]
// The codec beside the engine’s own calls, beside what a user would pick instead, and beside a plain copy of the bytes;
// all in one run, round by round, and the quickest round of each counts; of the megabytes the one in the middle.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { findEngine } from '../scripts/engines.js'
import { type RunningEngine, spawnEngine } from '../scripts/run-engine.js'
import { vectorProject } from '../scripts/vectors.js'
import {
  bytesToVar,
  PackedVector3Array,
  VariantDecoder,
  VariantEncoder,
  type VariantInput,
  varToBytes,
} from '../src/variant/index.js'
import { gdCom, OTHERS, type Other, plain } from './others.js'
import { PAYLOADS } from './payloads.js'
import { protobufFor } from './protobuf.js'
import { Rounds, type Timed } from './rounds.js'
import { FIELDS, numbersFor } from './shape-fields.js'

/** A ratio that is held to a target: the time of `over` divided by the time of `ours`. */
export interface Ratio {
  readonly what: string
  readonly ours: string
  readonly over: string
  readonly target: number
}

const ENGINE = 'Godot'

const TARGETS = {
  encodeEngine: { handshake: 3.5, state: 5, snapshot: 7 },
  decodeEngine: { handshake: 3, state: 4, snapshot: 5.5 },
  encodeMsgpackr: { handshake: 1, state: 1.5, snapshot: 2.5 },
  decodeMsgpackr: { handshake: 0.8, state: 2, snapshot: 2.5 },
} as const
const GD_COM = 25
const COPY = 0.8

export interface Plan {
  readonly timed: Timed[]
  readonly ratios: Ratio[]
}

const same = (a: Uint8Array, b: Uint8Array) => assert.equal(Buffer.compare(a, b), 0)

/** What a user would pick instead, for this payload. */
function othersFor(payload: string): readonly Other[] {
  return [...OTHERS, protobufFor(payload)]
}

function payloadPlan(payload: keyof typeof TARGETS.encodeEngine, value: VariantInput): Plan {
  const bytes = varToBytes(value)
  const name = (what: string, who: string) => `${what}/${payload}/${who}`
  const encoder = new VariantEncoder()
  const decoder = new VariantDecoder({ dictionaryAs: 'object' })
  const { compiled } = FIELDS[payload]!
  const numbers = numbersFor(value) as never
  same(encoder.encodeView(value), bytes)
  same(compiled.encodeView(numbers), bytes)
  const timed: Timed[] = [
    { name: name('encode', 'varToBytes'), run: () => varToBytes(value) },
    { name: name('encode', 'encodeView'), run: () => encoder.encodeView(value) },
    { name: name('encode', 'compiled'), run: () => compiled.encodeView(numbers) },
    { name: name('decode', 'compiled'), run: () => compiled.decode(bytes) },
    { name: name('decode', 'bytesToVar'), run: () => bytesToVar(bytes) },
    { name: name('decode', 'bytesToVar, objects'), run: () => decoder.decode(bytes) },
  ]
  for (const other of othersFor(payload)) {
    const form = other.form(value)
    const encoded = Uint8Array.from(other.encode(form))
    assert.deepEqual(other.decode(encoded), form, other.name)
    timed.push({ name: name('encode', other.name), run: () => other.encode(form) })
    timed.push({ name: name('decode', other.name), run: () => other.decode(encoded) })
  }
  const ratio = (what: string, ours: string, over: string, target: number): Ratio => ({
    what: `${what}, ${payload}`,
    ours: name(what.split(' ')[0]!, ours),
    over: name(what.split(' ')[0]!, over),
    target,
  })
  return {
    timed,
    ratios: [
      ratio('encode : Godot', 'encodeView', ENGINE, TARGETS.encodeEngine[payload]),
      ratio('encode with copy : Godot', 'varToBytes', ENGINE, TARGETS.encodeEngine[payload]),
      ratio('decode : Godot', 'bytesToVar', ENGINE, TARGETS.decodeEngine[payload]),
      ratio('encode compiled : Godot', 'compiled', ENGINE, TARGETS.encodeEngine[payload]),
      ratio('decode compiled : Godot', 'compiled', ENGINE, TARGETS.decodeEngine[payload]),
      ratio('encode : msgpackr', 'encodeView', 'msgpackr', TARGETS.encodeMsgpackr[payload]),
      ratio('decode to objects : msgpackr', 'bytesToVar, objects', 'msgpackr', TARGETS.decodeMsgpackr[payload]),
      ratio('encode compiled : msgpackr', 'compiled', 'msgpackr', TARGETS.encodeMsgpackr[payload]),
      ratio('decode compiled : msgpackr', 'compiled', 'msgpackr', TARGETS.decodeMsgpackr[payload]),
    ],
  }
}

/** The same values in the same bytes, Godot 3's: both packages read what the other wrote. */
function gdComPlan(payload: string, value: VariantInput): Plan {
  const form = gdCom.form(value) as VariantInput
  const bytes = varToBytes(form, { version: 3 })
  same(gdCom.encode(form), bytes)
  assert.deepEqual(gdCom.decode(bytes), plain(form))
  const name = (what: string, who: string) => `${what} 3/${payload}/${who}`
  const encoder = new VariantEncoder({ version: 3 })
  const decoder = new VariantDecoder({ version: 3, dictionaryAs: 'object' })
  const { plain3 } = FIELDS[payload]!
  const numbers = form as never
  const version = { version: 3 } as const
  same(plain3.encodeView(numbers, version), bytes)
  const ratio = (what: 'encode' | 'decode', ours: string, how = ''): Ratio => ({
    what: `${what}${how} : gd-com, ${payload}`,
    ours: name(what, ours),
    over: name(what, gdCom.name),
    target: GD_COM,
  })
  return {
    timed: [
      { name: name('encode', 'encodeView'), run: () => encoder.encodeView(form) },
      { name: name('encode', gdCom.name), run: () => gdCom.encode(form) },
      { name: name('encode', 'compiled'), run: () => plain3.encodeView(numbers, version) },
      { name: name('decode', 'compiled'), run: () => plain3.decode(bytes, version) },
      { name: name('decode', 'decoder'), run: () => decoder.decode(bytes) },
      { name: name('decode', gdCom.name), run: () => gdCom.decode(bytes) },
    ],
    ratios: [
      ratio('encode', 'encodeView'),
      ratio('encode', 'compiled', ' compiled'),
      ratio('decode', 'decoder'),
      ratio('decode', 'compiled', ' compiled'),
    ],
  }
}

const MEGABYTE = 1 << 20
/** Part of the names of what takes memory from the system each time; of these the median counts. */
const LARGE = '1 MB of'

function packedPlan(payload: string, value: VariantInput): Plan {
  const bytes = varToBytes(value)
  const name = (what: string, who: string) => `${what}/1 MB of ${payload}/${who}`
  same(varToBytes(bytesToVar(bytes)), bytes)
  const ratio = (what: string, ours: string): Ratio => ({
    what: `${what} : copy, 1 MB of ${payload}`,
    ours: name(what, ours),
    over: name('copy', 'Uint8Array.slice'),
    target: COPY,
  })
  return {
    timed: [
      { name: name('copy', 'Uint8Array.slice'), run: () => bytes.slice() },
      { name: name('encode', 'varToBytes'), run: () => varToBytes(value) },
      { name: name('decode', 'bytesToVar'), run: () => bytesToVar(bytes) },
    ],
    ratios: [ratio('encode', 'varToBytes'), ratio('decode', 'bytesToVar')],
  }
}

const PACKED: Readonly<Record<string, VariantInput>> = {
  bytes: new Uint8Array(MEGABYTE).fill(7),
  float32: new Float32Array(MEGABYTE / 4).fill(0.5),
  Vector3: new PackedVector3Array(new Float32Array(3 * Math.floor(MEGABYTE / 12)).fill(0.5)),
}

export function codecPlan(): Plan {
  const plans = [
    ...Object.entries(PAYLOADS).map(([name, value]) => payloadPlan(name as 'state', value)),
    ...Object.entries(PAYLOADS).map(([name, value]) => gdComPlan(name, value)),
    ...Object.entries(PACKED).map(([name, value]) => packedPlan(name, value)),
  ]
  return { timed: plans.flatMap(({ timed }) => timed), ratios: plans.flatMap(({ ratios }) => ratios) }
}

/** The engine, which has its turn in each round as well. */
class EngineRounds {
  readonly best = new Map<string, number>()
  private constructor(
    readonly version: string,
    private readonly running: RunningEngine,
    private readonly folder: string,
  ) {}

  static async start(): Promise<EngineRounds | undefined> {
    const engine = findEngine('godot4')
    if (!engine) return undefined
    const folder = mkdtempSync(join(tmpdir(), 'godot-wire-'))
    const file = join(folder, 'lines.txt')
    const lines = Object.values(PAYLOADS).map((value) => Buffer.from(varToBytes(value)).toString('base64'))
    writeFileSync(file, `${lines.join('\n')}\n`)
    const run = { project: vectorProject('godot4'), script: 'codec_bench.gd', timeoutMs: 600_000 }
    const running = spawnEngine(engine, { ...run, args: [`--file=${file}`] })
    await running.nextLine('ready')
    return new EngineRounds(engine.version, running, folder)
  }

  async round(): Promise<void> {
    this.running.write('round\n')
    const times = (await this.running.nextLine()).split('|').map(Number)
    for (const [i, payload] of Object.keys(PAYLOADS).entries()) {
      this.best.set(`encode/${payload}/${ENGINE}`, times[2 * i]!)
      this.best.set(`decode/${payload}/${ENGINE}`, times[2 * i + 1]!)
    }
  }

  async end(): Promise<void> {
    this.running.write('\n')
    const code = await this.running.exited
    rmSync(this.folder, { recursive: true, force: true })
    if (code !== 0) throw this.running.failure(`ended with ${code}`)
  }
}

/** How many bytes each format needs for each payload, by `payload/format`. */
function sizes(): Record<string, number> {
  return Object.fromEntries(
    Object.entries(PAYLOADS).flatMap(([payload, value]) => [
      [`${payload}/Variant`, varToBytes(value).length],
      ...othersFor(payload).map(({ name, form, encode }) => [`${payload}/${name}`, encode(form(value)).length]),
    ]),
  )
}

export interface Report {
  readonly sizes: Readonly<Record<string, number>>
  readonly node: string
  readonly engine: string | undefined
  readonly cpu: string
  readonly nanoseconds: Readonly<Record<string, number>>
  readonly ratios: readonly (Ratio & { readonly ratio: number | undefined })[]
}

/**
 * What takes memory from the system each time, after all else: what one of them leaves behind is collected before the next
 * one's turn, and collecting takes compiled code along that nobody's objects hold on to.
 */
function largeRounds(timed: readonly Timed[], count: number): Rounds {
  const rounds = new Rounds(timed, globalThis.gc)
  for (let i = 0; i < count; i++) rounds.round()
  return rounds
}

/** Times everything, round by round. */
export async function measure({ timed, ratios }: Plan, count: number): Promise<Report> {
  const engine = await EngineRounds.start()
  const isLarge = ({ name }: Timed) => name.includes(LARGE)
  const rounds = new Rounds(timed.filter((one) => !isLarge(one)))
  for (let i = 0; i < count; i++) {
    rounds.round()
    await engine?.round()
  }
  await engine?.end()
  const large = largeRounds(timed.filter(isLarge), count)
  const best = new Map([...rounds.best, ...large.median, ...(engine?.best ?? [])])
  const ratioOf = ({ ours, over }: Ratio) => {
    const [mine, theirs] = [best.get(ours), best.get(over)]
    return mine === undefined || theirs === undefined ? undefined : theirs / mine
  }
  return {
    sizes: sizes(),
    node: process.versions.node,
    engine: engine?.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    nanoseconds: Object.fromEntries([...best].sort(([a], [b]) => a.localeCompare(b))),
    ratios: ratios.map((ratio) => ({ ...ratio, ratio: ratioOf(ratio) })),
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)))
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n')
}

function nanosecondsText(ns: number): string {
  return ns.toFixed(ns < 1000 ? 1 : 0)
}

export function reportText({ node, engine, cpu, nanoseconds, ratios }: Report): string {
  const times = Object.entries(nanoseconds).map(([name, ns]) => [name, nanosecondsText(ns)])
  const held = ratios.map(({ what, ours, over, target, ratio }) => [
    what,
    nanosecondsText(nanoseconds[ours] ?? Number.NaN),
    nanosecondsText(nanoseconds[over] ?? Number.NaN),
    ratio?.toFixed(2) ?? '',
    target.toFixed(1),
    ratio === undefined ? 'no engine' : ratio >= target ? 'met' : 'NOT MET',
  ])
  return [
    `Node ${node}, ${engine === undefined ? 'no Godot 4 (npm run engines installs one)' : `Godot ${engine}`}, ${cpu}`,
    table(['one call', 'nanoseconds'], times),
    '',
    table(['ours : theirs', 'ours ns', 'theirs ns', 'ratio', 'target', ''], held),
  ].join('\n')
}

function option(name: string): string | undefined {
  return process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3)
}

const plan = codecPlan()
const filter = option('filter') ?? ''
const chosen: Plan = { ...plan, timed: plan.timed.filter(({ name }) => name.includes(filter)) }
const report = await measure(chosen, Number(option('rounds') ?? 60))
console.log(reportText(report))
const file = option('json')
if (file !== undefined) writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`)
