// Equality as strict as the bytes: -0 is not 0, float(1) is not 1, 5n is not 5, a typed array is not an array, and the
// keys of a Dictionary have an order. Only NaN equals NaN. Written apart from the codec, so that neither covers up for
// the other.
import { Dictionary, GodotFloat, GodotValue, TypedArray } from '../../src/variant/index.js'

/** Where two values differ first, or undefined where they do not. */
export function difference(a: unknown, b: unknown, path = 'value'): string | undefined {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return Object.is(a, b) ? undefined : `${path}: ${shown(a)} is not ${shown(b)}`
  }
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return `${path}: ${kind(a)} is not ${kind(b)}`
  if (a instanceof Dictionary) return dictionaries(a, b as Dictionary, path)
  if (Array.isArray(a)) return arrays(a, b as unknown[], path)
  if (ArrayBuffer.isView(a)) return items([...(a as Uint8Array)], [...(b as Uint8Array)], path)
  if (a instanceof GodotFloat || a instanceof GodotValue || Object.getPrototypeOf(a) === null) return fields(a, b, path)
  return `${path}: ${kind(a)} is nothing that this compares`
}

function arrays(a: unknown[], b: unknown[], path: string): string | undefined {
  const types = difference(elementType(a), elementType(b), `${path}.elementType`)
  return types ?? items(a, b, path)
}

function elementType(array: unknown[]): unknown {
  return array instanceof TypedArray ? typeFields(array.elementType) : undefined
}

/** A ContainerType is a number or a plain object of one field. */
function typeFields(type: unknown): unknown {
  return typeof type === 'object' && type !== null ? JSON.stringify(type) : type
}

function items(a: readonly unknown[], b: readonly unknown[], path: string): string | undefined {
  if (a.length !== b.length) return `${path}: ${a.length} items are not ${b.length}`
  for (let i = 0; i < a.length; i++) {
    const found = difference(a[i], b[i], `${path}[${i}]`)
    if (found) return found
  }
  return undefined
}

function dictionaries(a: Dictionary, b: Dictionary, path: string): string | undefined {
  return (
    difference(typeFields(a.keyType), typeFields(b.keyType), `${path}.keyType`) ??
    difference(typeFields(a.valueType), typeFields(b.valueType), `${path}.valueType`) ??
    items([...a.keys()], [...b.keys()], `${path}.keys()`) ??
    items([...a.values()], [...b.values()], `${path}.values()`)
  )
}

function fields(a: object, b: object, path: string): string | undefined {
  const names = Object.keys(a)
  const difference1 = items(names, Object.keys(b), `${path}: fields`)
  if (difference1) return difference1
  for (const name of names) {
    const found = difference(a[name as never], b[name as never], `${path}.${name}`)
    if (found) return found
  }
  return undefined
}

function kind(value: object): string {
  return (
    (Object.getPrototypeOf(value) as { constructor?: { name: string } } | null)?.constructor?.name ?? 'plain object'
  )
}

function shown(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  return Object.is(value, -0) ? '-0' : typeof value === 'string' ? JSON.stringify(value) : String(value)
}
