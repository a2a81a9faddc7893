import { scratch } from '../scratch.js'
import { FAR, LEVEL_2_FROM, LONGEST_RUN, NEAR } from './format.js'

/** A table of 2^13 places. */
const HASH_BITS = 13
const HASH_MASK = 0x1fff

/** The longest match of one instruction of level 1; longer ones are several instructions. */
const LONGEST_NEAR_MATCH = 262

/** Where a hash was last seen, counted on from call to call: what lies below `base` is of a call before. */
const seenAt = /* @__PURE__ */ new Int32Array(0x2000)
let base = 1

/** Before positions no longer fit into 31 bits the table starts anew. */
function begin(size: number): number {
  if (base + size > 0x7fff0000) {
    seenAt.fill(0)
    base = 1
  }
  const first = base
  base += size
  return first
}

function hashAt(bytes: Uint8Array, at: number): number {
  const low = bytes[at]! | (bytes[at + 1]! << 8)
  return (low ^ (bytes[at + 1]! | (bytes[at + 2]! << 8)) ^ (low >> (16 - HASH_BITS))) & HASH_MASK
}

/** How far the bytes at `from` go on as those at `earlier`, and one more; `end` is where nobody looks any further. */
function matchEnd(bytes: Uint8Array, earlier: number, from: number, end: number): number {
  let ref = earlier
  let at = from
  while (at < end) if (bytes[ref++] !== bytes[at++]) break
  return at
}

/** Writes a match of `length` + 2 bytes that lies `distance` + 1 bytes back, in level 1. */
function writeNear(out: Uint8Array, to: number, length: number, distance: number): number {
  let op = to
  let left = length
  for (; left > LONGEST_NEAR_MATCH; left -= LONGEST_NEAR_MATCH) {
    out[op++] = (7 << 5) + (distance >> 8)
    out[op++] = LONGEST_NEAR_MATCH - 9
    out[op++] = distance
  }
  out[op++] = (Math.min(left, 7) << 5) + (distance >> 8)
  if (left >= 7) out[op++] = left - 7
  out[op++] = distance
  return op
}

/** The same in level 2, where lengths go on for as long as a byte is 255, and a distance of 8191 has two bytes more. */
function writeFar(out: Uint8Array, to: number, length: number, distance: number): number {
  let op = to
  const far = distance >= NEAR
  out[op++] = (Math.min(length, 7) << 5) + (far ? 31 : distance >> 8)
  if (length >= 7) {
    let left = length - 7
    for (; left >= 255; left -= 255) out[op++] = 255
    out[op++] = left
  }
  out[op++] = far ? 255 : distance
  if (far) {
    out[op++] = (distance - NEAR) >> 8
    out[op++] = distance - NEAR
  }
  return op
}

/**
 * The bytes of FastLZ 0.5's compressor, which Godot bundles: the same hash, the same choice of matches. The output takes
 * 1/32 more than the input at the worst.
 */
export function fastlzCompress(input: Uint8Array): Uint8Array<ArrayBuffer> {
  // The engine compresses at least 16 bytes, the missing ones as zeros.
  const bytes = input.length < 16 ? padded(input) : input
  const size = bytes.length
  const level2 = size >= LEVEL_2_FROM
  const out = scratch(size + (size >> 5) + 66)
  const first = begin(size)
  // A match of level 1 ends below 8192, one of level 2 below the 16 bits that go on from there.
  const reach = level2 ? FAR - 1 : NEAR + 1
  const matchBound = size - 2
  const searchBound = size - 13
  let op = 3
  // Literals in the run that is being written; its length stands in front of it, at `op - literals - 1`.
  let literals = 2
  out[1] = bytes[0]!
  out[2] = bytes[1]!
  let ip = 2
  while (ip < searchBound) {
    let distance = 1
    let length = 3
    const byte = bytes[ip]
    const isRun = level2 && byte === bytes[ip - 1] && byte === bytes[ip + 1] && byte === bytes[ip + 2]
    if (!isRun) {
      const hash = hashAt(bytes, ip)
      // A hash that was not seen yet stands for the first byte.
      const ref = Math.max(seenAt[hash]! - first, 0)
      seenAt[hash] = first + ip
      distance = ip - ref
      length = distance >= reach ? 0 : matchesAt(bytes, ref, ip, distance >= NEAR && level2)
      if (length === 0) {
        out[op++] = bytes[ip++]!
        if (++literals === LONGEST_RUN) {
          out[op - LONGEST_RUN - 1] = LONGEST_RUN - 1
          literals = 0
          op++
        }
        continue
      }
    }
    const from = ip + length
    const end = matchEnd(bytes, from - distance, from, Math.max(matchBound, from + 8)) - 3
    if (literals > 0) out[op - literals - 1] = literals - 1
    else op--
    literals = 0
    op = (level2 ? writeFar : writeNear)(out, op, end - ip, distance - 1)
    ip = end
    seenAt[hashAt(bytes, ip)] = first + ip
    ip++
    seenAt[hashAt(bytes, ip)] = first + ip
    ip++
    op++
  }
  op = writeRest(bytes, ip, out, op, literals)
  if (level2) out[0] = out[0]! | (1 << 5)
  return out.slice(0, op)
}

/** 3 where three bytes are the same, 5 where a far match has the five that it must have, else 0. */
function matchesAt(bytes: Uint8Array, ref: number, ip: number, far: boolean): number {
  if (bytes[ref] !== bytes[ip] || bytes[ref + 1] !== bytes[ip + 1] || bytes[ref + 2] !== bytes[ip + 2]) return 0
  if (!far) return 3
  return bytes[ref + 3] === bytes[ip + 3] && bytes[ref + 4] === bytes[ip + 4] ? 5 : 0
}

/** Everything from `from` on as literals, behind those of a run that was begun. */
function writeRest(bytes: Uint8Array, from: number, out: Uint8Array, to: number, begun: number): number {
  let op = to
  let literals = begun
  for (let ip = from; ip < bytes.length; ip++) {
    out[op++] = bytes[ip]!
    if (++literals === LONGEST_RUN) {
      out[op - LONGEST_RUN - 1] = LONGEST_RUN - 1
      literals = 0
      op++
    }
  }
  if (literals > 0) out[op - literals - 1] = literals - 1
  else op--
  return op
}

function padded(input: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(16)
  bytes.set(input)
  return bytes
}
