import type { ByteRange } from '../../src/variant/index.js'
import { errorNote } from './docs.js'
import { h, newId, setAttribute, setClass, setText, visible } from './dom.js'
import type { PaneListener } from './hex-pane.js'
import { kindOf } from './ranges.js'
import { Rows } from './rows.js'

interface Item {
  readonly range: ByteRange
  readonly level: number
  readonly place: number
  readonly siblings: number
}

interface TreeRow extends HTMLDivElement {
  index: number
  readonly twisty: HTMLElement
  readonly label: HTMLElement
  readonly text: HTMLElement
}

/** Ranges that are open to begin with: those of the outer levels, while there are few. */
const OPEN_LEVELS = 3
const MOST_OPENED = 400

/** What the bytes mean, as a tree. */
export class TreePane {
  readonly element: HTMLElement
  readonly #rows: Rows<TreeRow>
  readonly #id = newId('range')
  #items: Item[] = []
  #open = new Set<ByteRange>()
  #active = 0
  #hovered: ByteRange | undefined

  constructor(readonly listener: PaneListener) {
    this.element = h('div', {
      class: 'pane tree',
      role: 'tree',
      tabindex: 0,
      'aria-label': 'Meaning',
      keydown: (event: KeyboardEvent) => this.#key(event),
      mousemove: (event: MouseEvent) => this.#pointed(event),
      mouseleave: () => this.listener.hovered(undefined),
      click: (event: MouseEvent) => this.#clicked(event),
    })
    this.#rows = new Rows<TreeRow>(this.element, {
      height: 24,
      make: () => makeRow(),
      fill: (row, index) => this.#fill(row, index),
    })
  }

  show(root: ByteRange): void {
    this.#open = new Set()
    this.#openOuter(root)
    this.#items = flat(root.children, 1, this.#open)
    this.#active = 0
    this.#hovered = undefined
    this.element.scrollTop = 0
    this.#rows.count = this.#items.length
  }

  #openOuter(root: ByteRange): void {
    let level: ByteRange[] = [...root.children]
    for (let i = 0; i < OPEN_LEVELS && this.#open.size + level.length < MOST_OPENED; i++) {
      for (const range of level) if (range.children.length > 0) this.#open.add(range)
      level = level.flatMap(({ children }) => children)
    }
  }

  hover(range: ByteRange | undefined): void {
    this.#hovered = range
    this.#rows.refresh()
  }

  /** Goes to the last of those ranges, each of which lies in the one before; opens what is around it. */
  select(path: readonly ByteRange[]): void {
    const inner = path.slice(1)
    const closed = inner.slice(0, -1).filter((range) => !this.#open.has(range))
    for (const range of closed) this.#toggle(range, true)
    const target = inner.at(-1)
    const at = this.#items.findIndex(({ range }) => range === target)
    if (at >= 0) this.#activate(at, false)
  }

  #fill(row: TreeRow, index: number): void {
    const { range, level, place, siblings } = this.#items[index]!
    const isActive = index === this.#active
    const isParent = range.children.length > 0
    row.index = index
    row.id = isActive ? this.#id : ''
    if (isActive) setAttribute(this.element, 'aria-activedescendant', this.#id)
    setAttribute(row, 'aria-level', String(level))
    setAttribute(row, 'aria-posinset', String(place))
    setAttribute(row, 'aria-setsize', String(siblings))
    setAttribute(row, 'aria-selected', String(isActive))
    setAttribute(row, 'aria-expanded', isParent ? String(this.#open.has(range)) : undefined)
    row.style.setProperty('--level', String(Math.min(level - 1, 40)))
    setText(row.twisty, isParent ? (this.#open.has(range) ? '▾' : '▸') : '')
    setText(row.label, range.label)
    if (range.error) row.text.replaceChildren(errorNote(range.error.code, range.error.message))
    else setText(row.text, visible(range.text))
    const hovered = this.#hovered === range ? ' hovered' : ''
    setClass(row, `tree-row k-${kindOf(range)}${isActive ? ' active' : ''}${hovered}`)
  }

  #pointed(event: MouseEvent): void {
    this.listener.hovered(this.#itemAt(event)?.range)
  }

  #clicked(event: MouseEvent): void {
    const target = event.target as HTMLElement
    if (target.closest('a')) return
    const item = this.#itemAt(event)
    if (!item) return
    if (target.classList.contains('twisty') && item.range.children.length > 0) this.#toggle(item.range)
    this.#activate(this.#items.indexOf(item), true)
  }

  #itemAt(event: MouseEvent): Item | undefined {
    const row = (event.target as HTMLElement).closest<TreeRow>('.tree-row')
    return row ? this.#items[row.index] : undefined
  }

  /** The keys of https://www.w3.org/WAI/ARIA/apg/patterns/treeview/. */
  #key(event: KeyboardEvent): void {
    const item = this.#items[this.#active]
    if (!item || event.altKey || event.metaKey || event.ctrlKey) return
    const isOpen = this.#open.has(item.range)
    switch (event.key) {
      case 'ArrowDown':
        this.#step(1)
        break
      case 'ArrowUp':
        this.#step(-1)
        break
      case 'PageDown':
        this.#step(this.#rows.visible - 2)
        break
      case 'PageUp':
        this.#step(2 - this.#rows.visible)
        break
      case 'Home':
        this.#step(-this.#active)
        break
      case 'End':
        this.#step(this.#items.length)
        break
      case 'ArrowRight':
        if (item.range.children.length > 0 && !isOpen) this.#toggle(item.range)
        else if (isOpen) this.#step(1)
        break
      case 'ArrowLeft':
        if (isOpen) this.#toggle(item.range)
        else this.#toParent(item)
        break
      case 'Enter':
        this.listener.left()
        break
      default:
        return
    }
    event.preventDefault()
  }

  #toParent({ level }: Item): void {
    for (let at = this.#active - 1; at >= 0; at--) {
      if (this.#items[at]!.level < level) return this.#activate(at, true)
    }
  }

  #step(by: number): void {
    this.#activate(Math.min(this.#items.length - 1, Math.max(0, this.#active + by)), true)
  }

  #activate(index: number, isOwn: boolean): void {
    this.#active = index
    this.#rows.reveal(index)
    if (isOwn) this.listener.moved(this.#items[index]!.range.start)
  }

  /** The range that the cursor is on. */
  get active(): ByteRange | undefined {
    return this.#items[this.#active]?.range
  }

  #toggle(range: ByteRange, open = !this.#open.has(range)): void {
    const at = this.#items.findIndex((item) => item.range === range)
    const item = this.#items[at]
    if (!item) return
    if (open) {
      this.#open.add(range)
      const inner = flat(range.children, item.level + 1, this.#open)
      this.#items = [...this.#items.slice(0, at + 1), ...inner, ...this.#items.slice(at + 1)]
    } else {
      this.#open.delete(range)
      let end = at + 1
      while (end < this.#items.length && this.#items[end]!.level > item.level) end++
      this.#items = [...this.#items.slice(0, at + 1), ...this.#items.slice(end)]
    }
    this.#rows.count = this.#items.length
  }
}

/** The ranges that are in sight, in the order of the screen. */
function flat(ranges: readonly ByteRange[], level: number, open: ReadonlySet<ByteRange>, into: Item[] = []): Item[] {
  for (const [i, range] of ranges.entries()) {
    into.push({ range, level, place: i + 1, siblings: ranges.length })
    if (open.has(range)) flat(range.children, level + 1, open, into)
  }
  return into
}

function makeRow(): TreeRow {
  const twisty = h('span', { class: 'twisty', 'aria-hidden': 'true' })
  const label = h('span', { class: 'label' })
  const text = h('span', { class: 'text' })
  const row = h('div', { class: 'tree-row', role: 'treeitem' }, twisty, label, text)
  return Object.assign(row, { index: 0, twisty, label, text })
}
