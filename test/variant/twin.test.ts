// What the codec remembers from one value to the next (texts, the keys of Dictionaries, their bytes) makes it quick and
// must change nothing: test/variant/plain-codec.ts remembers nothing, and both must agree on every message of a long row.
import { describe, expect, it } from 'vitest'
import { isGodotWireError } from '../../src/errors.js'
import {
  bytesToVar,
  Dictionary,
  float,
  StringName,
  VariantDecoder,
  VariantEncoder,
  type VariantInput,
  varToBytes,
} from '../../src/variant/index.js'
import { toHex } from './hex.js'
import { Entries, Float, Name, type Plain, PlainError, plainBytes, plainValue, UNKNOWN } from './plain-codec.js'

/** mulberry32: 0 to 1, the same row for the same seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * sides)
  }
}

const WORDS = ['id', 'pos', 'vel', 'hp', 'name', 'type', 'a', 'b', 'c', 'x', 'y', 'z', 'anim', 'inventory']
const ODD_KEYS: readonly Plain[] = [
  '',
  'größe',
  '名前',
  '__proto__',
  'constructor',
  'toString',
  'a longer key of exactly 24 b',
  'k'.repeat(64),
  'k'.repeat(65),
  'two words',
  '\u{1f600}',
  new Name('id'),
  new Name('pos'),
  new Name('other'),
  7,
  -1,
  new Float(7),
  null,
  true,
]
const TEXTS = ['run', 'idle', 'jump', 'ä', '', 'x'.repeat(100), 'player_007', 'player_008']

/** Messages whose Dictionaries begin alike, have the same keys in another order, or a key more or less. */
class Messages {
  /** Lists of keys that came before: most Dictionaries have one of them, or nearly so. */
  readonly #lists: Plain[][] = [['id', 'pos', 'vel'], ['id', 'pos', 'vel', 'hp'], ['id', 'hp'], ['type']]

  constructor(
    private readonly roll: (sides: number) => number,
    private readonly version: 3 | 4,
  ) {}

  next(depth = 0): Plain {
    const kind = this.roll(depth > 3 ? 5 : 10)
    if (kind === 0) return [null, true, false][this.roll(3)]!
    if (kind === 1) return [0, -1, 7, 2 ** 31 - 1, -(2 ** 31), 2 ** 40, -(2 ** 33) - 5][this.roll(7)]!
    if (kind === 2) return new Float([0, 1.5, 0.1, -0, 3, 1e300][this.roll(6)]!)
    if (kind === 3) return TEXTS[this.roll(TEXTS.length)]!
    if (kind === 4) return this.version === 4 ? new Name(WORDS[this.roll(WORDS.length)]!) : 'name'
    if (kind === 5) return Array.from({ length: this.roll(5) }, () => this.next(depth + 1))
    return new Entries(this.#keys().map((key) => [key, this.next(depth + 1)] as const))
  }

  #keys(): Plain[] {
    const base = this.#lists[this.roll(this.#lists.length)]!
    const keys = this.#changed([...base])
    if (this.roll(4) === 0) {
      this.#lists.push(keys)
      if (this.#lists.length > 24) this.#lists.splice(this.roll(this.#lists.length), 1)
    }
    return keys
  }

  #changed(keys: Plain[]): Plain[] {
    const at = this.roll(keys.length + 1)
    switch (this.roll(12)) {
      case 0:
        keys.splice(at, 0, this.#key())
        break
      case 1:
        keys.splice(at, 1)
        break
      case 2:
        keys.splice(at, keys.length - at, this.#key())
        break
      case 3:
        keys.reverse()
        break
      case 4:
        keys[at] = this.#key()
        break
      case 5:
        // A key that is there already.
        keys.splice(at, 0, keys[0] ?? 'id')
        break
      case 6:
        if (this.roll(10) === 0) keys.push(...Array.from({ length: 40 }, (_, i) => `k${i}`))
    }
    return keys.slice(0, 45)
  }

  #key(): Plain {
    if (this.roll(3) > 0) return WORDS[this.roll(WORDS.length)]!
    const key = ODD_KEYS[this.roll(ODD_KEYS.length)]!
    return key instanceof Name && this.version === 3 ? 'name' : key
  }
}

/** Where what was decoded is not what the twin read; undefined where they agree. */
function difference(value: unknown, plain: Plain, asObject: boolean, path = '$'): string | undefined {
  if (plain instanceof Name) {
    return value instanceof StringName && value.text === plain.text ? undefined : `${path}: no StringName`
  }
  if (plain instanceof Entries) return entriesDifference(value, plain, asObject, path)
  if (Array.isArray(plain)) {
    if (!Array.isArray(value) || value.length !== plain.length) return `${path}: another Array`
    return firstOf(plain, (item, i) => difference(value[i], item, asObject, `${path}[${i}]`))
  }
  return Object.is(value, plain instanceof Float ? plain.value : plain) ? undefined : `${path}: ${String(value)}`
}

function entriesDifference(value: unknown, { list }: Entries, asObject: boolean, path: string): string | undefined {
  if (asObject) {
    const object = value as Record<string, unknown>
    const keys = list.map(([key]) => (key instanceof Name ? key.text : (key as string)))
    // What JavaScript takes for an index goes first in an object: a changed byte makes one of `x`.
    const ordered = Object.keys(Object.fromEntries(keys.map((key) => [key, true])))
    if (Object.keys(object).join('|') !== ordered.join('|'))
      return `${path}: keys ${Object.keys(object)}, not ${ordered}`
    return firstOf(list, ([, item], i) => difference(object[keys[i]!], item, asObject, `${path}.${keys[i]}`))
  }
  if (!(value instanceof Dictionary) || value.size !== list.length) return `${path}: another Dictionary`
  const entries = [...value]
  return firstOf(list, ([key, item], i) => {
    const [found, content] = entries[i]!
    const isKey = sameKey(found, key)
    if (!isKey) return `${path}: key ${String(found)} at ${i}`
    if (!Object.is(value.get(found), content)) return `${path}: get(${String(found)})`
    return difference(content, item, asObject, `${path}.${String(found)}`)
  })
}

function sameKey(found: unknown, key: Plain): boolean {
  if (key instanceof Name) return String(found) === key.text
  // An integral float is no int among keys.
  if (!(key instanceof Float)) return Object.is(found, key)
  return Object.is(Number(found), key.value) && typeof found === (Number.isInteger(key.value) ? 'object' : 'number')
}

function firstOf<T>(items: readonly T[], find: (item: T, i: number) => string | undefined): string | undefined {
  for (const [i, item] of items.entries()) {
    const found = find(item, i)
    if (found !== undefined) return found
  }
  return undefined
}

const isUnknown = (twin: Plain | PlainError) => twin instanceof PlainError && twin.code === UNKNOWN

/** What the codec says of some bytes and what the twin says of them, where that is not the same. */
function disagreement(decode: () => unknown, twin: Plain | PlainError, asObject: boolean): string | undefined {
  let value: unknown
  try {
    value = decode()
  } catch (error) {
    if (!isGodotWireError(error)) throw error
    if (isUnknown(twin)) return undefined
    const said = `${error.code} ${error.offset} ${error.path}`
    const expected = twin instanceof PlainError ? `${twin.code} ${twin.offset} ${twin.path}` : 'a value'
    return said === expected ? undefined : `${said} instead of ${expected}`
  }
  if (isUnknown(twin)) return undefined
  return twin instanceof PlainError ? `a value instead of ${twin.code}` : difference(value, twin as Plain, asObject)
}

/** Bytes as they are, cut off, or with a word changed: errors in the middle, and then the next message. */
function damaged(bytes: Uint8Array, roll: (sides: number) => number): Uint8Array {
  if (roll(4) > 0) return bytes
  if (roll(2) > 0) return bytes.slice(0, roll(bytes.length))
  const copy = bytes.slice()
  copy[roll(copy.length)] = roll(256)
  return copy
}

describe.each([4, 3] as const)('a long row of messages of Godot %s', (version) => {
  it.each([1, 2, 3])('is decoded as by the slow twin, seed %s', (seed) => {
    const roll = dice(seed)
    const messages = new Messages(roll, version)
    const reused = new VariantDecoder({ version })
    const objects = new VariantDecoder({ version, dictionaryAs: 'object' })
    const shallow = new VariantDecoder({ version, maxDepth: 3 })
    let failed = 0
    for (let i = 0; i < 2500; i++) {
      const bytes = damaged(plainBytes(messages.next(), version), roll)
      const twin = plainValue(bytes, { version })
      if (twin instanceof PlainError && !isUnknown(twin)) failed++
      const twinObject = plainValue(bytes, { version, asObject: true })
      const twinShallow = plainValue(bytes, { version, maxDepth: 3 })
      const context = `message ${i}: ${toHex(bytes)}`
      expect(
        disagreement(() => bytesToVar(bytes, { version }), twin, false),
        context,
      ).toBe(undefined)
      expect(
        disagreement(() => reused.decode(bytes), twin, false),
        context,
      ).toBe(undefined)
      expect(
        disagreement(() => objects.decode(bytes), twinObject, true),
        context,
      ).toBe(undefined)
      expect(
        disagreement(() => shallow.decode(bytes), twinShallow, false),
        context,
      ).toBe(undefined)
    }
    expect(failed).toBeGreaterThan(100)
    expect(failed).toBeLessThan(1250)
  })

  it.each([4, 5])('is encoded as by the slow twin, seed %s', (seed) => {
    const roll = dice(seed)
    const messages = new Messages(roll, version)
    const reused = new VariantEncoder({ version })
    for (let i = 0; i < 1200; i++) {
      const plain = messages.next()
      const hex = toHex(plainBytes(merged(plain, version), version))
      // As Dictionaries, as plain objects where their keys allow it, and as they were decoded.
      const decoded = bytesToVar(plainBytes(plain, version), { version, exact: true }) as VariantInput
      for (const value of [dictionaries(plain), objects(plain), decoded]) {
        expect(toHex(varToBytes(value, { version })), `message ${i}`).toBe(hex)
        expect(toHex(reused.encodeView(value)), `message ${i}`).toBe(hex)
        expect(toHex(reused.encode(value)), `message ${i}`).toBe(hex)
      }
      if (roll(5) === 0)
        expect(() => reused.encode([dictionaries(plain), () => 1] as never)).toThrow(/VARIANT_UNSUPPORTED/)
    }
  })
})

/** What is read where a key comes twice: the first place, the last value. */
function merged(plain: Plain, version: 3 | 4): Plain {
  const read = plainValue(plainBytes(plain, version), { version })
  if (read instanceof PlainError) throw new Error(`the twin cannot read what it wrote: ${read.code}`)
  return read
}

function leaf(plain: Plain): VariantInput {
  if (plain instanceof Float) return float(plain.value)
  return plain instanceof Name ? new StringName(plain.text) : (plain as VariantInput)
}

function dictionaries(plain: Plain): VariantInput {
  if (Array.isArray(plain)) return plain.map(dictionaries)
  if (!(plain instanceof Entries)) return leaf(plain)
  return new Dictionary(plain.list.map(([key, item]) => [leaf(key), dictionaries(item)])) as VariantInput
}

function objects(plain: Plain): VariantInput {
  if (Array.isArray(plain)) return plain.map(objects)
  if (!(plain instanceof Entries)) return leaf(plain)
  const areTexts = plain.list.every(([key]) => typeof key === 'string')
  if (!areTexts) {
    // A Map may hold a String and a StringName with one text, and which of them counts is then the order's.
    const single = new Dictionary(plain.list.map(([key, item]) => [leaf(key), objects(item)] as const))
    return new Map(single) as unknown as VariantInput
  }
  const object: Record<string, VariantInput> = Object.create(null)
  for (const [key, item] of plain.list) object[key as string] = objects(item)
  return object
}
