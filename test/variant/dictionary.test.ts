// A Dictionary finds its keys by value, as Godot does. keys.txt holds what the engines say about pairs of keys.
import { describe, expect, it } from 'vitest'
import type { EngineName } from '../../scripts/engines.js'
import {
  bytesToVar,
  Color,
  Dictionary,
  EncodedObjectAsID,
  float,
  NodePath,
  StringName,
  VariantType,
  Vector2,
  Vector2i,
  varToBytes,
} from '../../src/variant/index.js'
import { codeFrom } from './code-of.js'
import { fromHex, toHex } from './hex.js'
import { PRINTERS, readVectors } from './read-vectors.js'

/** Pairs that are two keys for the engine and one for us. The reasons are in docs/wire-format.md, "Known differences". */
const ONE_HERE: Readonly<Record<EngineName, readonly string[]>> = {
  godot4: ['arrays_nans', 'dictionaries_nans'],
  godot3: ['arrays_of_dictionaries', 'dictionaries', 'dictionaries_empty', 'pool_reals_zeros', 'pool_reals_nans'],
  godot36: ['arrays_of_dictionaries', 'dictionaries', 'dictionaries_empty', 'pool_reals_zeros'],
}

describe.each(PRINTERS)('the keys of %s, Godot %s', (engine, _release, version) => {
  it.each(readVectors(engine, 'keys'))('%s: %s', (name, _source, first, second, said) => {
    const read = (hex: string) => bytesToVar(fromHex(hex), { version, exact: true })
    const dictionary = new Dictionary<unknown, number>([[read(first!), 1]])
    const found = dictionary.has(read(second!))
    dictionary.set(read(second!), 2)
    const ours = dictionary.size === 1 ? 'one' : 'two'
    expect(found).toBe(ours === 'one')
    expect(ours).toBe(ONE_HERE[engine].includes(name!) ? 'one' : said)
    if (ONE_HERE[engine].includes(name!)) expect(said).toBe('two')
    expect(dictionary.get(read(second!))).toBe(2)
    expect(dictionary.get(read(first!))).toBe(ours === 'one' ? 2 : 1)
  })

  it('are all in the list where they differ', () => {
    expect(readVectors(engine, 'keys').map(([name]) => name)).toEqual(expect.arrayContaining([...ONE_HERE[engine]]))
  })
})

describe('Dictionary', () => {
  it('keeps the order of insertion, also of a key that is set again', () => {
    const dictionary = new Dictionary<unknown, number>([
      ['b', 1],
      ['a', 2],
      [3, 3],
    ])
    dictionary.set('b', 4)
    expect([...dictionary]).toEqual([
      ['b', 4],
      ['a', 2],
      [3, 3],
    ])
    dictionary.delete('b')
    dictionary.set('b', 5)
    expect([...dictionary.keys()]).toEqual(['a', 3, 'b'])
  })

  it('does what its example says', () => {
    const state = new Dictionary<unknown, unknown>([['hp', 5]])
    expect(state.get('hp')).toBe(5)
    expect(state.set(new Vector2i(1, 2), 'wall').get(new Vector2i(1, 2))).toBe('wall')
  })

  it('keeps an equal key as it was written first', () => {
    const name = new StringName('a')
    const dictionary = new Dictionary<unknown, number>([
      [name, 1],
      ['a', 2],
    ])
    expect([...dictionary.keys()]).toEqual([name])
    expect([...dictionary.keys()][0]).toBe(name)
    const other = new Dictionary<unknown, number>([
      ['a', 1],
      [name, 2],
    ])
    expect([...other]).toEqual([['a', 2]])
  })

  it('forgets the first form of a key that was deleted', () => {
    const dictionary = new Dictionary<unknown, number>([[new StringName('a'), 1]])
    expect(dictionary.delete('a')).toBe(true)
    dictionary.set('a', 2)
    expect([...dictionary.keys()]).toEqual(['a'])
  })

  it('holds the int 1 and the float 1.0 apart, decoded exactly or not', () => {
    const bytes = varToBytes(
      new Dictionary<unknown, string>([
        [1, 'int'],
        [float(1), 'float'],
      ]),
    )
    for (const exact of [true, false]) {
      const dictionary = bytesToVar(bytes, { exact }) as Dictionary
      expect(dictionary.size).toBe(2)
      expect(dictionary.get(1)).toBe('int')
      expect(dictionary.get(float(1))).toBe('float')
      expect(toHex(varToBytes(dictionary))).toBe(toHex(bytes))
    }
  })

  it('takes a bigint and a number for one int', () => {
    const dictionary = new Dictionary<unknown, number>([[5n, 1]])
    expect(dictionary.get(5)).toBe(1)
    expect(dictionary.set(5, 2).size).toBe(1)
  })

  it('holds what only looks alike apart', () => {
    const apart = [
      '1',
      1,
      float(1),
      true,
      null,
      'null',
      'true',
      new NodePath('1'),
      [1],
      ['1'],
      new Vector2(1, 0),
      new Vector2i(1, 0),
      new Color(1, 0, 0, 0),
      new Uint8Array([1]),
      new Int32Array([1]),
      new Float32Array([1]),
      new EncodedObjectAsID(1n),
      new Dictionary([[1, 1]]),
      new Dictionary([['1', 1]]),
      '\0f1',
      '\0s',
      '\0',
      '\0[i1]',
    ]
    const dictionary = new Dictionary(apart.map((key, i) => [key, i] as const))
    expect(dictionary.size).toBe(apart.length)
    expect(apart.map((key) => dictionary.get(key))).toEqual(apart.map((_, i) => i))
  })

  it('holds long keys apart by their last part', () => {
    const long = (end: unknown) => [...Array.from({ length: 200 }, (_, i) => i), end]
    const dictionary = new Dictionary<unknown, string>([[long('a'), 'a']])
    expect(dictionary.get(long('a'))).toBe('a')
    expect(dictionary.get(long('b'))).toBeUndefined()
  })

  it('is Map-like', () => {
    const dictionary = Dictionary.from({ a: 1, b: 2 })
    expect(dictionary.size).toBe(2)
    expect([...dictionary.values()]).toEqual([1, 2])
    expect([...dictionary.entries()]).toEqual([...dictionary])
    const seen: unknown[] = []
    dictionary.forEach((value, key, all) => {
      seen.push([key, value, all === dictionary])
    })
    expect(seen).toEqual([
      ['a', 1, true],
      ['b', 2, true],
    ])
    dictionary.clear()
    expect([dictionary.size, dictionary.has('a'), dictionary.delete('a')]).toEqual([0, false, false])
  })

  it('becomes a plain object without a prototype', () => {
    const object = new Dictionary<unknown, unknown>([
      ['__proto__', 1],
      [2, 'two'],
      [new StringName('n'), 3],
    ]).toObject()
    expect(Object.getPrototypeOf(object)).toBeNull()
    expect(Object.entries(object).sort()).toEqual([
      ['2', 'two'],
      ['__proto__', 1],
      ['n', 3],
    ])
    expect(JSON.stringify(Dictionary.from({ a: { b: 1 } }))).toBe('{"a":{"b":1}}')
  })

  it('keeps its types', () => {
    const types = { keyType: VariantType.STRING, valueType: VariantType.INT }
    const dictionary = new Dictionary([['a', 1]], types)
    expect({ keyType: dictionary.keyType, valueType: dictionary.valueType }).toEqual(types)
  })

  it('refuses a key that Godot has no type for', () => {
    expect(codeFrom(() => new Dictionary([[() => 1, 1]]))).toBe('VARIANT_UNSUPPORTED')
    expect(codeFrom(() => new Dictionary([[Symbol('s'), 1]]))).toBe('VARIANT_UNSUPPORTED')
  })

  it('refuses a key that contains itself', () => {
    const loop: unknown[] = []
    loop.push(loop)
    expect(codeFrom(() => new Dictionary([[loop, 1]]))).toBe('VARIANT_TOO_DEEP')
  })
})

describe('what counts as a Dictionary', () => {
  const hex = toHex(varToBytes(new Dictionary<unknown, number>([['a', 1]])))

  it.each([
    ['a plain object', { a: 1 }],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
    ['a Map', new Map([['a', 1]])],
    ['Dictionary.from', Dictionary.from({ a: 1 })],
  ])('%s', (_what, value) => {
    expect(toHex(varToBytes(value))).toBe(hex)
  })

  it('a Map whose keys are one key in Godot', () => {
    const map = new Map<unknown, number>([
      [new Vector2i(1, 2), 1],
      [new Vector2i(1, 2), 2],
    ])
    const read = bytesToVar(varToBytes(map)) as Dictionary
    expect([...read.values()]).toEqual([2])
  })
})
