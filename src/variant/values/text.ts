/** Values as a text that a person can read: Godot's constructors, `{ "a": 1 }` and `[1, 2]`. */
import { VARIANT_TYPE_NAMES, VariantType } from '../variant-type.js'
import { brandOf } from './brand.js'
import { isPlain, viewTypeOf } from './native.js'
import { shownOnce } from './open.js'

/** Of longer packed arrays the rest is counted, as Node does it. Arrays and Dictionaries are shown whole. */
const LONGEST = 100

/**
 * Any value as a text that a person can read, as it is shown inside others: texts are quoted, and a StringName and a
 * NodePath say that they are one. For a page's console, which shows the fields of a value and not its text.
 *
 * @example
 * ```ts
 * textOf([new Vector2i(1, 2), 'a', null]) // '[Vector2i(1, 2), "a", null]'
 * ```
 */
export function textOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
      return numberText(value)
    case 'undefined':
      return 'null'
    case 'function':
      return '[function]'
    case 'object':
      return value === null ? 'null' : objectText(value)
    default:
      return String(value)
  }
}

function objectText(value: object): string {
  const type = brandOf(value)
  if (type === VariantType.STRING_NAME || type === VariantType.NODE_PATH) {
    return `${VARIANT_TYPE_NAMES[type]}(${JSON.stringify(String(value))})`
  }
  if (Array.isArray(value)) return shownOnce(value, () => `[${value.map(textOf).join(', ')}]`, '[...]')
  if (type !== undefined) return String(value)
  if (ArrayBuffer.isView(value)) return viewText(value)
  if (value instanceof Map) return entriesText(value, value)
  return isPlain(value) ? entriesText(value, Object.entries(value)) : String(value)
}

function viewText(view: ArrayBufferView): string {
  const type = viewTypeOf(view)
  if (type === undefined) return String(view)
  const itemText = type === VariantType.PACKED_FLOAT32_ARRAY ? (item: unknown) => componentText(item as number) : textOf
  return packedText(VARIANT_TYPE_NAMES[type], view as Uint8Array, itemText)
}

/** `PackedVector2Array([Vector2(1, 2), Vector2(3, 4)])`, cut after 100 items. */
export function packedText(
  name: string,
  items: Iterable<unknown> & { readonly length: number },
  itemText: (item: unknown) => string = textOf,
): string {
  const texts = firstOf(items, LONGEST).map(itemText)
  const left = items.length - texts.length
  if (left > 0) texts.push(`... ${left} more item${left > 1 ? 's' : ''}`)
  return `${name}([${texts.join(', ')}])`
}

/** The first `count` items; the others are not even made. */
export function firstOf<T>(items: Iterable<T>, count: number): T[] {
  const first: T[] = []
  if (count < 1) return first
  for (const item of items) if (first.push(item) >= count) break
  return first
}

/** `{ "hp": 5, Vector2i(1, 2): "wall" }`, as Godot prints a Dictionary; `{ ... }` where it contains itself. */
export function entriesText(container: object, entries: Iterable<readonly [unknown, unknown]>): string {
  const show = () => {
    const texts = Array.from(entries, ([key, value]) => `${textOf(key)}: ${textOf(value)}`)
    return texts.length === 0 ? '{}' : `{ ${texts.join(', ')} }`
  }
  return shownOnce(container, show, '{ ... }')
}

/** -0 is a value of its own in Godot's bytes. */
export function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

/**
 * A component of a vector and the like in as few digits as tell it from other float32s, as Godot prints it: 0.1 and not
 * 0.10000000149011612. What is no float32 is shown in full.
 */
export function componentText(value: number): string {
  if (Number.isSafeInteger(value) || Math.fround(value) !== value) return numberText(value)
  // 9 digits tell all float32s apart.
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return String(short)
  }
  return String(Number(value.toPrecision(9)))
}
