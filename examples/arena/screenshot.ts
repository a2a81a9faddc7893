// Takes the pictures of the documentation: the spectator's page in Chromium, and a player's window in a virtual display
// (Xvfb with Mesa's software renderer, where they are installed). Both watch the same bots in real Godots.
//
//   npx tsx examples/arena/screenshot.ts
import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { BROWSER_ARGS, findBrowser } from '../../scripts/browser.js'
import { type Engine, getEngine, isEngine } from '../../scripts/engines.js'
import { assembleGame, startPlayer } from './players.js'
import { startArena } from './server.js'
import { startWeb } from './web.js'

const FIRST_ID = 76561198000000010n
const BOTS = ['Bo', 'Cleo', 'Dan']
const SYSTEM_LIBRARIES = '/usr/lib/x86_64-linux-gnu'

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))

/** The engine's arguments for a window; one that was unpacked beside the system borrows the system's OpenGL. */
function windowed(engine: Engine): string[] {
  const args = engine.args.filter((word) => word !== '--headless')
  const at = args.indexOf('--library-path') + 1
  if (at > 0) args[at] += `:${SYSTEM_LIBRARIES}`
  return [...args, '--rendering-driver', 'opengl3', '--display-driver', 'x11', '--audio-driver', 'Dummy']
}

/** Plays for five seconds in a window that nobody sees, and keeps the last frame. False where there is no Xvfb. */
async function shootGame(engine: Engine, game: string, url: string, file: string): Promise<boolean> {
  if (spawnSync('xvfb-run', ['--help']).error) return false
  const folder = mkdtempSync(join(tmpdir(), 'godot-wire-frames-'))
  const movie = ['--write-movie', join(folder, 'frame.png'), '--fixed-fps', '30', '--quit-after', '150']
  const own = [`--url=${url}`, `--id=${FIRST_ID}`, '--name=Ada', '--bot=1']
  const args = [engine.command, ...windowed(engine), '--path', game, '-s', 'res://play.gd', ...movie, '--', ...own]
  const env = { ...process.env, LIBGL_ALWAYS_SOFTWARE: '1', LIBGL_DRIVERS_PATH: join(SYSTEM_LIBRARIES, 'dri') }
  const player = spawn('xvfb-run', ['-a', '-s', '-screen 0 1280x800x24', ...args], { env, timeout: 60_000 })
  await new Promise((resolve) => player.once('close', resolve))
  const frames = readdirSync(folder).filter((name) => name.endsWith('.png'))
  const last = frames.sort().at(-1)
  if (last) copyFileSync(join(folder, last), file)
  rmSync(folder, { recursive: true })
  return last !== undefined
}

async function shootPage(executablePath: string, url: string, file: string): Promise<void> {
  const browser = await chromium.launch({ executablePath, args: BROWSER_ARGS })
  try {
    const page = await browser.newPage({ viewport: { width: 1040, height: 820 }, deviceScaleFactor: 1 })
    await page.goto(url)
    // The bots have said something by then.
    await page.waitForFunction(() => document.querySelectorAll('li').length >= 7, undefined, { timeout: 30_000 })
    await page.screenshot({ path: file })
  } finally {
    await browser.close()
  }
}

const executablePath = findBrowser()
const engine = getEngine('godot4')
if (executablePath === undefined) throw new Error('there is no Chromium: apt-get install chromium')
if (!isEngine(engine)) throw new Error(engine.missing)
const server = await startArena()
const web = await startWeb(server.url)
const game = assembleGame(join(tmpdir(), 'godot-wire-arena-shot'))
const bots = BOTS.map((name, i) =>
  startPlayer(engine, game, { url: server.url, id: FIRST_ID + BigInt(i + 1), name, bot: true }),
)
try {
  const [isShot] = await Promise.all([
    shootGame(engine, game, server.url, here('game.png')),
    shootPage(executablePath, web.url, here('spectator.png')),
  ])
  console.log(here('spectator.png'))
  console.log(isShot ? here('game.png') : 'no picture of the game: apt-get install xvfb xauth libgl1-mesa-dri')
} finally {
  for (const bot of bots) await bot.kill()
  web.close()
  server.close()
}
