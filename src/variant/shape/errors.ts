const place = (offset: unknown) => (offset === undefined ? '' : ` (at byte ${offset})`)

/** What does not fit a shape: rows of the room's table. They need nothing of it, so that it can take them in. */
export const SHAPE_ERRORS = {
  VARIANT_SHAPE_TYPE: (f: Facts) => `The shape wants ${f['expected']}, not ${f['found']}${place(f['offset'])}`,
  VARIANT_SHAPE_RANGE: (f: Facts) =>
    `The number ${f['value']} is outside what the shape wants: ${f['expected']}${place(f['offset'])}`,
  VARIANT_SHAPE_SIZE: (f: Facts) =>
    `A size of ${f['size']} is not what the shape wants: ${f['expected']}${place(f['offset'])}`,
  VARIANT_SHAPE_VALUE: (f: Facts) => `The shape wants ${f['expected']}, not ${f['value']}${place(f['offset'])}`,
  VARIANT_SHAPE_MISSING: (f: Facts) => `The field "${f['field']}" is missing${place(f['offset'])}`,
  VARIANT_SHAPE_UNKNOWN: (f: Facts) => `The shape has no field "${f['field']}"${place(f['offset'])}`,
  VARIANT_SHAPE_DUPLICATE: (f: Facts) => `The key "${f['field']}" comes a second time${place(f['offset'])}`,
  VARIANT_SHAPE_TAG_TOO_LATE: (f: Facts) =>
    `Too many bytes stand before the tags of unions inside each other; write the tag "${f['field']}" first${place(f['offset'])}`,
  VARIANT_SHAPE_BAD_FIELD: (f: Facts) => `This is no shape: ${f['what']}`,
} as const

type Facts = Readonly<Record<string, unknown>>
