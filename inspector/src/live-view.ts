/** What running programs send, and captures of it. */
import {
  type Batch,
  type CapturedFrame,
  type Figures,
  PacketReader,
  type PairFigures,
  type RelayPeerFigures,
  type SessionFigures,
  type SourceFigures,
  writeCapture,
} from '../../src/inspect/index.js'
import type { GodotVersion } from '../../src/variant/index.js'
import { choice, h, setText } from './dom.js'
import { Explorer } from './explorer.js'
import { bytesText, msText, numberText, percentText } from './numbers.js'
import { PacketList } from './packet-list.js'
import { Plot } from './plot.js'
import { type FlowRate, Rates } from './rates.js'
import { frameRoot } from './recognise.js'
import { type Seen, Store } from './store.js'
import { Table } from './table.js'

const NOBODY = 'no program is shown yet: docs/inspector.md says how one is'

/** Both directions between two peers, and what the P2P itself says of the session. */
interface SessionRow {
  readonly source: SourceFigures
  readonly out: PairFigures
  readonly back: PairFigures | undefined
  readonly session: SessionFigures | undefined
}

/** One channel over all peers. */
interface ChannelRow {
  channel: number
  packets: number
  packetsPerSecond: number
  bytesPerSecond: number
}

export class LiveView {
  readonly element: HTMLElement
  readonly store = new Store()
  readonly #rates = new Rates()
  readonly #plot = new Plot()
  readonly #state = h('p', { class: 'state', role: 'status' })
  readonly #totals = h('dl', { class: 'totals' })
  readonly #relay = h('p', { class: 'relay-stats' })
  readonly #peer = h('input', { type: 'search', size: 20, placeholder: 'any', input: () => this.#filtered() })
  readonly #channel = h('input', { type: 'number', size: 6, placeholder: 'any', input: () => this.#filtered() })
  readonly #source = choice('Program', [['', 'all']], () => this.#filtered())
  readonly #godot = choice(
    'Godot',
    [
      ['', 'detect'],
      ['4', '4'],
      ['3', '3'],
      ['2', '2'],
    ],
    () => this.#versionChosen(),
  )
  readonly #pause = h('button', { type: 'button', 'aria-pressed': 'false', click: () => this.#togglePause() }, 'Pause')
  readonly #kept = h('p', { class: 'kept' })
  readonly #explorer = new Explorer()
  readonly #packets: PacketList
  readonly #open: HTMLButtonElement
  readonly #sessions: Table<SessionRow>
  readonly #channels: Table<ChannelRow>
  readonly #peers: Table<RelayPeerFigures>
  #figures: Figures | undefined
  #areFiguresNew = true
  #isPaused = false
  #passed = 0
  #missed = 0
  #frame = 0
  #chosen: Seen | undefined

  /** @param openPacket shows the bytes of a packet by themselves */
  constructor(readonly openPacket: (bytes: Uint8Array, from: string) => void) {
    this.#packets = new PacketList((seen) => this.#choose(seen))
    this.#open = h('button', { type: 'button', click: () => this.#openChosen() }, 'Open its packet')
    this.#sessions = sessionsTable((peer) => this.#filterPeer(peer))
    this.#channels = channelsTable((channel) => this.#filterChannel(channel))
    this.#peers = peersTable((peer) => this.#filterPeer(peer))
    this.#peers.element.hidden = true
    this.#explorer.element.hidden = true
    this.#open.hidden = true
    this.element = this.#layout()
    this.show()
  }

  #layout(): HTMLElement {
    const clear = h('button', { type: 'button', click: () => this.#clear() }, 'Clear')
    const save = h('button', { type: 'button', click: () => this.#save() }, 'Export')
    const field = (label: string, input: HTMLElement) => h('label', { class: 'field' }, h('span', {}, label), input)
    const bar = h(
      'div',
      { class: 'settings' },
      this.#source.field,
      field('Peer', this.#peer),
      field('Channel', this.#channel),
      this.#godot.field,
      h('div', { class: 'buttons' }, this.#pause, clear, save),
      this.#state,
    )
    const legend = h(
      'p',
      { class: 'legend' },
      h('span', { class: 'out' }, 'sent'),
      h('span', { class: 'in' }, 'received'),
      'packets a second, last two minutes',
    )
    const tables = h('div', { class: 'tables' }, this.#sessions.element, this.#channels.element, this.#peers.element)
    const list = h('section', { class: 'figures list' }, h('h2', {}, 'Last frames'), this.#packets.element, this.#kept)
    const detail = h('div', { class: 'detail' }, this.#open, this.#explorer.element)
    return h(
      'div',
      { class: 'view live-view' },
      bar,
      h('div', { class: 'chart' }, legend, this.#plot.element, this.#totals, this.#relay),
      tables,
      list,
      detail,
    )
  }

  state(text: string): void {
    setText(this.#state, text)
  }

  batch({ frames, missed }: Batch): void {
    this.#missed += missed
    if (this.#isPaused) this.#passed += frames.length
    else this.store.add(frames)
    this.show()
  }

  figures(figures: Figures): void {
    this.#figures = figures
    this.#offerSources(figures.sources)
    this.#rates.add(figures, this.store.filter)
    this.#areFiguresNew = true
    this.state(figures.sources.length === 0 ? NOBODY : 'live')
    this.show()
  }

  /** A capture that was dropped takes the place of what is here. */
  capture(frames: readonly CapturedFrame[]): void {
    this.#clear()
    this.store.add(frames.map((frame) => ({ ...frame, source: 0 })))
    this.state(`a capture of ${frames.length.toLocaleString('en')} frames`)
    this.show()
  }

  /** Once for all that came since the browser drew last. */
  show(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0
      this.#draw()
    })
  }

  #draw(): void {
    const { shown, size } = this.store
    this.#packets.show(shown)
    const missed = this.#missed > 0 ? `; ${numberText(this.#missed)} more were counted and not shown` : ''
    const passed = this.#isPaused ? `; paused, ${numberText(this.#passed)} have passed since` : ''
    setText(this.#kept, `${numberText(shown.length)} of the last ${numberText(size)} frames${missed}${passed}`)
    if (this.#areFiguresNew) this.#drawFigures()
  }

  #drawFigures(): void {
    const { filter } = this.store
    this.#areFiguresNew = false
    this.#plot.show(this.#rates.points)
    const sources = (this.#figures?.sources ?? []).filter(
      ({ id }) => filter.source === undefined || filter.source === id,
    )
    this.#drawTotals(sources)
    this.#sessions.show(sessionRows(sources, filter.peer))
    this.#channels.show(channelRows(this.#rates.flows))
    this.#drawRelay(sources)
  }

  #drawTotals(sources: readonly SourceFigures[]): void {
    const sum = (of: (source: SourceFigures) => number) => sources.reduce((total, source) => total + of(source), 0)
    const last = this.#rates.points.at(-1)
    const totals: readonly (readonly [string, string])[] = [
      ['packets/s', numberText((last?.out ?? 0) + (last?.in ?? 0))],
      ['bytes/s', bytesText(last?.bytes ?? 0)],
      ['frames', numberText(sum(({ frames }) => frames))],
      ['in them', bytesText(sum(({ bytes }) => bytes))],
      ['broken', numberText(sum(({ broken }) => broken))],
      ['not taken', numberText(sum(({ notTaken }) => notTaken))],
    ]
    if (this.#totals.children.length === 0) {
      this.#totals.append(...totals.map(([name]) => h('div', {}, h('dt', {}, name), h('dd'))))
    }
    for (const [i, [, text]] of totals.entries()) setText(this.#totals.children[i]!.lastElementChild!, text)
  }

  #drawRelay(sources: readonly SourceFigures[]): void {
    const relay = sources.find((source) => source.relay)?.relay
    this.#peers.element.hidden = !relay
    if (!relay) return
    const { peers, ports, lobbies, queuedBytes, droppedDatagrams, slowPeers, brokenPeers, loudPeers } = relay.stats
    const stats = { peers, 'link ends': ports, lobbies, 'datagrams dropped': droppedDatagrams }
    const closed = { 'too slow': slowPeers, broken: brokenPeers, 'too loud': loudPeers }
    const words = [...Object.entries(stats), ...Object.entries(closed)].map(
      ([name, n]) => `${name} ${numberText(n ?? 0)}`,
    )
    setText(this.#relay, `Relay: ${words.join(', ')}, queued ${bytesText(queuedBytes ?? 0)}`)
    this.#peers.show(relay.peers)
  }

  #offerSources(sources: readonly SourceFigures[]): void {
    const { select } = this.#source
    for (const { id, name } of sources) {
      if ([...select.options].some(({ value }) => value === String(id))) continue
      select.append(h('option', { value: id }, name))
    }
  }

  #filtered(): void {
    const [source, channel] = [this.#source.select.value, this.#channel.value]
    this.store.filter = {
      source: source === '' ? undefined : Number(source),
      peer: this.#peer.value.trim(),
      channel: channel === '' ? undefined : Number(channel),
    }
    this.#rates.reset()
    this.#areFiguresNew = true
    this.show()
  }

  #filterPeer(peer: string): void {
    this.#peer.value = this.#peer.value === peer ? '' : peer
    this.#filtered()
  }

  #filterChannel(channel: number): void {
    this.#channel.value = this.#channel.value === String(channel) ? '' : String(channel)
    this.#filtered()
  }

  #versionChosen(): void {
    const { value } = this.#godot.select
    this.#packets.godot = value === '' ? undefined : (Number(value) as GodotVersion)
    if (this.#chosen) this.#choose(this.#chosen)
    this.show()
  }

  #togglePause(): void {
    this.#isPaused = !this.#isPaused
    this.#passed = 0
    this.#pause.setAttribute('aria-pressed', String(this.#isPaused))
    setText(this.#pause, this.#isPaused ? 'Go on' : 'Pause')
    this.show()
  }

  #clear(): void {
    this.store.clear()
    this.#missed = 0
    this.#explorer.element.hidden = true
    this.#open.hidden = true
    this.show()
  }

  #save(): void {
    const url = URL.createObjectURL(new Blob([writeCapture(this.store.shown) as BlobPart]))
    h('a', { href: url, download: `godot-wire-${new Date().toISOString().replace(/[:.]/g, '-')}.pcapng` }).click()
    // When the browser has read it.
    setTimeout(() => URL.revokeObjectURL(url), 60_000)
  }

  #choose(seen: Seen): void {
    this.#chosen = seen
    this.#explorer.element.hidden = false
    this.#open.hidden = !seen.read.records.some(({ payload }) => payload !== undefined)
    const { value } = this.#godot.select
    this.#explorer.show(seen.frame, frameRoot(seen.frame, value === '' ? {} : { godot: value }))
  }

  /** Its packet; of a message that came in fragments, the whole of it where all are still here. */
  #openChosen(): void {
    const chosen = this.#chosen
    if (!chosen) return
    const packets = new PacketReader()
    const { kept } = this.store
    const record = chosen.read.records.find(({ payload }) => payload !== undefined)!
    for (const frame of kept) {
      if (frame.from !== chosen.from || frame.to !== chosen.to) continue
      if (frame.number < chosen.number) packets.packetsIn(frame)
      for (const one of frame.number < chosen.number ? [] : frame.read.records) {
        const packet = packets.packetOf(frame, one)
        if (packet && (record.name === 'FRAGMENT' || frame === chosen)) {
          return this.openPacket(packet.data, `packet on channel ${packet.channel}`)
        }
      }
    }
  }
}

function sessionsTable(filter: (peer: string) => void): Table<SessionRow> {
  return new Table<SessionRow>(
    'Sessions',
    [
      { name: 'Peers', text: ({ out, source }) => (source.self === out.from ? out.to : `${out.from} ↔ ${out.to}`) },
      { name: 'State', text: ({ out, back, session }) => session?.state ?? stateOf(out, back) },
      {
        name: 'Round trip',
        isNumber: true,
        title: 'From PING to PONG',
        text: ({ session, out }) => msText(session?.roundTripMs ?? out.roundTripMs),
      },
      {
        name: 'Loss',
        isNumber: true,
        title: 'What the link measures, else reliable packets that went again',
        text: ({ session, out, back }) => percentText(session?.loss ?? resent(out, back)),
      },
      {
        name: 'In flight',
        isNumber: true,
        title: 'Reliable packets that are not acknowledged',
        text: ({ session, out }) => numberText(session?.packetsUnacknowledged ?? out.inFlight),
      },
      {
        name: 'Queued',
        isNumber: true,
        title: 'Bytes that the link has not been given yet',
        text: ({ session }) => (session ? bytesText(session.bytesQueued) : '–'),
      },
      {
        name: 'Unread',
        isNumber: true,
        title: 'Packets that the game has not read',
        text: ({ session }) => (session ? numberText(session.packetsUnread) : '–'),
      },
    ],
    {
      label: 'Only frames of',
      run: ({ out }) => filter(out.to),
    },
  )
}

function channelsTable(filter: (channel: number) => void): Table<ChannelRow> {
  return new Table<ChannelRow>(
    'Channels',
    [
      { name: 'Channel', text: ({ channel }) => String(channel) },
      { name: 'Packets/s', isNumber: true, text: ({ packetsPerSecond }) => numberText(packetsPerSecond) },
      { name: 'Bytes/s', isNumber: true, text: ({ bytesPerSecond }) => bytesText(bytesPerSecond) },
      { name: 'Packets', isNumber: true, text: ({ packets }) => numberText(packets) },
    ],
    { label: 'Only channel', run: ({ channel }) => filter(channel) },
  )
}

function peersTable(filter: (peer: string) => void): Table<RelayPeerFigures> {
  return new Table<RelayPeerFigures>(
    'Peers of the relay',
    [
      { name: 'Peer', text: ({ peer }) => peer },
      { name: 'Links', isNumber: true, text: ({ links }) => numberText(links) },
      { name: 'Queued', isNumber: true, text: ({ queuedBytes }) => bytesText(queuedBytes) },
      { name: 'State', text: ({ isFull }) => (isFull ? 'reads too slowly' : 'reads') },
    ],
    { label: 'Only frames of', run: ({ peer }) => filter(peer) },
  )
}

/** Sessions that are shown: those with the most frames. */
const MOST_SESSIONS = 200

/** Ids have no zeros in front. */
function compared(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
}

/** Each two peers once; where one of them is the program itself, from its side. */
function sessionRows(sources: readonly SourceFigures[], peer: string): SessionRow[] {
  const rows = sources.flatMap((source) => {
    const byEnds = new Map(source.pairs.map((pair) => [`${pair.from} ${pair.to}`, pair]))
    const firsts = source.pairs.filter((pair) => isFirst(pair, source.self, byEnds))
    return firsts.map((out): SessionRow => {
      const session = source.sessions.find((one) => one.peer === out.to)
      return { source, out, back: byEnds.get(`${out.to} ${out.from}`), session }
    })
  })
  const asked = rows.filter(({ out }) => peer === '' || out.from.includes(peer) || out.to.includes(peer))
  const frames = ({ out, back }: SessionRow) => out.frames + (back?.frames ?? 0)
  const busiest = asked.sort((a, b) => frames(b) - frames(a)).slice(0, MOST_SESSIONS)
  // By who they are: rows that change places cannot be read, nor clicked.
  return busiest.sort((a, b) => compared(a.out.to, b.out.to) || compared(a.out.from, b.out.from))
}

function isFirst(pair: PairFigures, self: string | undefined, byEnds: ReadonlyMap<string, PairFigures>): boolean {
  if (!byEnds.has(`${pair.to} ${pair.from}`)) return true
  return self === undefined ? BigInt(pair.from) < BigInt(pair.to) : pair.from === self
}

function stateOf(out: PairFigures, back: PairFigures | undefined): string {
  const states = [out.state, back?.state]
  if (states.includes('open')) return 'open'
  return states.includes('unknown') ? 'over' : states.includes('asked') ? 'connecting' : 'unknown'
}

function resent(out: PairFigures, back: PairFigures | undefined): number {
  const all = out.reliable + (back?.reliable ?? 0)
  return all === 0 ? 0 : (out.resent + (back?.resent ?? 0)) / all
}

function channelRows(flows: readonly FlowRate[]): ChannelRow[] {
  const rows = new Map<number, ChannelRow>()
  for (const { channel, packets, packetsPerSecond, bytesPerSecond } of flows) {
    const row = rows.get(channel) ?? { channel, packets: 0, packetsPerSecond: 0, bytesPerSecond: 0 }
    row.packets += packets
    row.packetsPerSecond += packetsPerSecond
    row.bytesPerSecond += bytesPerSecond
    rows.set(channel, row)
  }
  return [...rows.values()].sort((a, b) => a.channel - b.channel)
}
