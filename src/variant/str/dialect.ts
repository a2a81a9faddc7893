/** What differs between the text forms of the versions of Godot, as three engines print and read them. */
import { variantError } from '../errors.js'
import { VariantType as T, VARIANT_TYPE_NAMES, type VariantType } from '../variant-type.js'

/** A release of Godot 3 whose text form is known here. */
export type Godot3Release = '3.2' | '3.6'

/** Whose text form it is. */
export interface StrVersion {
  /** 4 (default) or 3. */
  readonly version?: 4 | 3
  /**
   * The release of Godot 3, where it matters: 3.2 writes `-inf` where 3.6 writes `inf_neg`, and reads neither `inf_neg` nor
   * the names of Godot 4's packed arrays. Default `3.6`.
   */
  readonly target?: Godot3Release
}

export interface TextDialect {
  readonly version: 4 | 3
  /** `Vector2( 1, 2 )` and `[ 1, 2 ]`, where Godot 4 has no blanks. */
  readonly pad: ' ' | ''
  readonly emptyDictionary: string
  /** Containers further down are written empty (`VariantWriter`'s MAX_RECURSION); undefined where there is no such end. */
  readonly deepest: number | undefined
  readonly minusInfinity: string
  readonly minusNaN: string
  /** The names that stand for numbers, alone and among arguments. */
  readonly numberNames: Readonly<Record<string, number>>
  readonly argumentNames: Readonly<Record<string, number>>
  /** The name of each type, undefined where this version has no such type. Indexed by `VariantType`. */
  readonly nameOf: readonly (string | undefined)[]
  /** The type behind each name that the version reads, older spellings too. */
  readonly typeNamed: ReadonlyMap<string, VariantType>
  /** Components of keys that differ by next to nothing count as equal. */
  readonly ordersRoughly: boolean
  /** What 3.2 makes of half a surrogate pair in a string: keeps it; 3.6 puts a blank; Godot 4 refuses it. */
  readonly loneSurrogate: 'keep' | 'blank' | 'refuse'
}

/** In a call of their own, so that a bundle that has no use for them leaves them out. */
const DIALECTS = /* @__PURE__ */ (() => {
  const NAMES_3: Partial<Record<VariantType, string>> = {
    [T.RECT2]: 'Rect2',
    [T.QUATERNION]: 'Quat',
    [T.TRANSFORM3D]: 'Transform',
    [T.PACKED_BYTE_ARRAY]: 'PoolByteArray',
    [T.PACKED_INT32_ARRAY]: 'PoolIntArray',
    [T.PACKED_FLOAT32_ARRAY]: 'PoolRealArray',
    [T.PACKED_STRING_ARRAY]: 'PoolStringArray',
    [T.PACKED_VECTOR2_ARRAY]: 'PoolVector2Array',
    [T.PACKED_VECTOR3_ARRAY]: 'PoolVector3Array',
    [T.PACKED_COLOR_ARRAY]: 'PoolColorArray',
  }

  /** Of these Godot 3 knows nothing. */
  const ONLY_4: readonly VariantType[] = [
    T.VECTOR2I,
    T.RECT2I,
    T.VECTOR3I,
    T.VECTOR4,
    T.VECTOR4I,
    T.PROJECTION,
    T.STRING_NAME,
    T.CALLABLE,
    T.SIGNAL,
    T.PACKED_INT64_ARRAY,
    T.PACKED_FLOAT64_ARRAY,
    T.PACKED_VECTOR4_ARRAY,
  ]

  /** Spellings that every version still reads: Godot 2's, and Godot 3's own. */
  const OLD_NAMES: readonly (readonly [string, VariantType])[] = [
    ['Matrix32', T.TRANSFORM2D],
    ['Quat', T.QUATERNION],
    ['Rect3', T.AABB],
    ['Matrix3', T.BASIS],
    ['Transform', T.TRANSFORM3D],
    ['PoolByteArray', T.PACKED_BYTE_ARRAY],
    ['ByteArray', T.PACKED_BYTE_ARRAY],
    ['PoolIntArray', T.PACKED_INT32_ARRAY],
    ['IntArray', T.PACKED_INT32_ARRAY],
    ['PoolRealArray', T.PACKED_FLOAT32_ARRAY],
    ['FloatArray', T.PACKED_FLOAT32_ARRAY],
    ['PoolStringArray', T.PACKED_STRING_ARRAY],
    ['StringArray', T.PACKED_STRING_ARRAY],
    ['PoolVector2Array', T.PACKED_VECTOR2_ARRAY],
    ['Vector2Array', T.PACKED_VECTOR2_ARRAY],
    ['PoolVector3Array', T.PACKED_VECTOR3_ARRAY],
    ['Vector3Array', T.PACKED_VECTOR3_ARRAY],
    ['PoolColorArray', T.PACKED_COLOR_ARRAY],
    ['ColorArray', T.PACKED_COLOR_ARRAY],
  ]

  /** What 3.6 reads so that scenes of Godot 4 open; both widths of a number become the one it has. */
  const NAMES_OF_4_IN_36: readonly (readonly [string, VariantType])[] = [
    ['PackedByteArray', T.PACKED_BYTE_ARRAY],
    ['PackedInt32Array', T.PACKED_INT32_ARRAY],
    ['PackedInt64Array', T.PACKED_INT32_ARRAY],
    ['PackedFloat32Array', T.PACKED_FLOAT32_ARRAY],
    ['PackedFloat64Array', T.PACKED_FLOAT32_ARRAY],
    ['PackedStringArray', T.PACKED_STRING_ARRAY],
    ['PackedVector2Array', T.PACKED_VECTOR2_ARRAY],
    ['PackedVector3Array', T.PACKED_VECTOR3_ARRAY],
    ['PackedColorArray', T.PACKED_COLOR_ARRAY],
  ]

  const NAMES_4: readonly (readonly [string, VariantType])[] = [
    ...OLD_NAMES,
    ['PackedIntArray', T.PACKED_INT32_ARRAY],
    ['PackedRealArray', T.PACKED_FLOAT32_ARRAY],
    ['Vector4Array', T.PACKED_VECTOR4_ARRAY],
  ]

  /** The types of which a text says what they are: the others have signs or words of their own. */
  const CALLED = VARIANT_TYPE_NAMES.map((name, type) => [name, type as VariantType] as const).filter(
    ([, type]) => type >= T.VECTOR2 && type !== T.STRING_NAME,
  )

  const { POSITIVE_INFINITY: INF, NEGATIVE_INFINITY: MINUS_INF, NaN: NAN } = Number

  const GODOT_4: TextDialect = {
    version: 4,
    pad: '',
    emptyDictionary: '{}',
    deepest: 100,
    minusInfinity: 'inf_neg',
    minusNaN: 'nan',
    numberNames: { inf: INF, inf_neg: MINUS_INF, '-inf': MINUS_INF, nan: NAN },
    argumentNames: { inf: INF, inf_neg: MINUS_INF, '-inf': MINUS_INF, nan: NAN },
    nameOf: VARIANT_TYPE_NAMES,
    typeNamed: new Map([...NAMES_4, ...CALLED]),
    ordersRoughly: false,
    loneSurrogate: 'refuse',
  }

  const nameOf3 = VARIANT_TYPE_NAMES.map((name, type) =>
    ONLY_4.includes(type as VariantType) ? undefined : (NAMES_3[type as VariantType] ?? name),
  )

  const CALLED_3 = CALLED.filter(([name, type]) => nameOf3[type] === name)

  const GODOT_36: TextDialect = {
    version: 3,
    pad: ' ',
    emptyDictionary: '{\n}',
    deepest: 100,
    minusInfinity: 'inf_neg',
    minusNaN: 'nan',
    numberNames: { inf: INF, inf_neg: MINUS_INF, nan: NAN },
    argumentNames: { inf: INF, inf_neg: MINUS_INF, nan: NAN },
    nameOf: nameOf3,
    typeNamed: new Map([...OLD_NAMES, ...NAMES_OF_4_IN_36, ...CALLED_3]),
    ordersRoughly: false,
    loneSurrogate: 'blank',
  }

  const GODOT_32: TextDialect = {
    ...GODOT_36,
    emptyDictionary: '{\n\n}',
    deepest: undefined,
    minusInfinity: '-inf',
    minusNaN: '-nan.0',
    numberNames: { inf: INF, nan: NAN },
    argumentNames: {},
    typeNamed: new Map([...OLD_NAMES, ...CALLED_3]),
    ordersRoughly: true,
    loneSurrogate: 'keep',
  }

  return { '4': GODOT_4, '3.6': GODOT_36, '3.2': GODOT_32 }
})()

/** The newest of a version. */
export function newestDialect(version: 3 | 4): TextDialect {
  return DIALECTS[version === 4 ? '4' : '3.6']
}

/** @throws `VARIANT_BAD_OPTION` */
export function textDialectOf({ version = 4, target }: StrVersion): TextDialect {
  if (version !== 4 && version !== 3) {
    throw variantError('VARIANT_BAD_OPTION', { option: 'version', value: version, expected: '3 or 4' })
  }
  if (target === undefined) return newestDialect(version)
  if (version === 3 && (target === '3.2' || target === '3.6')) return DIALECTS[target]
  const expected = version === 3 ? '3.2 or 3.6' : 'left out but for Godot 3'
  throw variantError('VARIANT_BAD_OPTION', { option: 'target', value: target, expected })
}
