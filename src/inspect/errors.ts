import { errorsOf } from '../errors.js'

/** What can go wrong while somebody looks. Each is explained in docs/error-codes.md. */
export const INSPECT_ERRORS = {
  INSPECT_BAD_CAPTURE: (f) => `The capture is broken at byte ${f['offset']}: ${f['reason']}`,
  INSPECT_BAD_FEED: (f) => `A message of the live feed is broken at byte ${f['offset']}: ${f['reason']}`,
  INSPECT_BAD_OPTION: (f) => `${f['option']} is ${f['value']}; ${f['expected']}`,
  INSPECT_LISTEN_FAILED: (f) => `The inspector cannot listen on ${f['address']}: ${f['reason']}`,
  INSPECT_NO_PAGE: (f) => `The inspector's page is not where it should be: ${f['path']}`,
  INSPECT_UNREACHABLE: (f) => `There is no inspector at ${f['url']}: ${f['reason']}`,
} as const satisfies Parameters<typeof errorsOf>[0]

/** Every `code` that an error of this room can have; docs/error-codes.md says what to do about each. */
export type InspectErrorCode = keyof typeof INSPECT_ERRORS

export const inspectError = errorsOf(INSPECT_ERRORS)
