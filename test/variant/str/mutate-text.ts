// Texts that are nearly Godot's: cut, doubled, with signs and words where none belong.
import type { Random } from '../random.js'

const PIECES = [
  ...[
    '[',
    ']',
    '{',
    '}',
    '(',
    ')',
    ',',
    ':',
    '"',
    '\\',
    '=',
    '.',
    '-',
    '+',
    '#',
    '&',
    '@',
    ';',
    '\n',
    ' ',
    '\t',
    '%',
    "'",
  ],
  ...[
    '0',
    '1',
    '9',
    '1e5',
    '1e-',
    '.5',
    '-0.0',
    '99999999999999999999',
    'inf',
    'nan',
    '-inf',
    'inf_neg',
    'true',
    'null',
  ],
  ...['Vector2(', 'Vector2i(1,', 'PackedByteArray(', 'PoolIntArray( ', 'NodePath("', 'Color( ', 'RID(', 'Callable()'],
  ...[
    'Array[int]([',
    'Array[',
    'Dictionary[int, ',
    '"a"',
    '"\\u0041"',
    '\\ud83d',
    '&"b"',
    '#ff0000',
    'é',
    '😀',
    '[]',
    '{}',
  ],
]

/** One to three changes at random places. */
export function mutatedText(text: string, random: Random): string {
  let changed = text
  for (let left = 1 + random.below(3); left > 0; left--) changed = changedOnce(changed, random)
  return changed.replace(HALVES, '')
}

/** What a cut through a pair of surrogates leaves: no UTF-8 has it. */
const HALVES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

function changedOnce(text: string, random: Random): string {
  const at = random.below(text.length + 1)
  const end = Math.min(text.length, at + 1 + random.below(4))
  switch (random.below(5)) {
    case 0:
      return text.slice(0, at)
    case 1:
      return text.slice(0, at) + text.slice(end)
    case 2:
      return text.slice(0, end) + text.slice(at)
    case 3:
      return text.slice(0, at) + random.pick(PIECES) + text.slice(end)
    default:
      return text.slice(0, at) + random.pick(PIECES) + text.slice(at)
  }
}
