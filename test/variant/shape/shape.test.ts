// What fits a shape and what does not, field by field, when it is written and when it is read.
import { describe, expect, it } from 'vitest'
import { GodotWireError } from '../../../src/errors.js'
import {
  AABB,
  arrayOf,
  between,
  bool,
  bytesToVar,
  Color,
  Dictionary,
  dictionaryOf,
  EncodedObjectAsID,
  type Field,
  finite,
  float,
  GodotObject,
  int,
  int64,
  isGodotFloat,
  lazy,
  literal,
  nullable,
  number,
  optional,
  PackedVector2Array,
  refine,
  StringName,
  shape,
  sized,
  string,
  TypedArray,
  tupleOf,
  unionOf,
  type VariantInput,
  VariantType,
  Vector2,
  Vector2i,
  Vector3,
  variant,
  varToBytes,
} from '../../../src/variant/index.js'
import { toHex } from '../hex.js'

const State = shape({
  id: int,
  pos: Vector3,
  hp: float,
  name: string,
  inv: arrayOf(int),
  team: optional(string),
  gear: shape({ head: nullable(int), worn: bool }),
})

const state = {
  id: 7,
  pos: new Vector3(1, 2, 3),
  hp: 100,
  name: 'Ada',
  inv: [1, 2],
  gear: { head: null, worn: true },
}

/** What is wrong, in short. */
function wrong(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    expect(error).toBeInstanceOf(GodotWireError)
    const { code, path } = error as GodotWireError
    return path === undefined ? code : `${code} ${path}`
  }
  return 'nothing'
}

type Any = Field<unknown, never>

/** Bytes of any value, read by a shape. */
const reading = (field: Any, value: unknown) => wrong(() => field.decode(varToBytes(value as VariantInput)))
const writing = (field: Any, value: unknown) => wrong(() => field.encode(value as never))

describe('a shape', () => {
  it('writes the Dictionary in its own order, and reads it', () => {
    const { gear, ...rest } = state
    const expected = varToBytes({ ...rest, hp: float(100), team: 'red', gear })
    expect(toHex(State.encode({ team: 'red', ...state }))).toBe(toHex(expected))
    expect({ ...State.decode(expected) }).toEqual({ ...state, team: 'red' })
    expect(Object.keys(State.decode(State.encode(state)))).toEqual(['id', 'pos', 'hp', 'name', 'inv', 'gear'])
  })

  it('reads the typed forms of Godot 4 and StringName keys', () => {
    const typed = new Dictionary<unknown, unknown>([], { keyType: VariantType.STRING_NAME })
    for (const [key, value] of Object.entries({ ...state, hp: float(100) })) typed.set(new StringName(key), value)
    typed.set(new StringName('inv'), new TypedArray(VariantType.INT, [1, 2]))
    expect({ ...State.decode(varToBytes(typed)) }).toEqual(state)
  })

  it('refuses containers that say one type and hold another', () => {
    const bytes = varToBytes(new TypedArray(VariantType.INT, [1, 2]))
    bytes[4] = VariantType.FLOAT
    expect(wrong(() => arrayOf(int).decode(bytes))).toBe('VARIANT_SHAPE_TYPE $[0]')
    expect(wrong(() => arrayOf(number).decode(bytes))).toBe('VARIANT_SHAPE_TYPE $[0]')
  })

  it.each([
    ['id', 'x', 'VARIANT_SHAPE_TYPE $.id'],
    ['id', 1.5, 'VARIANT_SHAPE_TYPE $.id'],
    ['id', undefined, 'VARIANT_SHAPE_TYPE $.id'],
    ['id', 2n ** 53n, 'VARIANT_SHAPE_RANGE $.id'],
    ['pos', new Vector2(1, 2), 'VARIANT_SHAPE_TYPE $.pos'],
    ['hp', 5, 'VARIANT_SHAPE_TYPE $.hp'],
    ['name', new StringName('Ada'), 'VARIANT_SHAPE_TYPE $.name'],
    ['inv', [1, 'x'], 'VARIANT_SHAPE_TYPE $.inv[1]'],
    ['inv', new Int32Array(1), 'VARIANT_SHAPE_TYPE $.inv'],
    ['team', null, 'VARIANT_SHAPE_TYPE $.team'],
    ['gear', { head: true, worn: true }, 'VARIANT_SHAPE_TYPE $.gear.head'],
    ['gear', { head: 1 }, 'VARIANT_SHAPE_MISSING $.gear.worn'],
    ['gear', null, 'VARIANT_SHAPE_TYPE $.gear'],
    ['more', 1, 'VARIANT_SHAPE_UNKNOWN $.more'],
  ])('refuses %s of %s when it reads', (key, value, problem) => {
    expect(reading(State, { ...state, hp: float(100), [key]: value })).toBe(problem)
  })

  it.each([
    ['id', 'x', 'VARIANT_SHAPE_TYPE $.id'],
    ['id', 1.5, 'VARIANT_SHAPE_TYPE $.id'],
    ['id', undefined, 'VARIANT_SHAPE_MISSING $.id'],
    ['id', 2 ** 53, 'VARIANT_SHAPE_TYPE $.id'],
    ['id', Number.NaN, 'VARIANT_SHAPE_TYPE $.id'],
    ['pos', { x: 1, y: 2, z: 3 }, 'VARIANT_SHAPE_TYPE $.pos'],
    ['pos', null, 'VARIANT_SHAPE_TYPE $.pos'],
    ['pos', new Vector3('1x' as never), 'VARIANT_UNSUPPORTED $.pos'],
    ['hp', '5', 'VARIANT_SHAPE_TYPE $.hp'],
    ['name', 5, 'VARIANT_SHAPE_TYPE $.name'],
    ['inv', [1, 'x'], 'VARIANT_SHAPE_TYPE $.inv[1]'],
    ['inv', new Array(1), 'VARIANT_SHAPE_TYPE $.inv[0]'],
    ['team', null, 'VARIANT_SHAPE_TYPE $.team'],
    ['gear', { head: 1 }, 'VARIANT_SHAPE_MISSING $.gear.worn'],
    ['gear', 'x', 'VARIANT_SHAPE_TYPE $.gear'],
  ])('refuses %s of %s when it writes', (key, value, problem) => {
    expect(writing(State, { ...state, [key]: value })).toBe(problem)
  })

  it('names what is missing, and what comes twice', () => {
    expect(reading(State, {})).toBe('VARIANT_SHAPE_MISSING $.id')
    const twice = new Dictionary<unknown, unknown>([
      ['a', 1],
      ['b', 2],
    ])
    const bytes = varToBytes(twice)
    bytes[bytes.length - 12] = 'a'.charCodeAt(0)
    expect(wrong(() => shape({ a: int, b: int }).decode(bytes))).toBe('VARIANT_SHAPE_DUPLICATE $.a')
    expect(wrong(() => dictionaryOf(string, int).decode(bytes))).toBe('VARIANT_SHAPE_DUPLICATE $.a')
    expect(wrong(() => shape({ b: int }, { unknown: 'keep' }).decode(bytes))).toBe('VARIANT_SHAPE_DUPLICATE $.a')
  })

  it('takes objects that have more, getters and instances too, and writes none of it', () => {
    class Player {
      readonly secret = 'key'
      get id() {
        return 7
      }
    }
    expect(toHex(shape({ id: int }).encode(new Player()))).toBe(toHex(varToBytes({ id: 7 })))
  })

  it('says what it knows of an error', () => {
    const result = State.safeDecode(varToBytes({ id: 'x' }))
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'VARIANT_SHAPE_TYPE', facts: { expected: 'int', found: 'String' }, path: '$.id', offset: 20 },
    })
    expect(() => State.decode(new Uint8Array([4]))).toThrow('VARIANT_TRUNCATED')
    expect(() => State.decode('x' as never)).toThrow('VARIANT_UNSUPPORTED')
    expect(() => State.decode(new Uint8Array(8), { exact: true } as never)).toThrow('VARIANT_BAD_OPTION')
    expect(() => State.safeDecode(new Uint8Array(8), { version: 5 as never })).toThrow('VARIANT_BAD_OPTION')
  })

  it('works again after errors, and while another one works', () => {
    const Outer = shape({
      all: refine(variant, () => State.decode(State.encode(state)).id === 7),
      inner: shape({ a: int, b: refine(int, (b) => State.safeDecode(new Uint8Array(4)).ok || b === 2) }),
    })
    const bytes = Outer.encode({ all: 'x', inner: { a: 1, b: 2 } })
    expect(wrong(() => State.encode({} as never))).toBe('VARIANT_SHAPE_MISSING $.id')
    expect(Outer.decode(bytes).inner.b).toBe(2)
    expect({ ...State.decode(State.encode(state)) }).toEqual(state)
  })

  it('hands out memory of its own, or a view until it writes again', () => {
    const [bytes, view] = [State.encode(state), State.encodeView(state)]
    expect(bytes.buffer.byteLength).toBe(bytes.length)
    State.encodeView({ ...state, id: 8 })
    expect(State.decode(bytes).id).toBe(7)
    expect(State.decode(view).id).toBe(8)
  })
})

describe('keys that a shape has no field for', () => {
  const bytes = varToBytes({ id: 1, more: [new Vector2(1, 2)], ['__proto__']: { polluted: true } } as never)
  const withProto = varToBytes(
    new Map<unknown, unknown>([
      ['id', 1],
      ['__proto__', { polluted: true }],
      ['more', 5],
    ]),
  )

  it('are refused, left out, or kept and written again', () => {
    expect(wrong(() => shape({ id: int }).decode(bytes))).toBe('VARIANT_SHAPE_UNKNOWN $.more')
    expect({ ...shape({ id: int }, { unknown: 'skip' }).decode(withProto) }).toEqual({ id: 1 })
    const Keep = shape({ id: int }, { unknown: 'keep' })
    const kept = Keep.decode(withProto)
    expect(Object.keys(kept)).toEqual(['id', '__proto__', 'more'])
    expect(Object.getPrototypeOf(Object.getPrototypeOf(kept))).toBeNull()
    expect('polluted' in kept).toBe(false)
    expect(toHex(Keep.encode(kept))).toBe(toHex(withProto))
  })

  it('are texts, or are left out', () => {
    const odd = varToBytes(
      new Map<unknown, unknown>([
        ['id', 1],
        [new Vector2i(1, 2), 'x'],
      ]),
    )
    expect({ ...shape({ id: int }, { unknown: 'skip' }).decode(odd) }).toEqual({ id: 1 })
    for (const unknown of ['refuse', 'keep'] as const) {
      expect(wrong(() => shape({ id: int }, { unknown }).decode(odd))).toBe('VARIANT_SHAPE_UNKNOWN $[Vector2i(1, 2)]')
    }
  })

  it('may have the names of what every object has', () => {
    const Odd = shape({ ['__proto__']: optional(int), constructor: optional(string), toString: optional(int), a: int })
    expect(Object.keys(Odd.decode(Odd.encode({ a: 1 } as never)))).toEqual(['a'])
    const own = Object.assign(Object.create(null), { a: 1, constructor: 'x', toString: 5 })
    expect(toHex(Odd.encode(own))).toBe(toHex(varToBytes({ constructor: 'x', toString: 5, a: 1 } as never)))
  })
})

describe('keys', () => {
  it.each(['a', 'four', 'fiver', 'twelve chars', 'x'.repeat(16), 'x'.repeat(17), 'größe'])(
    '%s is another one when a bit of it is',
    (key) => {
      const One = shape({ [key]: int })
      const bytes = One.encode({ [key]: 5 })
      expect(One.decode(bytes)[key]).toBe(5)
      const length = bytes[12]!
      for (let bit = 0; bit < 8 * length; bit++) {
        const changed = bytes.slice()
        changed[16 + (bit >> 3)]! ^= 1 << (bit & 7)
        expect(One.safeDecode(changed).ok, `bit ${bit}`).toBe(false)
      }
    },
  )
})

describe('optional fields', () => {
  const Settings = shape({ a: optional(int), b: optional(string, 'none'), c: optional(nullable(int)) })

  it('may be missing, and then have what stands in for them', () => {
    expect({ ...Settings.decode(varToBytes({})) }).toEqual({ b: 'none' })
    expect({ ...Settings.decode(varToBytes({ c: null, a: 1 })) }).toEqual({ a: 1, b: 'none', c: null })
    expect(toHex(Settings.encode({}))).toBe(toHex(varToBytes({})))
    expect(toHex(Settings.encode({ a: undefined, c: null }))).toBe(toHex(varToBytes({ c: null })))
  })

  it('are found behind others', () => {
    expect({ ...Settings.decode(varToBytes({ b: 'x', a: 1 })) }).toEqual({ a: 1, b: 'x' })
  })
})

describe('numbers', () => {
  it('are ints or floats, as the field says', () => {
    expect(toHex(float2.encode([5]))).toBe(toHex(varToBytes([float(5)])))
    expect(toHex(float2.encode([float(5)]))).toBe(toHex(varToBytes([float(5)])))
    expect(toHex(arrayOf(int).encode([-0]))).toBe(toHex(varToBytes([0])))
    expect(toHex(arrayOf(number).encode([5, 5.5, -0]))).toBe(toHex(varToBytes([5, 5.5, -0])))
    expect(arrayOf(number).decode(varToBytes([5, 5.5]))).toEqual([5, 5.5])
    expect(float2.decode(varToBytes([float(5), Number.NaN]))).toEqual([5, Number.NaN])
    expect(isGodotFloat(float2.decode(varToBytes([float(5)]))[0])).toBe(false)
  })

  it('of 64 bits are bigints', () => {
    expect(int64.decode(varToBytes(5))).toBe(5n)
    expect(int64.decode(int64.encode(-(2n ** 63n)))).toBe(-(2n ** 63n))
    expect(toHex(int64.encode(5))).toBe(toHex(varToBytes(5)))
    expect(writing(int64, 2n ** 63n)).toBe('VARIANT_SHAPE_RANGE')
    expect(writing(int64, 0.5)).toBe('VARIANT_SHAPE_TYPE')
  })

  const float2 = arrayOf(float)

  it.each([
    [between(int, 0, 10), [0, 10], [-1, 11, 2 ** 40]],
    [between(int64, -5n, 2n ** 60n), [-5n, 2n ** 60n], [-6n, 2n ** 62n]],
    [between(float, -1, 1), [float(-1), float(1), 0.5], [float(2), -1.01, Number.NaN, Number.POSITIVE_INFINITY]],
    [between(number, 0, 10), [0, 9.5], [-1, 10.5, Number.NaN]],
    [finite(float), [0.1, float(1e300)], [Number.NaN, Number.NEGATIVE_INFINITY]],
    [between(Vector3, -1, 1), [new Vector3(1, -1, 0)], [new Vector3(0, 0, 2), new Vector3(Number.NaN, 0, 0)]],
    [
      finite(AABB),
      [new AABB()],
      [new AABB(new Vector3(0, Number.NaN, 0)), new AABB(undefined, new Vector3(1, 1, 1 / 0))],
    ],
    [between(Int32Array, 0, 9), [new Int32Array([0, 9])], [new Int32Array([0, 10])]],
    [between(BigInt64Array, 0, 9), [new BigInt64Array([9n])], [new BigInt64Array([10n])]],
    [
      finite(PackedVector2Array),
      [new PackedVector2Array(new Float32Array(4))],
      [new PackedVector2Array(new Float32Array([0, Number.NaN]))],
    ],
  ] as [Any, unknown[], unknown[]][])('stay in their range (%#)', (field, fine, bad) => {
    // Inside a shape and inside an Array: fields and elements have loops of their own.
    for (const value of fine) {
      expect(reading(field, value)).toBe('nothing')
      expect(writing(field, value)).toBe('nothing')
      expect(reading(shape({ a: field }) as Any, { a: value })).toBe('nothing')
    }
    for (const value of bad) {
      expect(reading(field, value)).toBe('VARIANT_SHAPE_RANGE')
      expect(writing(field, value)).toBe('VARIANT_SHAPE_RANGE')
      expect(reading(shape({ a: field }) as Any, { a: value })).toBe('VARIANT_SHAPE_RANGE $.a')
      expect(writing(shape({ a: field }) as Any, { a: value })).toBe('VARIANT_SHAPE_RANGE $.a')
      expect(reading(arrayOf(field) as Any, [value])).toBe('VARIANT_SHAPE_RANGE $[0]')
      expect(writing(arrayOf(field) as Any, [value])).toBe('VARIANT_SHAPE_RANGE $[0]')
    }
  })
})

describe('sizes', () => {
  it.each([
    [sized(string, 2, 4), ['ab', 'äöüß'], ['a', 'abcde', 'x'.repeat(5000)]],
    [sized(StringName, 2), [new StringName('ab')], [new StringName('abc')]],
    [sized(arrayOf(int), 2), [[], [1, 2]], [[1, 2, 3]]],
    [
      sized(dictionaryOf(string, int), 1, 1),
      [new Map([['a', 1]])],
      [
        new Map(),
        new Map([
          ['a', 1],
          ['b', 2],
        ]),
      ],
    ],
    [sized(Uint8Array, 3), [new Uint8Array(3)], [new Uint8Array(4)]],
    [
      sized(PackedVector2Array, 1),
      [new PackedVector2Array(new Float32Array(2))],
      [new PackedVector2Array(new Float32Array(4))],
    ],
    [nullable(sized(string, 2)), [null, 'ab'], ['abc']],
    [sized(nullable(string), 2), [null, 'ab'], ['abc']],
  ] as [Any, unknown[], unknown[]][])('are kept (%#)', (field, fine, bad) => {
    const Around = shape({ a: field }) as Any
    for (const value of fine) {
      expect(reading(field, value)).toBe('nothing')
      expect(writing(field, value)).toBe('nothing')
      expect(reading(Around, { a: value })).toBe('nothing')
    }
    for (const value of bad) {
      expect(reading(field, value)).toBe('VARIANT_SHAPE_SIZE')
      expect(writing(field, value)).toBe('VARIANT_SHAPE_SIZE')
      expect(reading(Around, { a: value })).toBe('VARIANT_SHAPE_SIZE $.a')
      expect(writing(Around, { a: value })).toBe('VARIANT_SHAPE_SIZE $.a')
    }
  })

  it('are looked at before anything is read', () => {
    const huge = new Uint8Array(4 * 1000)
    new DataView(huge.buffer).setInt32(0, VariantType.ARRAY, true)
    new DataView(huge.buffer).setInt32(4, 900, true)
    expect(wrong(() => sized(arrayOf(int), 10).decode(huge))).toBe('VARIANT_SHAPE_SIZE')
  })
})

describe('literals', () => {
  const Mode = literal('walk', 'run', 3, null, true, 0.5)

  it('are one of a few values', () => {
    for (const value of ['walk', 'run', 3, null, true, 0.5] as const) {
      expect(Mode.decode(Mode.encode(value))).toBe(value)
      expect(toHex(Mode.encode(value))).toBe(toHex(varToBytes(value)))
    }
    for (const value of ['walks', '', 4, 0, false, 0.25]) {
      expect(reading(Mode, value)).toBe('VARIANT_SHAPE_VALUE')
      expect(writing(Mode, value)).toBe('VARIANT_SHAPE_VALUE')
    }
    expect(reading(Mode, float(3))).toBe('VARIANT_SHAPE_VALUE')
    expect(reading(literal('a'), 5)).toBe('VARIANT_SHAPE_TYPE')
    expect(reading(literal(5), 2n ** 60n)).toBe('VARIANT_SHAPE_VALUE')
    expect(wrong(() => literal('a').decode(varToBytes('x'.repeat(100_000))))).toBe('VARIANT_SHAPE_VALUE')
  })

  it('say in short what they are not', () => {
    const result = literal('a').safeDecode(varToBytes('x'.repeat(100_000)))
    expect(!result.ok && result.error.message.length).toBeLessThan(200)
  })
})

describe('containers', () => {
  it('are typed on demand', () => {
    const ints = arrayOf(int, { typed: true })
    expect(toHex(ints.encode([1, 2]))).toBe(toHex(varToBytes(new TypedArray(VariantType.INT, [1, 2]))))
    expect(ints.decode(varToBytes([1, 2]))).toEqual([1, 2])
    expect(toHex(ints.encode([1], { target: '4.1' }))).toBe(toHex(varToBytes([1])))
    expect(wrong(() => ints.encode([1], { version: 3 }))).toBe('VARIANT_NOT_IN_VERSION')
    const scores = dictionaryOf(string, int, { typed: true })
    const types = { keyType: VariantType.STRING, valueType: VariantType.INT }
    expect(toHex(scores.encode({ ada: 3 }))).toBe(toHex(varToBytes(new Dictionary([['ada', 3]], types))))
    expect(toHex(scores.encode({ ada: 3 }, { target: '4.3' }))).toBe(toHex(varToBytes({ ada: 3 })))
    const ids = arrayOf(EncodedObjectAsID, { typed: true })
    const elementType = { className: 'EncodedObjectAsID' }
    expect(toHex(ids.encode([new EncodedObjectAsID(5n)]))).toBe(
      toHex(varToBytes(new TypedArray(elementType, [new EncodedObjectAsID(5n)]))),
    )
  })

  it('are Dictionaries with any keys', () => {
    const Walls = dictionaryOf(Vector2i, string)
    const walls = Walls.decode(Walls.encode(new Dictionary([[new Vector2i(1, 2), 'stone']])))
    expect(walls.get(new Vector2i(1, 2))).toBe('stone')
    expect(
      dictionaryOf(string, int)
        .decode(varToBytes({ ['__proto__']: 1, a: 1 }))
        .get('a'),
    ).toBe(1)
    expect(reading(dictionaryOf(string, int), { a: 'x' })).toBe('VARIANT_SHAPE_TYPE $.a')
    expect(reading(dictionaryOf(int, int), { a: 1 })).toBe('VARIANT_SHAPE_TYPE $<key 0>')
    expect(writing(dictionaryOf(string, int), { a: 'x' })).toBe('VARIANT_SHAPE_TYPE $.a')
    expect(writing(dictionaryOf(int, int), new Map([['a', 1]]))).toBe('VARIANT_SHAPE_TYPE $<key 0>')
    expect(writing(dictionaryOf(string, int), [])).toBe('VARIANT_SHAPE_TYPE')
    expect(writing(dictionaryOf(string, int), new Date())).toBe('VARIANT_SHAPE_TYPE')
  })

  it('are tuples', () => {
    const Call = tupleOf(string, Color, int)
    expect(Call.decode(Call.encode(['paint', new Color(1), 5]))).toEqual(['paint', new Color(1), 5])
    expect(reading(Call, ['paint', new Color()])).toBe('VARIANT_SHAPE_SIZE')
    expect(writing(Call, ['paint', new Color()])).toBe('VARIANT_SHAPE_SIZE')
    expect(reading(Call, ['paint', 1, 1])).toBe('VARIANT_SHAPE_TYPE $[1]')
    expect(writing(Call, ['paint', 1, 1])).toBe('VARIANT_SHAPE_TYPE $[1]')
  })

  it('may contain themselves', () => {
    interface Item {
      id: number
      parts: Item[]
    }
    const Item: Field<Item> = shape({ id: int, parts: arrayOf(lazy(() => Item)) })
    const item = {
      id: 1,
      parts: [
        { id: 2, parts: [] },
        { id: 3, parts: [{ id: 4, parts: [] }] },
      ],
    }
    expect(Item.decode(Item.encode(item)).parts[1]!.parts[0]!.id).toBe(4)
    expect(reading(Item, { id: 1, parts: [{ id: 2, parts: [5] }] })).toBe('VARIANT_SHAPE_TYPE $.parts[0].parts[0]')
    const loop: Item = { id: 1, parts: [] }
    loop.parts.push(loop)
    expect(writing(Item, loop)).toMatch(/^VARIANT_CYCLE \$/)
  })

  it('may be null where they are nullable, and Objects without an id are', () => {
    const Maybe = nullable(EncodedObjectAsID)
    expect(Maybe.decode(varToBytes(null))).toBeNull()
    expect(Maybe.decode(varToBytes(new EncodedObjectAsID(0n)))).toBeNull()
    expect(reading(arrayOf(EncodedObjectAsID), [new EncodedObjectAsID(0n)])).toBe('VARIANT_SHAPE_TYPE $[0]')
    expect(writing(arrayOf(EncodedObjectAsID), [new GodotObject('A', new Dictionary())])).toBe(
      'VARIANT_SHAPE_TYPE $[0]',
    )
  })
})

describe('unions', () => {
  const Message = unionOf('type', {
    move: shape({ to: Vector3 }),
    chat: shape({ text: sized(string, 20) }),
  })

  it('are told apart by their tag, wherever it stands', () => {
    const chat = { type: 'chat', text: 'hi' } as const
    expect(toHex(Message.encode({ text: 'hi', type: 'chat' }))).toBe(toHex(varToBytes(chat)))
    expect({ ...Message.decode(varToBytes({ text: 'hi', type: 'chat' })) }).toEqual(chat)
    expect({
      ...Message.decode(
        varToBytes(
          new Map([
            [new StringName('type'), 'chat'],
            [new StringName('text'), 'hi'],
          ]),
        ),
      ),
    }).toEqual(chat)
  })

  it('refuse other tags and other fields', () => {
    expect(reading(Message, { type: 'fly', to: 1 })).toBe('VARIANT_SHAPE_VALUE $.type')
    expect(reading(Message, { type: 5 })).toBe('VARIANT_SHAPE_TYPE $.type')
    expect(reading(Message, { to: 5 })).toBe('VARIANT_SHAPE_MISSING $.type')
    expect(reading(Message, { type: 'chat', to: new Vector3() })).toBe('VARIANT_SHAPE_UNKNOWN $.to')
    expect(reading(Message, [])).toBe('VARIANT_SHAPE_TYPE')
    expect(writing(Message, { type: 'fly' })).toBe('VARIANT_SHAPE_VALUE $.type')
    expect(writing(Message, {})).toBe('VARIANT_SHAPE_MISSING $.type')
    expect(writing(Message, null)).toBe('VARIANT_SHAPE_TYPE')
    expect(writing(Message, { type: 'chat', text: 'x'.repeat(21) })).toBe('VARIANT_SHAPE_SIZE $.text')
  })

  it('have ints for tags that are whole numbers', () => {
    const Coded = unionOf('op', { 0: shape({ a: int }), 1: shape({ b: string }) })
    expect(toHex(Coded.encode({ op: 1, b: 'x' }))).toBe(toHex(varToBytes({ op: 1, b: 'x' })))
    expect({ ...Coded.decode(varToBytes({ a: 5, op: 0 })) }).toEqual({ op: 0, a: 5 })
  })

  it('pass over any value in search of the tag', () => {
    const Late = unionOf('z', { a: shape({ v: variant }) })
    const values = [
      null,
      true,
      5,
      2n ** 40n,
      0.1,
      float(1),
      'text',
      new StringName('n'),
      new Vector3(),
      new AABB(),
      new Color(),
      new Vector2i(1, 2),
      [1, [2, 'x']],
      { a: { b: [] } },
      new TypedArray(VariantType.INT, [1]),
      new TypedArray({ className: 'EncodedObjectAsID' }, [null]),
      new Dictionary([['a', 1]], { keyType: VariantType.STRING, valueType: VariantType.INT }),
      new Uint8Array(3),
      new PackedVector2Array(new Float32Array(4)),
      new EncodedObjectAsID(5n),
    ]
    for (const value of values) {
      const bytes = varToBytes({ v: value, z: 'a' } as never)
      expect(varToBytes(Late.decode(bytes).v)).toEqual(varToBytes(bytesToVar(varToBytes(value as never))))
      for (let end = 0; end < bytes.length; end++) {
        expect(Late.safeDecode(bytes.subarray(0, end)).ok, `${String(value)}, cut at ${end}`).toBe(false)
      }
    }
    expect(wrong(() => Late.decode(varToBytes({ v: 'x'.repeat(50), z: 'a' }), { maxDepth: 1 }))).toBe('nothing')
    expect(wrong(() => Late.decode(varToBytes({ v: [[1]], z: 'a' }), { maxDepth: 1 }))).toMatch(/^VARIANT_TOO_DEEP/)
  })

  it('inside each other are not looked through without end', () => {
    interface Chain {
      next: Chain | null
      t: 'link'
    }
    const Chain: Field<Chain> = unionOf('t', { link: shape({ next: nullable(lazy(() => Chain)) }) })
    const nested = (depth: number, isFirst: boolean): VariantInput => {
      let value: VariantInput = null
      for (let i = 0; i < depth; i++) value = isFirst ? { t: 'link', next: value } : { next: value, t: 'link' }
      return value
    }
    expect(reading(Chain, nested(500, true))).toBe('nothing')
    expect(reading(Chain, nested(15, false))).toBe('nothing')
    expect(reading(Chain, nested(500, false))).toMatch(/^VARIANT_SHAPE_TAG_TOO_LATE/)
  })
})

describe('tests of the program', () => {
  it('are asked about values of the type alone', () => {
    const asked: unknown[] = []
    const Even = refine(int, (n) => asked.push(n) > 0 && n % 2 === 0, 'an even int')
    expect(Even.decode(varToBytes(4))).toBe(4)
    expect(reading(Even, 3)).toBe('VARIANT_SHAPE_VALUE')
    expect(reading(Even, 'x')).toBe('VARIANT_SHAPE_TYPE')
    expect(writing(Even, 3)).toBe('VARIANT_SHAPE_VALUE')
    expect(writing(Even, 'x')).toBe('VARIANT_SHAPE_TYPE')
    expect(asked).toEqual([4, 3, 3])
    expect(() => Even.decode(varToBytes(3))).toThrow('an even int')
  })

  it('may ask another shape, whose errors are answers too', () => {
    const Hp = shape({ hp: int })
    const Mail = shape({ mail: refine(Uint8Array, (bytes) => Hp.decode(bytes).hp > 0) })
    expect(Mail.safeDecode(varToBytes({ mail: varToBytes({ hp: 5 }) })).ok).toBe(true)
    const error = { code: 'VARIANT_SHAPE_TYPE', path: '$.hp' }
    expect(Mail.safeDecode(varToBytes({ mail: varToBytes({ hp: 'x' }) }))).toMatchObject({ ok: false, error })
    expect(() => Mail.decode(varToBytes({ mail: varToBytes({ hp: 'x' }) }))).toThrow('VARIANT_SHAPE_TYPE')
  })
})

describe('limits', () => {
  it('are those of the codec', () => {
    const bytes = State.encode(state)
    expect(wrong(() => State.encode(state, { maxBytes: bytes.length - 1 }))).toBe('VARIANT_TOO_LARGE')
    expect(wrong(() => State.decode(bytes, { maxBytes: bytes.length - 1 }))).toMatch(/^VARIANT_TOO_LARGE/)
    expect(wrong(() => State.encode(state, { maxDepth: 1 }))).toMatch(/^VARIANT_TOO_DEEP/)
    expect(wrong(() => State.decode(bytes, { maxDepth: 1 }))).toMatch(/^VARIANT_TOO_DEEP/)
    // Six fields, two elements, two fields.
    for (const maxElements of [9, 10]) {
      const problem = maxElements === 9 ? /^VARIANT_TOO_MANY/ : /^nothing$/
      expect(wrong(() => State.encode(state, { maxElements }))).toMatch(problem)
      expect(wrong(() => State.decode(bytes, { maxElements }))).toMatch(problem)
    }
  })

  it('refuse a count that the input cannot hold', () => {
    const bytes = varToBytes([1, 2])
    new DataView(bytes.buffer).setInt32(4, 0x7fffffff, true)
    expect(reading(arrayOf(int), [1, 2])).toBe('nothing')
    for (const field of [arrayOf(int), arrayOf(string), tupleOf(int, int)] as Any[]) {
      expect(wrong(() => field.decode(bytes))).toMatch(/^VARIANT_(TRUNCATED|SHAPE_SIZE)/)
    }
    const object = varToBytes({ a: 1 })
    new DataView(object.buffer).setInt32(4, 0x7fffffff, true)
    for (const field of [shape({ a: int }), dictionaryOf(string, int), unionOf('t', { x: shape({}) })] as Any[]) {
      expect(wrong(() => field.decode(object))).toBe('VARIANT_TRUNCATED')
    }
  })
})

describe('what is no shape', () => {
  it.each<[string, () => unknown]>([
    ['no field', () => shape({ a: 5 as never })],
    ['a class of the program', () => shape({ a: class Mine {} as never })],
    ['null', () => arrayOf(null as never)],
    ['a GodotObject', () => shape({ a: GodotObject as never })],
    ['a Dictionary', () => shape({ a: Dictionary as never })],
    ['optional elsewhere', () => arrayOf(optional(int) as never)],
    ['typed for any', () => arrayOf(variant, { typed: true })],
    ['typed for null', () => dictionaryOf(string, nullable(int), { typed: true })],
    ['keys that are floats', () => dictionaryOf(float, int)],
    ['an empty range', () => between(int, 1, 0)],
    ['a range of NaN', () => between(float, Number.NaN, 1)],
    ['a range of texts', () => between(string, 0, 1)],
    ['a size of an int', () => sized(int, 1)],
    ['a negative size', () => sized(string, -1)],
    ['no literal', () => literal(...([] as unknown as ['a']))],
    ['a literal NaN', () => literal(Number.NaN)],
    ['no branch', () => unionOf('t', {})],
    ['a branch that is no shape', () => unionOf('t', { a: int as never })],
    ['a branch with the tag', () => unionOf('t', { a: shape({ t: int }) })],
    ['another policy', () => shape({}, { unknown: 'drop' as never })],
  ])('%s is refused when it is described', (_what, describe) => {
    expect(wrong(describe)).toBe('VARIANT_SHAPE_BAD_FIELD')
  })
})

describe('more shapes than have a quick mover', () => {
  it('work alike', () => {
    for (let i = 0; i < 20; i++) {
      const keys = Array.from({ length: 30 }, (_, k) => `key${i}_${k}`)
      const Many = shape(Object.fromEntries(keys.map((key) => [key, int]))) as unknown as Field<Record<string, number>>
      const value = Object.fromEntries(keys.map((key, k) => [key, k]))
      expect({ ...Many.decode(Many.encode(value)) }).toEqual(value)
    }
  })
})
