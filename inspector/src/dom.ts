/** Elements in one call: all that the page needs of a framework. */
type Value = string | number | boolean | undefined | ((event: never) => void)
export type Child = Node | string | undefined

/** An element; functions among `props` are listeners, `true` is an attribute without a value, `undefined` none. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  props: Readonly<Record<string, Value>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(name, value as unknown as EventListener)
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(...children.filter((child) => child !== undefined))
  return element
}

/** A choice with a label of its own. */
export function choice(
  label: string,
  options: readonly (readonly [value: string, text: string])[],
  change: () => void,
) {
  const select = h('select', { change }, ...options.map(([value, text]) => h('option', { value }, text)))
  return { select, field: h('label', { class: 'field' }, h('span', {}, label), select) }
}

/** Sets a text only where it is another: the browser lays out what is set. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text
}

export function setClass(element: Element, name: string): void {
  if (element.className !== name) element.className = name
}

export function setAttribute(element: Element, name: string, value: string | undefined): void {
  if (value === undefined) element.removeAttribute(name)
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value)
}

let lastId = 0

export function newId(prefix: string): string {
  return `${prefix}-${++lastId}`
}

/** Control characters as escapes: what a stranger sent must not turn around what stands beside it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that are made visible.
const CONTROLS = /[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g

export function visible(text: string): string {
  return text.replace(CONTROLS, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
