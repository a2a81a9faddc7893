// Strangers and members who mean harm, on a real relay between two games that must not notice: whatever is tried, every
// reliable packet between them arrives once and in order, on the links that they had.
import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { P2P, P2P_SEND_RELIABLE } from '../../src/p2p/index.js'
import {
  createRelay,
  issueRelayToken,
  type Relay,
  type RelayLogEntry,
  type RelayOptions,
} from '../../src/relay/node/index.js'
import type { Link } from '../../src/transport/index.js'
import { RelayTransport } from '../../src/transport/relay/index.js'
import {
  CLOSE,
  DATA,
  DATAGRAM,
  RELAY_VERSION,
  REPLY,
  REQUEST,
  SIGNAL,
  UP,
  WELCOME,
  writeConnect,
  writeFrame,
  writeJson,
} from '../../src/transport/relay/messages.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'
import { until } from '../until.js'
import { Random } from '../variant/random.js'

const SECRET = 'a secret of more than thirty-two characters'
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const [ANN, BOB, EVE] = [76561197960265729n, 76561197960265730n, 76561197960265731n]

const open: { close(): void }[] = []
const log: RelayLogEntry[] = []
let relay: Relay
let games: Games

/** Two games that speak with each other through the relay. */
interface Games {
  readonly ann: RelayTransport
  readonly bob: RelayTransport
  /** Sends so many packets each way, and checks what arrives. */
  exchange(count: number): Promise<void>
}

async function urlFor(steamId: bigint): Promise<string> {
  return `${relay.url}/?token=${await issueRelayToken({ steamId, secret: SECRET })}`
}

async function start(options: Partial<RelayOptions> = {}): Promise<void> {
  log.splice(0)
  relay = await createRelay({ port: 0, tokens: { secret: SECRET }, log: (entry) => log.push(entry), ...options })
  open.push(relay)
  const [ann, bob] = [ANN, BOB].map(async (steamId) => {
    const transport = new RelayTransport({ steamId, url: await urlFor(steamId) })
    const p2p = new P2P({ steamId, transport })
    open.push(p2p)
    p2p.on('p2p_session_request', (id) => p2p.acceptP2PSessionWithUser(id))
    await transport.open()
    return { transport, p2p, sent: 0, received: 0 }
  })
  const [a, b] = [await ann!, await bob!]
  const ways = [
    { from: a, to: b, id: BOB },
    { from: b, to: a, id: ANN },
  ]
  games = {
    ann: a.transport,
    bob: b.transport,
    async exchange(count) {
      for (const { from, id } of ways) {
        for (let n = 0; n < count; n++) {
          expect(from.p2p.sendP2PPacket(id, Uint8Array.of(from.sent++), P2P_SEND_RELIABLE)).toBe(true)
        }
      }
      await until(() => {
        for (const { to } of ways) {
          while (to.p2p.isP2PPacketAvailable()) {
            const { data } = to.p2p.readP2PPacket(1)
            if (data![0] !== to.received++ % 256) throw new Error(`${data![0]} is not the next packet`)
          }
        }
        return ways.every(({ from, to }) => to.received === from.sent)
      })
    },
  }
  await games.exchange(1)
}

/** Everything again, with another relay. */
async function startAnew(options: Partial<RelayOptions>): Promise<void> {
  for (const one of open.splice(0).reverse()) one.close()
  await start(options)
}

beforeEach(() => start())

/** They noticed nothing: no link broke, and the next packets arrive as all did. */
afterEach(async () => {
  try {
    await games.exchange(100)
    expect([games.ann.stats.joins, games.bob.stats.joins]).toEqual([1, 1])
    expect([games.ann.stats.linksUp, games.bob.stats.linksUp]).toEqual([1, 1])
  } finally {
    for (const one of open.splice(0).reverse()) one.close()
  }
})

interface Member {
  readonly transport: WebSocketTransport
  readonly link: Link
  readonly heard: Uint8Array[]
  /** Why the relay let it go. */
  down: string | undefined
  say(message: Uint8Array): void
  said(type: number): Promise<Uint8Array>
}

/** A member of the relay that says what it likes, message by message. */
async function member(steamId = EVE): Promise<Member> {
  const transport = new WebSocketTransport({ steamId, maxFrameSize: 16_777_216 })
  open.push(transport)
  const eve: { -readonly [K in keyof Member]: Member[K] } = {
    transport,
    link: undefined as never,
    heard: [],
    down: undefined,
    say: (message) => void eve.link.send(message, 'reliable'),
    async said(type) {
      await until(() => eve.heard.some(([first]) => first === type))
      return eve.heard.find(([first]) => first === type)!
    },
  }
  transport.attach({
    linkUp: (link) => {
      eve.link = link
    },
    frame: (_, frame) => eve.heard.push(frame),
    drain() {},
    linkDown: (_, reason) => {
      eve.down = reason
    },
  })
  await transport.open(await urlFor(steamId))
  await eve.said(WELCOME)
  return eve
}

const numberIn = (message: Uint8Array) => message.subarray(1, 5)

describe('somebody who', () => {
  it('claims the id of another is not let in, and the other stays', async () => {
    const token = await urlFor(EVE)
    const liar = new RelayTransport({ steamId: ANN, url: token })
    open.push(liar)
    await expect(liar.open()).rejects.toThrow()
    expect(relay.stats.peers).toBe(2)
  })

  it('comes again with a token for one use is not let in', async () => {
    await startAnew({ tokens: { secret: SECRET, singleUse: true } })
    const url = await urlFor(EVE)
    const first = new RelayTransport({ steamId: EVE, url })
    await first.open()
    first.close()
    await until(() => relay.stats.peers === 2)
    const second = new RelayTransport({ steamId: EVE, url })
    open.push(second)
    await expect(second.open()).rejects.toThrow()
  })

  it('talks over the number of somebody else’s link is not heard', async () => {
    const eve = await member()
    for (let number = 0; number < 50; number++) {
      const bytes = Uint8Array.of(number, 0, 0, 0)
      for (const type of [DATA, DATAGRAM, SIGNAL]) eve.say(Uint8Array.of(type, ...bytes, 1, 2, 3))
    }
    await games.exchange(10)
    // Numbers that were never given are a breach of the rules, and end the one who breaks them.
    await until(() => eve.down !== undefined)
  })

  it('sends frames of noise to a game over a link of its own is heard by nobody above', async () => {
    const random = new Random(7)
    const eve = await member()
    eve.say(writeConnect(BOB))
    const up = await eve.said(UP)
    const view = new DataView(numberIn(up).slice().buffer)
    for (let n = 0; n < 2_000; n++) {
      const frame = new Uint8Array(1 + random.below(200)).map(() => random.below(256))
      eve.say(writeFrame(n % 2 ? DATA : DATAGRAM, view.getUint32(0, true), frame))
    }
    await games.exchange(50)
    expect(eve.down).toBeUndefined()
    eve.transport.close()
    await until(() => games.bob.stats.linksUp === 1)
  })

  it('says what no message is loses its own link', async () => {
    const good = [
      Uint8Array.of(WELCOME, RELAY_VERSION),
      writeConnect(BOB),
      Uint8Array.of(CLOSE, 9, 0, 0, 0),
      writeFrame(DATA, 9, Uint8Array.of(1)),
      writeJson(REQUEST, 1, { do: 'create', type: 2, max: 4 }),
    ]
    const bad = [
      ...good.flatMap((message) => Array.from({ length: message.length - 1 }, (_, n) => message.slice(0, n + 1))),
      ...[0x03, 0x04, 0x05, 0x06, 0x07, 0x13, 0x21, 0x22, 0xff].map((type) => Uint8Array.of(type, 1, 0, 0, 0)),
    ]
    let ended = 0
    for (const message of bad) {
      // A prefix of one message may be a whole other one, such as CLOSE without a reason; then nothing happens.
      const eve = await member()
      eve.say(message)
      eve.say(Uint8Array.of(0xff))
      await until(() => eve.down !== undefined)
      ended++
      eve.transport.close()
    }
    expect(ended).toBe(bad.length)
    expect(relay.stats.peers).toBe(2)
  })

  it('sends random messages, thousands, loses its own link each time', async () => {
    const random = new Random(11)
    for (let round = 0; round < 20; round++) {
      const eve = await member(EVE + BigInt(round))
      for (let n = 0; n < 200 && eve.down === undefined; n++) {
        eve.say(new Uint8Array(1 + random.below(64)).map(() => random.below(256)))
        if (n % 20 === 0) await new Promise((resolve) => setImmediate(resolve))
      }
      await until(() => eve.down !== undefined)
      eve.transport.close()
    }
    await games.exchange(10)
  })

  it('sends a message that is too large is closed before it is whole', async () => {
    const tcp = await joined(EVE)
    const before = process.memoryUsage().arrayBuffers
    // The head of a message of two gigabytes, and nothing of it.
    tcp.write(Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0]))
    await gone(tcp)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024)
  })

  it('floods the relay is closed, and what it sent before is all that others get', async () => {
    await startAnew({ limits: { messagesPerSecond: 500 } })
    const eve = await member()
    eve.say(writeConnect(BOB))
    const number = new DataView(numberIn(await eve.said(UP)).slice().buffer).getUint32(0, true)
    for (let n = 0; n < 60_000 && eve.down === undefined; n++) {
      eve.say(writeFrame(DATA, number, Uint8Array.of(0)))
      if (n % 500 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await until(() => eve.down !== undefined)
    expect(log.some(({ event, peer, reason }) => event === 'left' && peer === String(EVE) && reason !== '')).toBe(true)
  })

  it('asks for thousands of lobbies gets as many as the limits say', async () => {
    await startAnew({ limits: { maxLobbies: 20 } })
    const crowd = [await member(), await member(EVE + 1n)]
    for (const eve of crowd) {
      for (let n = 0; n < 500; n++) eve.say(writeJson(REQUEST, n, { do: 'create', type: 2, max: 250 }))
      await until(() => eve.heard.filter(([type]) => type === REPLY).length === 500)
    }
    expect(relay.stats.lobbies).toBe(20)
  })

  it('fills a lobby with characters of three bytes each keeps nobody from joining it', async () => {
    const eve = await member()
    const replies = () =>
      eve.heard.filter(([type]) => type === REPLY).map((bytes) => JSON.parse(text(bytes.subarray(5))))
    eve.say(writeJson(REQUEST, 1, { do: 'create', type: 2, max: 250 }))
    await until(() => replies().length === 1)
    const { lobby } = replies()[0]!
    for (const key of ['a', 'b', 'c']) {
      eve.say(writeJson(REQUEST, 2, { do: 'data', lobby, key, value: '\u4e00'.repeat(2_500) }))
    }
    eve.say(writeJson(REQUEST, 3, { do: 'chat', lobby, text: '\u4e00'.repeat(4_000) }))
    await until(() => replies().length === 5)
    expect(replies().slice(1)).toEqual([{ ok: true }, { ok: false }, { ok: false }, { ok: false }])
    const joined = new Promise<bigint>((resolve) => games.bob.lobbies.on('lobby_joined', (id) => resolve(id)))
    games.bob.lobbies.joinLobby(BigInt(lobby))
    expect(await joined).toBe(BigInt(lobby))
  })

  it('does not read what it is sent costs the others nothing, and is closed when that is too much', async () => {
    const tcp = await joined(EVE)
    tcp.pause()
    const writer = new RelayTransport({ steamId: EVE + 1n, url: await urlFor(EVE + 1n) })
    open.push(writer)
    let link: Link | undefined
    writer.attach({ linkUp: (up) => (link = up), frame() {}, drain() {}, linkDown: () => (link = undefined) })
    await writer.open()
    writer.connect(EVE)
    await until(() => link !== undefined)
    // Datagrams fall away, however many they are.
    for (let n = 0; n < 3_000; n++) {
      link!.send(new Uint8Array(10_000), 'datagram')
      if (n % 100 === 0) await games.exchange(1)
    }
    expect(link).toBeDefined()
    // What must not be lost is held back by who sends it: the relay keeps as much as its limit says.
    let taken = 0
    for (let n = 0; n < 3_000; n++) {
      if (link!.send(new Uint8Array(10_000), 'reliable')) taken += 10_000
      if (n % 100 === 0) await games.exchange(1)
    }
    expect(taken).toBeLessThan(16 * 1024 * 1024)
  })
})

describe('a stranger who', () => {
  it('says nothing is let go, and takes no place for ever', async () => {
    await startAnew({ helloTimeoutMs: 300, maxPerAddress: 60 })
    const silent = await Promise.all(Array.from({ length: 80 }, () => tcpTo(relay)))
    await Promise.all(silent.map(gone))
    const eve = await member()
    expect(eve.down).toBeUndefined()
  })

  it('upgrades and then says nothing is let go', async () => {
    await startAnew({ helloTimeoutMs: 300 })
    const tcp = await upgraded(EVE)
    await gone(tcp)
    expect(relay.stats.peers).toBe(2)
  })

  it('speaks no HTTP, or half of it, for ever, or frames that break WebSocket’s rules, is let go', async () => {
    await startAnew({ helloTimeoutMs: 500 })
    const noise = await tcpTo(relay)
    noise.write(Buffer.from(Array.from({ length: 5_000 }, (_, n) => (n * 7919) & 255)))
    const slow = await tcpTo(relay)
    slow.write('GET /healthz HTTP/1.1\r\nhost: x\r\n')
    const endless = await tcpTo(relay)
    endless.write(`GET / HTTP/1.1\r\nhost: x\r\ncookie: ${'x'.repeat(100_000)}\r\n`)
    const broken = await Promise.all(
      [
        [0x82, 0x01, 0x00], // not masked
        [0xf2, 0x81, 0, 0, 0, 0, 0], // reserved bits
        [0x83, 0x80, 0, 0, 0, 0], // an unknown opcode
        [0x81, 0x81, 0, 0, 0, 0, 0xff], // text that is no UTF-8
        [0x88, 0x81, 0, 0, 0, 0, 1], // a close of one byte
      ].map(async (bytes) => {
        const tcp = await upgraded(EVE)
        tcp.write(Buffer.from(bytes))
        return tcp
      }),
    )
    await Promise.all([noise, slow, endless, ...broken].map(gone))
    expect((await fetch(`${relay.url.replace('ws', 'http')}/healthz`)).status).toBe(200)
  })
})

async function tcpTo({ port }: Relay): Promise<Socket> {
  const socket = connectTcp(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.resume()
  open.push({ close: () => void socket.destroy() })
  await once(socket, 'connect')
  return socket
}

async function gone(socket: Socket): Promise<void> {
  if (!socket.closed) await once(socket, 'close')
}

/** A WebSocket, by hand. */
async function upgraded(steamId: bigint): Promise<Socket> {
  const { search } = new URL(await urlFor(steamId))
  const socket = await tcpTo(relay)
  const key = Buffer.from('the sample nonce').toString('base64')
  socket.write(
    `GET /${search} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\n` +
      `sec-websocket-version: 13\r\nsec-websocket-key: ${key}\r\n\r\n`,
  )
  await once(socket, 'data')
  return socket
}

/** The same, and a member of the relay: its hello is that of docs/protocol.md, section 1.1. */
async function joined(steamId: bigint): Promise<Socket> {
  const socket = await upgraded(steamId)
  const hello = Buffer.alloc(20)
  hello.write('GWIR')
  hello[4] = 1
  hello.writeBigUInt64LE(steamId, 8)
  hello.writeUInt32LE(65_536, 16)
  socket.write(Buffer.concat([Buffer.from([0x82, 0x80 | hello.length, 0, 0, 0, 0]), hello]))
  await until(() => relay.stats.peers === 3)
  return socket
}
