/** Numbers that go round at 2^32: sequence numbers, credits and positions (docs/protocol.md). */

/** How far `a` is ahead of `b`, -2^31 to 2^31 - 1. */
export function ahead(a: number, b: number): number {
  return (a - b) | 0
}

export function add(a: number, b: number): number {
  return (a + b) >>> 0
}
