import { VariantType } from '../variant-type.js'
import type { Dictionary } from './dictionary.js'
import { GodotValue, VARIANT_TYPE } from './godot-value.js'
import type { InspectArguments } from './inspect.js'
import { type JsonValue, jsonOf } from './json.js'

/** Godot's RID. Godot 4 carries the number; Godot 3 writes no more than that it was an RID. */
export class RID extends GodotValue {
  constructor(readonly id = 0n) {
    super()
  }
  get [VARIANT_TYPE]() {
    return VariantType.RID as const
  }
}

/**
 * An Object as Godot writes it by default: the instance id and nothing else. The id has 64 bits, with the highest set
 * for RefCounted, hence a bigint.
 */
export class EncodedObjectAsID extends GodotValue {
  constructor(readonly objectId = 0n) {
    super()
  }
  get [VARIANT_TYPE]() {
    return VariantType.OBJECT as const
  }
  protected override label() {
    return 'EncodedObjectAsID'
  }
}

/**
 * An Object with its class and properties, as the `WithObjects` functions write and read it. It is data: nothing is ever
 * instantiated, and a property called `__proto__` is a key like any other.
 */
export class GodotObject extends GodotValue {
  constructor(
    readonly className: string,
    readonly properties: Dictionary,
  ) {
    super()
  }
  get [VARIANT_TYPE]() {
    return VariantType.OBJECT as const
  }
  override toJSON(): JsonValue {
    return { className: this.className, properties: jsonOf(this.properties) }
  }
  protected override label() {
    return 'GodotObject'
  }
  protected override inspected(how: InspectArguments): string {
    return how[0] !== null && how[0] < 0 ? '[GodotObject]' : super.inspected(how)
  }
}

/** Godot 4's Callable. Its bytes say nothing but that it was one; it is read as the null Callable. */
export class Callable extends GodotValue {
  get [VARIANT_TYPE]() {
    return VariantType.CALLABLE as const
  }
}

/** Godot 4's Signal: its name and the instance id of the object that has it. */
export class Signal extends GodotValue {
  constructor(
    readonly name = '',
    readonly objectId = 0n,
  ) {
    super()
  }
  get [VARIANT_TYPE]() {
    return VariantType.SIGNAL as const
  }
}
