/** Texts whose bytes are known, and lists of them: the keys of Dictionaries come again and again. */

/** The header of a String: the same number in every version of Godot, and without flags. */
export const STRING_HEADER = 4

/** Longer texts are not worth knowing. */
export const LONGEST_KNOWN = 64

/**
 * A text of ASCII characters but U+0000, which has the same bytes in every dialect. It holds nothing but itself: whoever
 * keeps one keeps no other.
 */
export class KnownText {
  /** How many bytes the String takes. */
  readonly size: number
  /** How many characters it has, and the first eight of them as words: most keys have no more. */
  readonly length: number
  readonly low: number
  readonly high: number
  /** The last word of the String. */
  readonly end: number

  constructor(
    readonly text: string,
    /** The whole String as it is on the wire: header, length, text and padding, as little-endian numbers. */
    readonly words: Int32Array,
  ) {
    this.size = 4 * words.length
    this.length = text.length
    this.low = words[2] ?? 0
    this.high = words[3] ?? 0
    this.end = words[words.length - 1] ?? 0
  }

  /** Whether this very String begins at `at`; the view holds as many bytes from there on. */
  isAt(view: DataView, at: number): boolean {
    return view.getInt32(at, true) === STRING_HEADER && this.isStringAt(view, at)
  }

  /**
   * The same for what is a String. By its end first: texts that are as long as each other often begin alike (`player_1`,
   * `player_2`).
   */
  isStringAt(view: DataView, at: number): boolean {
    const { size } = this
    if (view.getInt32(at + 4, true) !== this.length || view.getInt32(at + size - 4, true) !== this.end) return false
    if (size > 12 && view.getInt32(at + 8, true) !== this.low) return false
    if (size > 16 && view.getInt32(at + 12, true) !== this.high) return false
    return size <= 20 || this.#isRestAt(view, at)
  }

  #isRestAt(view: DataView, at: number): boolean {
    const { words } = this
    for (let i = 4; i < words.length; i++) if (words[i] !== view.getInt32(at + 4 * i, true)) return false
    return true
  }

  /** Undefined for what is longer or has other characters. */
  static of(text: string): KnownText | undefined {
    const words = knownWordsOf(text)
    return words && new KnownText(internalized(text), words)
  }
}

/** The words of a String, undefined for one that is longer than what is known or has other characters. */
export function knownWordsOf(text: string): Int32Array | undefined {
  if (text.length > LONGEST_KNOWN) return undefined
  const words = new Int32Array(2 + ((text.length + 3) >> 2))
  words[0] = STRING_HEADER
  words[1] = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 0 || unit > 0x7f) return undefined
    words[2 + (i >> 2)]! |= unit << ((i & 3) << 3)
  }
  return words
}

/** The JavaScript engine's own copy of a text, which it finds by its address wherever the text is a property. */
export function internalized(text: string): string {
  return Object.keys({ [text]: 0 })[0]!
}

/** The keys of Dictionaries that have the same ones in the same order; all of them share it, and none may change it. */
export class KeyList {
  #places: Map<unknown, number> | undefined

  /** @param known each text at most once */
  constructor(readonly known: readonly KnownText[]) {}

  get size(): number {
    return this.known.length
  }

  textAt(place: number): string {
    return this.known[place]!.text
  }

  /** Where a key is, by its map key; undefined where it is not. */
  placeOf(key: unknown): number | undefined {
    this.#places ??= new Map(this.known.map(({ text }, place) => [text, place]))
    return this.#places.get(key)
  }
}
