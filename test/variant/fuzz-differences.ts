// What the engines answer to hostile bytes, held against what we answer: equal, or different for a reason that is known.
// docs/wire-format.md, "Known differences", explains each of them.
import type { EngineName } from '../../scripts/engines.js'
import {
  bytesToVar,
  Dictionary,
  NodePath,
  PackedStringArray,
  type Variant,
  type VariantInput,
  varToBytes,
} from '../../src/variant/index.js'
import { codeOf } from './code-of.js'
import { fromHex, toHex } from './hex.js'
import { PRINTED } from './read-vectors.js'

const WRAPPING_COUNTS = 'counts of a NodePath that wrap'
const WRAPPERS = 'two wrappers of one object id as keys'
const NO_UTF8 = 'text that is no UTF-8'
const ROOT = 'the path "/"'
const DICTIONARY_KEYS = 'Dictionaries in keys'
const UNFIT = 'values that do not fit their typed Dictionary'
const INTS = 'ints in a Dictionary of floats'
const NAN_KEYS = 'a NaN inside keys'
const COLOR_NAMES = 'names of colours'
const CONVERTED_NAN = 'the bits of a NaN that was converted'
const PACKED_OF_ARRAY = 'texts in an Array that becomes a packed one'

/** Every reason for which an answer may differ. */
export const REASONS = {
  godot4: [UNFIT, INTS, COLOR_NAMES, CONVERTED_NAN, PACKED_OF_ARRAY, WRAPPERS, NAN_KEYS, WRAPPING_COUNTS],
  godot3: [NO_UTF8, 'a lost key', 'a pair of surrogates', ROOT, WRAPPERS, DICTIONARY_KEYS, WRAPPING_COUNTS],
  godot36: [NO_UTF8, 'a lone surrogate', ROOT, WRAPPERS, DICTIONARY_KEYS, WRAPPING_COUNTS],
} as const satisfies Record<EngineName, readonly string[]>

/** Some thousand inputs meet each reason but these. */
export const RARE: readonly string[] = [COLOR_NAMES, CONVERTED_NAN, PACKED_OF_ARRAY, NAN_KEYS]

export type Reason = (typeof REASONS)[EngineName][number]

const DELETED = Buffer.from('[Deleted Object]').toString('hex')

/** The hex of what we read, written again; or the code of what was wrong. Any other error is thrown on. */
export function ourAnswer(version: 3 | 4, hex: string): string {
  let value: Variant
  try {
    value = bytesToVar(fromHex(hex), { version, exact: true })
  } catch (error) {
    return codeOf(error)
  }
  return written(version, value)
}

function written(version: 3 | 4, value: unknown): string {
  try {
    return toHex(varToBytes(value as VariantInput, { version }))
  } catch (error) {
    return `written: ${codeOf(error)}`
  }
}

/**
 * Undefined where the engine and we agree, else the known reason.
 *
 * @param theirs the hex that the engine wrote for what it read, or `error`
 * @throws where no reason is known
 */
export function whyDifferent(engine: EngineName, hex: string, theirs: string): Reason | undefined {
  const { version } = PRINTED[engine]
  const ours = ourAnswer(version, hex)
  if (ours === theirs || (theirs === 'error' && !isHex(ours))) return undefined
  const reason = version === 4 ? why4(hex, ours, theirs) : why3(engine, hex, ours, theirs)
  if (reason) return reason
  // The two mean one thing to us: then the engine keeps apart, or keeps, what we do not.
  const meaning = theirs !== 'error' && ourAnswer(version, theirs) === ours ? whyKept(engine, hex, theirs) : undefined
  if (meaning) return meaning
  if (ours === 'VARIANT_TRUNCATED' && hasWrappingCounts(fromHex(hex))) return WRAPPING_COUNTS
  throw new Error(`${hex}: the engine says ${theirs}, we say ${ours}`)
}

function isHex(answer: string): boolean {
  return /^[0-9a-f]+$/.test(answer)
}

/** What the engine keeps apart, or keeps as it is, and we do not. Seen in what it wrote: there, headers have one form. */
function whyKept(engine: EngineName, hex: string, theirs: string): Reason | undefined {
  if (/1[18]000100(.{16}).*1[18]000100\1/.test(theirs)) return WRAPPERS
  if (engine === 'godot4') {
    if (/1b000[0-9a-f]00.*03000000/.test(theirs)) return INTS
    return theirs.match(/.{8}/g)?.some((word) => Number.isNaN(float32(word))) ? NAN_KEYS : undefined
  }
  if (engine === 'godot3' && /eda[0-9a-f]{3}edb/.test(hex)) return 'a pair of surrogates'
  return (theirs.match(/12000000/g)?.length ?? 0) >= 2 ? DICTIONARY_KEYS : undefined
}

function why4(hex: string, ours: string, theirs: string): Reason | undefined {
  if (ours === 'written: VARIANT_UNSUPPORTED') return UNFIT
  if (!isHex(ours) || !isHex(theirs)) return undefined
  if (typedWith(hex, PACKED) && hex.includes('1c')) return PACKED_OF_ARRAY
  if (typedWith(hex, MATH) && withoutNans(ours) === withoutNans(theirs)) return CONVERTED_NAN
  return typedWith(hex, COLOR) && differByColors(ours, theirs) ? COLOR_NAMES : undefined
}

const COLOR = '14'
const MATH = '0[5-9a-f]|1[0-4]'
const PACKED = '1d|1e|1f|20|21|22|23|24|25|26'

/** An Array, or a Dictionary with keys, of one of these types: kind 1 in the header, and the type's id behind it. */
function typedWith(hex: string, ids: string): boolean {
  return new RegExp(`1[bc][0-9a-f]{2}[0-9a-f][159d][0-9a-f]{2}(${ids})000000`).test(hex)
}

function wordsOf(hex: string): readonly string[] {
  return hex.match(/.{1,8}/g) ?? []
}

function float32(word: string): number {
  return word.length === 8 ? new DataView(fromHex(word).buffer).getFloat32(0, true) : Number.NaN
}

function withoutNans(hex: string): string {
  return wordsOf(hex)
    .map((word) => (Number.isNaN(float32(word)) ? 'nan' : word))
    .join()
}

/** An unknown name is black here; the engine knows it for a Color of components that are bytes. */
function differByColors(ours: string, theirs: string): boolean {
  const own = wordsOf(ours)
  const other = wordsOf(theirs).filter((word, i) => word !== own[i])
  return ours.length === theirs.length && other.every((word) => Number.isInteger(Math.fround(float32(word) * 255)))
}

function why3(engine: EngineName, hex: string, ours: string, theirs: string): Reason | undefined {
  if (ours === 'VARIANT_BAD_TEXT') return NO_UTF8
  if (engine === 'godot3' && theirs.includes(DELETED)) return 'a lost key'
  if (engine === 'godot36' && isHex(theirs) && spacedAnswer(hex) === ourAnswer(3, theirs)) return 'a lone surrogate'
  return /0f[0-9a-f]{6}0000008000000000/.test(hex) ? ROOT : undefined
}

/** Our answer if we wrote a space for a surrogate that stands alone; undefined where there is none. */
function spacedAnswer(hex: string): string | undefined {
  if (!/ed[ab][0-9a-f]/.test(hex)) return undefined
  const answer = ourAnswer(3, hex)
  return isHex(answer) ? written(3, spaced(bytesToVar(fromHex(hex), { version: 3, exact: true }))) : undefined
}

const LONE_SURROGATE = /\p{Surrogate}/gu

function spaced(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(LONE_SURROGATE, ' ')
  if (value instanceof NodePath) return new NodePath(texts(value.names), texts(value.subnames), value.absolute)
  if (value instanceof PackedStringArray) return new PackedStringArray(texts(value.items))
  if (value instanceof Dictionary) return new Dictionary([...value].map(([key, item]) => [spaced(key), spaced(item)]))
  return Array.isArray(value) ? value.map(spaced) : value
}

function texts(list: readonly string[]): string[] {
  return list.map((text) => spaced(text) as string)
}

/** Two words that, as the counts of a NodePath and with one more name for its property, make more than 32 bits. */
function hasWrappingCounts(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer)
  for (let at = 0; at + 8 <= bytes.length; at += 4) {
    const [names, subnames] = [view.getUint32(at, true), view.getUint32(at + 4, true)]
    if (names >= 0x80000000 && names - 0x80000000 + subnames + 1 > 0xffffffff) return true
  }
  return false
}
