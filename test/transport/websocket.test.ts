import { createServer } from 'node:http'
import { type AddressInfo, createConnection, type Socket as TcpSocket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterEach, describe, expect, it } from 'vitest'
import { type RawData, WebSocket, WebSocketServer } from 'ws'
import { ipv4Number } from '../../src/transport/address.js'
import { VirtualClock } from '../../src/transport/index.js'
import {
  type WebSocketConstructor,
  WebSocketTransport,
  type WebSocketTransportOptions,
} from '../../src/transport/websocket/index.js'
import { bytes, Ear } from './ear.js'

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

function transport(steamId: bigint, options: Partial<WebSocketTransportOptions> = {}) {
  const made = new WebSocketTransport({ steamId, ...options })
  open.push(() => made.close())
  return { transport: made, ear: new Ear(made), stats: made.stats }
}

async function server(options: Partial<WebSocketTransportOptions> = {}) {
  const made = transport(100n, options)
  return { ...made, ...(await made.transport.listen()) }
}

/** The hello of docs/protocol.md, byte by byte and not by the code under test. */
function hello(steamId: bigint, { version = 1, limit = 65_536, magic = 'GWIR' } = {}): Uint8Array {
  const message = Buffer.alloc(20)
  message.write(magic, 'latin1')
  message[4] = version
  message.writeBigUInt64LE(BigInt.asUintN(64, steamId), 8)
  message.writeUInt32LE(limit, 16)
  return message
}

/** A client that knows nothing of the protocol. */
class RawClient {
  readonly socket: WebSocket
  readonly messages: Buffer[] = []
  readonly ready: Promise<void>
  readonly closed: Promise<number>
  #wake: () => void = () => {}

  constructor(url: string, options: object = {}) {
    this.socket = new WebSocket(url, { perMessageDeflate: false, ...options })
    open.push(() => this.socket.terminate())
    this.ready = new Promise((resolve, reject) => {
      this.socket.once('open', resolve)
      this.socket.once('error', reject)
    })
    this.ready.catch(() => {})
    this.closed = new Promise((resolve) => this.socket.once('close', resolve))
    this.socket.on('error', () => {})
    this.socket.on('message', (data: RawData) => {
      this.messages.push(data as Buffer)
      this.#wake()
    })
  }

  async got(count: number): Promise<Buffer[]> {
    while (this.messages.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return this.messages
  }

  async say(...messages: (Uint8Array | string)[]): Promise<this> {
    await this.ready
    for (const message of messages) this.socket.send(message)
    return this
  }
}

/** A server that knows nothing of the protocol either. */
async function rawServer(welcome: (socket: WebSocket) => void): Promise<string> {
  const wss = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  open.push(() => wss.close())
  wss.on('connection', welcome)
  await new Promise((resolve) => wss.once('listening', resolve))
  return `ws://127.0.0.1:${(wss.address() as AddressInfo).port}`
}

async function tcp(url: string): Promise<{ socket: TcpSocket; ended: Promise<string> }> {
  const socket = createConnection(Number(new URL(url).port), '127.0.0.1')
  open.push(() => socket.destroy())
  let text = ''
  socket.on('data', (data) => {
    text += data.toString('latin1')
  })
  socket.on('error', () => {})
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(text)))
  await new Promise((resolve) => socket.once('connect', resolve))
  return { socket, ended }
}

/** A standard WebSocket class whose sockets do what the test says. */
function puppets() {
  class Puppet {
    static readonly all: Puppet[] = []
    binaryType = 'blob'
    bufferedAmount = 0
    onopen: (() => void) | null = null
    onmessage: ((event: { data: unknown }) => void) | null = null
    onerror: (() => void) | null = null
    onclose: ((event: { code: number; reason: string }) => void) | null = null
    readonly sent: Uint8Array[] = []
    constructor() {
      Puppet.all.push(this)
    }
    send(data: Uint8Array) {
      this.sent.push(data)
    }
    close() {}
  }
  return Puppet
}

/** For what no event tells: looks again after each turn of the event loop. */
async function eventually(what: string, isTrue: () => boolean): Promise<void> {
  const end = performance.now() + 3000
  while (!isTrue()) {
    if (performance.now() > end) throw new Error(`Waited in vain until ${what}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** A server with one good link, and proof afterwards that the link has not noticed anything. */
async function besieged(options: Partial<WebSocketTransportOptions> = {}) {
  const host = await server(options)
  const guest = transport(1n)
  await guest.transport.open(host.url)
  await host.ear.up()
  const proof = async () => {
    const before = host.ear.frames.length
    guest.ear.link.send(bytes(42), 'reliable')
    await host.ear.got(before + 1)
    expect(host.ear.frames.at(-1)).toEqual(bytes(42))
    expect(host.ear.links.filter((link) => link.peer === 1n)).toHaveLength(1)
    expect(host.ear.downs).toEqual([])
    host.ear.links.find((link) => link.peer === 1n)?.send(bytes(43), 'reliable')
    await guest.ear.got(1)
  }
  return { ...host, guest, proof }
}

describe('options', () => {
  const bad: [keyof WebSocketTransportOptions, unknown][] = [
    ['steamId', 0n],
    ['steamId', 1n << 64n],
    ['steamId', 5],
    ['maxFrameSize', 1279],
    ['maxFrameSize', 2 ** 25],
    ['helloTimeoutMs', 0],
    ['highWaterMark', -1],
    ['maxLinks', 0],
    ['maxPendingHellos', 1.5],
    ['onDuplicate', 'both'],
  ]
  it.each(bad)('%s of %s is refused by name', (option, value) => {
    expect(() => new WebSocketTransport({ steamId: 1n, [option]: value })).toThrow(
      expect.objectContaining({ code: 'TRANSPORT_BAD_OPTION', facts: expect.objectContaining({ option, value }) }),
    )
  })

  it('of listen are checked too', async () => {
    const { transport: host } = transport(1n)
    await expect(host.listen({ port: 70_000 })).rejects.toMatchObject({ code: 'TRANSPORT_BAD_OPTION' })
  })

  it('take the WebSocket classes that there are', () => {
    const classes: WebSocketConstructor[] = [WebSocket, globalThis.WebSocket]
    expect(classes).toHaveLength(2)
  })
})

describe('the hello', () => {
  it('of a server is the bytes of the protocol, and comes after the client’s', async () => {
    const { url, ear } = await server({ maxFrameSize: 70_000 })
    const client = await new RawClient(url).say(hello(7n, { limit: 2000 }))
    expect(await client.got(1)).toEqual([hello(100n, { limit: 70_000 })])
    await ear.up()
    expect(ear.link).toMatchObject({ peer: 7n, maxFrameSize: 2000, reliable: true, relayed: false })
    expect(ear.link.address).toMatchObject({ ip: 0x7f000001, port: expect.any(Number) })
  })

  it('of a client is the bytes of the protocol, and comes first', async () => {
    const first: RawData[] = []
    const url = await rawServer((socket) =>
      socket.once('message', (message) => {
        first.push(message)
        socket.send(hello(200n))
      }),
    )
    const guest = transport(7n, { maxFrameSize: 2000 })
    expect(await guest.transport.open(url)).toBe(200n)
    expect(first).toEqual([hello(7n, { limit: 2000 })])
    expect(guest.ear.link.address).toMatchObject({ ip: 0x7f000001 })
  })

  it('may hold anything in its three spare bytes', async () => {
    const { url, ear } = await server()
    const message = hello(7n)
    message.set([1, 2, 3], 5)
    await new RawClient(url).say(message)
    await ear.up()
  })

  it('speaks of a limit that is kept', async () => {
    const host = await server({ maxFrameSize: 2000 })
    const guest = transport(1n, { maxFrameSize: 65_536 })
    await guest.transport.open(host.url)
    expect(guest.ear.link.maxFrameSize).toBe(2000)
    await host.ear.up()
    expect(host.ear.link.maxFrameSize).toBe(2000)
    guest.ear.link.send(new Uint8Array(2000), 'reliable')
    await host.ear.got(1)
  })
})

const refusals: [what: string, code: number, messages: (Uint8Array | string)[]][] = [
  ['garbage', 4000, [new Uint8Array(20).fill(0xa5)]],
  ['another magic', 4000, [hello(7n, { magic: 'GWIX' })]],
  ['half a hello', 4000, [hello(7n).subarray(0, 10)]],
  ['a hello and a bit', 4000, [Buffer.concat([hello(7n), bytes(0)])]],
  ['nothing at all', 4000, [new Uint8Array(0)]],
  ['version 0', 4000, [hello(7n, { version: 0 })]],
  ['version 2', 4000, [hello(7n, { version: 2 })]],
  ['a frame limit below 1,280', 4000, [hello(7n, { limit: 1279 })]],
  ['text', 1003, ['GWIR']],
  ['a message above the limit', 1009, [new Uint8Array(65_537)]],
  ['id 0', 4002, [hello(0n)]],
  ["the server's own id", 4002, [hello(100n)]],
  ['an id that has a link', 4003, [hello(1n)]],
]

describe('a server refuses, and its other links go on, with', () => {
  it.each(refusals)('%s: close code %d', async (_what, code, messages) => {
    const { url, proof, stats } = await besieged()
    const client = await new RawClient(url).say(...messages)
    expect(await client.closed).toBe(code)
    expect(client.messages).toEqual([])
    await proof()
    expect(stats).toMatchObject({ linksUp: 1, pendingHellos: 0, refusedHellos: 1 })
  })

  it('text that is no UTF-8: close code 1003', async () => {
    const { url, proof } = await besieged()
    const client = new RawClient(url)
    await client.ready
    client.socket.send(bytes(0xff, 0xfe), { binary: false })
    expect(await client.closed).toBe(1003)
    await proof()
  })

  it('the mere announcement of a mebibyte: close code 1009', async () => {
    const { url, proof } = await besieged()
    const client = new RawClient(url)
    await client.ready
    const { _socket: raw } = client.socket as unknown as { _socket: TcpSocket }
    raw.write(Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 0, 1, 2, 3, 4]))
    expect(await client.closed).toBe(1009)
    await proof()
  })

  it('more TCP connections than there can be links and handshakes', async () => {
    const { url, proof } = await besieged({ maxLinks: 1, maxPendingHellos: 1 })
    const [second, third] = [await tcp(url), await tcp(url)]
    expect(await third.ended).toBe('')
    expect(second.socket.destroyed).toBe(false)
    await proof()
  })

  it('thousands of random bytes on a bare TCP socket', async () => {
    const { url, proof } = await besieged()
    const noise = Buffer.from(Array.from({ length: 8192 }, (_, i) => (i * i * 48_271) >>> 7))
    const { socket, ended } = await tcp(url)
    socket.write(noise)
    expect(await ended).toContain('400 Bad Request')
    await proof()
  })

  it('random bytes instead of WebSocket frames, after a good request and a good hello', async () => {
    const { url, proof, ear, stats } = await besieged()
    const client = await new RawClient(url).say(hello(7n))
    await ear.up(2)
    const { _socket: raw } = client.socket as unknown as { _socket: TcpSocket }
    raw.write(Buffer.alloc(5000, 0xff))
    await ear.down()
    expect(await client.closed).toBe(1002)
    expect(stats).toMatchObject({ linksUp: 1, brokenLinks: 1 })
    ear.downs.length = 0
    await proof()
  })

  it('a plain request: status 426', async () => {
    const { url, proof } = await besieged()
    const response = await fetch(url.replace('ws:', 'http:'))
    expect(response.status).toBe(426)
    await proof()
  })
})

describe('a link ends, and others go on, when the other end sends', () => {
  const sins: [string, number, string | Uint8Array][] = [
    ['text', 1003, 'hello'],
    ['a frame above the limit', 1009, new Uint8Array(65_537)],
  ]
  it.each(sins)('%s: close code %d', async (_what, code, message) => {
    const { url, proof, ear, stats } = await besieged()
    const client = await new RawClient(url).say(hello(7n))
    await ear.up(2)
    await client.say(bytes(1), message, bytes(2))
    expect(await client.closed).toBe(code)
    await ear.down()
    expect(ear.log.filter((line) => line !== 'up 1')).toEqual(['up 7', 'frame 1', expect.stringMatching('down 7')])
    expect(stats).toMatchObject({ linksUp: 1, brokenLinks: 1 })
    ear.downs.length = 0
    await proof()
  })

  it('nothing, it does not: an empty message is dropped and counted', async () => {
    const { url, ear, stats } = await besieged()
    const client = await new RawClient(url).say(hello(7n))
    await ear.up(2)
    await client.say(new Uint8Array(0), bytes(5))
    await ear.got(1)
    expect(ear.frames).toEqual([bytes(5)])
    expect(stats.droppedFrames).toBe(1)
  })

  it('a cut in the middle of a frame', async () => {
    const { url, proof, ear } = await besieged()
    const client = await new RawClient(url).say(hello(7n))
    await ear.up(2)
    const { _socket: raw } = client.socket as unknown as { _socket: TcpSocket }
    raw.write(Buffer.from([0x82, 0xff]))
    client.socket.terminate()
    await ear.down()
    expect(ear.downs).toEqual(['the socket closed with code 1006'])
    ear.downs.length = 0
    await proof()
  })
})

describe('patience', () => {
  it('ends with code 4001 when no hello comes', async () => {
    const clock = new VirtualClock()
    const { url, proof, stats } = await besieged({ clock })
    const client = new RawClient(url)
    await client.ready
    await eventually('the socket waits', () => stats.pendingHellos === 1)
    clock.advance(4999)
    expect(stats.pendingHellos).toBe(1)
    clock.advance(1)
    expect(await client.closed).toBe(4001)
    expect(stats).toMatchObject({ helloTimeouts: 1, pendingHellos: 0, refusedHellos: 0 })
    await proof()
    expect(clock.pending).toBe(0)
  })

  it.each([true, false])('ends with code 4002 when authenticate takes too long to say %s', async (proven) => {
    const clock = new VirtualClock()
    let answer = (_proven: boolean) => {}
    const authenticate = () => new Promise<boolean>((resolve) => (answer = resolve))
    const { url, stats, ear } = await server({ clock, authenticate })
    const client = await new RawClient(url).say(hello(7n))
    const before = answer
    await eventually('authenticate runs', () => answer !== before)
    clock.advance(5000)
    answer(proven)
    expect(await client.closed).toBe(4002)
    expect(stats).toMatchObject({ helloTimeouts: 1, refusedHellos: 0, linksUp: 0 })
    expect(ear.log).toEqual([])
  })

  it('has an end for a client too', async () => {
    const clock = new VirtualClock()
    const codes: number[] = []
    const url = await rawServer((socket) => {
      socket.on('close', (code) => codes.push(code))
      socket.once('message', () => clock.advance(5000))
    })
    const guest = transport(7n, { clock })
    await expect(guest.transport.open(url)).rejects.toMatchObject({
      code: 'TRANSPORT_CONNECT_FAILED',
      facts: { reason: 'no hello in time' },
    })
    await eventually('the server knows', () => codes.length > 0)
    expect(codes).toEqual([4001])
    expect([guest.stats.helloTimeouts, clock.pending]).toEqual([1, 0])
  })

  it('is measured for each step of a dial by itself', async () => {
    const clock = new VirtualClock()
    const Puppet = puppets()
    const guest = transport(7n, { clock, WebSocket: Puppet })
    const opened = guest.transport.open('ws://somewhere/')
    clock.advance(4000)
    const [socket] = Puppet.all
    await eventually('the dial has begun', () => guest.stats.pendingHellos === 1)
    socket?.onopen?.()
    clock.advance(4000)
    expect(socket?.sent).toEqual([new Uint8Array(hello(7n))])
    socket?.onmessage?.({ data: new Uint8Array(hello(200n)).buffer })
    expect(await opened).toBe(200n)
    expect(clock.pending).toBe(0)
  })

  it('is bounded: sockets above maxPendingHellos get status 503', async () => {
    const { url, proof, stats } = await besieged({ maxPendingHellos: 2 })
    const waiting = [new RawClient(url), new RawClient(url)]
    await Promise.all(waiting.map((client) => client.ready))
    await eventually('both wait', () => stats.pendingHellos === 2)
    await expect(new RawClient(url).ready).rejects.toThrow('503')
    expect(stats.refusedSockets).toBe(1)
    await proof()
    waiting[0]!.socket.terminate()
    await eventually('one has gone', () => stats.pendingHellos === 1)
    await new RawClient(url).ready
  })

  it('is bounded: links above maxLinks get status 503', async () => {
    const { url, proof, transport: host } = await besieged({ maxLinks: 1 })
    await expect(new RawClient(url).ready).rejects.toThrow('503')
    await expect(host.open(url)).rejects.toMatchObject({ facts: { reason: expect.stringContaining('as many links') } })
    await proof()
  })

  it('is bounded: a receiver that is never attached lets a link keep 16 MiB', async () => {
    const host = new WebSocketTransport({ steamId: 100n })
    open.push(() => host.close())
    const { url } = await host.listen()
    const guest = transport(7n)
    await guest.transport.open(url)
    const send = () => {
      while (guest.ear.downs.length === 0 && guest.ear.link.send(new Uint8Array(65_536), 'reliable'));
    }
    guest.ear.drain = send
    send()
    await guest.ear.down()
    expect(guest.ear.downs).toEqual(['no receiver was attached in time'])
    await expect(new RawClient(url).ready).rejects.toThrow('503')
    const late = new Ear(host)
    await late.down()
    expect(late.frames.length).toBe(256)
    await guest.transport.open(url)
    await late.up(2)
  })
})

describe('authenticate', () => {
  const answers: [string, () => boolean | Promise<boolean>, boolean][] = [
    ['true', () => true, true],
    ['a promise of true', async () => true, true],
    ['false', () => false, false],
    ['a promise of false', async () => false, false],
    [
      'an exception',
      () => {
        throw new Error('no')
      },
      false,
    ],
    ['a rejection', () => Promise.reject(new Error('no')), false],
    ['anything but true', () => 1 as unknown as boolean, false],
  ]
  it.each(answers)('answering with %s', async (_what, authenticate, isProven) => {
    const host = await server({ authenticate })
    const guest = transport(7n)
    const result = guest.transport.open(host.url)
    if (isProven) expect(await result).toBe(100n)
    else await expect(result).rejects.toMatchObject({ facts: { reason: expect.stringContaining('code 4002') } })
    expect(host.stats).toMatchObject({ linksUp: isProven ? 1 : 0, refusedHellos: isProven ? 0 : 1, pendingHellos: 0 })
  })

  it('is told who says so, and from where', async () => {
    const claims: unknown[] = []
    const { url } = await server({ authenticate: (claim) => claims.push(claim) > 0 })
    const client = new RawClient(`${url}/game?token=abc`, { headers: { 'X-Ticket': 't1' } })
    await (await client.say(hello(7n))).got(1)
    expect(claims).toEqual([
      { steamId: 7n, ip: '127.0.0.1', url: '/game?token=abc', headers: expect.objectContaining({ 'x-ticket': 't1' }) },
    ])
  })

  it('is waited for in silence: who talks meanwhile is refused', async () => {
    let asked = 0
    const authenticate = () => {
      asked++
      return new Promise<boolean>(() => {})
    }
    const { url, stats } = await server({ authenticate })
    const client = await new RawClient(url).say(hello(7n), hello(7n))
    expect(await client.closed).toBe(4000)
    expect(stats).toMatchObject({ pendingHellos: 0, refusedHellos: 1 })
    expect(asked).toBe(1)
  })

  it('of two claims to one id lets the first one win', async () => {
    const answers: ((proven: boolean) => void)[] = []
    const host = await server({ authenticate: () => new Promise((resolve) => answers.push(resolve)) })
    const clients = [await new RawClient(host.url).say(hello(7n)), await new RawClient(host.url).say(hello(7n))]
    await eventually('both are judged', () => answers.length === 2)
    for (const answer of answers) answer(true)
    const codes = await Promise.race(clients.map((client) => client.closed))
    expect(codes).toBe(4003)
    expect(host.ear.log).toEqual(['up 7'])
  })
})

describe('a second link to the same peer', () => {
  it('replaces the first, where that was asked for', async () => {
    const host = await server({ onDuplicate: 'replace' })
    const first = await new RawClient(host.url).say(hello(7n))
    await host.ear.up()
    const second = await new RawClient(host.url).say(hello(7n), bytes(9))
    expect(await first.closed).toBe(4003)
    await host.ear.got(1)
    expect(host.ear.log).toEqual(['up 7', 'down 7: replaced by a newer link', 'up 7', 'frame 9'])
    expect(host.stats.linksUp).toBe(1)
    host.ear.link.send(bytes(8), 'reliable')
    expect((await second.got(2))[1]).toEqual(Buffer.from([8]))
  })

  it('comes to nothing at the client as well', async () => {
    const host = await server()
    const guest = transport(7n)
    await guest.transport.open(host.url)
    await expect(guest.transport.open(host.url)).rejects.toMatchObject({
      code: 'TRANSPORT_CONNECT_FAILED',
      facts: { reason: expect.stringContaining('4003') },
    })
    expect(guest.ear.log).toEqual(['up 100'])
  })
})

describe('connect', () => {
  it('dials again where open found the peer', async () => {
    const host = await server()
    const guest = transport(7n)
    await guest.transport.open(host.url)
    host.ear.link.close('come back')
    await guest.ear.down()
    guest.transport.connect(100n)
    await guest.ear.up(2)
    expect(guest.ear.log).toEqual(['up 100', 'down 100: come back', 'up 100'])
  })

  it('is silent where it leads nowhere', async () => {
    const host = await server()
    let asked = 0
    const urlOf = (peer: bigint) => {
      asked++
      if (peer === 1n) throw new Error('must not, but did')
      return { 2: 'ws://127.0.0.1:1/', 3: 'no url', 4: host.url }[String(peer)]
    }
    const guest = transport(7n, { urlOf })
    for (let peer = 1n; peer <= 5n; peer++) guest.transport.connect(peer)
    guest.transport.connect(7n)
    // 4 is answered, by 100, which is somebody else.
    await eventually('the wrong peer was refused', () => guest.stats.refusedHellos === 1)
    expect(asked).toBe(5)
    await guest.transport.open(host.url)
    expect(guest.ear.log).toEqual(['up 100'])
  })

  it('asked again while it dials goes on with the first dial', async () => {
    const Puppet = puppets()
    const guest = transport(7n, { WebSocket: Puppet, urlOf: () => 'ws://somewhere/' })
    for (let i = 0; i < 3; i++) guest.transport.connect(2n)
    await eventually('the dial has begun', () => Puppet.all.length > 0)
    guest.transport.connect(2n)
    guest.transport.connect(3n)
    expect(Puppet.all).toHaveLength(2)
  })

  it('from both ends at once makes one link', async () => {
    const urls = new Map<bigint, string>()
    const urlOf = (peer: bigint) => urls.get(peer)
    const [a, b] = [transport(1n, { urlOf }), transport(2n, { urlOf })]
    urls.set(1n, (await a.transport.listen()).url)
    urls.set(2n, (await b.transport.listen()).url)
    a.transport.connect(2n)
    b.transport.connect(1n)
    await Promise.all([a.ear.up(), b.ear.up()])
    await eventually('the other dial was refused', () => b.stats.refusedHellos === 1 && a.stats.pendingHellos === 0)
    a.ear.link.send(bytes(1), 'reliable')
    await b.ear.got(1)
    expect([a.ear.log, b.ear.log]).toEqual([['up 2'], ['up 1', 'frame 1']])
  })
})

describe('open', () => {
  it('fails with the reason, and without the secrets of the URL', async () => {
    const { transport: guest } = transport(7n)
    await expect(guest.open('ws://user:pass@127.0.0.1:1/game?token=abc')).rejects.toMatchObject({
      code: 'TRANSPORT_CONNECT_FAILED',
      facts: { url: 'ws://127.0.0.1:1/game', reason: expect.stringContaining('ECONNREFUSED') },
    })
    await expect(guest.open('no url')).rejects.toMatchObject({ code: 'TRANSPORT_CONNECT_FAILED' })
    await expect(guest.open('http://127.0.0.1:1')).rejects.toMatchObject({ code: 'TRANSPORT_CONNECT_FAILED' })
  })

  it('ends when the transport closes', async () => {
    const guest = transport(7n)
    const url = await rawServer(() => guest.transport.close())
    await expect(guest.transport.open(url)).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED' })
    await expect(guest.transport.open(url)).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED' })
    await expect(guest.transport.listen()).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED' })
    expect(() => guest.transport.attach(new Ear())).toThrow(expect.objectContaining({ code: 'TRANSPORT_CLOSED' }))
  })

  it.each([
    ['no hello', bytes(1, 2, 3), 4000],
    ['another version', hello(200n, { version: 9 }), 4000],
    ['text', 'hi', 1003],
    ['id 0', hello(0n), 4002],
    ["the client's own id", hello(7n), 4002],
  ])('refuses a server that answers with %s', async (_what, message, code) => {
    const codes: number[] = []
    const url = await rawServer((socket) => {
      socket.once('message', () => socket.send(message))
      socket.on('close', (closeCode) => codes.push(closeCode))
    })
    const guest = transport(7n)
    await expect(guest.transport.open(url)).rejects.toMatchObject({ code: 'TRANSPORT_CONNECT_FAILED' })
    await eventually('the server knows', () => codes.length > 0)
    expect(codes).toEqual([code])
    expect(guest.ear.log).toEqual([])
  })

  it('brings the first frames of a quick server after linkUp', async () => {
    const host = await server()
    host.ear.linkUp = (link) => {
      for (let i = 0; i < 10; i++) link.send(bytes(i), 'reliable')
    }
    const guest = transport(7n)
    await guest.transport.open(host.url)
    await guest.ear.got(10)
    expect(guest.ear.log).toEqual(['up 100', ...Array.from({ length: 10 }, (_, i) => `frame ${i}`)])
  })
})

describe('listen', () => {
  it('says why it cannot', async () => {
    const { port } = await server()
    const { transport: other } = transport(1n)
    await expect(other.listen({ port })).rejects.toMatchObject({
      code: 'TRANSPORT_LISTEN_FAILED',
      facts: { address: `127.0.0.1:${port}`, reason: expect.stringContaining('EADDRINUSE') },
    })
  })

  it('gives the port back when the transport closed meanwhile', async () => {
    const { port, transport: first } = await server()
    first.close()
    const { transport: second } = transport(1n)
    const listening = second.listen({ port })
    second.close()
    await expect(listening).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED' })
    const { transport: third } = transport(1n)
    expect(await third.listen({ port })).toMatchObject({ port })
  })

  it('works for many doors and dials of one transport', async () => {
    const host = transport(100n)
    const [one, two] = [await host.transport.listen(), await host.transport.listen()]
    const [a, b, far] = [transport(1n), transport(2n), await server({ steamId: 50n })]
    await a.transport.open(one.url)
    await b.transport.open(two.url)
    await host.transport.open(far.url)
    expect(host.ear.links.map((link) => link.peer)).toEqual([1n, 2n, 50n])
    expect(host.stats.linksUp).toBe(3)
  })

  it('answers on its path only', async () => {
    const host = transport(100n)
    const { url } = await host.transport.listen({ path: '/game' })
    expect(url).toMatch(/\/game$/)
    await expect(new RawClient(url.replace('/game', '/other')).ready).rejects.toThrow('404')
    const guest = transport(1n)
    expect(await guest.transport.open(`${url}?a=1`)).toBe(100n)
  })

  it('shares an existing server with others, and leaves it running', async () => {
    const existing = createServer((_request, response) => response.end('web page'))
    open.push(() => existing.close())
    const chat = new WebSocketServer({ noServer: true })
    existing.on('upgrade', (request, socket, head) => {
      if (request.url === '/chat')
        chat.handleUpgrade(request, socket, head, (client) => client.once('message', () => client.close(4321)))
    })
    const host = transport(100n)
    await expect(host.transport.listen({ server: existing })).rejects.toMatchObject({ code: 'TRANSPORT_LISTEN_FAILED' })
    await new Promise<void>((resolve) => existing.listen(0, '127.0.0.1', resolve))
    const { url, port } = await host.transport.listen({ server: existing, path: '/game' })
    expect(url).toBe(`ws://127.0.0.1:${port}/game`)

    const guest = transport(1n)
    expect(await guest.transport.open(url)).toBe(100n)
    const other = await new RawClient(`ws://127.0.0.1:${port}/chat`).say('hi')
    expect(await other.closed).toBe(4321)
    host.transport.close()
    await guest.ear.down()
    expect(existing.listenerCount('upgrade')).toBe(1)
    expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('web page')
  })
})

describe('close', () => {
  it('frees the port and every socket, those that never said anything too', async () => {
    const host = await server()
    const silent = await tcp(host.url)
    const waiting = new RawClient(host.url)
    const linked = await new RawClient(host.url).say(hello(7n))
    await Promise.all([waiting.ready, host.ear.up()])
    await eventually('one waits', () => host.stats.pendingHellos === 1)
    host.transport.close()
    expect(await Promise.all([waiting.closed, linked.closed])).toEqual([1001, 1001])
    await silent.ended
    expect(host.ear.log).toEqual(['up 7'])
    expect(host.stats).toMatchObject({ linksUp: 0, pendingHellos: 0 })
    const next = transport(101n)
    expect((await next.transport.listen({ port: host.port })).port).toBe(host.port)
  })

  it('of a link says why, and cuts what does not fit a close frame', async () => {
    const host = await server()
    const guest = transport(7n)
    await guest.transport.open(host.url)
    guest.ear.link.close('ü'.repeat(200))
    await host.ear.down()
    expect(host.ear.downs).toEqual(['ü'.repeat(61)])
    expect(guest.ear.downs).toEqual(['ü'.repeat(200)])
  })
})

describe('frames', () => {
  it('are no view of memory that others use', async () => {
    const host = await server()
    const guest = transport(7n)
    await guest.transport.open(host.url)
    for (const size of [1, 64, 1000, 65_536]) guest.ear.link.send(new Uint8Array(size).fill(size), 'reliable')
    await host.ear.got(4)
    for (const frame of host.ear.frames) {
      expect(Object.getPrototypeOf(frame)).toBe(Uint8Array.prototype)
      // One that came alone has the header in front of it; what is small among others keeps none of them alive.
      expect(frame.buffer.byteLength).toBeLessThanOrEqual(2 * frame.byteLength)
    }
    expect(new Set(host.ear.frames.map(({ buffer }) => buffer)).size).toBe(4)
  })

  it('are not changed where they were sent', async () => {
    const host = await server()
    const guest = transport(7n)
    await guest.transport.open(host.url)
    const frame = bytes(1, 2, 3)
    guest.ear.link.send(frame, 'reliable')
    await host.ear.got(1)
    expect(frame).toEqual(bytes(1, 2, 3))
  })

  it('find room again when half of what waited has left', async () => {
    // More than the kernel takes in one go.
    const highWaterMark = 32 * 1024 * 1024
    const host = await server({ highWaterMark })
    const client = await new RawClient(host.url).say(hello(7n))
    await host.ear.up()
    client.socket.pause()
    const { link } = host.ear
    const frame = () => new Uint8Array(65_536)
    // One by one until one of them stays, so that the others wait behind it.
    for (let turns = 0; turns < 20; turns++) {
      if (link.bufferedBytes === 0) turns = link.send(frame(), 'reliable') ? 0 : 20
      await new Promise((resolve) => setImmediate(resolve))
    }
    while (link.send(frame(), 'reliable'));
    const atDrain: number[] = []
    host.ear.drain = () => atDrain.push(link.bufferedBytes)
    client.socket.resume()
    await eventually('there is room', () => atDrain.length > 0)
    expect(atDrain[0]).toBeLessThanOrEqual(highWaterMark / 2)
  })

  it('come through a standard WebSocket class as well, and wait there where it is full', async () => {
    const clock = new VirtualClock()
    const host = await server()
    const guest = transport(7n, { WebSocket, clock, highWaterMark: 100_000 })
    await guest.transport.open(host.url)
    let sent = 0
    while (guest.ear.link.send(new Uint8Array(50_000).fill(sent), 'reliable')) sent++
    expect(sent).toBeGreaterThanOrEqual(2)
    expect(clock.pending).toBe(1)
    clock.advance(5)
    expect([guest.ear.drains.length, clock.pending]).toEqual([0, 1])
    await host.ear.got(sent)
    await eventually('all has left', () => guest.ear.link.bufferedBytes === 0)
    clock.advance(5)
    expect([guest.ear.drains.length, clock.pending]).toEqual([1, 0])
    expect(host.ear.frames.map((frame) => frame[0])).toEqual(Array.from({ length: sent }, (_, i) => i))
    host.ear.link.send(bytes(1), 'reliable')
    await guest.ear.got(1)
    expect(guest.ear.frames).toEqual([bytes(1)])
    guest.ear.link.close('enough')
    await host.ear.down()
    expect(host.ear.downs).toEqual(['enough'])
  })

  it('of a server that breaks the rules end the link of a standard class', async () => {
    const ends: [number, string][] = []
    const url = await rawServer((socket) => {
      socket.once('message', () => {
        socket.send(hello(200n))
        socket.send('text')
      })
      socket.on('close', (code, reason) => ends.push([code, reason.toString()]))
    })
    const guest = transport(7n, { WebSocket })
    await guest.transport.open(url)
    await guest.ear.down()
    await eventually('the server knows', () => ends.length > 0)
    // A browser lets nobody say 1003.
    expect(ends).toEqual([[1000, 'a message that is not binary']])
    expect(guest.stats.brokenLinks).toBe(1)
  })
})

it.each([
  ['127.0.0.1', 0x7f000001],
  ['192.168.0.255', 0xc0a800ff],
  ['::ffff:10.1.2.3', 0x0a010203],
  ['::1', 0],
])('the address %s is %d', (address, number) => {
  expect(ipv4Number(address)).toBe(number)
})

describe('a bundle for browsers', () => {
  const bundle = (external: string[]) =>
    build({
      entryPoints: [fileURLToPath(new URL('../../src/transport/websocket/index.ts', import.meta.url))],
      bundle: true,
      write: false,
      platform: 'browser',
      format: 'esm',
      logLevel: 'silent',
      external,
    })

  it('can be made with ws left out, and imports nothing before it is asked to', async () => {
    const { outputFiles } = await bundle(['ws'])
    expect(outputFiles[0]?.text).not.toMatch(/^import .*from/m)
  })

  it('can be made with the stub that ws has for browsers', async () => {
    expect((await bundle([])).errors).toEqual([])
  })
})
