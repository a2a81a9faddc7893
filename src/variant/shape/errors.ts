import { errorsOf } from '../../errors.js'

const place = (offset: unknown) => (offset === undefined ? '' : ` (at byte ${offset})`)

/** What does not fit a shape. A table of its own: whoever names no shape need not load it. */
export const SHAPE_ERRORS = {
  VARIANT_SHAPE_TYPE: (f) => `The shape wants ${f['expected']}, not ${f['found']}${place(f['offset'])}`,
  VARIANT_SHAPE_RANGE: (f) =>
    `The number ${f['value']} is outside what the shape wants: ${f['expected']}${place(f['offset'])}`,
  VARIANT_SHAPE_SIZE: (f) =>
    `A size of ${f['size']} is not what the shape wants: ${f['expected']}${place(f['offset'])}`,
  VARIANT_SHAPE_VALUE: (f) => `The shape wants ${f['expected']}, not ${f['value']}${place(f['offset'])}`,
  VARIANT_SHAPE_MISSING: (f) => `The field "${f['field']}" is missing${place(f['offset'])}`,
  VARIANT_SHAPE_UNKNOWN: (f) => `The shape has no field "${f['field']}"${place(f['offset'])}`,
  VARIANT_SHAPE_DUPLICATE: (f) => `The key "${f['field']}" comes a second time${place(f['offset'])}`,
  VARIANT_SHAPE_TAG_TOO_LATE: (f) =>
    `Too many bytes stand before the tags of unions inside each other; write the tag "${f['field']}" first${place(f['offset'])}`,
  VARIANT_SHAPE_STALE: (f) =>
    `The shape "${f['name']}" is not what it was when it was compiled; run godot-wire compile again`,
  VARIANT_SHAPE_BAD_FIELD: (f) => `This is no shape: ${f['what']}`,
} as const satisfies Parameters<typeof errorsOf>[0]

/** Every `code` that a value that does not fit its shape can have, and a shape that is none. */
export type ShapeErrorCode = keyof typeof SHAPE_ERRORS

export const shapeError = /* @__PURE__ */ errorsOf(SHAPE_ERRORS)
