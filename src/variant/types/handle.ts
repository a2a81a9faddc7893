/** RID, Object, Callable, Signal: what points into a running engine. */
import type { Decoder } from '../decoder.js'
import type { Encoder } from '../encoder.js'
import { fail, failAt } from '../fault.js'
import { Room } from '../room.js'
import { Callable, Dictionary, EncodedObjectAsID, GodotObject, RID, Signal } from '../values/index.js'
import { VariantType } from '../variant-type.js'
import { OBJECT_AS_ID } from './header.js'
import { readText, writeText } from './text.js'

const LARGEST_ID = 0xffffffffffffffffn

function checkId(what: string, id: bigint): bigint {
  if (typeof id === 'bigint' && id >= 0n && id <= LARGEST_ID) return id
  fail('VARIANT_OUT_OF_RANGE', { what, value: id, expected: 'a bigint from 0 to 2^64 - 1' })
}

export function writeRID(e: Encoder, rid: RID): void {
  e.writeHeader(VariantType.RID, 0)
  if (e.dialect.ridHasId) e.writeBigUint64(checkId('The id of an RID', rid.id))
}

export function readRID(d: Decoder): RID {
  return new RID(d.dialect.ridHasId ? d.readBigUint64() : 0n)
}

export function writeObject(e: Encoder, object: EncodedObjectAsID | GodotObject, depth: number): void {
  if (!e.dialect.hasObjects) {
    if ('className' in object) e.refuse('full Object')
    return e.writeHeader(VariantType.OBJECT, 0)
  }
  if ('objectId' in object) {
    e.writeHeader(VariantType.OBJECT, OBJECT_AS_ID)
    e.writeBigUint64(checkId('The id of an Object', object.objectId))
    return
  }
  if (!e.objects) fail('VARIANT_OBJECT_NOT_ALLOWED')
  e.writeHeader(VariantType.OBJECT, 0)
  writeText(e, object.className)
  e.writeUint32(object.properties.size)
  e.enter(e.length, object, object.properties.size, depth)
  let property = ''
  try {
    for (const [name, value] of object.properties) {
      property = String(name)
      writeText(e, property)
      e.makeRoom(e.length, Room.VALUE)
      e.length = e.put(e.length, value, depth + 1)
    }
  } catch (thrown) {
    failAt(thrown, { property }, object)
  }
}

export function readObject(d: Decoder, header: number, depth: number, offset: number): unknown {
  // Exact, it is written again as what it was; else it is the null that Godot 2 makes of it.
  if (!d.dialect.hasObjects) return d.exact ? new EncodedObjectAsID() : null
  if (header & OBJECT_AS_ID) {
    const id = d.readBigUint64()
    return id === 0n ? null : new EncodedObjectAsID(id)
  }
  if (!d.objects) fail('VARIANT_OBJECT_NOT_ALLOWED', { offset })
  const className = readText(d)
  if (className === '') return null
  const count = d.readCount(8)
  const properties = new Dictionary()
  let property = ''
  try {
    for (let i = 0; i < count; i++) {
      property = readText(d)
      properties.set(property, d.readValue(depth + 1))
    }
  } catch (thrown) {
    failAt(thrown, { property })
  }
  return new GodotObject(className, properties)
}

export function writeCallable(e: Encoder): void {
  e.writeHeader(VariantType.CALLABLE, 0)
}

export function readCallable(): Callable {
  return new Callable()
}

export function writeSignal(e: Encoder, signal: Signal): void {
  e.writeHeader(VariantType.SIGNAL, 0)
  writeText(e, signal.name)
  e.writeBigUint64(checkId('The object id of a Signal', signal.objectId))
}

export function readSignal(d: Decoder): Signal {
  const name = readText(d)
  return new Signal(name, d.readBigUint64())
}
