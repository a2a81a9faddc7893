/** What `--help` prints. */
import type { Command, OptionSpec } from './command.js'

const INPUTS = `An input is hex or base64 as an argument, @file, or standard input (also: -).`

const EXITS = `Exit codes: 0 done, 1 a difference (diff, demo, compile --check), 2 wrong command line, 3 broken input, 4 no such file.`

export function helpOf(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  return [
    'Usage: godot-wire <command> [options]',
    '',
    "Reads and writes Godot's Variant bytes.",
    '',
    'Commands:',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'Examples:',
    ...commands.map(({ examples }) => `  ${examples[0]?.[0] ?? ''}`),
    '',
    INPUTS,
    EXITS,
    'Colours are for terminals; --no-color and NO_COLOR=1 turn them off, FORCE_COLOR=1 turns them on.',
    '`godot-wire <command> --help` says more; `godot-wire --version` which version this is.',
  ].join('\n')
}

export function helpOfCommand(command: Command): string {
  const rows = [...command.options, ...EVERYWHERE].map((option) => [optionText(option), option] as const)
  const width = Math.max(...rows.map(([text]) => text.length))
  return [
    `Usage: godot-wire ${command.name} [options] ${command.operands}`,
    '',
    `${command.summary[0]?.toUpperCase()}${command.summary.slice(1)}.`,
    '',
    'Options:',
    ...rows.map(([text, option]) => `  ${text.padEnd(width)}  ${option.help}${choicesText(option)}`),
    '',
    'Examples:',
    ...command.examples.flatMap(([line, what]) => [`  ${line}`, `      ${what}`]),
    '',
    INPUTS,
    EXITS,
  ].join('\n')
}

export const HELP: OptionSpec = { name: 'help', short: 'h', help: 'print this' }

const NO_COLOR: OptionSpec = { name: 'no-color', help: 'no colours, on terminals either' }

/** Options of every command. */
export const EVERYWHERE: readonly OptionSpec[] = [NO_COLOR, HELP]

function optionText({ name, short, value }: OptionSpec): string {
  return `${short ? `-${short}, ` : '    '}--${name}${value ? ` <${value}>` : ''}`
}

function choicesText({ choices, usual }: OptionSpec): string {
  const parts = [...(choices ? [choices.join(', ')] : []), ...(usual === undefined ? [] : [`default ${usual}`])]
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`
}
