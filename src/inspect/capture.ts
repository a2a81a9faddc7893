/**
 * Captured frames as a file: pcapng, so that Wireshark opens it with wireshark/godot_wire.lua and no settings. Each frame is
 * an "upper PDU" (link type 252) that names its dissector; docs/inspector.md says what stands in front of the frame.
 * Written to draft-ietf-opsawg-pcapng and Wireshark's exported_pdu_tlvs.h.
 */
import type { Lane } from '../transport/index.js'
import { inspectError } from './errors.js'

/** A frame that was seen on its way. */
export interface CapturedFrame {
  /** Milliseconds since 1970, to the microsecond. */
  readonly at: number
  /** The Steam id of who sent it; 0n where the one who looked had none of its own. */
  readonly from: bigint
  /** The Steam id of who gets it; 0n likewise. */
  readonly to: bigint
  /** How it travelled; undefined where the one who looked could not know, as for what came in. */
  readonly lane: Lane | undefined
  /** False when the link did not take it. */
  readonly taken: boolean
  /** The bytes, from the kind in front on: docs/protocol.md, section 2. */
  readonly frame: Uint8Array
}

const SECTION = 0x0a0d0d0a
const BYTE_ORDER = 0x1a2b3c4d
const INTERFACE = 1
const PACKET = 6
const UPPER_PDU = 252
const DISSECTOR_TAG = 12

/** What stands in front of a frame: version, flags, two zeros, both ids. */
const PSEUDO_HEADER = 20
const VERSION = 1
const LANE_KNOWN = 1
const DATAGRAM_LANE = 2
const NOT_TAKEN = 4

export const DISSECTOR = 'godot_wire_capture'

/** The largest frame that a capture is read with: a transport's own limit, and room. */
const LARGEST_BLOCK = 32 << 20

/** The tags in front of each PDU: the name of the dissector, padded, and the end. */
const TAGS = /* @__PURE__ */ (() => {
  const size = (DISSECTOR.length + 4) & ~3
  const tags = new Uint8Array(4 + size + 4)
  const view = new DataView(tags.buffer)
  view.setUint16(0, DISSECTOR_TAG)
  view.setUint16(2, size)
  tags.set(new TextEncoder().encode(DISSECTOR), 4)
  return tags
})()

/** The flags of a frame, as the capture and the live feed write them. */
export function flagsOf({ lane, taken }: Pick<CapturedFrame, 'lane' | 'taken'>): number {
  return (lane === undefined ? 0 : LANE_KNOWN) | (lane === 'datagram' ? DATAGRAM_LANE : 0) | (taken ? 0 : NOT_TAKEN)
}

export function readFlags(flags: number): Pick<CapturedFrame, 'lane' | 'taken'> {
  const lane = flags & DATAGRAM_LANE ? 'datagram' : 'reliable'
  return { lane: flags & LANE_KNOWN ? lane : undefined, taken: (flags & NOT_TAKEN) === 0 }
}

/**
 * The file for those frames: it opens in Wireshark, and `godot-wire decode` reads it too.
 *
 * @example
 * ```ts
 * writeFileSync('game.pcapng', writeCapture(frames))
 * ```
 */
export function writeCapture(frames: readonly CapturedFrame[]): Uint8Array {
  const blocks = [sectionBlock(), interfaceBlock(), ...frames.map(packetBlock)]
  const bytes = new Uint8Array(blocks.reduce((sum, block) => sum + block.length, 0))
  let at = 0
  for (const block of blocks) {
    bytes.set(block, at)
    at += block.length
  }
  return bytes
}

/** Type, length, body, length again. */
function block(type: number, size: number, fill: (body: DataView) => void): Uint8Array {
  const length = 12 + ((size + 3) & ~3)
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, type, true)
  view.setUint32(4, length, true)
  view.setUint32(length - 4, length, true)
  fill(new DataView(bytes.buffer, 8, length - 12))
  return bytes
}

function sectionBlock(): Uint8Array {
  return block(SECTION, 16, (body) => {
    body.setUint32(0, BYTE_ORDER, true)
    body.setUint16(4, 1, true)
    // The length of the section is not said.
    body.setBigInt64(8, -1n, true)
  })
}

function interfaceBlock(): Uint8Array {
  return block(INTERFACE, 8, (body) => body.setUint16(0, UPPER_PDU, true))
}

function packetBlock(frame: CapturedFrame): Uint8Array {
  const size = TAGS.length + PSEUDO_HEADER + frame.frame.length
  return block(PACKET, 20 + size, (body) => {
    const microseconds = BigInt(Math.round(frame.at * 1000))
    body.setUint32(4, Number(microseconds >> 32n), true)
    body.setUint32(8, Number(microseconds & 0xffffffffn), true)
    body.setUint32(12, size, true)
    body.setUint32(16, size, true)
    const bytes = new Uint8Array(body.buffer, body.byteOffset + 20)
    bytes.set(TAGS)
    bytes.set(frame.frame, TAGS.length + PSEUDO_HEADER)
    writePseudoHeader(new DataView(bytes.buffer, bytes.byteOffset + TAGS.length), frame)
  })
}

function writePseudoHeader(view: DataView, frame: CapturedFrame): void {
  view.setUint8(0, VERSION)
  view.setUint8(1, flagsOf(frame))
  view.setBigUint64(4, frame.from, true)
  view.setBigUint64(12, frame.to, true)
}

/**
 * Whether the bytes begin as a pcapng file does, whoever wrote it.
 *
 * @example
 * ```ts
 * isCapture(writeCapture([])) // true
 * isCapture(new Uint8Array(24)) // false
 * ```
 */
export function isCapture(bytes: Uint8Array): boolean {
  return bytes.length >= 12 && viewOf(bytes).getUint32(0) === SECTION && littleEndianAt(bytes, 8) !== undefined
}

/** The byte order of a section; undefined where its mark is none. */
function littleEndianAt(bytes: Uint8Array, at: number): boolean | undefined {
  const view = viewOf(bytes)
  if (view.getUint32(at, true) === BYTE_ORDER) return true
  return view.getUint32(at) === BYTE_ORDER ? false : undefined
}

/**
 * The frames in a capture that this package wrote, also when Wireshark has saved it again. What others have captured in the
 * same file is left out.
 *
 * @throws `INSPECT_BAD_CAPTURE` with the offset: no pcapng file, or a broken one
 * @example
 * ```ts
 * const frame = { at: 0, from: 1n, to: 2n, lane: undefined, taken: true, frame: new Uint8Array([1, 2, 3]) }
 * const [read] = readCapture(writeCapture([frame])) // or readFileSync('game.pcapng')
 * read?.frame // new Uint8Array([1, 2, 3])
 * ```
 */
export function readCapture(bytes: Uint8Array): CapturedFrame[] {
  if (!isCapture(bytes)) broken(0, 'it is no pcapng file')
  const frames: CapturedFrame[] = []
  const section = { isLittle: true, links: [] as Interface[] }
  for (let at = 0; at < bytes.length; ) {
    const size = blockSize(bytes, at, section)
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, size)
    const type = view.getUint32(0, section.isLittle)
    if (type === INTERFACE && size >= 20) section.links.push(interfaceOf(view, section.isLittle))
    else if (type === PACKET && size >= 32) {
      const frame = frameIn(view, section, at)
      if (frame) frames.push(frame)
    }
    at += size
  }
  return frames
}

interface Interface {
  readonly type: number
  /** Ticks in a millisecond. */
  readonly ticks: number
}

interface Section {
  isLittle: boolean
  links: Interface[]
}

/** The size of the block there; a section begins anew with its own byte order. */
function blockSize(bytes: Uint8Array, at: number, section: Section): number {
  const view = viewOf(bytes)
  if (bytes.length - at < 12) broken(at, 'it ends inside a block')
  if (view.getUint32(at) === SECTION) {
    section.isLittle = littleEndianAt(bytes, at + 8) ?? broken(at, 'a section without its mark')
    section.links = []
  }
  const size = view.getUint32(at + 4, section.isLittle)
  if (size < 12 || size % 4 !== 0 || size > LARGEST_BLOCK) broken(at, `a block of ${size} bytes`)
  if (size > bytes.length - at) broken(at, 'it ends inside a block')
  return size
}

const TIME_RESOLUTION = 9

function interfaceOf(view: DataView, isLittle: boolean): Interface {
  let ticks = 1000
  for (let at = 16; at + 4 <= view.byteLength - 4; ) {
    const [code, length] = [view.getUint16(at, isLittle), view.getUint16(at + 2, isLittle)]
    if (code === 0 || at + 4 + length > view.byteLength - 4) break
    if (code === TIME_RESOLUTION && length === 1) {
      const value = view.getUint8(at + 4)
      ticks = (value & 0x80 ? 2 ** (value & 0x7f) : 10 ** value) / 1000
    }
    at += 4 + ((length + 3) & ~3)
  }
  return { type: view.getUint16(8, isLittle), ticks }
}

function frameIn(view: DataView, { isLittle, links }: Section, at: number): CapturedFrame | undefined {
  const link = links[view.getUint32(8, isLittle)] ?? broken(at, 'a packet of no interface')
  const size = view.getUint32(20, isLittle)
  if (size > view.byteLength - 32) broken(at, `a packet of ${size} bytes in a block of ${view.byteLength}`)
  if (link.type !== UPPER_PDU) return undefined
  const data = new Uint8Array(view.buffer, view.byteOffset + 28, size)
  const start = pduOf(data)
  if (start === undefined || data.length < start + PSEUDO_HEADER || data[start] !== VERSION) return undefined
  const header = new DataView(data.buffer, data.byteOffset + start)
  const ticks = view.getUint32(12, isLittle) * 2 ** 32 + view.getUint32(16, isLittle)
  return {
    at: ticks / link.ticks,
    from: header.getBigUint64(4, true),
    to: header.getBigUint64(12, true),
    ...readFlags(data[start + 1]!),
    frame: data.slice(start + PSEUDO_HEADER),
  }
}

/** Where the PDU begins behind its tags; undefined where it is not for our dissector. */
function pduOf(data: Uint8Array): number | undefined {
  const view = viewOf(data)
  let isOurs = false
  for (let at = 0; at + 4 <= data.length; ) {
    const [tag, length] = [view.getUint16(at), view.getUint16(at + 2)]
    if (tag === 0) return isOurs ? at + 4 : undefined
    if (tag === DISSECTOR_TAG) isOurs = nameIn(data.subarray(at + 4, at + 4 + length)) === DISSECTOR
    at += 4 + length
  }
  return undefined
}

function nameIn(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replace(/\0+$/, '')
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function broken(offset: number, reason: string): never {
  throw inspectError('INSPECT_BAD_CAPTURE', { offset, reason })
}
