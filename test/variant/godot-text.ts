// Values in Godot's own text form (`var_to_str`, Godot 3: `var2str`), which shares nothing with the bytes: when an engine
// reads both and finds one value, the bytes mean what they should. Only for what RandomValues makes with `tame`.
import {
  AABB,
  Basis,
  Color,
  type ContainerType,
  Dictionary,
  GodotFloat,
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
  StringName,
  Transform2D,
  Transform3D,
  TypedArray,
  VARIANT_TYPE_NAMES,
  Vector2,
  Vector2i,
  Vector3,
  Vector3i,
  Vector4,
  Vector4i,
} from '../../src/variant/index.js'

type Version = 3 | 4

const GODOT_3_NAMES: Readonly<Record<string, string>> = {
  Quaternion: 'Quat',
  Transform3D: 'Transform',
  PackedByteArray: 'PoolByteArray',
  PackedInt32Array: 'PoolIntArray',
  PackedFloat32Array: 'PoolRealArray',
  PackedStringArray: 'PoolStringArray',
  PackedVector2Array: 'PoolVector2Array',
  PackedVector3Array: 'PoolVector3Array',
  PackedColorArray: 'PoolColorArray',
}

/** The text of a float: a plain number is an int in this form as it is in ours. */
function floatText(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

export function godotText(value: unknown, version: Version): string {
  const call = (name: string, parts: readonly unknown[]) =>
    `${version === 3 ? (GODOT_3_NAMES[name] ?? name) : name}(${parts.join(', ')})`
  if (value === null) return 'null'
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : floatText(value)
  if (typeof value === 'string') return JSON.stringify(value)
  if (value instanceof GodotFloat) return floatText(value.value)
  if (value instanceof StringName) return `&${JSON.stringify(value.text)}`
  if (value instanceof NodePath) return call('NodePath', [JSON.stringify(value.toString())])
  if (value instanceof Dictionary) return dictionaryText(value, version)
  if (Array.isArray(value)) return arrayText(value, version)
  const [name, numbers] = partsOf(value as object)
  return call(name, numbers)
}

function arrayText(array: readonly unknown[], version: Version): string {
  const plain = `[${array.map((item) => godotText(item, version)).join(', ')}]`
  return array instanceof TypedArray ? `Array[${typeText(array.elementType)}](${plain})` : plain
}

function dictionaryText(dictionary: Dictionary, version: Version): string {
  const entries = [...dictionary].map(([key, value]) => `${godotText(key, version)}: ${godotText(value, version)}`)
  const plain = `{${entries.join(', ')}}`
  const { keyType, valueType } = dictionary
  if (keyType === undefined && valueType === undefined) return plain
  return `Dictionary[${typeText(keyType)}, ${typeText(valueType)}](${plain})`
}

function typeText(type: ContainerType | undefined): string {
  if (type === undefined) return 'Variant'
  if (typeof type === 'number') return VARIANT_TYPE_NAMES[type]!
  throw new Error('classes have no tame text')
}

/** A value's name and its numbers in the order of the text form: columns, but a Basis by rows. */
function partsOf(value: object): [string, readonly unknown[]] {
  if (value instanceof Uint8Array) return ['PackedByteArray', [...value]]
  if (value instanceof Int32Array) return ['PackedInt32Array', [...value]]
  if (value instanceof BigInt64Array) return ['PackedInt64Array', [...value]]
  if (value instanceof Float32Array) return ['PackedFloat32Array', [...value]]
  if (value instanceof Float64Array) return ['PackedFloat64Array', [...value]]
  if (value instanceof PackedStringArray) return ['PackedStringArray', value.items.map((item) => JSON.stringify(item))]
  if (value instanceof PackedVector2Array) return ['PackedVector2Array', [...value.data]]
  if (value instanceof PackedVector3Array) return ['PackedVector3Array', [...value.data]]
  if (value instanceof PackedVector4Array) return ['PackedVector4Array', [...value.data]]
  if (value instanceof PackedColorArray) return ['PackedColorArray', [...value.data]]
  if (value instanceof Basis) return ['Basis', rows(value)]
  if (value instanceof Transform3D) return ['Transform3D', [...rows(value.basis), ...numbersOf(value.origin)]]
  for (const type of COLUMNS) if (value instanceof type) return [type.name, numbersOf(value)]
  throw new Error(`no text for ${value}`)
}

const COLUMNS = [
  AABB,
  Color,
  Plane,
  Projection,
  Quaternion,
  Rect2,
  Rect2i,
  Transform2D,
  Vector2,
  Vector2i,
  Vector3,
  Vector3i,
  Vector4,
  Vector4i,
]

function numbersOf(value: object): readonly number[] {
  return Object.values(value).flatMap((part) => (typeof part === 'number' ? [part] : numbersOf(part as object)))
}

function rows({ x, y, z }: Basis): readonly number[] {
  return [x.x, y.x, z.x, x.y, y.y, z.y, x.z, y.z, z.z]
}
