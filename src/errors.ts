/**
 * The one error class of the package. Check `error.code`, never `instanceof`: an ESM and a CJS copy of the package can
 * live in one process, and their classes differ.
 */
const BRAND = Symbol.for('godot-wire.error')

/** What an error knows besides its code: numbers and names, never a sentence. */
export type ErrorFacts = Readonly<Record<string, unknown>>

/**
 * Thrown, or reported through an event, by every room of the package.
 *
 * @example
 * ```ts
 * import { bytesToVar, isGodotWireError } from 'godot-wire'
 * try {
 *   bytesToVar(new Uint8Array([2, 0]))
 * } catch (error) {
 *   if (isGodotWireError(error, 'VARIANT_TRUNCATED')) console.log(error.offset) // 0
 * }
 * ```
 */
export class GodotWireError<Code extends string = string> extends Error {
  /** The same in every copy of the package, minified or not. */
  override readonly name = 'GodotWireError'
  /** Stable; its first word names the room: `VARIANT_TRUNCATED`. Each has a heading in docs/error-codes.md. */
  readonly code: Code
  /** The numbers and names in the message, for programs. */
  readonly facts: ErrorFacts

  /**
   * Made by the rooms; a program of yours needs it for tests of its own.
   *
   * @param code what `isGodotWireError` is asked for
   * @param message a sentence for people; the code is put behind it
   * @param facts the numbers and names of the sentence; `offset` and `path` among them are those of the error
   * @param cause what was thrown before, where there was something
   */
  constructor(code: Code, message: string, facts: ErrorFacts = {}, cause?: unknown) {
    super(`${message} [${code}]`, cause === undefined ? undefined : { cause })
    this.code = code
    this.facts = facts
  }

  /** Where in the input it happened, in bytes from its start, when there is such a place. */
  get offset(): number | undefined {
    const offset = this.facts['offset']
    return typeof offset === 'number' ? offset : undefined
  }

  /** Where in the value it happened: `$.ents[3].pos`. Undefined where there is no value around it. */
  get path(): string | undefined {
    const path = this.facts['path']
    return typeof path === 'string' ? path : undefined
  }

  /** @internal What `isGodotWireError` looks for. */
  get [BRAND](): true {
    return true
  }
}

/**
 * True for an error of this package, from whichever copy of it; with `code`, only for that code.
 *
 * @example
 * ```ts
 * isGodotWireError(error) && console.error(error.code, error.facts)
 * ```
 */
export function isGodotWireError<Code extends string>(error: unknown, code?: Code): error is GodotWireError<Code> {
  if (typeof error !== 'object' || error === null || !(BRAND in error)) return false
  return code === undefined || (error as { code?: unknown }).code === code
}

function place({ path }: ErrorFacts): string {
  return path === undefined ? '' : `, in ${path}`
}

/** A room's table: each code with the one place where its message is written. */
export type ErrorTable = Readonly<Record<string, (facts: ErrorFacts) => string>>

/**
 * Makes the error constructor of one room from its table, so that a message is written once and a code that is not in
 * the table does not compile.
 */
export function errorsOf<Table extends ErrorTable>(table: Table) {
  return <Code extends keyof Table & string>(code: Code, facts: ErrorFacts = {}, cause?: unknown) =>
    new GodotWireError<Code>(code, table[code]!(facts) + place(facts), facts, cause)
}
