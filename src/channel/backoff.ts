/**
 * Waiting times between attempts: each twice the one before, up to a limit, and each cut by chance to between a half and
 * the whole of it, so that a thousand peers whose server came back do not ask in the same moment.
 */
export class Backoff {
  #attempts = 0

  constructor(
    private readonly firstMs: number,
    private readonly longestMs: number,
    private readonly randomUint32: () => number,
  ) {}

  next(): number {
    const whole = Math.min(this.longestMs, this.firstMs * 2 ** this.#attempts)
    // Not counted for ever: 2^1024 is no number.
    if (whole < this.longestMs) this.#attempts++
    return whole * (0.5 + (this.randomUint32() >>> 0) / 2 ** 33)
  }

  reset(): void {
    this.#attempts = 0
  }
}
