import { internalized, KnownText, knownWordsOf, LONGEST_KNOWN } from './values/index.js'

/** How many keys are known, and how many may be met beyond that before all is learned anew. */
const MOST_KEYS = 1024
const MISSES = 1 << 16

/** Depths that have keys of their own, a power of 2; deeper ones share them. */
const DEPTHS = 8

const NO_WORDS = /* @__PURE__ */ new Int32Array(0)

/** A key as it was met: its size is 0 where it has to be written as any text. */
export class KeyEntry extends KnownText {
  /** What came behind it when it was last written: most often it comes again. */
  next: KeyEntry | undefined = undefined
}

const unknown = () => new KeyEntry('', NO_WORDS)

/** The keys that an encoder wrote, with their bytes at hand. */
export class KeyBook {
  readonly #entries = new Map<string, KeyEntry>()
  /** For all that have to be written as any text. */
  #unknown = unknown()
  #missed = 0
  /** What comes before the first key of a Dictionary, for each depth. */
  #heads = Array.from({ length: DEPTHS }, unknown)

  /** What the first key of a Dictionary at this depth comes behind. */
  head(depth: number): KeyEntry {
    return this.#heads[depth & (DEPTHS - 1)]!
  }

  /** The entry of a key that is written behind another one; whoever is in haste looks at `next` first. */
  behind(last: KeyEntry, text: string): KeyEntry {
    const { next } = last
    if (next !== undefined && next.text === text) return next
    const entry = this.#entries.get(text) ?? this.#learn(text)
    if (entry !== this.#unknown) last.next = entry
    return entry
  }

  /** Keys that are ever new (names of players, say) must not cost more than writing them: it starts anew but seldom. */
  #learn(text: string): KeyEntry {
    if (text.length > LONGEST_KNOWN) return this.#unknown
    if (this.#entries.size >= MOST_KEYS) {
      if (++this.#missed < MISSES) return this.#unknown
      this.#missed = 0
      this.#entries.clear()
      // Nothing that was forgotten leads to what comes.
      this.#heads = this.#heads.map(unknown)
      this.#unknown = unknown()
    }
    const entry = new KeyEntry(internalized(text), knownWordsOf(text) ?? NO_WORDS)
    this.#entries.set(entry.text, entry)
    return entry
  }
}
