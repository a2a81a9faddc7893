// The ranges against the decoder, which goes through the bytes by a way of its own: they lie side by side from the first
// byte to the last, end where the decoder ends, and stop where it stops.
import { describe, expect, it } from 'vitest'
import {
  type AnnotateOptions,
  annotateVar,
  type ByteRange,
  bytesToVarWithObjects,
  Dictionary,
  decodeVar,
  float,
  Image,
  InputEvent,
  NodePath,
  safeBytesToVar,
  TypedArray,
  VariantType,
  Vector2,
  varToBytes,
} from '../../../src/variant/index.js'
import { codeFrom } from '../code-of.js'
import { difference } from '../equal.js'
import { fromHex } from '../hex.js'
import { HostileBytes } from '../mutate.js'
import { Random, RandomValues } from '../random.js'
import { PRINTERS, readVectors } from '../read-vectors.js'

function leaves(range: ByteRange): ByteRange[] {
  return range.children.length === 0 ? [range] : range.children.flatMap(leaves)
}

/** Where the ranges do not lie side by side, each parent as long as its children together. */
function gapIn(range: ByteRange): string | undefined {
  let at = range.start
  for (const child of range.children) {
    if (child.start !== at || child.end < at)
      return `${child.label} in ${range.label}: ${child.start} to ${child.end}, not from ${at}`
    const gap = gapIn(child)
    if (gap !== undefined) return gap
    at = child.end
  }
  return range.children.length > 0 && at !== range.end ? `${range.label} ends at ${range.end}, not ${at}` : undefined
}

/** The ranges of some bytes, checked against the decoder. */
function checked(bytes: Uint8Array, options: AnnotateOptions = {}) {
  const { version = 4, objects } = options
  const annotated = annotateVar(bytes, options)
  const { root, value, error } = annotated
  expect([root.start, root.end]).toEqual([0, bytes.length])
  expect(gapIn(root)).toBeUndefined()
  const stop = leaves(root).find((leaf) => leaf.error !== undefined)
  expect(stop?.error).toBe(error)
  if (error !== undefined) {
    expect(stop?.start, `${error.message}`).toBe(error.offset)
    expect(stop?.end).toBe(bytes.length)
  } else if (objects) {
    expect(difference(value, bytesToVarWithObjects(bytes, { version, exact: true }))).toBeUndefined()
  }
  if (!objects) {
    const { maxDepth, maxBytes, maxElements } = options
    const limits = { ...(maxDepth && { maxDepth }), ...(maxBytes && { maxBytes }), ...(maxElements && { maxElements }) }
    const result = safeBytesToVar(bytes, { version, exact: true, ...limits })
    if (result.ok) {
      expect(root.children[0]?.end).toBe(result.size)
      expect(difference(value, result.value)).toBeUndefined()
    } else {
      expect([error?.code, error?.offset, error?.path]).toEqual([
        result.error.code,
        result.error.offset,
        result.error.path,
      ])
    }
  }
  return annotated
}

describe.each(PRINTERS)('the bytes of %s, Godot %s', (engine, _release, version) => {
  it.each(readVectors(engine, 'values'))('%s: every byte has a meaning', (name, _source, hex = '') => {
    const objects = name!.startsWith('full_')
    expect(checked(fromHex(hex), { version, objects }).error).toBeUndefined()
  })

  it.each(readVectors(engine, 'forms'))('form %s: ends or stops where the decoder does', (name, hex = '') => {
    checked(fromHex(hex), { version, objects: name!.startsWith('full_') })
  })

  it('are cut at every length, and stop where the decoder stops', () => {
    for (const [name, , hex = ''] of readVectors(engine, 'values')) {
      if (name!.startsWith('full_') || hex.length > 600) continue
      const bytes = fromHex(hex)
      for (let length = 0; length < bytes.length; length++) checked(bytes.subarray(0, length), { version })
    }
  })
})

describe.each([4, 3, 2] as const)('bytes of Godot %i', (version) => {
  it('that are random values', () => {
    const values = new RandomValues(new Random(31), { version })
    for (let i = 0; i < 500; i++) checked(varToBytes(values.value() as never, { version }), { version })
  })

  it('that are hostile', () => {
    const hostile = new HostileBytes(version === 2 ? 3 : version, 32)
    let errors = 0
    for (let i = 0; i < 5_000; i++) if (checked(hostile.next(), { version }).error) errors++
    expect(errors).toBeGreaterThan(1_000)
  })
})

describe('annotateVar', () => {
  const shown = (range: ByteRange, depth = 0): string[] => [
    `${'  '.repeat(depth)}${range.start}-${range.end} ${range.label}${range.text && ` ${range.text}`}`,
    ...range.children.flatMap((child) => shown(child, depth + 1)),
  ]

  it('says what each byte is', () => {
    const value = new Dictionary<string, unknown>([
      ['hp', 5],
      ['at', new Vector2(1, 0.1)],
    ])
    expect(shown(annotateVar(varToBytes(value)).root)).toEqual([
      '0-52 bytes 52 bytes',
      '  0-52 value Dictionary of 2',
      '    0-4 header type 27 Dictionary',
      '    4-8 count 2',
      '    8-20 key 0 "hp"',
      '      8-12 header type 4 String',
      '      12-16 length 2',
      '      16-18 text "hp"',
      '      18-20 padding',
      '    20-28 value 0 5',
      '      20-24 header type 2 int',
      '      24-28 value 5',
      '    28-40 key 1 "at"',
      '      28-32 header type 4 String',
      '      32-36 length 2',
      '      36-38 text "at"',
      '      38-40 padding',
      '    40-52 value 1 Vector2(1, 0.1)',
      '      40-44 header type 5 Vector2',
      '      44-48 x 1',
      '      48-52 y 0.1',
    ])
  })

  it('shows typed containers, wide numbers and paths', () => {
    const text = (value: unknown, options = {}) =>
      shown(annotateVar(varToBytes(value as never, options)).root.children[0]!)
    expect(text(new TypedArray(VariantType.INT, [2n ** 40n]))).toEqual([
      '0-24 value Array[int] of 1',
      '  0-4 header type 28 Array, flags 0x1',
      '  4-8 element type int',
      '  8-12 count 1',
      '  12-24 [0] 1099511627776',
      '    12-16 header type 2 int, flags 0x1',
      '    16-24 value 1099511627776',
    ])
    expect(text(new Vector2(0.1, 1), { realSize: 'double' })).toContain('  4-12 x 0.1')
    expect(text(new NodePath('/a:b'))).toEqual([
      '0-32 value NodePath("/a:b")',
      '  0-4 header type 22 NodePath',
      '  4-8 name count 1',
      '  8-12 subname count 1',
      '  12-16 flags absolute',
      '  16-20 name 0 length 1',
      '  20-21 name 0 text "a"',
      '  21-24 padding',
      '  24-28 subname 0 length 1',
      '  28-29 subname 0 text "b"',
      '  29-32 padding',
    ])
    expect(text(float(1))).toContain('  4-8 value 1')
  })

  it('shows types of Godot 2, and Godot 3 by its own names', () => {
    const image = varToBytes(new Image(4, 0, 1, 1, new Uint8Array(3)), { version: 2 })
    expect(shown(checked(image, { version: 2 }).root).map((line) => line.trim())).toContain('24-27 data')
    checked(varToBytes([new InputEvent(1, 0, new Uint8Array(8))], { version: 2 }), { version: 2 })
    const pool = annotateVar(varToBytes(new Int32Array([7]), { version: 3 }), { version: 3 })
    expect(pool.root.children[0]?.text).toBe('PoolIntArray( 7 )')
  })

  it('goes as far as the decoder came, and marks the place', () => {
    const bytes = varToBytes(['a', 5])
    bytes[20] = 99
    const { root, error } = checked(bytes)
    expect(error?.code).toBe('VARIANT_BAD_TYPE')
    expect(shown(root).slice(-3)).toEqual([
      '      17-20 padding',
      '    20-28 [1]',
      `      20-28 error ${error?.message}`,
    ])
  })

  it('shows bytes behind the value as what nobody reads', () => {
    const { root } = checked(new Uint8Array([...varToBytes(5), 1, 2, 3]))
    expect(shown(root).at(-1)).toBe('  8-11 behind the value not read')
  })

  it.each(['0000000000000000', '00000000', '03000000efbbbf00', '0400000000616263', '04000000efbbbf00'])(
    'knows an Object without a class in %s: that is null, and nothing follows',
    (name) => {
      expect(checked(fromHex(`18000000${name}`), { objects: true }).value).toBeNull()
    },
  )

  it('keeps the limits, and stops at them', () => {
    expect(checked(varToBytes([1, 2, 3]), { maxElements: 2 }).error?.code).toBe('VARIANT_TOO_MANY')
    expect(checked(varToBytes([[[]]]), { maxDepth: 1 }).error?.code).toBe('VARIANT_TOO_DEEP')
    expect(checked(varToBytes([1, 2, 3]), { maxBytes: 20 }).error?.code).toBe('VARIANT_TOO_LARGE')
    expect(checked(new Uint8Array([24, 0, 0, 0, 0, 0, 0, 0])).error?.code).toBe('VARIANT_OBJECT_NOT_ALLOWED')
  })

  it('makes no more ranges than it is told, whatever the value, and still knows every byte', () => {
    const large = [
      Array.from({ length: 3_000 }, (_, i) => ({ at: i, pos: new Vector2(i, i) })),
      new Float32Array(3_000),
      [new BigInt64Array(2_000), 'x', new Dictionary([[1, [2, [3, [4]]]]])],
      Array.from({ length: 2_000 }, () => new NodePath('a/b/c/d')),
    ]
    for (const value of large) {
      for (const maxRanges of [1, 2, 3, 10, 500]) {
        const { root } = checked(varToBytes(value as never), { maxRanges })
        expect(leaves(root).length).toBeLessThan(maxRanges + 60)
      }
    }
    const broken = varToBytes(large[0] as never)
    checked(broken.subarray(0, broken.length - 3), { maxRanges: 5 })
  })

  it('throws for its options, not for the bytes', () => {
    expect(codeFrom(() => annotateVar(varToBytes(1), { maxRanges: 0 }))).toBe('VARIANT_BAD_OPTION')
    expect(codeFrom(() => annotateVar(varToBytes(1), { version: 5 as never }))).toBe('VARIANT_BAD_OPTION')
    expect(codeFrom(() => annotateVar('00' as never))).toBe('VARIANT_UNSUPPORTED')
    expect(annotateVar(new Uint8Array(0)).error?.code).toBe('VARIANT_TRUNCATED')
  })

  it('walks a deep value as the decoder does', () => {
    const deep = varToBytes(JSON.parse('['.repeat(1_025) + ']'.repeat(1_025)) as never)
    expect(checked(deep).error).toBeUndefined()
    expect(decodeVar(deep).size).toBe(deep.length)
  })
})
