// Equality for what shapes give, written apart from them: prototypes, order of keys and the bits of numbers count.
import { Dictionary, GodotValue, varToBytes } from '../../../src/variant/index.js'
import { toHex } from '../hex.js'

/** Where two values differ first, or undefined where they do not. */
export function difference(a: unknown, b: unknown, path = '$'): string | undefined {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return Object.is(a, b) ? undefined : `${path}: ${String(a)} is not ${String(b)}`
  }
  if (a instanceof Dictionary && b instanceof Dictionary) {
    return (
      difference([...a.keys()], [...b.keys()], `${path} keys`) ?? difference([...a.values()], [...b.values()], path)
    )
  }
  if (a instanceof GodotValue || ArrayBuffer.isView(a)) return bytesDifference(a, b, path)
  if (Array.isArray(a) !== Array.isArray(b)) return `${path}: an array is none`
  if (!Array.isArray(a) && !isBare(a)) return `${path}: an object inherits something`
  const [keysOfA, keysOfB] = [Object.keys(a), Object.keys(b)]
  if (keysOfA.join('\n') !== keysOfB.join('\n')) return `${path}: keys ${keysOfA} are not ${keysOfB}`
  for (const key of keysOfA) {
    const found = difference(a[key as never], b[key as never], `${path}[${key}]`)
    if (found) return found
  }
  return undefined
}

/** Nothing can be found in it but its own properties. */
function isBare(object: object): boolean {
  return Object.getPrototypeOf(object) === null || !('toString' in object) || Object.hasOwn(object, 'toString')
}

function bytesDifference(a: object, b: object, path: string): string | undefined {
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return `${path}: not of one class`
  const [hexOfA, hexOfB] = [toHex(varToBytes(a as never)), toHex(varToBytes(b as never))]
  return hexOfA === hexOfB ? undefined : `${path}: ${hexOfA} is not ${hexOfB}`
}
