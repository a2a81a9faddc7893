import { errorsOf } from '../errors.js'

/** Every error of this room. What a user should do about each stands in docs/error-codes.md. */
export const CHANNEL_ERRORS = {
  CHANNEL_BAD_FRAME: (f) => `A frame is broken at byte ${f['offset']}: ${f['reason']}`,
  CHANNEL_BAD_OPTION: (f) => `Option ${f['option']} is ${String(f['value'])}; it must be ${f['expected']}`,
  CHANNEL_SESSION_FAILED: (f) =>
    `The session with ${f['peer']} failed with error ${f['error']}; what was queued is lost`,
  CHANNEL_SESSION_CLOSED: (f) => `The session with ${f['peer']} was closed here; what was queued is lost`,
} as const satisfies Parameters<typeof errorsOf>[0]

/** Every `code` that an error of this room can have; docs/error-codes.md says what to do about each. */
export type ChannelErrorCode = keyof typeof CHANNEL_ERRORS

export const channelError = errorsOf(CHANNEL_ERRORS)
