// The sample in examples/arena: two bots in real Godots, and the spectator's page in a real browser.
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { afterEach, expect } from 'vitest'
import { assembleGame, startPlayer } from '../../examples/arena/players.js'
import { startArena } from '../../examples/arena/server.js'
import { startWeb } from '../../examples/arena/web.js'
import { BROWSER_ARGS } from '../../scripts/browser.js'
import { engineErrors } from './addon-project.js'
import { itInBrowser } from './in-browser.js'
import { describeWith } from './with-engine.js'

const NAMES = ['Ada', 'Bo']

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

describeWith('godot4', 'the arena', (engine) => {
  itInBrowser('bots move and write, and the page shows it', async (executablePath) => {
    const server = await startArena()
    ends.push(() => server.close())
    const web = await startWeb(server.url)
    ends.push(() => web.close())
    const folder = join(tmpdir(), `godot-wire-arena-${process.pid}`)
    const game = assembleGame(folder)
    ends.push(() => rmSync(folder, { recursive: true, force: true }))
    const players = NAMES.map((name, i) => {
      const player = startPlayer(engine, game, { url: server.url, id: 76561198000000010n + BigInt(i), name, bot: true })
      ends.push(() => player.kill())
      return player
    })
    const browser = await chromium.launch({ executablePath, args: BROWSER_ARGS })
    ends.push(() => browser.close())
    const page = await browser.newPage()
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(String(error)))
    await page.goto(web.url)
    await page.waitForFunction(() => document.querySelector('p')?.textContent?.startsWith('2 players'))
    const before = [...server.arena.actors.values()].map(({ place }) => place)
    await page.waitForFunction(() => {
      const names = [...document.querySelectorAll('li b')].map((name) => name.textContent?.trim())
      return ['Ada', 'Bo'].every((name) => names.includes(name))
    })
    const after = [...server.arena.actors.values()].map(({ place }) => place)
    for (const [i, place] of after.entries()) expect(place.x !== before[i]!.x || place.y !== before[i]!.y).toBe(true)
    const painted = await page.evaluate(() => {
      const canvas = document.querySelector('canvas')!
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
      return data.some((byte, i) => i % 4 === 3 && byte > 0)
    })
    expect(painted).toBe(true)
    // Whoever vanishes without a word has left when the server notices.
    await players[0]!.kill()
    await page.waitForFunction(() => document.querySelector('p')?.textContent?.startsWith('1 players'))
    expect(engineErrors(players[1]!)).toEqual([])
    expect(problems).toEqual([])
  })
})
