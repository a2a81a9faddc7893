#!/usr/bin/env node
/** `godot-wire` on the command line. */
import { isGodotWireError } from '../../errors.js'
import { type Command, cliError, docsOf, EXIT, harmless, helpOf, helpOfCommand } from '../index.js'
import { ALL_COMMANDS } from './commands.js'
import { parsed } from './parse.js'
import { processWorld } from './world.js'

/** Written in by the build. */
declare const GODOT_WIRE_VERSION: string | undefined

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return help(rest[0])
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${typeof GODOT_WIRE_VERSION === 'string' ? GODOT_WIRE_VERSION : 'not built'}\n`)
    return EXIT.OK
  }
  const command = commandNamed(name)
  const { operands, given } = parsed(command, rest)
  if (given['help'] === true) return help(name)
  return command.run(operands, given, processWorld(name))
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

const CODES: Readonly<Record<string, number>> = { CLI_USAGE: EXIT.USAGE, CLI_NO_INPUT: EXIT.USAGE, CLI_FILE: EXIT.FILE }

/** What is ours is explained; what is not is a fault of this program, and keeps its stack. */
function failed(error: unknown): number {
  if (!isGodotWireError(error)) throw error
  const { code, message, facts } = error
  if (process.argv.includes('--json')) {
    const known = JSON.stringify({ error: { code, message, facts, docs: docsOf(code) } }, (_, fact) =>
      typeof fact === 'bigint' ? String(fact) : fact,
    )
    process.stderr.write(`${known}\n`)
  } else {
    process.stderr.write(
      `godot-wire: ${harmless(message)}\n${code === 'CLI_USAGE' ? '' : `What to do: ${docsOf(code)}\n`}`,
    )
  }
  return CODES[code] ?? EXIT.BAD_INPUT
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
