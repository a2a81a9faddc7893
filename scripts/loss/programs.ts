import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/**
 * The programs of the other processes, each as one file: what is measured at the end is what was measured at the beginning,
 * and starts quickly.
 */
export class Programs {
  readonly peer: string
  readonly delay: string
  /** Of Node, before the name of a program. */
  readonly flags: readonly string[]
  readonly #folder: string

  /** `profile` is the folder for CPU profiles, where they are wanted. */
  static async build(profile?: string): Promise<Programs> {
    // Below the project, so that packages are found.
    const folder = mkdtempSync(join(fileURLToPath(new URL('../../node_modules', import.meta.url)), '.loss-'))
    const entries = ['peer', 'delay'].map((name) => fileURLToPath(new URL(`${name}.ts`, import.meta.url)))
    await build({
      entryPoints: entries,
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      packages: 'external',
      logLevel: 'error',
    })
    return new Programs(folder, profile)
  }

  private constructor(folder: string, profile: string | undefined) {
    this.#folder = folder
    this.flags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
    this.peer = join(folder, 'peer.mjs')
    this.delay = join(folder, 'delay.mjs')
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
