// What the compiler knows of shapes. `tsc` is the judge: each @ts-expect-error fails the type check when the line below it is
// accepted, and so does every expectTypeOf that is wrong.
import { expectTypeOf, it } from 'vitest'
import {
  arrayOf,
  between,
  bool,
  type Dictionary,
  dictionaryOf,
  type Field,
  float,
  type GodotFloat,
  type Infer,
  type InferInput,
  int,
  int64,
  lazy,
  literal,
  nullable,
  type number,
  optional,
  refine,
  type SafeDecoded,
  shape,
  sized,
  string,
  tupleOf,
  unionOf,
  type Variant,
  Vector2i,
  Vector3,
  variant,
} from '../../../src/variant/index.js'

const State = shape({
  id: int,
  owner: int64,
  pos: Vector3,
  hp: float,
  name: sized(string, 16),
  alive: bool,
  inv: arrayOf(int),
  team: optional(string),
  lives: optional(int, 3),
  blob: Uint8Array,
  mode: literal('walk', 'run', 3),
  gear: shape({ head: nullable(int) }),
  any: variant,
})

it('the value of a shape follows from its fields', () => {
  interface Expected {
    id: number
    owner: bigint
    pos: Vector3
    hp: number
    name: string
    alive: boolean
    inv: number[]
    team?: string
    lives: number
    blob: Uint8Array
    mode: 'walk' | 'run' | 3
    gear: { head: number | null }
    any: Variant
  }
  type State = Infer<typeof State>
  expectTypeOf<State>().toEqualTypeOf<Expected>()
  expectTypeOf(State.decode).returns.toEqualTypeOf<Expected>()
  expectTypeOf(State.safeDecode).returns.toEqualTypeOf<SafeDecoded<Expected>>()
  // What comes out may go in again.
  expectTypeOf<State>().toExtend<InferInput<typeof State>>()
})

it('encode takes a little more than decode gives', () => {
  const Small = shape({ a: float, b: int64, c: arrayOf(float), d: optional(int), e: optional(int, 5) })
  interface Expected {
    readonly a: number | GodotFloat
    readonly b: bigint | number
    readonly c: readonly (number | GodotFloat)[]
    readonly d?: number | undefined
    readonly e?: number | undefined
  }
  expectTypeOf<InferInput<typeof Small>>().toEqualTypeOf<Expected>()
  const compiles = () => {
    const list = [1, 2] as const
    Small.encode({ a: 1, b: 1, c: list })
    Small.encode({ a: float(1), b: 1n, c: [float(1)], d: undefined })
    // @ts-expect-error a text is no float
    Small.encode({ a: '1', b: 1n, c: [] })
    // @ts-expect-error c is missing
    Small.encode({ a: 1, b: 1n })
    // @ts-expect-error there is no f
    Small.encode({ a: 1, b: 1n, c: [], f: 1 })
    // @ts-expect-error a number is no Vector3
    State.encode({ pos: 5 })
  }
  expectTypeOf(compiles).toBeFunction()
})

it('unions are discriminated by their tag', () => {
  const Message = unionOf('type', { move: shape({ to: Vector3 }), chat: shape({ text: string, loud: optional(bool) }) })
  type Message = Infer<typeof Message>
  expectTypeOf<Message['type']>().toEqualTypeOf<'move' | 'chat'>()
  const compiles = (message: Message) => {
    if (message.type === 'move') {
      expectTypeOf(message.to).toEqualTypeOf<Vector3>()
      // @ts-expect-error a move has no text
      message.text
    } else {
      expectTypeOf(message.text).toEqualTypeOf<string>()
      expectTypeOf(message.loud).toEqualTypeOf<boolean | undefined>()
    }
    Message.encode({ type: 'chat', text: 'hi' })
    // @ts-expect-error a chat needs its text
    Message.encode({ type: 'chat' })
    // @ts-expect-error there is no such tag
    Message.encode({ type: 'fly', text: 'hi' })
  }
  expectTypeOf(compiles).toBeFunction()
  const Coded = unionOf('op', { 0: shape({ a: int }), 1: shape({ b: string }) })
  expectTypeOf<Infer<typeof Coded>['op']>().toEqualTypeOf<0 | 1>()
})

it('containers and wrappers keep what they hold', () => {
  const Scores = dictionaryOf(string, int)
  expectTypeOf<Infer<typeof Scores>>().toEqualTypeOf<Dictionary<string, number>>()
  const Walls = dictionaryOf(Vector2i, arrayOf(string))
  expectTypeOf<Infer<typeof Walls>>().toEqualTypeOf<Dictionary<Vector2i, string[]>>()
  const Call = tupleOf(string, Vector3, nullable(int))
  expectTypeOf<Infer<typeof Call>>().toEqualTypeOf<[string, Vector3, number | null]>()
  expectTypeOf<Infer<typeof Float32Array>>().toEqualTypeOf<Float32Array>()
  const slot = between(int, 0, 9)
  expectTypeOf<Infer<typeof slot>>().toEqualTypeOf<number>()
  const aim = between(Vector3, -1, 1)
  expectTypeOf<Infer<typeof aim>>().toEqualTypeOf<Vector3>()
  const mode = refine(string, (text): text is 'a' | 'b' => text === 'a' || text === 'b')
  expectTypeOf<Infer<typeof mode>>().toEqualTypeOf<'a' | 'b'>()
  expectTypeOf<Infer<typeof number>>().toEqualTypeOf<number>()
  const compiles = () => {
    Scores.encode({ ada: 3 })
    Scores.encode(new Map([['ada', 3]]))
    // @ts-expect-error a plain object has no vectors for keys
    Walls.encode({ a: ['x'] })
    // @ts-expect-error there are three
    Call.encode(['a', new Vector3()])
    // @ts-expect-error an optional field is one of a shape
    arrayOf(optional(int))
    // @ts-expect-error no class of Godot
    shape({ at: Date })
  }
  expectTypeOf(compiles).toBeFunction()
})

it('unknown keys are seen where they are kept', () => {
  const Keep = shape({ id: int }, { unknown: 'keep' })
  const kept = {} as Infer<typeof Keep>
  expectTypeOf(kept.id).toEqualTypeOf<number>()
  expectTypeOf(kept['more']).toEqualTypeOf<unknown>()
  const refused = {} as Infer<typeof State>
  // @ts-expect-error nobody said that there is more
  refused['more']
})

it('shapes are made of others', () => {
  const Base = shape({ id: int })
  const More = shape({ ...Base.fields, hp: float })
  expectTypeOf<Infer<typeof More>>().toEqualTypeOf<{ id: number; hp: number }>()
  interface Item {
    id: number
    parts: Item[]
  }
  const Item: Field<Item> = shape({ id: int, parts: arrayOf(lazy(() => Item)) })
  expectTypeOf<Infer<typeof Item>>().toEqualTypeOf<Item>()
})
