import type {
  AABB,
  Basis,
  Callable,
  Color,
  Dictionary,
  EncodedObjectAsID,
  GodotFloat,
  GodotObject,
  Image,
  InputEvent,
  NodePath,
  PackedColorArray,
  PackedStringArray,
  PackedVector2Array,
  PackedVector3Array,
  PackedVector4Array,
  Plane,
  Projection,
  Quaternion,
  Rect2,
  Rect2i,
  RID,
  Signal,
  StringName,
  Transform2D,
  Transform3D,
  TypedArray,
  Vector2,
  Vector2i,
  Vector3,
  Vector3i,
  Vector4,
  Vector4i,
} from './values/index.js'

type Scalar = null | boolean | number | bigint | string | GodotFloat

type ValueClass =
  | Vector2
  | Vector2i
  | Rect2
  | Rect2i
  | Vector3
  | Vector3i
  | Transform2D
  | Vector4
  | Vector4i
  | Plane
  | Quaternion
  | AABB
  | Basis
  | Transform3D
  | Projection
  | Color
  | StringName
  | NodePath
  | RID
  | EncodedObjectAsID
  | GodotObject
  | Callable
  | Signal
  | Image
  | InputEvent

type Packed =
  | Uint8Array
  | Int32Array
  | BigInt64Array
  | Float32Array
  | Float64Array
  | PackedStringArray
  | PackedVector2Array
  | PackedVector3Array
  | PackedColorArray
  | PackedVector4Array

/**
 * What `bytesToVar` gives. With `dictionaryAs: 'object'` a Dictionary is a `VariantObject`. `isVector3` and its like narrow
 * it.
 */
export type Variant =
  | Scalar
  | ValueClass
  | Packed
  | Dictionary<Variant, Variant>
  | VariantObject
  | TypedArray<Variant>
  | Variant[]

/** A Dictionary as a plain object. */
export interface VariantObject {
  [key: string]: Variant
}

/**
 * What `varToBytes` takes, for values whose type is written down: all that `bytesToVar` gives, and what JavaScript has for
 * the same things. An interface of yours does not extend it, since an interface has no index signature; `varToBytes` takes
 * it all the same, by way of `Encodable`.
 */
export type VariantInput =
  | Scalar
  | undefined
  | ValueClass
  | Packed
  | Dictionary
  | ReadonlyMap<unknown, unknown>
  | readonly VariantInput[]
  | { readonly [key: string]: VariantInput }

/** What is known to its bottom, and has index signatures where the compiler wants them: taken without a closer look. */
type Known =
  | Scalar
  | undefined
  | ValueClass
  | Packed
  | Dictionary<Known, Known>
  | ReadonlyMap<Known, Known>
  | readonly Known[]
  | { readonly [key: string]: Known }

/** Stands where a value has no bytes. It is text so that the compiler's message says why. */
type Refused<What extends string> = `Godot has no type for ${What}`

/** What a Dictionary, Map or TypedArray holds; one of unknown things is looked at when it is encoded. */
type Content<T> = unknown extends T ? T : Encodable<T>

/** What has methods or no names, and would be refused for reasons that say less. */
type NoVariant<T> = T extends symbol
  ? Refused<'a symbol'>
  : T extends ((...args: never) => unknown) | (abstract new (...args: never) => unknown)
    ? Refused<'a function'>
    : T extends Date
      ? Refused<'a Date'>
      : T extends RegExp
        ? Refused<'a RegExp'>
        : T extends ReadonlySet<unknown>
          ? Refused<'a Set'>
          : T extends PromiseLike<unknown>
            ? Refused<'a Promise'>
            : T extends ArrayBufferView
              ? Refused<'a DataView or this typed array'>
              : T extends ArrayBuffer
                ? Refused<'an ArrayBuffer'>
                : never

/**
 * `T` where `varToBytes` can write it: the parameter of functions that hand a value on to it. Plain data of any shape is
 * taken, interfaces, tuples, optional properties and readonly arrays too; in place of what Godot has no type for (functions,
 * symbols, Dates, methods, `unknown` ...) stands a text that says so, and nothing but that text can be assigned to it.
 *
 * An instance of a class with nothing but data fields looks like an interface to the compiler. It is refused when it is
 * encoded, with `VARIANT_UNSUPPORTED`.
 *
 * @example
 * ```ts
 * interface State { hp: number; pos: Vector3 }
 * function broadcast<T>(state: Encodable<T>): void {
 *   const bytes = varToBytes(state)
 *   for (const socket of sockets) socket.send(bytes)
 * }
 * broadcast<State>({ hp: 5, pos: new Vector3(1, 2, 3) })
 * ```
 */
export type Encodable<T> = unknown extends T
  ? VariantInput
  : T extends Known
    ? T
    : T extends Dictionary<infer K, infer V>
      ? Dictionary<Content<K>, Content<V>>
      : T extends TypedArray<infer E>
        ? readonly Content<E>[]
        : T extends readonly (infer E)[]
          ? readonly Encodable<E>[]
          : T extends ReadonlyMap<infer K, infer V>
            ? ReadonlyMap<Content<K>, Content<V>>
            : [NoVariant<T>] extends [never]
              ? EncodableObject<T>
              : NoVariant<T>

/** `object` says nothing of what is inside. */
type EncodableObject<T> = [keyof T] extends [never]
  ? Refused<'an object of unknown properties'>
  : { readonly [K in keyof T]: Encodable<T[K]> }
