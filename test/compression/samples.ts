// The samples of godot/vectors/*/samples.gd: the same bytes from the same kind, seed and size. What an engine made of them
// is then a line of compress.txt, however large they are.
import { Dictionary, type VariantInput, Vector3, varToBytes } from '../../src/variant/index.js'

const WORDS = ['player', 'enemy', 'the', 'sword', 'of', 'level', 'jump', 'and', 'health', 'position']

/** A linear congruential generator of 31 bits; its upper bits are the ones to use. */
class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = seed & 0x7fffffff
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1103515245) + 12345) & 0x7fffffff
    return (this.#state >> 8) % limit
  }

  word(): string {
    return WORDS[this.below(WORDS.length)]!
  }
}

function filled(size: number, byteAt: (i: number) => number): Uint8Array {
  const bytes = new Uint8Array(size)
  for (let i = 0; i < size; i++) bytes[i] = byteAt(i)
  return bytes
}

function noise(dice: Dice, size: number): Uint8Array {
  return filled(size, () => dice.below(256))
}

function repeats(dice: Dice, size: number): Uint8Array {
  const pattern = noise(dice, 1 + dice.below(300))
  return filled(size, (i) => pattern[i % pattern.length]!)
}

function text(dice: Dice, size: number): Uint8Array {
  const words: string[] = []
  for (let length = 0; length < size; length += words.at(-1)!.length) words.push(`${dice.word()} `)
  return new TextEncoder().encode(words.join('').slice(0, size))
}

function player(dice: Dice): Dictionary<string, unknown> {
  const position = new Vector3(dice.below(2000) / 8, dice.below(80) / 8, dice.below(2000) / -8)
  const items = Array.from({ length: dice.below(4) }, () => dice.word())
  return new Dictionary<string, unknown>([
    ['id', 76561197960265728n + BigInt(dice.below(100000))],
    ['name', dice.word()],
    ['position', position],
    ['items', items],
    ['hp', dice.below(100)],
    ['alive', dice.below(2) === 1],
  ])
}

/** For `players` the size is their number, and the bytes are those of the version. */
export function sample(kind: string, seed: number, size: number, version: 3 | 4): Uint8Array {
  const dice = new Dice(seed)
  switch (kind) {
    case 'noise':
      return noise(dice, size)
    case 'zeros':
      return new Uint8Array(size)
    case 'repeats':
      return repeats(dice, size)
    case 'text':
      return text(dice, size)
    case 'ramp':
      return filled(size, (i) => ((i >> 4) + dice.below(3)) & 255)
    case 'players':
      return varToBytes(Array.from({ length: size }, () => player(dice)) as VariantInput, { version })
    default:
      throw new Error(`no samples of kind ${kind}`)
  }
}
