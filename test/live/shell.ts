// A shell for the commands of the documents. npm and SteamCMD are stand-ins in it, as far as stand-ins/ says.
import { execFile } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { onPath } from '../../scripts/on-path.js'
import { type Child, startLine } from '../steam/child.js'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const STAND_INS = fileURLToPath(new URL('stand-ins', import.meta.url))
const LONGEST_MS = 110_000
const run = promisify(execFile)

/** The text of a file of the project. */
export const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

/** What npm tells the scripts that it runs, as it may run these tests, and git its hooks; and a display for windows. */
const OF_OTHERS = /^(npm_|INIT_CWD$|GIT_|DISPLAY$|WAYLAND_DISPLAY$)/i

export class Shell {
  /** A folder of its own, which is also where temporary files go. */
  readonly folder = mkdtempSync(join(tmpdir(), 'godot-wire-shell-'))
  readonly home = join(this.folder, 'home')
  readonly #bin = join(this.folder, 'bin')
  readonly #calls = join(this.folder, 'npm-calls')

  /** @param installed the `node_modules` with the package, for `npm install` */
  constructor(private readonly installed = '') {
    for (const folder of [this.home, this.#bin]) mkdirSync(folder)
    for (const name of readdirSync(STAND_INS)) {
      copyFileSync(join(STAND_INS, name), join(this.#bin, name))
      chmodSync(join(this.#bin, name), 0o755)
    }
  }

  /** Runs a block to its end and answers what it printed; an exit code but 0 is an error. */
  async run(block: string, cwd = ROOT): Promise<string> {
    const { stdout } = await run('bash', ['-ec', block], { cwd, env: this.#env(), timeout: LONGEST_MS })
    return stdout
  }

  /** Starts what runs until it is told to end. */
  start(line: string, cwd = ROOT): Child {
    return startLine(line, { cwd, env: this.#env() })
  }

  /** What npm was told, call by call. */
  get npmCalls(): string[] {
    return existsSync(this.#calls) ? readFileSync(this.#calls, 'utf8').trimEnd().split('\n') : []
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  #env(): NodeJS.ProcessEnv {
    return {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !OF_OTHERS.test(name))),
      PATH: [this.#bin, process.env['PATH']].join(delimiter),
      HOME: this.home,
      XDG_CONFIG_HOME: this.home,
      TMPDIR: this.folder,
      FORCE_COLOR: '0',
      // What is not here is missed, not fetched.
      npm_config_offline: 'true',
      npm_config_update_notifier: 'false',
      REAL_NPM: onPath('npm'),
      NPM_CALLS: this.#calls,
      NPM_FOLDER: join(this.folder, 'npm-ci'),
      MODULES: join(ROOT, 'node_modules'),
      INSTALLED: this.installed,
    }
  }
}
