// One value of each of Godot's value classes, and how a person is shown it. A class that is exported and has no row here
// fails inspect.test.ts and narrow.test.ts.
import * as values from '../../src/variant/values/index.js'
import {
  AABB,
  Basis,
  Callable,
  Color,
  Dictionary,
  EncodedObjectAsID,
  float,
  GodotFloat,
  GodotObject,
  GodotValue,
  Image,
  InputEvent,
  NodePath,
  PackedColorArray,
  PackedStringArray,
  PackedVector2Array,
  PackedVector3Array,
  PackedVector4Array,
  Plane,
  Projection,
  Quaternion,
  Rect2,
  Rect2i,
  RID,
  Signal,
  StringName,
  Transform2D,
  Transform3D,
  Vector2,
  Vector2i,
  Vector3,
  Vector3i,
  Vector4,
  Vector4i,
} from '../../src/variant/values/index.js'

/** The class, a value of it, its `String()`, and where they differ from that its JSON and what Node's inspect makes. */
export interface OneOf {
  readonly type: abstract new (...args: never) => GodotValue
  readonly value: GodotValue
  readonly text: string
  readonly json: unknown
  readonly inspected: string
}

function row(type: OneOf['type'], value: GodotValue, text: string, json: unknown = text, inspected = text): OneOf {
  return { type, value, text, json, inspected }
}

const v2 = (at: number) => new Vector2(at, at + 1)
const v3 = (at: number) => new Vector3(at, at + 1, at + 2)
const v4 = (at: number) => new Vector4(at, at + 1, at + 2, at + 3)

export const ONE_OF_EACH: readonly OneOf[] = [
  row(GodotFloat, float(1), 'float(1)', 1),
  row(Vector2, new Vector2(0.5, -0), 'Vector2(0.5, -0)'),
  row(Vector2i, new Vector2i(1, -2), 'Vector2i(1, -2)'),
  row(Rect2, new Rect2(v2(1), v2(3)), 'Rect2(Vector2(1, 2), Vector2(3, 4))'),
  row(Rect2i, new Rect2i(new Vector2i(1, 2), new Vector2i(3, 4)), 'Rect2i(Vector2i(1, 2), Vector2i(3, 4))'),
  row(Vector3, v3(1), 'Vector3(1, 2, 3)'),
  row(Vector3i, new Vector3i(1, 2, 3), 'Vector3i(1, 2, 3)'),
  row(Transform2D, new Transform2D(), 'Transform2D(Vector2(1, 0), Vector2(0, 1), Vector2(0, 0))'),
  row(Vector4, v4(1), 'Vector4(1, 2, 3, 4)'),
  row(Vector4i, new Vector4i(1, 2, 3, 4), 'Vector4i(1, 2, 3, 4)'),
  row(Plane, new Plane(v3(1), 4), 'Plane(Vector3(1, 2, 3), 4)'),
  row(Quaternion, new Quaternion(), 'Quaternion(0, 0, 0, 1)'),
  row(AABB, new AABB(v3(1), v3(4)), 'AABB(Vector3(1, 2, 3), Vector3(4, 5, 6))'),
  row(Basis, new Basis(), 'Basis(Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1))'),
  row(
    Transform3D,
    new Transform3D(new Basis(v3(1), v3(4), v3(7)), v3(10)),
    'Transform3D(Basis(Vector3(1, 2, 3), Vector3(4, 5, 6), Vector3(7, 8, 9)), Vector3(10, 11, 12))',
  ),
  row(
    Projection,
    new Projection(v4(1), v4(5), v4(9), v4(13)),
    'Projection(Vector4(1, 2, 3, 4), Vector4(5, 6, 7, 8), Vector4(9, 10, 11, 12), Vector4(13, 14, 15, 16))',
  ),
  row(Color, new Color(0.1, 0.2, Math.fround(0.3)), 'Color(0.1, 0.2, 0.3, 1)'),
  row(StringName, new StringName('idle'), 'idle', 'idle', "StringName('idle')"),
  row(NodePath, new NodePath('/root/A:pos:x'), '/root/A:pos:x', '/root/A:pos:x', "NodePath('/root/A:pos:x')"),
  row(RID, new RID(2n ** 64n - 1n), 'RID(18446744073709551615)', undefined, 'RID(18446744073709551615n)'),
  row(EncodedObjectAsID, new EncodedObjectAsID(5n), 'EncodedObjectAsID(5)', undefined, 'EncodedObjectAsID(5n)'),
  row(
    GodotObject,
    new GodotObject('Node', new Dictionary<unknown, unknown>([['name', new StringName('A')]])),
    'GodotObject("Node", { "name": StringName("A") })',
    { className: 'Node', properties: { name: 'A' } },
    "GodotObject('Node', Dictionary(1) { 'name' => StringName('A') })",
  ),
  row(Callable, new Callable(), 'Callable()'),
  row(Signal, new Signal('hit', 5n), 'Signal("hit", 5)', undefined, "Signal('hit', 5n)"),
  row(
    Image,
    new Image(5, 0, 1, 1, new Uint8Array([1, 2, 3, 4])),
    'Image(5, 0, 1, 1, PackedByteArray([1, 2, 3, 4]))',
    undefined,
    'Image(5, 0, 1, 1, Uint8Array(4) [ 1, 2, 3, 4 ])',
  ),
  row(
    InputEvent,
    new InputEvent(8, 1),
    'InputEvent(8, 1, PackedByteArray([]))',
    undefined,
    'InputEvent(8, 1, Uint8Array(0) [])',
  ),
  row(
    Dictionary,
    new Dictionary<unknown, unknown>([
      ['hp', 5],
      [new Vector2i(1, 2), ['wall', null]],
    ]),
    '{ "hp": 5, Vector2i(1, 2): ["wall", null] }',
    { hp: 5, 'Vector2i(1, 2)': ['wall', null] },
    "Dictionary(2) { 'hp' => 5, Vector2i(1, 2) => [ 'wall', null ] }",
  ),
  row(
    PackedStringArray,
    new PackedStringArray(['a', 'b']),
    'PackedStringArray(["a", "b"])',
    ['a', 'b'],
    "PackedStringArray(2) [ 'a', 'b' ]",
  ),
  row(
    PackedVector2Array,
    new PackedVector2Array([v2(1), v2(3)]),
    'PackedVector2Array([Vector2(1, 2), Vector2(3, 4)])',
    ['Vector2(1, 2)', 'Vector2(3, 4)'],
    'PackedVector2Array(2) [ Vector2(1, 2), Vector2(3, 4) ]',
  ),
  row(
    PackedVector3Array,
    new PackedVector3Array([v3(1)]),
    'PackedVector3Array([Vector3(1, 2, 3)])',
    ['Vector3(1, 2, 3)'],
    'PackedVector3Array(1) [ Vector3(1, 2, 3) ]',
  ),
  row(
    PackedVector4Array,
    new PackedVector4Array([v4(1)]),
    'PackedVector4Array([Vector4(1, 2, 3, 4)])',
    ['Vector4(1, 2, 3, 4)'],
    'PackedVector4Array(1) [ Vector4(1, 2, 3, 4) ]',
  ),
  row(
    PackedColorArray,
    new PackedColorArray([new Color(0.1, 0.2, 0.3)]),
    'PackedColorArray([Color(0.1, 0.2, 0.3, 1)])',
    ['Color(0.1, 0.2, 0.3, 1)'],
    'PackedColorArray(1) [ Color(0.1, 0.2, 0.3, 1) ]',
  ),
]

/** Every class of values that the room exports. */
export function exportedClasses(): OneOf['type'][] {
  return Object.values(values).filter(
    (one): one is OneOf['type'] & typeof one =>
      typeof one === 'function' &&
      one !== GodotValue &&
      (one as { prototype?: unknown }).prototype instanceof GodotValue,
  ) as OneOf['type'][]
}
