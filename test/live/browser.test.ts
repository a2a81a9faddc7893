// A page in a real browser joins a TypeScript server: the browser's own WebSocket, and the code that browsers get.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { expect, it } from 'vitest'
import { BROWSER_ARGS, findBrowser } from '../../scripts/browser.js'
import { P2P, P2P_SEND_RELIABLE } from '../../src/p2p/index.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'

const SERVER = 76561198000000001n
const browserPath = findBrowser()

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./browser-page.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    external: ['ws'],
  })
  return outputFiles[0]!.text
}

/** Sends every packet back on its channel. */
async function startEcho() {
  const transport = new WebSocketTransport({ steamId: SERVER })
  const { url } = await transport.listen({ host: '127.0.0.1', port: 0 })
  const p2p = new P2P({ steamId: SERVER, transport })
  p2p.on('p2p_session_request', (id) => p2p.acceptP2PSessionWithUser(id))
  const timer = setInterval(() => {
    while (p2p.isP2PPacketAvailable(1)) {
      const { data, remote_steam_id } = p2p.readP2PPacket(1 << 20, 1)
      if (data) p2p.sendP2PPacket(remote_steam_id, data, P2P_SEND_RELIABLE, 1)
    }
  }, 1)
  return {
    url,
    close() {
      clearInterval(timer)
      p2p.close()
    },
  }
}

async function servePage(script: string) {
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? script : '<!doctype html><title>godot-wire</title><script src="/page.js"></script>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() }
}

async function joinFromPage(executablePath: string) {
  const profile = mkdtempSync(join(tmpdir(), 'godot-wire-profile-'))
  const echo = await startEcho()
  const site = await servePage(await bundle())
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: BROWSER_ARGS,
    headless: true,
  })
  try {
    const page = await browser.newPage()
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(String(error)))
    await page.goto(site.url)
    const result = await page.evaluate(
      (url) => (globalThis as unknown as { join(url: string): Promise<Record<string, unknown>> }).join(url),
      echo.url,
    )
    const logged: string[] = []
    page.on('console', (message) => logged.push(message.text()))
    const shown = await page.evaluate(() => (globalThis as unknown as { show(): string[] }).show())
    return { ...result, problems, shown, logged }
  } finally {
    await browser.close()
    site.close()
    echo.close()
    rmSync(profile, { recursive: true, force: true })
  }
}

if (browserPath !== undefined) {
  it('a page in Chromium joins as a peer and gets every packet back', async () => {
    const result = await joinFromPage(browserPath)
    expect(result).toMatchObject({ sent: 51, back: 51, equal: 51, problems: [] })
    expect(result.shown).toEqual([
      '{ "pos": Vector3(1, 2.5, 3), Vector2i(1, 2): [1152921504606846976, StringName("hp")] }',
      '{"pos":"Vector3(1, 2.5, 3)","Vector2i(1, 2)":["1152921504606846976","hp"]}',
      'true',
      '[object Dictionary]',
    ])
    expect(result.logged).toEqual(['Vector3'])
    expect((result as { text?: string }).text).toMatch(/^\{ "n": 49, "value": /)
  })
} else if (process.env['CI'] === 'true') {
  it('a page in Chromium joins as a peer', () => {
    throw new Error('there is no Chromium, and CI must have one: apt-get install chromium')
  })
} else {
  it.skip('a page in Chromium joins as a peer (SKIPPED: no Chromium; apt-get install chromium)', () => {})
}
