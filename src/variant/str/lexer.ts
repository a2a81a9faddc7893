/** The words of Godot's text form (`VariantParser::get_token`). */
import { Color, StringName } from '../values/index.js'
import type { TextDialect } from './dialect.js'
import { type TextErrorCode, textError } from './errors.js'
import { floatOf, intOf } from './number.js'

/** A sign is its own kind. */
export type Sign = '{' | '}' | '[' | ']' | '(' | ')' | ':' | ',' | '.' | '='

/** An int is a number or a bigint, a float a `{ float }`: both are numbers in JavaScript. */
export type NumberValue = number | bigint | { readonly float: number; readonly bits?: bigint }

export type Token =
  | { readonly kind: Sign | 'end' }
  | { readonly kind: 'number'; readonly value: NumberValue }
  | { readonly kind: 'name'; readonly value: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'value'; readonly value: StringName | Color }

const SIGNS = '{}[]():,.='
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y
const DIGITS_3 = /-?\d*(?:\.\d*)?(?:e(?:[+-]?\d*))?/y
const DIGITS_4 = /-?\d+(?:\.\d*)?(?:[eE](?:[+-]?\d*))?/y
const HEX = /[0-9a-fA-F]*/y

export class Lexer {
  /** Where the token that was read last begins. */
  start = 0
  #at = 0

  constructor(
    readonly text: string,
    readonly dialect: TextDialect,
  ) {}

  next(): Token {
    this.#skip()
    this.start = this.#at
    const sign = this.text[this.#at]
    // A NUL ends a String of the engine.
    if (sign === undefined || sign === '\0') return { kind: 'end' }
    if (SIGNS.includes(sign)) {
      this.#at++
      return { kind: sign as Sign }
    }
    if (sign === '"') return { kind: 'string', value: this.#string() }
    if (sign === '#') return this.#color()
    if (sign === '-' || (sign >= '0' && sign <= '9')) return this.#number()
    return this.#other(sign)
  }

  /** An error that says where: at the last token, or at a place inside it. */
  fail(code: TextErrorCode, facts: Readonly<Record<string, unknown>>, at = this.start): never {
    throw textError(code, { ...facts, ...this.#place(at) })
  }

  #place(at: number): { line: number; column: number } {
    const before = this.text.slice(0, at)
    const line = before.split('\n').length
    return { line, column: at - before.lastIndexOf('\n') }
  }

  #skip(): void {
    while (this.#at < this.text.length) {
      const unit = this.text.charCodeAt(this.#at)
      if (unit === 0x3b /* ; */) this.#at = this.#endOfLine()
      else if (unit > 32 || unit === 0) return
      else this.#at++
    }
  }

  #endOfLine(): number {
    const end = this.text.indexOf('\n', this.#at)
    return end < 0 ? this.text.length : end
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.text)?.[0] ?? ''
    this.#at += found.length
    return found
  }

  #number(): Token {
    const isMinus = this.text[this.#at] === '-'
    const text = this.#take(this.dialect.version === 4 ? DIGITS_4 : DIGITS_3)
    // Godot 4 has names that begin with a minus; Godot 3 takes a minus alone for a number.
    if (text === '' && isMinus) return this.#minusName()
    if (/[.eE]/.test(text)) return { kind: 'number', value: floatValue(text) }
    return { kind: 'number', value: intOf(text) }
  }

  #minusName(): Token {
    this.#at++
    const value = `-${this.#take(WORD)}`
    if (value !== '-inf') this.#unexpected(value)
    return { kind: 'name', value }
  }

  #other(sign: string): Token {
    if (this.dialect.version === 4 && (sign === '&' || sign === '@')) {
      this.#at++
      if (this.text[this.#at] !== '"') {
        this.fail(
          'VARIANT_TEXT_UNEXPECTED',
          { found: shown(this.text[this.#at]), expected: `a " behind ${sign}` },
          this.#at,
        )
      }
      return { kind: 'value', value: new StringName(this.#string()) }
    }
    const word = this.#take(WORD)
    return word === ''
      ? this.#unexpected(String.fromCodePoint(this.text.codePointAt(this.start)!))
      : { kind: 'name', value: word }
  }

  #unexpected(found: string): never {
    this.fail('VARIANT_TEXT_UNEXPECTED', { found: shown(found), expected: 'a value' })
  }

  #color(): Token {
    this.#at++
    const digits = this.#take(HEX)
    // The engine looks one character further, and finds nothing at all where there is none.
    if (this.#at >= this.text.length) return { kind: 'end' }
    return { kind: 'value', value: colorOf(digits, this.dialect.version) }
  }

  #string(): string {
    const begin = this.#at
    this.#at++
    let text = ''
    for (;;) {
      const from = this.#at
      const to = this.#endOfRun()
      text += this.text.slice(from, to)
      const sign = this.text[to]
      if (sign === undefined || sign === '\0') this.#badString('it has no end', begin)
      this.#at = to + 1
      if (sign === '"') return text
      text += this.#escape()
    }
  }

  /** The next quote, backslash or NUL; the end of the text where there is none. */
  #endOfRun(): number {
    RUN.lastIndex = this.#at
    return RUN.exec(this.text)?.index ?? this.text.length
  }

  #badString(reason: string, at: number): never {
    this.fail('VARIANT_TEXT_BAD_STRING', { reason }, at)
  }

  /** What stands behind a backslash. Any sign that means nothing else stands for itself. */
  #escape(): string {
    const at = this.#at - 1
    const unit = this.#escapedPoint()
    if (unit < 0xd800 || unit > 0xdfff) return pointText(unit)
    if (unit <= 0xdbff) {
      const low = this.#lowSurrogate()
      if (low !== undefined) return String.fromCharCode(unit, low)
    }
    if (this.dialect.loneSurrogate === 'refuse') this.#badString('half of a surrogate pair', at)
    return this.dialect.loneSurrogate === 'keep' ? String.fromCharCode(unit) : ' '
  }

  /** The second half of a pair, if it is what comes next. */
  #lowSurrogate(): number | undefined {
    LOW.lastIndex = this.#at
    const digits = LOW.exec(this.text)?.[1]
    if (digits === undefined) return undefined
    this.#at += digits.length + 2
    return Number.parseInt(digits, 16)
  }

  #escapedPoint(): number {
    const at = this.#at - 1
    const point = this.text.codePointAt(this.#at)
    if (point === undefined || point === 0) this.#badString('it has no end', at)
    const sign = String.fromCodePoint(point)
    this.#at += sign.length
    const length = sign === 'u' ? 4 : sign === 'U' && this.dialect.version === 4 ? 6 : 0
    if (length === 0) return ESCAPES[sign] ?? point
    const digits = this.text.slice(this.#at, this.#at + length)
    if (!/^[0-9a-fA-F]+$/.test(digits) || digits.length < length) {
      this.#badString(`\\${sign} needs ${length} hexadecimal digits`, at)
    }
    this.#at += length
    return Number.parseInt(digits, 16)
  }
}

/** Nothing times infinity is a NaN with its sign set, on the processors of the engines that were asked. */
const MINUS_NAN = 0xfff8000000000000n

function floatValue(text: string): NumberValue {
  const float = floatOf(text)
  return Number.isNaN(float) && !text.startsWith('-') ? { float, bits: MINUS_NAN } : { float }
}

const RUN = /["\\\0]/g
const LOW = /\\u([dD][c-fC-F][0-9a-fA-F]{2})/y
const ESCAPES: Readonly<Record<string, number>> = { b: 8, t: 9, n: 10, f: 12, r: 13 }

/** Godot's Strings hold no NUL and nothing above U+10FFFF. */
function pointText(point: number): string {
  return point === 0 || point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point)
}

/** What a message shows of a sign. */
export function shown(sign: string | undefined): string {
  return sign === undefined ? 'the end' : JSON.stringify(sign)
}

/** `Color.html()`: three, four, six or eight digits, alpha last (Godot 3: first); black for any other number of them. */
function colorOf(digits: string, version: 3 | 4): Color {
  const width = digits.length === 3 || digits.length === 4 ? 1 : 2
  if (![3, 4, 6, 8].includes(digits.length)) return new Color(0, 0, 0, 1)
  const parts = Array.from({ length: digits.length / width }, (_, i) => {
    const part = digits.slice(i * width, (i + 1) * width)
    return Math.fround(Number.parseInt(part, 16) / (width === 1 ? 15 : 255))
  })
  if (parts.length === 4 && version === 3) parts.push(parts.shift()!)
  const [r = 0, g = 0, b = 0, a = 1] = parts
  return new Color(r, g, b, a)
}
