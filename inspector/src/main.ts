import './style.css'
import { BytesView } from './bytes-view.js'
import { h } from './dom.js'
import { connectFeed, feedUrl } from './feed-client.js'
import { LiveView } from './live-view.js'

const HOW =
  'This page was opened as a file, which has no feed. Run npx godot-wire inspect, or openInspector() in a program, and ' +
  'open the address that they give. A capture (.pcapng) can be dropped here.'

const live = new LiveView((bytes, from) => {
  tabs.show('bytes')
  bytesView.setBytes(bytes, from)
})
const bytesView = new BytesView((frames) => {
  tabs.show('live')
  live.capture(frames)
})

/** Tabs of https://www.w3.org/WAI/ARIA/apg/patterns/tabs/. */
function makeTabs(views: readonly (readonly [id: string, name: string, view: HTMLElement])[]) {
  const buttons = views.map(([id, name]) =>
    h('button', { type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': id, click: () => show(id) }, name),
  )
  const panels = views.map(([id, , view]) => h('main', { id, role: 'tabpanel', 'aria-labelledby': `tab-${id}` }, view))
  const list = h(
    'div',
    { role: 'tablist', 'aria-label': 'Views', keydown: (event: KeyboardEvent) => step(event) },
    ...buttons,
  )
  function show(id: string): void {
    for (const [i, [one]] of views.entries()) {
      panels[i]!.hidden = one !== id
      buttons[i]!.setAttribute('aria-selected', String(one === id))
      buttons[i]!.tabIndex = one === id ? 0 : -1
    }
    if (location.hash !== `#${id}`) history.replaceState(null, '', `#${id}`)
  }
  function step(event: KeyboardEvent): void {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
    const at = views.findIndex(([id]) => `#${id}` === location.hash)
    const next = (at + (event.key === 'ArrowRight' ? 1 : views.length - 1)) % views.length
    show(views[next]![0])
    buttons[next]!.focus()
  }
  return { list, panels, show }
}

const tabs = makeTabs([
  ['bytes', 'Bytes', bytesView.element],
  ['live', 'Live', live.element],
])
document.body.append(h('header', {}, h('h1', {}, 'godot-wire inspector'), tabs.list), ...tabs.panels)

/** A file may be dropped anywhere. */
function acceptFiles(): void {
  const over = (is: boolean) => document.body.classList.toggle('dropping', is)
  addEventListener('dragover', (event) => {
    event.preventDefault()
    over(true)
  })
  addEventListener('dragleave', () => over(false))
  addEventListener('drop', (event) => {
    event.preventDefault()
    over(false)
    const file = event.dataTransfer?.files[0]
    if (!file) return
    tabs.show('bytes')
    void bytesView.setFile(file)
  })
}

acceptFiles()
const url = feedUrl()
if (url === undefined) live.state(HOW)
else {
  connectFeed(url, {
    batch: (batch) => live.batch(batch),
    figures: (figures) => live.figures(figures),
    state: (text) => live.state(text),
  })
}
const asked = location.hash.slice(1)
tabs.show(asked === 'bytes' || asked === 'live' ? asked : url === undefined ? 'bytes' : 'live')
