// The value of each row of godot-3.2.3/values.txt, as an exact decode gives it. What the two engines write alike is the
// same row here; Godot 3's own names and types are below.
import { readFileSync } from 'node:fs'
import {
  Color,
  Dictionary,
  EncodedObjectAsID,
  float,
  GodotObject,
  NodePath,
  PackedColorArray,
  PackedStringArray,
  PackedVector2Array,
  PackedVector3Array,
  Rect2,
  RID,
  Vector2,
  Vector3,
} from '../../src/variant/index.js'
import { back, f32, type RowValue } from './row.js'
import { ROWS_4 } from './rows-4.js'

const { NaN: NAN, POSITIVE_INFINITY: INF } = Number

const dict = (...entries: (readonly [unknown, unknown])[]) => new Dictionary(entries)
const v2 = (x: number, y: number) => new Vector2(x, y)
const v3 = (x: number, y: number, z: number) => new Vector3(x, y, z)

const SHARED =
  /^(nil|bool_|int_|float_|string_|node_path_|object_(null|freed|node|encoded|in_)|vector[23](_|$)|rect2(_|$)|transform2d|plane|aabb|basis|color|array_(empty|null|ints|int_|mixed|nested|300|bytes)|dictionary_(?!keys|packed|typed))/

/** Godot 4 alone has these, or writes them in another way. */
const NOT_SHARED = /^(string_name_.*|string_family|string_lone_surrogate|string_nul|node_path_unique)$/

const shared = Object.fromEntries(
  Object.entries(ROWS_4).filter(([name]) => SHARED.test(name) && !NOT_SHARED.test(name)),
)

const reference = () => new GodotObject('Reference', dict(['script', null]))

const resource = (...more: (readonly [unknown, unknown])[]) =>
  dict(['resource_local_to_scene', false], ['resource_name', ''], ...more)

/** Godot 3 writes a script as an Object of its own, with its source: reading that is running somebody's code. */
const script = () =>
  new GodotObject(
    'GDScript',
    resource(['script/source', readFileSync(new URL('../../godot/vectors/godot3/thing.gd', import.meta.url), 'utf8')]),
  )

const own: Record<string, RowValue> = {
  string_lone_surrogate: 'a\ud800b',
  string_lone_surrogate_long: `a\udfff${'b'.repeat(40)}`,
  rid_null: new RID(),
  rid_of_object: new RID(),
  object_reference: new EncodedObjectAsID(0x8000000000000001n),
  quat_identity: ROWS_4['quaternion_identity'],
  quat: ROWS_4['quaternion'],
  quat_odd: ROWS_4['quaternion_odd'],
  transform_identity: ROWS_4['transform3d_identity'],
  transform: ROWS_4['transform3d'],
  transform_odd: ROWS_4['transform3d_odd'],
  array_of_everything: [
    null,
    true,
    1,
    0.5,
    's',
    v2(1, 2),
    new Rect2(v2(1, 2), v2(3, 4)),
    new NodePath('a/b'),
    new RID(),
    dict(),
    [],
    new Uint8Array([1]),
  ],
  dictionary_keys: dict(
    [null, 0],
    [true, 1],
    [false, 2],
    ['s', 3],
    [new NodePath('p'), 5],
    [v2(0.5, 1), 7],
    [new Color(1, 0, 0), 8],
    [[1, [2]], 9],
    [dict([1, 2]), 10],
  ),
  pool_byte_0: new Uint8Array(),
  pool_byte_1: new Uint8Array([1]),
  pool_byte_2: new Uint8Array([0, 255]),
  pool_byte_3: new Uint8Array([1, 2, 3]),
  pool_byte_4: new Uint8Array([1, 2, 3, 4]),
  pool_byte_5: new Uint8Array([1, 2, 3, 4, 5]),
  pool_byte_256: Uint8Array.from({ length: 256 }, (_, i) => i),
  pool_int_0: new Int32Array(),
  pool_int_1: new Int32Array([1]),
  pool_int_many: new Int32Array([1, -2, 2147483647, -2147483648, 0]),
  pool_real_0: new Float32Array(),
  pool_real_1: new Float32Array([0.5]),
  pool_real_many: new Float32Array([0.1, -0, INF, -INF, NAN, 2 ** -149, 1e40]),
  pool_string_0: new PackedStringArray(),
  pool_string_1: new PackedStringArray(['a']),
  pool_string_empty: new PackedStringArray(['']),
  pool_string_many: new PackedStringArray(['', 'a', 'ab', 'abc', 'abcd', 'h\u00e9llo\u20ac\u{1f600}', 'x'.repeat(70)]),
  pool_string_bom: back(new PackedStringArray(['\ufeffa']), new PackedStringArray(['a'])),
  pool_vector2_0: new PackedVector2Array(),
  pool_vector2_1: new PackedVector2Array([v2(1, -2)]),
  pool_vector2_many: new PackedVector2Array([v2(0.1, -0), v2(INF, -INF), v2(NAN, 3)]),
  pool_vector3_0: new PackedVector3Array(),
  pool_vector3_1: new PackedVector3Array([v3(1, 2, 3)]),
  pool_vector3_many: new PackedVector3Array([v3(f32(0.1), -0, NAN), v3(INF, -INF, 3)]),
  pool_color_0: new PackedColorArray(),
  pool_color_1: new PackedColorArray([new Color(1, 0.5, 0.25, 1)]),
  pool_color_many: new PackedColorArray([new Color(0.1, -0, NAN, 2), new Color(INF, -INF, 3, -1)]),
  full_null: null,
  full_reference: reference(),
  full_resource: new GodotObject('Resource', resource(['script', null])),
  full_encoded_as_id: ROWS_4['full_encoded_as_id'],
  full_gradient: new GodotObject(
    'Gradient',
    resource(
      ['offsets', new Float32Array([0, 1])],
      ['colors', new PackedColorArray([new Color(0, 0, 0, 1), new Color(1, 1, 1, 1)])],
      ['script', null],
    ),
  ),
  full_scripted: new GodotObject(
    'Reference',
    dict(['script', script()], ['hit_points', 5], ['label', 'thing'], ['ratio', float(1)]),
  ),
  full_in_dictionary: dict(['o', reference()], ['n', 1]),
  full_in_array: [reference(), null, new GodotObject('Resource', resource(['script', null]))],
  full_plain_value: dict(['a', [1, 0.5]]),
}

export const ROWS_3: Readonly<Record<string, RowValue>> = { ...shared, ...own }
