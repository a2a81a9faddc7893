import type { Utf8Dialect } from '../bytes/index.js'
import { Godot2Type, VARIANT_TYPE_NAMES, VariantType, WIRE_TYPE_END, type WireType } from './variant-type.js'

/** The versions of Godot whose bytes are known here. */
export type GodotVersion = 2 | 3 | 4

/** What differs on the wire between two versions of Godot. */
export interface Dialect {
  readonly version: GodotVersion
  /** The type behind each id on the wire. */
  readonly typeOf: readonly WireType[]
  /** The same for any byte, with NO_TYPE where there is none. */
  readonly typeTable: Uint8Array
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

/** Godot 4: the ids are the numbers of VariantType. */
const TYPES_4: readonly VariantType[] = /* @__PURE__ */ VARIANT_TYPE_NAMES.map((_, id) => id as VariantType)

/** What Godot 3 has no type for. The others stand in the same order there; the Pool arrays are the Packed arrays of 4. */
const NEW_IN_4: readonly VariantType[] = [
  VariantType.VECTOR2I,
  VariantType.RECT2I,
  VariantType.VECTOR3I,
  VariantType.VECTOR4,
  VariantType.VECTOR4I,
  VariantType.PROJECTION,
  VariantType.STRING_NAME,
  VariantType.CALLABLE,
  VariantType.SIGNAL,
  VariantType.PACKED_INT64_ARRAY,
  VariantType.PACKED_FLOAT64_ARRAY,
  VariantType.PACKED_VECTOR4_ARRAY,
]

const TYPES_3: readonly VariantType[] = /* @__PURE__ */ TYPES_4.filter((type) => !NEW_IN_4.includes(type))

/** Godot 2: as Godot 3, with the Image among the first and the InputEvent before the containers. */
const TYPES_2: readonly WireType[] = /* @__PURE__ */ TYPES_3.flatMap((type): WireType[] => {
  if (type === VariantType.NODE_PATH) return [Godot2Type.IMAGE, type]
  return type === VariantType.DICTIONARY ? [Godot2Type.INPUT_EVENT, type] : [type]
})

/** No WireType. */
export const NO_TYPE = 255

/** A dialect without types. */
export const NO_TYPES: Uint8Array = /* @__PURE__ */ tableOf([])

function tableOf(types: readonly WireType[]): Uint8Array {
  const table = new Uint8Array(256).fill(NO_TYPE)
  table.set(types)
  return table
}

function idsOf(types: readonly WireType[]): Int8Array {
  const ids = new Int8Array(WIRE_TYPE_END).fill(-1)
  types.forEach((type, id) => {
    ids[type] = id
  })
  return ids
}

function dialectOf(version: GodotVersion, types: readonly WireType[]): Dialect {
  const isGodot2 = version === 2
  const isGodot4 = version === 4
  return {
    version,
    typeOf: types,
    typeTable: tableOf(types),
    idOf: idsOf(types),
    text: isGodot4 ? 'strict' : 'lenient',
    idMask: isGodot2 ? 0xffffffff : 0xff,
    hasWideNumbers: !isGodot2,
    hasObjects: !isGodot2,
    isGodot2,
    ridHasId: isGodot4,
    hasTypedContainers: isGodot4,
    hasWideComponents: isGodot4,
  }
}

export const DIALECTS: Readonly<Record<GodotVersion, Dialect>> = {
  2: /* @__PURE__ */ dialectOf(2, TYPES_2),
  3: /* @__PURE__ */ dialectOf(3, TYPES_3),
  4: /* @__PURE__ */ dialectOf(4, TYPES_4),
}
