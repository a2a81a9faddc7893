// What the engines wrote, row by row, both ways. Round trips alone prove little; here each side is held against bytes
// and values that the codec did not make.
import { describe, expect, it } from 'vitest'
import { DIALECTS } from '../../src/variant/dialect.js'
import { bytesToVar, bytesToVarWithObjects, varToBytes, varToBytesWithObjects } from '../../src/variant/index.js'
import { difference } from './equal.js'
import { fromHex, toHex } from './hex.js'
import { PRINTERS, readVectors } from './read-vectors.js'
import { type RowValue, readValue, writtenValue } from './row.js'
import { ROWS_3 } from './rows-3.js'
import { ROWS_4 } from './rows-4.js'
import { ROWS_36 } from './rows-36.js'

const ROWS = { godot4: ROWS_4, godot3: ROWS_3, godot36: ROWS_36 } as const

describe.each(PRINTERS)('the values of %s, Godot %s', (engine, _release, version) => {
  const vectors = readVectors(engine, 'values')
  const rows: Readonly<Record<string, RowValue>> = ROWS[engine]

  function encode(name: string, value: unknown): string {
    const write = name.startsWith('full_') ? varToBytesWithObjects : varToBytes
    return toHex(write(value as never, { version }))
  }

  function decode(name: string, hex: string): unknown {
    const read = name.startsWith('full_') ? bytesToVarWithObjects : bytesToVar
    return read(fromHex(hex), { version, exact: true })
  }

  it('are the same ones in the file and in TypeScript', () => {
    expect(Object.keys(rows).sort()).toEqual(vectors.map(([name]) => name).sort())
  })

  it('are of every type that this version has', () => {
    const ids = new Set(vectors.map(([, , hex]) => Number.parseInt(hex!.slice(0, 2), 16)))
    expect([...ids].sort((a, b) => a - b)).toEqual(DIALECTS[version].typeOf.map((_, id) => id))
  })

  describe.each(vectors)('%s: %s', (name, _source, hex = '') => {
    const row = rows[name!]

    it('is written with the bytes of the engine', () => {
      expect(encode(name!, writtenValue(row))).toBe(hex)
    })

    it('is read as the value', () => {
      expect(difference(decode(name!, hex), readValue(row))).toBeUndefined()
    })

    it('is written again as it was read', () => {
      const again = encode(name!, decode(name!, hex))
      // What an engine does not read back as it was written ends, in that engine too, as the value that it read.
      expect(again).toBe(readValue(row) === row ? hex : encode(name!, readValue(row)))
    })

    it('is read again as it was written', () => {
      expect(difference(decode(name!, encode(name!, writtenValue(row))), readValue(row))).toBeUndefined()
    })
  })
})
