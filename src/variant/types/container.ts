/** Array and Dictionary, with the element types that Godot 4 can give them. */
import type { Decoder } from '../decoder.js'
import type { Encoder } from '../encoder.js'
import { fail, failAt } from '../fault.js'
import { Room } from '../room.js'
import {
  Dictionary,
  type DictionaryTypes,
  describeKey,
  type KeyList,
  Nothing,
  type Properties,
  StringName,
  TypedArray,
} from '../values/index.js'
import { type ContainerType, typeName, VariantType } from '../variant-type.js'
import { convert, NONE } from './convert.js'
import {
  KIND_BUILTIN,
  KIND_CLASS,
  KIND_MASK,
  KIND_NONE,
  KIND_SCRIPT,
  KIND_SHIFT,
  SHARED_MARK,
  VALUE_KIND_SHIFT,
} from './header.js'
import { putFloat } from './scalar.js'
import { readText, writeText } from './text.js'

/** What Objects become without permission for more, and so what an Array of any Object class is typed with. */
const ID_CLASS: ContainerType = { className: 'EncodedObjectAsID' }

/** The first releases of Godot 4 that write and read the types of Arrays and of Dictionaries (minor version). */
const TYPED_ARRAYS = 2
const TYPED_DICTIONARIES = 4

/**
 * The type that the elements have: without objects the engine names one class for all classes and scripts, while a bare
 * OBJECT stays a number either way.
 */
function typeOfElements(e: Encoder, type: ContainerType | undefined): ContainerType | undefined {
  if (type === undefined || type === VariantType.NIL) return undefined
  if (!e.dialect.hasTypedContainers) e.refuse('typed Array or Dictionary')
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
  const id = e.dialect.idOf[type]
  if (id === undefined || id < 0) fail('VARIANT_BAD_CONTAINER_TYPE', { type, offset: e.length })
  e.writeUint32(id)
}

function readContainerType(d: Decoder, kind: number): ContainerType | undefined {
  if (kind === KIND_NONE || !d.dialect.hasTypedContainers) return undefined
  const offset = d.offset
  if (kind === KIND_BUILTIN) {
    const id = d.readUint32()
    const type = d.dialect.typeOf[id] as VariantType | undefined
    if (type === undefined) fail('VARIANT_BAD_CONTAINER_TYPE', { type: id, offset })
    if (type === VariantType.NIL) return undefined
    return type === VariantType.OBJECT && !d.objects ? ID_CLASS : type
  }
  const name = readText(d)
  if (!d.objects) return ID_CLASS
  return kind === KIND_CLASS ? { className: name } : { script: name }
}

/** Objects of whichever class or script are Objects. */
function variantTypeOf(type: ContainerType): VariantType {
  return typeof type === 'object' ? VariantType.OBJECT : type
}

/** The count of a container; Godot 2 marks those that are shared, and all are that a script made. */
function markedCount(e: Encoder, count: number, container: object): number {
  return e.dialect.isGodot2 && !isUnshared(container) ? (count | SHARED_MARK) >>> 0 : count
}

/** On containers whose bytes of Godot 2 lacked the mark of shared ones, so that they are written without it again. */
const UNSHARED: unique symbol = Symbol.for('godot-wire.unshared') as never

function isUnshared(container: object): boolean {
  return UNSHARED in container
}

/** Of a container of Godot 2. */
function keepMark(d: Decoder, countAt: number, container: object): void {
  if (!d.exact) return
  if ((d.view.getUint32(countAt, true) & SHARED_MARK) === 0) Object.defineProperty(container, UNSHARED, { value: true })
}

/** Puts an element of a typed container; a plain number in a container of floats is a float. */
function putElement(e: Encoder, at: number, value: unknown, type: ContainerType | undefined, depth: number): number {
  e.makeRoom(at, Room.VALUE)
  if (type === undefined) return e.put(at, value, depth)
  if (type === VariantType.FLOAT && typeof value === 'number') return putFloat(e, at, value)
  const end = e.put(at, value, depth)
  const written = e.dialect.typeOf[e.bytes[at]!]!
  const wanted = variantTypeOf(type)
  // The engine drops what does not fit when it reads: refused here, where somebody can still see it.
  if (written !== wanted && !(wanted === VariantType.OBJECT && written === VariantType.NIL)) {
    fail('VARIANT_UNSUPPORTED', { what: `a ${typeName(written)} among elements of type ${typeName(wanted)}` })
  }
  return end
}

/**
 * Reads an element of an Array or a key of a Dictionary. One of another type becomes what the engine makes of it, or
 * NONE where the engine leaves it out (ContainerTypeValidate in core/variant/container_type_validate.h).
 */
export function readElement(d: Decoder, type: ContainerType | undefined, depth: number): unknown {
  if (type === undefined) return d.readValue(depth)
  const from = d.peekType()
  const value = d.readValue(depth)
  const to = variantTypeOf(type)
  if (from === to) return value
  const element = convert(value, from!, to, d.exact)
  // A packed array that became an Array has elements now.
  if (Array.isArray(element)) d.charge(element.length)
  return element
}

export function putArray(e: Encoder, start: number, array: readonly unknown[], depth: number): number {
  const { elementType } = array as Partial<TypedArray>
  if (elementType !== undefined) return putTypedArray(e, start, array, elementType, depth)
  const count = array.length
  e.setInt32x2(start, e.arrayId, e.isGodot2 ? markedCount(e, count, array) : count)
  e.enter(start, array, count, depth)
  let at = start + 8
  let i = 0
  try {
    for (; i < array.length; i++) {
      e.makeRoom(at, Room.VALUE)
      at = e.put(at, array[i], depth + 1)
    }
  } catch (thrown) {
    failAt(thrown, { index: i }, array)
  }
  return at
}

function putTypedArray(
  e: Encoder,
  start: number,
  array: readonly unknown[],
  elementType: ContainerType,
  depth: number,
): number {
  e.length = start
  const type = typeOfElements(e, elementType)
  // A release that knows no types gets none, as it writes none; the elements are the same.
  const named = e.minor < TYPED_ARRAYS ? undefined : type
  e.writeHeader(VariantType.ARRAY, kindOf(named) << KIND_SHIFT)
  writeContainerType(e, named)
  e.writeUint32(markedCount(e, array.length, array))
  let at = e.length
  e.enter(at, array, array.length, depth)
  let i = 0
  try {
    for (; i < array.length; i++) at = putElement(e, at, array[i], type, depth + 1)
  } catch (thrown) {
    failAt(thrown, { index: i }, array)
  }
  return at
}

export function readArray(d: Decoder, header: number, depth: number): unknown[] {
  const type = readContainerType(d, (header >>> KIND_SHIFT) & KIND_MASK)
  if (type === undefined) return readBareArray(d, depth)
  const count = d.readCount(4)
  const array = new TypedArray(type)
  let i = 0
  try {
    for (; i < count; i++) {
      const element = readElement(d, type, depth + 1)
      if (element !== NONE) array.push(element)
    }
  } catch (thrown) {
    failAt(thrown, { index: i })
  }
  return array
}

/** Room for so many elements may be taken before they are seen; containers inside containers cannot take it again and again. */
const MOST_AT_ONCE = 32

/** An Array without a type, from its count on. */
export function readBareArray(d: Decoder, depth: number): unknown[] {
  const countAt = d.offset
  const count = d.readCount(4)
  const array: unknown[] = count <= MOST_AT_ONCE ? new Array(count) : []
  if (d.dialect.isGodot2) keepMark(d, countAt, array)
  let i = 0
  try {
    for (; i < count; i++) array[i] = d.readElement(depth + 1)
  } catch (thrown) {
    failAt(thrown, { index: i })
  }
  return array
}

/** @param container what the value holds: the Dictionary itself, or the Map that it was made of */
export function putDictionary(
  e: Encoder,
  start: number,
  dictionary: Dictionary,
  depth: number,
  container: object = dictionary,
): number {
  const keyType = typeOfElements(e, dictionary.keyType)
  const valueType = typeOfElements(e, dictionary.valueType)
  e.length = start
  writeDictionaryHeader(e, keyType, valueType)
  e.writeUint32(markedCount(e, dictionary.size, dictionary))
  e.enter(e.length, container, dictionary.size, depth)
  const keys = dictionary.sharedKeys
  if (keys !== undefined && keyType === undefined && valueType === undefined) {
    return putShared(e, e.length, keys, dictionary.sharedValues!, depth + 1, container)
  }
  let entry = e.keys.head(depth)
  let at = e.length
  let place = -1
  let inKey = true
  let current: unknown
  try {
    for (const [key, value] of dictionary) {
      place++
      inKey = true
      if (typeof key === 'string' && keyType === undefined) {
        entry = e.keys.behind(entry, key)
        at = e.putEntry(at, entry, key)
      } else at = putElement(e, at, key, keyType, depth + 1)
      current = key
      inKey = false
      // Values lie in one another as deep as a value may be: no call in between that is not needed.
      if (valueType === undefined) {
        e.makeRoom(at, Room.VALUE)
        at = e.put(at, value, depth + 1)
      } else at = putElement(e, at, value, valueType, depth + 1)
    }
  } catch (thrown) {
    failAt(thrown, inKey ? { keyAt: place } : { key: current }, container)
  }
  return at
}

/** The entries of a Dictionary as it was decoded: its keys are bytes already. */
function putShared(
  e: Encoder,
  start: number,
  keys: KeyList,
  values: readonly unknown[],
  depth: number,
  container: object,
): number {
  let at = start
  let place = 0
  try {
    for (; place < values.length; place++) {
      e.makeRoom(at, Room.ENTRY)
      at = e.putKnown(at, keys.known[place]!)
      at = e.put(at, values[place], depth)
    }
  } catch (thrown) {
    failAt(thrown, { key: keys.textAt(place) }, container)
  }
  return at
}

function writeDictionaryHeader(e: Encoder, keyType: ContainerType | undefined, valueType: ContainerType | undefined) {
  const named = e.minor >= TYPED_DICTIONARIES
  const kinds = named ? (kindOf(keyType) << KIND_SHIFT) | (kindOf(valueType) << VALUE_KIND_SHIFT) : 0
  e.writeHeader(VariantType.DICTIONARY, kinds)
  if (!named) return
  writeContainerType(e, keyType)
  writeContainerType(e, valueType)
}

/** An object of this realm's own, or without a prototype. */
export function putPlainObject(
  e: Encoder,
  start: number,
  object: Readonly<Record<string, unknown>>,
  depth: number,
): number {
  if (!e.inOrder) return putCountedObject(e, start, object, depth)
  e.setInt32(start, e.dictionaryId)
  e.watch(object, depth)
  const { keys } = e
  let entry = keys.head(depth)
  let at = start + 8
  let count = 0
  let property = ''
  try {
    // Without a list of the keys, and where the property lies comes with its name.
    for (property in object) {
      const value = object[property]
      const { next } = entry
      entry = next !== undefined && next.text === property ? next : keys.behind(entry, property)
      e.makeRoom(at, Room.ENTRY)
      at = entry.size > 0 ? e.putKnown(at, entry) : e.putUnknown(at, property)
      at = e.put(at, value, depth + 1)
      count++
    }
  } catch (thrown) {
    failAt(thrown, { property }, object)
  }
  e.setInt32(start + 4, e.isGodot2 ? markedCount(e, count, object) : count)
  return at
}

/** Any object that is plain, with the elements counted before they are written. */
export function putCountedObject(
  e: Encoder,
  start: number,
  object: Readonly<Record<string, unknown>>,
  depth: number,
): number {
  const properties = Object.keys(object)
  e.setInt32x2(start, e.dictionaryId, markedCount(e, properties.length, object))
  e.enter(start, object, properties.length, depth)
  let entry = e.keys.head(depth)
  let at = start + 8
  let property = ''
  try {
    for (property of properties) {
      entry = e.keys.behind(entry, property)
      at = e.putEntry(at, entry, property)
      at = e.put(at, object[property], depth + 1)
    }
  } catch (thrown) {
    failAt(thrown, { property }, object)
  }
  return at
}

/** Dictionaries with more keys are not compared with others. */
const MOST_SHARED = 32

/** A Dictionary with types, or one of Godot 2, or one too deep to hold anything. */
export function readDictionary(d: Decoder, header: number, depth: number): unknown {
  const keyType = readContainerType(d, (header >>> KIND_SHIFT) & KIND_MASK)
  const valueType = readContainerType(d, (header >>> VALUE_KIND_SHIFT) & KIND_MASK)
  const countAt = d.offset
  const count = d.readCount(8)
  if (d.asObject) return readObjectEntries(d, new Nothing(), 0, count, keyType, depth)
  const isTyped = keyType !== undefined || valueType !== undefined
  const dictionary = new Dictionary(null, isTyped ? typesOf(keyType, valueType) : undefined)
  if (d.dialect.isGodot2) keepMark(d, countAt, dictionary)
  return readEntries(d, dictionary, 0, count, keyType, depth)
}

function typesOf(keyType: ContainerType | undefined, valueType: ContainerType | undefined): DictionaryTypes {
  return { ...(keyType !== undefined && { keyType }), ...(valueType !== undefined && { valueType }) }
}

/**
 * A Dictionary without types, from its count on. As long as its keys are those of one before they are compared, not read;
 * the first that is not, and all behind it, are read one by one.
 */
export function readBareDictionary(d: Decoder, depth: number): Dictionary {
  const count = d.readCount(8)
  let next = count > 0 && count <= MOST_SHARED ? d.takeFirstKey() : undefined
  if (next === undefined) return readEntries(d, new Dictionary(), 0, count, undefined, depth)
  const values: unknown[] = new Array(count)
  let step = next
  try {
    while (next !== undefined) {
      step = next
      values[step.count - 1] = d.readUnder(step, depth + 1)
      next = step.count < count ? d.takeNextKey(step) : undefined
    }
  } catch (thrown) {
    failAt(thrown, { key: step.known.text })
  }
  if (step.count === count) return Dictionary.keyed(step.list, values)
  values.length = step.count
  return readEntries(d, Dictionary.keyed(step.list, values), step.count, count, undefined, depth)
}

/** The same with `dictionaryAs: 'object'`. */
export function readBareObject(d: Decoder, depth: number): Properties {
  const count = d.readCount(8)
  const object = new Nothing()
  let next = count > 0 && count <= MOST_SHARED ? d.takeFirstKey() : undefined
  if (next === undefined) return readObjectEntries(d, object, 0, count, undefined, depth)
  let step = next
  try {
    while (next !== undefined) {
      step = next
      object[step.known.text] = d.readUnder(step, depth + 1)
      next = step.count < count ? d.takeNextKey(step) : undefined
    }
  } catch (thrown) {
    failAt(thrown, { key: step.known.text })
  }
  return step.count === count ? object : readObjectEntries(d, object, step.count, count, undefined, depth)
}

/** @param from how many entries there are already */
function readEntries(
  d: Decoder,
  dictionary: Dictionary,
  from: number,
  count: number,
  keyType: ContainerType | undefined,
  depth: number,
): Dictionary {
  let at = from
  let inKey = true
  let key: unknown
  try {
    for (; at < count; at++) {
      inKey = true
      key = d.readKey(depth + 1, keyType)
      inKey = false
      const value = d.readValue(depth + 1)
      if (key !== NONE) dictionary.set(key, value)
    }
  } catch (thrown) {
    failAt(thrown, inKey ? { keyAt: at } : { key })
  }
  return dictionary
}

/** @param from how many entries there are already */
function readObjectEntries(
  d: Decoder,
  object: Properties,
  from: number,
  count: number,
  keyType: ContainerType | undefined,
  depth: number,
): Properties {
  let at = from
  let inKey = true
  let key: unknown
  try {
    for (; at < count; at++) {
      const offset = d.offset
      inKey = true
      key = d.readKey(depth + 1, keyType)
      const text = key instanceof StringName ? key.text : key
      if (typeof text !== 'string' && key !== NONE) fail('VARIANT_KEY_NOT_STRING', { ...describeKey(key), offset })
      inKey = false
      const value = d.readValue(depth + 1)
      if (typeof text === 'string') object[text] = value
    }
  } catch (thrown) {
    failAt(thrown, inKey ? { keyAt: at } : { key })
  }
  return object
}
