/** What the compiler knows of shapes: the values that come out of them, and those that may go in. */
import type {
  AABB,
  Basis,
  Callable,
  Color,
  EncodedObjectAsID,
  float,
  GodotFloat,
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
  Vector2,
  Vector2i,
  Vector3,
  Vector3i,
  Vector4,
  Vector4i,
} from '../values/index.js'
import type { Field, OptionalField } from './field.js'

/** The classes that are fields themselves. */
type ValueClass =
  | typeof Vector2
  | typeof Vector2i
  | typeof Rect2
  | typeof Rect2i
  | typeof Vector3
  | typeof Vector3i
  | typeof Transform2D
  | typeof Vector4
  | typeof Vector4i
  | typeof Plane
  | typeof Quaternion
  | typeof AABB
  | typeof Basis
  | typeof Transform3D
  | typeof Projection
  | typeof Color
  | typeof StringName
  | typeof NodePath
  | typeof RID
  | typeof EncodedObjectAsID
  | typeof Callable
  | typeof Signal
  | typeof Image
  | typeof InputEvent
  | typeof PackedStringArray
  | typeof PackedVector2Array
  | typeof PackedVector3Array
  | typeof PackedVector4Array
  | typeof PackedColorArray

type ViewClass =
  | Uint8ArrayConstructor
  | Int32ArrayConstructor
  | BigInt64ArrayConstructor
  | Float32ArrayConstructor
  | Float64ArrayConstructor

/**
 * What may stand for a value in a shape: a field (`int`, `arrayOf(int)`, another shape ...), one of Godot's value classes
 * (`Vector3`), a typed array's class (`Uint8Array`), or the function `float`.
 */
// biome-ignore lint/suspicious/noExplicitAny: a field of whichever value
export type FieldType = Field<any, any> | ValueClass | ViewClass | typeof float

/** The fields of a shape by their keys. */
// biome-ignore lint/suspicious/noExplicitAny: a field of whichever value
export type Fields = { readonly [key: string]: FieldType | OptionalField<any, any, any> }

type ViewOf<C> = C extends Uint8ArrayConstructor
  ? Uint8Array
  : C extends Int32ArrayConstructor
    ? Int32Array
    : C extends BigInt64ArrayConstructor
      ? BigInt64Array
      : C extends Float32ArrayConstructor
        ? Float32Array
        : Float64Array

/**
 * The values that a field or a shape gives: what `decode` returns.
 *
 * @example
 * ```ts
 * const State = shape({ id: int, pos: Vector3, team: optional(string) })
 * type State = Infer<typeof State> // { id: number; pos: Vector3; team?: string }
 * ```
 */
export type Infer<F> =
  // biome-ignore lint/suspicious/noExplicitAny: whatever it takes
  F extends Field<infer Out, any>
    ? Out
    : // biome-ignore lint/suspicious/noExplicitAny: whatever it takes
      F extends OptionalField<infer Out, any, any>
      ? Out
      : F extends typeof float
        ? number
        : F extends ViewClass
          ? ViewOf<F>
          : F extends abstract new (
                // biome-ignore lint/suspicious/noExplicitAny: whatever it is made of
                ...args: any
              ) => infer V
            ? V
            : never

/** The values that a field or a shape takes: `encode` is content with a little less than `decode` gives. */
export type InferInput<F> =
  // biome-ignore lint/suspicious/noExplicitAny: whatever it gives
  F extends Field<any, infer In>
    ? In
    : // biome-ignore lint/suspicious/noExplicitAny: whatever it gives
      F extends OptionalField<any, infer In, any>
      ? In
      : F extends typeof float
        ? number | GodotFloat
        : Infer<F>

type Flat<T> = { [K in keyof T]: T[K] } & {}

/** The keys that may be missing in what is read: fields that are optional and have nothing that stands in for them. */
type MayMiss<F> = {
  // biome-ignore lint/suspicious/noExplicitAny: whatever it holds
  [K in keyof F]: F[K] extends OptionalField<any, any, false> ? K : never
}[keyof F]

/** The keys that may be left out of what is written. */
type MayLeaveOut<F> = {
  // biome-ignore lint/suspicious/noExplicitAny: whatever it holds
  [K in keyof F]: F[K] extends OptionalField<any, any, any> ? K : never
}[keyof F]

/** The objects that a shape of these fields gives; with `Keep`, the keys that it has no field for are in them too. */
export type ShapeValue<F, Keep extends boolean = false> = Flat<
  { -readonly [K in Exclude<keyof F, MayMiss<F>>]: Infer<F[K]> } & {
    -readonly [K in MayMiss<F>]?: Infer<F[K]>
  }
> &
  (Keep extends true ? { [key: string]: unknown } : unknown)

/** The objects that a shape of these fields takes: what is optional may be left out. */
export type ShapeInput<F> = Flat<
  { readonly [K in Exclude<keyof F, MayLeaveOut<F>>]: InferInput<F[K]> } & {
    readonly [K in MayLeaveOut<F>]?: InferInput<F[K]> | undefined
  }
>
