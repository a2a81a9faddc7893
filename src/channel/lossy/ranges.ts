/**
 * Sorted whole numbers as ranges `[start, end)` that neither overlap nor touch. Finding costs O(log n); putting in and
 * taking out move what lies behind, which for the few hundred ranges that a link ever has is one short copy of memory.
 */
export class Ranges {
  readonly #starts: number[] = []
  readonly #ends: number[] = []

  /** How many ranges there are. */
  get count(): number {
    return this.#starts.length
  }

  startOf(index: number): number {
    return this.#starts[index]!
  }

  endOf(index: number): number {
    return this.#ends[index]!
  }

  has(value: number): boolean {
    const index = this.find(value)
    return index < this.count && this.#starts[index]! <= value
  }

  /** The first range that ends behind `value`; `count` where there is none. */
  find(value: number): number {
    const ends = this.#ends
    let low = 0
    let high = ends.length
    // What comes next is behind everything, or in the last range, as a rule.
    if (high === 0 || ends[high - 1]! <= value) return high
    while (low < high) {
      const middle = (low + high) >> 1
      if (ends[middle]! > value) high = middle
      else low = middle + 1
    }
    return low
  }

  /** Adds a range; `onNew` hears of each part of it that was not here, before it is. */
  add(start: number, end: number, onNew?: (start: number, end: number) => void): void {
    if (start >= end) return
    // The first range that overlaps or touches.
    let first = this.find(start)
    if (first > 0 && this.#ends[first - 1] === start) first--
    let last = first
    let from = start
    while (last < this.count && this.#starts[last]! <= end) {
      if (onNew && this.#starts[last]! > from) onNew(from, this.#starts[last]!)
      from = Math.max(from, this.#ends[last]!)
      last++
    }
    if (onNew && from < end) onNew(from, end)
    this.#replace(first, last, start, end)
  }

  /** One range in place of those from `first` up to `last`, which it takes in. */
  #replace(first: number, last: number, start: number, end: number): void {
    if (first === last) {
      this.#insert(first, start, end)
      return
    }
    this.#starts[first] = Math.min(start, this.#starts[first]!)
    this.#ends[first] = Math.max(end, this.#ends[last - 1]!)
    if (last - first > 1) this.#cut(first + 1, last - first - 1)
  }

  #insert(index: number, start: number, end: number): void {
    if (index === this.count) {
      this.#starts.push(start)
      this.#ends.push(end)
      return
    }
    this.#starts.splice(index, 0, start)
    this.#ends.splice(index, 0, end)
  }

  #cut(index: number, count: number): void {
    if (index === 0 && count === 1) {
      this.#starts.shift()
      this.#ends.shift()
      return
    }
    this.#starts.splice(index, count)
    this.#ends.splice(index, count)
  }

  remove(start: number, end: number): void {
    if (start >= end) return
    const first = this.find(start)
    if (first === this.count || this.#starts[first]! >= end) return
    if (this.#starts[first]! < start) {
      const tail = this.#ends[first]!
      this.#ends[first] = start
      if (tail > end) this.#insert(first + 1, end, tail)
      else this.#removeWhole(first + 1, end)
      return
    }
    this.#removeWhole(first, end)
  }

  /** From `first` on everything before `end`; no range there begins before the part that goes. */
  #removeWhole(first: number, end: number): void {
    let last = first
    while (last < this.count && this.#ends[last]! <= end) last++
    if (last < this.count && this.#starts[last]! < end) this.#starts[last] = end
    if (last > first) this.#cut(first, last - first)
  }

  removeBelow(value: number): void {
    if (this.count > 0 && this.#starts[0]! < value) this.#removeWhole(0, value)
  }

  clear(): void {
    this.#starts.length = 0
    this.#ends.length = 0
  }
}
