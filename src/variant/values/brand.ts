import type { WireType } from '../variant-type.js'

/** The brand of Godot's value classes: their type's number. The same symbol in every copy of the package. */
export const VARIANT_TYPE: unique symbol = Symbol.for('godot-wire.variant-type') as never

/**
 * The brand of a value, or undefined for what is no Godot value class. Asked of its prototype: a brand belongs to a class,
 * and a proxy that has an answer to everything is none.
 */
export function brandOf(value: object): WireType | undefined {
  const prototype: { [VARIANT_TYPE]?: WireType } | null = Object.getPrototypeOf(value)
  return prototype === null ? undefined : prototype[VARIANT_TYPE]
}
