import { VARIANT_TYPE_NAMES, type VariantType } from '../variant-type.js'

/** The brand of Godot's value classes: their type's number. The same symbol in every copy of the package. */
export const VARIANT_TYPE: unique symbol = Symbol.for('godot-wire.variant-type') as never

const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/** What Godot's value classes share: a brand that any copy of the package knows, and a text that a person can read. */
export abstract class GodotValue {
  abstract get [VARIANT_TYPE](): VariantType

  /** The arguments that the text shows, in Godot's order. */
  protected abstract parts(): readonly unknown[]

  /** As Godot's constructor would be written: `Vector2(1, 2)`. */
  toString(): string {
    return `${VARIANT_TYPE_NAMES[this[VARIANT_TYPE]]}(${this.parts().map(partText).join(', ')})`
  }

  [INSPECT](): string {
    return this.toString()
  }
}

function partText(part: unknown): string {
  return typeof part === 'string' ? JSON.stringify(part) : String(part)
}

/** The brand of a value, or undefined for what is no Godot value class. */
export function brandOf(value: object): VariantType | undefined {
  return (value as { [VARIANT_TYPE]?: VariantType })[VARIANT_TYPE]
}
