// What no vector says: the errors with their places, the limits, and texts that mean harm.
import { describe, expect, it } from 'vitest'
import {
  Callable,
  Dictionary,
  float,
  GodotObject,
  Image,
  PackedStringArray,
  StringName,
  type StrToVarOptions,
  strToVar,
  TypedArray,
  VariantType,
  Vector2,
  Vector2i,
  varToStr,
} from '../../../src/variant/index.js'
import { grisu2 } from '../../../src/variant/str/grisu.js'
import { engineSort } from '../../../src/variant/str/order.js'
import { codeFrom } from '../code-of.js'
import { difference } from '../equal.js'
import { Random } from '../random.js'

function refusal(text: string, options?: StrToVarOptions): unknown {
  try {
    return strToVar(text, options)
  } catch (error) {
    const { code, facts } = error as { code: string; facts: Record<string, unknown> }
    return `${code} ${facts['line']}:${facts['column']}`
  }
}

describe('strToVar', () => {
  it.each([
    ['', 'VARIANT_TEXT_END 1:1'],
    ['[1,\n  2', 'VARIANT_TEXT_END 2:4'],
    ['[1,\n\n  %]', 'VARIANT_TEXT_UNEXPECTED 3:3'],
    ['[1 2]', 'VARIANT_TEXT_UNEXPECTED 1:4'],
    ['{"a" 1}', 'VARIANT_TEXT_UNEXPECTED 1:6'],
    ['"abc', 'VARIANT_TEXT_BAD_STRING 1:1'],
    ['["\\u12"]', 'VARIANT_TEXT_BAD_STRING 1:3'],
    ['"\\ud83d"', 'VARIANT_TEXT_BAD_STRING 1:2'],
    ['& "a"', 'VARIANT_TEXT_UNEXPECTED 1:2'],
    ['[Vector9(1)]', 'VARIANT_TEXT_UNKNOWN_NAME 1:2'],
    ['[\n Vector2(1)]', 'VARIANT_TEXT_ARGUMENTS 2:2'],
    ['PackedByteArray("A")', 'VARIANT_TEXT_ARGUMENTS 1:1'],
    ['; only a comment', 'VARIANT_TEXT_END 1:17'],
  ])('says of %j what is wrong, and where', (text, expected) => {
    expect(refusal(text)).toBe(expected)
  })

  it('says in words what it met and what it wanted', () => {
    expect(() => strToVar('[1 2]')).toThrow('a number stands where "," or "]" should be (line 1, column 4)')
    expect(() => strToVar('[1')).toThrow('The text ends where "," or "]" should be (line 1, column 3)')
    expect(() => strToVar('Vector2(1, 2, 3)')).toThrow('Vector2 takes 2 numbers, not 3 (line 1, column 1)')
  })

  it('stops at every limit, and reads what lies within', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(refusal(nested(9), { maxDepth: 8 })).toBe('VARIANT_TEXT_TOO_DEEP 1:9')
    expect(strToVar(nested(8), { maxDepth: 8 })).toEqual([[[[[[[[]]]]]]]])
    expect(refusal('[1, {2: 3}, [4]]', { maxElements: 4 })).toBe('VARIANT_TEXT_TOO_MANY 1:14')
    expect(strToVar('[1, [4]]', { maxElements: 3 })).toEqual([1, [4]])
    expect(refusal('PackedByteArray(1, 2, 3)', { maxElements: 2 })).toBe('VARIANT_TEXT_TOO_MANY 1:23')
    expect(refusal('PackedStringArray("a", "b")', { maxElements: 1 })).toBe('VARIANT_TEXT_TOO_MANY 1:24')
    expect(codeFrom(() => strToVar('12345', { maxLength: 4 }))).toBe('VARIANT_TEXT_TOO_LONG')
    expect(strToVar('1234', { maxLength: 4 })).toBe(1234)
  })

  it.each([
    ['[', '['],
    ['{1:', '{1:'],
    ['Array[Array]([', 'Array[Array](['],
    ['Object(A,"a":', 'Object(A,"a":'],
  ])('nested without end in %j it is too deep, not a full stack', (_name, open) => {
    expect(refusal(open.repeat(50_000))).toMatch(/^VARIANT_TEXT_(TOO_DEEP|END) /)
    expect(refusal(open.repeat(1_025))).toMatch(/^VARIANT_TEXT_TOO_DEEP /)
  })

  it('reads no more than the first value, and leaves nothing behind after an error', () => {
    expect(strToVar('1 ] "')).toBe(1)
    expect(refusal('[1')).toBe('VARIANT_TEXT_END 1:3')
    expect(strToVar('[1]')).toEqual([1])
  })

  it('keeps floats apart from ints when asked, and always in keys', () => {
    expect(strToVar('[1, 1.0]')).toEqual([1, 1])
    expect(difference(strToVar('[1, 1.0]', { exact: true }), [1, float(1)])).toBeUndefined()
    const keys = [...(strToVar('{1: "int", 1.0: "float"}') as Dictionary).keys()]
    expect(difference(keys, [1, float(1)])).toBeUndefined()
  })

  it('makes no Object of an engine, only its names and values', () => {
    const read = strToVar('Object(Node,"script":Resource("res://evil.gd"),"__proto__":{"x":1})') as GodotObject
    expect(read).toBeInstanceOf(GodotObject)
    expect([...read.properties.keys()]).toEqual(['script', '__proto__'])
    expect(read.properties.get('script')).toBe('res://evil.gd')
    expect(({} as { x?: number }).x).toBeUndefined()
  })

  it('has names for its constructors only, not for what every object has', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      expect(refusal(`${name}(1)`)).toBe('VARIANT_TEXT_UNKNOWN_NAME 1:1')
      expect(refusal(`Vector2(${name}, 1)`)).toBe('VARIANT_TEXT_UNEXPECTED 1:9')
    }
  })

  it('refuses options that it does not know', () => {
    for (const options of [
      { version: 2 },
      { maxDepth: 0 },
      { maxDepth: 1025 },
      { maxLength: 0.5 },
      { maxElements: -1 },
    ]) {
      expect(codeFrom(() => strToVar('1', options as never))).toBe('VARIANT_BAD_OPTION')
    }
    expect(codeFrom(() => strToVar('1', { target: '3.2' }))).toBe('VARIANT_BAD_OPTION')
    expect(codeFrom(() => strToVar(5 as never))).toBe('VARIANT_UNSUPPORTED')
  })
})

describe('varToStr', () => {
  it('takes what varToBytes takes', () => {
    expect(varToStr({ b: [1, float(1), 0.5], a: undefined })).toBe('{\n"a": null,\n"b": [1, 1.0, 0.5]\n}')
    expect(varToStr(new Map([[new Vector2i(1, 2), 'x']]))).toBe('{\nVector2i(1, 2): "x"\n}')
    expect(varToStr(2n ** 63n - 1n)).toBe('9223372036854775807')
  })

  it('refuses what Godot has no text for', () => {
    expect(codeFrom(() => varToStr(2n ** 63n))).toBe('VARIANT_UNSUPPORTED')
    expect(codeFrom(() => varToStr(new Date() as never))).toBe('VARIANT_UNSUPPORTED')
    expect(codeFrom(() => varToStr((() => 1) as never))).toBe('VARIANT_UNSUPPORTED')
    expect(codeFrom(() => varToStr(new Image()))).toBe('VARIANT_NOT_IN_VERSION')
    expect(codeFrom(() => varToStr(new Vector2i(0.5, 1)))).toBe('VARIANT_OUT_OF_RANGE')
    expect(codeFrom(() => varToStr(1, { version: 2 as never }))).toBe('VARIANT_BAD_OPTION')
  })

  it.each([
    ['StringName', new StringName('a')],
    ['Vector2i', new Vector2i(1, 2)],
    ['Callable', new Callable()],
    ['typed Array', new TypedArray(VariantType.INT, [1])],
    ['typed Dictionary', new Dictionary(null, { keyType: VariantType.INT })],
    ['PackedInt64Array', new BigInt64Array(1)],
  ])('has no %s in Godot 3', (_name, value) => {
    expect(codeFrom(() => varToStr(value as never, { version: 3 }))).toBe('VARIANT_NOT_IN_VERSION')
  })

  it('names a cycle, and writes what is there twice', () => {
    const loop: unknown[] = []
    loop.push([loop])
    expect(codeFrom(() => varToStr(loop as never))).toBe('VARIANT_CYCLE')
    const twice = [1]
    expect(varToStr([twice, twice])).toBe('[[1], [1]]')
  })

  it('ends where the engine ends', () => {
    const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as never
    for (const version of [4, 3] as const) {
      const text = varToStr(nested(150), { version }).replaceAll(' ', '')
      expect(text).toBe('['.repeat(102) + ']'.repeat(102))
    }
    expect(varToStr(nested(500), { version: 3, target: '3.2' }).replaceAll(' ', '')).toHaveLength(1000)
    expect(codeFrom(() => varToStr(nested(1500), { version: 3, target: '3.2' }))).toBe('VARIANT_TOO_DEEP')
  })

  it('escapes what the engine escapes', () => {
    const text = '?"\'\\\x01\x07\b\t\n\v\f\r'
    expect(varToStr(new PackedStringArray([text]))).toBe('PackedStringArray("?\\"\\\'\\\\\x01\\a\\b\\t\\n\\v\\f\\r")')
    expect(varToStr(new PackedStringArray([text]), { version: 3 })).toContain('"\\?\\"')
    expect(varToStr(text)).toBe('"?\\"\'\\\\\x01\x07\b\t\n\v\f\r"')
  })

  it('sorts Strings by code points', () => {
    expect(varToStr({ '\u{10000}': 1, '\uffff': 2, '\u{10000}a': 3 })).toBe(
      '{\n"\uffff": 2,\n"\u{10000}": 1,\n"\u{10000}a": 3\n}',
    )
  })

  it('comes back as what it was', () => {
    const value = [null, true, -5, 'a "b"\n\\', new StringName('n'), new Vector2(0.5, 1), new Uint8Array([1, 2])]
    expect(difference(strToVar(varToStr(value)), value)).toBeUndefined()
  })
})

describe('the digits of floats', () => {
  // Printed by Godot 4.6.3: longer than they need be, or not the nearest of their length.
  it.each([
    [1.907387951712179e32, '1.9073879517121792e+32'],
    [2.506696024419779e79, '2.5066960244197788e+79'],
    [-3.85487119612183e187, '-3.8548711961218304e+187'],
    [-631047521559682.2, '-631047521559682.3'],
    [-5.2762432412657695e-70, '-5.2762432412657694e-70'],
    [9.522339137141014e-34, '9.522339137141015e-34'],
    [-50543676675285140, '-5.0543676675285136e+16'],
    [6.850513155088564e-276, '6.8505131550885644e-276'],
    [1.539153514504428e-164, '1.5391535145044279e-164'],
  ])('are those of the engine for %d', (value, text) => {
    expect(varToStr(float(value))).toBe(text)
  })

  // Printed by Godot 3.6: what lies between two texts of six digits goes to the even one.
  it.each([
    [123456.5, '123456.0'],
    [123457.5, '123458.0'],
    [100000.5, '100000.0'],
    [12345.65625, '12345.7'],
  ])('are six in Godot 3 for %d', (value, text) => {
    expect(varToStr(float(value), { version: 3 })).toBe(text)
  })

  it('read back as the float, for doubles and for float32', () => {
    const random = new Random(99)
    const view = new DataView(new ArrayBuffer(8))
    for (let i = 0; i < 5_000; i++) {
      view.setUint32(0, random.uint32())
      view.setUint32(4, random.uint32())
      const [wide, narrow] = [Math.abs(view.getFloat64(0)), Math.abs(view.getFloat32(0))]
      if (wide > 0 && Number.isFinite(wide)) expect(numberOf(grisu2(wide, false))).toBe(wide)
      if (narrow > 0 && Number.isFinite(narrow)) expect(Math.fround(numberOf(grisu2(narrow, true)))).toBe(narrow)
    }
  })

  it.each([Number.MIN_VALUE, 2 ** -1022, Number.MAX_VALUE, 2 ** -149, 1, 2 ** 63])('are right for %d', (value) => {
    expect(numberOf(grisu2(value, false))).toBe(value)
  })

  function numberOf({ digits, point }: { digits: string; point: number }): number {
    return Number(`0.${digits}e${point}`)
  }
})

describe('the sort', () => {
  it('sorts', () => {
    const random = new Random(5)
    for (const length of [0, 1, 2, 15, 16, 17, 33, 200, 3_000]) {
      const items = random.list(length, () => random.below(100))
      const expected = [...items].sort((a, b) => a - b)
      expect(engineSort(items, (a, b) => a < b)).toEqual(expected)
    }
  })

  it('ends and keeps every item, whatever it is told of their order', () => {
    const random = new Random(6)
    for (const less of [() => true, () => false, () => random.oneIn(2)]) {
      const items = Array.from({ length: 500 }, (_, i) => i)
      const sorted = engineSort([...items], less)
      expect([...sorted].sort((a, b) => a - b)).toEqual(items)
    }
  })

  it('takes no longer for keys that are laid out to make it', () => {
    // Organ pipes and sorted runs are what a median of three does worst on.
    const items = Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? i : 20_000 - i))
    let asked = 0
    engineSort(items, (a, b) => {
      asked++
      return a < b
    })
    expect(asked).toBeLessThan(20_000 * 60)
  })
})

describe('a Vector2', () => {
  it('is shown in as few digits as tell it from other float32s', () => {
    expect(varToStr(new Vector2(1 / 3, 16777217))).toBe('Vector2(0.33333334, 16777216)')
  })
})
