import { transportError } from './errors.js'

/** The least that a link's `maxFrameSize` may be: a datagram of 1,200 bytes with everything around it. */
export const MIN_FRAME_LIMIT = 1280

/** The most that `maxFrameSize` may be set to: 16 MiB, far above what the channel room makes. */
export const MAX_FRAME_LIMIT = 16_777_216

/** Largest frame that a link takes unless it is told otherwise. */
export const DEFAULT_FRAME_LIMIT = 65_536

/** Misuse, on every link alike: throws for a frame that is empty or above `limit` bytes. */
export function checkFrame(frame: Uint8Array, limit: number): void {
  const size = frame.byteLength
  if (size === 0) throw transportError('TRANSPORT_FRAME_EMPTY')
  if (size > limit) throw transportError('TRANSPORT_FRAME_TOO_LARGE', { size, limit })
}
