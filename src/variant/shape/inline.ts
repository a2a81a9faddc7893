/** The values that loops over elements write and read without a call to a coder: most of those that games send. */
import type { Decoder } from '../decoder.js'
import type { Encoder } from '../encoder.js'
import { FLOAT_64 } from '../types/header.js'
import { Vector3 } from '../values/index.js'
import { VariantType } from '../variant-type.js'
import {
  BOOL,
  type Coder,
  FLOAT,
  INT,
  type Kind,
  LIMITED_FLOAT,
  LIMITED_INT,
  LIMITED_STRING,
  STRING,
  VECTOR3,
} from './coder.js'

/** Longer texts are not tried one by one. */
const SHORT_TEXT = 40

/** How much `put` may write, by kind; none for OTHER. */
const ROOM: readonly number[] = [0, 8, 12, 8, 8 + SHORT_TEXT, 16, 8, 12, 8 + SHORT_TEXT]

/** What the loops know of a field or of elements, always in the same form. */
export class Plan {
  readonly kind: Kind
  readonly min: number
  readonly max: number
  readonly minSize: number
  readonly maxSize: number
  /** How many bytes `put` may write. */
  readonly room: number

  constructor(readonly coder: Coder) {
    this.kind = coder.kind
    this.min = coder.min
    this.max = coder.max
    this.minSize = coder.bounds.min
    this.maxSize = coder.bounds.max
    this.room = ROOM[coder.kind]!
  }
}

/**
 * Writes a value at `at`, where there is room for it, and returns the offset behind it; -1 where the coder has to do it, or
 * to say what is wrong.
 */
export function put(e: Encoder, at: number, plan: Plan, value: unknown): number {
  switch (plan.kind) {
    case INT:
      return putInt(e, at, value)
    case LIMITED_INT:
      return (value as number) >= plan.min && (value as number) <= plan.max ? putInt(e, at, value) : -1
    case FLOAT:
      return putFloat(e, at, value)
    case LIMITED_FLOAT:
      return (value as number) >= plan.min && (value as number) <= plan.max ? putFloat(e, at, value) : -1
    case BOOL:
      return putBool(e, at, value)
    case STRING:
      return putText(e, at, value)
    case LIMITED_STRING:
      return isSized(plan, value) ? putText(e, at, value) : -1
    case VECTOR3:
      return putVector3(e, at, value)
    default:
      return -1
  }
}

export function putInt(e: Encoder, at: number, value: unknown): number {
  if (typeof value !== 'number' || (value | 0) !== value) return -1
  e.setInt32x2(at, VariantType.INT, value)
  return at + 8
}

export function putFloat(e: Encoder, at: number, value: unknown): number {
  if (typeof value !== 'number') return -1
  if (Math.fround(value) === value) {
    e.setInt32(at, VariantType.FLOAT)
    e.setFloat32(at + 4, value)
    return at + 8
  }
  if (Number.isNaN(value) || !e.dialect.hasWideNumbers) return -1
  e.setInt32(at, FLOAT_64)
  e.view.setFloat64(at + 4, value, true)
  return at + 12
}

export function putBool(e: Encoder, at: number, value: unknown): number {
  if (typeof value !== 'boolean') return -1
  e.setInt32x2(at, VariantType.BOOL, value ? 1 : 0)
  return at + 8
}

function isSized(plan: Plan, value: unknown): boolean {
  return typeof value === 'string' && value.length >= plan.minSize && value.length <= plan.maxSize
}

export function putText(e: Encoder, at: number, text: unknown): number {
  if (typeof text !== 'string' || text.length > SHORT_TEXT) return -1
  const { length } = text
  e.setInt32x2(at, VariantType.STRING, length)
  let to = at + 8
  let i = 0
  for (; i + 4 <= length; i += 4) {
    const a = text.charCodeAt(i)
    const b = text.charCodeAt(i + 1)
    const c = text.charCodeAt(i + 2)
    const d = text.charCodeAt(i + 3)
    if ((a | b | c | d) > 0x7f || a === 0 || b === 0 || c === 0 || d === 0) return -1
    e.setInt32(to, a | (b << 8) | (c << 16) | (d << 24))
    to += 4
  }
  if (i === length) return to
  let last = 0
  for (let shift = 0; i < length; i++, shift += 8) {
    const unit = text.charCodeAt(i)
    if (unit === 0 || unit > 0x7f) return -1
    last |= unit << shift
  }
  e.setInt32(to, last)
  return to + 4
}

export function putVector3(e: Encoder, at: number, value: unknown): number {
  if (!(value instanceof Vector3) || e.wide) return -1
  const { x, y, z } = value
  const areNumbers = typeof x === 'number' && typeof y === 'number' && typeof z === 'number'
  if (!areNumbers || Number.isNaN(x + y + z)) return -1
  e.setInt32(at, e.vector3Id)
  e.setFloat32x3(at + 4, x, y, z)
  return at + 16
}

/** Reads the value at the cursor: itself where it is of a kind that is known here, and as it mostly comes. */
export function take(d: Decoder, plan: Plan, depth: number): unknown {
  const at = d.offset
  const left = d.end - at
  if (left < 8) return plan.coder.read(d, depth)
  const { view } = d
  const header = view.getInt32(at, true)
  switch (plan.kind) {
    case INT:
    case LIMITED_INT: {
      const value = view.getInt32(at + 4, true)
      if (header !== VariantType.INT || value < plan.min || value > plan.max) break
      d.offset = at + 8
      return value
    }
    case FLOAT:
    case LIMITED_FLOAT: {
      const isWide = header === FLOAT_64 && left >= 12
      if (header !== VariantType.FLOAT && !isWide) break
      const value = isWide ? view.getFloat64(at + 4, true) : view.getFloat32(at + 4, true)
      if (plan.kind !== FLOAT && !(value >= plan.min && value <= plan.max)) break
      d.offset = at + (isWide ? 12 : 8)
      return value
    }
    case BOOL:
      if (header !== VariantType.BOOL) break
      d.offset = at + 8
      return view.getInt32(at + 4, true) !== 0
    case STRING:
      if (header !== VariantType.STRING) break
      return d.readElement(depth)
    case LIMITED_STRING: {
      // Longer ones, which need not be read to be refused, are the coder's.
      if (header !== VariantType.STRING || view.getInt32(at + 4, true) > plan.maxSize) break
      const text = d.readElement(depth) as string
      if (text.length >= plan.minSize) return text
      d.offset = at
      break
    }
    case VECTOR3:
      return takeVector3(d, at, header) ?? plan.coder.read(d, depth)
    default:
      break
  }
  return plan.coder.read(d, depth)
}

/** Undefined for what is none, or is unusual. */
export function takeVector3(d: Decoder, at: number, header: number): Vector3 | undefined {
  if (header !== d.dialect.idOf[VariantType.VECTOR3] || d.end - at < 16) return undefined
  const { view } = d
  const x = view.getFloat32(at + 4, true)
  const y = view.getFloat32(at + 8, true)
  const z = view.getFloat32(at + 12, true)
  // The bits of a NaN are for the codec to keep.
  if (Number.isNaN(x + y + z)) return undefined
  d.offset = at + 16
  return new Vector3(x, y, z)
}
