/** As many rounds are looked back on. */
const ROUNDS = 10

/** The largest of what was seen in the last rounds. */
export class RoundMax {
  readonly #slots = new Float64Array(ROUNDS)
  #round = 0

  /** 0 where nothing was seen. */
  get value(): number {
    let most = 0
    for (let i = 0; i < ROUNDS; i++) most = Math.max(most, this.#slots[i]!)
    return most
  }

  see(value: number): void {
    if (value > this.#slots[this.#round]!) this.#slots[this.#round] = value
  }

  nextRound(): void {
    this.#round = (this.#round + 1) % ROUNDS
    this.#slots[this.#round] = 0
  }
}
