// npm run bench:report: docs/benchmarks.md and its plots, from what bench/results keeps.
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type BarPanel, barPlot, count, duration, linePlot } from './plots.js'
import { type GrowthReport, type Report, readReport } from './record.js'

const DOCS = fileURLToPath(new URL('../docs/', import.meta.url))
const PAYLOADS = {
  handshake: 'handshake: the tutorial’s first packet',
  state: 'state: one player',
  snapshot: 'snapshot: a hundred players',
} as const

const codec = readReport('codec')
const shapes = readReport('shapes')
const send = readReport('send')
const growth = readReport<GrowthReport>('growth')

/** Who is ours among the names of the suites, and what it is called in a plot. */
const OURS: Readonly<Record<string, string>> = {
  varToBytes: 'varToBytes',
  encodeView: 'VariantEncoder',
  compiled: 'compiled shape',
  bytesToVar: 'bytesToVar',
  'bytesToVar, objects': 'bytesToVar, objects',
  'shape.encode': 'shape',
  'shape.decode': 'shape',
}

/** Times of one thing on one payload, ours and others'. */
function panel(what: string, payload: keyof typeof PAYLOADS): BarPanel {
  const prefix = `${what}/${payload}/`
  const all = { ...codec.nanoseconds, ...pick(shapes.nanoseconds, ['shape.encode', 'shape.decode']) }
  const bars = Object.entries(all)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => {
      const who = name.slice(prefix.length)
      return {
        name: OURS[who] ?? (who === 'Godot' ? `Godot ${codec.engine?.split('.stable')[0]}` : who),
        value,
        isOurs: who in OURS,
      }
    })
  return { title: PAYLOADS[payload], bars }
}

function pick(from: Readonly<Record<string, number>>, who: readonly string[]): Record<string, number> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => who.includes(name.split('/')[2] ?? '')))
}

function ratioRows({ ratios }: Report): string[] {
  return ratios.map(({ what, ratio }) => `| ${what} | ${ratio === undefined ? 'no engine' : ratio.toFixed(2)} |`)
}

function sizeRows({ sizes = {} }: Report): string[] {
  const whos = [...new Set(Object.keys(sizes).map((name) => name.slice(name.indexOf('/') + 1)))]
  const cell = (payload: string, who: string) => sizes[`${payload}/${who}`]?.toLocaleString('en-US') ?? '-'
  return whos.map(
    (who) =>
      `| ${who} | ${Object.keys(PAYLOADS)
        .map((payload) => cell(payload, who))
        .join(' | ')} |`,
  )
}

function write(file: string, text: string): void {
  writeFileSync(`${DOCS}${file}`, text)
}

mkdirSync(`${DOCS}images`, { recursive: true })
const payloads = Object.keys(PAYLOADS) as (keyof typeof PAYLOADS)[]
for (const what of ['encode', 'decode']) {
  const title = `Time of one call: ${what}`
  write(
    `images/bench-${what}.svg`,
    barPlot(
      title,
      payloads.map((payload) => panel(what, payload)),
    ),
  )
}
const perByte = { x: 'bytes of the value', y: 'nanoseconds a byte' }
write('images/bench-bytes.svg', linePlot('Time per byte', perByte, growth.bytes))
const perPacket = { x: 'sessions of one peer', y: 'nanoseconds a packet' }
write('images/bench-sessions.svg', linePlot('Time per packet', perPacket, growth.sessions))

const points = (lines: GrowthReport['bytes']) =>
  lines.flatMap(({ name, points }) => points.map(([x, ns]) => `| ${name} | ${count(x)} | ${ns.toFixed(2)} |`))

write(
  'benchmarks.md',
  `# Benchmarks

Made by \`npm run bench:record\` and \`npm run bench:report\`; the numbers are in [bench/results](../bench/results). Everything of
one table was timed in one run, round by round, and the quickest round of each counts. There were three such runs: V8 compiles
anew in each process, not always alike, and what is in the middle of the three is here. Node ${codec.node}, Godot
${codec.engine ?? '(none)'}, ${codec.cpu}. The payloads are those of \`bench/payloads.ts\`: the same information for everybody, in
the form that is quickest for each; that everybody gives it back is checked before anything is timed.

## Encode

![Time of one call, encode](images/bench-encode.svg)

## Decode

![Time of one call, decode](images/bench-decode.svg)

\`bytesToVar, objects\` is \`dictionaryAs: 'object'\`, which is what the other libraries give. A shape also checks every field;
it and protobuf-es are told beforehand what a message has. \`compiled\` is a shape for which \`godot-wire compile\` has written code,
as protobuf-es has it written.

## Beside others

Their time divided by ours: above 1 we are faster.

| ours : theirs | ratio |
|---|---|
${[...ratioRows(codec), ...ratioRows(shapes), ...ratioRows(send)].join('\n')}

## Bytes

| | handshake | state | snapshot |
|---|---|---|---|
${sizeRows(codec).join('\n')}

Variant bytes are the engine's, and no format of ours could make them fewer; \`compress\` does (docs/compression.md).

## Sending

| | time |
|---|---|
${Object.entries(send.nanoseconds)
  .map(([name, ns]) => `| ${name.replace('/', ', ')} | ${duration(ns)} |`)
  .join('\n')}

## Growth

![Time per byte](images/bench-bytes.svg)

![Time per packet](images/bench-sessions.svg)

| | | nanoseconds |
|---|---|---|
${[...points(growth.bytes), ...points(growth.sessions)].join('\n')}
`,
)
console.log('docs/benchmarks.md is written')
