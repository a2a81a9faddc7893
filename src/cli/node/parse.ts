/** The command line, taken apart by Node's own parser. */
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { type Command, cliError, EVERYWHERE, type Given } from '../index.js'

export interface Parsed {
  readonly operands: readonly string[]
  readonly given: Given
}

/** @throws `CLI_USAGE` */
export function parsed(command: Command, args: readonly string[]): Parsed {
  const options: NonNullable<ParseArgsConfig['options']> = {}
  for (const { name, short, value } of [...command.options, ...EVERYWHERE]) {
    options[name] = { type: value === undefined ? 'boolean' : 'string', ...(short && { short }) }
  }
  const { values, positionals } = parsedBy({ args: [...args], options, allowPositionals: true, strict: true }, command)
  const given = values as Given
  checkChoices(command, given)
  if (positionals.length > command.mostOperands && given['help'] !== true) {
    const problem = `${command.name} takes ${command.mostOperands} input${command.mostOperands === 1 ? '' : 's'}, not ${positionals.length}`
    throw cliError('CLI_USAGE', { problem, command: command.name })
  }
  return { operands: positionals, given }
}

function parsedBy(config: ParseArgsConfig, command: Command) {
  try {
    return parseArgs(config)
  } catch (error) {
    // The first sentence says what is wrong; the others how Node would have it.
    const [problem = ''] = String((error as Error).message).split(/\.\s|\n/)
    throw cliError('CLI_USAGE', { problem, command: command.name })
  }
}

function checkChoices({ name: command, options }: Command, given: Given): void {
  for (const { name, choices } of options) {
    const value = given[name]
    if (choices === undefined || value === undefined || choices.includes(String(value))) continue
    throw cliError('CLI_USAGE', { problem: `--${name} is "${value}"; it must be ${choices.join(', ')}`, command })
  }
}
