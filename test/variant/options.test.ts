import { describe, expect, it } from 'vitest'
import {
  bytesToVar,
  bytesToVarWithObjects,
  Color,
  Dictionary,
  float,
  GodotFloat,
  GodotObject,
  PackedColorArray,
  PackedVector2Array,
  PackedVector4Array,
  Projection,
  StringName,
  Transform3D,
  TypedArray,
  type VariantInput,
  VariantType,
  Vector2,
  Vector2i,
  Vector4,
  varToBytes,
  varToBytesWithObjects,
} from '../../src/variant/index.js'
import { codeFrom } from './code-of.js'
import { difference } from './equal.js'
import { fromHex, toHex } from './hex.js'

describe('exact', () => {
  const floats = [float(1), float(-0), 0.5, Number.NaN, Number.POSITIVE_INFINITY, float(2 ** 60)]

  it('gives floats that are written as floats again', () => {
    const bytes = varToBytes(floats)
    expect(difference(bytesToVar(bytes, { exact: true }), floats)).toBeUndefined()
    expect(toHex(varToBytes(bytesToVar(bytes, { exact: true }) as VariantInput))).toBe(toHex(bytes))
  })

  it('is off by default: floats are plain numbers', () => {
    const plain = [1, -0, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60]
    expect(difference(bytesToVar(varToBytes(floats)), plain)).toBeUndefined()
    expect(difference(bytesToVar(varToBytes(floats), { exact: false }), plain)).toBeUndefined()
  })

  it('keeps the bits of a NaN only when asked', () => {
    const bytes = fromHex('03000100 efbeadde0000f8ff')
    expect(bytesToVar(bytes, { exact: true })).toEqual(new GodotFloat(Number.NaN, 0xfff80000deadbeefn))
    expect(bytesToVar(bytes)).toBeNaN()
  })

  it('holds inside containers, values of keys included', () => {
    const value = new Dictionary([[[float(1)], new Dictionary([[float(2), [float(3)]]])]])
    const bytes = varToBytes(value)
    expect(difference(bytesToVar(bytes, { exact: true }), value)).toBeUndefined()
    const plain = bytesToVar(bytes) as Dictionary<unknown, Dictionary>
    expect([...plain.values()][0]!.get(float(2))).toEqual([3])
  })
})

describe('float()', () => {
  it.each([
    [1, '0200000001000000'],
    [float(1), '030000000000803f'],
    [-0, '0300000000000080'],
    [1.5, '030000000000c03f'],
    [2 ** 53, '030000000000005a'],
    [2 ** 53 - 1, '02000100ffffffffffff1f00'],
    [BigInt(2 ** 53), '020001000000000000002000'],
  ])('%s is written as %s', (value, hex) => {
    expect(toHex(varToBytes(value))).toBe(hex)
  })

  it('counts as a number', () => {
    expect(Number(float(3)) + 1).toBe(4)
    expect(float(3) > float(2)).toBe(true)
  })
})

describe('dictionaryAs', () => {
  const bytes = varToBytes({ a: 1, nested: { b: [{ c: 2 }] } })

  it('object gives objects that inherit nothing, all the way down', () => {
    const object = bytesToVar(bytes, { dictionaryAs: 'object' }) as Record<string, object>
    expect(JSON.stringify(object)).toBe('{"a":1,"nested":{"b":[{"c":2}]}}')
    for (const one of [object, object['nested']!]) {
      expect(['toString', 'constructor', '__proto__'].filter((name) => name in one)).toEqual([])
      const prototype = Object.getPrototypeOf(one)
      expect([Reflect.ownKeys(prototype), Object.getPrototypeOf(prototype)]).toEqual([[], null])
      expect(Object.isFrozen(prototype)).toBe(true)
    }
  })

  it('dictionary is the default', () => {
    expect(bytesToVar(bytes)).toBeInstanceOf(Dictionary)
    expect(bytesToVar(bytes, { dictionaryAs: 'dictionary' })).toBeInstanceOf(Dictionary)
  })

  it('object takes StringNames, and __proto__ as a key like any other', () => {
    const odd = new Dictionary<unknown, unknown>([
      [new StringName('n'), 1],
      ['__proto__', { polluted: true }],
    ])
    const object = bytesToVar(varToBytes(odd), { dictionaryAs: 'object' }) as Record<string, unknown>
    expect(Object.keys(object)).toEqual(['n', '__proto__'])
    expect(Object.getOwnPropertyDescriptor(object, '__proto__')).toMatchObject({ enumerable: true })
    expect('polluted' in object).toBe(false)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it.each([[1], [float(1)], [null], [true], [new Vector2i(1, 2)], [['a']]])('object refuses the key %s', (key) => {
    const odd = varToBytes(new Dictionary<unknown, unknown>([[key, 1]]))
    expect(codeFrom(() => bytesToVar(odd, { dictionaryAs: 'object' }))).toBe('VARIANT_KEY_NOT_STRING')
  })

  it('gives objects in the order of JavaScript, and Dictionaries in that of the bytes', () => {
    const bytes = varToBytes(new Dictionary(['x', '10', '7', 'y'].map((key) => [key, true] as const)))
    expect(Object.keys(bytesToVar(bytes, { dictionaryAs: 'object' }) as object)).toEqual(['7', '10', 'x', 'y'])
    expect([...(bytesToVar(bytes) as Dictionary).keys()]).toEqual(['x', '10', '7', 'y'])
  })
})

/** `depth` arrays around nil, as bytes. */
function nestedBytes(depth: number): Uint8Array {
  return fromHex(`1c00000001000000*${depth} 00000000`)
}

/** `depth` arrays, the innermost one empty. */
function nestedArrays(depth: number): VariantInput {
  let value: VariantInput = []
  for (let i = 1; i < depth; i++) value = [value]
  return value
}

describe('maxDepth', () => {
  it('reads as deep as the engine, and no deeper', () => {
    expect(codeFrom(() => bytesToVar(nestedBytes(1024)))).toBeUndefined()
    expect(codeFrom(() => bytesToVar(nestedBytes(1025)))).toBe('VARIANT_TOO_DEEP')
  })

  it('writes as deep as the engine, and no deeper', () => {
    expect(varToBytes(nestedArrays(1025)).length).toBe(8200)
    expect(codeFrom(() => varToBytes(nestedArrays(1026)))).toBe('VARIANT_TOO_DEEP')
  })

  it.each([1, 2, 10, 1023])('can be lowered to %i', (maxDepth) => {
    expect(codeFrom(() => bytesToVar(nestedBytes(maxDepth), { maxDepth }))).toBeUndefined()
    expect(codeFrom(() => bytesToVar(nestedBytes(maxDepth + 1), { maxDepth }))).toBe('VARIANT_TOO_DEEP')
    expect(codeFrom(() => varToBytes(nestedArrays(maxDepth + 1), { maxDepth }))).toBeUndefined()
    expect(codeFrom(() => varToBytes(nestedArrays(maxDepth + 2), { maxDepth }))).toBe('VARIANT_TOO_DEEP')
  })

  it('counts keys, values, and properties of objects', () => {
    const maxDepth = 1
    expect(codeFrom(() => varToBytes({ a: [] }, { maxDepth }))).toBeUndefined()
    expect(codeFrom(() => varToBytes({ a: [1] }, { maxDepth }))).toBe('VARIANT_TOO_DEEP')
    expect(codeFrom(() => varToBytes(new Dictionary([[[1], 0]]), { maxDepth }))).toBe('VARIANT_TOO_DEEP')
    const object = new GodotObject('X', new Dictionary([['p', [1]]]))
    expect(codeFrom(() => varToBytesWithObjects(object, { maxDepth }))).toBe('VARIANT_TOO_DEEP')
    expect(codeFrom(() => bytesToVarWithObjects(varToBytesWithObjects(object), { maxDepth }))).toBe('VARIANT_TOO_DEEP')
    expect(codeFrom(() => bytesToVar(varToBytes(new Dictionary([[[1], 0]])), { maxDepth }))).toBe('VARIANT_TOO_DEEP')
  })
})

describe('realSize', () => {
  it.each([
    [new Vector2(0.1, -2), '05000100 9a9999999999b93f 00000000000000c0'],
    [new PackedVector2Array([new Vector2(1, 2)]), '23000100 01000000 000000000000f03f 0000000000000040'],
    [new Color(1, 0.5, 0.25, 1), '14000000 0000803f 0000003f 0000803e 0000803f'],
    [new PackedColorArray([new Color(1, 0.5, 0.25, 1)]), '25000000 01000000 0000803f 0000003f 0000803e 0000803f'],
    [new Vector2i(1, 2), '06000000 01000000 02000000'],
    [new Float32Array([1]), '20000000 01000000 0000803f'],
    [0.5, '03000000 0000003f'],
  ] as [VariantInput, string][])('double writes %s', (value, hex) => {
    const bytes = varToBytes(value, { realSize: 'double' })
    expect(toHex(bytes)).toBe(toHex(fromHex(hex)))
    expect(
      difference(bytesToVar(bytes), bytesToVar(varToBytes(bytesToVar(bytes) as VariantInput, { realSize: 'double' }))),
    ).toBeUndefined()
  })

  it('double doubles every component', () => {
    expect(varToBytes(new Transform3D(), { realSize: 'double' }).length).toBe(4 + 12 * 8)
    expect(varToBytes(new Projection(), { realSize: 'double' }).length).toBe(4 + 16 * 8)
  })

  it('double keeps what float32 cannot hold', () => {
    const read = bytesToVar(varToBytes(new Vector2(0.1, 1e300), { realSize: 'double' })) as Vector2
    expect([read.x, read.y]).toEqual([0.1, 1e300])
    const array = bytesToVar(varToBytes(new PackedVector2Array(new Float64Array([0.1, 1e300])), { realSize: 'double' }))
    expect((array as PackedVector2Array).data).toEqual(new Float64Array([0.1, 1e300]))
  })

  it('keeps a NaN with its bits in either size', () => {
    for (const hex of ['05000100 010000000000f07f 0000000000000040', '05000000 0100807f 0000c0ff']) {
      const realSize = hex.startsWith('05000100') ? 'double' : 'single'
      const value = bytesToVar(fromHex(hex)) as VariantInput
      expect(toHex(varToBytes(value, { realSize }))).toBe(toHex(fromHex(hex)))
    }
  })
})

describe('version', () => {
  it('writes the ids of each version', () => {
    expect(toHex(varToBytes(new Dictionary(), { version: 3 }))).toBe('1200000000000000')
    expect(toHex(varToBytes(new Dictionary(), { version: 4 }))).toBe('1b00000000000000')
    expect(toHex(varToBytes(new Dictionary()))).toBe('1b00000000000000')
  })

  it.each([
    [new StringName('a')],
    [new Vector2i(1, 2)],
    [new BigInt64Array(1)],
    [new Float64Array(1)],
    [new Projection()],
    [new TypedArray(VariantType.INT, [1])],
    [new Dictionary([], { keyType: VariantType.INT })],
  ] as [VariantInput][])('3 has no %s', (value) => {
    expect(codeFrom(() => varToBytes(value, { version: 3 }))).toBe('VARIANT_NOT_IN_VERSION')
    expect(codeFrom(() => varToBytes([value] as VariantInput, { version: 3 }))).toBe('VARIANT_NOT_IN_VERSION')
  })
})

describe('options', () => {
  it.each([
    [{ version: 5 }],
    [{ version: 1 }],
    [{ maxBytes: 0 }],
    [{ maxBytes: 2 ** 31 }],
    [{ maxBytes: 0.5 }],
    [{ maxElements: -1 }],
    [{ maxElements: '5' }],
    [{ version: '4' }],
    [{ version: 'constructor' }],
    [{ version: null }],
    [{ maxDepth: 0 }],
    [{ maxDepth: 1025 }],
    [{ maxDepth: 1.5 }],
    [{ maxDepth: Number.NaN }],
  ])('%j is refused by both sides', (options) => {
    expect(codeFrom(() => varToBytes(null, options as never))).toBe('VARIANT_BAD_OPTION')
    expect(codeFrom(() => bytesToVar(new Uint8Array(4), options as never))).toBe('VARIANT_BAD_OPTION')
  })

  it('refuses unknown words', () => {
    expect(codeFrom(() => varToBytes(null, { realSize: 'half' as never }))).toBe('VARIANT_BAD_OPTION')
    expect(codeFrom(() => varToBytes(null, { version: 3, realSize: 'double' }))).toBe('VARIANT_BAD_OPTION')
    expect(codeFrom(() => varToBytes(null, { version: 2, realSize: 'double' }))).toBe('VARIANT_BAD_OPTION')
    expect(codeFrom(() => varToBytes(null, { target: '4.7' as never }))).toBe('VARIANT_BAD_OPTION')
    expect(codeFrom(() => varToBytes(null, { target: 4.1 as never }))).toBe('VARIANT_BAD_OPTION')
    expect(codeFrom(() => varToBytes(null, { version: 3, target: '4.1' }))).toBe('VARIANT_BAD_OPTION')
    expect(codeFrom(() => bytesToVar(new Uint8Array(4), { dictionaryAs: 'map' as never }))).toBe('VARIANT_BAD_OPTION')
  })
})

describe('target', () => {
  const hex = (value: VariantInput, target?: '4.0' | '4.1' | '4.2' | '4.3' | '4.4') =>
    toHex(varToBytes(value, target && { target }))
  const array = new TypedArray(VariantType.INT, [1, 2])
  const dictionary = new Dictionary([['a', 1]], { keyType: VariantType.STRING, valueType: VariantType.INT })

  it('leaves out the type of an Array before 4.2', () => {
    for (const target of ['4.0', '4.1'] as const) expect(hex(array, target)).toBe(hex([1, 2]))
    for (const target of ['4.2', '4.3', '4.4'] as const) expect(hex(array, target)).toBe(hex(array))
    expect(hex(array)).not.toBe(hex([1, 2]))
  })

  it('leaves out the types of a Dictionary before 4.4', () => {
    for (const target of ['4.0', '4.2', '4.3'] as const) expect(hex(dictionary, target)).toBe(hex({ a: 1 }))
    expect(hex(dictionary, '4.4')).toBe(hex(dictionary))
    expect(hex(dictionary)).not.toBe(hex({ a: 1 }))
  })

  it('writes floats as floats without their type too', () => {
    expect(hex(new TypedArray(VariantType.FLOAT, [1]), '4.1')).toBe(hex([float(1)]))
  })

  it('refuses PackedVector4Array before 4.3', () => {
    const packed = new PackedVector4Array([new Vector4(1, 2, 3, 4)])
    expect(codeFrom(() => varToBytes([packed], { target: '4.2' }))).toBe('VARIANT_NOT_IN_VERSION')
    expect(hex(packed, '4.3')).toBe(hex(packed))
  })

  it('refuses what double builds before 4.2 cannot read', () => {
    for (const value of [new Vector4(), new Projection()]) {
      const encode = (target: '4.1' | '4.2') => () => varToBytes(value, { target, realSize: 'double' })
      expect(codeFrom(encode('4.1'))).toBe('VARIANT_NOT_IN_VERSION')
      expect(codeFrom(encode('4.2'))).toBeUndefined()
      expect(codeFrom(() => varToBytes(value, { target: '4.0' }))).toBeUndefined()
    }
  })
})
