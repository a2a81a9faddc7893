/**
 * The order in which the engines print the keys of a Dictionary: sorted, by type and then by value, where the type has an
 * order. The engine's sort is not a stable one, so keys without an order come out as its own steps leave them
 * (core/templates/sort_array.h: the introspective sort of D. R. Musser, 1997).
 */

export type Less<T> = (a: T, b: T) => boolean

/** Up to here it inserts. */
const SHORT = 16

/** Sorts in place as the engine's SortArray does. */
export function engineSort<T>(items: T[], less: Less<T>): T[] {
  if (items.length > 1) {
    split(items, 0, items.length, 2 * (31 - Math.clz32(items.length)), less)
    insertAll(items, less)
  }
  return items
}

function split<T>(items: T[], first: number, end: number, depth: number, less: Less<T>): void {
  let last = end
  for (let left = depth; last - first > SHORT; left--) {
    // The engine turns to a heap here. No order of keys that was not made for it comes to this.
    if (left === 0) {
      const part = items.slice(first, last).sort((a, b) => (less(a, b) ? -1 : less(b, a) ? 1 : 0))
      for (const [i, item] of part.entries()) items[first + i] = item
      return
    }
    const cut = partition(items, first, last, less)
    split(items, cut, last, left - 1, less)
    last = cut
  }
}

function partition<T>(items: T[], from: number, end: number, less: Less<T>): number {
  const pivot = median(items[from]!, items[from + ((end - from) >> 1)]!, items[end - 1]!, less)
  let first = from
  let last = end
  for (;;) {
    // The bounds are for keys that are less than themselves, as NaN can make them.
    while (first < end - 1 && less(items[first]!, pivot)) first++
    last--
    while (last > from && less(pivot, items[last]!)) last--
    if (first >= last) return first
    ;[items[first], items[last]] = [items[last]!, items[first]!]
    first++
  }
}

function median<T>(a: T, b: T, c: T, less: Less<T>): T {
  if (less(a, b)) return less(b, c) ? b : less(a, c) ? c : a
  return less(a, c) ? a : less(b, c) ? c : b
}

function insertAll<T>(items: T[], less: Less<T>): void {
  for (let i = 1; i < items.length; i++) {
    const item = items[i]!
    if (i < SHORT && less(item, items[0]!)) {
      items.copyWithin(1, 0, i)
      items[0] = item
      continue
    }
    let at = i
    for (; at > 0 && less(item, items[at - 1]!); at--) items[at] = items[at - 1]!
    items[at] = item
  }
}
