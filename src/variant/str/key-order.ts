/** Which of two keys the engine holds for the smaller one (`Variant::operator<`). */
import { typeOf } from '../narrow.js'
import type { GodotFloat, RID } from '../values/index.js'
import { VariantType as T, type VariantType } from '../variant-type.js'
import type { TextDialect } from './dialect.js'
import type { Less } from './order.js'
import { SHAPES } from './shape.js'

/** The types of several components that have an order: by the first component that differs. */
const VECTORS: readonly number[] = /* @__PURE__ */ (() => [
  T.VECTOR2,
  T.VECTOR2I,
  T.VECTOR3,
  T.VECTOR3I,
  T.VECTOR4,
  T.VECTOR4I,
])()

export function keyOrder({ version, ordersRoughly }: TextDialect): Less<unknown> {
  const arrays = version === 4 ? lessArray : lessArray3
  return function less(a, b) {
    const type = typeOf(a)
    const other = typeOf(b)
    if (version === 4 && isText(type) && isText(other)) return lessText(String(a), String(b))
    if (type !== other) return (type ?? -1) < (other ?? -1)
    if (type === T.ARRAY) return arrays(a as unknown[], b as unknown[], less)
    if (type !== undefined && VECTORS.includes(type)) return lessNumbers(type, a, b, ordersRoughly ? roughly : exactly)
    return lessOfType(type, a, b)
  }
}

/** Godot 4 has one order for both (`StringLikeVariantOrder`), among themselves; other types lie between them. */
function isText(type: VariantType | undefined): boolean {
  return type === T.STRING || type === T.STRING_NAME
}

function lessOfType(type: VariantType | undefined, a: unknown, b: unknown): boolean {
  switch (type) {
    case T.BOOL:
      return !a && b === true
    case T.INT:
      return (a as number) < (b as number)
    case T.FLOAT:
      return Number(a as GodotFloat) < Number(b as GodotFloat)
    case T.STRING:
      return lessText(a as string, b as string)
    case T.RID:
      return (a as RID).id < (b as RID).id
    default:
      return false
  }
}

function lessNumbers(type: VariantType, a: unknown, b: unknown, equal: (a: number, b: number) => boolean): boolean {
  const { numbersOf, ints } = SHAPES[type]!
  const size = ints ? Number : (part: number) => Math.fround(part) + 0
  const [mine, theirs] = [numbersOf(a as never).map(size), numbersOf(b as never).map(size)]
  const last = mine.length - 1
  const at = mine.findIndex((part, i) => i === last || !equal(part, theirs[i]!))
  return mine[at]! < theirs[at]!
}

function exactly(a: number, b: number): boolean {
  return a === b
}

/** `Math::is_equal_approx`. */
function roughly(a: number, b: number): boolean {
  return a === b || Math.abs(Math.fround(a - b)) < Math.max(EPSILON, Math.fround(EPSILON * Math.abs(a)))
}

const EPSILON = /* @__PURE__ */ Math.fround(0.00001)

/** By code points: by UTF-16, as JavaScript compares, U+FFFF would come behind U+10000. */
function lessText(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const [mine, theirs] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (mine === theirs) continue
    return isSurrogate(mine) === isSurrogate(theirs) ? mine < theirs : isSurrogate(theirs)
  }
  return a.length < b.length
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff
}

function lessArray(a: readonly unknown[], b: readonly unknown[], less: Less<unknown>): boolean {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    if (less(a[i], b[i])) return true
    if (less(b[i], a[i])) return false
  }
  return a.length < b.length
}

/** Godot 3 asks something else, and so do we. */
function lessArray3(a: readonly unknown[], b: readonly unknown[], less: Less<unknown>): boolean {
  return b.length >= a.length && a.some((item, i) => !less(item, b[i]))
}
