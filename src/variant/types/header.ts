/** The first u32 of every value: the type's id in the low byte, flags from bit 16 on (marshalls.cpp, HEADER_*). */

/** 8 bytes instead of 4: an int64, a float64, components of 8 bytes. For an Object: it is an id, not a full object. */
export const FLAG_64 = 0x10000
export const OBJECT_AS_ID = 0x10000

/** The header of a float of 8 bytes, which is the same in every version that has one. */
export const FLOAT_64 = 0x10003

/** Two bits that say what stands for an element type; keys first, values of a Dictionary two bits further. */
export const KIND_SHIFT = 16
export const VALUE_KIND_SHIFT = 18
export const KIND_MASK = 0b11

export const KIND_NONE = 0
export const KIND_BUILTIN = 1
export const KIND_CLASS = 2
export const KIND_SCRIPT = 3

/** Godot 2 marked shared containers and new NodePaths with the top bit of a count; later engines mask it away. */
export const COUNT_MASK = 0x7fffffff
export const NODE_PATH_MARK = 0x80000000
export const SHARED_MARK = 0x80000000
