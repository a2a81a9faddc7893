import type { RtcCandidate } from './rtc.js'

/** What two ends say to each other by way of the relay (docs/protocol.md, 1.5): JSON, one object a signal. */
export type Signal =
  | { readonly kind: 'offer' | 'answer'; readonly attempt: number; readonly sdp: string }
  | { readonly kind: 'candidate'; readonly attempt: number; readonly candidate: RtcCandidate }
  /** The direct way is over, or never came about: frames go by the relay, from the first one that is not acknowledged. */
  | { readonly kind: 'relay'; readonly attempt: number }

/** An SDP with a hundred candidates has some 15 kB. */
const MAX_SIGNAL_BYTES = 65_000

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export function writeSignal(signal: Signal): Uint8Array {
  return encoder.encode(JSON.stringify(signal))
}

/** The signal, looked at; undefined where it makes no sense. */
export function readSignal(bytes: Uint8Array): Signal | undefined {
  if (bytes.length > MAX_SIGNAL_BYTES) return undefined
  let value: unknown
  try {
    value = JSON.parse(decoder.decode(bytes))
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { kind, attempt, sdp, candidate } = value as Record<string, unknown>
  if (typeof attempt !== 'number' || !Number.isInteger(attempt) || attempt < 0) return undefined
  if (kind === 'offer' || kind === 'answer') return typeof sdp === 'string' ? { kind, attempt, sdp } : undefined
  if (kind === 'relay') return { kind, attempt }
  if (kind !== 'candidate') return undefined
  const known = candidateOf(candidate)
  return known && { kind, attempt, candidate: known }
}

function candidateOf(value: unknown): RtcCandidate | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { candidate, sdpMid, sdpMLineIndex } = value as Record<string, unknown>
  if (typeof candidate !== 'string') return undefined
  return {
    candidate,
    sdpMid: typeof sdpMid === 'string' ? sdpMid : null,
    sdpMLineIndex: typeof sdpMLineIndex === 'number' ? sdpMLineIndex : null,
  }
}
