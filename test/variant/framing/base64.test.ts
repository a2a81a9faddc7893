// Base64 as Godot 4.6.3 writes and reads it; test/live/framing.test.ts asks the engine about each form again.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { base64ToVariant, variantToBase64 } from '../../../src/variant/framing/index.js'
import { Dictionary, GodotObject, varToBytes } from '../../../src/variant/index.js'
import { codeFrom } from '../code-of.js'
import { BASE64_FORMS } from './base64-forms.js'
import { hexOf, randomValues } from './streams.js'

const OBJECT = new GodotObject('RefCounted', new Dictionary<unknown, unknown>([['script', null]]))

describe('variantToBase64', () => {
  it('writes 5 as the engine does', () => {
    expect(variantToBase64(5)).toBe('AgAAAAUAAAA=')
  })

  it('agrees with another base64 on bytes of every length and value', () => {
    for (let length = 0; length < 300; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 0xff)
      const value = varToBytes(bytes)
      expect(variantToBase64(bytes)).toBe(Buffer.from(value).toString('base64'))
    }
  })

  it('is read again', () => {
    for (const value of randomValues(7, 500)) {
      expect(hexOf(base64ToVariant(variantToBase64(value), { exact: true }))).toBe(hexOf(value))
    }
  })

  it('takes options', () => {
    expect(codeFrom(() => variantToBase64(OBJECT))).toBe('VARIANT_OBJECT_NOT_ALLOWED')
    const text = variantToBase64(OBJECT, { objects: true })
    expect(codeFrom(() => base64ToVariant(text))).toBe('VARIANT_OBJECT_NOT_ALLOWED')
    expect(base64ToVariant(text, { objects: true })).toEqual(OBJECT)
    expect(base64ToVariant(variantToBase64([1], { version: 3 }), { version: 3 })).toEqual([1])
    expect(codeFrom(() => base64ToVariant('AgAAAAUAAAA=', { maxBytes: 7 }))).toBe('VARIANT_TOO_LARGE')
    expect(codeFrom(() => base64ToVariant('AgAAAAUAAAA=', { maxDepth: 0 }))).toBe('VARIANT_BAD_OPTION')
  })
})

describe('base64ToVariant', () => {
  it.each(BASE64_FORMS)('answers to %j as the engine does', (text, expected) => {
    const code = codeFrom(() => expect(hexOf(base64ToVariant(text))).toBe(expected))
    if (expected === 'error') expect(code).toMatch(/^VARIANT_(BAD_BASE64|TRUNCATED)$/)
    else expect(code).toBeUndefined()
  })

  it('says which character is wrong, or how many digits there are', () => {
    const factsOf = (text: string) => {
      try {
        return base64ToVariant(text)
      } catch (error) {
        return (error as { facts: unknown }).facts
      }
    }
    expect(factsOf('AgAAAAUAAA*=')).toEqual({ offset: 10 })
    expect(factsOf('AgAA  AAUAAAA=')).toEqual({ offset: 4 })
    expect(factsOf('AgAAAAUA=AAA')).toEqual({ offset: 9 })
    expect(factsOf('AgAAAAUAAAA')).toEqual({ digits: 11 })
  })

  it('reads what another base64 writes, and refuses or reads any other text with our codes only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const text = Buffer.from(varToBytes(bytes)).toString('base64')
        expect(base64ToVariant(text)).toEqual(bytes)
      }),
    )
    const letters = fc.constantFrom('A', 'g', '/', '+', '=', ' ', '\n', '\r', '\t', '\0', '-', '_', 'é', 'Ł', '\ud800')
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 40 }), (parts) => {
        codeFrom(() => base64ToVariant(parts.join('')))
      }),
      { numRuns: 20_000 },
    )
  })

  it('reads a text of spaces once', () => {
    // A pattern that looks for spaces before a line end would take hours for this.
    expect(codeFrom(() => base64ToVariant(`${' '.repeat(4_000_000)}A`))).toBe('VARIANT_BAD_BASE64')
    expect(base64ToVariant(`${' '.repeat(4_000_000)}\nAgAAAAUAAAA=`)).toBe(5)
  })

  it('refuses what is no string', () => {
    expect(codeFrom(() => base64ToVariant(Buffer.from('AgAAAAUAAAA=') as never))).toBe('VARIANT_UNSUPPORTED')
  })
})
