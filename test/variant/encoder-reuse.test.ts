// varToBytes uses the memory of its last call again: nothing of one value may show in another.
import { describe, expect, it } from 'vitest'
import { giveEncoder, takeEncoder } from '../../src/variant/encoder.js'
import { Color, Vector3, varToBytes } from '../../src/variant/index.js'
import { resolveEncode } from '../../src/variant/options.js'
import { toHex } from './hex.js'

describe('one call after another', () => {
  const small = () => toHex(varToBytes(['a', 'abc', new Uint8Array([1]), new Vector3(1, 2, 3)]))

  it('leaves nothing of the longer value before it, not even in the padding', () => {
    const alone = small()
    varToBytes('\xff'.repeat(5000))
    varToBytes(new Uint8Array(5000).fill(255))
    expect(small()).toBe(alone)
  })

  it('gives bytes that the next call does not touch', () => {
    const first = varToBytes('first')
    const hex = toHex(first)
    varToBytes('again')
    expect(toHex(first)).toBe(hex)
  })

  it('works after a call that failed in the middle', () => {
    const alone = small()
    expect(() => varToBytes(['x'.repeat(100), () => 1] as never)).toThrow(/VARIANT_UNSUPPORTED/)
    expect(small()).toBe(alone)
  })

  it('goes by its own options', () => {
    const vector = new Vector3(1, 2, 3)
    const plain = toHex(varToBytes(vector))
    const wide = toHex(varToBytes(vector, { realSize: 'double' }))
    const three = toHex(varToBytes(vector, { version: 3 }))
    expect([wide.length, three.slice(0, 2)]).toEqual([56, '07'])
    expect(toHex(varToBytes(vector))).toBe(plain)
    expect(() => varToBytes([[[1]]], { maxDepth: 2 })).toThrow(/VARIANT_TOO_DEEP/)
    expect(() => varToBytes([[[1]]])).not.toThrow()
  })

  it('does not keep the memory of a very large value', () => {
    varToBytes(new Uint8Array(1 << 20))
    expect(varToBytes('small').buffer.byteLength).toBeLessThan(100)
  })
})

describe('a value that encodes another one while it is encoded', () => {
  it('gets its own bytes, and so does the other', () => {
    const inner: string[] = []
    const outer = {
      before: new Color(1, 2, 3, 4),
      get middle() {
        inner.push(toHex(varToBytes(new Vector3(7, 8, 9))))
        return 'm'
      },
      after: new Color(5, 6, 7, 8),
    }
    const expected = toHex(varToBytes({ before: new Color(1, 2, 3, 4), middle: 'm', after: new Color(5, 6, 7, 8) }))
    expect(toHex(varToBytes(outer))).toBe(expected)
    expect(inner).toEqual([toHex(varToBytes(new Vector3(7, 8, 9)))])
  })
})

it('an encoder waits for the next call, whatever is written for Godot 2 meanwhile', () => {
  const [usual, godot2] = [resolveEncode(undefined, false), resolveEncode({ version: 2 }, false)]
  const encoder = takeEncoder(usual)
  giveEncoder(encoder)
  const other = takeEncoder(godot2).begin(godot2)
  expect(other).not.toBe(encoder)
  giveEncoder(other)
  expect(takeEncoder(usual)).toBe(encoder)
  giveEncoder(encoder)
})
