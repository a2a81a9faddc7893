// docs/wire-format.md shows bytes with the name of their row: they are the row's.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { formsTables, pageWith } from '../../scripts/forms-table.js'
import { DIALECTS } from '../../src/variant/dialect.js'
import { VARIANT_TYPE_NAMES } from '../../src/variant/index.js'
import { readVectors } from './read-vectors.js'

const page = readFileSync(new URL('../../docs/wire-format.md', import.meta.url), 'utf8')

const rows = {
  4: new Map(readVectors(4, 'values').map(([name, , hex]) => [name!, hex!])),
  3: new Map(readVectors(3, 'values').map(([name, , hex]) => [name!, hex!])),
}

/** A row is named as 4 `name`; its bytes stand in the same line or paragraph, as hex in backquotes. */
function examples(): [version: 3 | 4, name: string, hex: string][] {
  return page.split(/\n\n|\n(?=\||Row )/).flatMap((part) => {
    const name = /\b([34])\s`([a-z0-9_]+)`/.exec(part)
    const hex = [...part.matchAll(/`((?:[0-9a-f]{2})+(?:\s(?:[0-9a-f]{2})+)*)`/g)].map(([, digits]) => digits!)
    const longest = hex.sort((a, b) => b.length - a.length)[0]
    return name && longest ? [[Number(name[1]) as 3 | 4, name[2]!, longest.replace(/\s/g, '')] as const] : []
  }) as [3 | 4, string, string][]
}

describe('docs/wire-format.md', () => {
  it('has an example for every type and more', () => {
    expect(examples().length).toBeGreaterThan(45)
  })

  it.each(examples())('%i %s', (version, name, hex) => {
    expect(rows[version].get(name)).toBe(hex)
  })

  it('has the ids of both versions', () => {
    const table = [...page.matchAll(/^\| (\d+) \| (\d*) ?\| (\w+)/gm)].map(([, four, three, name]) => [
      four,
      three,
      name,
    ])
    const expected = VARIANT_TYPE_NAMES.map((name, type) => {
      const id = DIALECTS[3].idOf[type]!
      return [String(type), id < 0 ? '' : String(id), name === 'Nil' ? 'nil' : name]
    })
    expect(table).toEqual(expected)
  })

  it('has every form with the answers of the engines and ours', () => {
    expect(page).toBe(pageWith(formsTables(), page))
    expect(page.split('\n').filter((line) => /^\| [a-z0-9_]+ \| (`|no bytes)/.test(line)).length).toBeGreaterThan(500)
  })
})
