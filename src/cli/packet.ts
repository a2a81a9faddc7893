/** From an input to values, with what had to be taken away and whose bytes they are. */
import { type GodotVersion, getVar, type VariantInput, varToBytes } from '../variant/index.js'
import { type Attempt, Attempts } from './attempt.js'
import type { Given, World } from './command.js'
import { godotOf, text } from './given.js'
import { type Input, packetIn, readInput } from './input.js'
import { framesOf, open } from './unwrap.js'

export interface Packet {
  /** Each value: several where a stream or file holds them. */
  readonly values: readonly Attempt[]
  readonly version: GodotVersion
  readonly objects: boolean
}

export async function readPacket(operand: string | undefined, given: Given, world: World): Promise<Packet> {
  return packetOf(await readInput(operand, given, world), given, world)
}

/** From bytes that are there already. */
export async function packetOf(input: Input, given: Given, world: World): Promise<Packet> {
  const { bytes: packed, form } = await packetIn(input, given, world)
  const notes = input.typed && form === 'hex' ? [] : [`${form}: ${packed.length} bytes from ${input.from}`]
  const { bytes, steps } = await open(packed, given)
  notes.push(...steps)
  const objects = given['objects'] === true
  const attempts = new Attempts(objects)
  const asked = godotOf(given)
  const { frames, framing } = unframed(bytes, given, asked === undefined ? VERSIONS : [asked], attempts)
  if (framing !== undefined) notes.push(`${framing}: ${count(frames.length, 'value')}`)
  const version = asked ?? versionOf(frames, attempts, notes)
  const values = frames.map((frame) => attempts.of(frame, version))
  const behind = values.reduce((sum, value) => sum + bytesBehind(value), 0)
  if (behind > 0) notes.push(`${count(behind, 'byte')} behind the value not read, as Godot does`)
  if (given['quiet'] !== true) for (const note of notes) world.note(note)
  return { values, version, objects }
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

function bytesBehind({ bytes, size = bytes.length }: Attempt): number {
  return bytes.length - size
}

interface Unframed {
  readonly frames: readonly Uint8Array[]
  readonly framing?: string
}

/** What reads as a value from end to end is one; only then can the first bytes be a length. */
function unframed(bytes: Uint8Array, given: Given, versions: readonly GodotVersion[], attempts: Attempts): Unframed {
  const framing = text(given, 'framing') ?? 'auto'
  if (framing === 'none') return { frames: [bytes] }
  if (framing !== 'auto') return { frames: asFrames(bytes, framing === 'put_var_be'), framing }
  if (versions.some((version) => attempts.fits(bytes, version))) return { frames: [bytes] }
  for (const bigEndian of [false, true]) {
    const frames = framesOf(bytes, bigEndian)
    if (frames && versions.some((version) => frames.every((frame) => attempts.reads(frame, version)))) {
      return { frames, framing: bigEndian ? 'put_var with big_endian' : 'put_var' }
    }
  }
  return { frames: [bytes] }
}

/** Frames that were asked for: what is wrong with them is an error. */
function asFrames(bytes: Uint8Array, bigEndian: boolean): readonly Uint8Array[] {
  const frames = framesOf(bytes, bigEndian)
  if (frames) return frames
  let at = 0
  const found: Uint8Array[] = []
  do {
    const { size } = getVar(bytes, at, { bigEndian })
    found.push(bytes.subarray(at + 4, at + size))
    at += size
  } while (at < bytes.length)
  return found
}

const VERSIONS: readonly GodotVersion[] = [4, 3, 2]

/**
 * Whose bytes they are. Godot 3 and 4 have the first six types in common and number the others differently, so bytes often
 * read as one of them alone; where they read as both, that is said.
 */
function versionOf(frames: readonly Uint8Array[], attempts: Attempts, notes: string[]): GodotVersion {
  const [first, ...others] = VERSIONS.filter((version) => frames.every((frame) => attempts.fits(frame, version)))
  if (first === undefined) {
    // Godot ignores bytes behind a value. With some, any version can be made of too many packets to choose one.
    notes.push('Godot 4 is assumed: the bytes are no value of any version from end to end (--godot says which)')
    return 4
  }
  notes.push(alikeText(frames, attempts, first, others))
  return first
}

function alikeText(
  frames: readonly Uint8Array[],
  attempts: Attempts,
  version: GodotVersion,
  others: readonly GodotVersion[],
): string {
  // The nearest other one: a packet of Godot 2 is rarer than a chance.
  const [other] = others
  if (other === undefined) return `Godot ${version}: no other version reads these bytes`
  if (frames.every((frame) => isSame(attempts.of(frame, version), attempts.of(frame, other)))) {
    return `Godot ${version}, and Godot ${other} as well: these types are the same in both`
  }
  return `Godot ${version} is assumed: the bytes are a value of Godot ${other} too (--godot ${other})`
}

/** Whether the bytes are the same value in two versions. */
function isSame({ result: one }: Attempt, { result: two }: Attempt): boolean {
  if (!one.ok || !two.ok) return false
  try {
    const [again, theirs] = [varToBytes(one.value as VariantInput), varToBytes(two.value as VariantInput)]
    return again.length === theirs.length && again.every((byte, i) => byte === theirs[i])
  } catch {
    // A type of Godot 2 that the others lack.
    return false
  }
}
