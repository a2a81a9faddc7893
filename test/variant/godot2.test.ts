// Godot 2. No engine can be had, so these rows come from the engine's source and from bytes that were reported with its
// bug 6226 (marked "real").
import { describe, expect, it } from 'vitest'
import {
  AABB,
  Basis,
  bytesToVar,
  bytesToVarWithObjects,
  Color,
  Dictionary,
  decodeVar,
  EncodedObjectAsID,
  float,
  GodotObject,
  Image,
  InputEvent,
  InputEventType,
  NodePath,
  PackedColorArray,
  PackedStringArray,
  PackedVector2Array,
  PackedVector3Array,
  Plane,
  Quaternion,
  Rect2,
  RID,
  StringName,
  Transform2D,
  Transform3D,
  type VariantInput,
  Vector2,
  Vector2i,
  Vector3,
  varToBytes,
  varToBytesWithObjects,
} from '../../src/variant/index.js'
import { codeFrom } from './code-of.js'
import { difference } from './equal.js'
import { fromHex, toHex } from './hex.js'

const version = 2
const ONE = '0000803f'
const TWO = '00000040'
const THREE = '00004040'
const FOUR = '00008040'

/** Read as the value, and written from it. */
const ROWS: [what: string, hex: string, value: unknown][] = [
  ['nil', '00000000', null],
  ['bool', '01000000 01000000', true],
  ['int', '02000000 feffffff', -2],
  ['real', '03000000 0000003f', 0.5],
  ['an integral real', `03000000 ${ONE}`, float(1)],
  ['String', '04000000 03000000 61626300', 'abc'],
  ['Vector2', `05000000 ${ONE} ${TWO}`, new Vector2(1, 2)],
  ['Rect2', `06000000 ${ONE} ${TWO} ${THREE} ${FOUR}`, new Rect2(new Vector2(1, 2), new Vector2(3, 4))],
  ['Vector3', `07000000 ${ONE} ${TWO} ${THREE}`, new Vector3(1, 2, 3)],
  [
    'Matrix32',
    `08000000 ${ONE} ${TWO} ${THREE} ${FOUR} ${ONE} ${TWO}`,
    new Transform2D(new Vector2(1, 2), new Vector2(3, 4), new Vector2(1, 2)),
  ],
  ['Plane', `09000000 ${ONE} ${TWO} ${THREE} ${FOUR}`, new Plane(new Vector3(1, 2, 3), 4)],
  ['Quat', `0a000000 ${ONE} ${TWO} ${THREE} ${FOUR}`, new Quaternion(1, 2, 3, 4)],
  [
    'AABB',
    `0b000000 ${ONE} ${TWO} ${THREE} ${ONE} ${TWO} ${THREE}`,
    new AABB(new Vector3(1, 2, 3), new Vector3(1, 2, 3)),
  ],
  [
    'Matrix3',
    `0c000000 ${ONE} ${TWO} ${THREE} ${FOUR} ${ONE} ${TWO} ${THREE} ${FOUR} ${ONE}`,
    new Basis(new Vector3(1, 4, 3), new Vector3(2, 1, 4), new Vector3(3, 2, 1)),
  ],
  [
    'Transform',
    `0d000000 ${ONE} 00000000*3 ${ONE} 00000000*3 ${ONE} ${TWO} ${THREE} ${FOUR}`,
    new Transform3D(new Basis(), new Vector3(2, 3, 4)),
  ],
  ['Color', `0e000000 ${ONE} 00000000 ${ONE} ${ONE}`, new Color(1, 0, 1, 1)],
  [
    'Image',
    '0f000000 03000000 00000000 02000000 01000000 06000000 010203040506 0000',
    new Image(3, 0, 2, 1, new Uint8Array([1, 2, 3, 4, 5, 6])),
  ],
  ['NodePath', '10000000 02000080 00000000 01000000 01000000 61000000 01000000 62000000', new NodePath('/a/b')],
  [
    'a NodePath with a property',
    '10000000 01000080 00000000 02000000 01000000 61000000 01000000 70000000',
    new NodePath('a:p'),
  ],
  [
    'a NodePath with a subname and a property',
    '10000000 01000080 01000000 02000000 01000000 61000000 01000000 73000000 01000000 70000000',
    new NodePath('a:s:p'),
  ],
  ['RID', '11000000', new RID()],
  ['Object', '12000000', new EncodedObjectAsID()],
  [
    'a key',
    '13000000 01000000 00000000 14000000 02000000 41000000',
    new InputEvent(InputEventType.KEY, 0, new Uint8Array([2, 0, 0, 0, 65, 0, 0, 0])),
  ],
  [
    'a mouse button',
    '13000000 03000000 07000000 10000000 01000000',
    new InputEvent(InputEventType.MOUSE_BUTTON, 7, new Uint8Array([1, 0, 0, 0])),
  ],
  ['a motion of the mouse', '13000000 02000000 00000000 0c000000', new InputEvent(InputEventType.MOUSE_MOTION)],
  ['Dictionary', '14000000 01000080 04000000 01000000 61000000 02000000 01000000', new Dictionary([['a', 1]])],
  ['Array (real)', '15000000 02000080 02000000 01000000 02000000 02000000', [1, 2]],
  [
    'an Array of reals (real)',
    '15000000 02000080 03000000 cdcc8c3f 03000000 cdcc0c40',
    [1.100000023841858, 2.200000047683716],
  ],
  ['RawArray', '16000000 05000000 0102030405 000000', new Uint8Array([1, 2, 3, 4, 5])],
  ['IntArray', '17000000 02000000 01000000 feffffff', new Int32Array([1, -2])],
  ['RealArray', `18000000 01000000 ${ONE}`, new Float32Array([1])],
  ['StringArray', '19000000 01000000 02000000 61000000', new PackedStringArray(['a'])],
  ['Vector2Array', `1a000000 01000000 ${ONE} ${TWO}`, new PackedVector2Array([new Vector2(1, 2)])],
  ['Vector3Array', `1b000000 01000000 ${ONE} ${TWO} ${THREE}`, new PackedVector3Array([new Vector3(1, 2, 3)])],
  ['ColorArray', `1c000000 01000000 ${ONE} ${ONE} ${ONE} ${ONE}`, new PackedColorArray([new Color(1, 1, 1, 1)])],
]

describe('Godot 2', () => {
  it('has all of its types here', () => {
    const ids = new Set(ROWS.map(([, hex]) => fromHex(hex)[0]))
    expect([...ids].sort((a, b) => a! - b!)).toEqual(Array.from({ length: 29 }, (_, id) => id))
  })

  it.each(ROWS)('%s', (_what, hex, value) => {
    const bytes = fromHex(hex)
    const read = bytesToVar(bytes, { version, exact: true })
    expect(difference(read, value)).toBeUndefined()
    expect(toHex(varToBytes(value as VariantInput, { version }))).toBe(toHex(bytes))
    expect(toHex(varToBytes(read as VariantInput, { version }))).toBe(toHex(bytes))
    expect(decodeVar(bytes, 0, { version }).size).toBe(bytes.length)
  })

  it('marks containers as shared, and keeps those that were not', () => {
    const hex = toHex(fromHex('15000000 01000000 14000000 00000000'))
    expect(toHex(varToBytes(bytesToVar(fromHex(hex), { version, exact: true }) as never, { version }))).toBe(hex)
    const plain = varToBytes(bytesToVar(fromHex(hex), { version }) as never, { version })
    expect(toHex(plain)).toBe(toHex(fromHex('15000000 01000080 14000000 00000080')))
    expect(toHex(varToBytes({ a: [] }, { version }))).toBe(
      toHex(fromHex('14000000 01000080 04000000 01000000 61000000 15000000 00000080')),
    )
  })

  it.each([
    ['garbage in the padding (real)', '04000000 02000000 6161fabf', 'aa', 12],
    ['a String without its last padding', '04000000 01000000 61', 'a', 9],
    ['a RawArray without its last padding', '16000000 01000000 07', new Uint8Array([7]), 9],
    [
      'an Image without its last padding',
      '0f000000 00000000*4 01000000 07',
      new Image(0, 0, 0, 0, new Uint8Array([7])),
      25,
    ],
    ['a NodePath as a text, without padding', '10000000 05000000 2f612f623a', new NodePath('/a/b'), 13],
    ['an Object is null', '12000000', null, 4],
    [
      'an event of another length',
      '13000000 04000000 00000000 14000000 01000000 0000003f',
      new InputEvent(4, 0, new Uint8Array([1, 0, 0, 0, 0, 0, 0, 63])),
      24,
    ],
  ] as [string, string, unknown, number][])('reads %s', (_what, hex, value, size) => {
    const read = decodeVar(fromHex(hex), 0, { version })
    expect(difference(read.value, value)).toBeUndefined()
    expect(read.size).toBe(size)
  })

  it.each([
    ['flags in a header', '02000100 0500000000000000', 'VARIANT_BAD_TYPE'],
    ['the second byte of a header', '02010000 05000000', 'VARIANT_BAD_TYPE'],
    ['type 29', '1d000000', 'VARIANT_BAD_TYPE'],
    ['a value behind missing padding', '15000000 02000080 04000000 01000000 61', 'VARIANT_TRUNCATED'],
    ['a cut text', '04000000 02000000 61', 'VARIANT_TRUNCATED'],
    ['an event shorter than its head', '13000000 00000000 00000000 0b000000', 'VARIANT_BAD_LENGTH'],
    ['an event that is cut', '13000000 01000000 00000000 14000000 00000000', 'VARIANT_TRUNCATED'],
    ['an Image that is cut', '0f000000 00000000*4 ffffffff 00', 'VARIANT_TRUNCATED'],
    ['text that is no UTF-8', '04000000 02000000 c3280000', 'VARIANT_BAD_TEXT'],
  ])('refuses %s', (_what, hex, code) => {
    expect(codeFrom(() => bytesToVar(fromHex(hex), { version }))).toBe(code)
  })

  it('has reals of 4 bytes alone', () => {
    expect(toHex(varToBytes(0.1, { version }))).toBe('03000000cdcccc3d')
    expect(toHex(varToBytes(1e300, { version }))).toBe('030000000000807f')
    expect(toHex(varToBytes(Number.NaN, { version }))).toBe('030000000000c07f')
    const nan = bytesToVar(fromHex('03000000 0100c0ff'), { version, exact: true })
    expect(toHex(varToBytes(nan as VariantInput, { version }))).toBe('030000000100c0ff')
  })

  it.each([2 ** 31, -(2 ** 31) - 1, 2n ** 40n, 2 ** 53 - 1])('has no int %s', (value) => {
    expect(codeFrom(() => varToBytes(value, { version }))).toBe('VARIANT_OUT_OF_RANGE')
  })

  it.each([new StringName('a'), new Vector2i(1, 2), new Float64Array(1), new BigInt64Array(1)])(
    'has no %s',
    (value) => {
      expect(codeFrom(() => varToBytes(value, { version }))).toBe('VARIANT_NOT_IN_VERSION')
    },
  )

  it('has no full Objects', () => {
    const object = new GodotObject('Node', new Dictionary())
    expect(codeFrom(() => varToBytesWithObjects(object, { version }))).toBe('VARIANT_NOT_IN_VERSION')
    expect(bytesToVarWithObjects(fromHex('12000000'), { version })).toBeNull()
  })

  it('keeps Image and InputEvent to itself', () => {
    for (const value of [new Image(), new InputEvent()]) {
      expect(codeFrom(() => varToBytes(value))).toBe('VARIANT_NOT_IN_VERSION')
      expect(codeFrom(() => varToBytes(value, { version: 3 }))).toBe('VARIANT_NOT_IN_VERSION')
    }
  })

  it('tells what an InputEvent says', () => {
    const words = (...values: number[]) => new Uint8Array(new Uint32Array(values).buffer)
    const key = new InputEvent(InputEventType.KEY, 0, words(5, 65))
    expect([key.modifiers, key.scancode, key.index, key.axis]).toEqual([5, 65, undefined, undefined])
    const touch = new InputEvent(InputEventType.SCREEN_TOUCH, 0, words(3))
    expect([touch.modifiers, touch.index]).toEqual([undefined, 3])
    expect(new InputEvent(InputEventType.JOYSTICK_MOTION, 0, words(2)).axis).toBe(2)
    expect(new InputEvent(InputEventType.KEY, 0, new Uint8Array(2)).scancode).toBeUndefined()
  })
})
