// Hostile bytes: rows of the engines with a few things changed, from a seed.
import { fromHex } from './hex.js'
import type { Random } from './random.js'
import { readVectors } from './read-vectors.js'

/** Numbers that lengths, counts, ids and flags like least. */
const WORDS = [
  0, 1, 2, 4, 0xff, 0x100, 0x10000, 0x10001, 0xffff, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffc, 0xffffffff,
]

/** The bytes to start from: what the engines wrote, and the odd forms. */
export function seedsOf(version: 3 | 4): Uint8Array[] {
  const forms = readVectors(version, 'forms').filter(([name]) => !name!.startsWith('nest_'))
  const rows = [...readVectors(version, 'values').map(([, , hex]) => hex!), ...forms.map(([, input]) => input!)]
  return rows.map(fromHex).filter((bytes) => bytes.length > 0 && bytes.length < 400)
}

/** One of the seeds with up to three things changed. */
export function mutated(r: Random, seeds: readonly Uint8Array[]): Uint8Array {
  let bytes: Uint8Array = r.pick(seeds).slice()
  for (let i = 1 + r.below(3); i > 0; i--) bytes = mutatedOnce(r, bytes, seeds)
  return bytes
}

function mutatedOnce(r: Random, bytes: Uint8Array, seeds: readonly Uint8Array[]): Uint8Array {
  if (bytes.length === 0) return bytes
  const at = r.below(bytes.length)
  const aligned = at & ~3
  switch (r.below(6)) {
    case 0:
      bytes[at] = bytes[at]! ^ (1 << r.below(8))
      return bytes
    case 1:
      bytes[at] = r.below(256)
      return bytes
    case 2:
      return bytes.slice(0, at)
    case 3:
      if (aligned + 4 <= bytes.length) new DataView(bytes.buffer).setUint32(aligned, r.pick(WORDS), true)
      return bytes
    case 4:
      bytes[aligned] = r.below(40)
      return bytes
    default:
      return joined(bytes.subarray(0, aligned), r.pick(seeds), bytes.subarray(aligned))
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}
