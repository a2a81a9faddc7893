// The value of each row of godot-3.6/values.txt: those of Godot 3.2.3, but for what 3.6 writes in another way.
import { Dictionary, GodotObject } from '../../src/variant/index.js'
import type { RowValue } from './row.js'
import { ROWS_3 } from './rows-3.js'

const gradient = ROWS_3['full_gradient'] as GodotObject

/** A property that 3.2.3 did not have stands between those that it has. */
function withInterpolation(properties: Dictionary): Dictionary {
  const entries = [...properties]
  const at = entries.findIndex(([name]) => name === 'offsets')
  return new Dictionary([...entries.slice(0, at), ['interpolation_mode', 0], ...entries.slice(at)])
}

export const ROWS_36: Readonly<Record<string, RowValue>> = {
  ...ROWS_3,
  // This engine writes a space for a surrogate that stands alone. What we write for one is in decode-forms.test.ts.
  string_lone_surrogate: 'a b',
  string_lone_surrogate_long: `a ${'b'.repeat(40)}`,
  full_gradient: new GodotObject('Gradient', withInterpolation(gradient.properties)),
}
