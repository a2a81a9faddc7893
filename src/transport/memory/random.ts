/** Numbers from 0 up to, not including, 1: the same ones for the same seed. */
export type Random = () => number

/**
 * The generator of the way from one peer to another (mulberry32). Each way has its own, so that what happens on one does
 * not depend on how busy the others are.
 */
export function randomOf(seed: number, from: bigint, to: bigint): Random {
  let state = mix(mix(mix(seed >>> 0, from), from >> 32n), mix(mix(0x9e3779b9, to), to >> 32n))
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

function mix(state: number, value: bigint | number): number {
  const word = Number(BigInt.asUintN(32, BigInt(value))) | 0
  const mixed = Math.imul(state ^ word, 0x85ebca6b)
  return Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) ^ (mixed >>> 16)
}
