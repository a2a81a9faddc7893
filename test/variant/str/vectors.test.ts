// The texts that the engines printed and read, row by row.
import { describe, expect, it } from 'vitest'
import { bytesToVarWithObjects, strToVar, type VariantInput, varToStr } from '../../../src/variant/index.js'
import { fromHex } from '../hex.js'
import { PRINTERS } from '../read-vectors.js'
import { fullHex } from './engine-view.js'
import { OPTIONS, parsedRows, printedRows } from './read-texts.js'

/**
 * Typed Dictionaries of scripts lose their types on the way to a text in Godot 4.6.3, or get those of others. Ours keep
 * them: they are written as the engine writes typed Arrays of scripts.
 */
const OURS: Readonly<Record<string, string>> = {
  full_typed_dictionary_script_int: 'Dictionary[Resource("res://thing.gd"), int]({})',
  full_typed_dictionary_string_script: 'Dictionary[String, Resource("res://thing.gd")]({})',
  full_typed_dictionary_script_class: 'Dictionary[Resource("res://thing.gd"), Node]({})',
}

/** Godot 3.2 keeps both halves of a pair as two characters. In JavaScript they are the one that they mean. */
const PAIR = '"\\ud83d\\ude00"'

describe.each(PRINTERS)('the texts of %s, Godot %s', (engine, _release, version) => {
  const options = OPTIONS[engine]

  it.each(printedRows(engine))('$name is printed as the engine prints it', ({ name, hex, text }) => {
    const value = bytesToVarWithObjects(fromHex(hex), { version, exact: true }) as VariantInput
    expect(varToStr(value, options)).toBe(version === 4 ? (OURS[name] ?? text) : text)
  })

  it.each(parsedRows(engine))('$text is read as the engine reads it', ({ text, hex }) => {
    const read = () => fullHex(strToVar(text, { ...options, exact: true }), version)
    // What an engine cannot read is null to Godot 4, and the text itself to Godot 3.
    const refused = hex === (version === 4 ? '00000000' : fullHex(text, version))
    if (engine === 'godot3' && text === PAIR) expect(read()).toBe(fullHex('😀', version))
    else if (!refused) expect(read()).toBe(hex)
    else expect(readOrRefusal(read)).toMatch(NULLS.includes(text) ? /^0{8}$/ : /\[VARIANT_TEXT_\w+\]$/)
  })

  it('hold both kinds in number', () => {
    expect(printedRows(engine).length).toBeGreaterThan(240)
    expect(parsedRows(engine).length).toBeGreaterThan(350)
  })
})

/** Texts that mean null, which is no refusal. */
const NULLS = ['null', 'nil']

function readOrRefusal(read: () => string): string {
  try {
    return read()
  } catch (error) {
    return String(error)
  }
}
