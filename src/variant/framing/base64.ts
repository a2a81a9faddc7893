/** Base64 as the engine's `Marshalls` writes and reads it, in plain JavaScript: browsers have no Buffer. */
import { varToBytes, varToBytesWithObjects } from '../codec.js'
import { variantError } from '../errors.js'
import { type DecodeOptions, type EncodeOptions, resolveDecode } from '../options.js'
import type { Encodable, Variant } from '../variant.js'
import { framingError } from './errors.js'
import type { FrameOptions } from './put-var.js'
import { decodeAt } from './result.js'

/** How `variantToBase64` writes. */
export interface VariantToBase64Options extends EncodeOptions, Pick<FrameOptions, 'objects'> {}

/** How `base64ToVariant` reads. */
export interface Base64ToVariantOptions extends DecodeOptions, Pick<FrameOptions, 'objects'> {}

/**
 * Godot's `Marshalls.variant_to_base64`: base64 of `varToBytes`, padded, without line ends. With `objects: true` as
 * `variant_to_base64(value, true)`.
 *
 * @throws as `varToBytes`
 * @example
 * ```ts
 * variantToBase64(5) // 'AgAAAAUAAAA='
 * ```
 */
export function variantToBase64<T>(value: Encodable<T>, options?: VariantToBase64Options): string {
  return textOf(options?.objects === true ? varToBytesWithObjects(value, options) : varToBytes(value, options))
}

/**
 * Godot's `Marshalls.base64_to_variant`, as strict as Godot 4.6: digits of the usual alphabet and their padding, in
 * fours. Line ends (`\n`, `\r\n`) may stand anywhere, spaces only before a line end or at the end. Bits behind the last
 * byte may be anything, bytes behind the value too.
 *
 * @throws `VARIANT_BAD_BASE64`; as `bytesToVar` for the value, with offsets in its bytes
 * @example
 * ```ts
 * base64ToVariant('AgAAAAUAAAA=') // 5
 * ```
 */
export function base64ToVariant(text: string, options: Base64ToVariantOptions = {}): Variant {
  if (typeof text !== 'string') throw variantError('VARIANT_UNSUPPORTED', { what: 'base64 that is not a string' })
  return decodeAt(bytesOf(text), 0, resolveDecode(options, options.objects === true)).value
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const PAD = 64
const SPACE = 65
const LINE_FEED = 66
const RETURN = 67
const BAD = 255

/** What each ASCII character is: the value of a digit, or one of the above. */
const MEANING = /* @__PURE__ */ (() => {
  const meaning = new Uint8Array(128).fill(BAD)
  for (let i = 0; i < ALPHABET.length; i++) meaning[ALPHABET.charCodeAt(i)] = i
  meaning.set([PAD], 0x3d)
  meaning.set([SPACE], 0x20)
  meaning.set([LINE_FEED], 0x0a)
  meaning.set([RETURN], 0x0d)
  return meaning
})()

const CODES = /* @__PURE__ */ Uint8Array.from(ALPHABET, (digit) => digit.charCodeAt(0))

function textOf(bytes: Uint8Array): string {
  const { length } = bytes
  const digits = new Uint8Array(Math.ceil(length / 3) * 4).fill(0x3d)
  for (let i = 0, at = 0; i < length; i += 3, at += 4) {
    const left = length - i
    const bits = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    digits[at] = CODES[bits >> 18]!
    digits[at + 1] = CODES[(bits >> 12) & 63]!
    if (left > 1) digits[at + 2] = CODES[(bits >> 6) & 63]!
    if (left > 2) digits[at + 3] = CODES[bits & 63]!
  }
  return new TextDecoder().decode(digits)
}

/** The text is read once, digit by digit: no pattern that could take the square of its length. */
function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(text.length / 4) * 3)
  let size = 0
  let digits = 0
  let pads = 0
  let bits = 0
  for (let i = 0; i < text.length; i++) {
    const meaning = meaningAt(text, i)
    if (meaning > PAD) {
      i = endOfLine(text, i)
      continue
    }
    if (meaning === PAD) pads++
    if (pads > 2 || (pads > 0 && meaning < PAD)) throw framingError('VARIANT_BAD_BASE64', { offset: i })
    bits = (bits << 6) | (meaning & 63)
    if ((++digits & 3) !== 0) continue
    bytes[size] = bits >> 16
    bytes[size + 1] = bits >> 8
    bytes[size + 2] = bits
    size += 3
  }
  if ((digits & 3) !== 0) throw framingError('VARIANT_BAD_BASE64', { digits })
  return bytes.subarray(0, size - pads)
}

function meaningAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code < 128 ? MEANING[code]! : BAD
}

/** The offset of the last character of the spaces and the line end, or the end of the text, that start there. */
function endOfLine(text: string, start: number): number {
  let at = start
  while (at < text.length && meaningAt(text, at) === SPACE) at++
  if (at === text.length) return at
  const meaning = meaningAt(text, at)
  if (meaning === LINE_FEED) return at
  if (meaning === RETURN && at + 1 < text.length && meaningAt(text, at + 1) === LINE_FEED) return at + 1
  throw framingError('VARIANT_BAD_BASE64', { offset: start })
}
