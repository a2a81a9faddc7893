/** Rates from counts that only grow. */
import type { Figures, FlowFigures, SourceFigures } from '../../src/inspect/index.js'
import type { Filter } from './store.js'

/** Points that are plotted: with three or four a second, two minutes. */
export const POINTS = 400

export interface Point {
  readonly at: number
  /** A second: packets from the one that looks, to it, and where nobody is the one, all as `out`. */
  readonly out: number
  readonly in: number
  readonly bytes: number
}

interface Counts {
  out: number
  in: number
  bytes: number
}

export interface FlowRate extends FlowFigures {
  readonly packetsPerSecond: number
  readonly bytesPerSecond: number
}

export class Rates {
  readonly points: Point[] = []
  flows: readonly FlowRate[] = []
  #before: { at: number; counts: Counts; flows: ReadonlyMap<string, FlowFigures> } | undefined

  /** Starts anew: counts of another filter cannot be compared. */
  reset(): void {
    this.#before = undefined
    this.points.length = 0
  }

  add({ at, sources }: Figures, filter: Filter): void {
    const asked = sources.filter(({ id }) => filter.source === undefined || filter.source === id)
    const counts: Counts = { out: 0, in: 0, bytes: 0 }
    const flows = new Map<string, FlowFigures>()
    for (const source of asked) for (const flow of source.flows) count(source, flow, filter, counts, flows)
    const before = this.#before
    this.#before = { at, counts, flows }
    const seconds = before ? (at - before.at) / 1000 : 0
    if (!before || !(seconds > 0)) return
    const rate = (now: number, then: number) => Math.max(0, now - then) / seconds
    this.points.push({
      at,
      out: rate(counts.out, before.counts.out),
      in: rate(counts.in, before.counts.in),
      bytes: rate(counts.bytes, before.counts.bytes),
    })
    if (this.points.length > POINTS) this.points.splice(0, this.points.length - POINTS)
    this.flows = [...flows].map(([key, flow]) => {
      const then = before.flows.get(key)
      const packetsPerSecond = rate(flow.packets, then?.packets ?? 0)
      return { ...flow, packetsPerSecond, bytesPerSecond: rate(flow.bytes, then?.bytes ?? 0) }
    })
  }
}

function count(
  source: SourceFigures,
  flow: FlowFigures,
  { peer, channel }: Filter,
  counts: Counts,
  flows: Map<string, FlowFigures>,
): void {
  if (peer !== '' && !flow.from.includes(peer) && !flow.to.includes(peer)) return
  if (channel !== undefined && flow.channel !== channel) return
  if (source.self !== undefined && flow.to === source.self) counts.in += flow.packets
  else counts.out += flow.packets
  counts.bytes += flow.bytes
  flows.set(`${source.id} ${flow.from} ${flow.to} ${flow.channel}`, flow)
}
