/** The last frames, one a row, with what the game said in them. */
import { valueIn } from '../../src/cli/attempt.js'
import { packetOf } from '../../src/cli/packet.js'
import { valueText } from '../../src/cli/words.js'
import { summary } from '../../src/inspect/index.js'
import type { GodotVersion } from '../../src/variant/index.js'
import { h, newId, setAttribute, setClass, setText, visible } from './dom.js'
import { shortId, timeText } from './numbers.js'
import { worldOf } from './recognise.js'
import { Rows } from './rows.js'
import type { Seen } from './store.js'

interface PacketRow extends HTMLDivElement {
  index: number
  readonly cells: readonly HTMLSpanElement[]
}

/** Values are told for frames in sight alone. */
const LONGEST = 160

export class PacketList {
  readonly element: HTMLElement
  readonly #rows: Rows<PacketRow>
  readonly #id = newId('packet')
  readonly #texts = new WeakMap<Seen, string>()
  #items: readonly Seen[] = []
  /** The number of the frame that is chosen. */
  #chosen: number | undefined
  /** New frames scroll in, until somebody scrolls away. */
  #follows = true
  godot: GodotVersion | undefined

  constructor(readonly choose: (seen: Seen) => void) {
    this.element = h('div', {
      class: 'pane packets',
      role: 'listbox',
      tabindex: 0,
      'aria-label': 'Last frames',
      keydown: (event: KeyboardEvent) => this.#key(event),
      click: (event: MouseEvent) => {
        const row = (event.target as HTMLElement).closest<PacketRow>('.packet-row')
        if (row) this.#pick(row.index)
      },
      wheel: () => this.#look(),
      scroll: () => this.#look(),
    })
    this.#rows = new Rows<PacketRow>(this.element, {
      height: 24,
      make: () => makeRow(),
      fill: (row, index) => this.#fill(row, index),
    })
  }

  show(items: readonly Seen[]): void {
    const oldest = this.#items[0]?.number
    this.#items = items
    const gone = oldest === undefined ? 0 : Math.max(0, (items[0]?.number ?? oldest) - oldest)
    this.#rows.count = items.length
    if (this.#follows) this.#rows.toEnd()
    // What somebody looks at stays where it is while older frames go.
    else if (gone > 0) this.element.scrollTop -= gone * 24
  }

  #look(): void {
    this.#follows = this.#rows.isAtEnd
  }

  #fill(row: PacketRow, index: number): void {
    const seen = this.#items[index]!
    const isChosen = seen.number === this.#chosen
    row.index = index
    row.id = isChosen ? this.#id : ''
    if (isChosen) setAttribute(this.element, 'aria-activedescendant', this.#id)
    setAttribute(row, 'aria-selected', String(isChosen))
    setAttribute(row, 'aria-posinset', String(index + 1))
    setAttribute(row, 'aria-setsize', String(this.#items.length))
    const state = seen.read.broken ? ' broken' : seen.taken ? '' : ' refused'
    setClass(row, `packet-row${isChosen ? ' active' : ''}${state}`)
    const texts = [
      timeText(seen.at),
      `${shortId(seen.from)} → ${shortId(seen.to)}`,
      seen.lane === 'datagram' ? 'datagram' : (seen.lane ?? ''),
      String(seen.frame.length),
      summary(seen.read),
      this.#valueIn(seen),
    ]
    for (const [i, text] of texts.entries()) setText(row.cells[i]!, text)
  }

  /** The value, once it is told: opening compressed bytes may have to wait. */
  #valueIn(seen: Seen): string {
    const known = this.#texts.get(seen)
    if (known !== undefined) return known
    this.#texts.set(seen, '')
    void told(seen, this.godot).then((text) => {
      this.#texts.set(seen, text)
      if (text !== '') this.#rows.refresh()
    })
    return ''
  }

  #key(event: KeyboardEvent): void {
    const at = this.#items.findIndex(({ number }) => number === this.#chosen)
    const page = this.#rows.visible - 2
    const last = this.#items.length - 1
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? last : at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: last,
    }
    const next = steps[event.key]
    if (next === undefined || last < 0 || event.altKey || event.metaKey) return
    event.preventDefault()
    this.#pick(Math.min(last, Math.max(0, next)))
  }

  #pick(index: number): void {
    const seen = this.#items[index]
    if (!seen) return
    this.#chosen = seen.number
    this.#follows = false
    this.#rows.reveal(index)
    this.choose(seen)
  }
}

/** The value of the first packet in a frame, on a line. */
async function told({ frame, read }: Seen, godot: GodotVersion | undefined): Promise<string> {
  const record = read.records.find(({ payload, name }) => payload !== undefined && name !== 'FRAGMENT')
  if (record === undefined) return ''
  const bytes = frame.subarray(record.payload, record.end)
  try {
    const given = { input: 'raw', ...(godot && { godot: String(godot) }) }
    const { values, version } = await packetOf({ bytes, typed: false, from: '' }, given, worldOf([]))
    const text = valueText(valueIn(values[0]!), version).replaceAll('\n', ' ')
    return visible(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)
  } catch {
    return `${bytes.length} bytes that are no value`
  }
}

function makeRow(): PacketRow {
  const cells = ['time', 'ends', 'lane', 'size', 'records', 'value'].map((name) => h('span', { class: `p-${name}` }))
  const row = h('div', { class: 'packet-row', role: 'option' }, ...cells)
  return Object.assign(row, { index: 0, cells })
}
