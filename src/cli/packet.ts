/** From an input to encoded values, with what had to be taken away and whose bytes they are. */
import {
  annotateVar,
  type GodotVersion,
  getVar,
  safeBytesToVar,
  type VariantInput,
  varToBytes,
} from '../variant/index.js'
import type { Given, World } from './command.js'
import { godotOf, text } from './given.js'
import { type Input, packetIn, readInput } from './input.js'
import { framesOf, open } from './unwrap.js'

export interface Packet {
  /** The bytes of each value: several where a stream or file holds them. */
  readonly values: readonly Uint8Array[]
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
  const asked = godotOf(given)
  const values = unframed(bytes, given, asked)
  if (values.framing !== undefined) notes.push(`${values.framing}: ${count(values.frames.length, 'value')}`)
  const told = asked ?? versionOf(values.frames, notes)
  const behind = values.frames.reduce((sum, frame) => sum + bytesBehind(frame, told), 0)
  if (behind > 0) notes.push(`${count(behind, 'byte')} behind the value not read, as Godot does`)
  if (given['quiet'] !== true) for (const note of notes) world.note(note)
  return { values: values.frames, version: told, objects }
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

interface Unframed {
  readonly frames: readonly Uint8Array[]
  readonly framing?: string
}

/** What reads as a value from end to end is one; only then can the first bytes be a length. */
function unframed(bytes: Uint8Array, given: Given, asked: GodotVersion | undefined): Unframed {
  const framing = text(given, 'framing') ?? 'auto'
  if (framing === 'none') return { frames: [bytes] }
  if (framing !== 'auto') return { frames: asFrames(bytes, framing === 'put_var_be'), framing }
  const versions = asked === undefined ? VERSIONS : [asked]
  if (versions.some((version) => fits(bytes, version))) return { frames: [bytes] }
  for (const bigEndian of [false, true]) {
    const frames = framesOf(bytes, bigEndian)
    if (frames && versions.some((version) => frames.every((frame) => reads(frame, version)))) {
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

/** The bytes as a value of that version. Objects are looked at whether they may be read or not: only who wrote is asked. */
function look(bytes: Uint8Array, version: GodotVersion) {
  return annotateVar(bytes, { version, objects: true, maxRanges: 1 })
}

/** Whether they are one value of that version from the first to the last. */
function fits(bytes: Uint8Array, version: GodotVersion): boolean {
  const { root, error } = look(bytes, version)
  return error === undefined && root.children.length === 1
}

function reads(bytes: Uint8Array, version: GodotVersion): boolean {
  return look(bytes, version).error === undefined
}

function bytesBehind(bytes: Uint8Array, version: GodotVersion): number {
  const [, behind] = look(bytes, version).root.children
  return behind === undefined ? 0 : behind.end - behind.start
}

/**
 * Whose bytes they are. Godot 3 and 4 have the first six types in common and number the others differently, so bytes often
 * read as one of them alone; where they read as both, that is said.
 */
function versionOf(frames: readonly Uint8Array[], notes: string[]): GodotVersion {
  const [first, ...others] = VERSIONS.filter((version) => frames.every((frame) => fits(frame, version)))
  if (first === undefined) {
    // Godot ignores bytes behind a value. With some, any version can be made of too many packets to choose one.
    notes.push('Godot 4 is assumed: the bytes are no value of any version from end to end (--godot says which)')
    return 4
  }
  notes.push(alikeText(frames, first, others))
  return first
}

function alikeText(frames: readonly Uint8Array[], version: GodotVersion, others: readonly GodotVersion[]): string {
  // The nearest other one: a packet of Godot 2 is rarer than a chance.
  const [other] = others
  if (other === undefined) return `Godot ${version}: no other version reads these bytes`
  if (frames.every((frame) => sameIn(frame, version, other))) {
    return `Godot ${version}, and Godot ${other} as well: these types are the same in both`
  }
  return `Godot ${version} is assumed: the bytes are a value of Godot ${other} too (--godot ${other})`
}

/** Whether the bytes are the same value in two versions. */
function sameIn(bytes: Uint8Array, version: GodotVersion, other: GodotVersion): boolean {
  const one = safeBytesToVar(bytes, { version, exact: true })
  const two = safeBytesToVar(bytes, { version: other, exact: true })
  if (!one.ok || !two.ok) return false
  try {
    const [again, theirs] = [varToBytes(one.value as VariantInput), varToBytes(two.value as VariantInput)]
    return again.length === theirs.length && again.every((byte, i) => byte === theirs[i])
  } catch {
    // A type of Godot 2 that the others lack.
    return false
  }
}
