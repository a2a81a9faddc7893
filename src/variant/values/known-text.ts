/** Texts whose bytes are known, and lists of them: the keys of Dictionaries come again and again. */

/** The header of a String: the same number in every version of Godot, and without flags. */
export const STRING_HEADER = 4

/** Longer texts are not worth knowing. */
export const LONGEST_KNOWN = 64

/** Where the first bytes of a text become numbers. */
const HEAD = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(24))

/**
 * A text of ASCII characters but U+0000, which has the same bytes in every dialect. It holds nothing but itself: whoever
 * keeps one keeps no other.
 */
export class KnownText {
  /** How many bytes the String takes. */
  readonly size: number
  /**
   * The first 24 bytes as numbers that are written at once: header and length, and up to 16 characters. Bytes of ASCII make
   * no NaN, whose bits might change on the way.
   */
  readonly head: number
  readonly low: number
  readonly high: number

  constructor(
    readonly text: string,
    /** The whole String as it is on the wire: header, length, text and padding, as little-endian numbers. */
    readonly words: Int32Array,
  ) {
    this.size = 4 * words.length
    for (let i = 0; i < 6; i++) HEAD.setInt32(4 * i, words[i] ?? 0, true)
    this.head = HEAD.getFloat64(0, true)
    this.low = HEAD.getFloat64(8, true)
    this.high = HEAD.getFloat64(16, true)
  }

  /** Undefined for what is longer or has other characters. */
  static of(text: string): KnownText | undefined {
    if (text.length > LONGEST_KNOWN) return undefined
    const words = new Int32Array(2 + ((text.length + 3) >> 2))
    words[0] = STRING_HEADER
    words[1] = text.length
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit === 0 || unit > 0x7f) return undefined
      words[2 + (i >> 2)]! |= unit << ((i & 3) << 3)
    }
    return new KnownText(internalized(text), words)
  }
}

/** The JavaScript engine's own copy of a text, which it finds by its address wherever the text is a property. */
function internalized(text: string): string {
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
