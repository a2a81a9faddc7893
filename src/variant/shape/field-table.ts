import type { Coder } from './coder.js'
import { Plan } from './inline.js'
import { KEY_SLACK, KeyTables } from './key.js'
import { ObjectMaker } from './maker.js'

/** One field of a shape as it is given to its coder. */
export interface FieldPart {
  readonly name: string
  readonly coder: Coder
  readonly isOptional: boolean
  /** What a missing field is read as. */
  readonly fallback?: unknown
}

/** The fields of a shape in the form in which the loops over them are quickest: side by side, by place. */
export class FieldTable {
  readonly count: number
  readonly plans: readonly Plan[]
  readonly kinds: Uint8Array
  /** How many bytes may be written from a field on without asking for room: to the end of a key whose value needs more. */
  readonly runs: Int32Array
  readonly keys: KeyTables
  readonly maker: ObjectMaker
  readonly placeOf: ReadonlyMap<string, number>

  constructor(readonly parts: readonly FieldPart[]) {
    const names = parts.map(({ name }) => name)
    this.count = parts.length
    this.plans = parts.map(({ coder }) => new Plan(coder))
    this.kinds = Uint8Array.from(this.plans, ({ kind }) => kind)
    this.keys = new KeyTables(names)
    this.maker = new ObjectMaker(names)
    this.placeOf = new Map(names.map((name, place) => [name, place]))
    this.runs = this.#runs()
  }

  #runs(): Int32Array {
    const runs = new Int32Array(this.count + 1)
    for (let i = this.count - 1; i >= 0; i--) {
      const { room } = this.plans[i]!
      runs[i] = this.keys.roomFor(i) + (room === 0 ? KEY_SLACK : room + Math.max(runs[i + 1]!, KEY_SLACK))
    }
    return runs
  }
}
