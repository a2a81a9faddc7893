// Every block of shell commands in the documents is run: by another test that the table names, or here, from the document's own
// text. A new block has no row, and fails until it has one.
import { describe, expect, it } from 'vitest'
import { everyDocument, has, type Place, sampleAt, samplesIn } from '../documents.js'
import { read } from './shell.js'
import { ELSEWHERE, ROWS } from './shell-samples.js'
import { STEAM_ROWS } from './shell-samples-steam.js'

const LANGUAGES = ['sh', 'bash', 'console']
const HERE = [...ROWS, ...STEAM_ROWS]
const PLACES: readonly Place[] = [...HERE, ...Object.values(ELSEWHERE).flat()]

const blocksOf = (document: string) => LANGUAGES.flatMap((language) => samplesIn(document, language))

/** How often a block is in the table. */
const rowsOf = (document: string, block: string) =>
  PLACES.filter((place) => place.document === document && has(block, place.line)).length

describe('the shell blocks of the documents', () => {
  it('each have one row', () => {
    const found = everyDocument().flatMap((document) => blocksOf(document).map((block) => ({ document, block })))
    expect(found.filter(({ document, block }) => rowsOf(document, block) !== 1)).toEqual([])
    expect(found).toHaveLength(PLACES.length)
    expect(rowsOf('README.md', 'npm run nothing\n')).toBe(0)
  })

  it('that another test runs, are read by it', () => {
    for (const [test, places] of Object.entries(ELSEWHERE)) {
      for (const { document } of places) expect(read(test), test).toContain(document)
    }
  })

  // As code without a language, which nothing would find.
  it('are fenced, as all samples are', () => {
    const indented = everyDocument().filter((document) => {
      const text = read(document).replace(/^( *)(```|~~~)[\s\S]*?^\1\2$/gm, '')
      return /\n\n(?: {4}|\t)\S/.test(text)
    })
    expect(indented).toEqual([])
  })
})

for (const row of HERE) row.guard(`${row.document}: ${row.line}`, () => row.run(sampleAt(row, 'sh')))
