#!/usr/bin/env node
/** `godot-wire` on the command line. */
import { isGodotWireError } from '../../errors.js'
import { type Command, cliError, docsOf, EXIT, harmless, helpOf, helpOfCommand, painter } from '../index.js'
import { ALL_COMMANDS } from './commands.js'
import { parsed } from './parse.js'
import { hasColours, processWorld } from './world.js'

/** Written in by the build. */
declare const GODOT_WIRE_VERSION: string | undefined

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  if (name === '--no-color') return main([...rest, name])
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return help(rest[0])
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${typeof GODOT_WIRE_VERSION === 'string' ? GODOT_WIRE_VERSION : 'not built'}\n`)
    return EXIT.OK
  }
  const command = commandNamed(name)
  const { operands, given } = parsed(command, rest)
  if (given['help'] === true) return help(name)
  return command.run(operands, given, processWorld(name, given))
}

function commandNamed(name: string): Command {
  const command = ALL_COMMANDS.find((one) => one.name === name)
  if (command) return command
  throw cliError('CLI_USAGE', { problem: `There is no command ${JSON.stringify(name)}` })
}

function help(name: string | undefined): number {
  process.stdout.write(`${name === undefined ? helpOf(ALL_COMMANDS) : helpOfCommand(commandNamed(name))}\n`)
  return EXIT.OK
}

/** What an error's code ends with, and the exit code; where nothing fits, the input is to blame. */
const CODES: readonly (readonly [ending: string, code: number])[] = [
  ['CLI_USAGE', EXIT.USAGE],
  ['CLI_NO_INPUT', EXIT.USAGE],
  ['_BAD_OPTION', EXIT.USAGE],
  ['CLI_FILE', EXIT.FILE],
  ['_LISTEN_FAILED', EXIT.LISTEN],
]

/** What is ours is explained; what is not is a fault of this program, and keeps its stack. */
function failed(error: unknown): number {
  if (!isGodotWireError(error)) {
    process.stderr.write(`godot-wire: a fault of this program: ${error instanceof Error ? error.stack : error}\n`)
    return EXIT.FAULT
  }
  const { code, message, facts } = error
  if (process.argv.includes('--json')) {
    const known = JSON.stringify({ error: { code, message, facts, docs: docsOf(code) } }, (_, fact) =>
      typeof fact === 'bigint' ? String(fact) : fact,
    )
    process.stderr.write(`${known}\n`)
  } else {
    const paint = painter(hasColours(process.stderr, { 'no-color': process.argv.includes('--no-color') }))
    process.stderr.write(
      `${paint('red', 'godot-wire:')} ${harmless(message)}\n${code === 'CLI_USAGE' ? '' : `What to do: ${docsOf(code)}\n`}`,
    )
  }
  return CODES.find(([ending]) => code.endsWith(ending))?.[1] ?? EXIT.BAD_INPUT
}

// Whoever reads the output may stop early, as `head` does: that is the end, not an error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.OK)
    throw error
  })
}

main(process.argv.slice(2))
  .catch(failed)
  .then((code) => {
    process.exitCode = code
  })
