import { isGodotWireError } from '../../src/errors.js'

/** The code of one of our errors; any other error is thrown on, for it is a bug. */
export function codeOf(error: unknown): string {
  if (isGodotWireError(error)) return error.code
  throw error
}

/** The code that a call throws with, or undefined where it does not throw. */
export function codeFrom(call: () => unknown): string | undefined {
  try {
    call()
    return undefined
  } catch (error) {
    return codeOf(error)
  }
}
