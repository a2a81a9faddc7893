/**
 * What goes wrong deep inside a value, on its way up to the public function that makes an error of it. Each container
 * that it passes adds where inside it happened, so the way down costs nothing. It is no Error: it never leaves the room,
 * and has no stack to be captured.
 */
import { type ErrorFacts, type GodotWireError, isGodotWireError } from '../errors.js'
import { VARIANT_ERRORS, type VariantErrorCode, variantError } from './errors.js'
import { type PathStep, pathText } from './path.js'

/** Makes the error of a code out of the table that has it. */
type MakeError = (code: never, facts: ErrorFacts) => GodotWireError<VariantErrorCode>

export class Fault {
  /** From the inside out. */
  readonly steps: PathStep[] = []
  /** On encoding, the containers on the way up from where it was too deep. */
  #passed: Set<object> | undefined

  constructor(
    public code: VariantErrorCode,
    readonly facts: ErrorFacts,
    readonly makeError: MakeError = variantError,
  ) {}

  /** A container that is met twice on the way up contains itself, which says more than that it was too deep. */
  pass(container: object): void {
    if (this.code !== 'VARIANT_TOO_DEEP') return
    this.#passed ??= new Set()
    if (this.#passed.has(container)) this.code = 'VARIANT_CYCLE'
    this.#passed.add(container)
  }
}

/** Throws a fault; the public function that was called turns it into an error with its path. */
export function fail(code: keyof typeof VARIANT_ERRORS, facts: ErrorFacts = {}): never {
  throw new Fault(code, facts)
}

/**
 * Adds a step to what was thrown below and throws it on. What is not of this room passes as it is.
 *
 * @param written the container that was being written
 */
export function failAt(thrown: unknown, step: PathStep, written?: object): never {
  const fault = asFault(thrown)
  fault?.steps.push(step)
  if (written) fault?.pass(written)
  throw fault ?? thrown
}

/** An error that a value class threw, its mapKey for one, is a fault of the value around it. */
function asFault(thrown: unknown): Fault | undefined {
  if (thrown instanceof Fault) return thrown
  if (isGodotWireError(thrown) && thrown.code in VARIANT_ERRORS) {
    return new Fault(thrown.code as VariantErrorCode, thrown.facts)
  }
  return undefined
}

/** The error for what was thrown; undefined where it is none of this room's. */
export function errorOf(thrown: unknown): GodotWireError<VariantErrorCode> | undefined {
  const fault = asFault(thrown)
  if (fault === undefined) return undefined
  const { code, facts, steps } = fault
  return fault.makeError(code as never, steps.length === 0 ? facts : { ...facts, path: pathText(steps) })
}
