import type { GodotWireError } from '../../errors.js'

/** A part of an encoded value: which bytes, and what they mean. */
export interface ByteRange {
  /** The first byte, from the start of the bytes. */
  readonly start: number
  /** Behind the last byte. */
  readonly end: number
  /** What the bytes are: `header`, `length`, `text`, `x`; of an element its index, of an entry `key` or `value`. */
  readonly label: string
  /** What they say, for people and cut to a line: `Vector3`, `5`, `"hp"`. Empty where the label says it all. */
  readonly text: string
  /** What the range is made of, from its first byte to its last without a gap. Empty where it is not parted further. */
  readonly children: readonly ByteRange[]
  /** The error that was met here: on the last range that was begun, which reaches to the end of the bytes. */
  readonly error?: GodotWireError
}

/** A range that is still being made. */
export interface OpenRange {
  start: number
  end: number
  label: string
  text: string
  children: ByteRange[]
  error?: GodotWireError
}
