// The queue below the readers: what it costs is counted in bytes that are moved and in memory, never in time.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ByteQueue } from '../../../src/variant/framing/byte-queue.js'
import { Random } from '../random.js'

const TYPED_ARRAY = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array

/** Counts the bytes that are copied from here on. */
function countMoves(): () => number {
  let moved = 0
  const { set, copyWithin } = TYPED_ARRAY
  vi.spyOn(TYPED_ARRAY, 'set').mockImplementation(function (this: Uint8Array, source, offset) {
    moved += source.length
    set.call(this, source, offset)
  })
  vi.spyOn(TYPED_ARRAY, 'copyWithin').mockImplementation(function (this: Uint8Array, target, start, end) {
    moved += end! - start
    return copyWithin.call(this, target, start, end)
  })
  return () => moved
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('ByteQueue', () => {
  it('gives the bytes that came, in their order, whatever is pushed and taken', () => {
    const r = new Random(5)
    const queue = new ByteQueue()
    let [pushed, taken] = [0, 0]
    for (let round = 0; round < 3_000; round++) {
      const size = r.oneIn(100) ? r.below(300_000) : r.below(60)
      queue.push(Uint8Array.from({ length: size }, () => pushed++ & 0xff))
      const count = r.oneIn(3) ? queue.length : r.below(queue.length + 1)
      const skipped = r.below(count + 1)
      const got = queue.take(count, skipped)
      expect(got.length).toBe(count - skipped)
      expect(got.every((byte, i) => byte === ((taken + skipped + i) & 0xff))).toBe(true)
      taken += count
      expect(queue.length).toBe(pushed - taken)
    }
    expect(taken).toBeGreaterThan(1_000_000)
  })

  it('copies its chunks', () => {
    const queue = new ByteQueue()
    const chunk = Uint8Array.of(1, 2, 3, 4)
    queue.push(chunk)
    chunk.fill(9)
    expect(queue.uint32(0, false)).toBe(0x04030201)
    expect(queue.uint32(0, true)).toBe(0x01020304)
  })

  it.each([
    ['1 byte at a time, taken at the end', 400_000, 1, 400_000],
    ['100 bytes at a time, taken at the end', 40_000, 100, 4_000_000],
    ['1 byte at a time, taken by 12', 400_000, 1, 12],
    ['7 bytes at a time, taken by 12', 100_000, 7, 12],
    ['1500 bytes at a time, taken by 70,000', 10_000, 1500, 70_000],
  ])('moves at most four times what came: %s', (_name, chunks, size, frame) => {
    const queue = new ByteQueue()
    const moved = countMoves()
    for (let i = 0; i < chunks; i++) {
      queue.push(new Uint8Array(size))
      while (queue.length >= frame) queue.take(frame, 4)
    }
    expect(moved()).toBeLessThanOrEqual(4 * chunks * size)
    expect(moved()).toBeGreaterThanOrEqual(chunks * size)
  })

  it('moves no more when much waits and each push follows a small take', () => {
    const queue = new ByteQueue()
    queue.push(new Uint8Array(1_000_000))
    const moved = countMoves()
    for (let i = 0; i < 200_000; i++) {
      queue.take(12, 4)
      queue.push(new Uint8Array(12))
    }
    expect(moved()).toBeLessThanOrEqual(4 * 200_000 * 12)
  })

  it('gives a large buffer back, also with a few bytes left in it', () => {
    const queue = new ByteQueue()
    queue.push(new Uint8Array(1_000_000))
    queue.take(999_990, 0)
    expect(queue.take(10, 0).buffer.byteLength).toBeLessThanOrEqual(64 * 1024)
    queue.push(new Uint8Array(1_000_000))
    queue.take(1_000_000, 0)
    queue.push(Uint8Array.of(1))
    expect(queue.take(1, 0).buffer.byteLength).toBeLessThanOrEqual(64 * 1024)
  })

  it('takes at most twice what it holds and the chunk', () => {
    const r = new Random(9)
    const queue = new ByteQueue()
    for (let i = 0; i < 20_000; i++) {
      const held = queue.length
      const size = r.below(1500)
      queue.push(new Uint8Array(size))
      if (r.oneIn(700)) queue.take(r.below(queue.length), 0)
      const { byteLength } = queue.take(0, 0).buffer
      expect(byteLength).toBeLessThanOrEqual(Math.max(64 * 1024, 2 * held + size, 8 * queue.length))
    }
  })
})
