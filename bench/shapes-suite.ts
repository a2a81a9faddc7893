// npm run bench:suite -- shapes [--rounds=60] [--json=file]
// Shapes, and what is compiled from them, beside the codec that knows nothing of the message, and beside msgpackr and
// protobuf-es, on the same information; in one run, round by round, and the quickest round of each counts.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { Packr } from 'msgpackr'
import {
  bytesToVar,
  VariantDecoder,
  VariantEncoder,
  type VariantInput,
  Vector3,
  varToBytes,
} from '../src/variant/index.js'
import { PAYLOADS } from './payloads.js'
import { protobufFor } from './protobuf.js'
import { Rounds, type Timed } from './rounds.js'
import { type AnyField, FIELDS, numbersFor } from './shape-fields.js'

/** The time of the codec divided by the time of the compiled shape: so much is wanted. */
const TARGET = 2

/** Lists for vectors: the shortest and quickest that msgpackr has for them. */
function listsFor(value: unknown): unknown {
  if (value instanceof Vector3) return [value.x, value.y, value.z].map(Math.fround)
  if (Array.isArray(value)) return value.map(listsFor)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, listsFor(item)]))
}

/** For people, and for comparisons: what objects inherit is not told apart. */
const textOf = (value: unknown) => JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? String(one) : one))

const same = (a: Uint8Array, b: Uint8Array) => assert.equal(Buffer.compare(a, b), 0)

function timedFor(payload: string, source: VariantInput, field: AnyField, quick: AnyField): Timed[] {
  const value = numbersFor(source) as never
  const bytes = varToBytes(source)
  const encoder = new VariantEncoder()
  const decoder = new VariantDecoder({ dictionaryAs: 'object' })
  for (const one of [field, quick]) {
    same(one.encode(value), bytes)
    assert.deepEqual(textOf(one.decode(bytes)), textOf(bytesToVar(bytes, { dictionaryAs: 'object' })))
  }
  const list = [
    { name: `encode/${payload}/compiled.encode`, run: () => quick.encode(value) },
    { name: `encode/${payload}/shape.encode`, run: () => field.encode(value) },
    { name: `encode/${payload}/varToBytes`, run: () => varToBytes(source) },
    { name: `view/${payload}/compiled.encodeView`, run: () => quick.encodeView(value) },
    { name: `view/${payload}/shape.encodeView`, run: () => field.encodeView(value) },
    { name: `view/${payload}/VariantEncoder.encodeView`, run: () => encoder.encodeView(source) },
    { name: `decode/${payload}/compiled.decode`, run: () => quick.decode(bytes) },
    { name: `decode/${payload}/shape.decode`, run: () => field.decode(bytes) },
    { name: `decode/${payload}/bytesToVar, objects`, run: () => decoder.decode(bytes) },
  ]
  const lists = listsFor(value)
  for (const useRecords of [false, true]) {
    const packr = new Packr({ useRecords })
    const packed = Uint8Array.from(packr.pack(lists))
    assert.deepEqual(packr.unpack(packed), lists)
    const name = useRecords ? 'msgpackr, records' : 'msgpackr'
    list.push({ name: `encode/${payload}/${name}`, run: () => packr.pack(lists) as Uint8Array })
    list.push({ name: `decode/${payload}/${name}`, run: () => packr.unpack(packed) as unknown })
  }
  const protobuf = protobufFor(payload)
  const message = protobuf.form(source)
  const written = protobuf.encode(message)
  assert.deepEqual(protobuf.decode(written), message)
  list.push({ name: `encode/${payload}/${protobuf.name}`, run: () => protobuf.encode(message) })
  list.push({ name: `decode/${payload}/${protobuf.name}`, run: () => protobuf.decode(written) as never })
  return list
}

const timed = Object.entries(FIELDS).flatMap(([payload, { shape, compiled }]) =>
  timedFor(payload, PAYLOADS[payload]!, shape, compiled),
)

const PAIRS = [
  ['encode', 'compiled.encode', 'varToBytes'],
  ['view', 'compiled.encodeView', 'VariantEncoder.encodeView'],
  ['decode', 'compiled.decode', 'bytesToVar, objects'],
] as const

function option(name: string): string | undefined {
  return process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3)
}

const rounds = new Rounds(timed)
for (let i = 0; i < Number(option('rounds') ?? 60); i++) rounds.round()

const nanoseconds = Object.fromEntries([...rounds.best].sort(([a], [b]) => a.localeCompare(b)))
const ratios = Object.keys(FIELDS).flatMap((payload) =>
  PAIRS.map(([what, ours, over]) => ({
    what: `${what}, ${payload}: ${ours} over ${over}`,
    ratio: nanoseconds[`${what}/${payload}/${over}`]! / nanoseconds[`${what}/${payload}/${ours}`]!,
    target: TARGET,
  })),
)

console.log(`Node ${process.versions.node}, ${cpus()[0]?.model ?? 'unknown'}; nanoseconds for one call`)
for (const [name, ns] of Object.entries(nanoseconds)) console.log(`${name.padEnd(48)}${ns.toFixed(0).padStart(10)}`)
for (const { what, ratio, target } of ratios) {
  console.log(`${what.padEnd(72)}${ratio.toFixed(2).padStart(6)} ${ratio >= target ? 'met' : 'NOT MET'}`)
}
const file = option('json')
if (file !== undefined) {
  const report = { node: process.versions.node, cpu: cpus()[0]?.model, nanoseconds, ratios }
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`)
}
