// A relay behind TLS, by options and inside a server that is there already: peers that trust its certificate join, others
// do not.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, get } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { P2P, P2P_SEND_RELIABLE } from '../../src/p2p/index.js'
import { createRelay, issueRelayToken } from '../../src/relay/node/index.js'
import { RelayTransport } from '../../src/transport/relay/index.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'

const SECRET = 'a secret of more than thirty-two characters'
const [RELAY, ANN, BOB] = [1n, 76561197960265729n, 76561197960265730n]
const folder = mkdtempSync(join(tmpdir(), 'godot-wire-tls-'))
let pair: { readonly cert: string; readonly key: string }

const open: { close(): void }[] = []
afterEach(() => {
  for (const one of open.splice(0).reverse()) one.close()
})

beforeAll(() => {
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder, name)) as [string, string]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', cert, ...subject], { stdio: 'pipe' })
  pair = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A peer that trusts this certificate, or those that the system knows. */
async function peer(url: string, steamId: bigint, ca?: string): Promise<P2P> {
  class Trusting extends WebSocket {
    constructor(address: string) {
      super(address, ca === undefined ? {} : { ca })
    }
  }
  const via = new WebSocketTransport({ steamId, WebSocket: Trusting as never })
  const transport = new RelayTransport({ steamId, via, relayId: RELAY })
  const p2p = new P2P({ steamId, transport })
  open.push(p2p)
  p2p.on('p2p_session_request', (id) => p2p.acceptP2PSessionWithUser(id))
  await via.open(`${url}?token=${await issueRelayToken({ steamId, secret: SECRET })}`)
  await transport.open()
  return p2p
}

async function meet(url: string): Promise<void> {
  const [ann, bob] = [await peer(url, ANN, pair.cert), await peer(url, BOB, pair.cert)]
  ann.sendP2PPacket(BOB, Uint8Array.of(1, 2, 3), P2P_SEND_RELIABLE)
  for (let turn = 0; !bob.isP2PPacketAvailable() && turn < 5_000; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  expect(bob.readP2PPacket(3)).toMatchObject({ data: Uint8Array.of(1, 2, 3), remote_steam_id: ANN })
}

it('speaks TLS with the certificate that it is given', async () => {
  const relay = await createRelay({ port: 0, tokens: { secret: SECRET }, tls: pair })
  open.push(relay)
  expect(relay.url).toMatch(/^wss:/)
  await meet(relay.url)
})

it('is not joined by who does not trust the certificate, nor without TLS', async () => {
  const relay = await createRelay({ port: 0, tokens: { secret: SECRET }, tls: pair })
  open.push(relay)
  await expect(peer(relay.url, ANN)).rejects.toThrow()
  await expect(peer(relay.url.replace('wss:', 'ws:'), BOB)).rejects.toThrow()
  expect(relay.stats.peers).toBe(0)
})

it('lives inside an https server, and leaves its other pages alone', async () => {
  const server = createServer(pair, (_, response) => response.end('a game'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push({ close: () => void server.close().closeAllConnections() })
  const relay = await createRelay({ server, path: '/relay', tokens: { secret: SECRET } })
  open.push(relay)
  const { port } = server.address() as AddressInfo
  await meet(`wss://127.0.0.1:${port}/relay`)
  const [page] = await once(get({ port, host: '127.0.0.1', ca: pair.cert }), 'response')
  expect(String(await page.toArray())).toBe('a game')
})
