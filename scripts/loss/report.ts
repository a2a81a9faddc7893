import type { Contender } from './options.js'

/** Undefined where it did not come about. */
export interface Measured {
  /** MB a second. */
  readonly goodput: number | undefined
  /** Milliseconds. */
  readonly p99: number | undefined
}

export interface Cell {
  /** Milliseconds each way. */
  readonly delay: number
  /** Percent, each way. */
  readonly loss: number
  readonly measured: Readonly<Partial<Record<Contender, Measured>>>
}

const HEAD = `| delay each way | loss each way | godot-wire | SCTP | ratio | p99: godot-wire | SCTP |
|---|---|---|---|---|---|---|`

/** A table in Markdown: goodput in MB/s, latency in ms. */
export function tableOf(cells: readonly Cell[], withHead: boolean): string {
  const rows = cells.map(({ delay, loss, measured }) => {
    const { 'godot-wire': ours, sctp: theirs } = measured
    const columns = [
      `${delay} ms`,
      `${loss} %`,
      figure(ours?.goodput, 'MB/s'),
      figure(theirs?.goodput, 'MB/s'),
      ratio(ours?.goodput, theirs?.goodput),
      figure(ours?.p99, 'ms'),
      figure(theirs?.p99, 'ms'),
    ]
    return `| ${columns.join(' | ')} |`
  })
  return (withHead ? [HEAD, ...rows] : rows).join('\n')
}

function figure(value: number | undefined, unit: string): string {
  if (value === undefined) return 'no link'
  return `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ${unit}`
}

function ratio(ours: number | undefined, theirs: number | undefined): string {
  if (ours === undefined || theirs === undefined) return ''
  // Of next to nothing a ratio says nothing.
  return ours > 100 * theirs ? '> 100' : (ours / theirs).toFixed(2)
}
