import { errorsOf } from '../../errors.js'

const at = (offset: unknown) => `at byte ${offset}`

/** Said where the length would do if its bytes stood the other way round. */
const turned = (swapped: unknown) =>
  swapped === undefined ? '' : `; the other way round it is ${swapped}: see the option bigEndian`

/** The errors of what lies around values: lengths in front of them, base64. */
export const FRAMING_ERRORS = {
  VARIANT_FRAME_TOO_LARGE: (f) =>
    f['offset'] === undefined
      ? `A packet of ${f['length']} bytes is more than the ${f['limit']} of ${f['option']}`
      : `The frame ${at(f['offset'])} announces ${f['length']} bytes, more than the ${f['limit']} of ${f['option']}${turned(f['swapped'])}`,
  VARIANT_FRAME_BAD_LENGTH: (f) => `The frame ${at(f['offset'])} announces ${f['length']} bytes${turned(f['swapped'])}`,
  VARIANT_FRAME_TRUNCATED: (f) =>
    `The frame ${at(f['offset'])} is cut off: ${f['needed']} bytes needed, ${f['left']} left`,
  VARIANT_READER_FULL: (f) =>
    `${f['held']} bytes wait to be read, and ${f['option']} is ${f['limit']}: read them before push()`,
  VARIANT_READER_ENDED: () => 'push() was called after end()',
  VARIANT_BAD_BASE64: (f) =>
    f['offset'] === undefined
      ? `The base64 text has ${f['digits']} digits; it must be a multiple of 4`
      : `Character ${f['offset']} of the text is not one of base64, or not in that place`,
} as const satisfies Parameters<typeof errorsOf>[0]

/** Every `code` that an error around values can have: of lengths in front of them, of readers, of base64. */
export type FramingErrorCode = keyof typeof FRAMING_ERRORS

export const framingError = /* @__PURE__ */ errorsOf(FRAMING_ERRORS)
