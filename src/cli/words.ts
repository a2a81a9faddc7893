/** Values as a command prints them. */
import { type GodotVersion, type Variant, type VariantInput, varToStr } from '../variant/index.js'

/** As Godot's `var_to_str` of that version; what it has no text for, Godot 2's own types, as its `str()` would. */
export function valueText(value: Variant, version: GodotVersion): string {
  try {
    return varToStr(value as VariantInput, { version: version === 4 ? 4 : 3 }).trimEnd()
  } catch {
    return String(value)
  }
}

/** A line of what happened: who or what it is about, and what. */
export function storyLine(who: string, text: string): string {
  return `  ${who.padEnd(10)} ${text}`
}

/** Where the documentation says what to do about an error. */
export function docsOf(code: string): string {
  return `docs/error-codes.md#${code.toLowerCase()}`
}
