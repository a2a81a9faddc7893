import { compress, ready } from '../compression/index.js'
import {
  putVar,
  strToVar,
  type Variant,
  type VariantInput,
  varToBytes,
  varToBytesWithObjects,
} from '../variant/index.js'
import type { Command, Given, OptionSpec, World } from './command.js'
import { cliError, EXIT } from './errors.js'
import { GODOT, godotOf, LIMIT, OBJECTS, text } from './given.js'
import { readInput, textOf, toBase64, toHex } from './input.js'
import { MODES } from './unwrap.js'

const OPTIONS: readonly OptionSpec[] = [
  { ...GODOT, usual: '4', help: 'for which Godot to write' },
  {
    name: 'from',
    value: 'form',
    choices: ['text', 'json'],
    usual: 'text',
    help: 'text is the form of var_to_str, which reads most JSON too; in json 1.0 is an int',
  },
  {
    name: 'to',
    short: 't',
    value: 'form',
    choices: ['hex', 'base64', 'raw'],
    usual: 'hex',
    help: 'the form of the output',
  },
  {
    name: 'frame',
    value: 'kind',
    choices: ['put_var', 'put_var_be'],
    help: 'put the length in front, as StreamPeer.put_var',
  },
  {
    name: 'compress',
    short: 'c',
    value: 'mode',
    choices: ['fastlz', 'deflate', 'zstd', 'gzip'],
    help: 'compress it then, as PackedByteArray.compress',
  },
  OBJECTS,
  LIMIT,
]

export const encode: Command = {
  name: 'encode',
  summary: 'write a value as Godot would',
  operands: '[input]',
  mostOperands: 1,
  options: OPTIONS,
  examples: [
    ["godot-wire encode '[1, 2.5, Vector2(1, 2)]'", 'a value in the form of var_to_str'],
    [`godot-wire encode --from json --to base64 '{"hp": 5}'`, 'a Dictionary, for Marshalls.base64_to_variant'],
    ['godot-wire encode --godot 3 --compress gzip --to raw @state.txt > packet.gz', 'a packet of Godot 3, compressed'],
  ],
  run,
}

async function run([operand]: readonly string[], given: Given, world: World): Promise<number> {
  const { bytes, from } = await readInput(operand, given, world)
  const source = textOf(bytes)
  if (source === undefined)
    throw cliError('CLI_NOT_BYTES', { what: `What came from ${from}`, hint: 'encode wants a text' })
  const written = encoded(source, given)
  const packed = await packedAs(text(given, 'compress'), written)
  const form = text(given, 'to')
  if (form === 'raw') world.printBytes(packed)
  else world.print(form === 'base64' ? toBase64(packed) : toHex(packed))
  return EXIT.OK
}

function encoded(source: string, given: Given): Uint8Array {
  const version = godotOf(given) ?? 4
  const value = (text(given, 'from') === 'json' ? valueOfJson(source) : valueOfText(source, version)) as VariantInput
  const objects = given['objects'] === true
  const frame = text(given, 'frame')
  if (frame !== undefined) return putVar(value, { version, objects, bigEndian: frame === 'put_var_be' })
  return (objects ? varToBytesWithObjects : varToBytes)(value, { version })
}

function valueOfText(source: string, version: 2 | 3 | 4): Variant {
  // Godot 2 wrote what Godot 3 still reads.
  return strToVar(source, { version: version === 4 ? 4 : 3, exact: true })
}

function valueOfJson(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch (error) {
    throw cliError('CLI_BAD_JSON', { reason: error instanceof Error ? error.message : String(error) })
  }
}

async function packedAs(mode: string | undefined, bytes: Uint8Array): Promise<Uint8Array> {
  if (mode === undefined) return bytes
  const number = MODES[mode]!
  await ready(number)
  return compress(bytes, number)
}
