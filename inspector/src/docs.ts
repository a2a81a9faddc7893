/** What the documentation says of error codes. */
import docs from 'virtual:error-docs'
import { h, visible } from './dom.js'

/** Beside the package where the page is a file, and at its own server else. */
const PLACE = location.protocol === 'file:' ? '../docs/error-codes.md' : '/docs/error-codes.md'

export function docsLink(code: string): string {
  return `${PLACE}#${code.toLowerCase()}`
}

/** What to do about an error, in plain text. */
export function whatToDo(code: string): string | undefined {
  return docs[code]?.split('**What to do:**')[1]?.replaceAll('`', '').replace(/\s+/g, ' ').trim()
}

/** The message, and the code as a link to its section. */
export function errorNote(code: string, message: string): HTMLElement {
  const text = visible(message.replace(` [${code}]`, ''))
  const link = h('a', { href: docsLink(code), target: '_blank', rel: 'noreferrer' }, code)
  return h('span', { class: 'error-note', title: whatToDo(code) ?? '' }, link, ` ${text}`)
}

/** The message with all that the documentation says of it. */
export function errorBox(code: string, message: string): HTMLElement {
  const advice = whatToDo(code)
  return h(
    'div',
    { class: 'error-box', role: 'alert' },
    h('p', {}, errorNote(code, message)),
    advice === undefined ? undefined : h('p', {}, advice),
  )
}
