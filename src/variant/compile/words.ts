/** What is the same in every value of a shape: headers, counts and keys, as words of 4 bytes. */
import type { Utf8Dialect } from '../../bytes/index.js'
import { wordsOf } from '../shape/key.js'
import { VariantType } from '../variant-type.js'

/** A value of a literal. */
export function literalWords(value: string | number | boolean | null, dialect: Utf8Dialect): number[] {
  switch (typeof value) {
    case 'string':
      return [...wordsOf(value, dialect)]
    case 'number':
      return [VariantType.INT, value]
    case 'boolean':
      return [VariantType.BOOL, value ? 1 : 0]
    default:
      return [VariantType.NIL]
  }
}

/** One or two words, as a number that is written and compared at once. */
interface Piece {
  readonly offset: number
  readonly type: 'Int32' | 'Float64'
  readonly value: number
}

function float64Of(low: number, high: number): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setInt32(0, low, true)
  view.setInt32(4, high, true)
  return view.getFloat64(0, true)
}

/** Two words at once where the number that they make has these bits alone: not for NaNs and zeros. */
function piecesOf(words: readonly number[], offset: number): Piece[] {
  const pieces: Piece[] = []
  for (let i = 0; i < words.length; ) {
    const pair = i + 1 < words.length ? float64Of(words[i]!, words[i + 1]!) : Number.NaN
    const isPair = Number.isFinite(pair) && pair !== 0
    pieces.push({ offset: offset + 4 * i, type: isPair ? 'Float64' : 'Int32', value: isPair ? pair : words[i]! })
    i += isPair ? 2 : 1
  }
  return pieces
}

/** `p`, or `p + 12`. */
export function place(offset: number): string {
  return offset === 0 ? 'p' : `p + ${offset}`
}

/** Statements that write the words at `p + offset`. */
export function writtenWords(words: readonly number[], offset: number): string[] {
  return piecesOf(words, offset).map(({ type, value, offset: at }) => `v.set${type}(${place(at)}, ${value}, true)`)
}

/** Conditions that hold together where the words are what is at `p + offset`. */
export function sameWords(words: readonly number[], offset: number): string[] {
  return compared(words, offset, '===')
}

/** Conditions of which one holds where they are not. */
export function otherWords(words: readonly number[], offset: number): string[] {
  return compared(words, offset, '!==')
}

function compared(words: readonly number[], offset: number, how: '===' | '!=='): string[] {
  return piecesOf(words, offset).map(
    ({ type, value, offset: at }) => `v.get${type}(${place(at)}, true) ${how} ${value}`,
  )
}
