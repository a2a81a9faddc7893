/** Texts between quotes. */

/** `String.c_escape_multiline()`: line ends stay as they are. */
export function escapedLines(text: string): string {
  return text.replace(/["\\]/g, '\\$&')
}

const SIGNS: Readonly<Record<string, string>> = {
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
}

/**
 * `String.c_escape()`. It writes `\a`, `\v` and `\'`, of which the engines themselves read the letter, not the sign; Godot 3
 * escapes question marks as well.
 */
export function escaped(text: string, version: 3 | 4): string {
  return text.replace(version === 4 ? SIGNS_4 : SIGNS_3, (sign) => `\\${SIGNS[sign] ?? sign}`)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the signs that are escaped.
const SIGNS_4 = /["'\\\x07-\x0d]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const SIGNS_3 = /["'?\\\x07-\x0d]/g
