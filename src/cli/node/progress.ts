/** How far long work is, on one line of a terminal that is written over and over. */

/** Work that takes no longer than this shows no bar: it would only flicker. */
const QUICK_MS = 300
const REDRAW_MS = 100
const WIDEST = 30
/** Of a terminal that does not know, or says 0. */
const USUAL_COLUMNS = 80
/** What stands beside the bar: brackets, the percentage, and what is done. */
const BESIDE = 20

export interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
  /** At once: the work between two calls leaves no time for anything else. */
  readonly write: (text: string) => void
}

/** Where nobody looks it draws nothing. */
export class ProgressBar {
  readonly #screen: Screen
  readonly #now: () => number
  #nextDraw: number | undefined
  #shown = false

  constructor(screen: Screen, now: () => number) {
    this.#screen = screen
    this.#now = now
  }

  /** @param done 0 to 1, which ends it */
  show(done: number, what: string): void {
    if (this.#screen.isTTY !== true) return
    if (done >= 1) return this.#end()
    const now = this.#now()
    this.#nextDraw ??= now + QUICK_MS
    if (now < this.#nextDraw) return
    this.#nextDraw = now + REDRAW_MS
    this.#shown = true
    this.#screen.write(`\r\x1b[2K${this.#line(done, what)}`)
  }

  /** Makes room for other output. */
  hide(): void {
    if (this.#shown) this.#screen.write('\r\x1b[2K')
    this.#shown = false
  }

  #end(): void {
    this.hide()
    this.#nextDraw = undefined
  }

  #line(done: number, what: string): string {
    const width = Math.max(5, Math.min(WIDEST, (this.#screen.columns || USUAL_COLUMNS) - BESIDE))
    const bar = '#'.repeat(Math.floor(done * width)).padEnd(width, '.')
    return `[${bar}] ${String(Math.floor(done * 100)).padStart(3)} % ${what}`
  }
}
