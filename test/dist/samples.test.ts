// Every sample of the documents that no other test runs: it fits the types of the installed package, and prints what it
// should. A new sample has no row, and fails until it has one.
import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { edited, everyDocument, has, sampleAt, samplesIn } from '../documents.js'
import { describeWithDouble } from '../steam/double.js'
import { type Consumer, makeConsumer, strictProgram } from './consumer.js'
import { ROWS, type Row, STEAM_ROWS } from './samples.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Documents whose samples other tests run, all of them. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'README.md': 'test/dist/readme.test.ts',
  'docs/p2p.md': 'test/p2p/samples.test.ts',
  'docs/performance.md': 'test/variant/performance-docs.test.ts',
  'docs/shapes.md': 'test/variant/shape/docs.test.ts',
}

/** Samples of docs/transport.md that other tests run, by a line of each. */
const RUN_ELSEWHERE = [
  'transportCompliance({ describe, it }, async () => {', // test/transport/compliance-docs.test.ts
  'const transport = new UdpTransport({ steamId: server })', // test/transport/udp-docs.test.ts
]

const ALL_ROWS = [...ROWS, ...STEAM_ROWS]

const DOCUMENTS = everyDocument()
  // test/dist/guides.test.ts
  .filter((file) => !file.startsWith('docs/guides/'))
  .filter((file) => !(file in ELSEWHERE))

/** Blocks by language, and the tests that run them, by the document; undefined where they only show something. */
const LANGUAGES: Readonly<Record<string, Readonly<Record<string, string>> | undefined>> = {
  ts: {
    'docs/guides/': 'test/dist/guides.test.ts',
    'godot/addons/': 'test/dist/samples.test.ts',
    '': 'test/dist/samples.test.ts',
  },
  js: { 'docs/shapes.md': 'test/dist/compiled.test.ts' },
  gdscript: { '': 'test/live/gdscript-samples.test.ts' },
  console: { '': 'test/live/shell-samples.test.ts' },
  sh: { '': 'test/live/shell-samples.test.ts' },
  json: { 'docs/guides/desktop.md': 'test/dist/desktop.test.ts' },
  // What stands behind a sample is compared with what it prints, and diagrams are drawn by test/dist/site.test.ts.
  text: undefined,
  mermaid: undefined,
  // Layouts and pictures in letters.
  '': {
    'docs/protocol.md': 'docs/protocol.md',
    'docs/transport.md': 'docs/transport.md',
    'docs/wire-format.md': 'docs/wire-format.md',
  },
}

/** Why nothing runs a block that begins with this line; undefined where something does. */
function unrunBecause(document: string, language: string): string | undefined {
  if (!(language in LANGUAGES)) return `no test runs ${language}`
  const tests = LANGUAGES[language]
  const run = tests === undefined || Object.keys(tests).some((start) => document.startsWith(start))
  return run ? undefined : `no test runs ${language} of this document`
}

let consumer: Consumer
beforeAll(async () => {
  consumer = await makeConsumer()
  // What docs/compression.md and docs/steam.md tell to install.
  for (const name of ['@hpcc-js', 'koffi']) {
    symlinkSync(join(ROOT, 'node_modules', name), join(consumer.folder, 'node_modules', name))
  }
})
afterAll(() => consumer?.remove())

/** What TypeScript has against each of these modules. */
function problemsOf(modules: readonly string[]): string[][] {
  const files = modules.map((text, i) => consumer.write(`sample-${i}.ts`, text))
  const program = strictProgram(consumer, files)
  return files.map((file) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
  )
}

/** Plain JavaScript, with the imports of all parts in front. */
function scriptOf(parts: readonly string[]): string {
  const { outputText } = ts.transpileModule(parts.join('\n'), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  })
  return outputText
}

/** Addresses have a port and a token that are new each time. */
const withoutAddresses = (text: string) => text.replace(/^http:\/\/127\.0\.0\.1:\d+\/\S*$/gm, '<address>')

async function check(row: Row): Promise<void> {
  const { before = '', after = '', edits = [], prints } = row.run
  const script = scriptOf([before, edited(sampleAt(row, 'ts'), edits), after])
  expect(withoutAddresses(await consumer.node('sample.mjs', script))).toBe(prints)
}

describe('the samples of the documents', () => {
  it('are in languages that some test runs there', () => {
    const documents = everyDocument()
    expect(documents.length).toBeGreaterThan(30)
    const unrun = documents.flatMap((document) => {
      const text = readFileSync(join(ROOT, document), 'utf8')
      // Every other fence ends a block.
      const openings = [...text.matchAll(/^ *(?:```|~~~)(.*)$/gm)].filter((_, i) => i % 2 === 0)
      return openings.flatMap(([, language]) => {
        const reason = unrunBecause(document, language!.trim())
        return reason === undefined ? [] : [`${document}: ${reason}`]
      })
    })
    expect(unrun).toEqual([])
    const tests = Object.values(LANGUAGES).flatMap((table) => Object.values(table ?? {}))
    expect(tests.filter((test) => !existsSync(join(ROOT, test)))).toEqual([])
    expect(unrunBecause('docs/cli.md', 'lua')).toBe('no test runs lua')
    expect(unrunBecause('docs/relay.md', 'js')).toBe('no test runs js of this document')
  })

  it('name no command of this project that is not there', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object }
    const named = everyDocument().flatMap((document) => {
      const text = readFileSync(join(ROOT, document), 'utf8')
      return [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, script]) => script!)
    })
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((script) => !(script in scripts))).toEqual([])
  })

  it('each have a row here, or a test of their own', () => {
    const unknown = DOCUMENTS.flatMap((document) =>
      samplesIn(document, 'ts')
        .filter((code) => !RUN_ELSEWHERE.some((line) => has(code, line)))
        .filter((code) => !ALL_ROWS.some((row) => row.document === document && has(code, row.line)))
        .map((code) => `${document}: ${code}`),
    )
    expect(unknown).toEqual([])
    for (const [document, test] of Object.entries(ELSEWHERE)) {
      expect(readFileSync(join(ROOT, test), 'utf8')).toContain(document.replace('docs/', ''))
    }
  })

  it('fit the types', () => {
    const problems = problemsOf(ALL_ROWS.map((row) => `${row.given ?? ''}\n${sampleAt(row, 'ts')}\nexport {}`))
    const found = ALL_ROWS.map(({ document, line }, i) => ({ sample: `${document}: ${line}`, problems: problems[i] }))
    expect(found.filter((one) => one.problems!.length > 0)).toEqual([])
  })

  it.each(ROWS)('$document, $line: prints what it should', check)
})

describeWithDouble('the samples that need Steam', () => {
  it.each(STEAM_ROWS)('$document, $line: prints what it should', check)
})
