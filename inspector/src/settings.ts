/** How bytes are to be read, where they do not say it themselves: the command line's options. */
import type { Given } from '../../src/cli/command.js'
import { choice, h } from './dom.js'

const TOLD = ['', 'detect'] as const

export class Settings {
  readonly element: HTMLElement
  readonly #parts: readonly (readonly [name: string, select: HTMLSelectElement])[]
  readonly #objects: HTMLInputElement

  constructor(changed: () => void) {
    const part = (name: string, label: string, options: readonly (readonly [string, string])[]) => {
      const { select, field } = choice(label, [TOLD, ...options], changed)
      return { name, select, field }
    }
    const same = (...names: string[]) => names.map((name) => [name, name] as const)
    const parts = [
      part('godot', 'Godot', same('4', '3', '2')),
      part('as', 'Read as', [
        ['value', 'value'],
        ['frame', 'frame'],
      ]),
      part('input', 'Form', same('hex', 'base64', 'raw')),
      part('compression', 'Compression', same('none', 'fastlz', 'deflate', 'zstd', 'gzip')),
      part('framing', 'Framing', same('none', 'put_var', 'put_var_be')),
    ]
    this.#parts = parts.map(({ name, select }) => [name, select])
    this.#objects = h('input', { type: 'checkbox', change: changed })
    const objects = h('label', { class: 'field check' }, this.#objects, h('span', {}, 'full Objects'))
    this.element = h('div', { class: 'settings' }, ...parts.map(({ field }) => field), objects)
  }

  get given(): Given {
    const chosen = this.#parts.filter(([, { value }]) => value !== '').map(([name, { value }]) => [name, value])
    return { ...Object.fromEntries(chosen), objects: this.#objects.checked }
  }
}
