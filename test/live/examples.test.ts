// examples/node-server by its own command, and examples/browser-client as Vite builds it, in two real pages of Chromium.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { build, preview } from 'vite'
import { afterEach, describe, expect, it } from 'vitest'
import { BROWSER_ARGS } from '../../scripts/browser.js'
import { P2P } from '../../src/p2p/index.js'
import { Messenger } from '../../src/p2p/messenger.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'
import { type Dictionary, Vector2, varToBytes } from '../../src/variant/index.js'
import { until } from '../until.js'
import { itInBrowser } from './in-browser.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CONFIG = join(ROOT, 'examples/browser-client/vite.config.ts')
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

/** A script of package.json in a process of its own, and the first line that fits what it should say. */
async function startScript(name: string, args: readonly string[], says: RegExp): Promise<Started> {
  const [command, ...words] = scripts[name]!.split(' ')
  expect(command).toBe('tsx')
  const tsx = join(ROOT, 'node_modules/tsx/dist/cli.mjs')
  const child = spawn(process.execPath, [tsx, ...words, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  cleanups.push(() => ended(child))
  let output = ''
  const match = await new Promise<RegExpExecArray>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        output += text
        const found = says.exec(output)
        if (found) resolve(found)
      })
    }
    child.once('close', () => reject(new Error(`it ended and said: ${output}`)))
  })
  return { match, output: () => output }
}

interface Started {
  readonly match: RegExpExecArray
  readonly output: () => string
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const end = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGTERM')
  await end
}

async function player(url: string, steamId: bigint) {
  const transport = new WebSocketTransport({ steamId })
  const server = await transport.open(url)
  const p2p = new P2P({ steamId, transport })
  cleanups.push(() => p2p.close())
  const talk = new Messenger(p2p)
  const motion = new Messenger(p2p, { channel: 1 })
  return { p2p, server, talk, motion, send: (value: object) => talk.send(server, value as never) }
}

/** The first message that fits; the test's own time limit ends a wait in vain. */
async function heard(messenger: Messenger, fits: (value: Dictionary) => boolean): Promise<Dictionary> {
  for (;;) {
    for (const { value } of messenger.poll()) if (fits(value as Dictionary)) return value as Dictionary
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const LISTENING = /listening at (ws:\S+);/

describe('examples/node-server', () => {
  it('lets players in, moves them, passes chat on, and survives what is no request', async () => {
    const server = await startScript('node-server', ['0'], LISTENING)
    const [annId, bobId] = [76561198000000011n, 76561198000000012n]
    const [ann, bob] = [await player(server.match[1]!, annId), await player(server.match[1]!, bobId)]
    ann.send({ message: 'join', name: 'Ann' })
    // One after the other: the links of two players do not say which is the first.
    await heard(ann.talk, (value) => (value.get('names') as Dictionary)?.size === 1)
    bob.send({ message: 'join', name: 'Bob' })
    const { names } = (await heard(ann.talk, (value) => (value.get('names') as Dictionary)?.size === 2)).toObject()
    expect([...(names as Dictionary).entries()]).toEqual([
      [annId, 'Ann'],
      [bobId, 'Bob'],
    ])

    bob.p2p.sendP2PPacket(bob.server, varToBytes({ message: 'move', to: new Vector2(Number.NaN, 0) }), 2)
    bob.p2p.sendP2PPacket(bob.server, Uint8Array.of(1, 2, 3), 2)
    bob.send({ message: 'move', to: new Vector2(1e9, -5) })
    const placeOfBob = (value: Dictionary) => (value.get('places') as Vector2[])[1]
    const seen = await heard(ann.motion, (value) => placeOfBob(value)?.x === 640)
    expect(seen.get('ids')).toEqual(BigInt64Array.of(annId, bobId))
    expect(placeOfBob(seen)).toEqual(new Vector2(640, 0))
    // What it prints comes on another way than its packets.
    await until(() => server.output().match(/76561198000000012 sent what is no request: \S/g)?.length === 2)

    bob.send({ message: 'chat', text: 'hello' })
    const said = await heard(ann.talk, (value) => value.has('text'))
    expect(said.toObject()).toEqual({ from: 'Bob', text: 'hello' })

    bob.p2p.close()
    await heard(ann.talk, (value) => (value.get('names') as Dictionary)?.size === 1)
    await until(() => server.output().includes('Bob left'))
  })
})

/** The page as users get it: built, and served by Vite. */
async function buildPage(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'godot-wire-page-'))
  cleanups.push(() => rmSync(outDir, { recursive: true, force: true }))
  const settings = { configFile: CONFIG, logLevel: 'warn' as const }
  await build({ ...settings, build: { outDir, emptyOutDir: true } })
  const served = await preview({ ...settings, build: { outDir }, preview: { port: 0, host: '127.0.0.1' } })
  cleanups.push(() => served.close())
  return served.resolvedUrls!.local[0]!
}

async function openBrowser(executablePath: string): Promise<BrowserContext> {
  const profile = mkdtempSync(join(tmpdir(), 'godot-wire-profile-'))
  cleanups.push(() => rmSync(profile, { recursive: true, force: true }))
  const options = { executablePath, args: BROWSER_ARGS, headless: true, viewport: { width: 720, height: 760 } }
  const browser = await chromium.launchPersistentContext(profile, options)
  cleanups.push(() => browser.close())
  return browser
}

async function joinAs(browser: BrowserContext, url: string, name: string, problems: string[]): Promise<Page> {
  const page = await browser.newPage()
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  await page.goto(url)
  await page.getByLabel('Your name').fill(name)
  await page.getByRole('button', { name: 'Join' }).click()
  return page
}

/** The colour in the middle of the dot that would be there, as red, green and blue. */
function colourAt(page: Page, x: number, y: number): Promise<number[]> {
  return page.evaluate(
    ([x, y]) => {
      const pen = document.querySelector('canvas')!.getContext('2d')!
      return [...pen.getImageData(x!, y!, 1, 1).data].slice(0, 3)
    },
    [x, y],
  )
}

const [OWN, OTHER] = [
  [194, 65, 12],
  [37, 99, 235],
]

describe('examples/browser-client', () => {
  itInBrowser('joins the server, and two pages see each other', async (executablePath) => {
    const { match } = await startScript('node-server', ['0'], LISTENING)
    const url = `${await buildPage()}?server=${encodeURIComponent(match[1]!)}`
    const browser = await openBrowser(executablePath)
    const problems: string[] = []
    const ann = await joinAs(browser, url, 'Ann', problems)
    await ann.getByText('1 on the field.').waitFor()
    await ann.locator('canvas').click({ position: { x: 150, y: 120 } })
    const bob = await joinAs(browser, url, 'Bob', problems)
    await bob.getByText('2 on the field.').waitFor()
    await bob.getByLabel('Say').fill('hello from a page')
    await bob.getByRole('button', { name: 'Send' }).click()
    await ann.bringToFront()
    await ann.getByText('Bob: hello from a page').waitFor()

    const [scaled] = await ann.locator('canvas').evaluateAll((all) => all.map((one) => 640 / one.clientWidth))
    const [x, y] = [150 * scaled!, 120 * scaled!]
    await expect.poll(() => colourAt(ann, x, y)).toEqual(OWN)
    await expect.poll(() => colourAt(ann, 320, 200)).toEqual(OTHER)
    expect(problems).toEqual([])
    const picture = process.env['EXAMPLE_PICTURE']
    if (picture) await ann.screenshot({ path: picture })
  })

  it('comes up by one command, page and server', async () => {
    const { match } = await startScript('browser-client', ['0'], /open (http:\S+) in two windows/)
    const html = await (await fetch(match[1]!)).text()
    expect(html).toContain('<title>godot-wire in a page</title>')
    const script = await (await fetch(new URL('/main.ts', match[1]!))).text()
    expect(script).toMatch(/from "\/@fs\/.*\/src\/index\.ts"/)
  })
})
