// Several relays as one network over a real NATS: peers of different relays, and what happens when relays and NATS die.
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { afterEach, expect } from 'vitest'
import { P2P, P2P_SEND_RELIABLE } from '../../src/p2p/index.js'
import { createRelay, issueRelayToken, type Relay } from '../../src/relay/node/index.js'
import { RelayTransport } from '../../src/transport/relay/index.js'
import { until } from '../until.js'
import { itUnless, lackOf } from './needs.js'

const SECRET = 'a secret of more than thirty-two characters'
const ANN = 76561197960265729n
const BOB = 76561197960265730n

const open: { close(): void }[] = []
afterEach(() => {
  for (const one of open.splice(0).reverse()) one.close()
})

const MISSING = lackOf('nats-server')
const itWithNats = (name: string, run: () => Promise<void>) => itUnless(MISSING, name, run, 60_000)

interface Nats {
  readonly url: string
  readonly route: string
  readonly process: ChildProcess
}

/** A node of a cluster, of itself or with the one at `route`. */
async function natsNode(route?: string): Promise<Nats> {
  const args = ['-a', '127.0.0.1', '-p', '-1', '-cluster', 'nats://127.0.0.1:-1', '-cluster_name', 'test']
  const child = spawn('nats-server', route ? [...args, '-routes', route] : args, {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  open.push({ close: () => void child.kill('SIGKILL') })
  const found: { client?: string; route?: string } = {}
  for await (const line of createInterface({ input: child.stderr! })) {
    const at = /127\.0\.0\.1:(\d+)/.exec(line)?.[1]
    if (line.includes('Listening for client connections') && at) found.client = `nats://127.0.0.1:${at}`
    if (line.includes('Listening for route connections') && at) found.route = `nats://127.0.0.1:${at}`
    if (found.client && found.route) break
  }
  child.stderr!.resume()
  return { url: found.client!, route: found.route!, process: child }
}

async function relayAt(...servers: string[]): Promise<Relay> {
  const relay = await createRelay({ port: 0, tokens: { secret: SECRET }, nats: { servers } })
  open.push(relay)
  return relay
}

/** A game that joins the first of these relays that lets it in. */
async function game(steamId: bigint, ...relays: Relay[]) {
  let next = 0
  const url = async () =>
    `${relays[next++ % relays.length]!.url}/?token=${await issueRelayToken({ steamId, secret: SECRET })}`
  const transport = new RelayTransport({ steamId, url, reconnect: { first: 20, most: 200 } })
  const p2p = new P2P({ steamId, transport })
  open.push(p2p)
  p2p.on('p2p_session_request', (id) => p2p.acceptP2PSessionWithUser(id))
  await transport.open()
  return { transport, p2p }
}

function packetOf(n: number): Uint8Array {
  const packet = new Uint8Array(n % 50 === 0 ? 100_000 : 200)
  packet.set([n, n >> 8])
  return packet
}

function reader(p2p: P2P) {
  const got: number[] = []
  const read = () => {
    while (p2p.isP2PPacketAvailable()) {
      const { data } = p2p.readP2PPacket(1 << 20)
      got.push(data![0]! | (data![1]! << 8))
    }
    return got.length
  }
  return { got, read }
}

itWithNats('peers of two relays meet, both asking at once, and leave', async () => {
  const nats = await natsNode()
  const [one, two] = [await relayAt(nats.url), await relayAt(nats.url)]
  const [ann, bob] = [await game(ANN, one), await game(BOB, two)]
  const [toBob, toAnn] = [reader(bob.p2p), reader(ann.p2p)]
  for (let n = 0; n < 200; n++) {
    expect(ann.p2p.sendP2PPacket(BOB, packetOf(n), P2P_SEND_RELIABLE)).toBe(true)
    expect(bob.p2p.sendP2PPacket(ANN, packetOf(n), P2P_SEND_RELIABLE)).toBe(true)
  }
  await until(() => toBob.read() + toAnn.read() >= 400)
  const all = Array.from({ length: 200 }, (_, n) => n)
  expect([toBob.got, toAnn.got]).toEqual([all, all])
  expect([one.stats.ports, two.stats.ports]).toEqual([1, 1])
  ann.p2p.close()
  await until(() => two.stats.ports === 0)
  expect(two.stats.peers).toBe(1)
})

itWithNats('a peer that is asked for a moment before it has joined is found', async () => {
  const nats = await natsNode()
  const [one, two] = [await relayAt(nats.url), await relayAt(nats.url)]
  const ends: bigint[] = []
  const join = async (steamId: bigint, relay: Relay) => {
    const url = `${relay.url}/?token=${await issueRelayToken({ steamId, secret: SECRET })}`
    const transport = new RelayTransport({ steamId, url, reconnect: false })
    open.push(transport)
    transport.attach({ linkUp: (link) => ends.push(link.peer), frame() {}, drain() {}, linkDown() {} })
    await transport.open()
    return transport
  }
  const ann = await join(ANN, one)
  ann.connect(BOB)
  // Behind what was asked for on the same way: the relay has asked by now.
  await until(() => one.stats.messagesIn > 0)
  await join(BOB, two)
  await until(() => ends.length === 2)
  expect(ends.sort()).toEqual([ANN, BOB].sort())
})

itWithNats('who joins at another relay is let go by the first', async () => {
  const nats = await natsNode()
  const [one, two] = [await relayAt(nats.url), await relayAt(nats.url)]
  const again = await game(ANN, one)
  await until(() => one.stats.peers === 1)
  const other = new RelayTransport({
    steamId: ANN,
    url: `${two.url}/?token=${await issueRelayToken({ steamId: ANN, secret: SECRET })}`,
    reconnect: false,
  })
  open.push(other)
  await other.open()
  // The first comes back by itself and takes the place again: at any time only one of them is in.
  await until(() => again.transport.stats.joins >= 2)
  await until(() => !other.joined)
  expect(one.stats.peers + two.stats.peers).toBe(1)
})

itWithNats('a relay and a NATS node that die in mid-stream lose and double nothing', async () => {
  const first = await natsNode()
  const second = await natsNode(first.route)
  const one = await relayAt(first.url)
  const two = await relayAt(second.url, first.url)
  const three = await relayAt(second.url, first.url)
  const [ann, bob] = [await game(ANN, one, three), await game(BOB, two)]
  const { got, read } = reader(bob.p2p)
  let sent = 0
  const stream = async (count: number) => {
    for (const end = sent + count; sent < end; ) {
      if (ann.p2p.sendP2PPacket(BOB, packetOf(sent), P2P_SEND_RELIABLE)) sent++
      if (sent % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 2))
      read()
    }
  }
  await stream(300)
  one.close()
  await stream(300)
  await until(() => read() >= 400)
  first.process.kill('SIGKILL')
  await stream(300)
  await until(() => read() >= sent)
  expect(got).toEqual(Array.from({ length: sent }, (_, n) => n))
  expect(ann.transport.stats.joins).toBeGreaterThanOrEqual(2)
})

itWithNats('a relay whose NATS is not there says so', async () => {
  await expect(
    createRelay({ port: 0, tokens: { secret: SECRET }, nats: { servers: 'nats://user:secret@127.0.0.1:1' } }),
  ).rejects.toMatchObject({ code: 'RELAY_NATS_FAILED', message: expect.not.stringContaining('user:secret') })
})
