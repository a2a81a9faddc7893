import type { Properties } from '../values/index.js'

/**
 * Moves up to 12 values between an object and a list: from `keys[place]` on, from `values[at]` on, in steps of 4 up to `count`.
 * Keys and values reach to the end of the last step; values that are undefined are no properties.
 */
export interface Mover {
  fill(
    object: Properties,
    keys: readonly string[],
    place: number,
    values: readonly unknown[],
    at: number,
    count: number,
  ): void
  take(object: Properties, keys: readonly string[], place: number, values: unknown[], at: number, count: number): void
}

export const MOVER_WIDTH = 12
export const MOVER_STEP = 4

/** For shapes that come when the others are given away. */
const SHARED: Mover = {
  fill(object, keys, place, values, at, count) {
    const steps = Math.min(count, MOVER_WIDTH)
    for (let i = 0; i < steps; i++) if (values[at + i] !== undefined) object[keys[place + i]!] = values[at + i]
  },
  take(object, keys, place, values, at, count) {
    const steps = Math.min(count, MOVER_WIDTH)
    for (let i = 0; i < steps; i++) values[at + i] = object[keys[place + i]!]
  },
}

/** How many are given away. */
let given = 0

/**
 * A mover for the sole use of one shape, or the shared one. Each of those below is the same text, and that is the point: an
 * engine remembers for every place in the program which key it met there and where that key lies in the object. A place that
 * always meets one key costs next to nothing; in a loop, where each place meets them all, the keys take longer than
 * everything else that decoding does (bench/shapes-suite.ts). A function made for each shape would do the same, but making functions
 * of text is what a strict content security policy forbids.
 */
export function takeMover(): Mover {
  return MOVERS[given++] ?? SHARED
}

const MOVERS: readonly Mover[] = [
  {
    fill(object, keys, place, values, at, count) {
      if (values[at] !== undefined) object[keys[place]!] = values[at]
      if (values[at + 1] !== undefined) object[keys[place + 1]!] = values[at + 1]
      if (values[at + 2] !== undefined) object[keys[place + 2]!] = values[at + 2]
      if (values[at + 3] !== undefined) object[keys[place + 3]!] = values[at + 3]
      if (count <= 4) return
      if (values[at + 4] !== undefined) object[keys[place + 4]!] = values[at + 4]
      if (values[at + 5] !== undefined) object[keys[place + 5]!] = values[at + 5]
      if (values[at + 6] !== undefined) object[keys[place + 6]!] = values[at + 6]
      if (values[at + 7] !== undefined) object[keys[place + 7]!] = values[at + 7]
      if (count <= 8) return
      if (values[at + 8] !== undefined) object[keys[place + 8]!] = values[at + 8]
      if (values[at + 9] !== undefined) object[keys[place + 9]!] = values[at + 9]
      if (values[at + 10] !== undefined) object[keys[place + 10]!] = values[at + 10]
      if (values[at + 11] !== undefined) object[keys[place + 11]!] = values[at + 11]
    },
    take(object, keys, place, values, at, count) {
      values[at] = object[keys[place]!]
      values[at + 1] = object[keys[place + 1]!]
      values[at + 2] = object[keys[place + 2]!]
      values[at + 3] = object[keys[place + 3]!]
      if (count <= 4) return
      values[at + 4] = object[keys[place + 4]!]
      values[at + 5] = object[keys[place + 5]!]
      values[at + 6] = object[keys[place + 6]!]
      values[at + 7] = object[keys[place + 7]!]
      if (count <= 8) return
      values[at + 8] = object[keys[place + 8]!]
      values[at + 9] = object[keys[place + 9]!]
      values[at + 10] = object[keys[place + 10]!]
      values[at + 11] = object[keys[place + 11]!]
    },
  },
  {
    fill(object, keys, place, values, at, count) {
      if (values[at] !== undefined) object[keys[place]!] = values[at]
      if (values[at + 1] !== undefined) object[keys[place + 1]!] = values[at + 1]
      if (values[at + 2] !== undefined) object[keys[place + 2]!] = values[at + 2]
      if (values[at + 3] !== undefined) object[keys[place + 3]!] = values[at + 3]
      if (count <= 4) return
      if (values[at + 4] !== undefined) object[keys[place + 4]!] = values[at + 4]
      if (values[at + 5] !== undefined) object[keys[place + 5]!] = values[at + 5]
      if (values[at + 6] !== undefined) object[keys[place + 6]!] = values[at + 6]
      if (values[at + 7] !== undefined) object[keys[place + 7]!] = values[at + 7]
      if (count <= 8) return
      if (values[at + 8] !== undefined) object[keys[place + 8]!] = values[at + 8]
      if (values[at + 9] !== undefined) object[keys[place + 9]!] = values[at + 9]
      if (values[at + 10] !== undefined) object[keys[place + 10]!] = values[at + 10]
      if (values[at + 11] !== undefined) object[keys[place + 11]!] = values[at + 11]
    },
    take(object, keys, place, values, at, count) {
      values[at] = object[keys[place]!]
      values[at + 1] = object[keys[place + 1]!]
      values[at + 2] = object[keys[place + 2]!]
      values[at + 3] = object[keys[place + 3]!]
      if (count <= 4) return
      values[at + 4] = object[keys[place + 4]!]
      values[at + 5] = object[keys[place + 5]!]
      values[at + 6] = object[keys[place + 6]!]
      values[at + 7] = object[keys[place + 7]!]
      if (count <= 8) return
      values[at + 8] = object[keys[place + 8]!]
      values[at + 9] = object[keys[place + 9]!]
      values[at + 10] = object[keys[place + 10]!]
      values[at + 11] = object[keys[place + 11]!]
    },
  },
  {
    fill(object, keys, place, values, at, count) {
      if (values[at] !== undefined) object[keys[place]!] = values[at]
      if (values[at + 1] !== undefined) object[keys[place + 1]!] = values[at + 1]
      if (values[at + 2] !== undefined) object[keys[place + 2]!] = values[at + 2]
      if (values[at + 3] !== undefined) object[keys[place + 3]!] = values[at + 3]
      if (count <= 4) return
      if (values[at + 4] !== undefined) object[keys[place + 4]!] = values[at + 4]
      if (values[at + 5] !== undefined) object[keys[place + 5]!] = values[at + 5]
      if (values[at + 6] !== undefined) object[keys[place + 6]!] = values[at + 6]
      if (values[at + 7] !== undefined) object[keys[place + 7]!] = values[at + 7]
      if (count <= 8) return
      if (values[at + 8] !== undefined) object[keys[place + 8]!] = values[at + 8]
      if (values[at + 9] !== undefined) object[keys[place + 9]!] = values[at + 9]
      if (values[at + 10] !== undefined) object[keys[place + 10]!] = values[at + 10]
      if (values[at + 11] !== undefined) object[keys[place + 11]!] = values[at + 11]
    },
    take(object, keys, place, values, at, count) {
      values[at] = object[keys[place]!]
      values[at + 1] = object[keys[place + 1]!]
      values[at + 2] = object[keys[place + 2]!]
      values[at + 3] = object[keys[place + 3]!]
      if (count <= 4) return
      values[at + 4] = object[keys[place + 4]!]
      values[at + 5] = object[keys[place + 5]!]
      values[at + 6] = object[keys[place + 6]!]
      values[at + 7] = object[keys[place + 7]!]
      if (count <= 8) return
      values[at + 8] = object[keys[place + 8]!]
      values[at + 9] = object[keys[place + 9]!]
      values[at + 10] = object[keys[place + 10]!]
      values[at + 11] = object[keys[place + 11]!]
    },
  },
  {
    fill(object, keys, place, values, at, count) {
      if (values[at] !== undefined) object[keys[place]!] = values[at]
      if (values[at + 1] !== undefined) object[keys[place + 1]!] = values[at + 1]
      if (values[at + 2] !== undefined) object[keys[place + 2]!] = values[at + 2]
      if (values[at + 3] !== undefined) object[keys[place + 3]!] = values[at + 3]
      if (count <= 4) return
      if (values[at + 4] !== undefined) object[keys[place + 4]!] = values[at + 4]
      if (values[at + 5] !== undefined) object[keys[place + 5]!] = values[at + 5]
      if (values[at + 6] !== undefined) object[keys[place + 6]!] = values[at + 6]
      if (values[at + 7] !== undefined) object[keys[place + 7]!] = values[at + 7]
      if (count <= 8) return
      if (values[at + 8] !== undefined) object[keys[place + 8]!] = values[at + 8]
      if (values[at + 9] !== undefined) object[keys[place + 9]!] = values[at + 9]
      if (values[at + 10] !== undefined) object[keys[place + 10]!] = values[at + 10]
      if (values[at + 11] !== undefined) object[keys[place + 11]!] = values[at + 11]
    },
    take(object, keys, place, values, at, count) {
      values[at] = object[keys[place]!]
      values[at + 1] = object[keys[place + 1]!]
      values[at + 2] = object[keys[place + 2]!]
      values[at + 3] = object[keys[place + 3]!]
      if (count <= 4) return
      values[at + 4] = object[keys[place + 4]!]
      values[at + 5] = object[keys[place + 5]!]
      values[at + 6] = object[keys[place + 6]!]
      values[at + 7] = object[keys[place + 7]!]
      if (count <= 8) return
      values[at + 8] = object[keys[place + 8]!]
      values[at + 9] = object[keys[place + 9]!]
      values[at + 10] = object[keys[place + 10]!]
      values[at + 11] = object[keys[place + 11]!]
    },
  },
  {
    fill(object, keys, place, values, at, count) {
      if (values[at] !== undefined) object[keys[place]!] = values[at]
      if (values[at + 1] !== undefined) object[keys[place + 1]!] = values[at + 1]
      if (values[at + 2] !== undefined) object[keys[place + 2]!] = values[at + 2]
      if (values[at + 3] !== undefined) object[keys[place + 3]!] = values[at + 3]
      if (count <= 4) return
      if (values[at + 4] !== undefined) object[keys[place + 4]!] = values[at + 4]
      if (values[at + 5] !== undefined) object[keys[place + 5]!] = values[at + 5]
      if (values[at + 6] !== undefined) object[keys[place + 6]!] = values[at + 6]
      if (values[at + 7] !== undefined) object[keys[place + 7]!] = values[at + 7]
      if (count <= 8) return
      if (values[at + 8] !== undefined) object[keys[place + 8]!] = values[at + 8]
      if (values[at + 9] !== undefined) object[keys[place + 9]!] = values[at + 9]
      if (values[at + 10] !== undefined) object[keys[place + 10]!] = values[at + 10]
      if (values[at + 11] !== undefined) object[keys[place + 11]!] = values[at + 11]
    },
    take(object, keys, place, values, at, count) {
      values[at] = object[keys[place]!]
      values[at + 1] = object[keys[place + 1]!]
      values[at + 2] = object[keys[place + 2]!]
      values[at + 3] = object[keys[place + 3]!]
      if (count <= 4) return
      values[at + 4] = object[keys[place + 4]!]
      values[at + 5] = object[keys[place + 5]!]
      values[at + 6] = object[keys[place + 6]!]
      values[at + 7] = object[keys[place + 7]!]
      if (count <= 8) return
      values[at + 8] = object[keys[place + 8]!]
      values[at + 9] = object[keys[place + 9]!]
      values[at + 10] = object[keys[place + 10]!]
      values[at + 11] = object[keys[place + 11]!]
    },
  },
  {
    fill(object, keys, place, values, at, count) {
      if (values[at] !== undefined) object[keys[place]!] = values[at]
      if (values[at + 1] !== undefined) object[keys[place + 1]!] = values[at + 1]
      if (values[at + 2] !== undefined) object[keys[place + 2]!] = values[at + 2]
      if (values[at + 3] !== undefined) object[keys[place + 3]!] = values[at + 3]
      if (count <= 4) return
      if (values[at + 4] !== undefined) object[keys[place + 4]!] = values[at + 4]
      if (values[at + 5] !== undefined) object[keys[place + 5]!] = values[at + 5]
      if (values[at + 6] !== undefined) object[keys[place + 6]!] = values[at + 6]
      if (values[at + 7] !== undefined) object[keys[place + 7]!] = values[at + 7]
      if (count <= 8) return
      if (values[at + 8] !== undefined) object[keys[place + 8]!] = values[at + 8]
      if (values[at + 9] !== undefined) object[keys[place + 9]!] = values[at + 9]
      if (values[at + 10] !== undefined) object[keys[place + 10]!] = values[at + 10]
      if (values[at + 11] !== undefined) object[keys[place + 11]!] = values[at + 11]
    },
    take(object, keys, place, values, at, count) {
      values[at] = object[keys[place]!]
      values[at + 1] = object[keys[place + 1]!]
      values[at + 2] = object[keys[place + 2]!]
      values[at + 3] = object[keys[place + 3]!]
      if (count <= 4) return
      values[at + 4] = object[keys[place + 4]!]
      values[at + 5] = object[keys[place + 5]!]
      values[at + 6] = object[keys[place + 6]!]
      values[at + 7] = object[keys[place + 7]!]
      if (count <= 8) return
      values[at + 8] = object[keys[place + 8]!]
      values[at + 9] = object[keys[place + 9]!]
      values[at + 10] = object[keys[place + 10]!]
      values[at + 11] = object[keys[place + 11]!]
    },
  },
  {
    fill(object, keys, place, values, at, count) {
      if (values[at] !== undefined) object[keys[place]!] = values[at]
      if (values[at + 1] !== undefined) object[keys[place + 1]!] = values[at + 1]
      if (values[at + 2] !== undefined) object[keys[place + 2]!] = values[at + 2]
      if (values[at + 3] !== undefined) object[keys[place + 3]!] = values[at + 3]
      if (count <= 4) return
      if (values[at + 4] !== undefined) object[keys[place + 4]!] = values[at + 4]
      if (values[at + 5] !== undefined) object[keys[place + 5]!] = values[at + 5]
      if (values[at + 6] !== undefined) object[keys[place + 6]!] = values[at + 6]
      if (values[at + 7] !== undefined) object[keys[place + 7]!] = values[at + 7]
      if (count <= 8) return
      if (values[at + 8] !== undefined) object[keys[place + 8]!] = values[at + 8]
      if (values[at + 9] !== undefined) object[keys[place + 9]!] = values[at + 9]
      if (values[at + 10] !== undefined) object[keys[place + 10]!] = values[at + 10]
      if (values[at + 11] !== undefined) object[keys[place + 11]!] = values[at + 11]
    },
    take(object, keys, place, values, at, count) {
      values[at] = object[keys[place]!]
      values[at + 1] = object[keys[place + 1]!]
      values[at + 2] = object[keys[place + 2]!]
      values[at + 3] = object[keys[place + 3]!]
      if (count <= 4) return
      values[at + 4] = object[keys[place + 4]!]
      values[at + 5] = object[keys[place + 5]!]
      values[at + 6] = object[keys[place + 6]!]
      values[at + 7] = object[keys[place + 7]!]
      if (count <= 8) return
      values[at + 8] = object[keys[place + 8]!]
      values[at + 9] = object[keys[place + 9]!]
      values[at + 10] = object[keys[place + 10]!]
      values[at + 11] = object[keys[place + 11]!]
    },
  },
  {
    fill(object, keys, place, values, at, count) {
      if (values[at] !== undefined) object[keys[place]!] = values[at]
      if (values[at + 1] !== undefined) object[keys[place + 1]!] = values[at + 1]
      if (values[at + 2] !== undefined) object[keys[place + 2]!] = values[at + 2]
      if (values[at + 3] !== undefined) object[keys[place + 3]!] = values[at + 3]
      if (count <= 4) return
      if (values[at + 4] !== undefined) object[keys[place + 4]!] = values[at + 4]
      if (values[at + 5] !== undefined) object[keys[place + 5]!] = values[at + 5]
      if (values[at + 6] !== undefined) object[keys[place + 6]!] = values[at + 6]
      if (values[at + 7] !== undefined) object[keys[place + 7]!] = values[at + 7]
      if (count <= 8) return
      if (values[at + 8] !== undefined) object[keys[place + 8]!] = values[at + 8]
      if (values[at + 9] !== undefined) object[keys[place + 9]!] = values[at + 9]
      if (values[at + 10] !== undefined) object[keys[place + 10]!] = values[at + 10]
      if (values[at + 11] !== undefined) object[keys[place + 11]!] = values[at + 11]
    },
    take(object, keys, place, values, at, count) {
      values[at] = object[keys[place]!]
      values[at + 1] = object[keys[place + 1]!]
      values[at + 2] = object[keys[place + 2]!]
      values[at + 3] = object[keys[place + 3]!]
      if (count <= 4) return
      values[at + 4] = object[keys[place + 4]!]
      values[at + 5] = object[keys[place + 5]!]
      values[at + 6] = object[keys[place + 6]!]
      values[at + 7] = object[keys[place + 7]!]
      if (count <= 8) return
      values[at + 8] = object[keys[place + 8]!]
      values[at + 9] = object[keys[place + 9]!]
      values[at + 10] = object[keys[place + 10]!]
      values[at + 11] = object[keys[place + 11]!]
    },
  },
]
