/** A list of any length of which only the rows in sight exist. */
import { h } from './dom.js'

/** Browsers cannot lay out what is much higher; beyond it, scrolling goes in larger steps. */
const HIGHEST = 8_000_000

export interface RowSource<Row extends HTMLElement> {
  readonly height: number
  make(): Row
  fill(row: Row, index: number): void
}

export class Rows<Row extends HTMLElement> {
  #count = 0
  /** In the order of the screen. */
  #pool: Row[] = []
  /** What each row of the pool shows; -1 where it has to be filled anew. */
  #shown: number[] = []
  #frame = 0
  readonly #space = h('div', { class: 'rows-space', role: 'presentation' })
  readonly #inner = h('div', { class: 'rows-inner', role: 'presentation' })
  readonly #before = new ResizeObserver(() => this.refresh())

  constructor(
    readonly viewport: HTMLElement,
    readonly source: RowSource<Row>,
  ) {
    viewport.append(this.#space)
    this.#space.append(this.#inner)
    viewport.addEventListener('scroll', () => this.#drawSoon(), { passive: true })
    this.#before.observe(viewport)
  }

  get count(): number {
    return this.#count
  }

  set count(count: number) {
    this.#count = count
    this.#space.style.height = `${Math.min(this.#total, HIGHEST)}px`
    this.refresh()
  }

  /** Rows in sight, the one that is cut among them. */
  get visible(): number {
    return Math.ceil(this.viewport.clientHeight / this.source.height) + 1
  }

  get isAtEnd(): boolean {
    const { scrollTop, scrollHeight, clientHeight } = this.viewport
    return scrollTop + clientHeight >= scrollHeight - this.source.height
  }

  get #total(): number {
    return this.#count * this.source.height
  }

  /** What rows show has changed. */
  refresh(): void {
    this.#shown.fill(-1)
    this.#drawSoon()
  }

  /** With the browser's next frame, however often it is asked for. */
  #drawSoon(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0
      this.#draw()
    })
  }

  /** Brings a row into sight, by as little as need be. */
  reveal(index: number): void {
    const { height } = this.source
    const { viewport } = this
    if (this.#total > HIGHEST) {
      const first = this.#first()
      const whole = Math.floor(viewport.clientHeight / height)
      if (index >= first && index < first + whole) return
      const most = this.#count - viewport.clientHeight / height
      const share = Math.min(1, Math.max(0, (index - whole / 2) / most))
      viewport.scrollTop = share * (HIGHEST - viewport.clientHeight)
    } else if (index * height < viewport.scrollTop) viewport.scrollTop = index * height
    else if ((index + 1) * height > viewport.scrollTop + viewport.clientHeight) {
      viewport.scrollTop = (index + 1) * height - viewport.clientHeight
    }
    this.refresh()
  }

  toEnd(): void {
    this.viewport.scrollTop = this.viewport.scrollHeight
  }

  #first(): number {
    const { scrollTop, clientHeight } = this.viewport
    if (this.#total <= HIGHEST) return scrollTop / this.source.height
    const share = scrollTop / Math.max(1, HIGHEST - clientHeight)
    return share * (this.#count - clientHeight / this.source.height)
  }

  #draw(): void {
    const exact = Math.max(0, this.#first())
    const first = Math.min(Math.floor(exact), Math.max(0, this.#count - 1))
    const shown = Math.min(this.visible, this.#count - first)
    const isScaled = this.#total > HIGHEST
    const top = isScaled ? this.viewport.scrollTop - (exact - first) * this.source.height : first * this.source.height
    this.#inner.style.transform = `translateY(${top}px)`
    while (this.#pool.length < shown) this.#add(this.source.make())
    this.#turn(first)
    for (const [i, row] of this.#pool.entries()) {
      if (row.hidden !== i >= shown) row.hidden = i >= shown
      if (i >= shown || this.#shown[i] === first + i) continue
      this.#shown[i] = first + i
      this.source.fill(row, first + i)
    }
  }

  #add(row: Row): void {
    this.#pool.push(row)
    this.#shown.push(-1)
    this.#inner.append(row)
  }

  /** Rows that went out at one end come in at the other; those that stay in sight need not be filled. */
  #turn(first: number): void {
    const by = first - (this.#shown[0] ?? -1)
    if (this.#shown[0] === -1 || by === 0 || Math.abs(by) >= this.#pool.length) return
    const at = by > 0 ? by : this.#pool.length + by
    const [before, after] = [this.#pool.slice(0, at), this.#pool.slice(at)]
    if (by > 0) this.#inner.append(...before)
    else this.#inner.prepend(...after)
    this.#pool = [...after, ...before]
    this.#shown = [...this.#shown.slice(at), ...this.#shown.slice(0, at)]
  }
}
