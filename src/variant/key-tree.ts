/**
 * The keys of Dictionaries as a tree: Dictionaries that begin with the same keys go the same way from its root, and at the
 * end of a way all keys are known without one having been made into a text.
 */
import { TextPlace } from './text-place.js'
import { KeyList, type KnownText } from './values/index.js'

/** How many ways on from one step are kept. */
const MOST_WAYS = 4

/** With so many steps the tree begins anew: it holds a fixed amount of memory, whatever comes. */
const MOST_STEPS = 2048

/** A key, behind all that came before it in its Dictionary, and the place of what is under it. */
export class KeyStep extends TextPlace {
  /** The ways on from here, the one that was taken last in front. */
  next: KeyStep | undefined = undefined
  others: readonly KeyStep[] = NO_STEPS
  #list: KeyList | undefined = undefined

  constructor(
    readonly known: KnownText,
    readonly before: KeyStep | undefined,
    /** How many keys there are with this one. */
    readonly count: number,
    /** Whether a text was under it when it was new. */
    readonly hasText: boolean,
  ) {
    super()
  }

  /** All keys up to this one. Dictionaries hold on to it, not to the step: the tree must not outlive its turn. */
  get list(): KeyList {
    this.#list ??= new KeyList(this.#path())
    return this.#list
  }

  #path(): KnownText[] {
    const path: KnownText[] = []
    for (let step: KeyStep | undefined = this; step !== undefined; step = step.before) path.push(step.known)
    return path.reverse()
  }

  has(text: string): boolean {
    for (let step: KeyStep | undefined = this; step !== undefined; step = step.before) {
      if (step.known.text === text) return true
    }
    return false
  }

  /** Takes this way first from now on. */
  prefer(way: KeyStep): void {
    const others = this.others.filter((other) => other !== way)
    this.others = this.next === undefined ? others : [this.next, ...others].slice(0, MOST_WAYS - 1)
    this.next = way
  }
}

const NO_STEPS: readonly KeyStep[] = []

export class KeyTree {
  /** The first step that was taken last. */
  latest: KeyStep | undefined = undefined
  readonly #firsts = new Map<string, KeyStep>()
  #count = 0

  /** The step to a key that is the first one. */
  first(known: KnownText, hasText: boolean): KeyStep {
    this.latest = this.#firsts.get(known.text) ?? this.#add(known, undefined, 1, hasText)
    return this.latest
  }

  /** A new step on to a key; undefined for a key that is there already. */
  grow(from: KeyStep, known: KnownText, hasText: boolean): KeyStep | undefined {
    if (from.has(known.text)) return undefined
    const step = this.#add(known, from, from.count + 1, hasText)
    from.prefer(step)
    return step
  }

  #add(known: KnownText, before: KeyStep | undefined, count: number, hasText: boolean): KeyStep {
    if (++this.#count > MOST_STEPS) {
      this.#count = 1
      this.#firsts.clear()
      this.latest = undefined
    }
    const step = new KeyStep(known, before, count, hasText)
    if (before === undefined) this.#firsts.set(known.text, step)
    return step
  }
}
