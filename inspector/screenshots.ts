// The pictures of docs/inspector.md, from a real game over a network that loses: npx tsx inspector/screenshots.ts [folder]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { BROWSER_ARGS, findBrowser } from '../scripts/browser.js'
import { openInspector } from '../src/inspect/node/index.js'
import { P2P, P2P_SEND_RELIABLE, P2P_SEND_UNRELIABLE } from '../src/p2p/index.js'
import { MemoryNetwork } from '../src/transport/index.js'
import { Vector3, varToBytes } from '../src/variant/index.js'

const IDS = [76561197960265729n, 76561197960265730n, 76561197960265731n] as const
const TICK_MS = 16
/** Long enough for a line in the plot. */
const LIVE_MS = 45_000

interface Look {
  readonly colorScheme: 'light' | 'dark'
  readonly viewport: { readonly width: number; readonly height: number }
}

async function pageIn(browser: Browser, look: Look): Promise<Page> {
  return (await browser.newContext({ ...look, deviceScaleFactor: 1.5 })).newPage()
}

async function bytesPicture(browser: Browser, file: string, path: string): Promise<void> {
  const page = await pageIn(browser, { colorScheme: 'light', viewport: { width: 1180, height: 700 } })
  await page.goto(`file://${file}`)
  await page.getByRole('button', { name: 'Example' }).click()
  await page.getByRole('tree').getByText('Vector2(1, 0.5)').click()
  await page.screenshot({ path })
}

/** Three peers: a server that both clients tell where they are, and that tells them where all are. */
function startGame(inspector: Awaited<ReturnType<typeof openInspector>>): () => void {
  const network = new MemoryNetwork({ seed: 1, latencyMs: 20, jitterMs: 8, loss: 0.02 })
  const [server, ann, bob] = IDS.map((id, i) => {
    const options = { steamId: id, transport: network.transport(id) }
    return i === 0 ? inspector.p2p(options, 'server') : new P2P(options)
  }) as [P2P, P2P, P2P]
  server.on('p2p_session_request', (id) => server.acceptP2PSessionWithUser(id))
  let tick = 0
  const timer = setInterval(() => {
    tick++
    const at = new Vector3(Math.round(10 * Math.sin(tick / 40)), 0, tick % 50)
    ann.sendP2PPacket(IDS[0], varToBytes({ tick, at, keys: ['left', 'jump'] }), P2P_SEND_RELIABLE, 0)
    if (tick % 2 === 0) bob.sendP2PPacket(IDS[0], varToBytes({ tick, at }), P2P_SEND_UNRELIABLE, 1)
    for (const id of IDS.slice(1)) {
      server.sendP2PPacket(id, varToBytes({ tick, players: [at, at] }), P2P_SEND_UNRELIABLE, 2)
    }
    for (const peer of [server, ann, bob]) {
      for (const channel of [0, 1, 2]) while (peer.isP2PPacketAvailable(channel)) peer.readP2PPacket(1_200, channel)
    }
  }, TICK_MS)
  return () => {
    clearInterval(timer)
    for (const peer of [server, ann, bob]) peer.close()
  }
}

async function livePicture(browser: Browser, file: string, path: string): Promise<void> {
  const inspector = await openInspector({ page: file })
  const stop = startGame(inspector)
  const page = await pageIn(browser, { colorScheme: 'dark', viewport: { width: 1280, height: 960 } })
  await page.goto(inspector.url)
  await page.waitForTimeout(LIVE_MS)
  await page.getByRole('listbox').focus()
  for (const key of ['End', 'ArrowUp']) await page.keyboard.press(key)
  await page.locator('#live .tree-row:visible').first().waitFor()
  await page.screenshot({ path })
  await page.close()
  stop()
  await inspector.close()
}

async function main([folder = fileURLToPath(new URL('../docs/images', import.meta.url))]: readonly string[]) {
  const out = mkdtempSync(join(tmpdir(), 'godot-wire-pictures-'))
  const executablePath = findBrowser()
  if (executablePath === undefined) throw new Error('there is no Chromium: apt-get install chromium')
  const browser = await chromium.launch({ executablePath, args: BROWSER_ARGS, headless: true })
  try {
    await build({ configFile: fileURLToPath(new URL('./vite.config.ts', import.meta.url)), build: { outDir: out } })
    const file = join(out, 'inspector.html')
    await bytesPicture(browser, file, join(folder, 'inspector-bytes.png'))
    await livePicture(browser, file, join(folder, 'inspector-live.png'))
  } finally {
    await browser.close()
    rmSync(out, { recursive: true, force: true })
  }
}

await main(process.argv.slice(2))
