/** Values and types in a few words. */
import type { GodotVersion } from '../dialect.js'
import { newestDialect } from '../str/dialect.js'
import { varToStr } from '../str/index.js'
import { componentText, floatText } from '../str/number.js'
import { typeName, type WireType } from '../variant-type.js'

/** Longer texts are cut: they stand on a line beside their bytes. */
const LONGEST = 64
/** Packed arrays beyond so many elements are not written out to be cut then. */
const MOST_SHOWN = 16

/** The name of a type as that version has it. */
export function nameOfType(type: WireType, version: GodotVersion): string {
  return (version === 4 ? undefined : newestDialect(3).nameOf[type]) ?? typeName(type)
}

/** As the engine would write it, on one line. */
export function shortText(value: unknown, version: GodotVersion): string {
  const text = textOf(cutShort(value), version).replaceAll('\n', ' ').trim()
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
}

function textOf(value: unknown, version: GodotVersion): string {
  try {
    return varToStr(value as never, { version: version === 4 ? 4 : 3 }) || String(value)
  } catch {
    // Godot 2's own types have no text.
    return String(value)
  }
}

function cutShort(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, 4 * LONGEST)
  if (ArrayBuffer.isView(value)) return (value as Uint8Array).slice(0, MOST_SHOWN)
  return value
}

/** A float of 4 or 8 bytes. */
export function wordText(value: number, single: boolean): string {
  return single ? componentText(value, newestDialect(4)) : floatText(value, newestDialect(4))
}
