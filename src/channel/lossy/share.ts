/** A mean over about so many. */
const MEMORY = 128

/** The share of what was lost among the last of what was sent. */
export class Share {
  value = 0
  count = 0

  /** 1 for what was lost, 0 for what arrived. */
  add(lost: number): void {
    this.count = Math.min(this.count + 1, MEMORY)
    this.value += (lost - this.value) / this.count
  }

  /** One that was counted as lost was not. */
  takeBack(): void {
    if (this.count > 0) this.value = Math.max(0, this.value - 1 / this.count)
  }

  /** Forgets of what was lost half as much as it would if `count` more had arrived. */
  shrink(count: number): void {
    this.value *= (1 - 1 / MEMORY) ** (count / 2)
  }
}
