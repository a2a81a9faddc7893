/** What was pasted or dropped, byte by byte. */
import { isGodotWireError } from '../../src/errors.js'
import type { CapturedFrame } from '../../src/inspect/index.js'
import { errorBox } from './docs.js'
import { h } from './dom.js'
import { Explorer } from './explorer.js'
import { pathToError } from './ranges.js'
import { type Pasted, type Recognised, recognise } from './recognise.js'
import { Settings } from './settings.js'

/** `{"hp": 5, "at": Vector2(1, 0.5), "name": "Ann"}` of Godot 4. */
const EXAMPLE =
  '1b0000000300000004000000020000006870000002000000050000000400000002000000617400000500000000' +
  '00803f0000003f04000000040000006e616d650400000003000000416e6e00'
/** Longer texts are not shown in the field: what they are is in the panes. */
const LONGEST_TEXT = 200_000
/** The command line's own limit. */
const LARGEST_FILE = 64 << 20

export class BytesView {
  readonly element: HTMLElement
  readonly #field = h('textarea', {
    rows: 3,
    spellcheck: 'false',
    autocapitalize: 'off',
    autocomplete: 'off',
    'aria-label': 'Bytes as hex or base64',
    placeholder: 'Paste hex or base64, or drop a file',
    input: () => this.#typed(),
  })
  readonly #file = h('input', {
    type: 'file',
    class: 'hidden-file',
    'aria-label': 'File',
    change: () => this.#chosen(),
  })
  readonly #notes = h('div', { class: 'notes', 'aria-live': 'polite' })
  readonly #settings = new Settings(() => this.#read())
  readonly #explorer = new Explorer()
  #pasted: Pasted | undefined
  #turn = 0

  /** @param toCapture what to do with a capture that was dropped */
  constructor(readonly toCapture: (frames: readonly CapturedFrame[]) => void) {
    const open = h('button', { type: 'button', click: () => this.#file.click() }, 'Open file')
    const example = h('button', { type: 'button', click: () => this.setText(EXAMPLE) }, 'Example')
    this.element = h(
      'div',
      { class: 'view bytes-view' },
      h('div', { class: 'input' }, this.#field, h('div', { class: 'buttons' }, open, example, this.#file)),
      this.#settings.element,
      this.#notes,
      this.#explorer.element,
    )
    this.#explorer.element.hidden = true
  }

  setText(text: string): void {
    this.#field.value = text
    this.#typed()
  }

  /** Bytes that are there already: a file, or the packet of a frame. */
  setBytes(bytes: Uint8Array, from: string): void {
    this.#field.value = ''
    this.#field.placeholder = `${from}: ${bytes.length.toLocaleString('en')} bytes. Paste hex or base64, or drop a file`
    this.#pasted = { bytes, typed: false }
    void this.#read()
  }

  async setFile(file: File): Promise<void> {
    if (file.size > LARGEST_FILE) {
      this.#notes.replaceChildren(errorBox('CLI_TOO_LARGE', `${file.name} has more than ${LARGEST_FILE} bytes`))
      return
    }
    this.setBytes(new Uint8Array(await file.arrayBuffer()), file.name)
  }

  #chosen(): void {
    const file = this.#file.files?.[0]
    if (file) void this.setFile(file)
    this.#file.value = ''
  }

  #typed(): void {
    const text = this.#field.value
    this.#pasted = text.trim() === '' ? undefined : { bytes: new TextEncoder().encode(text), typed: true }
    if (text.length > LONGEST_TEXT) {
      this.#field.value = ''
      this.#field.placeholder = `${text.length.toLocaleString('en')} characters were pasted`
    }
    void this.#read()
  }

  async #read(): Promise<void> {
    const turn = ++this.#turn
    if (!this.#pasted) {
      this.#notes.replaceChildren()
      this.#explorer.element.hidden = true
      return
    }
    try {
      const found = await recognise(this.#pasted, this.#settings.given)
      // Somebody has typed on meanwhile.
      if (turn !== this.#turn) return
      if ('frames' in found) return this.toCapture(found.frames)
      this.#notes.replaceChildren(...notesOf(found))
      this.#explorer.element.hidden = false
      this.#explorer.show(found.bytes, found.root)
    } catch (error) {
      if (!isGodotWireError(error)) throw error
      if (turn !== this.#turn) return
      this.#notes.replaceChildren(errorBox(error.code, error.message))
      this.#explorer.element.hidden = true
    }
  }
}

/** What was found out about the bytes, and what is wrong with them. */
function notesOf({ notes, root }: Recognised): HTMLElement[] {
  // What the command line says of its options is chosen above.
  const texts = notes.map((note) => note.replace(/ \(--[^)]*\)/, ''))
  const list = h('ul', {}, ...texts.map((note) => h('li', {}, note)))
  const error = pathToError(root)?.at(-1)?.error
  return error ? [list, errorBox(error.code, error.message)] : [list]
}
