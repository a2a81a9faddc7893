// What the peer of the demo says, and how a person gets to see it.
import { storyLine } from '../../src/cli/index.js'

/** Says what has happened so far: one of the lines that the peer prints as JSON. */
export type PeerEvent =
  | { phase: 'connected'; engine: string }
  | { phase: 'request_sent' }
  | { phase: 'handshake' }
  | { phase: 'types'; covered: number; of: number; missing: string[] }
  | { phase: 'progress'; done: number; of: number }
  | { phase: 'mismatch' | 'error'; [fact: string]: unknown }
  | ({ phase: 'result' } & PeerResult)

export interface PeerResult {
  packets: number
  bytes_raw: number
  bytes_wire: number
  gzip_packets: number
  raw_of_gzip: number
  bytes_gzip: number
  smallest: number
  largest: number
  /** Round trips in microseconds, by send type. */
  rtt_us_by_send_type: Record<string, number[]>
  mismatch_value: number
  mismatch_bytes: number
  lost: number
  channels: Record<string, number>
  send_types: Record<string, number>
}

const SEND_TYPE_NAMES = ['unreliable', 'unreliable no delay', 'reliable', 'reliable with buffering']

/** One line for each phase. */
export function say(phase: string, text: string): void {
  console.log(storyLine(phase, text))
}

function number(value: number): string {
  return value.toLocaleString('en-US')
}

function percentile(sorted: readonly number[], fraction: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN
}

function milliseconds(us: number): string {
  return Number.isNaN(us) ? 'none' : `${(us / 1000).toFixed(2)} ms`
}

function percentiles(rtts: readonly number[]): string {
  const sorted = [...rtts].sort((a, b) => a - b)
  return `p50 ${milliseconds(percentile(sorted, 0.5))}, p99 ${milliseconds(percentile(sorted, 0.99))}`
}

/** All of it came back, equal. */
export function isClean(result: PeerResult | undefined, expected: number): boolean {
  if (!result || result.packets < expected) return false
  return result.mismatch_value + result.mismatch_bytes + result.lost === 0
}

/** The table at the end. */
export function table(result: PeerResult): string {
  const byType = result.rtt_us_by_send_type
  const waiting = byType['3'] ?? []
  const direct = Object.entries(byType).flatMap(([type, rtts]) => (type === '3' ? [] : rtts))
  const counts = (of: Record<string, number>, name: (key: string) => string) =>
    Object.entries(of)
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([key, count]) => `${name(key)} ${count}`)
      .join(', ')
  const saved = result.raw_of_gzip === 0 ? 0 : 1 - result.bytes_gzip / result.raw_of_gzip
  const rows: [string, string][] = [
    ['packets', `${number(result.packets)}, each there and back`],
    ['channels', counts(result.channels, (key) => `#${key}:`)],
    ['send types', counts(result.send_types, (key) => `${SEND_TYPE_NAMES[Number(key)]}:`)],
    ['sizes', `${number(result.smallest)} to ${number(result.largest)} bytes`],
    ['bytes raw', `${number(result.bytes_raw)} (on the wire ${number(result.bytes_wire)})`],
    [
      'gzipped',
      `${number(result.gzip_packets)} packets, ${number(result.raw_of_gzip)} bytes to ${number(result.bytes_gzip)} (-${(saved * 100).toFixed(0)} %)`,
    ],
    ['round trip', `${percentiles([...direct, ...waiting])}, with 8 packets under way`],
    ['  types 0-2', percentiles(direct)],
    ['  type 3', `${percentiles(waiting)} (waits for company at both ends)`],
    [
      'mismatches',
      `${result.mismatch_value + result.mismatch_bytes + result.lost} (by value ${result.mismatch_value}, by bytes ${result.mismatch_bytes}, lost ${result.lost})`,
    ],
  ]
  const width = Math.max(...rows.map(([, text]) => text.length))
  const rule = (left: string, middle: string, right: string) =>
    `  ${left}${'─'.repeat(13)}${middle}${'─'.repeat(width + 2)}${right}`
  const lines = rows.map(([name, text]) => `  │ ${name.padEnd(11)} │ ${text.padEnd(width)} │`)
  return [rule('┌', '┬', '┐'), ...lines, rule('└', '┴', '┘')].join('\n')
}
