/** Bytes beside their meaning: two panes with one cursor. */
import type { ByteRange } from '../../src/variant/index.js'
import { h, setText, visible } from './dom.js'
import { HexPane } from './hex-pane.js'
import { pathTo, pathToError } from './ranges.js'
import { TreePane } from './tree-pane.js'

export class Explorer {
  readonly element: HTMLElement
  readonly #hex: HexPane
  readonly #tree: TreePane
  readonly #status = h('p', { class: 'status', 'aria-live': 'polite' })
  #bytes = new Uint8Array()
  #root: ByteRange | undefined

  constructor() {
    const hovered = (range: ByteRange | undefined) => {
      this.#hex.hover(range)
      this.#tree.hover(range)
    }
    this.#hex = new HexPane({
      hovered,
      moved: (offset) => this.#toByte(offset),
      left: () => this.#tree.element.focus(),
    })
    this.#tree = new TreePane({
      hovered,
      moved: (offset) => this.#toRange(offset),
      left: () => this.#hex.element.focus(),
    })
    const panes = h('div', { class: 'panes' }, this.#hex.element, this.#tree.element)
    this.element = h('section', { class: 'explorer', 'aria-label': 'Bytes and their meaning' }, panes, this.#status)
  }

  show(bytes: Uint8Array, root: ByteRange): void {
    this.#bytes = bytes as Uint8Array<ArrayBuffer>
    this.#root = root
    this.#hex.show(bytes, root)
    this.#tree.show(root)
    const error = pathToError(root)
    if (!error) return this.#toByte(0)
    this.#tree.select(error)
    this.#toRange(error.at(-1)!.start)
  }

  /** The cursor went in the bytes: the tree follows to the innermost range. */
  #toByte(offset: number): void {
    const path = this.#root ? pathTo(this.#root, offset) : []
    this.#tree.select(path)
    this.#hex.select(path.at(-1), offset)
    this.#say(offset, path)
  }

  /** The cursor went in the tree: the bytes show the whole of its range. */
  #toRange(offset: number): void {
    const range = this.#tree.active
    if (!range) return
    this.#hex.select(range, offset)
    this.#say(offset, [range])
  }

  #say(offset: number, path: readonly ByteRange[]): void {
    const byte = this.#bytes[offset]
    const range = path.at(-1)
    if (!range) return setText(this.#status, '')
    const size = range.end - range.start
    const place = byte === undefined ? '' : `byte ${offset} (0x${offset.toString(16)}) is ${hexAndNumber(byte)}; `
    const meaning = `${range.label}${range.text === '' ? '' : `: ${visible(range.text)}`}`
    setText(this.#status, `${place}${meaning}; ${size} byte${size === 1 ? '' : 's'}`)
  }
}

function hexAndNumber(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}, ${byte}`
}
