/** Colours, where the output takes them. */
const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, cyan: 36 } as const

export type Style = keyof typeof CODES

export type Paint = (style: Style, text: string) => string

export function painter(colours: boolean): Paint {
  return (style, text) => (colours && text !== '' ? `\x1b[${CODES[style]}m${text}\x1b[0m` : text)
}

/** Signs that would move the cursor or hide what follows: what a stranger sent must not write on the terminal itself. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that are made visible.
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g

/** The text with control characters as escapes, but for line ends and tabs. */
export function harmless(text: string): string {
  return text.replace(CONTROLS, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
