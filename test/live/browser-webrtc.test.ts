// WebRTC with a real Chromium at one end and Node at the other, and with Chromium at both; a relay introduces them.
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { P2P, P2P_SEND_RELIABLE } from '../../src/p2p/index.js'
import { createRelay, issueRelayToken } from '../../src/relay/node/index.js'
import { RelayTransport } from '../../src/transport/relay/index.js'
import { WebRtcTransport } from '../../src/transport/webrtc/index.js'
import type { WebRtcCalls } from './browser-webrtc-page.js'
import { itInBrowser, withPage } from './in-browser.js'
import { turnServer } from './with-turn.js'

const SECRET = 'a secret of more than thirty-two characters'
const PAGE = 76561198000000003n
const OTHER = 76561198000000004n
const COUNT = 60

function call<K extends keyof WebRtcCalls>(page: Page, name: K, ...args: Parameters<WebRtcCalls[K]>) {
  return page.evaluate(
    ([f, given]) => (globalThis as unknown as Record<string, (...a: unknown[]) => unknown>)[f]!(...given),
    [name as string, args as unknown[]] as const,
  ) as Promise<Awaited<ReturnType<WebRtcCalls[K]>>>
}

async function withRelay(use: (urlFor: (steamId: bigint) => Promise<string>) => Promise<void>): Promise<void> {
  const relay = await createRelay({ port: 0, tokens: { secret: SECRET } })
  try {
    await use(async (steamId) => `${relay.url}/?token=${await issueRelayToken({ steamId, secret: SECRET })}`)
  } finally {
    relay.close()
  }
}

/** A peer in Node that sends back what comes on channel 1. */
async function nodePeer(url: string) {
  const relay = new RelayTransport({ steamId: OTHER, url })
  const transport = new WebRtcTransport({ relay })
  await transport.available()
  const p2p = new P2P({ steamId: OTHER, transport })
  p2p.on('p2p_session_request', (id) => p2p.acceptP2PSessionWithUser(id))
  await relay.open()
  const timer = setInterval(() => {
    while (p2p.isP2PPacketAvailable(1)) {
      const { data, remote_steam_id } = p2p.readP2PPacket(1 << 20, 1)
      if (data) p2p.sendP2PPacket(remote_steam_id, data, P2P_SEND_RELIABLE, 2)
    }
  }, 2)
  return {
    p2p,
    transport,
    close() {
      clearInterval(timer)
      p2p.close()
    },
  }
}

itInBrowser('a page in Chromium and a peer in Node find a direct way', async (executablePath) => {
  await withRelay(async (urlFor) => {
    const node = await nodePeer(await urlFor(OTHER))
    try {
      const { result, problems } = await withPage(executablePath, 'browser-webrtc-page.ts', async (page) => {
        await call(page, 'joinRelay', await urlFor(PAGE), String(PAGE))
        const first = await call(page, 'exchange', String(OTHER), COUNT)
        return { first, second: await call(page, 'exchange', String(OTHER), COUNT) }
      })
      expect(problems).toEqual([])
      expect(result.first).toMatchObject({ equal: COUNT, direct: 1 })
      expect(result.second).toMatchObject({ equal: COUNT, direct: 1, relaying: 0 })
      expect(result.second.port).toBeGreaterThan(0)
      expect(node.transport.stats.successes).toBeGreaterThan(0)
    } finally {
      node.close()
    }
  })
})

itInBrowser('two pages that may only go by TURN do, and say so', async (executablePath) => {
  const turn = await turnServer()
  try {
    await withRelay(async (urlFor) => {
      const { result } = await withPage(executablePath, 'browser-webrtc-page.ts', async (page) => {
        const second = await page.context().newPage()
        await second.goto(page.url())
        await call(page, 'joinRelay', await urlFor(PAGE), String(PAGE), turn.url)
        await call(second, 'joinRelay', await urlFor(OTHER), String(OTHER), turn.url)
        return call(page, 'exchange', String(OTHER), COUNT)
      })
      expect(result).toMatchObject({ equal: COUNT, direct: 1, relaying: 1 })
    })
  } finally {
    turn.process.kill('SIGKILL')
  }
})

itInBrowser('two pages in Chromium find a direct way', async (executablePath) => {
  await withRelay(async (urlFor) => {
    const { result, problems } = await withPage(executablePath, 'browser-webrtc-page.ts', async (page) => {
      const second = await page.context().newPage()
      await second.goto(page.url())
      await call(page, 'joinRelay', await urlFor(PAGE), String(PAGE))
      await call(second, 'joinRelay', await urlFor(OTHER), String(OTHER))
      const told = await call(page, 'exchange', String(OTHER), COUNT)
      return { ...told, echoed: await call(second, 'echoed') }
    })
    expect(problems).toEqual([])
    expect(result).toMatchObject({ equal: COUNT, direct: 1, relaying: 0, echoed: COUNT })
  })
})
