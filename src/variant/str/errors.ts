import { type ErrorFacts, errorsOf } from '../../errors.js'

/** Where in the text, as an editor counts. */
const at = ({ line, column }: ErrorFacts) => `line ${line}, column ${column}`

/** Every error of reading Godot's text form. What a user should do about each stands in docs/error-codes.md. */
export const TEXT_ERRORS = {
  VARIANT_TEXT_END: (f) => `The text ends where ${f['expected']} should be (${at(f)})`,
  VARIANT_TEXT_UNEXPECTED: (f) => `${f['found']} stands where ${f['expected']} should be (${at(f)})`,
  VARIANT_TEXT_BAD_STRING: (f) => `A string is not well formed: ${f['reason']} (${at(f)})`,
  VARIANT_TEXT_UNKNOWN_NAME: (f) => `Godot ${f['version']} knows no ${f['name']} in a text (${at(f)})`,
  VARIANT_TEXT_ARGUMENTS: (f) => `${f['name']} takes ${f['expected']}, not ${f['found']} (${at(f)})`,
  VARIANT_TEXT_TOO_DEEP: (f) => `The text is nested deeper than the ${f['maxDepth']} levels of maxDepth (${at(f)})`,
  VARIANT_TEXT_TOO_LONG: (f) => `The text has ${f['length']} characters, more than the ${f['maxLength']} of maxLength`,
  VARIANT_TEXT_TOO_MANY: (f) => `The text has more than the ${f['maxElements']} elements of maxElements (${at(f)})`,
} as const satisfies Parameters<typeof errorsOf>[0]

/** Every `code` that an error of reading Godot's text form can have. */
export type TextErrorCode = keyof typeof TEXT_ERRORS

export const textError = /* @__PURE__ */ errorsOf(TEXT_ERRORS)
