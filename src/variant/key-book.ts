import { KnownText, LONGEST_KNOWN } from './values/index.js'

/** How many keys are known, and how many may be met beyond that before all is learned anew. */
const MOST_KEYS = 1024
const MISSES = 1 << 16

interface Entry {
  /** Undefined for a text that has to be written each time. */
  readonly known: KnownText | undefined
  readonly text: string
  /** What came behind it when it was last written: most often it comes again. */
  next: Entry | undefined
}

/** The keys that an encoder wrote, with their bytes at hand. */
export class KeyBook {
  readonly #entries = new Map<string, Entry>()
  #last: Entry = { known: undefined, text: '', next: undefined }
  #missed = 0

  /** Undefined for a key that has to be written as any text. */
  find(text: string): KnownText | undefined {
    const { next } = this.#last
    const entry = next !== undefined && next.text === text ? next : this.#look(text)
    if (entry === undefined) return undefined
    this.#last = entry
    return entry.known
  }

  #look(text: string): Entry | undefined {
    const entry = this.#entries.get(text) ?? this.#learn(text)
    if (entry !== undefined) this.#last.next = entry
    return entry
  }

  /** Keys that are ever new (names of players, say) must not cost more than writing them: it starts anew but seldom. */
  #learn(text: string): Entry | undefined {
    if (text.length > LONGEST_KNOWN) return undefined
    if (this.#entries.size >= MOST_KEYS) {
      if (++this.#missed < MISSES) return undefined
      this.#missed = 0
      this.#entries.clear()
      // Nothing that was forgotten leads to what comes.
      this.#last = { known: undefined, text: '', next: undefined }
    }
    const known = KnownText.of(text)
    const entry: Entry = { known, text: known?.text ?? text, next: undefined }
    this.#entries.set(entry.text, entry)
    return entry
  }
}
