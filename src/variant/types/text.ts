/** String, StringName, NodePath, and the text form that they and others share. */
import { readUtf8, writeAscii } from '../../bytes/index.js'
import type { Decoder } from '../decoder.js'
import type { Encoder } from '../encoder.js'
import { fail } from '../fault.js'
import { NodePath, StringName } from '../values/index.js'
import { VariantType } from '../variant-type.js'
import { COUNT_MASK, NODE_PATH_MARK } from './header.js'

/** u32 length in bytes, UTF-8, zero padding to 4. `terminated` adds a NUL that the length counts. */
export function writeText(e: Encoder, text: string, terminated = false): void {
  const lengthAt = e.reserve(4)
  let length = e.writeUtf8(text, e.dialect.text)
  if (terminated) {
    e.writeUint8(0)
    length++
  }
  e.view.setUint32(lengthAt, length, true)
  e.padTo4(lengthAt)
}

/**
 * Reads what either form of `writeText` wrote, by the engine's rules: the padding must be there, a NUL ends the text
 * (what follows it is not even looked at), one BOM at the start is dropped.
 */
export function readText(d: Decoder): string {
  const lengthAt = d.offset
  const length = readTextLength(d)
  return textAt(d, d.take(length + (-length & 3)), length, lengthAt)
}

/** The same, but for the padding, which may be missing where the input ends or not be meant to be there at all. */
function readLooseText(d: Decoder, padded: boolean): string {
  const lengthAt = d.offset
  const length = readTextLength(d)
  const start = d.take(length)
  if (padded) d.skipPadding(-length & 3)
  return textAt(d, start, length, lengthAt)
}

function readTextLength(d: Decoder): number {
  const offset = d.offset
  const length = d.readInt32()
  if (length < 0) fail('VARIANT_BAD_LENGTH', { length, offset })
  return length
}

function textAt(d: Decoder, from: number, length: number, offset: number): string {
  let start = from
  const end = endOfText(d.bytes, start, start + length)
  if (end - start >= 3 && d.bytes[start] === 0xef && d.bytes[start + 1] === 0xbb && d.bytes[start + 2] === 0xbf)
    start += 3
  const text = readUtf8(d.bytes, start, end, d.dialect.text)
  if (text === undefined) fail('VARIANT_BAD_TEXT', { length, offset })
  return text
}

function endOfText(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 64) {
    const nul = bytes.subarray(start, end).indexOf(0)
    return nul < 0 ? end : start + nul
  }
  let at = start
  while (at < end && bytes[at] !== 0) at++
  return at
}

/** Longer texts are not tried one by one. */
const SHORT = 40

export function putString(e: Encoder, at: number, text: string): number {
  const { length } = text
  if (length <= SHORT) {
    // Most texts are short ASCII: with one look at the room for all of it.
    const size = 8 + ((length + 3) & ~3)
    e.makeRoom(at, size)
    // The last word first: its padding is what the text leaves of it.
    e.setInt32(at + size - 4, 0)
    e.setInt32x2(at, VariantType.STRING, length)
    if (writeAscii(e.bytes, at + 8, text) >= 0) return at + size
  }
  return putAnyString(e, at, text)
}

function putAnyString(e: Encoder, at: number, text: string): number {
  e.length = at
  e.writeHeader(VariantType.STRING, 0)
  writeText(e, text)
  return e.length
}

export function readString(d: Decoder): string {
  return d.dialect.isGodot2 ? readLooseText(d, true) : readText(d)
}

export function writeStringName(e: Encoder, name: StringName): void {
  e.writeHeader(VariantType.STRING_NAME, 0)
  writeText(e, name.text)
}

export function readStringName(d: Decoder): StringName {
  return new StringName(readText(d))
}

const ABSOLUTE = 1
/** Godot 2 marked a trailing property so; later engines read one more name for it. */
const HAS_PROPERTY = 2

export function writeNodePath(e: Encoder, path: NodePath): void {
  e.writeHeader(VariantType.NODE_PATH, 0)
  // To Godot 2 the last subname is the property, which it counts on its own.
  const property = e.dialect.isGodot2 && path.subnames.length > 0 ? 1 : 0
  e.charge(path.names.length + path.subnames.length)
  e.writeUint32((path.names.length | NODE_PATH_MARK) >>> 0)
  e.writeUint32(path.subnames.length - property)
  e.writeUint32((path.absolute ? ABSOLUTE : 0) | (property ? HAS_PROPERTY : 0))
  for (const name of path.names) writeText(e, name)
  for (const name of path.subnames) writeText(e, name)
}

export function readNodePath(d: Decoder): NodePath {
  const offset = d.offset
  const marked = d.readUint32()
  if ((marked & NODE_PATH_MARK) === 0) return readPlainNodePath(d, offset)
  const nameCount = marked & COUNT_MASK
  const subnameCount = d.readUint32()
  const flags = d.readUint32()
  const count = nameCount + subnameCount + (flags & HAS_PROPERTY ? 1 : 0)
  // Every name takes 4 bytes at least: no list is begun that the input cannot fill.
  d.mustHold(count, 4)
  d.charge(count)
  const names: string[] = []
  const subnames: string[] = []
  for (let i = 0; i < count; i++) (i < nameCount ? names : subnames).push(readText(d))
  return new NodePath(names, subnames, (flags & ABSOLUTE) !== 0)
}

/** A text without padding: what Godot 2 reads, and later versions refuse. */
function readPlainNodePath(d: Decoder, offset: number): NodePath {
  if (!d.dialect.isGodot2) fail('VARIANT_BAD_NODE_PATH', { offset })
  d.offset = offset
  const text = readLooseText(d, false)
  try {
    return new NodePath(text)
  } catch {
    fail('VARIANT_BAD_NODE_PATH', { offset, text })
  }
}
