import type { Encoder } from '../encoder.js'
import { failAt } from '../fault.js'
import type { Properties } from '../values/index.js'
import { budget } from './budget.js'
import { BOOL, FLOAT, INT, OTHER, STRING, VECTOR3 } from './coder.js'
import type { FieldTable } from './field-table.js'
import { put, putBool, putFloat, putInt, putText, putVector3 } from './inline.js'
import { misfit } from './misfit.js'

/** Writes the fields of an object, each behind its key, and returns how many there were. */
export function writeFields(table: FieldTable, e: Encoder, object: Properties, depth: number): number {
  const { count, kinds, maker } = table
  const keys = table.keys.of(e.dialect.text)
  const { sizes, heads } = keys
  const from = maker.take(object)
  const { values } = budget.writing
  let missing = 0
  let at = e.reserve(table.runs[0]!, 0)
  let { view } = e
  let i = 0
  try {
    for (; i < count; i++) {
      const value = values[from + i]
      if (value === undefined) {
        missing++
        if (!table.parts[i]!.isOptional) misfit('VARIANT_SHAPE_MISSING', { field: table.parts[i]!.name })
        continue
      }
      const size = sizes[i]!
      if (size < 0) at = keys.put(view, at, i)
      else {
        view.setFloat64(at, heads[3 * i]!, true)
        view.setFloat64(at + 8, heads[3 * i + 1]!, true)
        if (size > 16) view.setFloat64(at + 16, heads[3 * i + 2]!, true)
        at += size
      }
      let end: number
      switch (kinds[i]) {
        case INT:
          end = putInt(e, at, value)
          break
        case FLOAT:
          end = putFloat(e, at, value)
          break
        case BOOL:
          end = putBool(e, at, value)
          break
        case STRING:
          end = putText(e, at, value)
          break
        case VECTOR3:
          end = putVector3(e, at, value)
          break
        case OTHER:
          end = -1
          break
        default:
          end = put(e, at, table.plans[i]!, value)
      }
      if (end < 0) {
        e.length = at
        table.plans[i]!.coder.write(e, value, depth)
        end = e.reserve(table.runs[i + 1]!, 0)
        view = e.view
      }
      at = end
    }
  } catch (thrown) {
    failAt(thrown, { property: table.parts[i]!.name }, object)
  }
  e.length = at
  maker.end(from)
  return count - missing
}
