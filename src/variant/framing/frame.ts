/** A frame is a u32 length and as many bytes: how values and packets stand in streams and files. */
import { isBytes } from '../../bytes/index.js'
import { variantError } from '../errors.js'
import { framingError } from './errors.js'

export const PREFIX = 4

/** Lengths are C ints in the engine: none is above it. */
export const LONGEST_FRAME = 0x7fffffff

/** Which lengths are taken, and how the error names the option that says so. */
export interface FrameSettings {
  readonly bigEndian: boolean
  readonly limit: number
  readonly option: 'maxBytes' | 'inputBufferMaxSize'
}

/** Throws unless a frame of that length may be read. `offset` is where in the stream its length stands. */
export function checkLength(length: number, offset: number, settings: FrameSettings): void {
  const { limit, option } = settings
  if (length <= limit) return
  const other = swapped(length)
  const facts = { offset, limit, option, ...(other <= limit && { swapped: other }) }
  if (length > LONGEST_FRAME) throw framingError('VARIANT_FRAME_BAD_LENGTH', { ...facts, length: length | 0 })
  throw framingError('VARIANT_FRAME_TOO_LARGE', { ...facts, length })
}

function swapped(length: number): number {
  const view = new DataView(new ArrayBuffer(PREFIX))
  view.setUint32(0, length, true)
  return view.getUint32(0, false)
}

/** The length and then the bytes. */
export function framed(payload: Uint8Array, bigEndian: boolean): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(PREFIX + payload.length)
  new DataView(frame.buffer).setUint32(0, payload.length, !bigEndian)
  frame.set(payload, PREFIX)
  return frame
}

export function mustBeBytes(value: unknown, what: string): void {
  if (isBytes(value)) return
  throw variantError('VARIANT_UNSUPPORTED', { what: `${what} that is not a Uint8Array`, hint: 'wrap an ArrayBuffer' })
}

/** A whole number option, or its default. */
export function wholeOption(option: string, value: number | undefined, otherwise: number): number {
  if (value === undefined) return otherwise
  if (Number.isInteger(value) && value >= 1 && value <= LONGEST_FRAME) return value
  throw variantError('VARIANT_BAD_OPTION', { option, value, expected: `a whole number, 1 to ${LONGEST_FRAME}` })
}
