// Programs of this machine.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The file that a command stands for; undefined when there is none. */
export function onPath(command: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const file = join(folder, command)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {
      // Not in this folder.
    }
  }
  return undefined
}
