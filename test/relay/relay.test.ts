// A relay as it runs: real sockets, tokens, its HTTP side, and two games that speak P2P through it.
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { P2P, P2P_SEND_RELIABLE, P2P_SEND_UNRELIABLE } from '../../src/p2p/index.js'
import {
  createRelay,
  issueRelayToken,
  type Relay,
  type RelayLogEntry,
  type RelayOptions,
} from '../../src/relay/node/index.js'
import { LOBBY_TYPE_PUBLIC, RelayTransport, type RelayTransportOptions } from '../../src/transport/relay/index.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'
import { until } from '../until.js'
import { codeOf } from '../variant/code-of.js'

const SECRET = 'a secret of more than thirty-two characters'
const ANN = 76561197960265729n
const BOB = 76561197960265730n

const open: { close(): void }[] = []
afterEach(() => {
  for (const one of open.splice(0).reverse()) one.close()
})

async function relayWith(options: RelayOptions = { tokens: { secret: SECRET } }): Promise<Relay> {
  const relay = await createRelay({ port: 0, ...options })
  open.push(relay)
  return relay
}

/** A transport with a token for that id, or for another one. */
async function peerOf(relay: Relay, steamId: bigint, token?: string, more: Partial<RelayTransportOptions> = {}) {
  const good = token ?? (await issueRelayToken({ steamId, secret: SECRET }))
  const transport = new RelayTransport({ steamId, url: `${relay.url}/?token=${good}`, ...more })
  open.push(transport)
  return transport
}

async function refused(transport: RelayTransport): Promise<string> {
  return transport.open().then(
    () => 'it was let in',
    (error) => codeOf(error),
  )
}

describe('who may join', () => {
  it('is who has a token for the id that it claims', async () => {
    const relay = await relayWith()
    const ann = await peerOf(relay, ANN)
    await ann.open()
    expect([ann.joined, relay.stats.peers]).toEqual([true, 1])
  })

  const expired = () => issueRelayToken({ steamId: ANN, secret: SECRET, expiresInSeconds: -1 })
  it.each([
    ['without a token', async () => ''],
    ['with one for another id', () => issueRelayToken({ steamId: BOB, secret: SECRET })],
    ['with one by another secret', () => issueRelayToken({ steamId: ANN, secret: `${SECRET}!` })],
    ['with one that is too old', expired],
    ['with one for another purpose', () => issueRelayToken({ steamId: ANN, secret: SECRET, audience: 'the shop' })],
    ['with one that is not signed', async () => unsigned()],
    ['with one that says no end', async () => endless()],
    ['with noise', async () => 'a.b.c'],
  ])('is not who comes %s', async (_, token) => {
    const log: RelayLogEntry[] = []
    const relay = await relayWith({ tokens: { secret: SECRET }, log: (entry) => log.push(entry) })
    expect(await refused(await peerOf(relay, ANN, await token()))).toBe('TRANSPORT_CONNECT_FAILED')
    expect(relay.stats.peers).toBe(0)
    expect(log.filter(({ event }) => event === 'refused')).toHaveLength(1)
  })

  it('can be said by a public key', async () => {
    for (const pair of [
      generateKeyPairSync('ed25519'),
      generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ]) {
      const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }) as string
      const relay = await relayWith({ tokens: { publicKey, issuer: 'me' } })
      await (
        await peerOf(relay, ANN, await issueRelayToken({ steamId: ANN, privateKey: pair.privateKey, issuer: 'me' }))
      ).open()
      const other = await issueRelayToken({ steamId: BOB, privateKey: pair.privateKey, issuer: 'you' })
      expect(await refused(await peerOf(relay, BOB, other))).toBe('TRANSPORT_CONNECT_FAILED')
      // The public key as an HMAC secret is the oldest trick.
      const confused = await issueRelayToken({ steamId: BOB, secret: publicKey, issuer: 'me' })
      expect(await refused(await peerOf(relay, BOB, confused))).toBe('TRANSPORT_CONNECT_FAILED')
    }
  })

  it('may come once with a token for one use', async () => {
    const relay = await relayWith({ tokens: { secret: SECRET, singleUse: true } })
    const token = await issueRelayToken({ steamId: ANN, secret: SECRET })
    const first = await peerOf(relay, ANN, token)
    await first.open()
    first.close()
    expect(await refused(await peerOf(relay, ANN, token))).toBe('TRANSPORT_CONNECT_FAILED')
  })

  it('is whom authenticate knows, and not a page of another origin', async () => {
    const relay = await relayWith({
      authenticate: ({ headers, steamId }) => headers['x-ticket'] === String(steamId),
      origins: ['https://game.example.com'],
    })
    const { WebSocket } = await import('ws')
    const dial = (headers: Record<string, string>) => {
      const Dialled = class extends WebSocket {
        constructor(url: string) {
          super(url, { headers })
        }
      }
      return new RelayTransport({
        steamId: ANN,
        relayId: 1n,
        via: viaSocket(ANN, relay.url, Dialled),
      })
    }
    const cases: [Record<string, string>, boolean][] = [
      [{ 'x-ticket': String(ANN) }, true],
      [{ 'x-ticket': String(ANN), origin: 'https://game.example.com' }, true],
      [{ 'x-ticket': String(ANN), origin: 'https://evil.example.com' }, false],
      [{ 'x-ticket': String(BOB) }, false],
    ]
    for (const [headers, isWelcome] of cases) {
      const before = relay.stats.joins
      const transport = dial(headers)
      open.push(transport)
      transport.open().catch(() => {})
      await new Promise((resolve) => setTimeout(resolve, 150))
      expect(relay.stats.joins - before, JSON.stringify(headers)).toBe(isWelcome ? 1 : 0)
      transport.close()
    }
  })

  it('must be said', async () => {
    await expect(createRelay({ port: 0 })).rejects.toMatchObject({ code: 'RELAY_NO_IDENTITY' })
    await expect(createRelay({ port: 0, insecure: true, host: '0.0.0.0' })).rejects.toMatchObject({
      code: 'RELAY_BAD_OPTION',
    })
    await expect(createRelay({ port: 0, tokens: { secret: 'short' } })).rejects.toMatchObject({
      code: 'RELAY_BAD_OPTION',
    })
    await expect(createRelay({ port: 0, tokens: {} })).rejects.toMatchObject({ code: 'RELAY_BAD_OPTION' })
  })

  it('on a developer’s machine, gets an identity from the relay', async () => {
    const relay = await relayWith({ insecure: true })
    const identity = async () =>
      (await (await fetch(`${relay.url.replace('ws', 'http')}/identity`)).json()) as { steamId: string; token: string }
    const [one, two] = [await identity(), await identity()]
    expect(one.steamId).not.toBe(two.steamId)
    await (await peerOf(relay, BigInt(one.steamId), one.token)).open()
    expect(await refused(await peerOf(relay, BigInt(one.steamId), two.token))).toBe('TRANSPORT_CONNECT_FAILED')
  })

  it('tells the first when it joins twice', async () => {
    const relay = await relayWith()
    const downs: string[] = []
    const first = await peerOf(relay, ANN, undefined, { reconnect: false })
    await first.open()
    const bob = await peerOf(relay, BOB)
    first.attach({ linkUp() {}, frame() {}, drain() {}, linkDown: (_, reason) => downs.push(reason) })
    await bob.open()
    first.connect(BOB)
    await until(() => first.stats.linksUp === 1)
    await (await peerOf(relay, ANN)).open()
    await until(() => downs.length > 0)
    expect(downs[0]).toMatch(/replaced by a newer link/)
    expect(relay.stats.peers).toBe(2)
  })
})

describe('its HTTP side', () => {
  it('says how it is, in words and in numbers, and nothing else', async () => {
    const relay = await relayWith()
    await (await peerOf(relay, ANN)).open()
    const base = relay.url.replace('ws', 'http')
    expect([
      (await fetch(`${base}/healthz`)).status,
      (await fetch(`${base}/healthz`, { method: 'POST' })).status,
    ]).toEqual([200, 405])
    const metrics = await (await fetch(`${base}/metrics`)).text()
    expect(metrics).toMatch(/^godot_wire_relay_peers 1$/m)
    expect(metrics).toMatch(/^godot_wire_relay_messages_out_total 1$/m)
    expect((await fetch(`${base}/identity`)).status).toBe(426)
    expect((await fetch(base)).status).toBe(426)
  })

  it('has so many connections for one address', async () => {
    const relay = await relayWith({ tokens: { secret: SECRET }, maxPerAddress: 3 })
    const peers = await Promise.all([2n, 3n, 4n, 5n].map((id) => peerOf(relay, id)))
    const results = await Promise.all(peers.map((peer) => refused(peer)))
    expect(results.sort()).toEqual(['TRANSPORT_CONNECT_FAILED', ...Array(3).fill('it was let in')])
  })

  it('drains: 503, nobody new, everybody told, and then it is gone', async () => {
    const relay = await relayWith()
    const peers = await Promise.all([ANN, BOB].map((id) => peerOf(relay, id, undefined, { reconnect: false })))
    for (const peer of peers) await peer.open()
    const late = await peerOf(relay, 5n)
    const drained = relay.drain(2_000)
    expect((await fetch(`${relay.url.replace('ws', 'http')}/healthz`)).status).toBe(503)
    expect(await refused(late)).toBe('TRANSPORT_CONNECT_FAILED')
    await drained
    await until(() => peers.every((peer) => !peer.joined))
    await expect(fetch(`${relay.url.replace('ws', 'http')}/healthz`)).rejects.toThrow()
  })
})

describe('two games', () => {
  async function games(relay: Relay) {
    return Promise.all(
      [ANN, BOB].map(async (steamId) => {
        const transport = await peerOf(relay, steamId, undefined, { reconnect: { first: 20, most: 100 } })
        await transport.open()
        const p2p = new P2P({ steamId, transport })
        open.push(p2p)
        p2p.on('p2p_session_request', (id) => p2p.acceptP2PSessionWithUser(id))
        return { p2p, transport }
      }),
    ) as Promise<[{ p2p: P2P; transport: RelayTransport }, { p2p: P2P; transport: RelayTransport }]>
  }

  it('speak P2P, see that they are relayed, and meet in a lobby', async () => {
    const [ann, bob] = await games(await relayWith())
    const lobby = new Promise<bigint>((resolve) => ann.transport.lobbies.on('lobby_created', (_, id) => resolve(id)))
    ann.transport.lobbies.createLobby(LOBBY_TYPE_PUBLIC, 4)
    const id = await lobby
    const list = new Promise<bigint[]>((resolve) => bob.transport.lobbies.on('lobby_match_list', resolve))
    bob.transport.lobbies.requestLobbyList()
    expect(await list).toEqual([id])
    const update = new Promise((resolve) => ann.transport.lobbies.on('lobby_chat_update', (...args) => resolve(args)))
    bob.transport.lobbies.joinLobby(id)
    expect(await update).toEqual([id, BOB, BOB, 1])
    const { lobbies } = bob.transport
    await until(() => lobbies.getNumLobbyMembers(id) === 2)
    expect([0, 1].map((i) => lobbies.getLobbyMemberByIndex(id, i))).toEqual([ANN, BOB])
    bob.p2p.sendP2PPacket(lobbies.getLobbyOwner(id), Uint8Array.of(1, 2, 3), P2P_SEND_RELIABLE, 2)
    await until(() => ann.p2p.isP2PPacketAvailable(2))
    expect(ann.p2p.readP2PPacket(10, 2).data).toEqual(Uint8Array.of(1, 2, 3))
    expect(ann.p2p.getP2PSessionState(BOB)).toMatchObject({ connection_active: 1, using_relay: 1, remote_ip: 0 })
  })

  it('lose no reliable packet when their relay links break', async () => {
    const relay = await relayWith()
    const [ann, bob] = await games(relay)
    const got: number[] = []
    for (let n = 0; n < 400; n++) {
      const packet = new Uint8Array(n % 50 === 0 ? 100_000 : 100)
      packet.set([n, n >> 8])
      expect(ann.p2p.sendP2PPacket(BOB, packet, P2P_SEND_RELIABLE)).toBe(true)
      ann.p2p.sendP2PPacket(BOB, packet.subarray(0, 50), P2P_SEND_UNRELIABLE, 1)
      if (n % 100 === 50) {
        await new Promise((resolve) => setTimeout(resolve, 20))
        // The relay throws one of them out, as a broken connection would.
        const token = await issueRelayToken({ steamId: n % 200 === 50 ? ANN : BOB, secret: SECRET })
        const thief = new WebSocketTransport({ steamId: n % 200 === 50 ? ANN : BOB })
        await thief.open(`${relay.url}/?token=${token}`)
        thief.close()
      }
      while (bob.p2p.isP2PPacketAvailable()) got.push(numberIn(bob.p2p.readP2PPacket(1 << 20).data!))
    }
    await until(() => {
      while (bob.p2p.isP2PPacketAvailable()) got.push(numberIn(bob.p2p.readP2PPacket(1 << 20).data!))
      return got.length >= 400
    })
    expect(got).toEqual(Array.from({ length: 400 }, (_, n) => n))
    expect(ann.transport.stats.joins + bob.transport.stats.joins).toBeGreaterThanOrEqual(4)
  }, 30_000)
})

function numberIn(data: Uint8Array): number {
  return data[0]! | (data[1]! << 8)
}

/** A WebSocket whose headers the test says, dialled by hand. */
function viaSocket(steamId: bigint, url: string, WebSocket: unknown): WebSocketTransport {
  return new WebSocketTransport({ steamId, WebSocket: WebSocket as never, urlOf: () => url })
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const now = () => Math.floor(Date.now() / 1000)

function unsigned(): string {
  const claims = { sub: String(ANN), aud: 'godot-wire-relay', iat: now(), exp: now() + 100 }
  return `${part({ alg: 'none' })}.${part(claims)}.`
}

function endless(): string {
  const body = `${part({ alg: 'HS256' })}.${part({ sub: String(ANN), aud: 'godot-wire-relay', iat: now() })}`
  return `${body}.${createHmac('sha256', SECRET).update(body).digest('base64url')}`
}
