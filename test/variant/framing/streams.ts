// What the framing tests share: values from a seed, and streams cut into chunks.
import { type GodotVersion, type VariantInput, varToBytes } from '../../../src/variant/index.js'
import { toHex } from '../hex.js'
import { Random, RandomValues } from '../random.js'

/** Random values of a seed, as an exact decode gives them. */
export function randomValues(seed: number, count: number, version: GodotVersion = 4): VariantInput[] {
  const values = new RandomValues(new Random(seed), { version })
  return Array.from({ length: count }, () => values.value() as VariantInput)
}

/** A value's own bytes as hex: the way to compare two values of any type. */
export function hexOf(value: unknown, version: GodotVersion = 4): string {
  return toHex(varToBytes(value as VariantInput, { version }))
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces))
}

/** The stream in chunks of the sizes that `size` names, one after the other. */
export function* chunksOf(stream: Uint8Array, size: () => number): Generator<Uint8Array> {
  for (let at = 0; at < stream.length; ) {
    const end = Math.min(stream.length, at + Math.max(1, size()))
    yield stream.subarray(at, end)
    at = end
  }
}

/** `u32 length` and the bytes. */
export function frame(payload: Uint8Array, bigEndian = false): Uint8Array {
  const prefix = Buffer.alloc(4)
  if (bigEndian) prefix.writeUInt32BE(payload.length)
  else prefix.writeUInt32LE(payload.length)
  return joined([prefix, payload])
}
