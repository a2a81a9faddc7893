import { type ContainerType, VariantType } from '../variant-type.js'
import { Brand, GodotValue } from './godot-value.js'
import { type InspectArguments, inspectedEntries } from './inspect.js'
import { entriesJson, type JsonValue } from './json.js'
import { type MapKey, mapKey } from './key.js'
import type { KeyList } from './known-text.js'
import { entriesText } from './text.js'

/** The types of a typed Dictionary (`Dictionary[String, int]`, since Godot 4.4); leave one out for Variant. */
export interface DictionaryTypes {
  /** What every key must be; left out, anything. */
  readonly keyType?: ContainerType
  /** What every value must be; left out, anything. */
  readonly valueType?: ContainerType
}

/**
 * Godot's Dictionary: keeps the order of insertion, takes any Variant as a key, and looks keys up by value as Godot
 * does. `Vector2i(1, 2)` finds `Vector2i(1, 2)`; the int 1 and the float 1.0 are two keys; `"a"` and `&"a"` are one.
 *
 * An integral float among the keys is a `float()`, whichever way the Dictionary was decoded: as a plain number it would
 * be the int key.
 *
 * A symbol or a function as a key is refused with `VARIANT_UNSUPPORTED`, and one that is nested too deep, or in itself,
 * with `VARIANT_TOO_DEEP`: when it is set, and when it is looked for.
 *
 * @example
 * ```ts
 * const state = new Dictionary<unknown, unknown>([['hp', 5]])
 * state.get('hp') // 5
 * state.set(new Vector2i(1, 2), 'wall').get(new Vector2i(1, 2)) // 'wall'
 * ```
 */
export class Dictionary<K = unknown, V = unknown> extends GodotValue implements Iterable<[K, V]> {
  /** The keys of a Dictionary as it was decoded, until others come or some go; their values are in `#values`. */
  #keys: KeyList | undefined
  #values: V[] | undefined
  /** All entries, where there are no `#keys`; made when there is something to hold. */
  #map: Map<MapKey, V> | undefined
  /** The keys that are not their own map key, in the form in which they were first set. */
  #originals: Map<MapKey, K> | undefined
  readonly #types: DictionaryTypes | undefined

  /**
   * An empty one unless told otherwise.
   *
   * @param entries in the order in which they are kept; of equal keys the first stays, with the last value
   * @param types for a typed Dictionary; entries are held against them when it is written
   */
  constructor(entries?: Iterable<readonly [K, V]> | null, types?: DictionaryTypes) {
    super()
    this.#types = types && { ...types }
    if (entries) for (const [key, value] of entries) this.set(key, value)
  }

  /** A Dictionary with String keys from a plain object. */
  static from<V>(object: Readonly<Record<string, V>>): Dictionary<string, V> {
    return new Dictionary(Object.entries(object))
  }

  /** @internal A Dictionary of values for keys that others have too; the values belong to it from now on. */
  static keyed(keys: KeyList, values: unknown[]): Dictionary {
    const dictionary = new Dictionary()
    dictionary.#keys = keys
    dictionary.#values = values
    return dictionary
  }

  get [Brand.TYPE]() {
    return VariantType.DICTIONARY as const
  }

  /** The type of the keys of a typed Dictionary. */
  get keyType(): ContainerType | undefined {
    return this.#types?.keyType
  }

  /** The type of its values. */
  get valueType(): ContainerType | undefined {
    return this.#types?.valueType
  }

  /** How many entries there are. */
  get size(): number {
    return this.#keys?.size ?? this.#map?.size ?? 0
  }

  /** The value of an equal key, as Godot compares keys; undefined where there is none. */
  get(key: K): V | undefined {
    const at = mapKey(key)
    if (this.#keys === undefined) return this.#map?.get(at)
    const place = this.#keys.placeOf(at)
    return place === undefined ? undefined : this.#values![place]
  }

  /** Whether there is an equal key. Other than with `get`, a value that is undefined counts. */
  has(key: K): boolean {
    const at = mapKey(key)
    return this.#keys === undefined ? this.#map?.has(at) === true : this.#keys.placeOf(at) !== undefined
  }

  /** Sets a value. An equal key that is there already stays as it was written first, as in Godot. */
  set(key: K, value: V): this {
    const at = mapKey(key)
    const place = this.#keys?.placeOf(at)
    if (place !== undefined) {
      this.#values![place] = value
      return this
    }
    const map = this.#entries()
    if (!Object.is(at, key) && typeof key !== 'bigint' && !map.has(at)) {
      this.#originals ??= new Map()
      this.#originals.set(at, key)
    }
    map.set(at, value)
    return this
  }

  /** True if the key was there. */
  delete(key: K): boolean {
    const at = mapKey(key)
    if (this.#keys !== undefined && this.#keys.placeOf(at) === undefined) return false
    this.#originals?.delete(at)
    return this.#entries().delete(at)
  }

  /** Takes all entries out. The types of a typed Dictionary stay. */
  clear(): void {
    this.#entries().clear()
    this.#originals = undefined
  }

  /** The keys in the order of insertion, each as it was written first. */
  *keys(): Generator<K> {
    for (const [key] of this.entries()) yield key
  }

  /** The values, in the order of their keys. */
  *values(): Generator<V> {
    for (const [, value] of this.entries()) yield value
  }

  /** Pairs of key and value in the order of insertion. What is set meanwhile is seen too, as with a Map. */
  *entries(): Generator<[K, V]> {
    const keys = this.#keys
    let shown = 0
    while (keys !== undefined && this.#keys === keys && shown < keys.size) {
      const place = shown++
      yield [keys.textAt(place) as K, this.#values![place]!]
    }
    if (this.#map === undefined) return
    // Whoever looks on may have changed it meanwhile, and goes on with what it holds now.
    const seen = shown === 0 ? undefined : new Set<unknown>(keys!.known.slice(0, shown).map(({ text }) => text))
    for (const [at, value] of this.#map) if (!seen?.has(at)) yield [this.#original(at), value]
  }

  /** What `entries` gives: a Dictionary is as iterable as a Map. */
  [Symbol.iterator](): Generator<[K, V]> {
    return this.entries()
  }

  /** Calls `callback` for each entry, in the order of insertion: the value first, as with a Map. */
  forEach(callback: (value: V, key: K, dictionary: this) => void): void {
    for (const [key, value] of this.entries()) callback(value, key, this)
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
  *mapEntries(): Iterable<readonly [MapKey, V]> {
    if (this.#keys === undefined) yield* this.#map ?? []
    // A text that others share is its own map key.
    else yield* this as unknown as Iterable<[string, V]>
  }

  /** @internal The keys that were decoded, where they are still all there is. */
  get sharedKeys(): KeyList | undefined {
    return this.#keys
  }

  /** @internal The values for `sharedKeys`. */
  get sharedValues(): readonly V[] | undefined {
    return this.#values
  }

  /** The entries as a Map of this Dictionary's own. */
  #entries(): Map<MapKey, V> {
    if (this.#map !== undefined) return this.#map
    const values = this.#values
    this.#map = new Map(this.#keys?.known.map(({ text }, place) => [text, values![place]!]))
    this.#keys = undefined
    this.#values = undefined
    return this.#map
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
