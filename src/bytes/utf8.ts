/**
 * Exact UTF-8: the one place of the package that turns text into bytes and back.
 *
 * Two dialects, because the engines differ (docs/wire-format.md, "Text"):
 * - `strict`, Godot 4: only well-formed UTF-8. A lone surrogate is written as U+FFFD.
 * - `lenient`, Godot 3: encoded surrogates pass both ways, as that engine lets them pass.
 *
 * Both write U+0000 as U+FFFD, since a reader of either engine would end the text there.
 */
export type Utf8Dialect = 'strict' | 'lenient'

const REPLACEMENT = 0xfffd

/** Up to here a loop beats the platform's codec, whose call alone costs more than the text. */
const SHORT = 40

const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = /* @__PURE__ */ new TextEncoder()

/** The most bytes that `writeUtf8` can need for `text`. */
export function maxUtf8Length(text: string): number {
  return text.length * 3
}

/**
 * Writes `text` at `at` and returns the offset behind it. The target must have room for `maxUtf8Length(text)`.
 */
export function writeUtf8(target: Uint8Array, at: number, text: string, dialect: Utf8Dialect): number {
  if (text.length <= SHORT) {
    const end = writeAscii(target, at, text)
    return end >= 0 ? end : writeUtf8Slowly(target, at, text, dialect)
  }
  if (dialect === 'strict' && !text.includes('\0')) return at + encoder.encodeInto(text, target.subarray(at)).written
  return writeUtf8Slowly(target, at, text, dialect)
}

/** Writes ASCII but U+0000 and returns the offset behind it, or -1 where other characters are met. */
export function writeAscii(target: Uint8Array, at: number, text: string): number {
  const { length } = text
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i)
    // 0 becomes the largest there is.
    if ((unit - 1) >>> 0 > 0x7e) return -1
    target[at + i] = unit
  }
  return at + length
}

/** The plain form of `writeUtf8`, which any text may take; its fast path must agree with it. */
export function writeUtf8Slowly(target: Uint8Array, at: number, text: string, dialect: Utf8Dialect): number {
  let to = at
  for (let i = 0; i < text.length; i++) {
    let point = text.charCodeAt(i)
    if (point < 0x80 && point !== 0) {
      target[to++] = point
      continue
    }
    if (point === 0) point = REPLACEMENT
    else if (point >= 0xd800 && point <= 0xdfff) {
      const low = point <= 0xdbff ? text.charCodeAt(i + 1) : 0
      if (low >= 0xdc00 && low <= 0xdfff) {
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00)
        i++
      } else if (dialect === 'strict') point = REPLACEMENT
    }
    if (point < 0x800) {
      target[to++] = 0xc0 | (point >> 6)
    } else {
      if (point < 0x10000) target[to++] = 0xe0 | (point >> 12)
      else {
        target[to++] = 0xf0 | (point >> 18)
        target[to++] = 0x80 | ((point >> 12) & 0x3f)
      }
      target[to++] = 0x80 | ((point >> 6) & 0x3f)
    }
    target[to++] = 0x80 | (point & 0x3f)
  }
  return to
}

/**
 * Reads the text between `start` and `end`; undefined where the dialect refuses the bytes. A BOM and U+0000 are
 * ordinary characters here: what an engine makes of them is the caller's rule.
 */
export function readUtf8(source: Uint8Array, start: number, end: number, dialect: Utf8Dialect): string | undefined {
  if (end - start <= SHORT) return readAscii(source, start, end) ?? readUtf8Slowly(source, start, end, dialect)
  try {
    return decoder.decode(source.subarray(start, end))
  } catch {
    // What strict refuses, lenient may still take; and strict refuses it a second time, which costs nothing but time
    // on input that is broken anyway.
    return readUtf8Slowly(source, start, end, dialect)
  }
}

const fromCharCode = /* @__PURE__ */ (() => String.fromCharCode)()

/** Eight characters at a time, since a call for each costs more than its character; undefined where others are met. */
function readAscii(source: Uint8Array, start: number, end: number): string | undefined {
  let text = ''
  let at = start
  for (; at + 8 <= end; at += 8) {
    const a = source[at]!
    const b = source[at + 1]!
    const c = source[at + 2]!
    const d = source[at + 3]!
    const e = source[at + 4]!
    const f = source[at + 5]!
    const g = source[at + 6]!
    const h = source[at + 7]!
    if ((a | b | c | d | e | f | g | h) > 0x7f) return undefined
    text += fromCharCode(a, b, c, d, e, f, g, h)
  }
  if (at + 4 <= end) {
    const a = source[at]!
    const b = source[at + 1]!
    const c = source[at + 2]!
    const d = source[at + 3]!
    if ((a | b | c | d) > 0x7f) return undefined
    text += fromCharCode(a, b, c, d)
    at += 4
  }
  for (; at < end; at++) {
    if (source[at]! > 0x7f) return undefined
    text += fromCharCode(source[at]!)
  }
  return text
}

/** The plain form of `readUtf8`, which any bytes may take; its fast path must agree with it. */
export function readUtf8Slowly(
  source: Uint8Array,
  start: number,
  end: number,
  dialect: Utf8Dialect,
): string | undefined {
  let text = ''
  for (let at = start; at < end; ) {
    const lead = source[at++]!
    if (lead < 0x80) {
      text += String.fromCharCode(lead)
      continue
    }
    const more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1
    if (lead < 0xc2 || lead > 0xf4 || at + more > end) return undefined
    let point = lead & (0x3f >> more)
    for (let k = 0; k < more; k++) {
      const next = source[at++]!
      if ((next & 0xc0) !== 0x80) return undefined
      point = (point << 6) | (next & 0x3f)
    }
    if (more === 2 && (point < 0x800 || (dialect === 'strict' && point >= 0xd800 && point <= 0xdfff))) return undefined
    if (more === 3 && (point < 0x10000 || point > 0x10ffff)) return undefined
    text += String.fromCodePoint(point)
  }
  return text
}
