// What a user would pick instead, each on the same information. Vectors are lists of three numbers to those that know no
// vectors, which is the shortest and quickest that they have for them.
import { Buffer } from 'node:buffer'
import { deserialize, serialize } from 'node:v8'
import { getVar, putVar } from '@gd-com/utils'
import { Decoder as MsgpackDecoder, Encoder as MsgpackEncoder } from '@msgpack/msgpack'
import { Encoder as Cbor } from 'cbor-x'
import { Packr } from 'msgpackr'
import { GodotFloat, type VariantInput, Vector3 } from '../src/variant/index.js'

export interface Other {
  readonly name: string
  /** Its own form of a payload. */
  readonly form: (value: VariantInput) => unknown
  readonly encode: (form: unknown) => Uint8Array
  readonly decode: (bytes: Uint8Array) => unknown
}

const f = Math.fround

/** Lists for vectors, numbers for floats: what every format has. */
export function plain(value: unknown): unknown {
  if (value instanceof Vector3) return [f(value.x), f(value.y), f(value.z)]
  if (value instanceof GodotFloat) return value.value
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
}

function msgpackrWith(useRecords: boolean): Other {
  const packr = new Packr({ useRecords })
  return {
    name: useRecords ? 'msgpackr with records' : 'msgpackr',
    form: plain,
    encode: (form) => packr.pack(form),
    decode: (bytes) => packr.unpack(bytes),
  }
}

function msgpack(): Other {
  const encoder = new MsgpackEncoder({ useBigInt64: true })
  const decoder = new MsgpackDecoder({ useBigInt64: true })
  return {
    name: '@msgpack/msgpack',
    form: plain,
    encode: (form) => encoder.encode(form),
    decode: (b) => decoder.decode(b),
  }
}

function cbor(): Other {
  const cbor = new Cbor({ useRecords: false })
  return {
    name: 'cbor-x',
    form: plain,
    encode: (form) => cbor.encode(form),
    decode: (b) => cbor.decode(Buffer.from(b)),
  }
}

/** A bigint is its digits: JSON has no other word for it. */
function json(): Other {
  const encoder = new TextEncoder()
  const decoder = new TextDecoder()
  const digits = (value: unknown): unknown => {
    if (typeof value === 'bigint') return String(value)
    if (Array.isArray(value)) return value.map(digits)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, digits(item)]))
  }
  return {
    name: 'JSON',
    form: (value) => digits(plain(value)),
    encode: (form) => encoder.encode(JSON.stringify(form)),
    decode: (bytes) => JSON.parse(decoder.decode(bytes)),
  }
}

const v8: Other = {
  name: 'v8.serialize',
  form: plain,
  encode: (form) => serialize(form),
  decode: (b) => deserialize(b),
}

/**
 * The other package that writes Godot 3's bytes. It knows ints of 32 bits, floats of 32 bits, and vectors only where a value
 * is nothing but one, so it is timed with what it can do: lists for vectors, a short id.
 */
export const gdCom: Other = {
  name: '@gd-com/utils',
  form: (value) => narrow(plain(value)),
  encode: (form) => putVar(form),
  decode: (bytes) => getVar(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)).value,
}

function narrow(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(BigInt.asIntN(32, value))
  if (typeof value === 'number') return f(value)
  if (Array.isArray(value)) return value.map(narrow)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, narrow(item)]))
}

export const OTHERS: readonly Other[] = [msgpackrWith(false), msgpackrWith(true), msgpack(), cbor(), json(), v8]
