export type { ShapeErrorCode } from './errors.js'
export { Field, OptionalField, Shape } from './field.js'
export {
  arrayOf,
  between,
  bool,
  dictionaryOf,
  finite,
  int,
  int64,
  lazy,
  literal,
  nullable,
  number,
  optional,
  refine,
  type ShapeOptions,
  shape,
  sized,
  string,
  type TypedOption,
  tupleOf,
  unionOf,
  variant,
} from './fields.js'
export type { Literal } from './literal.js'
export type { SafeDecoded, ShapeDecodeOptions } from './pass.js'
export type { UnknownKeys } from './shape-coder.js'
export type { Fields, FieldType, Infer, InferInput, ShapeInput, ShapeValue } from './types.js'
