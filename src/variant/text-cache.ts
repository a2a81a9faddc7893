import { readUtf8 } from '../bytes/index.js'
import { KnownText, LONGEST_KNOWN } from './values/index.js'

const SLOTS = 1024
/** What it takes to be left with the upper 10 bits of a hash. */
const PLACE_SHIFT = 22

/** How often a place that learned in vain waits twice as long as before. */
const MOST_DOUBLINGS = 8

/** What is in a place was never met since it is there, was met, or was met since another text asked for the place. */
const NEVER = 0
const BEFORE = 1
const LATELY = 2

/**
 * The texts that came more than once, by their bytes: at most SLOTS of at most LONGEST_KNOWN characters. A text has one
 * place where it can be, and is compared with what is there byte by byte: texts that are made to collide here cost a hash
 * and a comparison more than without it. What is met lately keeps its place. What came twice and never again was learned in
 * vain; a place where that happens waits, each time for twice as many such texts, before it learns the next one.
 */
export class TextCache {
  readonly #places: (KnownText | undefined)[] = new Array(SLOTS).fill(undefined)
  /** The hash of the text that was met last in each place and was not known: one that comes but once is not kept. */
  readonly #met = new Int32Array(SLOTS)
  readonly #use = new Uint8Array(SLOTS)
  readonly #waits = new Uint8Array(SLOTS)
  readonly #doublings = new Uint8Array(SLOTS)
  /** How many texts were learned, for whoever wants to know what the learning costs. */
  learned = 0

  /**
   * The known text whose String begins at `at`, or undefined.
   *
   * @param length of the text; the String is in the input with its padding
   */
  find(bytes: Uint8Array, view: DataView, at: number, length: number): KnownText | undefined {
    if (length > LONGEST_KNOWN) return undefined
    const end = at + 8 + length
    let hash = length
    for (let i = at + 8; i < end; i += 4) hash = Math.imul(hash ^ view.getInt32(i, true), 0x9e3779b1) ^ (hash >>> 15)
    const place = hash >>> PLACE_SHIFT
    const known = this.#places[place]
    if (known !== undefined && known.length === length && known.isAt(view, at)) {
      this.#use[place] = LATELY
      return known
    }
    if (this.#met[place] !== hash) {
      this.#met[place] = hash
      return undefined
    }
    return this.#mayLearn(place) ? this.#learn(place, readUtf8(bytes, at + 8, end, 'strict')) : undefined
  }

  #mayLearn(place: number): boolean {
    if (this.#use[place] === LATELY) {
      this.#use[place] = BEFORE
      return false
    }
    if (this.#waits[place] === 0) return true
    this.#waits[place]!--
    return false
  }

  #learn(place: number, text: string | undefined): KnownText | undefined {
    const known = text === undefined ? undefined : KnownText.of(text)
    if (known === undefined) return undefined
    const wasInVain = this.#places[place] !== undefined && this.#use[place] === NEVER
    const doublings = wasInVain ? Math.min(this.#doublings[place]! + 1, MOST_DOUBLINGS) : 0
    this.#doublings[place] = doublings
    this.#waits[place] = 2 ** doublings - 1
    this.#use[place] = NEVER
    this.#places[place] = known
    this.learned++
    return known
  }
}
