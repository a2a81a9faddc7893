import { describe, expect, it } from 'vitest'
import { Arena } from '../../src/channel/arena.js'

/** Many copies of arrays of these sizes, each full of its own number. */
function copies(sizes: readonly number[]): Uint8Array[] {
  const arena = new Arena()
  return sizes.map((size, i) => {
    const source = new Uint8Array(size).fill(i + 1)
    const copy = arena.copy(source)
    source.fill(0)
    return copy
  })
}

describe('Arena', () => {
  it('copies: neither the source nor a neighbour changes what was copied', () => {
    const sizes = Array.from({ length: 600 }, (_, i) => i)
    const made = copies(sizes)
    for (const [i, copy] of made.entries()) {
      copy.fill(0xff)
      const next = made[i + 1]
      if (next) expect(next).toEqual(new Uint8Array(sizes[i + 1]!).fill(i + 2))
    }
  })

  it('takes memory once for many small copies', () => {
    const blocks = new Set(copies(new Array(200).fill(100)).map(({ buffer }) => buffer))
    expect(blocks.size).toBe(20)
  })

  it('keeps no block for what is large, or so small that it needs none', () => {
    for (const size of [0, 1, 64, 257, 65_536]) {
      const [one, two] = copies([size, size])
      expect(one!.buffer.byteLength).toBe(size)
      expect(two!.buffer).not.toBe(one!.buffer)
    }
  })

  it('gives plain arrays, whatever is copied', () => {
    for (const size of [10, 100, 1000]) {
      expect(Object.getPrototypeOf(new Arena().copy(Buffer.alloc(size)))).toBe(Uint8Array.prototype)
    }
  })
})
