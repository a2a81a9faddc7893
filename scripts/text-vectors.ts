// Lets the real engines print text.txt of the test vectors anew: `npx tsx scripts/text-vectors.ts`, or of some of them with
// their names behind it.
//
// godot/str/*/answer.gd says what is asked of an engine. It is asked about the values of values.txt and about the texts of
// test/variant/str/forms.ts. A text stands in the file as JSON, with `\u007c` for a bar; the padding of NodePath names in
// Godot 3, which is uninitialised memory, becomes zeros. Of the values those with a script are left out in Godot 3.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { readUtf8 } from '../src/bytes/index.js'
import { fromHex, toHex } from '../test/variant/hex.js'
import { withoutNodePathPadding } from '../test/variant/node-path-padding.js'
import { PRINTED, readVectors, vectorFolder } from '../test/variant/read-vectors.js'
import { FORMS } from '../test/variant/str/forms.js'
import { ENGINE_NAMES, type Engine, type EngineName, getEngine, isEngine } from './engines.js'
import { engineRows } from './run-engine.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** A question about the value in these bytes: what text is it? */
export function bytesLine(hex: string): string {
  return `b${hex}`
}

/** A question about this text: what are the bytes of its value? */
export function textLine(text: string): string {
  return `t${toHex(new TextEncoder().encode(text))}`
}

/** The answer to each line. */
export async function textAnswers(engine: Engine, lines: readonly string[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'godot-wire-'))
  try {
    const file = join(folder, 'lines.txt')
    writeFileSync(file, `${lines.join('\n')}\n`)
    const project = join(ROOT, 'godot/str', engine.name === 'godot4' ? 'godot4' : 'godot3')
    const rows = await engineRows(engine, {
      project,
      script: 'answer.gd',
      args: [`--file=${file}`],
      timeoutMs: 120_000,
    })
    if (rows.length !== lines.length) throw new Error(`${rows.length} answers to ${lines.length} lines`)
    return rows.map(([, answer = '']) => answer)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The text in an answer about bytes. Godot 3 writes halves of surrogate pairs as they are. */
export function textIn(answer: string): string {
  const bytes = fromHex(answer)
  const text = readUtf8(bytes, 0, bytes.length, 'lenient')
  if (text === undefined) throw new Error(`${answer} is not UTF-8`)
  return text
}

/** Bytes in an answer about a text, without the memory that Godot 3 leaves in them. */
export function bytesIn(name: EngineName, answer: string): string {
  return name === 'godot4' || answer === 'error' ? answer : toHex(withoutNodePathPadding(fromHex(answer)))
}

function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('|', '\\u007c')
}

/** Godot 3.6 crashes when it is to say what an Object is whose script came in bytes. */
function canBeSaid(name: EngineName, hex: string): boolean {
  return name === 'godot4' || !hex.includes(toHex(new TextEncoder().encode('script/source')))
}

/** The rows of text.txt: `print|name|hex|text` for each value, `parse|text|hex` for each text. */
export async function printedTexts(engine: Engine): Promise<string[][]> {
  const values = readVectors(engine.name, 'values')
    .map(([name = '', , hex = '']) => ({ name, hex }))
    .filter(({ hex }) => canBeSaid(engine.name, hex))
  const asked = [...values.map(({ hex }) => bytesLine(hex)), ...FORMS.map(textLine)]
  const answers = await textAnswers(engine, asked)
  const parsed = answers.slice(values.length)
  return [
    ...values.map(({ name, hex }, i) => ['print', name, hex, quoted(textIn(answers[i]!))]),
    ...FORMS.map((text, i) => ['parse', quoted(text), bytesIn(engine.name, parsed[i]!)]),
  ]
}

async function write(name: EngineName): Promise<void> {
  const engine = getEngine(name)
  if (!isEngine(engine)) throw new Error(`${name}: ${engine.missing}`)
  const rows = await printedTexts(engine)
  const folder = name === 'godot4' ? 'godot4' : 'godot3'
  const head = `# Godot ${PRINTED[name].godot}: printed by godot/str/${folder}/answer.gd for scripts/text-vectors.ts`
  const file = join(ROOT, 'test/vectors', vectorFolder(name), 'text.txt')
  writeFileSync(file, `${[head, ...rows.map((row) => row.join('|'))].join('\n')}\n`)
  console.log(`${file.slice(ROOT.length)}: ${rows.length} rows`)
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const asked = process.argv.slice(2)
  for (const name of ENGINE_NAMES.filter((n) => asked.length === 0 || asked.includes(n))) await write(name)
}
