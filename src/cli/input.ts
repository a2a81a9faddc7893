/** From what was typed or piped to bytes. */
import type { Given, World } from './command.js'
import { cliError } from './errors.js'
import { limitOf, text } from './given.js'

/** What was given, and whether it is a text that was typed or the content of a file or pipe. */
export interface Input {
  readonly bytes: Uint8Array
  readonly typed: boolean
  /** Where it came from, for messages. */
  readonly from: string
}

/** An operand: a text, `@file`, `-` for standard input, which is meant as well where there is none. */
export async function readInput(operand: string | undefined, given: Given, world: World): Promise<Input> {
  const limit = limitOf(given)
  if (operand === undefined || operand === '-') {
    return { bytes: await world.readStdin(limit), typed: false, from: 'standard input' }
  }
  if (operand.startsWith('@'))
    return { bytes: await readFile(operand.slice(1), limit, world), typed: false, from: operand }
  return { bytes: new TextEncoder().encode(operand), typed: true, from: 'the argument' }
}

async function readFile(path: string, limit: number, world: World): Promise<Uint8Array> {
  const bytes = await world.readFile(path, limit)
  if (bytes === undefined) throw cliError('CLI_FILE', { path, reason: 'there is no such file' })
  return bytes
}

export type Form = 'hex' | 'base64' | 'raw'

/** The packet in an input, and the form in which it came. */
export async function packetIn(input: Input, given: Given, world: World): Promise<{ bytes: Uint8Array; form: Form }> {
  const form = text(given, 'input') ?? 'auto'
  if (form === 'raw') return { bytes: input.bytes, form }
  const signs = textOf(input.bytes)
  if (form === 'hex' || form === 'base64') {
    const bytes = signs === undefined ? undefined : FORMS[form](signs)
    if (bytes === undefined)
      throw cliError('CLI_NOT_BYTES', { what: `What came from ${input.from}`, hint: `--input is ${form}` })
    return { bytes, form }
  }
  return guessed(input, signs, given, world)
}

async function guessed(input: Input, signs: string | undefined, given: Given, world: World) {
  const hex = signs === undefined ? undefined : FORMS.hex(signs)
  if (hex) return { bytes: hex, form: 'hex' as const }
  const base64 = signs === undefined ? undefined : FORMS.base64(signs)
  if (base64) return { bytes: base64, form: 'base64' as const }
  if (!input.typed) return { bytes: input.bytes, form: 'raw' as const }
  // A name that was typed without its "@".
  const bytes = await world.readFile(signs ?? '', limitOf(given))
  if (bytes !== undefined) return packetIn({ bytes, typed: false, from: signs ?? '' }, given, world)
  throw cliError('CLI_NOT_BYTES', { what: 'The argument', hint: 'there is no such file either; a file is @path' })
}

const FORMS = { hex: hexBytes, base64: base64Bytes }

/** The text in the bytes, or undefined where they have what no text has: encoded values are full of zeros. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.some((byte) => byte < 9 || (byte > 13 && byte < 32))) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Digits, with blanks, colons, commas, `0x` and `\x` between the bytes as dumps have them. */
function hexBytes(signs: string): Uint8Array | undefined {
  const digits = signs.replace(/0x|\\x/gi, ' ').replace(/[\s:,]+/g, '')
  if (digits === '' || digits.length % 2 === 1 || !/^[0-9a-f]+$/i.test(digits)) return undefined
  const bytes = new Uint8Array(digits.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16)
  return bytes
}

/** With either alphabet, padded or not. */
function base64Bytes(signs: string): Uint8Array | undefined {
  const digits = signs.replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/')
  if (digits === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(digits)) return undefined
  try {
    return Uint8Array.from(atob(digits), (sign) => sign.charCodeAt(0))
  } catch {
    return undefined
  }
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = []
  // In pieces: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8190)
    parts.push(btoa(String.fromCharCode(...bytes.subarray(at, at + 8190))))
  return parts.join('')
}
