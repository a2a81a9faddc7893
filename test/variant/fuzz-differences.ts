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

const SAME_MEANING = 'what the engine wrote means the same'
const WRAPPING_COUNTS = 'counts of a NodePath that wrap'
const NO_UTF8 = 'text that is no UTF-8'
const ROOT = 'the path "/"'

/** Every reason for which an answer may differ. A run of some thousand inputs meets each of them. */
export const REASONS = {
  godot4: ['values that do not fit their typed Dictionary', SAME_MEANING, WRAPPING_COUNTS],
  godot3: [NO_UTF8, 'a lost key', ROOT, SAME_MEANING, WRAPPING_COUNTS],
  godot36: [NO_UTF8, 'a lone surrogate', ROOT, SAME_MEANING, WRAPPING_COUNTS],
} as const satisfies Record<EngineName, readonly string[]>

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
  const reason = version === 4 ? why4(ours) : why3(engine, hex, ours, theirs)
  if (reason) return reason
  // Keys that are one here and two there; an int in a Dictionary of floats; a pair of surrogates.
  if (theirs !== 'error' && ourAnswer(version, theirs) === ours) return SAME_MEANING
  if (ours === 'VARIANT_TRUNCATED' && hasWrappingCounts(fromHex(hex))) return WRAPPING_COUNTS
  throw new Error(`${hex}: the engine says ${theirs}, we say ${ours}`)
}

function isHex(answer: string): boolean {
  return /^[0-9a-f]+$/.test(answer)
}

function why4(ours: string): Reason | undefined {
  return ours === 'written: VARIANT_UNSUPPORTED' ? 'values that do not fit their typed Dictionary' : undefined
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
