/** Why a WebSocket of ours is closed, as docs/protocol.md 1.1 numbers it. */
export const CLOSE = {
  /** The link was closed on purpose. */
  NORMAL: 1000,
  /** The transport was closed. */
  GOING_AWAY: 1001,
  /** A text message. */
  TEXT: 1003,
  /** A message above the limit. */
  TOO_LARGE: 1009,
  /** Nobody has attached a receiver, and no more can be kept for one. */
  OVERLOADED: 1013,
  BAD_HELLO: 4000,
  NO_HELLO: 4001,
  ID_REFUSED: 4002,
  ID_IN_USE: 4003,
} as const

/** A control frame carries 125 bytes, and two of them are the code. */
const MAX_REASON_BYTES = 123

/** As much of the text as a close frame has room for, and never half a character. */
export function closeReason(reason: string): string {
  const { read } = new TextEncoder().encodeInto(reason, new Uint8Array(MAX_REASON_BYTES))
  return reason.slice(0, read)
}
