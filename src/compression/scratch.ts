/** A buffer up to this size is kept between calls; a larger one is the garbage collector's as soon as it is done with. */
export const KEPT = 0x20000

let kept = /* @__PURE__ */ new Uint8Array(0x4000)

/** Room for `size` bytes whose content is anything. One at a time: the next call may give the same memory. */
export function scratch(size: number): Uint8Array<ArrayBuffer> {
  if (size <= kept.length) return kept
  const bytes = new Uint8Array(size)
  if (size <= KEPT) kept = bytes
  return bytes
}

/**
 * A larger buffer with the first `used` bytes of `out`, for `needed` bytes at the least: twice the size, so that what is
 * made stays in proportion to what came out, and never more than `most`.
 */
export function grown(out: Uint8Array, used: number, needed: number, most: number): Uint8Array<ArrayBuffer> {
  const larger = scratch(Math.min(Math.max(2 * out.length, needed), Math.max(most, needed)))
  larger.set(used === out.length ? out : out.subarray(0, used))
  return larger
}
