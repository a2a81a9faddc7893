// Prints each form of a value that no engine writes into docs/wire-format.md, with the engines' answers and ours:
// `npx tsx scripts/forms-table.ts`. test/variant/wire-format.test.ts fails where the page says something else.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { DIFFERENCES, expectedCode, type Form, formsOf, knownAnswer, ourAnswer } from '../test/variant/forms.js'
import { PRINTED } from '../test/variant/read-vectors.js'
import type { EngineName } from './engines.js'

export const PAGE = fileURLToPath(new URL('../docs/wire-format.md', import.meta.url))

const BEGIN = '<!-- forms: written by scripts/forms-table.ts -->'
const END = '<!-- forms: end -->'

/** Longer hex says no more to a reader. */
const LONGEST = 64

function code(text: string): string {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
  return shown === '' ? 'no bytes' : `\`${shown}\``
}

/** `same`, `error`, or the hex of what is written again. */
function answer(text: string): string {
  return text === 'same' || text === 'error' ? text : code(text)
}

/** The numbers of the reasons, in the order in which they come up. */
type Reasons = Map<string, number>

/** Our answer in the words of the table: where it is not the engine's, with the number of the reason. */
function ours(engines: readonly EngineName[], forms: readonly Form[], reasons: Reasons): string {
  const said = ourAnswer(engines[0]!, forms[0]!)
  const notes = engines.flatMap((engine, i) => {
    const form = forms[i]!
    if (knownAnswer(engine, form.name) === undefined) {
      const theirs = form.engine === 'error' ? expectedCode(form.name) : form.engine
      if (said !== theirs)
        throw new Error(`${form.name}: ${engine} says ${theirs}, we say ${said}, and no reason is known`)
      return []
    }
    return DIFFERENCES[engine].filter((d) => form.name in d.forms).map(({ why }) => number(why, reasons))
  })
  const marks = [...new Set(notes)].sort((a, b) => a - b).map((note) => `<sup>${note}</sup>`)
  return answer(said) + marks.join('')
}

function number(why: string, reasons: Reasons): number {
  if (!reasons.has(why)) reasons.set(why, reasons.size + 1)
  return reasons.get(why)!
}

function table(engines: readonly EngineName[], reasons: Reasons): string[] {
  const byEngine = engines.map(formsOf)
  const head = ['form', 'bytes', ...engines.map((engine) => PRINTED[engine].godot), 'here']
  const rows = byEngine[0]!.map((form, i) => {
    const forms = byEngine.map((list) => list[i]!)
    if (forms.some(({ name }) => name !== form.name))
      throw new Error(`${form.name} is not in the same place everywhere`)
    return [form.name, code(form.input), ...forms.map(({ engine }) => answer(engine)), ours(engines, forms, reasons)]
  })
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
}

/** The tables with their reasons, as they stand on the page. */
export function formsTables(): string {
  const reasons: Reasons = new Map()
  const four = table(['godot4'], reasons)
  const three = table(['godot36', 'godot3'], reasons)
  const notes = [...reasons].map(([why, note]) => `${note}. ${why}`)
  return [...notes, '', '### Godot 4', '', ...four, '', '### Godot 3', '', ...three].join('\n')
}

/** The page with the tables in their place. */
export function pageWith(tables: string, page = readFileSync(PAGE, 'utf8')): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (from < 0 || to < from) throw new Error(`${PAGE} has no place for the tables`)
  return `${page.slice(0, from)}${BEGIN}\n\n${tables}\n\n${page.slice(to)}`
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(PAGE, pageWith(formsTables()))
}
