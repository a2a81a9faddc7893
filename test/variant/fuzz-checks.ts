// What must hold for any value and for any bytes. The tests try it with some thousands, `npm run fuzz` with millions.
import type { GodotVersion } from '../../src/variant/dialect.js'
import {
  bytesToVar,
  bytesToVarWithObjects,
  Dictionary,
  decodeVar,
  GodotObject,
  GodotValue,
  NodePath,
  PackedStringArray,
  safeBytesToVar,
  type Variant,
  type VariantErrorCode,
  type VariantInput,
  varToBytes,
  varToBytesWithObjects,
} from '../../src/variant/index.js'
import { codeOf } from './code-of.js'
import { difference } from './equal.js'
import { toHex } from './hex.js'

/** The bytes of a value, and a sentence on what is wrong with them: undefined where all is well. */
export interface RoundTrip {
  readonly bytes: Uint8Array
  readonly wrong: string | undefined
}

/** Value to bytes to value to bytes: equal and the same. */
export function roundTrip(value: unknown, version: GodotVersion, objects = false): RoundTrip {
  const encode = objects ? varToBytesWithObjects : varToBytes
  const decode = objects ? bytesToVarWithObjects : bytesToVar
  const bytes = encode(value as VariantInput, { version })
  const read = decode(bytes, { version, exact: true })
  const different = difference(read, value)
  if (different) return { bytes, wrong: `read as another value: ${different}` }
  const again = toHex(encode(read as VariantInput, { version }))
  if (again !== toHex(bytes)) return { bytes, wrong: `written again as ${again}` }
  if (!objects && decodeVar(bytes, 0, { version }).size !== bytes.length) return { bytes, wrong: 'has another size' }
  return { bytes, wrong: undefined }
}

/** All that decoding may say to bytes with good options. */
const CODES: ReadonlySet<string> = new Set<VariantErrorCode>([
  'VARIANT_TRUNCATED',
  'VARIANT_BAD_TYPE',
  'VARIANT_BAD_LENGTH',
  'VARIANT_BAD_TEXT',
  'VARIANT_BAD_NODE_PATH',
  'VARIANT_BAD_CONTAINER_TYPE',
  'VARIANT_OBJECT_NOT_ALLOWED',
  'VARIANT_TOO_DEEP',
])

/**
 * Tries bytes from a stranger: whatever they are, they give a value no larger than themselves or one of our codes, by
 * whichever way they are read, and stay as they were.
 *
 * @returns the code, or `VALUE`
 * @throws an Error that says what was wrong; anything else that decoding throws goes on as it is
 */
export function tryHostile(bytes: Uint8Array, version: GodotVersion, objects = false): string {
  const before = toHex(bytes)
  const decode = objects ? bytesToVarWithObjects : bytesToVar
  const [value, code] = valueOrCode(() => decode(bytes, { version, exact: true }), bytes)
  const [, plainCode] = valueOrCode(() => decode(bytes, { version }), bytes)
  if (plainCode !== code) throw new Error(`${code} when exact, ${plainCode} when not`)
  if (!objects) trySafe(bytes, version, code)
  if (toHex(bytes) !== before) throw new Error('the input was changed')
  if (code !== 'VALUE') return code
  // A value of n bytes holds at most n things (each takes 4 bytes, or is a byte of text or of an array), and itself.
  const things = weight(value)
  if (things > bytes.length + 1) throw new Error(`${things} things from ${bytes.length} bytes`)
  tryAgain(value, version, objects)
  return code
}

function valueOrCode(decode: () => Variant, bytes: Uint8Array): [Variant | undefined, string] {
  try {
    return [decode(), 'VALUE']
  } catch (error) {
    const code = codeOf(error)
    const { offset } = error as { offset?: number }
    if (!CODES.has(code)) throw new Error(`${code} is no answer to bytes`, { cause: error })
    const inside = offset !== undefined && Number.isInteger(offset) && offset >= 0 && offset <= bytes.length
    if (!inside) throw new Error(`${code} at byte ${offset} of ${bytes.length}`, { cause: error })
    return [undefined, code]
  }
}

/** The call that does not throw says the same. */
function trySafe(bytes: Uint8Array, version: GodotVersion, code: string): void {
  const result = safeBytesToVar(bytes, { version })
  const said = result.ok ? 'VALUE' : result.error.code
  if (said !== code) throw new Error(`${code} when thrown, ${said} when safe`)
  if (result.ok && result.size > bytes.length) throw new Error(`a size of ${result.size} in ${bytes.length} bytes`)
}

/** What was read can be written and read again, as the same bytes; or it is refused with a code. */
function tryAgain(value: unknown, version: GodotVersion, objects: boolean): void {
  const encode = objects ? varToBytesWithObjects : varToBytes
  const decode = objects ? bytesToVarWithObjects : bytesToVar
  let again: Uint8Array
  try {
    again = encode(value as VariantInput, { version })
  } catch (error) {
    // A value of a typed Dictionary that does not fit it is refused where it would be written.
    if (codeOf(error) === 'VARIANT_UNSUPPORTED') return
    throw new Error('what was read cannot be written', { cause: error })
  }
  // Of two BOMs each reading drops one, in the engines as well.
  if (toHex(again).includes('efbbbf')) return
  const twice = toHex(encode(decode(again, { version, exact: true }) as VariantInput, { version }))
  if (twice !== toHex(again)) throw new Error(`written as ${toHex(again)}, and then as ${twice}`)
}

/** How many things a value holds: what memory and time it takes is in proportion. */
export function weight(value: unknown): number {
  if (typeof value === 'string') return 1 + value.length
  if (typeof value !== 'object' || value === null) return 1
  if (ArrayBuffer.isView(value)) return 1 + (value as Uint8Array).length
  if (Array.isArray(value)) return value.reduce((sum, item) => sum + weight(item), 1)
  if (value instanceof Dictionary) return [...value].reduce((sum, [k, v]) => sum + weight(k) + weight(v), 1)
  if (value instanceof GodotObject) return weight(value.className) + weight(value.properties)
  if (value instanceof PackedStringArray) return weight(value.items)
  if (value instanceof NodePath) return weight(value.names) + weight(value.subnames)
  if (value instanceof GodotValue && 'data' in value) return weight(value.data)
  return 1
}
