// The types of values in and out. `tsc` is the judge: each @ts-expect-error fails the type check when the line below it is
// accepted, and so does every expectTypeOf that is wrong. The functions are never called.
import { expectTypeOf, it } from 'vitest'
import { compress } from '../../src/compression/index.js'
import {
  bytesToVar,
  Dictionary,
  type EncodedObjectAsID,
  float,
  type GodotFloat,
  GodotObject,
  int,
  type PackedVector2Array,
  putVar,
  shape,
  TypedArray,
  VariantEncoder,
  VariantType,
  Vector2,
  type Vector3,
  varToBytes,
} from '../../src/variant/index.js'
import {
  isDictionary,
  isEncodedObjectAsID,
  isGodotFloat,
  isGodotObject,
  isPackedVector2Array,
  isTypedArray,
  isVector2,
  isVector3,
  typeOf,
  type VariantGuard,
} from '../../src/variant/narrow.js'
import type { Encodable, Variant, VariantInput, VariantObject } from '../../src/variant/variant.js'

/** The parameter of `varToBytes`, of `varToBytesWithObjects` and of `Messenger.send`. */
function encode<T>(value: Encodable<T>): Uint8Array {
  return varToBytes(value as VariantInput)
}

interface Item {
  readonly name: string
  count: number
}

/** Plain data as a game writes it down: no index signature anywhere. */
interface State {
  hp: number
  readonly pos: Vector3
  owner: bigint | null
  name?: string
  maybe: boolean | undefined
  mode: 'walk' | 'run'
  readonly tags: readonly string[]
  range: [from: number, to: number]
  bag: Item[]
  nested: { at: Vector2 | null; list: readonly (Item | string)[] }
  byName: Record<string, Item>
  1: 'number key'
}

interface Tree {
  readonly value: number
  readonly children: Tree[]
  parent?: Tree
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

enum Team {
  Red,
  Blue,
}

enum Mode {
  Walk = 'walk',
}

/** Never called: what is in it must compile, no more. */
function compiles(body: (given: Given) => void): void {
  expectTypeOf(body).toBeFunction()
}

interface Given {
  readonly state: State
  readonly tree: Tree
  readonly json: Json
  readonly input: VariantInput
  readonly variant: Variant
  readonly variantObject: VariantObject
  readonly something: unknown
  readonly anObject: object
  // biome-ignore lint/suspicious/noExplicitAny: what JSON.parse gives
  readonly anything: any
}

it('takes interfaces and whatever plain data is made of', () => {
  compiles(({ state, tree, json, input, variant, variantObject, anything }) => {
    encode(state)
    encode([state, null, { state }])
    encode({ ...state, extra: new Map([['a', state]]) })
    encode(tree)
    encode(json)
    encode(input)
    encode([input, { input }])
    encode(variant)
    encode(variantObject)
    encode(anything)
    encode({ anything, list: [anything] })
    encode([Team.Red, Mode.Walk])
    encode([state].map((one, id) => ({ id, one })))
    encode({ kind: 'hit', at: [1, 2] } as const)
    encode(Object.freeze({ a: 1 }))
    encode(Math.random() > 0.5 ? state : undefined)
    encode([])
    encode({})
    encode(null)
    encode(undefined)
  })
})

it('takes every container, and looks into it as far as its type says', () => {
  compiles(({ state }) => {
    encode(new Dictionary([['state', state]]))
    encode(new Dictionary([[new Vector2(1, 2), [state]]]))
    encode(new Dictionary())
    encode([new Dictionary(), new Map()])
    encode(new Map<Item, State>())
    encode(new Map<unknown, unknown>() as ReadonlyMap<unknown, unknown>)
    encode(new TypedArray(VariantType.DICTIONARY, [state]))
    encode(new TypedArray(VariantType.INT))
    encode(new GodotObject('Node', new Dictionary()))
    encode([new Uint8Array(1), Buffer.from('x'), new Int32Array(1), new BigInt64Array(1), new Float32Array(1)])
  })
})

it('refuses what Godot has no type for, where it stands', () => {
  class Player {
    hp = 1
    hurt() {}
  }
  compiles(({ state, something, anObject }) => {
    // @ts-expect-error a function
    encode(() => 1)
    // @ts-expect-error a class
    encode(Player)
    // @ts-expect-error a symbol
    encode(Symbol('x'))
    // @ts-expect-error a Date
    encode(new Date())
    // @ts-expect-error a RegExp
    encode(/x/)
    // @ts-expect-error a Set
    encode(new Set([1]))
    // @ts-expect-error a Promise
    encode(Promise.resolve(1))
    // @ts-expect-error an Error
    encode(new Error('x'))
    // @ts-expect-error a generator
    encode([1].values())
    // @ts-expect-error an instance with methods
    encode(new Player())
    // @ts-expect-error no packed array
    encode(new Int8Array(1))
    // @ts-expect-error no packed array
    encode(new BigUint64Array(1))
    // @ts-expect-error a DataView
    encode(new DataView(new ArrayBuffer(1)))
    // @ts-expect-error an ArrayBuffer
    encode(new ArrayBuffer(1))
    // @ts-expect-error nobody knows what
    encode(something)
    // @ts-expect-error an object of which nothing is known
    encode(anObject)
    encode({
      fine: state,
      deep: {
        // @ts-expect-error a Date, in its place
        when: new Date(),
        // @ts-expect-error a function, in its place
        list: [1, () => 1],
        // @ts-expect-error an instance with methods, in its place
        player: new Player(),
        // @ts-expect-error nobody knows what, in its place
        something,
      },
    })
    // @ts-expect-error Dates among the values
    encode(new Dictionary([['when', new Date()]]))
    // @ts-expect-error Dates among the keys of a Map
    encode(new Map([[new Date(), 1]]))
    // @ts-expect-error Sets in a TypedArray
    encode(new TypedArray(VariantType.INT, [new Set<number>()]))
    // @ts-expect-error one of two that a value may be
    encode(Math.random() > 0.5 ? new Date() : state)
  })
})

it('says in words what is wrong', () => {
  expectTypeOf<Encodable<Date>>().toEqualTypeOf<'Godot has no type for a Date'>()
  expectTypeOf<Encodable<() => void>>().toEqualTypeOf<'Godot has no type for a function'>()
  expectTypeOf<Encodable<symbol>>().toEqualTypeOf<'Godot has no type for a symbol'>()
  expectTypeOf<Encodable<Set<number>>>().toEqualTypeOf<'Godot has no type for a Set'>()
  expectTypeOf<Encodable<object>>().toEqualTypeOf<'Godot has no type for an object of unknown properties'>()
  expectTypeOf<Encodable<Int8Array>>().toEqualTypeOf<'Godot has no type for a DataView or this typed array'>()
  expectTypeOf<Encodable<{ a: Date }>>().toEqualTypeOf<{ readonly a: 'Godot has no type for a Date' }>()
  expectTypeOf<Encodable<number | Date>>().toEqualTypeOf<number | 'Godot has no type for a Date'>()
})

it('is the identity for what needs no look inside', () => {
  expectTypeOf<Encodable<5>>().toEqualTypeOf<5>()
  expectTypeOf<Encodable<Vector3 | null | undefined>>().toEqualTypeOf<Vector3 | null | undefined>()
  expectTypeOf<Encodable<GodotFloat>>().toEqualTypeOf<GodotFloat>()
  expectTypeOf<Encodable<Dictionary<string, number>>>().toEqualTypeOf<Dictionary<string, number>>()
  expectTypeOf<Encodable<unknown>>().toEqualTypeOf<VariantInput>()
  expectTypeOf<Encodable<never>>().toEqualTypeOf<never>()
  expectTypeOf<State>().toExtend<Encodable<State>>()
  expectTypeOf<Tree>().toExtend<Encodable<Tree>>()
  expectTypeOf<Variant>().toExtend<Encodable<Variant>>()
  expectTypeOf<VariantInput>().toExtend<Encodable<VariantInput>>()
})

it('goes through functions that hand a value on', () => {
  class Room {
    send<T>(to: bigint, value: Encodable<T>): number {
      return to === 0n ? this.#all(value) : encode(value).length
    }
    #all<T>(value: Encodable<T>): number {
      return encode(value).length
    }
  }
  compiles(({ state, input }) => {
    const room = new Room()
    room.send(1n, state)
    room.send(0n, { message: 'handshake', from: 5n, state })
    room.send<State>(0n, state)
    // @ts-expect-error a function in the message
    room.send(0n, { callback: () => 1 })
    // @ts-expect-error not what was said
    room.send<State>(0n, { hp: 1 })
    const encoders: readonly ((value: VariantInput) => Uint8Array)[] = [encode, varToBytes]
    encoders[0]!(input)
    const rows: Parameters<typeof encode> = [{ hp: 1 }]
    encode(...rows)
    const careless = <T>(value: T) => {
      // @ts-expect-error T may be anything: the parameter must be an Encodable<T>
      encode(value)
    }
    careless(state)
  })
})

it('VariantInput is for values whose type is written down', () => {
  expectTypeOf<Variant>().toExtend<VariantInput>()
  expectTypeOf<VariantObject>().toExtend<VariantInput>()
  expectTypeOf<readonly (Vector2 | number)[]>().toExtend<VariantInput>()
  expectTypeOf<[number, string]>().toExtend<VariantInput>()
  expectTypeOf<{ a?: number; b: bigint | undefined }>().toExtend<VariantInput>()
  expectTypeOf<Dictionary<Vector2, number>>().toExtend<VariantInput>()
  expectTypeOf<ReadonlyMap<string, Vector2>>().toExtend<VariantInput>()
  expectTypeOf<Date>().not.toExtend<VariantInput>()
  expectTypeOf<() => void>().not.toExtend<VariantInput>()
  expectTypeOf<symbol>().not.toExtend<VariantInput>()
  expectTypeOf<Int8Array>().not.toExtend<VariantInput>()
  expectTypeOf<DataView>().not.toExtend<VariantInput>()
  expectTypeOf<Set<number>>().not.toExtend<VariantInput>()
  expectTypeOf<unknown>().not.toExtend<VariantInput>()
  expectTypeOf<VariantInput>().not.toBeAny()
})

it('Variant is exact', () => {
  expectTypeOf<Variant>().not.toBeAny()
  expectTypeOf<Variant>().not.toBeUnknown()
  expectTypeOf<undefined>().not.toExtend<Variant>()
  expectTypeOf<Map<string, number>>().not.toExtend<Variant>()
  expectTypeOf<readonly number[]>().not.toExtend<Variant>()
  expectTypeOf<Extract<Variant, string | number | bigint | boolean | null>>().toEqualTypeOf<
    string | number | bigint | boolean | null
  >()
  expectTypeOf<VariantObject[string]>().toEqualTypeOf<Variant>()
  compiles(({ variant }) => {
    // @ts-expect-error nothing can be read before it is known what it is
    variant.x
    if (typeof variant === 'object' && variant !== null && !Array.isArray(variant)) {
      expectTypeOf(variant).not.toBeAny()
    }
  })
})

it('guards narrow a Variant to one of its members, and leave the others', () => {
  compiles(({ variant, something }) => {
    if (isVector3(variant)) {
      expectTypeOf(variant).toEqualTypeOf<Vector3>()
    } else {
      expectTypeOf(variant).toEqualTypeOf<Exclude<Variant, Vector3>>()
    }
    if (isDictionary(variant)) {
      expectTypeOf(variant).toEqualTypeOf<Dictionary<Variant, Variant>>()
      expectTypeOf(variant.get('hp')).toEqualTypeOf<Variant | undefined>()
    }
    if (isTypedArray(variant)) {
      expectTypeOf(variant).toEqualTypeOf<TypedArray<Variant>>()
      expectTypeOf(variant[0]).toEqualTypeOf<Variant | undefined>()
    }
    if (isGodotObject(variant)) {
      expectTypeOf(variant).toEqualTypeOf<GodotObject>()
    }
    if (isEncodedObjectAsID(variant)) {
      expectTypeOf(variant).toEqualTypeOf<EncodedObjectAsID>()
    }
    if (isGodotFloat(variant)) {
      expectTypeOf(variant).toEqualTypeOf<GodotFloat>()
    }
    if (isPackedVector2Array(variant)) {
      expectTypeOf(variant.at(0)).toEqualTypeOf<Vector2 | undefined>()
    }
    if (isVector2(something)) {
      expectTypeOf(something).toEqualTypeOf<Vector2>()
    }
    if (isDictionary(something)) {
      expectTypeOf(something).toEqualTypeOf<Dictionary>()
    }
    const points = bytesToVar(new Uint8Array()) as Variant[]
    expectTypeOf(points.filter(isVector3)).toEqualTypeOf<Vector3[]>()
  })
  expectTypeOf(isVector3).toEqualTypeOf<VariantGuard<Vector3>>()
  expectTypeOf(typeOf).returns.toEqualTypeOf<VariantType | undefined>()
})

it('the classes are told apart, however alike their fields are', () => {
  expectTypeOf<Vector2>().not.toExtend<{ x: number; y: number; z: number }>()
  expectTypeOf<{ x: number; y: number }>().not.toExtend<Vector2>()
  expectTypeOf<PackedVector2Array>().not.toExtend<readonly unknown[]>()
  compiles(() => {
    // @ts-expect-error a float is no number to the compiler, although arithmetic takes it
    const n: number = float(1)
    encode(n)
  })
})

it('the bytes are what a socket of a browser takes: never memory that is shared', () => {
  expectTypeOf(varToBytes(1)).toEqualTypeOf<Uint8Array<ArrayBuffer>>()
  expectTypeOf(new VariantEncoder().encodeView(1)).toEqualTypeOf<Uint8Array<ArrayBuffer>>()
  expectTypeOf(putVar(1)).toEqualTypeOf<Uint8Array<ArrayBuffer>>()
  expectTypeOf(shape({ id: int }).encode({ id: 1 })).toEqualTypeOf<Uint8Array<ArrayBuffer>>()
  expectTypeOf(compress(new Uint8Array())).toEqualTypeOf<Uint8Array<ArrayBuffer>>()
})
