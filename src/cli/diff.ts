import { type Variant, variantToJSON } from '../variant/index.js'
import { valueIn } from './attempt.js'
import type { Command, Given, World } from './command.js'
import { type Change, changes } from './compare.js'
import { cliError, EXIT } from './errors.js'
import { JSON_OPTION, PACKET } from './given.js'
import { type Packet, readPacket } from './packet.js'
import { harmless, type Paint, painter } from './style.js'
import { valueText } from './words.js'

export const diff: Command = {
  name: 'diff',
  summary: 'print what differs between two packets, by path',
  operands: '<input> <input>',
  mostOperands: 2,
  options: [...PACKET, JSON_OPTION],
  examples: [
    ['godot-wire diff @before.bin @after.bin', 'two files'],
    ['godot-wire diff --json 0200000005000000 0200000006000000', 'two ints, as JSON'],
  ],
  run,
}

async function run([first, second]: readonly string[], given: Given, world: World): Promise<number> {
  if (first === undefined || second === undefined)
    throw cliError('CLI_USAGE', { problem: 'diff wants two inputs', command: 'diff' })
  if (first === second && first === '-') {
    throw cliError('CLI_USAGE', { problem: 'standard input can be one of the two only', command: 'diff' })
  }
  const a = await readPacket(first, given, world)
  const b = await readPacket(second, given, world)
  const found = changes(decoded(a), decoded(b), (key) => valueText(key, a.version))
  const paint = painter(world.colours)
  if (given['json'] === true) world.print(harmless(JSON.stringify(found.map(changeJson), null, 2)))
  else for (const change of found) world.print(changeLine(change, a, b, paint))
  return found.length === 0 ? EXIT.OK : EXIT.DIFFERENT
}

/** The value; a list where the bytes hold several. */
function decoded({ values }: Packet): Variant {
  const all = values.map(valueIn)
  return all.length === 1 ? all[0]! : all
}

function changeLine({ path, from, to }: Change, a: Packet, b: Packet, paint: Paint): string {
  const [before, after] = [oneLine(from, a), oneLine(to, b)]
  const place = harmless(path)
  if (before === undefined) return paint('green', `+ ${place}: ${after}`)
  if (after === undefined) return paint('red', `- ${place}: ${before}`)
  return `${paint('yellow', `~ ${place}`)}: ${before} -> ${after}`
}

function oneLine(value: Variant | undefined, { version }: Packet): string | undefined {
  return value === undefined ? undefined : harmless(valueText(value, version)).replaceAll('\n', ' ')
}

function changeJson({ path, from, to }: Change): unknown {
  return {
    path,
    ...(from !== undefined && { from: variantToJSON(from) }),
    ...(to !== undefined && { to: variantToJSON(to) }),
  }
}
