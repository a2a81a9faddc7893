/** From what was pasted or dropped to bytes with their meaning, by the rules of the command line. */
import { Attempts } from '../../src/cli/attempt.js'
import type { Given, World } from '../../src/cli/command.js'
import { packetIn } from '../../src/cli/input.js'
import { packetOf } from '../../src/cli/packet.js'
import { open } from '../../src/cli/unwrap.js'
import { annotateFrame, type CapturedFrame, isCapture, readCapture, readFrame } from '../../src/inspect/index.js'
import { annotateVar, type ByteRange, type GodotVersion } from '../../src/variant/index.js'

export interface Pasted {
  readonly bytes: Uint8Array
  /** A text that somebody typed or pasted, and no file. */
  readonly typed: boolean
}

export interface Recognised {
  readonly bytes: Uint8Array
  readonly root: ByteRange
  readonly notes: readonly string[]
}

export interface Capture {
  readonly frames: readonly CapturedFrame[]
}

/** The most ranges in the tree: a packet of 1 MB has that many parts. */
const MOST_RANGES = 300_000

/** A command's world without files and processes: notes are all that comes of it. */
export function worldOf(notes: string[]): World {
  return {
    readStdin: async () => new Uint8Array(),
    readFile: async () => undefined,
    print: () => {},
    printBytes: () => {},
    note: (text) => void notes.push(text),
    progress: () => {},
    now: () => performance.now(),
    colours: false,
  }
}

/** @throws what the command line would say */
export async function recognise({ bytes, typed }: Pasted, given: Given): Promise<Recognised | Capture> {
  const silent = worldOf([])
  if (!typed && isCapture(bytes)) return { frames: readCapture(bytes) }
  const packed = await packetIn({ bytes, typed, from: 'the input' }, given, silent)
  const opened = await open(packed.bytes, given)
  const notes = [`${packed.form}: ${packed.bytes.length.toLocaleString('en')} bytes`, ...opened.steps]
  if (isFrame(opened.bytes, given)) return ofFrame(opened.bytes, given, notes)
  return ofValues(opened.bytes, given, notes)
}

/** A frame is one from end to end; only what is no value can be one where nobody has said so. */
function isFrame(bytes: Uint8Array, given: Given): boolean {
  if (given['as'] !== undefined) return given['as'] === 'frame'
  return readFrame(bytes).broken === undefined && !([4, 3, 2] as const).some((version) => isValue(bytes, version))
}

function isValue(bytes: Uint8Array, version: GodotVersion): boolean {
  return new Attempts(true).fits(bytes, version)
}

function ofFrame(bytes: Uint8Array, given: Given, notes: string[]): Recognised {
  return { bytes, root: frameRoot(bytes, given), notes: [...notes, 'a frame of the godot-wire protocol'] }
}

/** A frame, with the values of its packets where they are plain. */
export function frameRoot(frame: Uint8Array, given: Given): ByteRange {
  const asked = given['godot'] === undefined ? undefined : (Number(given['godot']) as GodotVersion)
  return annotateFrame(frame, (payload) => {
    const version = asked ?? ([4, 3, 2] as const).find((one) => isValue(payload, one))
    return version && annotateVar(payload, { version, objects: given['objects'] === true }).root
  })
}

async function ofValues(bytes: Uint8Array, given: Given, notes: string[]): Promise<Recognised> {
  const told: string[] = []
  const settings = { ...given, input: 'raw', compression: 'none' }
  const packet = await packetOf({ bytes, typed: false, from: 'the input' }, settings, worldOf(told))
  // The first says how many bytes there are, which was said.
  notes.push(...told.slice(1))
  const root = { start: 0, end: bytes.length, label: 'bytes', text: '', children: [] as ByteRange[] }
  for (const { bytes: value } of packet.values) {
    const start = value.byteOffset - bytes.byteOffset
    const from = root.children.at(-1)?.end ?? 0
    if (start > from) root.children.push(lengthRange(from, start, value.length))
    const { children } = annotateVar(value, {
      version: packet.version,
      objects: packet.objects,
      maxRanges: MOST_RANGES,
    }).root
    root.children.push(...children.map((range) => moved(range, start)))
  }
  return { bytes, root, notes }
}

function lengthRange(start: number, end: number, length: number): ByteRange {
  return { start, end, label: 'length', text: String(length), children: [] }
}

function moved(range: ByteRange, by: number): ByteRange {
  if (by === 0) return range
  const children = range.children.map((child) => moved(child, by))
  return { ...range, start: range.start + by, end: range.end + by, children }
}
