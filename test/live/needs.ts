// What a live test needs and a machine may lack: the test is skipped where it is missing, under a name that says so, and on
// CI it fails.
import { it } from 'vitest'
import { onPath } from '../../scripts/on-path.js'

/** What is missing, in words. */
export interface Lack {
  /** For the name of a test that is skipped. */
  readonly skipped: string
  /** For CI, which must have it. */
  readonly failed: string
}

/** What is missing without a command, and the package of Debian that brings it; undefined where the command is there. */
export function lackOf(command: string, debian = command): Lack | undefined {
  return onPath(command) === undefined ? lack(command, debian) : undefined
}

export function lack(program: string, debian: string): Lack {
  const install = `apt-get install ${debian}`
  return {
    skipped: `no ${program}; ${install}`,
    failed: `there is no ${program}, and CI must have one: ${install}`,
  }
}

/** `it`, where nothing is missing. */
export function itUnless(missing: Lack | undefined, name: string, run: () => Promise<void>, timeoutMs?: number): void {
  if (missing === undefined) it(name, run, timeoutMs)
  else if (process.env['CI'] === 'true') {
    it(name, () => {
      throw new Error(missing.failed)
    })
  } else it.skip(`${name} (SKIPPED: ${missing.skipped})`, () => {})
}
