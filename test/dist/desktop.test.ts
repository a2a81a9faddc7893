// docs/guides/desktop.md, line by line: the samples as files, the commands in a shell, and what they make started where
// nothing else is.
import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { BROWSER_ARGS, findBrowser } from '../../scripts/browser.js'
import { findRuntime } from '../../scripts/runtimes.js'
import { Messenger, P2P } from '../../src/p2p/index.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'
import { type Consumer, makeConsumer } from './consumer.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const GUIDE = readFileSync(join(ROOT, 'docs/guides/desktop.md'), 'utf8')
const run = promisify(execFile)

const blocksOf = (language: string) =>
  [...GUIDE.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text!)

const [bundling = '', executable = '', byBun = ''] = blocksOf('sh')

let consumer: Consumer
beforeAll(async () => {
  consumer = await makeConsumer()
  const [main = '', page = ''] = blocksOf('ts')
  consumer.write('main.ts', main)
  consumer.write('page.ts', page)
  consumer.write('sea.json', blocksOf('json')[0]!)
  // As if esbuild and postject had been installed here.
  symlinkSync(join(ROOT, 'node_modules', '.bin'), join(consumer.folder, 'node_modules', '.bin'))
  await shell(bundling)
}, 120_000)
afterAll(() => consumer?.remove())

function shell(commands: string, path = dirname(process.execPath)) {
  const env = { ...process.env, PATH: `${path}${delimiter}${process.env['PATH']}` }
  return run('/bin/sh', ['-ec', commands], { cwd: consumer.folder, env, timeout: 100_000 })
}

interface Started {
  readonly address: URL
  /** With its exit code. */
  readonly gone: Promise<number | null>
}

/** Starts it in an empty folder; the first thing that it says is the address of its page. */
async function started(command: string, args: readonly string[] = []): Promise<Started> {
  const cwd = mkdtempSync(join(tmpdir(), 'godot-wire-desktop-'))
  const child = spawn(command, [...args, '--no-window'], { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = new Promise<number | null>((resolve) => child.once('close', resolve))
  onTestFinished(async () => {
    child.kill()
    await gone
    rmSync(cwd, { recursive: true })
  })
  for await (const line of createInterface({ input: child.stdout })) return { address: new URL(line), gone }
  return expect.unreachable('it ended without a word')
}

/** What the page does, from here. */
async function talk(address: URL): Promise<string> {
  const steamId = 76561198000000002n
  const transport = new WebSocketTransport({ steamId })
  const game = await transport.open(address.href.replace('http', 'ws'))
  const p2p = new P2P({ steamId, transport })
  const messenger = new Messenger(p2p)
  messenger.send(game, { message: 'hello' })
  for (let heard = messenger.poll(); ; heard = messenger.poll()) {
    if (heard[0]) {
      p2p.close()
      return String(heard[0].value)
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

async function check({ address }: Started): Promise<void> {
  const page = await (await fetch(address)).text()
  expect(page).toMatch(/^<!doctype html><title>My game<\/title><body><script>/)
  // The package is in it.
  expect(page).toContain('sendP2PPacket')
  expect((await fetch(new URL('/', address))).status).toBe(403)
  expect(await talk(address)).toBe('{ "message": "you said", "what": { "message": "hello" } }')
  const stranger = new WebSocketTransport({ steamId: 76561198000000003n })
  await expect(stranger.open(`ws://${address.host}/`)).rejects.toMatchObject({ code: 'TRANSPORT_CONNECT_FAILED' })
  stranger.close()
}

describe.runIf(process.platform === 'linux')('the desktop program of the guide', () => {
  it('runs as a script, and lets nobody in without its key', async () => {
    await check(await started(process.execPath, [join(consumer.folder, 'app.cjs')]))
  })

  const browser = findBrowser()
  it.runIf(browser !== undefined)(
    `its page speaks with it${browser ? '' : ' (SKIPPED: no Chromium)'}, and closed ends it`,
    async () => {
      const { address, gone } = await started(process.execPath, [join(consumer.folder, 'app.cjs')])
      const window = await chromium.launch({ executablePath: browser!, args: BROWSER_ARGS })
      const page = await window.newPage()
      await page.goto(address.href)
      const said = '{ "message": "you said", "what": { "message": "hello" } }'
      await page.getByText(said).waitFor()
      await page.reload()
      await page.getByText(said).waitFor()
      await window.close()
      expect(await gone).toBe(0)
    },
  )

  it('is one executable by Node', async () => {
    await shell(executable)
    await check(await started(join(consumer.folder, 'game')))
  }, 120_000)

  const bun = findRuntime('bun')
  it.runIf(bun !== undefined)(
    `is one executable by Bun${bun === undefined ? ' (SKIPPED: there is none)' : ''}`,
    async () => {
      await shell(byBun, dirname(bun!))
      await check(await started(join(consumer.folder, 'game-by-bun')))
    },
  )
})
