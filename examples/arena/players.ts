// Players: the Godot project of this folder with the addon unpacked into it, in windows or as bots without one.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unzipSync } from 'fflate'
import type { Engine } from '../../scripts/engines.js'
import { packAddon } from '../../scripts/pack-addon.js'
import { type RunningEngine, spawnEngine } from '../../scripts/run-engine.js'

const DAY_MS = 24 * 60 * 60 * 1000

/** The game as a user would install it, made anew in `folder`. */
export function assembleGame(folder: string): string {
  rmSync(folder, { recursive: true, force: true })
  cpSync(fileURLToPath(new URL('godot', import.meta.url)), folder, { recursive: true })
  for (const [path, bytes] of Object.entries(unzipSync(packAddon('godot_wire')))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
  return folder
}

export interface Seat {
  readonly url: string
  readonly id: bigint
  readonly name: string
  /** Plays by itself, without a window. */
  readonly bot: boolean
}

/** Starts one player. */
export function startPlayer(engine: Engine, game: string, { url, id, name, bot }: Seat): RunningEngine {
  const shown = bot ? engine : { ...engine, args: engine.args.filter((word) => word !== '--headless') }
  const args = [`--url=${url}`, `--id=${id}`, `--name=${name}`, ...(bot ? ['--bot=1'] : [])]
  return spawnEngine(shown, { project: game, script: 'res://play.gd', args, timeoutMs: DAY_MS })
}
