/** Array and Dictionary, with the element types that Godot 4 can give them. */
import type { Decoder } from '../decoder.js'
import type { Encoder } from '../encoder.js'
import { variantError } from '../errors.js'
import { Dictionary, describeKey, StringName, TypedArray } from '../values/index.js'
import { type ContainerType, VARIANT_TYPE_NAMES, VariantType } from '../variant-type.js'
import { KIND_BUILTIN, KIND_CLASS, KIND_MASK, KIND_NONE, KIND_SCRIPT, KIND_SHIFT, VALUE_KIND_SHIFT } from './header.js'
import { writeFloat } from './scalar.js'
import { readText, writeText } from './text.js'

/** What Objects become without permission for more, and so what an Array of any Object class is typed with. */
const ID_CLASS: ContainerType = { className: 'EncodedObjectAsID' }

/**
 * The type as these options write it: without objects the engine names one class for all classes and scripts, while a
 * bare OBJECT stays a number either way.
 */
function writtenType(e: Encoder, type: ContainerType | undefined): ContainerType | undefined {
  if (type === undefined || type === VariantType.NIL) return undefined
  if (!e.dialect.hasTypedContainers) {
    throw variantError('VARIANT_NOT_IN_VERSION', { version: e.dialect.version, type: 'typed Array or Dictionary' })
  }
  return !e.objects && typeof type === 'object' ? ID_CLASS : type
}

function kindOf(type: ContainerType | undefined): number {
  if (type === undefined) return KIND_NONE
  if (typeof type === 'number') return KIND_BUILTIN
  return 'className' in type ? KIND_CLASS : KIND_SCRIPT
}

function writeContainerType(e: Encoder, type: ContainerType | undefined): void {
  if (type === undefined) return
  if (typeof type === 'object') return writeText(e, 'className' in type ? type.className : type.script)
  if (e.dialect.idOf[type] === undefined) {
    throw variantError('VARIANT_BAD_CONTAINER_TYPE', { type, offset: e.length })
  }
  e.writeUint32(e.dialect.idOf[type]!)
}

function readContainerType(d: Decoder, kind: number): ContainerType | undefined {
  if (kind === KIND_NONE || !d.dialect.hasTypedContainers) return undefined
  const offset = d.offset
  if (kind === KIND_BUILTIN) {
    const id = d.readUint32()
    const type = d.dialect.typeOf[id]
    if (type === undefined) throw variantError('VARIANT_BAD_CONTAINER_TYPE', { type: id, offset })
    if (type === VariantType.NIL) return undefined
    return type === VariantType.OBJECT && !d.objects ? ID_CLASS : type
  }
  const name = readText(d)
  if (!d.objects) return ID_CLASS
  return kind === KIND_CLASS ? { className: name } : { script: name }
}

/** Writes an element of a typed container; a plain number in a container of floats is a float. */
function writeElement(e: Encoder, value: unknown, type: ContainerType | undefined, depth: number): void {
  if (type === undefined) return e.writeValue(value, depth)
  if (type === VariantType.FLOAT && typeof value === 'number') return writeFloat(e, value)
  const at = e.length
  e.writeValue(value, depth)
  const written = e.dialect.typeOf[e.bytes[at]!]!
  const wanted = typeof type === 'object' ? VariantType.OBJECT : type
  // The engine drops what does not fit when it reads: refused here, where somebody can still see it.
  if (written !== wanted && !(wanted === VariantType.OBJECT && written === VariantType.NIL)) {
    throw variantError('VARIANT_UNSUPPORTED', {
      what: `a ${VARIANT_TYPE_NAMES[written]} among elements of type ${VARIANT_TYPE_NAMES[wanted]}`,
    })
  }
}

export function writeArray(e: Encoder, array: readonly unknown[], depth: number): void {
  const type = writtenType(e, (array as Partial<TypedArray>).elementType)
  e.writeHeader(VariantType.ARRAY, kindOf(type) << KIND_SHIFT)
  writeContainerType(e, type)
  e.writeUint32(array.length)
  for (let i = 0; i < array.length; i++) writeElement(e, array[i], type, depth + 1)
}

export function readArray(d: Decoder, header: number, depth: number): unknown[] {
  const type = readContainerType(d, (header >>> KIND_SHIFT) & KIND_MASK)
  const count = d.readCount(4)
  const array: unknown[] = type === undefined ? [] : new TypedArray(type)
  for (let i = 0; i < count; i++) array.push(d.readValue(depth + 1))
  return array
}

export function writeDictionary(e: Encoder, dictionary: Dictionary, depth: number): void {
  const keyType = writtenType(e, dictionary.keyType)
  const valueType = writtenType(e, dictionary.valueType)
  e.writeHeader(VariantType.DICTIONARY, (kindOf(keyType) << KIND_SHIFT) | (kindOf(valueType) << VALUE_KIND_SHIFT))
  writeContainerType(e, keyType)
  writeContainerType(e, valueType)
  e.writeUint32(dictionary.size)
  for (const [key, value] of dictionary) {
    writeElement(e, key, keyType, depth + 1)
    writeElement(e, value, valueType, depth + 1)
  }
}

export function writeMap(e: Encoder, map: ReadonlyMap<unknown, unknown>, depth: number): void {
  // By way of a Dictionary: a Map may hold two keys that are one key in Godot.
  writeDictionary(e, new Dictionary(map), depth)
}

export function writePlainObject(e: Encoder, object: Readonly<Record<string, unknown>>, depth: number): void {
  const keys = Object.keys(object)
  e.writeHeader(VariantType.DICTIONARY, 0)
  e.writeUint32(keys.length)
  for (const key of keys) {
    e.writeHeader(VariantType.STRING, 0)
    writeText(e, key)
    e.writeValue(object[key], depth + 1)
  }
}

export function readDictionary(d: Decoder, header: number, depth: number): unknown {
  const keyType = readContainerType(d, (header >>> KIND_SHIFT) & KIND_MASK)
  const valueType = readContainerType(d, (header >>> VALUE_KIND_SHIFT) & KIND_MASK)
  const count = d.readCount(8)
  if (d.asObject) return readObjectEntries(d, count, depth)
  const dictionary = new Dictionary(null, {
    ...(keyType !== undefined && { keyType }),
    ...(valueType !== undefined && { valueType }),
  })
  for (let i = 0; i < count; i++) {
    const key = d.readKey(depth + 1)
    dictionary.set(key, d.readValue(depth + 1))
  }
  return dictionary
}

function readObjectEntries(d: Decoder, count: number, depth: number): Record<string, unknown> {
  const object: Record<string, unknown> = Object.create(null)
  for (let i = 0; i < count; i++) {
    const offset = d.offset
    const key = d.readKey(depth + 1)
    const text = key instanceof StringName ? key.text : key
    if (typeof text !== 'string') throw variantError('VARIANT_KEY_NOT_STRING', { ...describeKey(key), offset })
    object[text] = d.readValue(depth + 1)
  }
  return object
}
