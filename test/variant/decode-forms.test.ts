// Bytes that no engine writes: other forms of the same value, and broken ones. forms.ts has the answers.
import { describe, expect, it } from 'vitest'
import { bytesToVar, decodeVar, varToBytes } from '../../src/variant/index.js'
import { DIFFERENCES, expectedCode, formsOf, knownAnswer, ourAnswer } from './forms.js'
import { fromHex } from './hex.js'
import { PRINTERS, readVectors } from './read-vectors.js'

/** decode_var_size counts padding that is not there; ours never goes beyond the input. */
const KNOWN_SIZES: Readonly<Record<string, number>> = {
  packed_byte_without_padding: 9,
  packed_byte_short_padding: 10,
  packed_byte_without_padding_inside: 17,
}

describe.each(PRINTERS)('the forms of %s, Godot %s', (engine) => {
  const forms = formsOf(engine)

  it('are known by name where they differ', () => {
    const names = forms.map(({ name }) => name)
    const differing = DIFFERENCES[engine].flatMap((difference) => Object.keys(difference.forms))
    expect(names).toEqual(expect.arrayContaining(differing))
    expect(new Set(names).size).toBe(names.length)
    expect(new Set(differing).size).toBe(differing.length)
  })

  it.each(forms)('$name: $input', (form) => {
    const theirs = form.engine === 'error' ? expectedCode(form.name) : form.engine
    const known = knownAnswer(engine, form.name)
    expect(ourAnswer(engine, form)).toBe(known ?? theirs)
    // A difference that has gone must go from the list as well.
    if (known !== undefined) expect(known).not.toBe(theirs)
  })
})

describe('the size of the forms of Godot 4', () => {
  const read = formsOf('godot4').filter(
    ({ name, engine }) =>
      engine !== 'error' && !name.startsWith('full_') && knownAnswer('godot4', name) !== 'VARIANT_TRUNCATED',
  )

  it.each(read)('$name', ({ name, input, size }) => {
    const ours = decodeVar(fromHex(input)).size
    expect(ours).toBe(KNOWN_SIZES[name] ?? size)
    if (name in KNOWN_SIZES) expect(ours).not.toBe(size)
  })
})

describe('decodeVar', () => {
  const ahead = [1, 2, 3]

  it.each(readVectors(4, 'values').filter(([name]) => !name!.startsWith('full_')))(
    'takes all of %s',
    (_name, _s, hex) => {
      const bytes = fromHex(hex!)
      const between = new Uint8Array([...ahead, ...bytes, 7, 7, 7, 7, 7])
      expect(decodeVar(between, ahead.length).size).toBe(bytes.length)
    },
  )

  it('reads values that lie one behind the other', () => {
    const bytes = new Uint8Array([...varToBytes('ab'), ...varToBytes([1, 2.5]), ...varToBytes(null)])
    const first = decodeVar(bytes)
    const second = decodeVar(bytes, first.size)
    const third = decodeVar(bytes, first.size + second.size)
    expect([first.value, second.value, third.value]).toEqual(['ab', [1, 2.5], null])
    expect(first.size + second.size + third.size).toBe(bytes.length)
  })

  it('reads a view into a larger buffer', () => {
    const whole = new Uint8Array([9, 9, 9, 9, 9, ...varToBytes(new Float64Array([1, 2])), 9])
    expect(bytesToVar(whole.subarray(5))).toEqual(new Float64Array([1, 2]))
  })

  it('gives values that do not share memory with the input', () => {
    const bytes = varToBytes(new Uint8Array([1, 2, 3, 4]))
    const value = bytesToVar(bytes) as Uint8Array
    bytes.fill(0)
    expect(value).toEqual(new Uint8Array([1, 2, 3, 4]))
  })
})
