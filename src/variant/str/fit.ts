/** What the engine makes of elements that are not of the type that a container names. */
import { bytesToVarWithObjects, varToBytesWithObjects } from '../codec.js'
import { typeOf } from '../narrow.js'
import { Dictionary, GodotFloat, TypedArray } from '../values/index.js'
import { type ContainerType, VariantType as T, type VariantType } from '../variant-type.js'

/**
 * An Array of that type; an empty one where the engine could not convert every element, since it then assigns none
 * (`Array::assign`).
 */
export function fitted(array: unknown[], type: ContainerType | undefined, exact: boolean): unknown[] {
  if (type === undefined) return array
  return new TypedArray(type, all(array, type, exact) ?? [])
}

/** The same for a Dictionary. */
export function fittedEntries(
  dictionary: Dictionary,
  keyType: ContainerType | undefined,
  valueType: ContainerType | undefined,
  exact: boolean,
): Dictionary {
  const types = { ...(keyType !== undefined && { keyType }), ...(valueType !== undefined && { valueType }) }
  const keys = all([...dictionary.keys()], keyType, true)
  const values = all([...dictionary.values()], valueType, exact)
  if (keys === undefined || values === undefined) return new Dictionary(null, types)
  return new Dictionary(
    keys.map((key, i) => [key, values[i]] as const),
    types,
  )
}

function all(items: readonly unknown[], type: ContainerType | undefined, exact: boolean): unknown[] | undefined {
  if (type === undefined) return [...items]
  const fits: unknown[] = []
  for (const item of items) {
    const one = converted(item, type, exact)
    if (one === undefined) return undefined
    fits.push(one.value)
  }
  return fits
}

function converted(item: unknown, type: ContainerType, exact: boolean): { value: unknown } | undefined {
  const from = typeOf(item)
  const to = typeof type === 'object' ? T.OBJECT : type
  // Read without `exact`, an integral float looks like an int.
  if (to === T.FLOAT && typeof item === 'number') return { value: exact ? floatOf(item) : item }
  if (from === to || (to === T.OBJECT && item === null)) return { value: item }
  return to === T.OBJECT ? undefined : throughBytes(item, to, exact)
}

function floatOf(value: number): number | GodotFloat {
  return Number.isInteger(value) ? new GodotFloat(value) : value
}

/** The codec knows what the engine converts: it leaves out of an Array what cannot be. */
function throughBytes(item: unknown, to: VariantType, exact: boolean): { value: unknown } | undefined {
  const plain = varToBytesWithObjects([item] as never)
  const typed = new Uint8Array(plain.length + 4)
  typed.set([T.ARRAY, 0, 1, 0, to])
  typed.set(plain.subarray(4), 8)
  const [value, ...rest] = bytesToVarWithObjects(typed, { exact }) as unknown[]
  return value === undefined && rest.length === 0 ? undefined : { value }
}
