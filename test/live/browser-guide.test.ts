// The samples of docs/guides/browser.md, from its text, in pages of a real Chromium.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { Messenger, P2P } from '../../src/p2p/index.js'
import { createRelay, issueRelayToken } from '../../src/relay/node/index.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'
import { Vector2 } from '../../src/variant/index.js'
import { type Edits, edited, sampleAt, samplesIn } from '../documents.js'
import { itInBrowser, withPage } from './in-browser.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DOCUMENT = 'docs/guides/browser.md'
const SERVER = 76561198000000001n
const ANN = 76561198000000002n
const BOB = 76561198000000003n
const SECRET = 'a secret of at least thirty-two bytes'

const sampleWith = (line: string) => sampleAt({ document: DOCUMENT, line }, 'ts')
const JOIN = sampleWith(
  'export async function join(url: string, steamId: bigint, draw: (world: World) => void): Promise<P2P> {',
)
const MEET = sampleWith('export async function meet(steamId: bigint, token: () => Promise<string>): Promise<P2P> {')

/** A page's script around a sample: with what it exports within reach of the test. */
function scriptOf(sample: string, edits: Edits, around: string): string {
  const cache = join(ROOT, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'godot-wire-guide-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const text = edited(sample, edits).replace(/'godot-wire(\/[\w/]+)?'/g, (_, door = '') => {
    return JSON.stringify(join(ROOT, `src${door}/index.ts`))
  })
  writeFileSync(join(folder, 'sample.ts'), text)
  writeFileSync(join(folder, 'page.ts'), `import * as sample from './sample.js'\n${around}`)
  return join(folder, 'page.ts')
}

const call = <T>(page: Page, name: string, ...args: readonly string[]) =>
  page.evaluate(([f, given]) => (globalThis as unknown as Record<string, (...a: unknown[]) => unknown>)[f]!(...given), [
    name,
    args,
  ] as const) as Promise<T>

itInBrowser('the guide has two samples, and a page joins a server by the first', async (executablePath) => {
  expect(samplesIn(DOCUMENT, 'ts')).toEqual([JOIN, MEET])
  const transport = new WebSocketTransport({ steamId: SERVER })
  const { url } = await transport.listen({ port: 0 })
  const p2p = new P2P({ steamId: SERVER, transport })
  onTestFinished(() => p2p.close())
  const messenger = new Messenger(p2p)
  p2p.on('p2p_session_request', (id) => {
    p2p.acceptP2PSessionWithUser(id)
    messenger.send(id, { players: [{ id, at: new Vector2(1, 2) }] })
  })
  const script = scriptOf(
    JOIN,
    [],
    `globalThis.draws = (url, id) => new Promise((resolve) => {
      sample.join(url, BigInt(id), ({ players: [{ id, at }] }) => resolve(id + ' at ' + at))
    })`,
  )
  const { result, problems } = await withPage(executablePath, script, (page) =>
    call<string>(page, 'draws', url, String(ANN)),
  )
  expect(problems).toEqual([])
  expect(result).toBe(`${ANN} at Vector2(1, 2)`)
  const heard = messenger.poll().map(({ from, value }) => `${from} ${value}`)
  expect(heard).toEqual([`${ANN} { "message": "handshake" }`])
})

itInBrowser('two pages meet by the second, and find a direct way', async (executablePath) => {
  const relay = await createRelay({ port: 0, tokens: { secret: SECRET } })
  onTestFinished(() => relay.close())
  const script = scriptOf(
    MEET,
    [
      ['wss://relay.example.com/', `${relay.url}/`],
      // Nobody but these two is asked for a way.
      ["iceServers: [{ urls: 'stun:stun.example.com' }]", 'iceServers: []'],
    ],
    `let p2p
    globalThis.meets = async (id, token) => {
      p2p = await sample.meet(BigInt(id), async () => token)
      p2p.on('p2p_session_request', (other) => p2p.acceptP2PSessionWithUser(other))
    }
    const until = async (isDone) => {
      for (let turn = 0; turn < 3000 && !isDone(); turn++) await new Promise((resolve) => setTimeout(resolve, 5))
      return isDone()
    }
    globalThis.greets = async (other) => {
      p2p.sendP2PPacket(BigInt(other), new TextEncoder().encode('hello'), 2)
      return until(() => p2p.getP2PSessionState(BigInt(other)).using_relay === 0)
    }
    globalThis.hears = async () => {
      await until(() => p2p.isP2PPacketAvailable())
      const { data, remote_steam_id } = p2p.readP2PPacket(100)
      return remote_steam_id + ' ' + new TextDecoder().decode(data)
    }`,
  )
  const tokenFor = (steamId: bigint) => issueRelayToken({ steamId, secret: SECRET })
  const { result, problems } = await withPage(executablePath, script, async (page) => {
    const second = await page.context().newPage()
    await second.goto(page.url())
    await call(page, 'meets', String(ANN), await tokenFor(ANN))
    await call(second, 'meets', String(BOB), await tokenFor(BOB))
    const isDirect = await call<boolean>(page, 'greets', String(BOB))
    return { isDirect, heard: await call<string>(second, 'hears') }
  })
  expect(problems).toEqual([])
  expect(result).toEqual({ isDirect: true, heard: `${ANN} hello` })
})
