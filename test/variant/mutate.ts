// Hostile bytes from a seed: rows of the engines and values of ours with a few things changed, words that look like
// headers and counts, and noise.
import { DIALECTS, type GodotVersion } from '../../src/variant/dialect.js'
import { type VariantInput, varToBytes } from '../../src/variant/index.js'
import { fromHex } from './hex.js'
import { Random, RandomValues } from './random.js'
import { readVectors } from './read-vectors.js'

/** Numbers that lengths, counts, ids and flags like least. */
const WORDS = [
  0, 1, 2, 4, 0xff, 0x100, 0x10000, 0x10001, 0xffff, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffc, 0xffffffff,
]

/** How many of our own values Godot 2 starts from: no engine wrote any. */
const OF_GODOT_2 = 400

/** The bytes to start from: what the engines wrote, and the odd forms. */
export function seedsOf(version: GodotVersion): Uint8Array[] {
  return version === 2 ? ownSeeds(version, OF_GODOT_2) : engineSeeds(version)
}

function engineSeeds(version: 3 | 4): Uint8Array[] {
  const forms = readVectors(version, 'forms').filter(([name]) => !name!.startsWith('nest_'))
  const rows = [...readVectors(version, 'values').map(([, , hex]) => hex!), ...forms.map(([, input]) => input!)]
  return rows.map(fromHex).filter(isSeed)
}

function ownSeeds(version: GodotVersion, count: number): Uint8Array[] {
  const values = new RandomValues(new Random(version), { version })
  return Array.from({ length: count }, () => varToBytes(values.value() as VariantInput, { version })).filter(isSeed)
}

function isSeed(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.length < 400
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

/** Makes hostile bytes of every kind. Two with one seed make the same ones. */
export class HostileBytes {
  readonly #r: Random
  readonly #version: GodotVersion
  readonly #seeds: readonly Uint8Array[]
  readonly #values: RandomValues

  constructor(version: GodotVersion, seed: number, seeds: readonly Uint8Array[] = seedsOf(version)) {
    this.#r = new Random(seed)
    this.#version = version
    this.#seeds = seeds
    this.#values = new RandomValues(this.#r, { version })
  }

  next(): Uint8Array {
    const kind = this.#r.below(this.#version === 4 ? 11 : 10)
    if (kind === 10) return this.#unfit()
    if (kind < 6) return mutated(this.#r, this.#seeds)
    if (kind < 8) return mutatedOnce(this.#r, this.#own(), this.#seeds)
    return kind === 8 ? this.#words() : Uint8Array.from(this.#r.list(this.#r.below(64), () => this.#r.below(256)))
  }

  /** A value of ours: it nests deeper and is longer than the rows of the engines. */
  #own(): Uint8Array {
    return varToBytes(this.#values.value() as VariantInput, { version: this.#version })
  }

  /** A typed Array of values of other types, which the engine converts or leaves out. */
  #unfit(): Uint8Array {
    const r = this.#r
    const { types } = this.#values
    const type = r.below(types.length)
    const from = r.pick(types)
    const items = r.list(1 + r.below(3), () => varToBytes(this.#values.of(from, 2) as VariantInput))
    return joined(wordBytes([0x1001c, type, items.length]), ...items)
  }

  /** Headers, flags, counts and lengths in any order: containers open in each other, most of them never to end. */
  #words(): Uint8Array {
    const r = this.#r
    const ids = DIALECTS[this.#version].typeOf.length
    const words = r.list(1 + r.below(24), () => {
      if (r.oneIn(2)) return r.below(ids) | (r.oneIn(3) ? r.below(16) << 16 : 0)
      return r.oneIn(4) ? r.pick(WORDS) : r.below(5)
    })
    return wordBytes(words)
  }
}

function wordBytes(words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(words.length * 4)
  const view = new DataView(bytes.buffer)
  for (const [i, word] of words.entries()) view.setUint32(i * 4, word, true)
  return bytes
}
