import type { Decoder } from '../decoder.js'
import { failAt } from '../fault.js'
import { FLOAT_64 } from '../types/header.js'
import { VariantType } from '../variant-type.js'
import { budget } from './budget.js'
import { BOOL, FLOAT, INT, OTHER, STRING, VECTOR3 } from './coder.js'
import type { FieldTable } from './field-table.js'
import { take, takeVector3 } from './inline.js'

/** Reads fields into their places as long as each comes where it is expected, and returns how many of `count` came. */
export function readInOrder(table: FieldTable, d: Decoder, from: number, count: number, depth: number): number {
  const { kinds, plans } = table
  const keys = table.keys.of(d.dialect.text)
  const { view, end } = d
  const { values } = budget.reading
  let next = d.offset
  let came = 0
  let i = 0
  try {
    for (; i < table.count && came < count; i++) {
      const at = keys.behind(view, next, end, i)
      if (at < 0) {
        if (table.parts[i]!.isOptional) continue
        break
      }
      came++
      const left = end - at
      if (left >= 8) {
        const header = view.getInt32(at, true)
        switch (kinds[i]) {
          case INT:
            if (header !== VariantType.INT) break
            next = at + 8
            values[from + i] = view.getInt32(at + 4, true)
            continue
          case FLOAT:
            if (header === VariantType.FLOAT) {
              next = at + 8
              values[from + i] = view.getFloat32(at + 4, true)
              continue
            }
            if (header !== FLOAT_64 || left < 12) break
            next = at + 12
            values[from + i] = view.getFloat64(at + 4, true)
            continue
          case BOOL:
            if (header !== VariantType.BOOL) break
            next = at + 8
            values[from + i] = view.getInt32(at + 4, true) !== 0
            continue
          case STRING:
            if (header !== VariantType.STRING) break
            d.offset = at
            values[from + i] = d.readElement(depth)
            next = d.offset
            continue
          case VECTOR3: {
            const vector = takeVector3(d, at, header)
            if (vector === undefined) break
            values[from + i] = vector
            next = at + 16
            continue
          }
          case OTHER:
            d.offset = at
            values[from + i] = plans[i]!.coder.read(d, depth)
            next = d.offset
            continue
          default:
            break
        }
      }
      d.offset = at
      values[from + i] = take(d, plans[i]!, depth)
      next = d.offset
    }
  } catch (thrown) {
    failAt(thrown, { property: table.parts[i]!.name })
  }
  d.offset = next
  return came
}
