// The forms of values that no engine writes: what each engine answers (forms.txt), what we answer, and why where that is
// another thing.
import type { EngineName } from '../../scripts/engines.js'
import { bytesToVar, bytesToVarWithObjects, varToBytes, varToBytesWithObjects } from '../../src/variant/index.js'
import { codeOf } from './code-of.js'
import { fromHex, toHex } from './hex.js'
import { PRINTED, readVectors } from './read-vectors.js'

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

/** One reason, and our answers to the forms that differ for it. */
interface Difference {
  readonly why: string
  readonly forms: Readonly<Record<string, string>>
}

const COUNTS_WRAP: Difference = {
  why: 'The engine adds the two counts in 32 bits; a sum that does not fit is refused here.',
  forms: { node_path_counts_wrap: 'VARIANT_TRUNCATED', node_path_counts_wrap_to_1: 'VARIANT_TRUNCATED' },
}

const GODOT_3: readonly Difference[] = [
  {
    why: 'This engine reads text that is not UTF-8 by any standard; JavaScript has no code points beyond U+10FFFF.',
    forms: {
      string_overlong_three: 'VARIANT_BAD_TEXT',
      string_overlong_four: 'VARIANT_BAD_TEXT',
      string_u110000: 'VARIANT_BAD_TEXT',
      string_lead_f5: 'VARIANT_BAD_TEXT',
      string_five_byte: 'VARIANT_BAD_TEXT',
      string_six_byte: 'VARIANT_BAD_TEXT',
    },
  },
  COUNTS_WRAP,
  {
    why: 'A path without names and subnames is the empty one for this engine, also where it wrote "/" itself.',
    forms: { node_path_absolute_without_names: 'same' },
  },
  {
    why: 'For the engine two wrappers of one id are two objects; here the id is the object.',
    forms: { dictionary_object_ids: '12000000010000001100010005000000000000000200000002000000' },
  },
  {
    why: 'For this engine a Dictionary as a key is found by its identity.',
    forms: { dictionary_equal_dictionary_keys: '120000000100000012000000000000000200000002000000' },
  },
  {
    why: 'No class exists here that could be unknown, abstract, or fill in what the bytes leave out.',
    forms: { full_unknown_class: 'same', full_without_properties: 'same', full_id: 'same' },
  },
]

/** All that differs, by engine. docs/wire-format.md prints it. */
export const DIFFERENCES: Readonly<Record<EngineName, readonly Difference[]>> = {
  godot4: [
    {
      why: 'Values of a typed Dictionary are not looked at when they are read. Written here, a mistake should show.',
      forms: {
        typed_dictionary_int_for_string: NOT_WRITTEN,
        typed_dictionary_nil_for_int: NOT_WRITTEN,
        typed_dictionary_string_for_name: NOT_WRITTEN,
      },
    },
    {
      why: 'The engine knows the names of colours; here a name is what one is there that it does not know.',
      forms: { typed_array_color_of_string: '1c0001001400000001000000140000000000000000000000000000000000803f' },
    },
    {
      why: 'The engine keeps an int in a Dictionary[int, float]; a plain number that is written there is a float here.',
      forms: {
        typed_dictionary_int_for_float: '1b0005000200000003000000010000000200000001000000030000000000e040',
        typed_dictionary_float_key_for_int: '1b0005000200000003000000010000000200000001000000030000000000e040',
      },
    },
    {
      why: 'For the engine two wrappers of one id are two objects; here the id is the object.',
      forms: { dictionary_object_ids: '1b000000010000001800010005000000000000000200000002000000' },
    },
    COUNTS_WRAP,
    {
      why: 'No class exists here that could be unknown, abstract, or fill in what the bytes leave out.',
      forms: {
        full_unknown_class: 'same',
        full_abstract_class: 'same',
        full_without_properties: 'same',
        full_script_not_a_path: 'same',
        full_id: 'same',
        full_typed_array_class_empty: 'same',
        full_typed_array_script_missing: 'same',
      },
    },
  ],
  godot3: [
    ...GODOT_3,
    {
      why: 'Two encoded surrogates are one character in JavaScript.',
      forms: { string_surrogate_pair: '0400000004000000f09f9880' },
    },
    {
      why: 'A key that is not equal to itself: this engine writes "[Deleted Object]" for it and nil for its value.',
      forms: { dictionary_lost_key: 'same' },
    },
    {
      why: 'This engine knows no limit but its stack.',
      forms: {
        nest_1025_arrays: 'VARIANT_TOO_DEEP',
        nest_1026_arrays_empty: 'VARIANT_TOO_DEEP',
        nest_1025_values: 'VARIANT_TOO_DEEP',
      },
    },
  ],
  godot36: [
    ...GODOT_3,
    {
      why: 'A surrogate that stands alone is a space for this engine when it writes.',
      forms: { string_surrogate: 'same', string_last_surrogate: 'same', string_surrogate_long: 'same' },
    },
  ],
}

/** Our answer where it is not the engine's. */
export function knownAnswer(engine: EngineName, name: string): string | undefined {
  return DIFFERENCES[engine].find(({ forms }) => name in forms)?.forms[name]
}

export interface Form {
  readonly name: string
  /** Hex with spaces; `hex*3` stands for three times the hex. */
  readonly input: string
  /** decode_var_size, Godot 4 only. */
  readonly size: number
  /** `error`, `same`, or the hex of the value written again. */
  readonly engine: string
}

export function formsOf(engine: EngineName): readonly Form[] {
  return readVectors(engine, 'forms').map((row) => ({
    name: row[0]!,
    input: row[1]!,
    size: Number(row[2]),
    engine: row.at(-1)!,
  }))
}

/** What we say to a form that both refuse. */
export function expectedCode(name: string): string {
  return Object.keys(CODES).find((code) => CODES[code]!.includes(name)) ?? 'VARIANT_TRUNCATED'
}

/** `same`, the hex of the value written again, or the code of the error. */
export function ourAnswer(engine: EngineName, { name, input }: Form): string {
  const { version } = PRINTED[engine]
  const bytes = fromHex(input)
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
