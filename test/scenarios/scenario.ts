// godot/tests/scenarios.json: what everybody who speaks the protocol must do, step by step. No engine is needed to read it,
// and no Node: pages play it too.

/** Text, or so many bytes that differ from place to place. */
export type Payload = string | { readonly size: number }

export interface PeerOptions {
  readonly connectTimeoutMs?: number
  readonly requestRepeatMs?: number
  readonly sendBufferSize?: number
  readonly steamIdRule?: 'full' | 'godotsteam'
  /** Whether it accepts whoever asks. */
  readonly accepts?: boolean
}

/** What to do, with whom and with what; the last element is the answer that is wanted. */
export type Step = readonly [string, ...never[]]

export interface Scenario {
  readonly name: string
  readonly peers: Readonly<Record<string, PeerOptions>>
  readonly steps: readonly Step[]
}

export const IDS: Readonly<Record<string, bigint>> = {
  alice: 76561197960265729n,
  bob: 76561197960265730n,
  carol: 76561197960265731n,
  'bobs account': 2n,
  'no account': 4294967296n,
  nobody: 0n,
}

export function nameOf(id: bigint): string {
  return Object.keys(IDS).find((name) => IDS[name] === id) ?? String(id)
}

export function bytesOf(data: Payload): Uint8Array {
  if (typeof data === 'string') return new TextEncoder().encode(data)
  const bytes = new Uint8Array(data.size)
  for (let at = 0; at < data.size; at += 97) bytes[at] = (at / 97) % 251
  return bytes
}

/** What is compared instead of large packets: their size and a number that every byte changes. */
export function digest(data: Uint8Array): string {
  if (data.length < 64) return new TextDecoder().decode(data)
  let hash = 0x811c9dc5
  for (const byte of data) hash = Math.imul(hash ^ byte, 0x01000193)
  return `${data.length} bytes, FNV-1a ${(hash >>> 0).toString(16)}`
}
