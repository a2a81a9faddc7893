// The slow twin of the codec: Godot 4's and Godot 3's bytes for what messages are made of, read and written word by word,
// with nothing remembered from one value to the next. What src/variant does quickly must agree with it to the byte.

/** A Dictionary as its entries, in their order; keys may come twice where it is written. */
export class Entries {
  constructor(readonly list: readonly (readonly [Plain, Plain])[]) {}
}

/** `float(x)`: a number that is written as a float. */
export class Float {
  constructor(readonly value: number) {}
}

/** Godot 4's StringName. */
export class Name {
  constructor(readonly text: string) {}
}

export type Plain = null | boolean | number | bigint | string | Float | Name | Entries | readonly Plain[]

export interface PlainOptions {
  readonly version: 3 | 4
  readonly asObject?: boolean
  readonly maxDepth?: number
}

/** The code for what the twin does not read, the codec may. */
export const UNKNOWN = 'UNKNOWN'

/** What is wrong, and where: as an error of src/variant says it. */
export class PlainError {
  constructor(
    readonly code: string,
    readonly offset: number,
    readonly path: string | undefined,
  ) {}
}

const IDS = {
  3: { array: 19, dictionary: 18 },
  4: { array: 28, dictionary: 27 },
} as const

const STRING_NAME = 21
const WIDE = 1 << 16

export function plainBytes(value: Plain, version: 3 | 4): Uint8Array {
  const out: number[] = []
  const word = (x: number) => out.push(x & 255, (x >>> 8) & 255, (x >>> 16) & 255, x >>> 24)
  const numbers = (view: Float32Array | Float64Array) => out.push(...new Uint8Array(view.buffer))
  const text = (header: number, said: string) => {
    const bytes = new TextEncoder().encode(said)
    word(header)
    word(bytes.length)
    out.push(...bytes, ...[0, 0, 0].slice(0, (4 - (bytes.length % 4)) % 4))
  }
  const float = (x: number) => {
    const isNarrow = Math.fround(x) === x
    word(isNarrow ? 3 : 3 | WIDE)
    numbers(isNarrow ? new Float32Array([x]) : new Float64Array([x]))
  }
  const put = (one: Plain): void => {
    if (one === null) word(0)
    else if (typeof one === 'boolean') [1, one ? 1 : 0].forEach(word)
    else if (typeof one === 'string') text(4, one)
    else if (one instanceof Name) text(STRING_NAME, one.text)
    else if (one instanceof Float) float(one.value)
    else if (typeof one === 'bigint') [2 | WIDE, Number(one & 0xffffffffn) | 0, Number(one >> 32n)].forEach(word)
    else if (typeof one === 'number') {
      if (!Number.isInteger(one)) float(one)
      else if ((one | 0) === one) [2, one].forEach(word)
      else [2 | WIDE, (one % 2 ** 32) | 0, Math.floor(one / 2 ** 32)].forEach(word)
    } else if (one instanceof Entries) {
      word(IDS[version].dictionary)
      word(one.list.length)
      for (const entry of one.list) entry.forEach(put)
    } else {
      word(IDS[version].array)
      word(one.length)
      one.forEach(put)
    }
  }
  put(value)
  return Uint8Array.from(out)
}

/** The value, or what is wrong with the bytes. */
export function plainValue(bytes: Uint8Array, { version, asObject = false, maxDepth = 1024 }: PlainOptions) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const ids = IDS[version]
  let at = 0
  let path: string[] = []
  const fail = (code: string, offset: number): never => {
    throw new PlainError(code, offset, path.length === 0 ? undefined : `$${path.join('')}`)
  }
  const take = (count: number) => {
    if (count > bytes.length - at) fail('VARIANT_TRUNCATED', at)
    at += count
    return at - count
  }
  const text = () => {
    const start = at
    const length = view.getInt32(take(4), true)
    if (length < 0) fail('VARIANT_BAD_LENGTH', start)
    const from = take(length + ((4 - (length % 4)) % 4))
    // A NUL ends it, whatever follows.
    const nul = bytes.subarray(from, from + length).indexOf(0)
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(from, from + (nul < 0 ? length : nul)))
    } catch {
      return fail('VARIANT_BAD_TEXT', start)
    }
  }
  const within = <T>(step: string, read: () => T): T => {
    const outside = path
    path = [...outside, step]
    const value = read()
    path = outside
    return value
  }
  const entries = (depth: number): Entries => {
    const count = view.getUint32(take(4), true) & 0x7fffffff
    if (count * 8 > bytes.length - at) fail('VARIANT_TRUNCATED', at)
    const found = new Map<string, [Plain, Plain]>()
    for (let i = 0; i < count; i++) {
      const key = within(`<key ${i}>`, () => {
        const start = at
        const one = value(depth + 1)
        if (one instanceof Entries || Array.isArray(one)) fail(UNKNOWN, start)
        if (asObject && typeof one !== 'string' && !(one instanceof Name)) fail('VARIANT_KEY_NOT_STRING', start)
        return one
      })
      const item = within(keyPath(key), () => value(depth + 1))
      const id = idOf(key)
      const first = found.get(id)
      if (first === undefined) found.set(id, [key, item])
      else first[1] = item
    }
    return new Entries([...found.values()])
  }
  const list = (depth: number): Plain[] => {
    const count = view.getUint32(take(4), true) & 0x7fffffff
    if (count * 4 > bytes.length - at) fail('VARIANT_TRUNCATED', at)
    return Array.from({ length: count }, (_, i) => within(`[${i}]`, () => value(depth + 1)))
  }
  const value = (depth: number): Plain => {
    const start = at
    if (depth > maxDepth) fail('VARIANT_TOO_DEEP', start)
    const header = view.getUint32(take(4), true)
    // Bits that say nothing of a type are not looked at.
    const type = header & 0xff
    const wide = (header & WIDE) !== 0
    const typed = version === 4 && ((header >>> 16) & 0b1111) !== 0
    if (type === 0) return null
    if (type === 1) return view.getUint32(take(4), true) !== 0
    if (type === 2) return wide ? safe(view.getBigInt64(take(8), true)) : view.getInt32(take(4), true)
    if (type === 3) return new Float(wide ? view.getFloat64(take(8), true) : view.getFloat32(take(4), true))
    if (type === 4) return text()
    if (type === STRING_NAME && version === 4) return new Name(text())
    if (type === ids.dictionary && !typed) return entries(depth)
    if (type === ids.array && !typed) return list(depth)
    return fail(UNKNOWN, start)
  }
  try {
    return value(0)
  } catch (error) {
    if (error instanceof PlainError) return error
    throw error
  }
}

function safe(int: bigint): number | bigint {
  return Number.isSafeInteger(Number(int)) ? Number(int) : int
}

/** A key's own: Strings and StringNames with one text are one key, ints and floats are not, nor is anything read twice. */
function idOf(key: Plain): string {
  if (typeof key === 'string') return `text ${key}`
  if (key instanceof Name) return `text ${key.text}`
  if (key instanceof Float) return `float ${Object.is(key.value, -0) ? '-0' : key.value}`
  return `${typeof key} ${typeof key === 'bigint' ? key : JSON.stringify(key)}`
}

function keyPath(key: Plain): string {
  const text = key instanceof Name ? key.text : key
  // An integral float among keys says that it is one.
  if (key instanceof Float) return Number.isInteger(key.value) ? `[float(${key.value})]` : `[${key.value}]`
  if (typeof text !== 'string') return `[${String(text)}]`
  if (/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(text)) return `.${text}`
  return `[${JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)}]`
}
