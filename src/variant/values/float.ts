import { VariantType } from '../variant-type.js'
import { Brand, GodotValue } from './godot-value.js'
import { type InspectArguments, styled } from './inspect.js'
import { type JsonValue, numberJson } from './json.js'
import { numberText } from './text.js'

/**
 * A Godot float that a plain number cannot say: an integral one (`1.0`, which as a number would be written as an int),
 * or a NaN whose bits must survive. Made by `float()`; counts as a number in arithmetic.
 *
 * @example
 * ```ts
 * varToBytes(float(1))[0] // VariantType.FLOAT
 * float(1).value + 1 // 2
 * ```
 */
export class GodotFloat extends GodotValue {
  /**
   * `float(value)` does the same; this is for a NaN with bits of its own.
   *
   * @param value the number
   * @param bits the IEEE 754 bits of a NaN that is not the usual one; only looked at when `value` is NaN
   */
  constructor(
    readonly value: number,
    readonly bits?: bigint,
  ) {
    super()
  }
  get [Brand.TYPE]() {
    return VariantType.FLOAT as const
  }
  override valueOf(): number {
    return this.value
  }
  override toString(): string {
    return `float(${numberText(this.value)})`
  }
  /** A number; NaN and the infinities, for which JSON has no word, are texts. */
  override toJSON(): JsonValue {
    return numberJson(this.value)
  }
  protected override parts() {
    return [this.value]
  }
  protected override inspected([, options]: InspectArguments): string {
    // In full: a float is no component, of which float32 digits would say enough.
    return `float(${styled(options, numberText(this.value), 'number')})`
  }
}

/**
 * Says that a number is a Godot float although it is integral.
 *
 * @example
 * ```ts
 * varToStr(1) // '1'
 * varToStr(float(1)) // '1.0'
 * ```
 */
export function float(value: number): GodotFloat {
  return new GodotFloat(value)
}
