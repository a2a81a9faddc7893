/** A small table whose rows are made once and filled anew. */
import { h, setText } from './dom.js'

export interface Column<Item> {
  readonly name: string
  readonly isNumber?: boolean
  readonly title?: string
  text(item: Item): string
}

const MOST_ROWS = 200

export class Table<Item> {
  readonly element: HTMLElement
  readonly #body = h('tbody')
  readonly #more = h('p', { class: 'more' })
  #items: readonly Item[] = []

  /** @param choose what a row does, and in which words */
  constructor(
    readonly name: string,
    readonly columns: readonly Column<Item>[],
    readonly choose?: { readonly label: string; readonly run: (item: Item) => void },
  ) {
    const heads = columns.map(({ name, isNumber, title }) =>
      h('th', { scope: 'col', class: isNumber ? 'number' : '', title }, name),
    )
    const table = h('table', { 'aria-label': name }, h('thead', {}, h('tr', {}, ...heads)), this.#body)
    this.element = h(
      'section',
      { class: 'figures' },
      h('h2', {}, name),
      h('div', { class: 'scroll' }, table),
      this.#more,
    )
    this.show([])
  }

  show(items: readonly Item[]): void {
    this.#items = items.slice(0, MOST_ROWS)
    while (this.#body.rows.length > Math.max(1, this.#items.length)) this.#body.deleteRow(-1)
    if (this.#items.length === 0) this.#body.replaceChildren(this.#empty())
    else if (this.#body.rows[0]?.cells.length !== this.columns.length) this.#body.replaceChildren()
    for (const [i, item] of this.#items.entries()) this.#fill(this.#body.rows[i] ?? this.#add(i), item)
    setText(this.#more, items.length > MOST_ROWS ? `and ${items.length - MOST_ROWS} more` : '')
  }

  #empty(): HTMLTableRowElement {
    return h('tr', {}, h('td', { class: 'none', colspan: this.columns.length + 1 }, 'none yet'))
  }

  #add(index: number): HTMLTableRowElement {
    const cells = this.columns.map(({ isNumber }, i) => {
      const inner =
        i === 0 && this.choose
          ? h('button', { type: 'button', class: 'link', click: () => this.choose!.run(this.#items[index]!) })
          : ''
      return h('td', { class: isNumber ? 'number' : '' }, inner)
    })
    const row = h('tr', {}, ...cells)
    this.#body.append(row)
    return row
  }

  #fill(row: HTMLTableRowElement, item: Item): void {
    for (const [i, column] of this.columns.entries()) {
      const cell = row.cells[i]!
      const target = cell.querySelector('button') ?? cell
      const text = column.text(item)
      setText(target, text)
      if (target !== cell) target.title = `${this.choose!.label} ${text}`
    }
  }
}
