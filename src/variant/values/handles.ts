import { VariantType } from '../variant-type.js'
import type { Dictionary } from './dictionary.js'
import { Brand, GodotValue } from './godot-value.js'
import type { InspectArguments } from './inspect.js'
import { type JsonValue, jsonOf } from './json.js'

/**
 * Godot's RID. Godot 4 carries the number; Godot 3 writes no more than that it was an RID.
 *
 * @example
 * ```ts
 * bytesToVar(varToBytes(new RID(5n))) // new RID(5n)
 * ```
 */
export class RID extends GodotValue {
  /**
   * A handle of the engine's servers.
   *
   * @param id 0n, which is no resource, unless told otherwise
   */
  constructor(
    /** The number that the engine's servers know it by, 0n to 2^64 - 1. It means nothing in another process. */
    readonly id = 0n,
  ) {
    super()
  }
  get [Brand.TYPE]() {
    return VariantType.RID as const
  }
}

/**
 * An Object as Godot writes it by default: the instance id and nothing else. The id has 64 bits, with the highest set
 * for RefCounted, hence a bigint.
 *
 * @example
 * ```ts
 * const target = bytesToVar(varToBytes(new EncodedObjectAsID(2n ** 63n + 1n)))
 * isEncodedObjectAsID(target) && target.objectId // 9223372036854775809n
 * ```
 */
export class EncodedObjectAsID extends GodotValue {
  /**
   * An object by its id.
   *
   * @param objectId 0n, which is no object, unless told otherwise
   */
  constructor(
    /** `Object.get_instance_id()`, 0n to 2^64 - 1; good for as long as the object lives, in the process that has it. */
    readonly objectId = 0n,
  ) {
    super()
  }
  get [Brand.TYPE]() {
    return VariantType.OBJECT as const
  }
  protected override label() {
    return 'EncodedObjectAsID'
  }
}

/**
 * An Object with its class and properties, as the `WithObjects` functions write and read it. It is data: nothing is ever
 * instantiated, and a property called `__proto__` is a key like any other.
 *
 * @example
 * ```ts
 * const bytes = varToBytesWithObjects(new GodotObject('RefCounted', new Dictionary([['hp', 5]])))
 * const object = bytesToVarWithObjects(bytes) as GodotObject
 * object.properties.get('hp') // 5
 * ```
 */
export class GodotObject extends GodotValue {
  /**
   * An object as data.
   *
   * @param className of the engine's own class; a script of its own is the property `script`
   * @param properties by their names; values are written like any others
   */
  constructor(
    /** The engine's class, such as `RefCounted`. */
    readonly className: string,
    /** The properties by their names, in the order of the bytes. */
    readonly properties: Dictionary,
  ) {
    super()
  }
  get [Brand.TYPE]() {
    return VariantType.OBJECT as const
  }
  /** For `JSON.stringify`: an object with `className` and `properties`. */
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

/**
 * Godot 4's Callable. Its bytes say nothing but that it was one; it is read as the null Callable.
 *
 * @example
 * ```ts
 * bytesToVar(varToBytes(new Callable())) // new Callable()
 * ```
 */
export class Callable extends GodotValue {
  get [Brand.TYPE]() {
    return VariantType.CALLABLE as const
  }
}

/**
 * Godot 4's Signal: its name and the instance id of the object that has it.
 *
 * @example
 * ```ts
 * const { name, objectId } = bytesToVar(varToBytes(new Signal('pressed', 42n))) as Signal
 * `${name} of ${objectId}` // 'pressed of 42'
 * ```
 */
export class Signal extends GodotValue {
  /** The null Signal unless told otherwise. */
  constructor(
    /** The name that the object's class declares it by. */
    readonly name = '',
    /** The instance id of the object, 0n to 2^64 - 1; 0n is none. */
    readonly objectId = 0n,
  ) {
    super()
  }
  get [Brand.TYPE]() {
    return VariantType.SIGNAL as const
  }
}
