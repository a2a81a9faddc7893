import { NOTHING, type Properties } from '../values/index.js'
import { budget } from './budget.js'
import { MOVER_STEP, MOVER_WIDTH, type Mover, takeMover } from './unrolled.js'

/** Takes the values of objects of one shape out of them, and makes such objects of values. */
export class ObjectMaker {
  /** With empty ones behind them, to fill the last step of a mover. */
  readonly #keys: readonly string[]
  /** Keys that objects have something under which is not theirs: `constructor`, `toString` ... */
  readonly #inherited: readonly number[]
  readonly #Made = madeClass()
  /** Those shapes that are used first get the quick ones. */
  #movers: readonly Mover[] | undefined

  constructor(keys: readonly string[]) {
    const spare = -keys.length & (MOVER_STEP - 1)
    this.#keys = [...keys, ...new Array<string>(spare).fill('')]
    this.#inherited = [...keys.keys()].filter((place) => keys[place]! in Object.prototype)
  }

  #ownMovers(): readonly Mover[] {
    this.#movers ??= Array.from({ length: Math.ceil(this.#keys.length / MOVER_WIDTH) }, takeMover)
    return this.#movers
  }

  /** Makes room for the values of one object, which are all undefined, and returns where it starts. */
  begin(): number {
    const { reading } = budget
    const from = reading.top
    const end = from + this.#keys.length
    reading.top = end
    while (reading.values.length < end) reading.values.push(undefined)
    return from
  }

  /** The object of the values from there on, which are undefined again. */
  make(from: number): Properties {
    const keys = this.#keys
    const { reading } = budget
    const { values } = reading
    const object = new this.#Made()
    const movers = this.#movers ?? this.#ownMovers()
    for (let i = 0, place = 0; i < movers.length; i++, place += MOVER_WIDTH) {
      movers[i]!.fill(object, keys, place, values, from + place, keys.length - place)
    }
    for (let at = from; at < reading.top; at++) values[at] = undefined
    reading.top = from
    return object
  }

  /** Puts the values of an object in a row and returns where they start; `end` takes them from there. */
  take(object: Properties): number {
    const keys = this.#keys
    const { writing } = budget
    const { values } = writing
    const from = writing.top
    writing.top = from + keys.length
    const movers = this.#movers ?? this.#ownMovers()
    for (let i = 0, place = 0; i < movers.length; i++, place += MOVER_WIDTH) {
      movers[i]!.take(object, keys, place, values, from + place, keys.length - place)
    }
    for (const place of this.#inherited) if (!Object.hasOwn(object, keys[place]!)) values[from + place] = undefined
    return from
  }

  end(from: number): void {
    budget.writing.top = from
  }
}

/** A class for each shape, so that its objects are as large as they need to be. They inherit nothing. */
function madeClass(): new () => Properties {
  function VariantObject() {}
  VariantObject.prototype = NOTHING
  return VariantObject as unknown as new () => Properties
}
