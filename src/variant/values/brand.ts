import type { WireType } from '../variant-type.js'

/**
 * The name under which Godot's value classes hold their brand, their type's number: the same in every copy of the package.
 * A text that the compiler puts where it is used, since a bundler must keep every class with a name that it cannot know.
 */
export enum Brand {
  TYPE = 'godot-wire.variant-type',
}

/** Whoever has a brand. */
export interface Branded {
  readonly [Brand.TYPE]?: WireType
}

/**
 * The brand of a value, or undefined for what is no Godot value class. Asked of its prototype: a brand belongs to a class,
 * and a proxy that has an answer to everything is none.
 */
export function brandOf(value: object): WireType | undefined {
  const prototype: Branded | null = Object.getPrototypeOf(value)
  return prototype === null ? undefined : prototype[Brand.TYPE]
}
