import { variantError } from '../errors.js'
import { VariantType } from '../variant-type.js'
import { Brand, GodotValue } from './godot-value.js'

/**
 * Godot 4's StringName, `&"text"`. As a Dictionary key it equals the String with the same text.
 *
 * @example
 * ```ts
 * const state = new Dictionary<unknown, number>([['hp', 5]])
 * state.get(new StringName('hp')) // 5
 * ```
 */
export class StringName extends GodotValue {
  /**
   * A name from its text.
   *
   * @param text the empty name unless told otherwise
   */
  constructor(
    /** What stands between the quotes of `&"text"`. */
    readonly text = '',
  ) {
    super()
  }
  get [Brand.TYPE]() {
    return VariantType.STRING_NAME as const
  }
  /** The bare text, as Godot's `str()` gives it. Inside other values it is `StringName("text")`. */
  override toString(): string {
    return this.text
  }
}

/**
 * Godot's NodePath, taken apart as the engine does.
 *
 * @example
 * ```ts
 * const path = new NodePath('/root/Player:position:x')
 * path.names // ['root', 'Player']
 * path.subnames // ['position', 'x']
 * path.absolute // true
 * ```
 */
export class NodePath extends GodotValue {
  /** The nodes on the way, from the first: what stands between `/`. */
  readonly names: readonly string[]
  /** What stands behind each `:`: a property, and parts of it. */
  readonly subnames: readonly string[]
  /** Whether it begins with `/`, at the root of the tree. */
  readonly absolute: boolean

  /**
   * A path as it is written. None given is the empty path.
   *
   * @param text as in GDScript: names behind `/`, then subnames behind `:`
   * @throws `VARIANT_BAD_NODE_PATH_TEXT` for an empty subname, where the engine logs an error and makes an empty path
   */
  constructor(text?: string)
  /** A path from its parts, which may hold what no text can say. */
  constructor(names: readonly string[], subnames: readonly string[], absolute: boolean)
  constructor(source: string | readonly string[] = '', subnames: readonly string[] = [], absolute = false) {
    super()
    if (typeof source !== 'string') {
      this.names = source
      this.subnames = subnames
      this.absolute = absolute
      return
    }
    const [path = '', ...rest] = source.split(':')
    // A ":" at the very end is allowed and says nothing.
    if (rest[rest.length - 1] === '') rest.pop()
    if (rest.includes('')) throw variantError('VARIANT_BAD_NODE_PATH_TEXT', { text: source })
    this.absolute = path.startsWith('/')
    this.names = path.split('/').filter((name) => name !== '')
    this.subnames = rest
  }
  get [Brand.TYPE]() {
    return VariantType.NODE_PATH as const
  }
  /** The bare path, as Godot's `str()` gives it. Inside other values it is `NodePath("path")`. */
  override toString(): string {
    const path = (this.absolute ? '/' : '') + this.names.join('/')
    const subpath = this.subnames.join(':')
    return subpath === '' ? path : `${path}:${subpath}`
  }
  protected override parts() {
    return [this.toString()]
  }
}
