import { type ContainerType, VariantType } from '../variant-type.js'
import { GodotValue, VARIANT_TYPE } from './godot-value.js'
import { type InspectArguments, inspectedEntries } from './inspect.js'
import { entriesJson, type JsonValue } from './json.js'
import { type MapKey, mapKey } from './key.js'
import { entriesText } from './text.js'

/** The types of a typed Dictionary (`Dictionary[String, int]`, since Godot 4.4); leave one out for Variant. */
export interface DictionaryTypes {
  readonly keyType?: ContainerType
  readonly valueType?: ContainerType
}

/**
 * Godot's Dictionary: keeps the order of insertion, takes any Variant as a key, and looks keys up by value as Godot
 * does. `Vector2i(1, 2)` finds `Vector2i(1, 2)`; the int 1 and the float 1.0 are two keys; `"a"` and `&"a"` are one.
 *
 * An integral float among the keys is a `float()`, whichever way the Dictionary was decoded: as a plain number it would
 * be the int key.
 *
 * @example
 * ```ts
 * const state = new Dictionary<string, unknown>([['hp', 5]])
 * state.get('hp') // 5
 * state.set(new Vector2i(1, 2), 'wall').get(new Vector2i(1, 2)) // 'wall'
 * ```
 */
export class Dictionary<K = unknown, V = unknown> extends GodotValue implements Iterable<[K, V]> {
  readonly #values = new Map<MapKey, V>()
  /** The keys that are not their own map key, in the form in which they were first set. */
  #originals: Map<MapKey, K> | undefined
  readonly keyType: ContainerType | undefined
  readonly valueType: ContainerType | undefined

  constructor(entries?: Iterable<readonly [K, V]> | null, types: DictionaryTypes = {}) {
    super()
    this.keyType = types.keyType
    this.valueType = types.valueType
    if (entries) for (const [key, value] of entries) this.set(key, value)
  }

  /** A Dictionary with String keys from a plain object. */
  static from<V>(object: Readonly<Record<string, V>>): Dictionary<string, V> {
    return new Dictionary(Object.entries(object))
  }

  get [VARIANT_TYPE]() {
    return VariantType.DICTIONARY
  }

  get size(): number {
    return this.#values.size
  }

  get(key: K): V | undefined {
    return this.#values.get(mapKey(key))
  }

  has(key: K): boolean {
    return this.#values.has(mapKey(key))
  }

  /** Sets a value. An equal key that is there already stays as it was written first, as in Godot. */
  set(key: K, value: V): this {
    const at = mapKey(key)
    if (!Object.is(at, key) && typeof key !== 'bigint' && !this.#values.has(at)) {
      this.#originals ??= new Map()
      this.#originals.set(at, key)
    }
    this.#values.set(at, value)
    return this
  }

  /** True if the key was there. */
  delete(key: K): boolean {
    const at = mapKey(key)
    this.#originals?.delete(at)
    return this.#values.delete(at)
  }

  clear(): void {
    this.#values.clear()
    this.#originals = undefined
  }

  *keys(): Generator<K> {
    for (const at of this.#values.keys()) yield this.#original(at)
  }

  values(): IterableIterator<V> {
    return this.#values.values()
  }

  *entries(): Generator<[K, V]> {
    for (const [at, value] of this.#values) yield [this.#original(at), value]
  }

  [Symbol.iterator](): Generator<[K, V]> {
    return this.entries()
  }

  forEach(callback: (value: V, key: K, dictionary: this) => void): void {
    for (const [at, value] of this.#values) callback(value, this.#original(at), this)
  }

  /** A plain object without a prototype; keys that are not text are written as their text. */
  toObject(): Record<string, V> {
    const object: Record<string, V> = Object.create(null)
    for (const [key, value] of this) object[String(key)] = value
    return object
  }

  /**
   * For `JSON.stringify`: an object under the keys' texts, or a list of pairs where two keys have one text. Values become
   * what JSON can say: ints beyond 2^53 their digits as a text, packed arrays lists. It is for people, and is not read
   * back.
   */
  override toJSON(): JsonValue {
    return entriesJson(this, this)
  }

  /** @internal The entries under their map keys, for a Dictionary that is part of a key. */
  mapEntries(): Iterable<readonly [MapKey, V]> {
    return this.#values
  }

  #original(at: MapKey): K {
    const original = this.#originals?.get(at)
    return original === undefined ? (at as K) : original
  }

  /** `{ "hp": 5, Vector2i(1, 2): "wall" }`, as Godot prints it; `{ ... }` where it contains itself. */
  override toString(): string {
    return entriesText(this, this)
  }

  protected override inspected(how: InspectArguments): string {
    return inspectedEntries(this.label(), this, how)
  }
}
