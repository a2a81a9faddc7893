import { errorsOf } from '../errors.js'

/** What can go wrong around a command, beside what the rooms themselves refuse. Each is explained in docs/error-codes.md. */
export const CLI_ERRORS = {
  CLI_USAGE: (f) => `${f['problem']}; see: godot-wire ${f['command'] ? `${f['command']} ` : ''}--help`,
  CLI_NO_INPUT: (f) => `There is nothing to ${f['command']}: give it as an argument, as @file, or pipe it in`,
  CLI_FILE: (f) => `${f['path']} cannot be ${f['what'] ?? 'read'}: ${f['reason']}`,
  CLI_NOT_BYTES: (f) => `${f['what']} is neither hex nor base64${f['hint'] ? `; ${f['hint']}` : ''}`,
  CLI_BAD_JSON: (f) => `The input is not JSON: ${f['reason']}`,
  CLI_TOO_LARGE: (f) => `${f['what']} has more than the ${f['limit']} bytes of --limit`,
} as const satisfies Parameters<typeof errorsOf>[0]

export type CliErrorCode = keyof typeof CLI_ERRORS

export const cliError = errorsOf(CLI_ERRORS)

/** What a program that is run by others learns from how it ended. */
export const EXIT = {
  OK: 0,
  /** `diff`: the two are not the same. `demo`: something did not arrive as it was sent. */
  DIFFERENT: 1,
  /** The command line itself is wrong. */
  USAGE: 2,
  /** The input is not what it should be: broken bytes, a text or JSON that cannot be read. */
  BAD_INPUT: 3,
  /** A file cannot be read. */
  FILE: 4,
  /** Nothing can be listened for where it should be: another program has the port. */
  LISTEN: 5,
  /** A fault of this program: none of the above, so that nobody takes it for one. */
  FAULT: 70,
} as const
