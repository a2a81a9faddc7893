import { typeName, type WireType } from '../variant-type.js'
import { Brand } from './brand.js'
import { askedByNode, type InspectArguments, inspectedCall } from './inspect.js'
import type { JsonValue } from './json.js'
import { componentText, textOf } from './text.js'

export { Brand, type Branded, brandOf } from './brand.js'

/**
 * What Godot's value classes share: a brand that any copy of the package knows, and forms that a person can read.
 *
 * | | |
 * |---|---|
 * | `String(value)` | Godot's constructor: `Vector3(1, 2, 3)`. A StringName and a NodePath are their bare text, as in Godot |
 * | `JSON.stringify(value)` | the same text; a list for packed arrays, an object for a Dictionary |
 * | `console.log(value)` in Node | the same text in colours; containers as Node shows its own |
 * | `console.log(value)` in browsers | the class with its fields |
 *
 * @example
 * ```ts
 * JSON.stringify({ at: new Vector2(1, 2) }) // '{"at":"Vector2(1, 2)"}'
 * ```
 */
export abstract class GodotValue {
  /** @internal For Node's `util.inspect`. Made by a call, and not a method: see `Brand` for what bundlers make of those. */
  protected static readonly asked = /* @__PURE__ */ askedByNode(this, (value, how) => value.inspected(how))

  /** The brand: the number of the type, under a name that all copies of the package share. `typeOf` asks for it. */
  abstract get [Brand.TYPE](): WireType

  /** The constructor's arguments as they are shown, in Godot's order: the fields. Numbers among them are components. */
  protected parts(): readonly unknown[] {
    return Object.values(this)
  }

  /** The name that is shown; survives a minifier, which the class's own name does not. */
  protected label(): string {
    return typeName(this[Brand.TYPE])
  }

  /** The type's name for `Object.prototype.toString`, which gives `[object Vector3]`. */
  get [Symbol.toStringTag](): string {
    return this.label()
  }

  /**
   * As Godot's constructor would be written. Components are shown in as few digits as tell one float32 from another. What
   * lies more than 100 levels down is `{ ... }` or `[...]`, as in Godot's `str()`.
   *
   * @example
   * ```ts
   * String(new Rect2(new Vector2(1, 2), new Vector2(3, 0.1))) // 'Rect2(Vector2(1, 2), Vector2(3, 0.1))'
   * ```
   */
  toString(): string {
    return `${this.label()}(${this.parts().map(partText).join(', ')})`
  }

  /** For `JSON.stringify`: what `toString` says. It is for people, and is not read back. */
  toJSON(): JsonValue {
    return this.toString()
  }

  protected inspected(how: InspectArguments): string {
    return inspectedCall(this.label(), this.parts(), how)
  }
}

function partText(part: unknown): string {
  return typeof part === 'number' ? componentText(part) : textOf(part)
}
