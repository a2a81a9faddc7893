import type { GodotWireError } from '../../errors.js'
import { isGodotWireError } from '../../errors.js'
import { bytesToVar, bytesToVarWithObjects } from '../codec.js'
import type { GodotVersion } from '../dialect.js'
import { variantError } from '../errors.js'
import type { LimitOptions } from '../options.js'
import type { Variant } from '../variant.js'
import type { ByteRange, OpenRange } from './range.js'
import { Stop, Walker } from './walker.js'

export type { ByteRange } from './range.js'

/** How bytes are looked at. */
export interface AnnotateOptions extends LimitOptions {
  /** Whose bytes they are. Default 4. */
  readonly version?: GodotVersion
  /** With true, full Objects are read, as by `bytesToVarWithObjects`. Default false. */
  readonly objects?: boolean
  /**
   * About how many ranges are made at most, 1 to 2^53 - 1; what comes later is shown in larger ones. A range takes some
   * 200 bytes of memory. Default 100,000.
   */
  readonly maxRanges?: number
}

/** What `annotateVar` gives. */
export interface Annotated {
  /** All the bytes; its children are the value and, where there are some, the bytes behind it or behind an error. */
  readonly root: ByteRange
  /** The value, with `exact` floats; undefined where there is an error. */
  readonly value: Variant | undefined
  /** The error that `bytesToVar` throws for the bytes. */
  readonly error: GodotWireError | undefined
}

const MOST_RANGES = 100_000

/**
 * Says of each byte of an encoded value what it means: a tree of ranges whose leaves lie side by side from the first byte
 * to the last. On broken bytes it goes as far as the decoder came, and marks the place with its error.
 *
 * @throws `VARIANT_BAD_OPTION`; `VARIANT_UNSUPPORTED` for what is no Uint8Array. Errors in the bytes are not thrown
 * @example
 * ```ts
 * const { root } = annotateVar(varToBytes([5]))
 * const array = root.children[0]!
 * array.text // 'Array of 1'
 * array.children.map(({ label, start, end }) => `${start}-${end} ${label}`) // ['0-4 header', '4-8 count', '8-16 [0]']
 * ```
 */
export function annotateVar(bytes: Uint8Array, options: AnnotateOptions = {}): Annotated {
  const { version = 4, objects = false, maxRanges = MOST_RANGES } = options
  if (!(maxRanges >= 1 && Number.isSafeInteger(maxRanges))) {
    throw variantError('VARIANT_BAD_OPTION', {
      option: 'maxRanges',
      value: maxRanges,
      expected: 'a whole number from 1',
    })
  }
  const { value, error } = decoded(bytes, options)
  const stopAt = error === undefined ? Number.POSITIVE_INFINITY : (error.offset ?? Number.POSITIVE_INFINITY)
  const walker = new Walker(bytes, { version, objects, stopAt, maxRanges })
  const root: OpenRange = { start: 0, end: bytes.length, label: 'bytes', text: `${bytes.length} bytes`, children: [] }
  root.children.push(walked(walker, bytes, error))
  if (walker.offset < bytes.length && error === undefined) {
    root.children.push({
      start: walker.offset,
      end: bytes.length,
      label: 'behind the value',
      text: 'not read',
      children: [],
    })
  }
  return { root, value, error }
}

function decoded(bytes: Uint8Array, { objects, maxRanges, ...options }: AnnotateOptions) {
  try {
    const read = objects === true ? bytesToVarWithObjects : bytesToVar
    return { value: read(bytes, { ...options, exact: true }), error: undefined }
  } catch (error) {
    if (!isGodotWireError(error) || error.code === 'VARIANT_BAD_OPTION' || error.code === 'VARIANT_UNSUPPORTED')
      throw error
    return { value: undefined, error }
  }
}

function walked(walker: Walker, bytes: Uint8Array, error: GodotWireError | undefined): ByteRange {
  try {
    return walker.value('value')
  } catch (thrown) {
    // What it met must be the decoder's error: else the two do not agree on the bytes, which is a fault of this package.
    if (!(thrown instanceof Stop) || error === undefined) throw thrown
    return stopped(walker, bytes, error)
  }
}

/** The ranges that were begun, closed at the end of the bytes: what was not read is the last of the innermost. */
function stopped(walker: Walker, bytes: Uint8Array, error: GodotWireError): ByteRange {
  const { open, offset } = walker
  for (const range of open) range.end = bytes.length
  const inner = open.at(-1)
  const rest = { start: offset, end: bytes.length, label: 'error', text: error.message, children: [], error }
  if (inner === undefined) return rest
  // What was gone through without a range of its own.
  const from = inner.children.at(-1)?.end ?? inner.start
  if (from < offset) inner.children.push({ start: from, end: offset, label: 'more', text: '', children: [] })
  inner.children.push(rest)
  return open[0]!
}
