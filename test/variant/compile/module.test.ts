import { readFileSync } from 'node:fs'
import { transformSync } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { compiledFiles } from '../../../bench/compile.js'
import { compileShapes } from '../../../src/variant/compile/index.js'
import { compiled } from '../../../src/variant/compiled/index.js'
import {
  arrayOf,
  between,
  bool,
  dictionaryOf,
  float,
  int,
  int64,
  lazy,
  literal,
  optional,
  refine,
  shape,
  sized,
  string,
  unionOf,
  Vector2i,
  Vector3,
  variant,
} from '../../../src/variant/index.js'
import { toHex } from '../hex.js'
import { type Counts, compile } from './compiled.js'

const Item = shape({ id: int, count: between(int, 1, 99) })
const Bag = arrayOf(Item)
const options = { from: './shapes.js' }

describe('compileShapes', () => {
  it('exports what the module exports, but what is no field', () => {
    const text = compileShapes({ Item, Bag, limit: 5, help: () => {} }, options)
    expect([...text.matchAll(/^export const (.*?) = /gm)].map(([, name]) => name)).toEqual([
      'Item: typeof $shapes.Item',
      'Bag: typeof $shapes.Bag',
    ])
    expect(text).toContain('import * as $shapes from "./shapes.js"')
    expect(text).toContain('// @ts-nocheck')
  })

  it('writes JavaScript without types, for a runtime of another name', () => {
    const text = compileShapes({ Item }, { ...options, language: 'js', runtime: 'vendor/godot-wire' })
    expect(text).toContain('export const Item = $compiled(')
    expect(text).toMatch(/^import \{.*\} from "vendor\/godot-wire"$/m)
    expect(text).not.toContain('@ts-nocheck')
  })

  it('has the code of a shape once, also where others are made of it and come before it', () => {
    const text = compileShapes({ Bag, Item }, options)
    expect(text.match(/between|<= 99/g)).toHaveLength(2)
    expect(text.indexOf('export const Item')).toBeLessThan(text.indexOf('export const Bag'))
    expect(text).toContain('= $laneOf(Item)')
  })

  it.each([
    [{ version: 2 }, 'version is 2; it must be 4 or 3'],
    [{ language: 'lua' }, 'language is lua; it must be ts or js'],
    [{ from: undefined }, 'from is undefined; it must be text'],
  ])('refuses %o', (more, says) => {
    expect(() => compileShapes({ Item }, { ...options, ...more } as never)).toThrow(says)
  })

  it.each(['default', 'class', 'two words', '1st'])('refuses an export called %s', (name) => {
    expect(() => compileShapes({ [name]: Item }, options)).toThrow(`"${name}" is exported, and no name for a constant`)
  })

  it('keeps its own names apart from those of the program', () => {
    const Color = shape({ at: Vector3, by: lazy(() => Item) })
    const text = compileShapes({ Color, compiled: Color, shapes: Item, größe: Item }, options)
    // A name that is declared twice is an error to a bundler.
    expect(transformSync(text, { loader: 'ts' }).warnings).toEqual([])
    expect(() => transformSync(`${text}\nconst Color = 5`, { loader: 'ts' })).toThrow('already been declared')
  })

  it('takes shapes that are parts of others many times over', () => {
    let Top = shape({ id: int })
    for (let level = 0; level < 40; level++) Top = shape({ a: Top, b: Top }) as never
    expect(compileShapes({ Top }, options)).toContain('levels: 41,')
  })

  it('refuses a module without a field', () => {
    expect(() => compileShapes({ a: 1, Vector3 }, options)).toThrow('nothing that is exported is a field')
  })

  it.each(Object.entries(compiledFiles()))('has written bench/%s, of the shapes as they are', (file, text) => {
    expect(readFileSync(new URL(`../../../bench/${file}`, import.meta.url), 'utf8')).toBe(text)
  })
})

describe('a compiled field', () => {
  it('is refused where the shape is another one by now', () => {
    const made = {
      name: 'Item',
      version: 4,
      fingerprint: '0123456789abcdef',
      levels: 1,
      lane: () => expect.fail(),
    } as const
    expect(() => compiled(Item as never, made)).toThrow(
      expect.objectContaining({ code: 'VARIANT_SHAPE_STALE', message: expect.stringContaining('"Item"') }),
    )
  })

  it.each([
    ['a name', shape({ ident: int, count: between(int, 1, 99) })],
    ['an order', shape({ count: between(int, 1, 99), id: int })],
    ['a limit', shape({ id: int, count: between(int, 1, 98) })],
    ['a type', shape({ id: float, count: between(int, 1, 99) })],
    ['what may be missing', shape({ id: optional(int), count: between(int, 1, 99) })],
    ['what is kept', shape({ id: int, count: between(int, 1, 99) }, { unknown: 'keep' })],
  ])('tells that %s has changed', (_, other) => {
    const fingerprint = (field: object) => /fingerprint: '(\w+)'/.exec(compileShapes({ field }, options))?.[1]
    expect(fingerprint(other)).toMatch(/^[0-9a-f]{16}$/)
    expect(fingerprint(other)).not.toBe(fingerprint(Item))
    expect(fingerprint(shape({ id: int, count: between(int, 1, 99) }))).toBe(fingerprint(Item))
  })

  /** Whether the lane answered when this value was written and read. */
  function isQuick(
    field: Parameters<typeof compile>[0],
    value: unknown,
    version: 3 | 4 = 4,
    made: 3 | 4 = version,
  ): boolean[] {
    const counts: Counts = { asked: 0, answered: 0 }
    const quick = compile(field, made, counts)
    const bytes = quick.encode(value, { version })
    const written = counts.answered
    expect(toHex(bytes)).toBe(toHex(field.encode(value, { version })))
    expect(quick.decode(bytes, { version })).toEqual(field.decode(bytes, { version }))
    return [written === 1, counts.answered - written === 1]
  }

  const Deep = shape({ tree: lazy(() => Item), any: variant, by: dictionaryOf(string, int), kept: Uint8Array })
  const deep = { tree: { id: 1, count: 2 }, any: [{}], by: { a: 1 }, kept: new Uint8Array(5) }
  const Message = unionOf('op', {
    0: shape({ at: Vector2i }),
    1: shape({ who: int64, said: refine(sized(string, 9), (text) => text !== '') }),
  })

  it.each([
    ['an int of 53 bits', int, 2 ** 53 - 1],
    ['an int of 64 bits', int64, 2n ** 63n - 1n],
    ['the least of 64 bits', int64, -(2n ** 63n)],
    ['the least of 32 bits', int64, -(2n ** 31n)],
    ['one more than 32 bits', int64, 2n ** 31n],
    ['a number for a bigint', int64, 5],
    ['-0 for an int', int, -0],
    ['-0', float, -0],
    ['an infinity', float, Number.POSITIVE_INFINITY],
    ['a long text', string, 'ä'.repeat(5_000)],
    ['many elements', arrayOf(int), new Array(5_000).fill(7)],
    ['what has no lane of its own', Deep, deep],
    ['a union told apart by ints', Message, { op: 1, who: 7n, said: 'hi' }],
    ['a literal', literal('walk', 'run', 0, null, false), 'run'],
    ['null', literal('walk', null, 0), null],
    ['a key that all objects have', shape({ constructor: bool, toString: int }), { constructor: true, toString: 3 }],
  ])('is quick for %s', (_, field, value) => {
    // A class and `float` become fields in a shape.
    const around = shape({ it: field as typeof int })
    expect(isQuick(around as never, { it: value })).toEqual([true, true])
  })

  it('is quick for the version that it was made for alone', () => {
    expect(isQuick(Item as never, { id: 1, count: 2 }, 3)).toEqual([true, true])
    expect(isQuick(Item as never, { id: 1, count: 2 }, 3, 4)).toEqual([false, false])
    expect(isQuick(Item as never, { id: 1, count: 2 }, 4, 3)).toEqual([false, false])
  })

  it('asks the test of a refined field once for a value that passes', () => {
    const asked: unknown[] = []
    const Even = refine(int, (value) => asked.push(value) > 0)
    const quick = compile(arrayOf(Even))
    quick.decode(quick.encode([2, 4]))
    expect(asked).toEqual([2, 4, 2, 4])
  })

  it('is a field like any other: a part of shapes, of unions, and of what is compiled of these', () => {
    const quick = compile(Item as never) as unknown as typeof Item
    expect(Object.keys(quick.fields)).toEqual(['id', 'count'])
    const World = unionOf('type', { item: quick, items: shape({ all: arrayOf(quick), best: optional(quick) }) })
    const value = { type: 'items', all: [{ id: 1, count: 2 }] } as const
    expect(World.decode(World.encode(value))).toEqual(value)
    expect(isQuick(World as never, value)).toEqual([true, true])
    expect(
      sized(compile(Bag as never) as unknown as typeof Bag, 1).safeDecode(Bag.encode([value.all[0], value.all[0]])).ok,
    ).toBe(false)
  })

  it('leaves nothing of a try that failed: the next message is read as if there had been none', () => {
    const counts: Counts = { asked: 0, answered: 0 }
    const Nested = shape({ by: dictionaryOf(int, int), rest: arrayOf(Item) })
    const quick = compile(Nested as never, 4, counts) as unknown as typeof Nested
    const bytes = Nested.encode({ by: new Map([[1, 2]]), rest: [{ id: 5, count: 6 }] })
    for (let end = 0; end < bytes.length; end++) expect(quick.safeDecode(bytes.subarray(0, end)).ok).toBe(false)
    const before = counts.answered
    expect(quick.decode(bytes, { maxElements: 6 }).rest).toEqual([{ id: 5, count: 6 }])
    expect(counts.answered).toBe(before + 1)
    expect(() => quick.decode(bytes, { maxElements: 5 })).toThrow('VARIANT_TOO_MANY')
  })
})
