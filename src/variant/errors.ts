import { errorsOf } from '../errors.js'
import type { ShapeErrorCode } from './shape/errors.js'

const at = (offset: unknown) => `at byte ${offset}`
const place = (offset: unknown) => (offset === undefined ? '' : ` (${at(offset)})`)

/** Every error of this room. What a user should do about each stands in docs/error-codes.md. */
export const VARIANT_ERRORS = {
  VARIANT_TRUNCATED: (f) => `The bytes end too early: ${f['needed']} needed ${at(f['offset'])}, ${f['left']} left`,
  VARIANT_BAD_TYPE: (f) => `Godot ${f['version']} has no Variant type ${f['type']} (${at(f['offset'])})`,
  VARIANT_BAD_LENGTH: (f) => `A length of ${f['length']} ${at(f['offset'])} is not possible`,
  VARIANT_BAD_TEXT: (f) => `The text of ${f['length']} bytes ${at(f['offset'])} is not valid UTF-8`,
  VARIANT_BAD_NODE_PATH: (f) =>
    f['text'] === undefined
      ? `The NodePath ${at(f['offset'])} has the old form that only Godot 2 reads`
      : `The text of the NodePath ${at(f['offset'])} has an empty name behind ":"`,
  VARIANT_BAD_CONTAINER_TYPE: (f) => `The element type ${f['type']} ${at(f['offset'])} is not a Variant type`,
  VARIANT_OBJECT_NOT_ALLOWED: (f) => `A full Object is only allowed in the WithObjects functions${place(f['offset'])}`,
  VARIANT_TOO_DEEP: (f) => `The value is nested deeper than ${f['maxDepth']} levels${place(f['offset'])}`,
  VARIANT_TOO_LARGE: (f) => `The value takes more than the ${f['maxBytes']} bytes of maxBytes${place(f['offset'])}`,
  VARIANT_TOO_MANY: (f) =>
    `The value has more than the ${f['maxElements']} elements of maxElements${place(f['offset'])}`,
  VARIANT_CYCLE: () => 'The value contains itself',
  VARIANT_KEY_NOT_STRING: (f) =>
    `A Dictionary with the ${f['type']} key ${f['key']} ${at(f['offset'])} cannot become a plain object; leave dictionaryAs out`,
  VARIANT_UNSUPPORTED: (f) => `Godot has no type for ${f['what']}${f['hint'] ? `; ${f['hint']}` : ''}`,
  VARIANT_NOT_IN_VERSION: (f) => `Godot ${f['version']} has no ${f['type']}`,
  VARIANT_OUT_OF_RANGE: (f) => `${f['what']} is ${f['value']}; it must be ${f['expected']}`,
  VARIANT_BAD_NODE_PATH_TEXT: (f) => `"${f['text']}" is not a NodePath: a name behind ":" is empty`,
  VARIANT_BAD_OPTION: (f) => `Option ${f['option']} is ${f['value']}; it must be ${f['expected']}`,
} as const satisfies Parameters<typeof errorsOf>[0]

/**
 * Every `code` that an error of reading or writing a value can have; docs/error-codes.md says what to do about each.
 */
export type VariantErrorCode = keyof typeof VARIANT_ERRORS | ShapeErrorCode

export const variantError = /* @__PURE__ */ errorsOf(VARIANT_ERRORS)
