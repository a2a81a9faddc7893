import { variantError } from '../errors.js'
import type { Encodable, Variant } from '../variant.js'
import { textDialectOf } from './dialect.js'
import { textError } from './errors.js'
import { resolveStrToVar, type StrToVarOptions, type VarToStrOptions } from './options.js'
import { TextParser } from './parser.js'
import { TextWriter } from './writer.js'

export type { Godot3Release, StrVersion } from './dialect.js'
export type { TextErrorCode } from './errors.js'
export type { StrToVarOptions, VarToStrOptions } from './options.js'

/**
 * Godot's `var_to_str` (Godot 3: `var2str`): the same text for the same value, character by character. Numbers are taken
 * as `varToBytes` takes them: integral ones are ints, `float(1)` is `1.0`.
 *
 * The text does not say everything that the bytes say, in the engine either: `-0.0` is `0.0`, all NaNs are `nan`, a
 * Callable and a Signal are empty, Godot 3 has six digits for a float and nothing at all for an RID, and what lies more
 * than 101 levels down is `[]` or `{}`. Keys come sorted.
 *
 * @throws `VARIANT_UNSUPPORTED`, `VARIANT_NOT_IN_VERSION`, `VARIANT_OUT_OF_RANGE`, `VARIANT_CYCLE`, `VARIANT_TOO_DEEP`
 *   (Godot 3.2 alone writes all levels), `VARIANT_BAD_OPTION`
 * @example
 * ```ts
 * varToStr([1, float(1), new Vector2(1, 0.1)]) // '[1, 1.0, Vector2(1, 0.1)]'
 * varToStr(new Vector2(1, 0.1), { version: 3 }) // 'Vector2( 1, 0.1 )'
 * ```
 */
export function varToStr<T>(value: Encodable<T>, options: VarToStrOptions = {}): string {
  return new TextWriter(textDialectOf(options)).write(value)
}

/**
 * Godot's `str_to_var` (Godot 3: `str2var`): the first value in a text. What follows it is not looked at. Floats are read
 * as the engine reads them, which is now and then the neighbour of the nearest one.
 *
 * Text from strangers is safe to pass: what is wrong with it is an error with line and column, depth and number of
 * elements are bounded, and nothing is ever loaded or instantiated. An Object is a `GodotObject` (an
 * `EncodedObjectAsID` is one), `Resource("res://...")` a `GodotObject` of class `Resource` with a `resource_path`.
 *
 * @throws `VARIANT_TEXT_END`, `VARIANT_TEXT_UNEXPECTED`, `VARIANT_TEXT_BAD_STRING`, `VARIANT_TEXT_UNKNOWN_NAME`,
 *   `VARIANT_TEXT_ARGUMENTS`, `VARIANT_TEXT_TOO_DEEP`, `VARIANT_TEXT_TOO_LONG`, `VARIANT_TEXT_TOO_MANY`; where the engine
 *   logs an error and gives null (Godot 3: the text itself). `VARIANT_BAD_OPTION`
 * @example
 * ```ts
 * const state = strToVar('{ "hp": 5, "pos": Vector2(1, 2) }') as Dictionary
 * state.get('pos') // new Vector2(1, 2)
 * ```
 */
export function strToVar(text: string, options?: StrToVarOptions): Variant {
  const resolved = resolveStrToVar(options)
  if (typeof text !== 'string') throw variantError('VARIANT_UNSUPPORTED', { what: 'text that is not a string' })
  const { maxLength } = resolved
  if (text.length > maxLength) throw textError('VARIANT_TEXT_TOO_LONG', { length: text.length, maxLength })
  return new TextParser(text, resolved).parse() as Variant
}
