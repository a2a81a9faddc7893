// A page in a real browser joins a TypeScript server: the browser's own WebSocket, and the code that browsers get.
import { expect } from 'vitest'
import { P2P, P2P_SEND_RELIABLE } from '../../src/p2p/index.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'
import { itInBrowser, withPage } from './in-browser.js'

const SERVER = 76561198000000001n

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

interface PageCalls {
  join(url: string): Promise<{ sent: number; back: number; equal: number; text: string }>
  show(): string[]
}

itInBrowser('a page in Chromium joins as a peer and gets every packet back', async (executablePath) => {
  const echo = await startEcho()
  try {
    const { result, problems } = await withPage(executablePath, 'browser-page.ts', async (page) => {
      const joined = await page.evaluate((url) => (globalThis as unknown as PageCalls).join(url), echo.url)
      const logged: string[] = []
      page.on('console', (message) => logged.push(message.text()))
      const shown = await page.evaluate(() => (globalThis as unknown as PageCalls).show())
      return { ...joined, shown, logged }
    })
    expect(problems).toEqual([])
    expect(result).toMatchObject({ sent: 51, back: 51, equal: 51 })
    expect(result.shown).toEqual([
      '{ "pos": Vector3(1, 2.5, 3), Vector2i(1, 2): [1152921504606846976, StringName("hp")] }',
      '{"pos":"Vector3(1, 2.5, 3)","Vector2i(1, 2)":["1152921504606846976","hp"]}',
      'true',
      '[object Dictionary]',
    ])
    expect(result.logged).toEqual(['Vector3'])
    expect(result.text).toMatch(/^\{ "n": 49, "value": /)
  } finally {
    echo.close()
  }
})
