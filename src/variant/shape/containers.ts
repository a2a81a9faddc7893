/** What Arrays and Dictionaries have in common: a header, with types in Godot 4, and a count. */
import type { Decoder } from '../decoder.js'
import type { Encoder } from '../encoder.js'
import { fail } from '../fault.js'
import {
  COUNT_MASK,
  KIND_BUILTIN,
  KIND_CLASS,
  KIND_MASK,
  KIND_NONE,
  KIND_SHIFT,
  SHARED_MARK,
  VALUE_KIND_SHIFT,
} from '../types/header.js'
import { readText, writeText } from '../types/text.js'
import { type ContainerType, typeName, VariantType, type WireType } from '../variant-type.js'
import type { Coder } from './coder.js'
import { misfit } from './misfit.js'
import { refuseNext } from './refuse.js'

/** The first releases of Godot 4 that write the types of Arrays and of Dictionaries (minor version). */
const TYPED_ARRAYS = 2
const TYPED_DICTIONARIES = 4

/** Godot 2 marks containers that are shared, and all are that a script made. */
export function markedCount(e: Encoder, count: number): number {
  return e.dialect.isGodot2 ? (count | SHARED_MARK) >>> 0 : count
}

function kindOf(type: ContainerType | undefined): number {
  if (type === undefined) return KIND_NONE
  return typeof type === 'number' ? KIND_BUILTIN : KIND_CLASS
}

function writeType(e: Encoder, type: ContainerType | undefined): void {
  if (typeof type === 'number') e.writeUint32(e.dialect.idOf[type]!)
  else if (type !== undefined && 'className' in type) writeText(e, type.className)
}

/** The header of an Array and its count. */
export function writeArrayHead(e: Encoder, count: number, type: ContainerType | undefined): void {
  if (type !== undefined && !e.dialect.hasTypedContainers) e.refuse('typed Array or Dictionary')
  const named = e.minor < TYPED_ARRAYS ? undefined : type
  e.writeHeader(VariantType.ARRAY, kindOf(named) << KIND_SHIFT)
  writeType(e, named)
  e.writeUint32(markedCount(e, count))
}

/** The header of a Dictionary and its count. */
export function writeDictionaryHead(
  e: Encoder,
  count: number,
  types: readonly [ContainerType, ContainerType] | undefined,
) {
  if (types !== undefined && !e.dialect.hasTypedContainers) e.refuse('typed Array or Dictionary')
  const [key, value] = e.minor < TYPED_DICTIONARIES || types === undefined ? [] : types
  e.writeHeader(VariantType.DICTIONARY, (kindOf(key) << KIND_SHIFT) | (kindOf(value) << VALUE_KIND_SHIFT))
  writeType(e, key)
  writeType(e, value)
  e.writeUint32(markedCount(e, count))
}

/** What the elements of a container on the wire are said to be; undefined where nothing is said. */
export type Said = WireType | undefined

/** A type that the bytes name. A class or a script is an Object: which one is not asked here. */
function readSaid(d: Decoder, kind: number): Said {
  if (kind === KIND_NONE || !d.dialect.hasTypedContainers) return undefined
  if (kind !== KIND_BUILTIN) {
    readText(d)
    return VariantType.OBJECT
  }
  const { offset } = d
  const id = d.readUint32()
  const type = d.dialect.typeOf[id]
  if (type === undefined) fail('VARIANT_BAD_CONTAINER_TYPE', { type: id, offset })
  return type === VariantType.NIL ? undefined : type
}

/** Reads the header of a container of this type; both kinds of Dictionaries and one kind of Arrays. */
export function readSaidTypes(d: Decoder, type: WireType, coder: Coder, depth: number): [first: Said, second: Said] {
  if (d.left < 4 || d.peekType() !== type) refuseNext(d, coder, depth)
  const { offset } = d
  const header = d.readInt32()
  if (d.dialect.isGodot2 && header >>> 8 !== 0) {
    fail('VARIANT_BAD_TYPE', { type: header >>> 0, version: d.dialect.version, offset })
  }
  const first = readSaid(d, (header >>> KIND_SHIFT) & KIND_MASK)
  return [first, type === VariantType.ARRAY ? undefined : readSaid(d, (header >>> VALUE_KIND_SHIFT) & KIND_MASK)]
}

/** The count of elements that must be there, and are counted. */
export function peekCount(d: Decoder): number {
  return d.left < 4 ? 0 : d.view.getInt32(d.offset, true) & COUNT_MASK
}

/**
 * Refuses an element that is of another type than its container says. The engine would convert it, or leave it out; no engine
 * writes it.
 */
export function checkSaid(d: Decoder, said: Said): void {
  if (said === undefined) return
  const type = d.peekType()
  if (type === said || (said === VariantType.OBJECT && type === VariantType.NIL)) return
  const found = type === undefined ? 'what is no value' : typeName(type)
  misfit('VARIANT_SHAPE_TYPE', { expected: `the ${typeName(said)} that its container names`, found, offset: d.offset })
}
