import { isCapture } from '../inspect/index.js'
import { annotateVar, variantToJSON } from '../variant/index.js'
import { valueIn } from './attempt.js'
import { decodeCapture } from './capture.js'
import type { Command, Given, World } from './command.js'
import { EXIT } from './errors.js'
import { JSON_OPTION, PACKET } from './given.js'
import { hexView, rangeJson } from './hex-view.js'
import { readInput } from './input.js'
import { type Packet, packetOf } from './packet.js'
import { harmless, painter } from './style.js'
import { valueText } from './words.js'

export const decode: Command = {
  name: 'decode',
  summary: 'print what is in a packet or file',
  operands: '[input]',
  mostOperands: 1,
  options: [
    ...PACKET,
    JSON_OPTION,
    { name: 'annotate', short: 'a', help: 'print every byte with its meaning, also of broken packets' },
  ],
  examples: [
    ['godot-wire decode 0200000005000000', 'an int, as hex'],
    ['godot-wire decode --annotate AgAAAAUAAAA=', 'each byte of it with its meaning, from base64'],
    ['godot-wire decode --json @save_game.dat', 'a file of store_var, as JSON'],
    ['cat packet.gz | godot-wire decode --godot 3', 'a compressed packet of Godot 3'],
    ['godot-wire decode @game.pcapng', 'each packet in a capture of the inspector'],
  ],
  run,
}

async function run([operand]: readonly string[], given: Given, world: World): Promise<number> {
  const input = await readInput(operand, given, world)
  if (isCapture(input.bytes)) return decodeCapture(input.bytes, given, world)
  const packet = await packetOf(input, given, world)
  return given['annotate'] === true ? annotate(packet, given, world) : print(packet, given, world)
}

function print({ values, version }: Packet, given: Given, world: World): number {
  for (const [done, attempt] of values.entries()) {
    world.progress(done / values.length, 'values')
    const value = valueIn(attempt)
    const text = given['json'] === true ? JSON.stringify(variantToJSON(value), null, 2) : valueText(value, version)
    world.print(harmless(text))
  }
  world.progress(1, '')
  return EXIT.OK
}

function annotate({ values, version, objects }: Packet, given: Given, world: World): number {
  let code: number = EXIT.OK
  for (const { bytes } of values) {
    const { root, error } = annotateVar(bytes, { version, objects })
    if (error) code = EXIT.BAD_INPUT
    const text =
      given['json'] === true ? JSON.stringify(rangeJson(root), null, 2) : hexView(root, bytes, painter(world.colours))
    world.print(text)
  }
  return code
}
