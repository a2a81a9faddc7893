/** How a packet is sent; the numbers are Steam's (EP2PSend). */
export const SendType = {
  /** May be lost or overtaken; up to 1,200 bytes. Before the session is up it waits and then goes reliably. */
  UNRELIABLE: 0,
  /** As 0, and thrown away while it cannot go at once. */
  UNRELIABLE_NO_DELAY: 1,
  /** Complete and in order; up to 1 MiB. */
  RELIABLE: 2,
  /** As 2, but waits for company: 1,200 bytes, 200 ms or a packet of type 2. */
  RELIABLE_WITH_BUFFERING: 3,
} as const

export type SendType = (typeof SendType)[keyof typeof SendType]

/** Largest packet of types 0 and 1, in bytes. */
export const MAX_UNRELIABLE_SIZE = 1200
/** Largest packet of types 2 and 3, in bytes. */
export const MAX_RELIABLE_SIZE = 1_048_576
