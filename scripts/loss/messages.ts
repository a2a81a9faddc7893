/** What the processes of one round say to each other, by way of the first one. */
import type { Place } from './delay.js'

/** What one end must know of the other before they can speak. */
export type Signal =
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'description'; readonly sdp: string; readonly type: string }
  | { readonly kind: 'candidate'; readonly candidate: string; readonly mid: string }

/** How to measure goodput, or the latency of a stream. */
export type Task =
  | { readonly kind: 'goodput'; readonly size: number; readonly warmUpMs: number; readonly ms: number }
  | { readonly kind: 'stream'; readonly size: number; readonly packets: number; readonly everyMs: number }

export interface Result {
  /** Bytes a second, of what was read. */
  readonly goodput?: number
  /** Milliseconds from the call that sends to the one that reads, sorted. */
  readonly latencies?: readonly number[]
}

export type ToPeer = { readonly signal: Signal } | { readonly task: Task }

export type FromPeer =
  | { readonly signal: Signal }
  | { readonly up: true }
  /** The receiving end counts from now on. */
  | { readonly counting: true }
  | { readonly result: Result }
  | { readonly failure: string }
