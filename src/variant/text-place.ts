import type { KnownText } from './values/index.js'

/** Where texts come from: a field, the value under a key, the elements of Arrays. Most places see one text many times in a row. */
export class TextPlace {
  /** What came twice with nothing but the usual text in between, the last time that anything did. */
  usual: KnownText | undefined = undefined
  #latest: KnownText | undefined = undefined

  /** Another text than the usual one came. Where each is another, none becomes the usual one, and nothing is compared in vain. */
  meet(known: KnownText): void {
    if (known === this.#latest) this.usual = known
    else this.#latest = known
  }
}
