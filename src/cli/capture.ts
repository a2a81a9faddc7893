/** `decode` of a capture: each frame that was seen, and what the game said in it. */
import {
  annotateFrame,
  type CapturedFrame,
  type FrameRecord,
  fieldOf,
  PacketReader,
  readCapture,
  readFrame,
} from '../inspect/index.js'
import { annotateVar, variantToJSON } from '../variant/index.js'
import { valueIn } from './attempt.js'
import type { Given, World } from './command.js'
import { EXIT } from './errors.js'
import { godotOf } from './given.js'
import { hexView, rangeJson } from './hex-view.js'
import { toHex } from './input.js'
import { packetOf } from './packet.js'
import { harmless, type Paint, painter } from './style.js'
import { valueText } from './words.js'

/** Of what is no value, so many bytes are printed. */
const MOST_HEX = 32

export async function decodeCapture(bytes: Uint8Array, given: Given, world: World): Promise<number> {
  const frames = readCapture(bytes)
  if (given['quiet'] !== true) world.note(`capture: ${frames.length} frame${frames.length === 1 ? '' : 's'}`)
  const packets = new PacketReader()
  const start = frames[0]?.at ?? 0
  for (const [number, frame] of frames.entries()) {
    world.progress(number / frames.length, 'frames')
    if (given['annotate'] === true) printRanges(frame, given, world)
    else if (given['json'] === true) world.print(JSON.stringify(await frameJson(number, frame, packets, given, world)))
    else await printFrame(number, frame, start, packets, given, world)
  }
  world.progress(1, '')
  return frames.some(({ frame }) => readFrame(frame).broken) ? EXIT.BAD_INPUT : EXIT.OK
}

function printRanges({ frame }: CapturedFrame, given: Given, world: World): void {
  const version = godotOf(given) ?? 4
  const root = annotateFrame(frame, (bytes) => annotateVar(bytes, { version, objects: given['objects'] === true }).root)
  world.print(given['json'] === true ? JSON.stringify(rangeJson(root)) : hexView(root, frame, painter(world.colours)))
}

async function printFrame(
  number: number,
  seen: CapturedFrame,
  start: number,
  packets: PacketReader,
  given: Given,
  world: World,
): Promise<void> {
  const paint = painter(world.colours)
  const { records, broken } = readFrame(seen.frame)
  const lane = seen.lane === 'datagram' ? ', as a datagram' : ''
  const lost = seen.taken ? '' : paint('yellow', ', not taken by the link')
  const time = ((seen.at - start) / 1000).toFixed(6)
  world.print(`${paint('bold', `#${number}`)}  ${time} s  ${seen.from} > ${seen.to}${lane}${lost}`)
  for (const record of records) {
    world.print(`    ${recordLine(record, paint)}`)
    const packet = packets.packetOf(seen, record)
    if (packet) world.print(`        ${(await packetText(packet.data, given, world)).replaceAll('\n', '\n        ')}`)
  }
  if (broken) world.print(`    ${paint('red', `broken at byte ${broken.offset}: ${broken.reason}`)}`)
}

function recordLine({ name, fields }: FrameRecord, paint: Paint): string {
  return [paint('cyan', name), ...fields.map(({ label, value }) => `${label} ${value}`)].join(', ')
}

interface ReadValue {
  readonly text: string
  readonly json?: unknown
}

async function packetText(data: Uint8Array, given: Given, world: World): Promise<string> {
  return harmless((await valuesIn(data, given, world)).map(({ text }) => text).join('\n'))
}

/** The values in a packet of the game; its bytes where there are none. */
async function valuesIn(data: Uint8Array, given: Given, world: World): Promise<readonly ReadValue[]> {
  try {
    const input = { bytes: data, typed: false, from: 'the capture' }
    const { values, version } = await packetOf(input, { ...given, input: 'raw', quiet: true }, world)
    return values.map((attempt) => {
      const value = valueIn(attempt)
      return { text: valueText(value, version), json: variantToJSON(value) }
    })
  } catch {
    const rest = data.length > MOST_HEX ? `... of ${data.length} bytes` : ''
    return [{ text: `no value: ${toHex(data.subarray(0, MOST_HEX))}${rest}` }]
  }
}

async function frameJson(
  number: number,
  seen: CapturedFrame,
  packets: PacketReader,
  given: Given,
  world: World,
): Promise<unknown> {
  const { records, broken, destination, source } = readFrame(seen.frame)
  const { at, from, to, lane, taken } = seen
  const shown: unknown[] = []
  for (const record of records) {
    const packet = packets.packetOf(seen, record)
    const values = packet && (await valuesIn(packet.data, given, world)).map(({ json, text }) => json ?? text)
    const fields = Object.fromEntries(record.fields.map(({ label, value }) => [label, value]))
    shown.push({ record: record.name, channel: fieldOf(record, 'channel'), ...fields, ...(values && { values }) })
  }
  return {
    frame: number,
    time: new Date(at).toISOString(),
    from: String(from),
    to: String(to),
    lane,
    taken,
    destination,
    source,
    records: shown,
    ...(broken && { broken }),
  }
}
