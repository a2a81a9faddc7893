import type { Utf8Dialect } from '../bytes/index.js'
import { Godot2Type, VARIANT_TYPE_NAMES, VariantType, WIRE_TYPE_END, type WireType } from './variant-type.js'

/** The versions of Godot whose bytes are known here. */
export type GodotVersion = 2 | 3 | 4

/** What differs on the wire between two versions of Godot. */
export interface Dialect {
  readonly version: GodotVersion
  /** The type behind each id on the wire. */
  readonly typeOf: readonly WireType[]
  /** The id of each type, -1 where this version has no such type. Indexed by `WireType`. */
  readonly idOf: Int8Array
  readonly text: Utf8Dialect
  /** The bits of a header that are the id. Godot 2 has no flags: all of them. */
  readonly idMask: number
  /** Ints and floats of 8 bytes: not in Godot 2. */
  readonly hasWideNumbers: boolean
  /** Objects as an id or in full: Godot 2 writes no more than that it was one. */
  readonly hasObjects: boolean
  /** Godot 2: shared containers are marked, the padding of a String may be missing, a NodePath may be a plain text. */
  readonly isGodot2: boolean
  /** Godot 4 carries an RID's number, Godot 3 only that it is one. */
  readonly ridHasId: boolean
  /** Header bits for typed containers and for components of 8 bytes are Godot 4's. */
  readonly hasTypedContainers: boolean
  readonly hasWideComponents: boolean
}

const T = VariantType

/** Godot 4: the ids are the numbers of VariantType. */
const IDS_4: readonly VariantType[] = VARIANT_TYPE_NAMES.map((_, id) => id as VariantType)

/** Godot 3: the Pool arrays are Godot 4's Packed arrays under their older names. */
const IDS_3: readonly VariantType[] = [
  T.NIL,
  T.BOOL,
  T.INT,
  T.FLOAT,
  T.STRING,
  T.VECTOR2,
  T.RECT2,
  T.VECTOR3,
  T.TRANSFORM2D,
  T.PLANE,
  T.QUATERNION,
  T.AABB,
  T.BASIS,
  T.TRANSFORM3D,
  T.COLOR,
  T.NODE_PATH,
  T.RID,
  T.OBJECT,
  T.DICTIONARY,
  T.ARRAY,
  T.PACKED_BYTE_ARRAY,
  T.PACKED_INT32_ARRAY,
  T.PACKED_FLOAT32_ARRAY,
  T.PACKED_STRING_ARRAY,
  T.PACKED_VECTOR2_ARRAY,
  T.PACKED_VECTOR3_ARRAY,
  T.PACKED_COLOR_ARRAY,
]

/** Godot 2: as Godot 3, with the Image among the first and the InputEvent before the containers. */
const IDS_2: readonly WireType[] = [
  T.NIL,
  T.BOOL,
  T.INT,
  T.FLOAT,
  T.STRING,
  T.VECTOR2,
  T.RECT2,
  T.VECTOR3,
  T.TRANSFORM2D,
  T.PLANE,
  T.QUATERNION,
  T.AABB,
  T.BASIS,
  T.TRANSFORM3D,
  T.COLOR,
  Godot2Type.IMAGE,
  T.NODE_PATH,
  T.RID,
  T.OBJECT,
  Godot2Type.INPUT_EVENT,
  T.DICTIONARY,
  T.ARRAY,
  T.PACKED_BYTE_ARRAY,
  T.PACKED_INT32_ARRAY,
  T.PACKED_FLOAT32_ARRAY,
  T.PACKED_STRING_ARRAY,
  T.PACKED_VECTOR2_ARRAY,
  T.PACKED_VECTOR3_ARRAY,
  T.PACKED_COLOR_ARRAY,
]

function idsOf(types: readonly WireType[]): Int8Array {
  const ids = new Int8Array(WIRE_TYPE_END).fill(-1)
  types.forEach((type, id) => {
    ids[type] = id
  })
  return ids
}

const GODOT_4: Dialect = {
  version: 4,
  typeOf: IDS_4,
  idOf: /* @__PURE__ */ idsOf(IDS_4),
  text: 'strict',
  idMask: 0xff,
  hasWideNumbers: true,
  hasObjects: true,
  isGodot2: false,
  ridHasId: true,
  hasTypedContainers: true,
  hasWideComponents: true,
}

const GODOT_3: Dialect = {
  version: 3,
  typeOf: IDS_3,
  idOf: /* @__PURE__ */ idsOf(IDS_3),
  text: 'lenient',
  idMask: 0xff,
  hasWideNumbers: true,
  hasObjects: true,
  isGodot2: false,
  ridHasId: false,
  hasTypedContainers: false,
  hasWideComponents: false,
}

const GODOT_2: Dialect = {
  version: 2,
  typeOf: IDS_2,
  idOf: /* @__PURE__ */ idsOf(IDS_2),
  text: 'lenient',
  idMask: 0xffffffff,
  hasWideNumbers: false,
  hasObjects: false,
  isGodot2: true,
  ridHasId: false,
  hasTypedContainers: false,
  hasWideComponents: false,
}

export const DIALECTS: Readonly<Record<GodotVersion, Dialect>> = { 2: GODOT_2, 3: GODOT_3, 4: GODOT_4 }
