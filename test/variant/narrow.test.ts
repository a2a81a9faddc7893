// Which type a value is, asked of anything: values of this copy of the package and of another, and what pretends to be one.
import { runInNewContext } from 'node:vm'
import { describe, expect, it, vi } from 'vitest'
import {
  TypedArray,
  VARIANT_TYPE_NAMES,
  VariantType,
  varToBytes,
  varToBytesWithObjects,
} from '../../src/variant/index.js'
import * as narrow from '../../src/variant/narrow.js'
import * as values from '../../src/variant/values/index.js'
import { Brand, GodotObject, Vector3 } from '../../src/variant/values/index.js'
import { ONE_OF_EACH } from './one-of-each.js'
import { Random, RandomValues } from './random.js'

const { typeOf, isVector3, isDictionary, isTypedArray, isGodotObject, isEncodedObjectAsID } = narrow

/** Each guard under the name of its class. */
const GUARDS = new Map(
  Object.entries(narrow)
    .filter(([name]) => name.startsWith('is'))
    .map(([name, guard]) => [name.slice(2), guard as (value: unknown) => boolean]),
)

/** One value of each class, and a TypedArray, which is no class of GodotValue. */
const VALUES: readonly (readonly [string, object])[] = [
  ...ONE_OF_EACH.map(({ type, value }) => [type.name, value] as const),
  ['TypedArray', new TypedArray(VariantType.INT, [1])],
]

function throwing(): never {
  throw new Error('hands off')
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

/** What is no value of Godot's classes, however much it looks like one. */
const STRANGERS: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['undefined', undefined],
  ['a number', 1],
  ['a text', 'Vector3(1, 2, 3)'],
  ['a symbol', Symbol('x')],
  ['a function', () => 1],
  ['a class', Vector3],
  ['a plain object', { x: 1, y: 2, z: 3 }],
  ['an object without a prototype', Object.assign(Object.create(null), { x: 1, y: 2, z: 3 })],
  ['an object with the fields of an Object', { objectId: 5n, className: 'Node', elementType: 2 }],
  ['an object that has the brand itself', { [Brand.TYPE]: VariantType.VECTOR3, x: 1, y: 2, z: 3 }],
  ['a function that has the brand', Object.assign(() => 1, { [Brand.TYPE]: VariantType.VECTOR3 })],
  ['a proxy that has an answer to everything', new Proxy({}, { get: () => VariantType.VECTOR3, has: () => true })],
  ['a proxy that throws', new Proxy({}, { get: throwing, has: throwing, getPrototypeOf: throwing })],
  ['a proxy that was revoked', revoked()],
  ['an object whose brand throws', Object.create(Object.defineProperty({}, Brand.TYPE, { get: throwing }))],
  ['the prototype of a class', Vector3.prototype],
  ['a Date', new Date()],
  ['an array', [1, 2, 3]],
  ['an array with an element type', Object.assign([], { elementType: VariantType.INT })],
  ['bytes', new Uint8Array(3)],
]

describe('each guard', () => {
  it('belongs to a class, and each class has one', () => {
    expect([...GUARDS.keys()].sort()).toEqual(VALUES.map(([name]) => name).sort())
  })

  it.each(VALUES)('for %s says yes to that and to nothing else', (name, value) => {
    const yes = [...GUARDS].filter(([, guard]) => guard(value)).map(([of]) => of)
    expect(yes).toEqual([name])
  })

  it.each(STRANGERS)('says no to %s', (_, value) => {
    const yes = [...GUARDS].filter(([, guard]) => guard(value)).map(([of]) => of)
    expect(yes).toEqual([])
  })

  it.each(VALUES)('knows a %s behind a proxy, as state libraries make them, and of a subclass', (name, value) => {
    const sub = Object.setPrototypeOf(
      Object.assign(new (class {})(), value),
      Object.create(Object.getPrototypeOf(value)),
    )
    if (name === 'TypedArray') Object.defineProperty(sub, 'elementType', { value: VariantType.INT })
    expect([GUARDS.get(name)!(new Proxy(value, {})), GUARDS.get(name)!(sub)]).toEqual([true, true])
  })
})

describe('another copy of the package', () => {
  it('has classes of its own, whose values are known', async () => {
    vi.resetModules()
    const copy: typeof values = await import('../../src/variant/values/index.js')
    expect(copy.Vector3).not.toBe(Vector3)
    const foreign = new copy.Vector3(1, 2, 3)
    expect(foreign instanceof Vector3).toBe(false)
    expect(isVector3(foreign)).toBe(true)
    expect(isDictionary(new copy.Dictionary())).toBe(true)
    expect(isTypedArray(new copy.TypedArray(VariantType.INT))).toBe(true)
    const object = new copy.GodotObject('Node', new copy.Dictionary())
    expect([isGodotObject(object), isEncodedObjectAsID(object)]).toEqual([true, false])
    const mixed = new values.Dictionary<unknown, unknown>([['v', [foreign, new copy.StringName('n')]]])
    expect(String(mixed)).toBe('{ "v": [Vector3(1, 2, 3), StringName("n")] }')
    expect(JSON.stringify(mixed)).toBe('{"v":["Vector3(1, 2, 3)","n"]}')
    const outer = new copy.Dictionary<unknown, unknown>([['inner', mixed]])
    mixed.set('outer', outer)
    expect(String(mixed)).toContain('"outer": { "inner": { ... } }')
  })
})

/** The type in the header that the encoder wrote, or undefined where it refused the value. */
function writtenType(value: unknown): number | undefined {
  try {
    return varToBytesWithObjects(value as never)[0]
  } catch {
    return undefined
  }
}

describe('typeOf', () => {
  it.each(VALUES)('says of a %s what the encoder writes', (name, value) => {
    // Godot 4 has no bytes for what only Godot 2 sends by value.
    expect(typeOf(value) === undefined).toBe(name === 'Image' || name === 'InputEvent')
    expect(typeOf(value)).toBe(writtenType(value))
  })

  it.each([
    ...[null, undefined, true, 0, -0, 1.5, 2 ** 53 - 1, 2 ** 53, Number.NaN, 5n, 2n ** 63n - 1n, -(2n ** 63n), '', 'a'],
    ...[[], {}, Object.create(null), new Map(), new Uint8Array(1), Buffer.from([1]), new Int32Array(1)],
    ...[new BigInt64Array(1), new Float32Array(1), new Float64Array(1), runInNewContext('({ a: [1] })')],
    ...[runInNewContext('new Uint8Array(1)'), runInNewContext('[1]'), new Proxy([1], {}), new Proxy({ a: 1 }, {})],
  ])('says of %o what the encoder writes', (value) => {
    expect(typeOf(value)).toBeDefined()
    expect(typeOf(value)).toBe(writtenType(value))
  })

  it.each([
    ...[
      2n ** 63n,
      -(2n ** 63n) - 1n,
      () => 1,
      Symbol('x'),
      new Date(),
      new Set(),
      /x/,
      new Error('x'),
      Promise.resolve(),
    ],
    ...[new Int8Array(1), new Uint16Array(1), new Uint8ClampedArray(1), new BigUint64Array(1), new ArrayBuffer(1)],
    ...[new DataView(new ArrayBuffer(1)), new (class Player {})(), Object('text'), Object(1n), new WeakMap()],
  ])('says undefined of %o, which the encoder refuses', (value) => {
    expect(typeOf(value)).toBeUndefined()
    expect(writtenType(value)).toBeUndefined()
  })

  it.each(STRANGERS)('does not throw for %s', (_, value) => {
    expect(typeOf(value)).toBe(writtenType(value))
  })

  it('agrees with the encoder on random values of every type', () => {
    const make = new RandomValues(new Random(11), { version: 4 })
    const seen = new Set<unknown>()
    for (let i = 0; i < 5000; i++) {
      const value = make.of(make.types[i % make.types.length]!, 2)
      seen.add(typeOf(value))
      if (typeOf(value) !== writtenType(value)) expect.fail(`${String(value)}: ${typeOf(value)}`)
    }
    expect(seen.size).toBe(VARIANT_TYPE_NAMES.length)
  })

  it('says OBJECT of a full Object, which only one of the two writes', () => {
    const object = new GodotObject('Node', new values.Dictionary())
    expect(typeOf(object)).toBe(VariantType.OBJECT)
    expect(() => varToBytes(object)).toThrow(/VARIANT_OBJECT_NOT_ALLOWED/)
  })
})
