// The scenarios with a real Chromium: pages with each other, and a page with Node, over a relay and directly by WebRTC.
import { cleanup } from 'node-datachannel'
import type { Page } from 'playwright-core'
import { afterAll, describe, expect } from 'vitest'
import { createRelay, issueRelayToken } from '../../src/relay/node/index.js'
import { RelayTransport } from '../../src/transport/relay/index.js'
import { WebRtcTransport } from '../../src/transport/webrtc/index.js'
import { type Actor, LocalActor, WEBRTC_TRIES } from '../scenarios/actor.js'
import { SCENARIOS } from '../scenarios/file.js'
import { IDS, type PeerOptions, type Scenario } from '../scenarios/scenario.js'
import { Stage } from '../scenarios/stage.js'
import type { ScenarioCalls, Way } from './browser-scenarios-page.js'
import { itInBrowser, withPage } from './in-browser.js'

const SECRET = 'a secret of more than thirty-two characters'

afterAll(() => cleanup())

/** An actor whose every method is called in a page. It is no promise, though whoever awaits it asks for `then`. */
function actorIn(page: Page): Actor {
  const call = (method: string, args: readonly unknown[]) =>
    page.evaluate(([name, given]) => (globalThis as unknown as ScenarioCalls).play(name as keyof Actor, given), [
      method,
      args,
    ] as const)
  return new Proxy({} as Actor, {
    get: (_, method: string) => (method === 'then' ? undefined : (...args: unknown[]) => call(method, args)),
  })
}

async function inNode(name: string, url: string, way: Way, options: PeerOptions): Promise<Actor> {
  const relay = new RelayTransport({ steamId: IDS[name]!, url })
  const transport = way === 'direct' ? new WebRtcTransport({ relay, allowRelay: false, ...WEBRTC_TRIES }) : relay
  const actor = new LocalActor(name, transport, options)
  await relay.open()
  return actor
}

async function inPage(first: Page, name: string, url: string, way: Way, options: PeerOptions): Promise<Actor> {
  const page = await first.context().newPage()
  await page.goto(first.url())
  await page.evaluate((args) => (globalThis as unknown as ScenarioCalls).start(...args), [
    name,
    url,
    way,
    options,
  ] as Parameters<ScenarioCalls['start']>)
  return actorIn(page)
}

async function play(first: Page, scenario: Scenario, way: Way, isInNode: (name: string) => boolean): Promise<void> {
  const relay = await createRelay({ port: 0, tokens: { secret: SECRET } })
  const actors = new Map<string, Actor>()
  const stage = new Stage(actors, {
    relayed: way === 'relay',
    move: () => new Promise((resolve) => setTimeout(resolve, 1)),
  })
  try {
    for (const [name, options] of Object.entries(scenario.peers)) {
      const url = `${relay.url}/?token=${await issueRelayToken({ steamId: IDS[name]!, secret: SECRET })}`
      actors.set(
        name,
        isInNode(name) ? await inNode(name, url, way, options) : await inPage(first, name, url, way, options),
      )
    }
    await stage.play(scenario)
  } finally {
    await stage.end()
    for (const page of first.context().pages()) if (page !== first) await page.close()
    relay.close()
  }
}

describe.each([
  ['pages, over a relay', 'relay', () => false],
  ['pages, directly', 'direct', () => false],
  ['a page with Node, directly', 'direct', (name: string) => name !== 'alice'],
] as const)('%s', (_, way, isInNode) => {
  itInBrowser(
    'play every scenario to its end',
    async (executablePath) => {
      const { result, problems } = await withPage(executablePath, 'browser-scenarios-page.ts', async (page) => {
        const failed: unknown[] = []
        for (const scenario of SCENARIOS) {
          await play(page, scenario, way, isInNode).catch((error) =>
            failed.push([scenario.name, String(error), String(error.cause)]),
          )
        }
        return failed
      })
      expect(result).toEqual([])
      expect(problems).toEqual([])
    },
    400_000,
  )
})
