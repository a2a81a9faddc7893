// What a person is shown: String(), Node's inspect and console.log, JSON.stringify.
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { bytesToVar, float, GodotFloat, TypedArray, VariantType, varToBytes } from '../../src/variant/index.js'
import {
  Color,
  Dictionary,
  GodotObject,
  jsonOf,
  NodePath,
  PackedStringArray,
  PackedVector2Array,
  RID,
  StringName,
  textOf,
  Vector2,
  Vector2i,
  Vector3,
} from '../../src/variant/values/index.js'
import { exportedClasses, ONE_OF_EACH } from './one-of-each.js'
import { Random } from './random.js'

const plainInspect = (value: unknown, options = {}) => inspect(value, { breakLength: 1000, ...options })

const cases = ONE_OF_EACH.map((one) => [one.type.name, one] as const)

/** A Dictionary that contains itself, directly and by way of an array, a Map and an object. */
function circular(): Dictionary<unknown, unknown> {
  const loop = new Dictionary<unknown, unknown>([['n', 1]])
  return loop
    .set('self', loop)
    .set('list', [loop])
    .set('map', new Map([['m', loop]]))
    .set('object', { o: loop })
}

function nested(levels: number): Dictionary<unknown, unknown> {
  let inner = new Dictionary<unknown, unknown>([['end', 1]])
  for (let i = 1; i < levels; i++) inner = new Dictionary<unknown, unknown>([['in', inner]])
  return inner
}

describe('every class', () => {
  it('has a row in the table', () => {
    expect(exportedClasses().length).toBeGreaterThan(25)
    expect(new Set(exportedClasses())).toEqual(new Set(ONE_OF_EACH.map(({ type }) => type)))
  })

  it.each(cases)('%s says what it is', (_, { value, text, inspected, json }) => {
    expect(String(value)).toBe(text)
    expect(plainInspect(value)).toBe(inspected)
    expect(JSON.parse(JSON.stringify(value))).toEqual(json)
  })

  it.each(cases)('%s is shown by its type’s name where only the tag is asked', (_, { value, type }) => {
    const tag = type === GodotFloat ? 'float' : type.name
    expect(Object.prototype.toString.call(value)).toBe(`[object ${tag}]`)
  })

  it.each(cases)('%s has no property of its own for that', (_, { value }) => {
    const own = Reflect.ownKeys(value)
    expect(own.filter((key) => typeof key === 'symbol')).toEqual([])
    expect(own.filter((key) => typeof value[key as never] === 'function')).toEqual([])
    expect(own).toEqual(Object.keys(value))
  })

  it.each(cases)('%s is shown where nobody passes an inspect function', (_, { value, text }) => {
    const custom = value[inspect.custom as never] as (depth: number, options: object) => unknown
    expect(custom.call(value, 2, {})).toBe(text)
  })

  it.each(cases)('%s is shown at the last level, too', (_, { value, inspected, type, json }) => {
    const shown = plainInspect({ a: value }, { depth: 0 })
    const isContainer = typeof json === 'object'
    expect(shown).toBe(`{ a: ${isContainer ? `[${type.name}]` : inspected} }`)
  })
})

describe('components', () => {
  it.each([
    [Math.fround(0.1), '0.1'],
    [0.1, '0.1'],
    [Math.fround(1 / 3), '0.33333334'],
    [1 / 3, '0.3333333333333333'],
    [2 ** -149, '1e-45'],
    [Math.fround(3.4028234663852886e38), '3.4028235e+38'],
    [16777216, '16777216'],
    [-0, '-0'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ])('%f is %s', (component, text) => {
    expect(String(new Vector2(component, 1))).toBe(`Vector2(${text}, 1)`)
    expect(plainInspect(new Vector2(component, 1))).toBe(`Vector2(${text}, 1)`)
  })

  it('are as short as tells one float32 from another, and no shorter', () => {
    const random = new Random(5)
    const view = new DataView(new ArrayBuffer(4))
    for (let i = 0; i < 5000; i++) {
      view.setUint32(0, random.uint32())
      const value = view.getFloat32(0)
      if (!Number.isFinite(value)) continue
      const text = /\((.*),/.exec(String(new Vector2(value, 0)))![1]!
      expect(Math.fround(Number(text))).toBe(value)
      const digits = text.replace(/e.*|[-.]/g, '').replace(/^0+|0+$/g, '').length
      if (Number.isInteger(value) || digits < 2) continue
      const shorter = Number(value.toPrecision(digits - 1))
      expect(Math.fround(shorter)).not.toBe(value)
    }
  })

  it('of a float stay whole: it is no component', () => {
    expect(String(float(Math.fround(0.1)))).toBe('float(0.10000000149011612)')
    expect(plainInspect(float(Math.fround(0.1)))).toBe('float(0.10000000149011612)')
    expect(textOf(Math.fround(0.1))).toBe('0.10000000149011612')
  })
})

describe('String()', () => {
  it('says of what lies inside which type it is', () => {
    const value = new Dictionary<unknown, unknown>([
      [new StringName('state'), new NodePath('../A')],
      [float(1), 5n],
      [1, [undefined, true, 'say "x"', [], new Dictionary()]],
      ['map', new Map<unknown, unknown>([[new Vector2(1, 2), { plain: new Color() }]])],
      ['typed', new TypedArray(VariantType.INT, [1, 2])],
      ['bytes', new Uint8Array([1, 255])],
      ['floats', new Float32Array([0.1, -0])],
      ['ints', new BigInt64Array([-5n])],
    ])
    expect(String(value)).toBe(
      '{ StringName("state"): NodePath("../A"), float(1): 5, 1: [null, true, "say \\"x\\"", [], {}], ' +
        '"map": { Vector2(1, 2): { "plain": Color(0, 0, 0, 1) } }, "typed": [1, 2], ' +
        '"bytes": PackedByteArray([1, 255]), "floats": PackedFloat32Array([0.1, -0]), "ints": PackedInt64Array([-5]) }',
    )
  })

  it('counts what is beyond 100 items of a packed array', () => {
    const text = String(new PackedStringArray(Array.from({ length: 102 }, (_, i) => `s${i}`)))
    expect(text).toMatch(/^PackedStringArray\(\["s0", .*"s99", \.\.\. 2 more items\]\)$/)
    expect(String(new PackedVector2Array(new Float32Array(202)))).toMatch(/, \.\.\. 1 more item\]\)$/)
    expect(textOf(new Uint8Array(1000))).toMatch(/, \.\.\. 900 more items\]\)$/)
    expect(textOf(new Uint8Array(100))).not.toContain('more')
  })

  it('ends where a value contains itself', () => {
    expect(String(circular())).toBe(
      '{ "n": 1, "self": { ... }, "list": [{ ... }], "map": { "m": { ... } }, "object": { "o": { ... } } }',
    )
    const list: unknown[] = [1]
    list.push(list)
    expect(textOf(list)).toBe('[1, [...]]')
    const properties = new Dictionary<unknown, unknown>()
    const object = new GodotObject('Node', properties)
    properties.set('me', object)
    expect(String(object)).toBe('GodotObject("Node", { "me": GodotObject("Node", { ... }) })')
  })

  it('shows a value twice that is there twice', () => {
    const shared = new Dictionary([['a', 1]])
    expect(textOf([shared, shared])).toBe('[{ "a": 1 }, { "a": 1 }]')
  })

  it('shows a value again after one inside it had thrown', () => {
    let throws = true
    class Moody {
      toString() {
        if (throws) throw new Error('no')
        return 'fine'
      }
    }
    const dictionary = new Dictionary<unknown, unknown>([['m', new Moody()]])
    expect(() => String(dictionary)).toThrow('no')
    throws = false
    expect(String(dictionary)).toBe('{ "m": fine }')
  })

  // 4.6.3: str() shows 101 Dictionaries inside each other, and "{ ... }" in place of the next.
  it('ends where Godot ends', () => {
    expect(String(nested(101))).toContain('"end": 1')
    expect(String(nested(102))).toBe(`${'{ "in": '.repeat(101)}{ ... }${' }'.repeat(101)}`)
    const decoded = bytesToVar(varToBytes(nested(1024)))
    expect(String(decoded)).toBe(String(nested(102)))
  })
})

describe('inspect', () => {
  it('colours what Node colours', () => {
    const shown = plainInspect(new Dictionary<unknown, unknown>([['a', new Vector2(1, 2)]]), { colors: true })
    expect(shown).toBe(
      "Dictionary(1) { \u001b[32m'a'\u001b[39m => Vector2(\u001b[33m1\u001b[39m, \u001b[33m2\u001b[39m) }",
    )
    expect(plainInspect(float(1), { colors: true })).toBe('float(\u001b[33m1\u001b[39m)')
  })

  it('goes as deep as it is told', () => {
    const value = { a: nested(4) }
    expect(plainInspect(value, { depth: 0 })).toBe('{ a: [Dictionary] }')
    expect(plainInspect(value, { depth: 2 })).toBe(
      "{ a: Dictionary(1) { 'in' => Dictionary(1) { 'in' => [Dictionary] } } }",
    )
    expect(plainInspect(value, { depth: null })).toContain("'end' => 1")
    expect(plainInspect(circular(), { depth: 0 })).toContain("'self' => [Circular]")
    expect(plainInspect([[new PackedStringArray(['a'])]], { depth: 1 })).toBe('[ [ [PackedStringArray] ] ]')
    expect(plainInspect({ o: new GodotObject('A', new Dictionary()) }, { depth: 0 })).toBe('{ o: [GodotObject] }')
  })

  it('cuts packed arrays as Node cuts its own', () => {
    const points = new PackedVector2Array(new Float32Array(2_000_000))
    expect(inspect(points).match(/Vector2\(0, 0\)/g)).toHaveLength(100)
    expect(inspect(points)).toMatch(/^PackedVector2Array\(1000000\) \[\n.*\.\.\. 999900 more items\n\]$/s)
    expect(plainInspect(points, { maxArrayLength: 1 })).toBe(
      'PackedVector2Array(1000000) [ Vector2(0, 0), ... 999999 more items ]',
    )
    expect(plainInspect(points, { maxArrayLength: 0 })).toBe('PackedVector2Array(1000000) [ ... 1000000 more items ]')
    const custom = points[inspect.custom as never] as (depth: number, options: object, by: typeof inspect) => string
    expect(custom.call(points, 2, {}, inspect).match(/Vector2\(0, 0\)/g)).toHaveLength(100)
    const all = new PackedStringArray(Array.from({ length: 150 }, () => 'x'))
    expect(plainInspect(all, { maxArrayLength: null }).match(/'x'/g)).toHaveLength(150)
    const many = new Dictionary(Array.from({ length: 150 }, (_, i) => [i, i] as const))
    expect(plainInspect(many)).toMatch(/^Dictionary\(150\) \{.*\.\.\. 50 more items/s)
  })

  it('moves the lines of a long value in to where it stands', () => {
    const dictionary = new Dictionary<unknown, unknown>([
      ['first', 'x'.repeat(40)],
      ['second', 'y'.repeat(40)],
    ])
    expect(inspect({ deep: { dictionary } }, { breakLength: 80 })).toBe(
      [
        '{',
        '  deep: {',
        '    dictionary: Dictionary(2) {',
        `      'first' => '${'x'.repeat(40)}',`,
        `      'second' => '${'y'.repeat(40)}'`,
        '    }',
        '  }',
        '}',
      ].join('\n'),
    )
  })

  it.each([2, null, Number.POSITIVE_INFINITY])('ends where a value contains itself, depth %s', (depth) => {
    const shown = plainInspect(circular(), { depth, compact: true })
    expect(shown).toBe(
      "Dictionary(5) { 'n' => 1, 'self' => [Circular], 'list' => [ [Circular] ], " +
        "'map' => Map(1) { 'm' => [Circular] }, 'object' => { o: [Circular] } }",
    )
    expect(plainInspect([circular()], { depth })).toContain('[Circular]')
  })

  it('ends where Godot ends', () => {
    const shown = plainInspect(bytesToVar(varToBytes(nested(1024))), { depth: null, compact: true })
    expect(shown.replace(/\s+/g, ' ')).toBe(`${"Dictionary(1) { 'in' => ".repeat(101)}[Dictionary]${' }'.repeat(101)}`)
  })
})

describe('JSON.stringify', () => {
  it('takes every int, and says the digits of those that are no JSON number', () => {
    const value = new Dictionary<unknown, unknown>([
      ['id', 76561197960287930n],
      ['small', 5n],
      ['edge', 2n ** 53n - 1n],
      ['list', [2n ** 53n, new RID(7n)]],
      ['packed', new BigInt64Array([1n, -(2n ** 63n)])],
    ])
    expect(JSON.stringify(value)).toBe(
      '{"id":"76561197960287930","small":5,"edge":9007199254740991,' +
        '"list":["9007199254740992","RID(7)"],"packed":[1,"-9223372036854775808"]}',
    )
  })

  it('says what JSON has no word for', () => {
    const value = new Dictionary<unknown, unknown>([
      ['nan', Number.NaN],
      ['inf', float(Number.POSITIVE_INFINITY)],
      ['undefined', undefined],
      ['bytes', new Uint8Array([1, 2])],
      ['buffer', Buffer.from([3])],
      ['map', new Map<unknown, unknown>([[new Vector2i(1, 2), new Set([1])]])],
      ['plain', { a: new Vector3(1, 2, 3), b: undefined }],
      ['function', [Symbol('x')]],
      ['date', new Date(0)],
    ])
    expect(JSON.parse(JSON.stringify(value))).toEqual({
      nan: 'NaN',
      inf: 'Infinity',
      undefined: null,
      bytes: [1, 2],
      buffer: [3],
      map: { 'Vector2i(1, 2)': '[object Set]' },
      plain: { a: 'Vector3(1, 2, 3)', b: null },
      function: ['Symbol(x)'],
      date: '1970-01-01T00:00:00.000Z',
    })
  })

  it('loses no entry where two keys have one text', () => {
    const value = new Dictionary<unknown, unknown>([
      [1, 'int'],
      ['1', 'String'],
      [float(1), 'float'],
    ])
    expect(JSON.stringify(value)).toBe('[[1,"int"],["1","String"],[1,"float"]]')
    value.delete('1')
    expect(JSON.stringify(value)).toBe('{"1":"int","float(1)":"float"}')
  })

  it('takes any key', () => {
    const bare: unknown = Object.create(null)
    const value = new Dictionary<unknown, unknown>([
      [[1, 'a', bare], 1],
      [new NodePath('a:b'), 2],
      [null, 3],
      [[new NodePath('a:b')], 4],
    ])
    expect(JSON.stringify(value)).toBe('{"[1, \\"a\\", {}]":1,"a:b":2,"null":3,"[NodePath(\\"a:b\\")]":4}')
  })

  it('takes __proto__ for a key like any other', () => {
    const value = new Dictionary<unknown, unknown>([['__proto__', { polluted: true }]])
    expect(JSON.stringify(value)).toBe('{"__proto__":{"polluted":true}}')
    expect(Object.getPrototypeOf(value.toJSON())).toBe(null)
  })

  it('ends where a value contains itself, and where Godot ends', () => {
    expect(JSON.parse(JSON.stringify(circular()))).toEqual({
      n: 1,
      self: '{ ... }',
      list: ['{ ... }'],
      map: { m: '{ ... }' },
      object: { o: '{ ... }' },
    })
    expect(JSON.stringify(nested(101))).toContain('{"end":1}')
    expect(JSON.stringify(bytesToVar(varToBytes(nested(1024))))).toContain('{"in":"{ ... }"}')
  })

  it('writes packed arrays whole', () => {
    expect(jsonOf(new PackedVector2Array(new Float32Array(400)))).toHaveLength(200)
    expect(jsonOf(new Float64Array(200))).toHaveLength(200)
  })
})
