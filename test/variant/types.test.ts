// What compiles and what does not, for people who write against the types. `tsc` is the judge: each @ts-expect-error fails
// the type check when the line below it is accepted.
import { expect, expectTypeOf, it } from 'vitest'
import {
  bytesToVar,
  Dictionary,
  float,
  TypedArray,
  type Variant,
  type VariantInput,
  VariantType,
  Vector2,
  Vector3,
  varToBytes,
} from '../../src/variant/index.js'

it('varToBytes takes what has bytes', () => {
  const scores: Dictionary<string, number> = new Dictionary([['ann', 1]])
  const byPlace = new Map([[new Vector2(1, 2), { hp: float(1), names: ['a', null] }]])
  const ids = new TypedArray(VariantType.INT, [1, 2])
  interface State {
    readonly hp: number
    readonly tags: readonly string[]
  }
  const asType = { hp: 1, tags: [] } satisfies State
  for (const value of [scores, byPlace, ids, asType, 5n, undefined, new Uint8Array(1), new Float32Array(1)]) {
    expectTypeOf(value).toExtend<VariantInput>()
    varToBytes(value)
  }
})

it('varToBytes takes an interface, and refuses what is wrong inside it', () => {
  interface State {
    hp: number
    pos: Vector3
    tags?: readonly string[]
  }
  const state: State = { hp: 5, pos: new Vector3(1, 2, 3) }
  expect(bytesToVar(varToBytes(state), { dictionaryAs: 'object' })).toEqual({ ...state })
  interface Bad extends State {
    seen: Date
  }
  // @ts-expect-error a Date inside
  const refused = (bad: Bad) => varToBytes(bad)
  expectTypeOf(refused).toBeFunction()
})

it('and nothing else', () => {
  const refused = () => {
    // @ts-expect-error a function
    varToBytes(() => 1)
    // @ts-expect-error a symbol
    varToBytes(Symbol('x'))
    // @ts-expect-error no packed array
    varToBytes(new Uint16Array(1))
    // @ts-expect-error no version
    varToBytes(1, { version: 5 })
    // @ts-expect-error no such option
    bytesToVar(new Uint8Array(1), { exakt: true })
  }
  expectTypeOf(refused).toBeFunction()
})

it('bytesToVar gives a Variant, which goes back in', () => {
  expectTypeOf(bytesToVar).returns.toEqualTypeOf<Variant>()
  expectTypeOf<Variant>().toExtend<VariantInput>()
})
