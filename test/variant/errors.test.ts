// Each code of this room can be raised, says what it knows, and leaves nothing behind.
import { describe, expect, it } from 'vitest'
import { GodotWireError } from '../../src/errors.js'
import { compiled } from '../../src/variant/compiled/index.js'
import { VARIANT_ERRORS } from '../../src/variant/errors.js'
import {
  bytesToVar,
  Dictionary,
  decodeVar,
  EncodedObjectAsID,
  type Field,
  GodotObject,
  int,
  lazy,
  literal,
  NodePath,
  optional,
  PackedStringArray,
  PackedVector2Array,
  RID,
  Signal,
  StringName,
  shape,
  sized,
  string,
  TypedArray,
  unionOf,
  type VariantInput,
  VariantType,
  Vector2,
  Vector2i,
  varToBytes,
} from '../../src/variant/index.js'
import { SHAPE_ERRORS } from '../../src/variant/shape/errors.js'
import { fromHex, toHex } from './hex.js'

const STALE = { name: 'Shape', version: 4, fingerprint: '', levels: 1, lane: () => expect.fail() } as const
const Shape = shape({ id: int, name: optional(sized(string, 3)) })
const shaped = (value: unknown) => () => Shape.decode(varToBytes(value as VariantInput))
const twice = varToBytes({ id: 1, ie: 2 })
twice[37] = 'd'.charCodeAt(0)
const late = unionOf('t', { a: shape({ next: lazy((): Field<unknown> => late) }) })
const tagsLast = (depth: number): VariantInput => (depth === 0 ? 0 : { next: tagsLast(depth - 1), t: 'a' })

type Case = readonly [code: string, what: string, call: () => unknown, facts: Record<string, unknown>]

const decode =
  (hex: string, options = {}) =>
  () =>
    bytesToVar(fromHex(hex), options)
const encode =
  (value: unknown, options = {}) =>
  () =>
    varToBytes(value as VariantInput, options)

const loop: unknown[] = []
loop.push(loop)

const CASES: readonly Case[] = [
  ['VARIANT_TRUNCATED', 'no bytes', decode(''), { offset: 0, needed: 4, left: 0 }],
  ['VARIANT_TRUNCATED', 'a cut int', decode('02000000 0100'), { offset: 4, needed: 4, left: 2 }],
  ['VARIANT_TRUNCATED', 'a cut item', decode('1c000000 01000000 02000000'), { offset: 12, needed: 4, left: 0 }],
  ['VARIANT_TRUNCATED', 'a large count', decode('1c000000 ffffff7f'), { offset: 8, needed: 0x7fffffff * 4, left: 0 }],
  ['VARIANT_BAD_TYPE', 'type 39', decode('27000000'), { type: 39, version: 4, offset: 0 }],
  ['VARIANT_BAD_TYPE', 'type 27', decode('1b000000', { version: 3 }), { type: 27, version: 3, offset: 0 }],
  ['VARIANT_BAD_TYPE', 'inside', decode('1c000000 01000000 ff000000'), { type: 255, offset: 8 }],
  ['VARIANT_BAD_LENGTH', 'a negative length', decode('04000000 ffffffff'), { length: -1, offset: 4 }],
  ['VARIANT_BAD_LENGTH', 'a negative count', decode('1e000000 feffffff'), { length: -2, offset: 4 }],
  ['VARIANT_BAD_TEXT', 'no UTF-8', decode('04000000 02000000 c3280000'), { length: 2, offset: 4 }],
  ['VARIANT_BAD_NODE_PATH', 'the old form', decode('16000000 01000000 61000000'), { offset: 4 }],
  [
    'VARIANT_BAD_NODE_PATH',
    'a text of Godot 2',
    decode('10000000 04000000 613a3a62', { version: 2 }),
    { text: 'a::b' },
  ],
  ['VARIANT_BAD_CONTAINER_TYPE', 'read', decode('1c000100 27000000 00000000'), { type: 39, offset: 4 }],
  ['VARIANT_BAD_CONTAINER_TYPE', 'written', encode(new TypedArray(77 as never)), { type: 77 }],
  ['VARIANT_OBJECT_NOT_ALLOWED', 'read', decode('1c000000 01000000 18000000 00000000'), { offset: 8 }],
  ['VARIANT_OBJECT_NOT_ALLOWED', 'written', encode(new GodotObject('Node', new Dictionary())), {}],
  ['VARIANT_TOO_DEEP', 'read', decode('1c00000001000000*3 00000000', { maxDepth: 2 }), { maxDepth: 2, offset: 24 }],
  ['VARIANT_TOO_DEEP', 'written', encode([[[0]]], { maxDepth: 2 }), { maxDepth: 2, offset: 24, path: '$[0][0][0]' }],
  ['VARIANT_CYCLE', 'a value in itself', encode(loop), {}],
  ['VARIANT_TOO_LARGE', 'read', decode('04000000 03000000 61626300', { maxBytes: 11 }), { maxBytes: 11, offset: 8 }],
  ['VARIANT_TOO_LARGE', 'written', encode('abc', { maxBytes: 11 }), { maxBytes: 11, offset: 12 }],
  [
    'VARIANT_TOO_MANY',
    'read',
    decode('1c000000 02000000 00000000*2', { maxElements: 1 }),
    { maxElements: 1, offset: 8 },
  ],
  ['VARIANT_TOO_MANY', 'written', encode([[1, 2], 3], { maxElements: 3 }), { maxElements: 3, path: '$[0]' }],
  [
    'VARIANT_KEY_NOT_STRING',
    'a Vector2i',
    decode('1b000000 01000000 06000000 01000000 02000000 00000000', { dictionaryAs: 'object' }),
    { type: 'Vector2i', key: 'Vector2i(1, 2)', offset: 8 },
  ],
  ['VARIANT_UNSUPPORTED', 'a function', encode(() => 1), { what: 'a function' }],
  ['VARIANT_UNSUPPORTED', 'a symbol', encode(Symbol('s')), { what: 'a symbol' }],
  ['VARIANT_UNSUPPORTED', 'a Date', encode(new Date(0)), {}],
  ['VARIANT_UNSUPPORTED', 'a Set', encode(new Set()), {}],
  ['VARIANT_UNSUPPORTED', 'a class of the user', encode(new (class Mine {})()), {}],
  ['VARIANT_UNSUPPORTED', 'a Uint16Array', encode(new Uint16Array(1)), { what: 'a Uint16Array' }],
  ['VARIANT_UNSUPPORTED', 'a DataView', encode(new DataView(new ArrayBuffer(1))), { what: 'a DataView' }],
  ['VARIANT_UNSUPPORTED', 'an ArrayBuffer', encode(new ArrayBuffer(1)), {}],
  ['VARIANT_UNSUPPORTED', 'a text as a component', encode(new Vector2('1x' as never, 0)), {}],
  ['VARIANT_UNSUPPORTED', 'a number among strings', encode(new PackedStringArray([1 as never])), {}],
  ['VARIANT_UNSUPPORTED', 'an unfit element', encode(new TypedArray(VariantType.INT, ['a'])), {}],
  ['VARIANT_UNSUPPORTED', 'input that is no Uint8Array', () => bytesToVar([0, 0, 0, 0] as never), {}],
  ['VARIANT_UNSUPPORTED', 'an ArrayBuffer as input', () => bytesToVar(new ArrayBuffer(4) as never), {}],
  [
    'VARIANT_NOT_IN_VERSION',
    'a StringName',
    encode(new StringName('a'), { version: 3 }),
    { version: 3, type: 'StringName' },
  ],
  ['VARIANT_OUT_OF_RANGE', 'a large int', encode(2n ** 63n), { value: 2n ** 63n }],
  ['VARIANT_OUT_OF_RANGE', 'a small int', encode(-(2n ** 63n) - 1n), { value: -(2n ** 63n) - 1n }],
  ['VARIANT_OUT_OF_RANGE', 'a component', encode(new Vector2i(2 ** 31, 0)), { value: 2 ** 31 }],
  ['VARIANT_OUT_OF_RANGE', 'half a component', encode(new Vector2i(0.5, 0)), { value: 0.5 }],
  ['VARIANT_OUT_OF_RANGE', 'a negative RID', encode(new RID(-1n)), { value: -1n }],
  ['VARIANT_OUT_OF_RANGE', 'an RID that is a number', encode(new RID(5 as never)), { value: 5 }],
  ['VARIANT_OUT_OF_RANGE', 'an id', encode(new EncodedObjectAsID(2n ** 64n)), { value: 2n ** 64n }],
  ['VARIANT_OUT_OF_RANGE', "a signal's id", encode(new Signal('a', -1n)), { value: -1n }],
  ['VARIANT_OUT_OF_RANGE', 'odd data', encode(new PackedVector2Array(new Float32Array(3))), { value: 3 }],
  ['VARIANT_OUT_OF_RANGE', 'an offset', () => decodeVar(new Uint8Array(4), 5), { value: 5 }],
  ['VARIANT_OUT_OF_RANGE', 'a negative offset', () => decodeVar(new Uint8Array(4), -1), { value: -1 }],
  ['VARIANT_BAD_NODE_PATH_TEXT', 'an empty subname', () => new NodePath('a::b'), { text: 'a::b' }],
  ['VARIANT_BAD_OPTION', 'version 5', encode(null, { version: 5 }), { option: 'version', value: 5 }],
  ['VARIANT_SHAPE_TYPE', 'read', shaped({ id: 'x' }), { expected: 'int', found: 'String', offset: 20, path: '$.id' }],
  ['VARIANT_SHAPE_TYPE', 'written', () => Shape.encode({ id: true as never }), { found: 'bool', path: '$.id' }],
  ['VARIANT_SHAPE_RANGE', 'a large int', shaped({ id: 2n ** 60n }), { value: 2n ** 60n, path: '$.id' }],
  ['VARIANT_SHAPE_SIZE', 'a long text', shaped({ id: 1, name: 'abcd' }), { size: 4, path: '$.name' }],
  ['VARIANT_SHAPE_VALUE', 'a literal', () => literal('a').decode(varToBytes('b')), { value: '"b"', expected: '"a"' }],
  ['VARIANT_SHAPE_MISSING', 'a field', shaped({}), { field: 'id', path: '$.id' }],
  ['VARIANT_SHAPE_UNKNOWN', 'a key', shaped({ id: 1, more: 2 }), { field: 'more', path: '$.more' }],
  ['VARIANT_SHAPE_DUPLICATE', 'a key', () => Shape.decode(twice), { field: 'id', offset: 28, path: '$.id' }],
  ['VARIANT_SHAPE_TAG_TOO_LATE', 'tags', () => late.decode(varToBytes(tagsLast(100))), { field: 't' }],
  ['VARIANT_SHAPE_STALE', 'a module of another shape', () => compiled(Shape, STALE), { name: 'Shape' }],
  ['VARIANT_SHAPE_BAD_FIELD', 'no field', () => shape({ a: 5 as never }), {}],
  ['VARIANT_BAD_OPTION', 'depth 0', decode('00000000', { maxDepth: 0 }), { option: 'maxDepth', value: 0 }],
]

function raised(call: () => unknown): GodotWireError {
  try {
    call()
  } catch (error) {
    expect(error).toBeInstanceOf(GodotWireError)
    return error as GodotWireError
  }
  throw new Error('nothing was raised')
}

describe('the errors of variant', () => {
  it('are all raised here', () => {
    expect([...new Set(CASES.map(([code]) => code))].sort()).toEqual(
      Object.keys({ ...VARIANT_ERRORS, ...SHAPE_ERRORS }).sort(),
    )
  })

  it.each(CASES)('%s: %s', (code, _what, call, facts) => {
    const error = raised(call)
    expect(error.code).toBe(code)
    expect(error.facts).toMatchObject(facts)
    expect(error.offset).toBe(error.facts['offset'])
    expect(error.message).toContain(`[${code}]`)
    expect(error.message).not.toMatch(/undefined|\[object/)
  })

  const value = { a: [1, 'two', new Vector2(1, 2)] }
  const hex = toHex(varToBytes(value))

  it.each(CASES)('%s: %s leaves nothing behind', (_code, _what, call) => {
    raised(call)
    expect(toHex(varToBytes(value))).toBe(hex)
    expect(toHex(varToBytes(bytesToVar(fromHex(hex)) as VariantInput))).toBe(hex)
  })
})
