// protobuf-es on the same information. What `protoc` would make of a .proto file is made here when the bench starts: fields
// have the shortest type that holds them, lists of numbers are packed.
import assert from 'node:assert/strict'
import { create, createFileRegistry, fromBinary, type Message, toBinary } from '@bufbuild/protobuf'
import {
  FileDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from '@bufbuild/protobuf/wkt'
import { type Other, plain } from './others.js'
import { PAYLOADS } from './payloads.js'

const one = (type: Type) => ({ type, label: Label.OPTIONAL })
const many = (type: Type) => ({ type, label: Label.REPEATED })

const MESSAGES = {
  handshake: { message: one(Type.STRING), from: one(Type.UINT64), version: one(Type.INT32) },
  state: {
    id: one(Type.INT32),
    name: one(Type.STRING),
    pos: many(Type.FLOAT),
    vel: many(Type.FLOAT),
    yaw: one(Type.DOUBLE),
    hp: one(Type.DOUBLE),
    alive: one(Type.BOOL),
    anim: one(Type.STRING),
    inv: many(Type.INT32),
  },
  snapshot: { players: { ...many(Type.MESSAGE), typeName: '.state' } },
} as const

type Payload = keyof typeof MESSAGES

const file = create(FileDescriptorProtoSchema, {
  name: 'payloads.proto',
  syntax: 'proto3',
  messageType: Object.entries(MESSAGES).map(([name, fields]) => ({
    name,
    field: Object.entries(fields).map(([name, field], i) => ({ name, number: i + 1, ...field })),
  })),
})
const registry = createFileRegistry(file, () => undefined)

/** Bytes of protobuf do not say what they are, so that each payload has a codec of its own. */
export function protobufFor(payload: string): Other {
  const schema = registry.getMessage(payload)!
  const fieldsOf = (value: unknown) => (payload === ('snapshot' satisfies Payload) ? { players: value } : value)
  const other: Other = {
    name: 'protobuf-es',
    form: (value) => create(schema, fieldsOf(plain(value)) as Record<string, unknown>),
    encode: (form) => toBinary(schema, form as Message),
    decode: (bytes) => fromBinary(schema, bytes),
  }
  const value = PAYLOADS[payload]!
  const back = withoutNames(other.decode(other.encode(other.form(value))))
  assert.deepEqual(back, fieldsOf(plain(value)), `protobuf-es, ${payload}`)
  return other
}

/** A message as a plain object: each says what it is an example of. */
function withoutNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNames)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).filter(([key]) => key !== '$typeName')
  return Object.fromEntries(fields.map(([key, field]) => [key, withoutNames(field)]))
}
