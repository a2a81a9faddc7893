/** What a pass over a value or over bytes may still do, and where it puts things on the way. */

/**
 * How many bytes may be passed over in search of tags, in proportion to the input. Unions inside each other whose tags stand
 * last are looked through once for each level, and bytes from strangers may have very many levels.
 */
const MOST_LOOKS = 16

/** More places than this are not kept. */
const MOST_KEPT = 256

/** Room for the values of the objects that are on their way, one object behind the other. */
export class Stack {
  readonly values: unknown[] = []
  /** Where the next object's values go. */
  top = 0

  /** Holds nothing any more from `top` on. */
  forget(top: number): void {
    const { values } = this
    this.top = top
    if (values.length > MOST_KEPT) values.length = Math.min(top, values.length)
    for (let at = top; at < values.length; at++) values[at] = undefined
  }
}

/** Of the pass that is going on. */
export const budget = {
  /** How deep values may lie. */
  maxDepth: 0,
  /** How many bytes may still be passed over. */
  looks: 0,
  writing: /* @__PURE__ */ new Stack(),
  /** What is not in use of this one is undefined. */
  reading: /* @__PURE__ */ new Stack(),
}

/** How many bytes may be passed over in an input of this size. */
export function looksFor(size: number): number {
  return size * MOST_LOOKS
}

/** Whether values may lie inside a container at this depth. */
export function hasLevelBelow(depth: number): boolean {
  return depth < budget.maxDepth
}
