// How the shell blocks of the documents are run.
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { type Consumer, makeConsumer } from '../dist/consumer.js'
import { type Edits, edited, type Place } from '../documents.js'
import { Shell } from './shell.js'
import { describeWith } from './with-engine.js'

/** How a test asks for what it needs. */
export type Guard = (name: string, run: () => Promise<void>) => void

export interface Row extends Place {
  readonly guard: Guard
  readonly run: (block: string) => Promise<void>
}

export const plainly: Guard = (name, run) => it(name, run)
export const withGodot: Guard = (name, run) => describeWith('godot4', name, () => it('runs', run))

export function openShell(installed?: string): Shell {
  const shell = new Shell(installed)
  onTestFinished(() => shell.remove())
  return shell
}

let consumer: Promise<Consumer> | undefined
afterAll(async () => (await consumer)?.remove())

/** A folder with the package in its `node_modules`, as it is installed from the tarball. */
export async function installedFolder(): Promise<string> {
  consumer ??= makeConsumer()
  return (await consumer).folder
}

/** A block that runs to its end: what it prints, and what npm was told. */
export function ends(edits: Edits, prints: readonly (string | RegExp)[], npmCalls: readonly string[]): Row['run'] {
  return async (block) => {
    const shell = openShell()
    const printed = await shell.run(edited(block, edits))
    for (const one of prints) expect(printed).toMatch(one)
    expect(shell.npmCalls).toEqual(npmCalls)
  }
}

/** A block that runs until Ctrl+C: the lines that it says first, and what to do with them. */
export function starts(
  edits: Edits,
  says: readonly string[],
  use: (lines: string[]) => unknown = () => {},
): Row['run'] {
  return async (block) => {
    const program = openShell().start(edited(block, edits))
    const lines: string[] = []
    for (const text of says) lines.push(await program.line(text))
    await use(lines)
    program.interrupt()
    await program.exited
  }
}
