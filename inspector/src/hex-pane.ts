import type { ByteRange } from '../../src/variant/index.js'
import { h, newId, setAttribute, setClass, setText } from './dom.js'
import { kindOf, pathTo } from './ranges.js'
import { Rows } from './rows.js'

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
/** Letters as they are, and a dot for the rest. */
const SIGNS = Array.from({ length: 256 }, (_, byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·'))
/** Below this width of the pane, rows are half as long. */
const NARROW = 600

export interface PaneListener {
  hovered(range: ByteRange | undefined): void
  /** The cursor is on a byte. */
  moved(offset: number): void
  /** Focus is wanted in the other pane. */
  left(): void
}

/** A span, and the text in it, which is set without making another. */
interface Cell {
  readonly element: HTMLSpanElement
  readonly text: Text
}

interface HexRow extends HTMLDivElement {
  index: number
  readonly cells: readonly Cell[]
  readonly signs: readonly Cell[]
}

/** Bytes in rows, in the colours of what they mean. */
export class HexPane {
  readonly element: HTMLElement
  readonly #rows: Rows<HexRow>
  readonly #id = newId('byte')
  #bytes = new Uint8Array()
  #root: ByteRange | undefined
  #width = 16
  #cursor = 0
  #hovered: ByteRange | undefined
  #selected: ByteRange | undefined

  constructor(readonly listener: PaneListener) {
    this.element = h('div', {
      class: 'pane hex',
      role: 'grid',
      tabindex: 0,
      'aria-label': 'Bytes',
      keydown: (event: KeyboardEvent) => this.#key(event),
      mousemove: (event: MouseEvent) => this.#pointed(event, false),
      mouseleave: () => this.listener.hovered(undefined),
      mousedown: (event: MouseEvent) => this.#pointed(event, true),
    })
    this.#rows = new Rows<HexRow>(this.element, {
      height: 22,
      make: () => makeRow(),
      fill: (row, index) => this.#fill(row, index),
    })
    new ResizeObserver(() => this.#fit()).observe(this.element)
  }

  show(bytes: Uint8Array, root: ByteRange): void {
    this.#bytes = bytes as Uint8Array<ArrayBuffer>
    this.#root = root
    this.#cursor = 0
    this.#hovered = undefined
    this.#selected = undefined
    this.element.scrollTop = 0
    this.#fit()
  }

  /** The pointer is on what has these bytes. */
  hover(range: ByteRange | undefined): void {
    this.#hovered = range
    this.#rows.refresh()
  }

  /** The cursor goes there. */
  select(range: ByteRange | undefined, offset: number): void {
    this.#selected = range
    this.#cursor = Math.min(offset, Math.max(0, this.#bytes.length - 1))
    this.#rows.reveal(Math.floor(this.#cursor / this.#width))
    this.#rows.refresh()
  }

  #fit(): void {
    this.#width = this.element.clientWidth < NARROW ? 8 : 16
    this.element.classList.toggle('narrow', this.#width === 8)
    const count = Math.ceil(this.#bytes.length / this.#width)
    setAttribute(this.element, 'aria-rowcount', String(count))
    this.#rows.count = count
  }

  #fill(row: HexRow, index: number): void {
    const start = index * this.#width
    row.index = index
    setAttribute(row, 'aria-rowindex', String(index + 1))
    setText(row.firstElementChild!, start.toString(16).padStart(8, '0'))
    let range: ByteRange | undefined
    for (let i = 0; i < 16; i++) {
      const offset = start + i
      const isThere = i < this.#width && offset < this.#bytes.length
      if (isThere && !(range && offset >= range.start && offset < range.end)) range = this.#leafAt(offset)
      this.#fillCell(row.cells[i]!, row.signs[i]!, isThere ? offset : undefined, range)
    }
  }

  #leafAt(offset: number): ByteRange | undefined {
    return this.#root && pathTo(this.#root, offset).at(-1)
  }

  #fillCell(cell: Cell, sign: Cell, offset: number | undefined, range: ByteRange | undefined): void {
    const byte = offset === undefined ? undefined : this.#bytes[offset]!
    setData(cell.text, byte === undefined ? '  ' : HEX[byte]!)
    setData(sign.text, byte === undefined ? ' ' : SIGNS[byte]!)
    const isCursor = offset !== undefined && offset === this.#cursor && this.#bytes.length > 0
    setAttribute(cell.element, 'id', isCursor ? this.#id : undefined)
    if (isCursor) setAttribute(this.element, 'aria-activedescendant', this.#id)
    const name = offset === undefined ? '' : this.#classOf(offset, range, isCursor)
    setClass(cell.element, `cell ${name}`)
    setClass(sign.element, `sign ${name}`)
  }

  #classOf(offset: number, range: ByteRange | undefined, isCursor: boolean): string {
    const names = range ? [`k-${kindOf(range)}`] : []
    if (range?.error && offset === range.start) names.push('error-start')
    if (isIn(this.#hovered, offset)) names.push('hovered')
    if (isIn(this.#selected, offset)) names.push('selected')
    if (isCursor) names.push('cursor')
    return names.join(' ')
  }

  #pointed(event: MouseEvent, isPress: boolean): void {
    const offset = this.#offsetOf(event.target as HTMLElement)
    if (!isPress) return this.listener.hovered(offset === undefined ? undefined : this.#leafAt(offset))
    if (offset !== undefined) this.#move(offset)
  }

  /** Of a byte or its sign; undefined beside them. */
  #offsetOf(target: HTMLElement): number | undefined {
    const row = target.closest<HexRow>('.hex-row')
    const column = target.parentElement && row ? [...target.parentElement.children].indexOf(target) : -1
    const isByte = target.classList.contains('cell') || target.classList.contains('sign')
    const offset = row && isByte ? row.index * this.#width + column : -1
    return offset >= 0 && offset < this.#bytes.length ? offset : undefined
  }

  #key(event: KeyboardEvent): void {
    const last = this.#bytes.length - 1
    const page = (this.#rows.visible - 2) * this.#width
    const inRow = this.#cursor % this.#width
    const steps: Record<string, number> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -this.#width,
      ArrowDown: this.#width,
      PageUp: -page,
      PageDown: page,
      Home: event.ctrlKey ? -this.#cursor : -inRow,
      End: event.ctrlKey ? last - this.#cursor : this.#width - 1 - inRow,
    }
    if (event.key === 'Enter') this.listener.left()
    else if (steps[event.key] === undefined || event.altKey || event.metaKey) return
    else this.#move(Math.min(last, Math.max(0, this.#cursor + steps[event.key]!)))
    event.preventDefault()
  }

  #move(offset: number): void {
    if (this.#bytes.length > 0) this.listener.moved(offset)
  }
}

function isIn(range: ByteRange | undefined, offset: number): boolean {
  return range !== undefined && offset >= range.start && offset < range.end
}

function setData(text: Text, data: string): void {
  if (text.data !== data) text.data = data
}

function makeCell(name: string, role?: string): Cell {
  const text = new Text()
  return { element: h('span', { class: name, role }, text), text }
}

function makeRow(): HexRow {
  const cells = Array.from({ length: 16 }, () => makeCell('cell', 'gridcell'))
  const signs = Array.from({ length: 16 }, () => makeCell('sign'))
  const row = h(
    'div',
    { class: 'hex-row', role: 'row' },
    h('span', { class: 'offset', role: 'rowheader' }),
    h('span', { class: 'cells', role: 'presentation' }, ...cells.map(({ element }) => element)),
    h('span', { class: 'signs', 'aria-hidden': 'true' }, ...signs.map(({ element }) => element)),
  )
  return Object.assign(row, { index: 0, cells, signs })
}
