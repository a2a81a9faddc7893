/** What a command is. A new one is an object of this kind in commands.ts; help, parsing and errors come with it. */

export interface OptionSpec {
  readonly name: string
  readonly short?: string
  /** What stands for its value in the help; without one the option is a switch. */
  readonly value?: string
  /** What the value may be, where that is not open. */
  readonly choices?: readonly string[]
  /** The value where the option is left out. */
  readonly usual?: string
  readonly help: string
}

/** The options that were given: texts and switches by their names. */
export type Given = Readonly<Record<string, string | boolean | undefined>>

/** The world around a command, so that no command knows the process that it runs in. */
export interface World {
  /** The whole of standard input. Throws `CLI_NO_INPUT` where a person sits at it. */
  readonly readStdin: (limit: number) => Promise<Uint8Array>
  /** The whole of a file; undefined where there is none. */
  readonly readFile: (path: string, limit: number) => Promise<Uint8Array | undefined>
  readonly print: (text: string) => void
  readonly printBytes: (bytes: Uint8Array) => void
  /** For people, beside the output: goes to standard error. */
  readonly note: (text: string) => void
  /** How far long work is, 0 to 1; shown on a terminal alone. */
  readonly progress: (done: number, what: string) => void
  /** Milliseconds that only go forward. */
  readonly now: () => number
  /** Whether standard output takes colours. */
  readonly colours: boolean
}

export interface Command {
  readonly name: string
  readonly summary: string
  /** What stands behind the name: `[input]`. */
  readonly operands: string
  /** How many operands there may be at most. */
  readonly mostOperands: number
  readonly options: readonly OptionSpec[]
  /** Command lines as they are typed, with what they do. */
  readonly examples: readonly (readonly [line: string, what: string])[]
  /** @returns the exit code */
  readonly run: (operands: readonly string[], given: Given, world: World) => Promise<number>
}
