/** Numbers from 0 up to 1, the same ones for the same seed: the generator of Numerical Recipes. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** Whole numbers from 0 up to `limit` - 1, in the same way. */
export function seededBelow(seed: number): (limit: number) => number {
  const next = seeded(seed)
  return (limit) => Math.floor(next() * limit)
}

/** Bytes that differ from place to place, so that a piece in the wrong place shows. */
export function noise(length: number, seed = 1): Uint8Array {
  const next = seededBelow(seed)
  return Uint8Array.from({ length }, () => next(256))
}
