// Wireshark without a window, with the project's dissector.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { itUnless, lackOf } from './needs.js'

const run = promisify(execFile)

export const SCRIPT = fileURLToPath(new URL('../../wireshark/godot_wire.lua', import.meta.url))

const MISSING = lackOf('tshark')

/** `it`, with tshark. */
export function itInWireshark(name: string, test: () => Promise<void>): void {
  itUnless(MISSING, name, test)
}

/** A folder of its own for files and for Wireshark's settings, of which there are none. */
export class Wireshark {
  readonly folder = mkdtempSync(join(tmpdir(), 'godot-wire-tshark-'))

  write(name: string, bytes: Uint8Array): string {
    writeFileSync(join(this.folder, name), bytes)
    return join(this.folder, name)
  }

  /** What tshark prints of a file; what it says beside that, but for its warning to root, must be nothing. */
  async read(file: string, ...args: string[]): Promise<string> {
    const all = ['-r', file, '-X', `lua_script:${SCRIPT}`, ...args]
    const env = { ...process.env, HOME: this.folder, XDG_CONFIG_HOME: this.folder, TZ: 'UTC', LC_ALL: 'C.UTF-8' }
    const { stdout, stderr } = await run('tshark', all, { cwd: this.folder, env, maxBuffer: 512 << 20 })
    const said = stderr.replace(/^Running as user "root".*\n/m, '').trim()
    if (said !== '') throw new Error(`tshark says: ${said}`)
    return stdout
  }

  /** Fields of each packet that has the first of them. Values of one packet stand side by side. */
  async fields(file: string, ...names: string[]): Promise<string[][]> {
    const columns = names.flatMap((name) => ['-e', name])
    const printed = await this.read(file, '-Y', names[0]!, '-T', 'fields', '-E', 'aggregator=;', ...columns)
    return printed
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split('\t'))
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
