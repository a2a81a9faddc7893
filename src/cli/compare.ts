/** What differs between two values, place by place. */
import {
  Dictionary,
  isGodotObject,
  TypedArray,
  type Variant,
  type VariantInput,
  varToBytesWithObjects,
} from '../variant/index.js'

export interface Change {
  /** `$.ents[3].pos` */
  readonly path: string
  /** Undefined where there is nothing in that place. */
  readonly from?: Variant
  readonly to?: Variant
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

/** @param keyText how a key that is no name is written */
export function changes(a: Variant, b: Variant, keyText: (key: Variant) => string, path = '$'): Change[] {
  if (a instanceof Dictionary && b instanceof Dictionary) return entries(a, b, keyText, path)
  if (Array.isArray(a) && Array.isArray(b)) return items(a, b, keyText, path)
  if (isGodotObject(a) && isGodotObject(b) && a.className === b.className) {
    return entries(
      a.properties as Dictionary<Variant, Variant>,
      b.properties as Dictionary<Variant, Variant>,
      keyText,
      path,
    )
  }
  return same(a, b) ? [] : [{ path, from: a, to: b }]
}

/** By their bytes: -0.0 is not 0.0, and one NaN is like another only where its bits are. */
function same(a: Variant, b: Variant): boolean {
  const [mine, theirs] = [varToBytesWithObjects(a as VariantInput), varToBytesWithObjects(b as VariantInput)]
  return mine.length === theirs.length && mine.every((byte, i) => byte === theirs[i])
}

type Entries = Dictionary<Variant, Variant>

function entries(a: Entries, b: Entries, keyText: (key: Variant) => string, path: string): Change[] {
  const found: Change[] = sameTypes(a, b) ? [] : [{ path, from: emptied(a), to: emptied(b) }]
  for (const [key, from] of a) {
    const inside = `${path}${stepText(key, keyText)}`
    const to = b.get(key)
    found.push(...(to === undefined ? [{ path: inside, from }] : changes(from, to, keyText, inside)))
  }
  for (const [key, to] of b) if (!a.has(key)) found.push({ path: `${path}${stepText(key, keyText)}`, to })
  return found
}

function items(
  a: readonly Variant[],
  b: readonly Variant[],
  keyText: (key: Variant) => string,
  path: string,
): Change[] {
  const found: Change[] = same(emptied(a), emptied(b)) ? [] : [{ path, from: emptied(a), to: emptied(b) }]
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const inside = `${path}[${i}]`
    if (i >= b.length) found.push({ path: inside, from: a[i]! })
    else if (i >= a.length) found.push({ path: inside, to: b[i]! })
    else found.push(...changes(a[i]!, b[i]!, keyText, inside))
  }
  return found
}

function sameTypes(a: Entries, b: Entries): boolean {
  return same(emptied(a), emptied(b))
}

/** The container without what is in it: what is left of it is its type. */
function emptied(container: Entries | readonly Variant[]): Variant {
  if (container instanceof Dictionary) {
    const { keyType, valueType } = container
    return new Dictionary<Variant, Variant>(null, {
      ...(keyType !== undefined && { keyType }),
      ...(valueType !== undefined && { valueType }),
    })
  }
  const { elementType } = container as Partial<TypedArray>
  return elementType === undefined ? [] : new TypedArray<Variant>(elementType)
}

function stepText(key: Variant, keyText: (key: Variant) => string): string {
  return typeof key === 'string' && NAME.test(key) ? `.${key}` : `[${keyText(key)}]`
}
