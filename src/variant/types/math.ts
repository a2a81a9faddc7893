/** The types of fixed size: vectors, rectangles, transforms, colours. A type is a row of one of two tables. */
import type { Decoder } from '../decoder.js'
import type { Encoder } from '../encoder.js'
import { fail } from '../fault.js'
import {
  AABB,
  Basis,
  Color,
  type GodotValue,
  Plane,
  Projection,
  Quaternion,
  Rect2,
  Rect2i,
  Transform2D,
  Transform3D,
  Vector2,
  Vector2i,
  Vector3,
  Vector3i,
  Vector4,
  Vector4i,
} from '../values/index.js'
import { typeName, VARIANT_TYPE_NAMES, VariantType } from '../variant-type.js'
import { FLAG_64 } from './header.js'

/** The numbers of one value in the order of the wire; the longest, a Projection, has 16. */
type Numbers = Float64Array

interface Row<T> {
  readonly count: number
  readonly make: (n: Numbers) => T
  readonly put: (value: T, n: Numbers) => void
}

function row<T>(count: number, make: Row<T>['make'], put: Row<T>['put']): Row<GodotValue> {
  return { count, make, put } as Row<unknown> as Row<GodotValue>
}

function put2(v: { x: number; y: number }, n: Numbers, at = 0): void {
  n[at] = v.x
  n[at + 1] = v.y
}

function put3(v: { x: number; y: number; z: number }, n: Numbers, at = 0): void {
  n[at] = v.x
  n[at + 1] = v.y
  n[at + 2] = v.z
}

function put4(v: { x: number; y: number; z: number; w: number }, n: Numbers, at = 0): void {
  put3(v, n, at)
  n[at + 3] = v.w
}

const vector2Of = (n: Numbers, at = 0) => new Vector2(n[at], n[at + 1])
const vector2iOf = (n: Numbers, at = 0) => new Vector2i(n[at], n[at + 1])
const vector3Of = (n: Numbers, at = 0) => new Vector3(n[at], n[at + 1], n[at + 2])
const vector4Of = (n: Numbers, at = 0) => new Vector4(n[at], n[at + 1], n[at + 2], n[at + 3])

/** Axes are columns in Godot's API and rows on the wire. */
function basisOf(n: Numbers): Basis {
  return new Basis(new Vector3(n[0], n[3], n[6]), new Vector3(n[1], n[4], n[7]), new Vector3(n[2], n[5], n[8]))
}

function putBasis(b: Basis, n: Numbers): void {
  n[0] = b.x.x
  n[1] = b.y.x
  n[2] = b.z.x
  n[3] = b.x.y
  n[4] = b.y.y
  n[5] = b.z.y
  n[6] = b.x.z
  n[7] = b.y.z
  n[8] = b.z.z
}

const REAL_ROWS = /* @__PURE__ */ ((): Partial<Record<VariantType, Row<GodotValue>>> => ({
  [VariantType.VECTOR2]: row<Vector2>(2, vector2Of, put2),
  [VariantType.RECT2]: row<Rect2>(
    4,
    (n) => new Rect2(vector2Of(n), vector2Of(n, 2)),
    (v, n) => {
      put2(v.position, n)
      put2(v.size, n, 2)
    },
  ),
  [VariantType.VECTOR3]: row<Vector3>(3, vector3Of, put3),
  [VariantType.TRANSFORM2D]: row<Transform2D>(
    6,
    (n) => new Transform2D(vector2Of(n), vector2Of(n, 2), vector2Of(n, 4)),
    (v, n) => {
      put2(v.x, n)
      put2(v.y, n, 2)
      put2(v.origin, n, 4)
    },
  ),
  [VariantType.VECTOR4]: row<Vector4>(4, vector4Of, put4),
  [VariantType.PLANE]: row<Plane>(
    4,
    (n) => new Plane(vector3Of(n), n[3]),
    (v, n) => {
      put3(v.normal, n)
      n[3] = v.d
    },
  ),
  [VariantType.QUATERNION]: row<Quaternion>(4, (n) => new Quaternion(n[0], n[1], n[2], n[3]), put4),
  [VariantType.AABB]: row<AABB>(
    6,
    (n) => new AABB(vector3Of(n), vector3Of(n, 3)),
    (v, n) => {
      put3(v.position, n)
      put3(v.size, n, 3)
    },
  ),
  [VariantType.BASIS]: row<Basis>(9, basisOf, putBasis),
  [VariantType.TRANSFORM3D]: row<Transform3D>(
    12,
    (n) => new Transform3D(basisOf(n), vector3Of(n, 9)),
    (v, n) => {
      putBasis(v.basis, n)
      put3(v.origin, n, 9)
    },
  ),
  [VariantType.PROJECTION]: row<Projection>(
    16,
    (n) => new Projection(vector4Of(n), vector4Of(n, 4), vector4Of(n, 8), vector4Of(n, 12)),
    (v, n) => {
      put4(v.x, n)
      put4(v.y, n, 4)
      put4(v.z, n, 8)
      put4(v.w, n, 12)
    },
  ),
  [VariantType.COLOR]: row<Color>(
    4,
    (n) => new Color(n[0], n[1], n[2], n[3]),
    (v, n) => {
      n[0] = v.r
      n[1] = v.g
      n[2] = v.b
      n[3] = v.a
    },
  ),
}))()

const INT_ROWS = /* @__PURE__ */ ((): Partial<Record<VariantType, Row<GodotValue>>> => ({
  [VariantType.VECTOR2I]: row<Vector2i>(2, vector2iOf, put2),
  [VariantType.RECT2I]: row<Rect2i>(
    4,
    (n) => new Rect2i(vector2iOf(n), vector2iOf(n, 2)),
    (v, n) => {
      put2(v.position, n)
      put2(v.size, n, 2)
    },
  ),
  [VariantType.VECTOR3I]: row<Vector3i>(3, (n) => new Vector3i(n[0], n[1], n[2]), put3),
  [VariantType.VECTOR4I]: row<Vector4i>(4, (n) => new Vector4i(n[0], n[1], n[2], n[3]), put4),
}))()

/**
 * The component bytes of a value that holds a NaN, beside the value: reading a float32 NaN as a number may change its
 * bits, and the engine keeps them. Frozen values cannot drift from these bytes.
 */
const RAW: unique symbol = Symbol.for('godot-wire.raw-components') as never

/** Room for the numbers of the value that is being read. One for all: between filling and using it no other code runs. */
const READ: Numbers = /* @__PURE__ */ new Float64Array(16)

/** The first release whose double builds mark the components of Vector4 and Projection (minor version). */
const WIDE_FOURS = 2

type WithRaw = { [RAW]?: Uint8Array }

function numbersOf(e: Encoder, value: GodotValue, { put }: Row<GodotValue>): Numbers {
  try {
    put(value, e.numbers)
  } catch {
    // A bigint or a symbol, or no vector where a transform has one.
    fail('VARIANT_UNSUPPORTED', { what: `a component that is not a number in a ${value[Symbol.toStringTag]}` })
  }
  return e.numbers
}

export function writeReals(e: Encoder, value: GodotValue, type: VariantType): void {
  const { count } = REAL_ROWS[type]!
  const n = numbersOf(e, value, REAL_ROWS[type]!)
  const wide = e.wide && type !== VariantType.COLOR
  if (wide && e.minor < WIDE_FOURS && (type === VariantType.VECTOR4 || type === VariantType.PROJECTION)) {
    e.refuse(`${typeName(type)} with components of 8 bytes that can be read`)
  }
  e.writeHeader(type, wide ? FLAG_64 : 0)
  const size = wide ? 8 : 4
  const at = e.reserve(count * size)
  let sum = 0
  for (let i = 0; i < count; i++) {
    const x = n[i]!
    sum += x
    if (wide) e.view.setFloat64(at + i * 8, x, true)
    else e.view.setFloat32(at + i * 4, x, true)
  }
  if (!Number.isNaN(sum)) return
  checkNumbers(value, n, count)
  const raw = (value as WithRaw)[RAW]
  if (raw?.length === count * size) e.bytes.set(raw, at)
}

/** The vector that games send most, without a detour; what is unusual about it is for `writeReals`. */
export function putVector3(e: Encoder, at: number, value: Vector3): number {
  const { x, y, z } = value
  const areNumbers = typeof x === 'number' && typeof y === 'number' && typeof z === 'number'
  if (!areNumbers || Number.isNaN(x + y + z) || e.wide) return putOddVector3(e, at, value)
  e.setInt32(at, e.vector3Id)
  e.setFloat32x3(at + 4, x, y, z)
  return at + 16
}

function putOddVector3(e: Encoder, at: number, value: Vector3): number {
  e.length = at
  writeReals(e, value, VariantType.VECTOR3)
  return e.length
}

/** What is no number at all (a string, undefined) became NaN on its way into `numbers`; a NaN that was one is fine. */
function checkNumbers(value: GodotValue, n: Numbers, count: number): void {
  const parts = leaves(value)
  for (let i = 0; i < count; i++) {
    if (Number.isNaN(n[i]) && parts.some((part) => typeof part !== 'number')) {
      fail('VARIANT_UNSUPPORTED', { what: `a component that is not a number in a ${value[Symbol.toStringTag]}` })
    }
  }
}

function leaves(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [value]
}

export function readReals(d: Decoder, header: number, type: VariantType): GodotValue {
  const { count, make } = REAL_ROWS[type]!
  const wide = (header & FLAG_64) !== 0 && type !== VariantType.COLOR && d.dialect.hasWideComponents
  const size = wide ? 8 : 4
  const at = d.take(count * size)
  const n = READ
  let sum = 0
  for (let i = 0; i < count; i++) {
    const x = wide ? d.view.getFloat64(at + i * 8, true) : d.view.getFloat32(at + i * 4, true)
    sum += x
    n[i] = x
  }
  const value = make(n)
  // Opposite infinities add up to NaN as well; the bytes kept then are merely not needed.
  if (Number.isNaN(sum)) {
    Object.defineProperty(value, RAW, { value: d.bytes.slice(at, at + count * size) })
  }
  return value
}

/** The twin of `putVector3`. */
export function readVector3(d: Decoder, header: number): GodotValue {
  const at = d.offset
  if (header >>> 16 !== 0 || d.end - at < 12) return readReals(d, header, VariantType.VECTOR3)
  const { view } = d
  const x = view.getFloat32(at, true)
  const y = view.getFloat32(at + 4, true)
  const z = view.getFloat32(at + 8, true)
  if (Number.isNaN(x + y + z)) return readReals(d, header, VariantType.VECTOR3)
  d.offset = at + 12
  return new Vector3(x, y, z)
}

export function writeInts(e: Encoder, value: GodotValue, type: VariantType): void {
  const { count } = INT_ROWS[type]!
  const n = numbersOf(e, value, INT_ROWS[type]!)
  e.writeHeader(type, 0)
  const at = e.reserve(count * 4)
  for (let i = 0; i < count; i++) {
    const x = n[i]!
    if ((x | 0) !== x) {
      fail('VARIANT_OUT_OF_RANGE', {
        what: `A component of ${VARIANT_TYPE_NAMES[type]}`,
        value: x,
        expected: 'a whole number of 32 bits',
      })
    }
    e.view.setInt32(at + i * 4, x, true)
  }
}

export function readInts(d: Decoder, type: VariantType): GodotValue {
  const { count, make } = INT_ROWS[type]!
  const at = d.take(count * 4)
  const n = READ
  for (let i = 0; i < count; i++) n[i] = d.view.getInt32(at + i * 4, true)
  return make(n)
}
