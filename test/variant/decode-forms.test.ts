// Bytes that no engine writes: other forms of the same value, and broken ones. The engines' own answers stand in
// forms.txt; where ours is another, it stands here, and nowhere else.
import { describe, expect, it } from 'vitest'
import {
  bytesToVar,
  bytesToVarWithObjects,
  decodeVar,
  varToBytes,
  varToBytesWithObjects,
} from '../../src/variant/index.js'
import { codeOf } from './code-of.js'
import { fromHex, toHex } from './hex.js'
import { readVectors } from './read-vectors.js'

/** The code for each form that both sides refuse; VARIANT_TRUNCATED for all that are not named. */
const CODES: Readonly<Record<string, readonly string[]>> = {
  VARIANT_BAD_TYPE: ['type_39', 'type_27', 'type_255', 'array_bad_item'],
  VARIANT_BAD_LENGTH: [
    'string_length_minus_1',
    'string_length_smallest',
    'node_path_name_length_minus_1',
    'packed_byte_negative',
    'packed_int32_negative',
    'packed_vector2_negative',
    'pool_byte_negative',
    'pool_int_negative',
    'pool_vector2_negative',
  ],
  VARIANT_BAD_TEXT: [
    'string_bad_before_nul',
    'string_half_bom',
    'string_bad_continuation',
    'string_bare_continuation',
    'string_cut_two',
    'string_cut_three',
    'string_cut_three_full',
    'string_cut_four',
    'string_overlong_two',
    'string_overlong_two_c1',
    'string_overlong_three',
    'string_overlong_four',
    'string_surrogate',
    'string_last_surrogate',
    'string_surrogate_pair',
    'string_surrogate_long',
    'string_bad_long',
    'string_u110000',
    'string_lead_f5',
    'string_five_byte',
    'string_six_byte',
    'string_lead_fe',
    'string_lead_ff',
    'string_name_bad',
    'node_path_bad_name',
    'signal_bad_name',
    'typed_array_class_bad_text',
    'packed_string_bad',
    'pool_string_bad',
  ],
  VARIANT_BAD_NODE_PATH: ['node_path_old_form'],
  VARIANT_OBJECT_NOT_ALLOWED: ['object_full', 'object_full_null'],
  VARIANT_BAD_CONTAINER_TYPE: [
    'typed_array_39',
    'typed_array_negative',
    'typed_dictionary_bad_key',
    'typed_dictionary_bad_value',
  ],
  VARIANT_TOO_DEEP: ['nest_1025_arrays', 'nest_1026_arrays_empty', 'nest_1025_values'],
}

/** Read as the bytes say it, and refused when it would be written: `VARIANT_UNSUPPORTED`. */
const NOT_WRITTEN = 'VARIANT_UNSUPPORTED when written'

/** Our own answers where they are not the engine's. docs/wire-format.md, "Known differences", has the reasons. */
const KNOWN: Readonly<Record<3 | 4, Readonly<Record<string, string>>>> = {
  4: {
    // Values of a typed Dictionary are not looked at when they are read. Written here, a mistake should show.
    typed_dictionary_int_for_string: NOT_WRITTEN,
    typed_dictionary_nil_for_int: NOT_WRITTEN,
    typed_dictionary_string_for_name: NOT_WRITTEN,
    // The engine knows the names of colours; here an unknown name is what one is there.
    typed_array_color_of_string: '1c0001001400000001000000140000000000000000000000000000000000803f',
    // The engine keeps an int in a Dictionary[int, float]; a plain number that we write there is a float.
    typed_dictionary_int_for_float: '1b0005000200000003000000010000000200000001000000030000000000e040',
    typed_dictionary_float_key_for_int: '1b0005000200000003000000010000000200000001000000030000000000e040',
    // For the engine two wrappers of one id are two objects; here the id is the object.
    dictionary_object_ids: '1b000000010000001800010005000000000000000200000002000000',
    // The engine adds the two counts in 32 bits; a sum that does not fit is refused here.
    node_path_counts_wrap: 'VARIANT_TRUNCATED',
    node_path_counts_wrap_to_1: 'VARIANT_TRUNCATED',
    // No class exists here that could be unknown, abstract, or fill in what the bytes leave out.
    full_unknown_class: 'same',
    full_abstract_class: 'same',
    full_without_properties: 'same',
    full_script_not_a_path: 'same',
    full_id: 'same',
    full_typed_array_class_empty: 'same',
    full_typed_array_script_missing: 'same',
  },
  3: {
    // This engine reads text that is not UTF-8 by any standard; JavaScript has no code points beyond U+10FFFF.
    string_overlong_three: 'VARIANT_BAD_TEXT',
    string_overlong_four: 'VARIANT_BAD_TEXT',
    string_u110000: 'VARIANT_BAD_TEXT',
    string_lead_f5: 'VARIANT_BAD_TEXT',
    string_five_byte: 'VARIANT_BAD_TEXT',
    string_six_byte: 'VARIANT_BAD_TEXT',
    node_path_counts_wrap: 'VARIANT_TRUNCATED',
    node_path_counts_wrap_to_1: 'VARIANT_TRUNCATED',
    // A path without names and subnames is the empty one for this engine, also where it wrote "/" itself.
    node_path_absolute_without_names: 'same',
    // Two encoded surrogates are one character in JavaScript.
    string_surrogate_pair: '0400000004000000f09f9880',
    dictionary_object_ids: '12000000010000001100010005000000000000000200000002000000',
    // For this engine a Dictionary as a key is found by its identity.
    dictionary_equal_dictionary_keys: '120000000100000012000000000000000200000002000000',
    // A key that is not equal to itself: this engine writes "[Deleted Object]" for it and nil for its value.
    dictionary_lost_key: 'same',
    // This engine knows no limit but its stack.
    nest_1025_arrays: 'VARIANT_TOO_DEEP',
    nest_1026_arrays_empty: 'VARIANT_TOO_DEEP',
    nest_1025_values: 'VARIANT_TOO_DEEP',
    full_unknown_class: 'same',
    full_without_properties: 'same',
    full_id: 'same',
  },
}

/** decode_var_size counts padding that is not there; ours never goes beyond the input. */
const KNOWN_SIZES: Readonly<Record<string, number>> = {
  packed_byte_without_padding: 9,
  packed_byte_short_padding: 10,
  packed_byte_without_padding_inside: 17,
}

function expectedCode(name: string): string {
  return Object.keys(CODES).find((code) => CODES[code]!.includes(name)) ?? 'VARIANT_TRUNCATED'
}

function answer(name: string, bytes: Uint8Array, version: 3 | 4): string {
  const full = name.startsWith('full_')
  let value: unknown
  try {
    value = (full ? bytesToVarWithObjects : bytesToVar)(bytes, { version, exact: true })
  } catch (error) {
    return codeOf(error)
  }
  try {
    const again = (full ? varToBytesWithObjects : varToBytes)(value as never, { version })
    return toHex(again) === toHex(bytes) ? 'same' : toHex(again)
  } catch (error) {
    return `${codeOf(error)} when written`
  }
}

describe.each([4, 3] as const)('the forms of Godot %i', (version) => {
  const vectors = readVectors(version, 'forms')

  it('are known by name where they differ', () => {
    const names = vectors.map(([name]) => name)
    expect(names).toEqual(expect.arrayContaining(Object.keys(KNOWN[version])))
    expect(new Set(names).size).toBe(names.length)
  })

  it.each(vectors)('%s: %s', (name, input, ...said) => {
    const engine = said.at(-1)!
    const theirs = engine === 'error' ? expectedCode(name!) : engine
    const ours = answer(name!, fromHex(input!), version)
    const known = KNOWN[version][name!]
    expect(ours).toBe(known ?? theirs)
    // A difference that has gone must go from the list as well.
    if (known !== undefined) expect(known).not.toBe(theirs)
  })
})

describe('the size of the forms of Godot 4', () => {
  const read = readVectors(4, 'forms').filter(
    ([name, , , said]) => said !== 'error' && !name!.startsWith('full_') && KNOWN[4][name!] !== 'VARIANT_TRUNCATED',
  )

  it.each(read)('%s', (name, input, size) => {
    const ours = decodeVar(fromHex(input!)).size
    expect(ours).toBe(KNOWN_SIZES[name!] ?? Number(size))
    if (name! in KNOWN_SIZES) expect(ours).not.toBe(Number(size))
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
