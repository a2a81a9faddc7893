import { type ErrorFacts, errorsOf } from '../errors.js'

/** Where, when that is known. */
function at({ offset }: ErrorFacts): string {
  return offset === undefined ? '' : ` (byte ${offset})`
}

/** Every error of this room. What a user should do about each stands in docs/error-codes.md. */
export const COMPRESSION_ERRORS = {
  COMPRESSION_MODE: (f) =>
    `Godot ${f['version']} cannot ${f['call']} with mode ${f['mode']}; it must be ${f['expected']}`,
  COMPRESSION_NOT_READY: (f) =>
    `${f['mode']} is not loaded yet: await ready(${f['constant']}) of 'godot-wire/compression' once, at the start`,
  COMPRESSION_MISSING_PACKAGE: (f) => `${f['mode']} needs the package ${f['package']}: npm install ${f['package']}`,
  COMPRESSION_EMPTY: (f) => `There is nothing to decompress: ${f['mode']} data is never empty`,
  COMPRESSION_TRUNCATED: (f) => `The ${f['mode']} data ends too early, after ${f['offset']} bytes`,
  COMPRESSION_CORRUPT: (f) => `The ${f['mode']} data is broken${at(f)}: ${f['reason']}`,
  COMPRESSION_DICTIONARY: (f) => `The ${f['mode']} data needs a preset dictionary, which Godot never uses`,
  COMPRESSION_TRAILING_BYTES: (f) =>
    `${f['count']} bytes follow the ${f['mode']} data, which ends at byte ${f['offset']}; Godot itself refuses them, or hangs`,
  COMPRESSION_LIMIT: (f) => `The ${f['mode']} data holds more than the ${f['limit']} bytes allowed${at(f)}`,
  COMPRESSION_BAD_SIZE: (f) => `${f['option']} is ${f['value']}; it must be ${f['expected']}`,
  COMPRESSION_BAD_OPTION: (f) => `The option ${f['option']} is ${f['value']}; it must be ${f['expected']}`,
  COMPRESSION_BAD_INPUT: (f) => `Only a Uint8Array can be ${f['done']}, not ${f['what']}`,
} as const satisfies Parameters<typeof errorsOf>[0]

/** Every `code` that an error of this room can have; docs/error-codes.md says what to do about each. */
export type CompressionErrorCode = keyof typeof COMPRESSION_ERRORS

export const compressionError = /* @__PURE__ */ errorsOf(COMPRESSION_ERRORS)
