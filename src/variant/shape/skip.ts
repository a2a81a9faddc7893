/** Moves over values without making them: to look for the tag of a union. What is wrong inside is found when it is read. */
import type { Decoder } from '../decoder.js'
import { FLAG_64, KIND_BUILTIN, KIND_MASK, KIND_NONE, KIND_SHIFT, VALUE_KIND_SHIFT } from '../types/header.js'
import { VariantType as T, type WireType } from '../variant-type.js'
import { hasLevelBelow } from './budget.js'
import { peekCount } from './containers.js'

/** Components of the types that are made of floats of the build's size. */
const REALS: Readonly<Partial<Record<WireType, number>>> = {
  [T.VECTOR2]: 2,
  [T.RECT2]: 4,
  [T.VECTOR3]: 3,
  [T.TRANSFORM2D]: 6,
  [T.VECTOR4]: 4,
  [T.PLANE]: 4,
  [T.QUATERNION]: 4,
  [T.AABB]: 6,
  [T.BASIS]: 9,
  [T.TRANSFORM3D]: 12,
  [T.PROJECTION]: 16,
}

/** Bytes of the types that always have as many. */
const FIXED: Readonly<Partial<Record<WireType, number>>> = {
  [T.NIL]: 0,
  [T.BOOL]: 4,
  [T.VECTOR2I]: 8,
  [T.RECT2I]: 16,
  [T.VECTOR3I]: 12,
  [T.VECTOR4I]: 16,
  [T.COLOR]: 16,
}

/** Moves the cursor behind the value that starts there. */
export function skipValue(d: Decoder, depth: number): void {
  if (d.left < 4) d.missing(4)
  const header = d.view.getInt32(d.offset, true)
  const type = d.peekType()
  const fixed = type === undefined ? undefined : sizeOf(d, type, header)
  if (fixed !== undefined) {
    d.take(4 + fixed)
  } else if (type === T.STRING || type === T.STRING_NAME) {
    skipText(d)
  } else if ((type === T.ARRAY || type === T.DICTIONARY) && hasLevelBelow(depth)) {
    skipContainer(d, type, header, depth)
  } else {
    // What is rare, and what is wrong.
    d.readValue(depth)
  }
}

function sizeOf(d: Decoder, type: WireType, header: number): number | undefined {
  const isWide = (header & FLAG_64) !== 0
  if (type === T.INT || type === T.FLOAT) return isWide && d.dialect.hasWideNumbers ? 8 : 4
  const count = REALS[type]
  return count === undefined ? FIXED[type] : count * (isWide && d.dialect.hasWideComponents ? 8 : 4)
}

function skipText(d: Decoder): void {
  const { offset } = d
  if (d.left < 8) d.missing(8)
  const length = d.view.getInt32(offset + 4, true)
  // A negative one is for the codec to refuse.
  if (length < 0) d.readValue(0)
  d.take(8 + length + (-length & 3))
}

function skipContainer(d: Decoder, type: WireType, header: number, depth: number): void {
  d.take(4)
  if (d.dialect.hasTypedContainers) {
    skipType(d, (header >>> KIND_SHIFT) & KIND_MASK)
    if (type === T.DICTIONARY) skipType(d, (header >>> VALUE_KIND_SHIFT) & KIND_MASK)
  }
  const count = peekCount(d) * (type === T.DICTIONARY ? 2 : 1)
  d.take(4)
  d.mustHold(count, 4)
  for (let i = 0; i < count; i++) skipValue(d, depth + 1)
}

function skipType(d: Decoder, kind: number): void {
  if (kind === KIND_NONE) return
  if (kind === KIND_BUILTIN) {
    d.take(4)
    return
  }
  const length = d.readInt32()
  d.take(length < 0 ? Number.POSITIVE_INFINITY : length + (-length & 3))
}
