/** What is said of a value that does not fit. */
import type { Decoder } from '../decoder.js'
import { typeOf } from '../narrow.js'
import { typeName } from '../variant-type.js'
import type { Bounds, Coder } from './coder.js'
import { misfit } from './misfit.js'

/** A value that was to be written is of another type. */
export function refuseValue(value: unknown, { what }: Coder): never {
  misfit('VARIANT_SHAPE_TYPE', { expected: what, found: typeText(value) })
}

function typeText(value: unknown): string {
  if (value === undefined) return 'undefined'
  const type = typeOf(value)
  if (type !== undefined) return typeName(type)
  const name = typeof value === 'object' ? value?.constructor?.name : undefined
  return name ?? typeof value
}

/** The value at the cursor is of another type; or it is none, and then the decoder says so. */
export function refuseNext(d: Decoder, { what }: Coder, depth: number): never {
  const { offset } = d
  const type = d.left < 4 ? undefined : d.peekType()
  if (type === undefined) d.readValue(depth)
  misfit('VARIANT_SHAPE_TYPE', {
    expected: what,
    found: type === undefined ? 'what is no value' : typeName(type),
    offset,
  })
}

/** @param offset where it was read; left out on writing */
export function refuseRange(value: unknown, { what }: Coder, offset?: number): never {
  misfit('VARIANT_SHAPE_RANGE', { value, expected: what, ...(offset !== undefined && { offset }) })
}

export function checkSize(size: number, bounds: Bounds, { what }: Coder, offset?: number): void {
  if (size >= bounds.min && size <= bounds.max) return
  misfit('VARIANT_SHAPE_SIZE', { size, expected: what, ...(offset !== undefined && { offset }) })
}

/** Nothing may lie inside a container this deep: the codec's own words for it. */
export function refuseDepthOf(e: { writeValue(value: unknown, depth: number): void }, depth: number): void {
  e.writeValue(null, depth + 1)
}
